/** How sessions change and end: re-INVITE, session timer, release policy, and what the control hook starts (7.2.1.6, 7.2.1.11, 7.2.2.4 to 7.2.2.8). */
import { afterEach, describe, expect, it } from "vitest";
import { contactsOf, header } from "../../../wire/sip/headers.ts";
import { sdpBody } from "../../../wire/sip/session-description.ts";
import type { Group } from "../../../wire/xml/group.ts";
import type { ModificationOutcome } from "../../../endpoint/user-agent/options.ts";
import { addressOf, type Phone } from "./test-phone.ts";
import { createFocusRig, FACTORY, type FocusRig, type FocusRigOptions, GROUP } from "./test-rig.ts";

let rig: FocusRig;
const start = async (options?: FocusRigOptions): Promise<FocusRig> => (rig = await createFocusRig(options));
afterEach(() => rig.close());

const alice = addressOf("alice");
const bob = addressOf("bob");
const ted = addressOf("ted");

function putGroup(more: Partial<Group> = {}): void {
  rig.xdms.putGroup(alice, {
    uri: GROUP,
    members: [{ uri: alice }, { uri: bob }, { uri: ted }],
    inviteMembers: true,
    rules: [
      {
        id: "members",
        conditions: { isListMember: true },
        actions: { "join-handling": true, "allow-initiate-conference": true },
      },
    ],
    ...more,
  });
}

async function session(
  a: Phone,
  uri = FACTORY,
  invited: readonly string[] | undefined = [bob, ted],
): Promise<string> {
  const call = a.call(uri, uri === FACTORY ? { invited } : {});
  await rig.settle();
  return contactsOf(call.response!)[0]!.uri;
}

const endsOf = (...phones: readonly Phone[]): readonly string[] => phones.map(({ ends }) => ends.join());

describe("a session is released", () => {
  it.each<[string, FocusRigOptions, string, number, readonly string[]]>([
    ["one-to-one: by either", {}, "one-to-one", 1, ["remote bye", "local bye"]],
    ["ad-hoc: with one left", {}, "ad-hoc", 2, ["remote bye", "local bye", "local bye"]],
    ["ad-hoc: not with two left", {}, "ad-hoc", 1, ["", "local bye", ""]],
    [
      "ad-hoc: not with one left where none must be",
      { policy: { remainingParticipants: 0 } },
      "ad-hoc",
      2,
      ["", "local bye", "local bye"],
    ],
  ])("%s", async (_, options, kind, leaving, expected) => {
    await start(options);
    const phones = await rig.phones("alice", "bob", "ted");
    await session(phones[0], FACTORY, kind === "one-to-one" ? [bob] : [bob, ted]);
    for (const phone of phones.slice(1, 1 + leaving)) phone.talks[0]!.session.bye();
    await rig.settle();
    expect(endsOf(...phones).slice(0, expected.length)).toEqual(expected);
  });

  it.each([
    [true, ["local bye", "remote bye", "remote bye"]],
    [false, ["local bye", "", ""]],
  ])("of a group when its originator leaves: %s", async (autoRelease, expected) => {
    await start({ policy: { autoRelease } });
    putGroup();
    const phones = await rig.phones("alice", "bob", "ted");
    await session(phones[0], GROUP);
    phones[0].talks[0]!.session.bye();
    await rig.settle();
    expect(endsOf(...phones)).toEqual(expected);
  });

  it.each<[string, FocusRigOptions, Partial<Group>]>([
    ["by the operator", { policy: { sessionMaximumS: 20 } }, {}],
    [
      "by the group, which goes before",
      { policy: { sessionMaximumS: 5 } },
      { sessionActivePolicy: { mustUnderstand: true, maxDurationS: 20 } },
    ],
  ])("after its maximum length, set %s", async (_, options, group) => {
    await start(options);
    putGroup(group);
    const phones = await rig.phones("alice", "bob", "ted");
    await session(phones[0], GROUP);
    await rig.settle(15_000);
    expect(endsOf(...phones)).toEqual(["", "", ""]);
    await rig.settle(6000);
    expect(endsOf(...phones)).toEqual(["remote bye", "remote bye", "remote bye"]);
  });

  it("with its group; and one whom new rules shut out is removed", async () => {
    await start();
    putGroup();
    const phones = await rig.phones("alice", "bob", "ted");
    await session(phones[0], GROUP);
    putGroup({ members: [{ uri: alice }, { uri: bob }] });
    const asked = rig.server.perform({ action: "group-changed", group: GROUP });
    await rig.settle();
    expect([await asked, endsOf(...phones)]).toMatchObject([{ ok: true }, ["", "", "remote bye"]]);
    rig.xdms.removeGroup(GROUP);
    void rig.server.perform({ action: "group-changed", group: GROUP });
    await rig.settle();
    expect(endsOf(...phones)).toEqual(["remote bye", "remote bye", "remote bye"]);
  });
});

