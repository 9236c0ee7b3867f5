/** Sessions of groups: set-up, joining, rejoining, and who is refused how (clauses 7.2.1.3 to 7.2.1.5, 7.2.2.3, 7.2.2.9, 11.2). */
import { afterEach, describe, expect, it } from "vitest";
import { contactsOf, header, warningsOf } from "../../../wire/sip/headers.ts";
import type { Group, GroupAction } from "../../../wire/xml/group.ts";
import { addressOf, type Call, type Phone } from "./test-phone.ts";
import { createFocusRig, ENDED, FACTORY, type FocusRig, type FocusRigOptions, GROUP } from "./test-rig.ts";

let rig: FocusRig;
const start = async (options?: FocusRigOptions): Promise<FocusRig> => (rig = await createFocusRig(options));
afterEach(() => rig.close());

const alice = addressOf("alice");
const bob = addressOf("bob");
const ted = addressOf("ted");

const ALL: Partial<Record<GroupAction, boolean>> = {
  "join-handling": true,
  "allow-initiate-conference": true,
  "allow-conference-state": true,
  "allow-invite-users-dynamically": true,
};

function putGroup(more: Partial<Group> = {}, actions = ALL): void {
  rig.xdms.putGroup(alice, {
    uri: GROUP,
    displayName: "Friends",
    members: [{ uri: alice, displayName: "Al" }, { uri: bob }, { uri: ted }],
    inviteMembers: true,
    rules: [{ id: "members", conditions: { isListMember: true }, actions }],
    ...more,
  });
}

async function dial(phone: Phone, uri: string, options?: Parameters<Phone["call"]>[1]): Promise<Call> {
  const call = phone.call(uri, options);
  await rig.settle();
  return call;
}

const outcome = ({ response }: Call): string =>
  `${response?.status} ${response === undefined ? "" : (warningsOf(response)[0]?.text.slice(0, 3) ?? "")}`.trim();
const contactOf = ({ response }: Call): string => contactsOf(response!)[0]!.uri;

describe("a session of a group", () => {
  it("invites the members as the group", async () => {
    await start();
    putGroup({ subject: "Holidays" });
    const [a] = await rig.phones("alice", "bob", "ted");
    const call = await dial(a, GROUP);
    expect(outcome(call)).toBe("200");
    expect(header(call.response!, "P-Asserted-Identity")).toBe(`<${GROUP}>`);
    const invites = rig.sent("INVITE");
    expect(invites.map(({ uri }) => uri)).toEqual([bob, ted]);
    expect(header(invites[0]!, "P-Asserted-Identity")).toBe(`"Friends" <${GROUP}>`);
    expect(header(invites[0]!, "Referred-By")).toBe(`<${alice}>`);
    expect(header(invites[0]!, "Subject")).toBe("Holidays");
    expect(rig.mixed.map(({ address, displayName }) => [address, displayName])).toContainEqual([alice, "Al"]);
  });

  it("goes on when its originator leaves, and takes others in", async () => {
    await start();
    putGroup();
    const [a, b, t] = await rig.phones("alice", "bob", "ted");
    t.answer = (incoming) => incoming.reject(486);
    const call = await dial(a, GROUP);
    expect(outcome(await dial(t, GROUP))).toBe("200");
    a.talks[0]!.session.bye();
    await rig.settle();
    expect(b.ends).toEqual([]);
    const again = await dial(a, contactOf(call));
    expect(outcome(again)).toBe("200");
    expect(contactOf(again)).toBe(contactOf(call));
  });

  it("lets a group without invitations begin with one, who stays", async () => {
    await start();
    putGroup({ inviteMembers: false });
    const [a, b] = await rig.phones("alice", "bob");
    expect(outcome(await dial(a, GROUP))).toBe("200");
    expect(outcome(await dial(b, GROUP))).toBe("200");
    expect(rig.sent("INVITE")).toEqual([]);
    b.talks[0]!.session.bye();
    await rig.settle();
    expect(a.ends).toEqual(["remote bye"]);
  });

  it.each<
    [string, string, Partial<Group>, Partial<Record<GroupAction, boolean>>, Parameters<Phone["call"]>[1]]
  >([
    [
      "no sessions",
      "404",
      { supportedServices: { services: [{ featureTag: "+g.poc.talkburst" }] } },
      ALL,
      {},
    ],
    ["another focus", "403 105", {}, ALL, { contact: "<sip:other@10.0.1.1:5060>;isfocus" }],
    ["no right to begin", "403 127", {}, { ...ALL, "allow-initiate-conference": false }, {}],
    ["no age that is known", "403 124", { ageRestrictions: { mustUnderstand: true, from: 18 } }, ALL, {}],
    ["no anonymity", "403 119", {}, ALL, { headers: [["Privacy", "id"]] }],
    ["no media in common", "488", {}, ALL, { acceptTypes: ["application/x-refused"] }],
  ])("refuses: %s", async (_, expected, group, actions, options) => {
    await start();
    putGroup(group, actions);
    const a = await rig.phone("alice");
    const call = await dial(a, GROUP, options);
    expect(outcome(call)).toBe(expected);
    const describes = Buffer.from(call.response!.body).toString().includes("a=accept-types:message/cpim");
    expect(describes).toBe(expected === "488");
  });

  it.each<[string, string, Partial<Group>, Partial<Record<GroupAction, boolean>>]>([
    ["nobody who may not join", "403 127", {}, { ...ALL, "join-handling": false }],
    ["nobody above the maximum", "486 102", { maxParticipantCount: 1 }, ALL],
  ])("takes in %s", async (_, expected, group, actions) => {
    await start();
    putGroup({ inviteMembers: false, ...group }, actions);
    const [a, b] = await rig.phones("alice", "bob");
    expect(outcome(await dial(a, GROUP))).toBe("200");
    expect(outcome(await dial(b, GROUP))).toBe(expected);
  });
});

describe("a session identity", () => {
  it("lets those who were invited come again, and nobody else", async () => {
    await start();
    const [a, b, , c] = await rig.phones("alice", "bob", "ted", "carol");
    const call = await dial(a, FACTORY, { invited: [bob, ted] });
    b.talks[0]!.session.bye();
    await rig.settle();
    expect(outcome(await dial(b, contactOf(call)))).toBe("200");
    expect(outcome(await dial(c, contactOf(call)))).toBe("403 122");
    a.talks[0]!.session.bye();
    await rig.settle();
    expect(outcome(await dial(b, contactOf(call)))).toBe("403 123");
  });

  it.each([
    [ENDED, "403 123"],
    ["sip:nobody@im.home.example", "404"],
    ["sip:no-factory@im.home.example", "404"],
  ])("that is of no session is refused: %s", async (uri, expected) => {
    await start();
    const a = await rig.phone("alice");
    expect(outcome(await dial(a, uri))).toBe(expected);
  });
});

describe("the factory", () => {
  it.each<[string, string, FocusRigOptions, Parameters<Phone["call"]>[1]]>([
    ["too many", "486 102", {}, { invited: ["sip:1@x.example", "sip:2@x.example", "sip:3@x.example", bob] }],
    [
      "no anonymity",
      "403 119",
      { policy: { adHocAnonymity: false } },
      { invited: [bob], headers: [["Privacy", "id"]] },
    ],
    ["no media", "488", {}, { invited: [bob], acceptTypes: ["application/x-refused"] }],
    ["nobody named", "400", {}, {}],
  ])("refuses: %s", async (_, expected, options, call) => {
    await start(options);
    const a = await rig.phone("alice");
    expect(outcome(await dial(a, FACTORY, call))).toBe(expected);
  });

  it("hides an originator who asks for it", async () => {
    await start();
    const [a] = await rig.phones("alice", "bob", "ted");
    await dial(a, FACTORY, {
      invited: [bob, ted],
      from: '"Joy" <sip:anonymous@anonymous.invalid>',
      headers: [["Privacy", "id"]],
    });
    const [invite] = rig.sent("INVITE");
    expect(header(invite!, "Privacy")).toBe("id");
    expect(header(invite!, "Referred-By")).toBe("<sip:anonymous@anonymous.invalid>");
    expect(header(invite!, "From")).not.toContain("alice");
    expect(rig.mixed.find(({ address }) => address === alice)?.alias?.displayName).toBe("Joy");
  });
});