describe("a session timer", () => {
  it("is restarted by the client, who is the refresher", async () => {
    await start({ policy: { sessionIntervalS: 90 } });
    const [a] = await rig.phones("alice", "bob", "ted");
    await session(a);
    await rig.settle(200_000);
    expect(a.talks[0]!.session.timer).toEqual({ interval: 90, refresher: "local" });
    expect(a.ends).toEqual([]);
    expect(rig.sent("UPDATE")).toEqual([]);
  });

  it("that nobody restarts ends in BYE", async () => {
    await start({ policy: { sessionIntervalS: 90, remainingParticipants: 0 } });
    const [a, b] = await rig.phones("alice", "bob", "ted");
    await session(a);
    b.agent.close();
    await rig.settle(95_000);
    expect(endsOf(a, b)).toEqual(["", "remote bye"]);
  });
});

describe("media", () => {
  const changed = async (
    phone: Phone,
    edit: (sdp: string) => string,
  ): Promise<ModificationOutcome | undefined> => {
    const { session: own } = phone.talks[0]!;
    let outcome: ModificationOutcome | undefined;
    const sdp = Buffer.from(own.local!.bytes).toString();
    own.reinvite({ body: sdpBody(edit(sdp)), onDone: (done) => void (outcome = done) });
    await rig.settle();
    return outcome;
  };

  it("are changed by a participant, from what it offers", async () => {
    await start();
    const [a] = await rig.phones("alice", "bob", "ted");
    await session(a);
    const outcome = await changed(a, (sdp) => sdp.replace("message/cpim", "message/cpim image/png"));
    expect(outcome?.outcome).toBe("accepted");
    expect(Buffer.from(outcome!.response!.body).toString()).toContain(
      "a=accept-types:message/cpim image/png",
    );
    expect(header(outcome!.response!, "Session-Expires")).toMatch(/refresher=uac$/);
    expect(rig.mixed.at(-1)).toMatchObject({ address: alice, acceptTypes: ["message/cpim", "image/png"] });
  });

  it("that cannot be had are refused, and all stays as it was", async () => {
    await start();
    const [a] = await rig.phones("alice", "bob", "ted");
    await session(a);
    const outcome = await changed(a, (sdp) => sdp.replace("message/cpim", "application/x-refused"));
    expect([outcome?.outcome, outcome?.response?.status]).toEqual(["rejected", 488]);
    expect(a.talks[0]!.session.phase).toBe("confirmed");
  });

  it("are changed by the server", async () => {
    await start();
    const [a, b] = await rig.phones("alice", "bob", "ted");
    const offers: string[] = [];
    const identity = await session(a);
    for (const { talks } of [a, b])
      talks[0]!.session.onOffer = ({ offer, session: own }) => {
        offers.push(Buffer.from(offer!.bytes).toString());
        return { body: own.local! };
      };
    const answer = await rig.server.perform({
      action: "change-session-media",
      session: identity,
      acceptTypes: ["message/cpim", "text/html"],
    });
    await rig.settle();
    expect(answer.ok).toBe(true);
    expect(offers.filter((sdp) => sdp.includes("a=accept-types:message/cpim text/html"))).toHaveLength(2);
  });
});

it("the control hook cancels invitations, limits a session, and announces", async () => {
  await start();
  const [a, b, t] = await rig.phones("alice", "bob", "ted");
  t.answer = (incoming) => incoming.ring();
  const identity = await session(a);
  await rig.server.perform({ action: "cancel-invitations", session: identity });
  await rig.server.perform({ action: "announce", session: identity, kind: "announcement", text: "Soon" });
  await rig.server.perform({ action: "limit-session", session: identity, seconds: 3 });
  await rig.settle();
  expect(t.incoming[0]!.phase).toBe("ended");
  expect(rig.switched).toContain("announce announcement");
  await rig.settle(3000);
  expect(endsOf(a, b)).toEqual(["remote bye", "remote bye"]);
  const answer = await rig.server.perform({ action: "cancel-invitations", session: identity });
  expect(answer).toMatchObject({ ok: false, code: "failed" });
});
