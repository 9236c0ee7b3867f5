/** The conference event package, and REFER (clauses 7.2.1.7, 7.2.1.8, 7.2.1.12, 7.2.2.10, 7.2.2.11, Appendix L). */
import { afterEach, describe, expect, it } from "vitest";
import type { ReferOptions } from "../../../endpoint/events/referrer.ts";
import { replacesOf } from "../../../wire/sip/session-fields.ts";
import { contactsOf, header } from "../../../wire/sip/headers.ts";
import type { SipResponse } from "../../../wire/sip/message.ts";
import type { ConferenceInfo } from "../../../wire/xml/conference-info.ts";
import { CORE } from "../../core/test-rig.ts";
import { addressOf, type Call, type Phone } from "./test-phone.ts";
import { createFocusRig, FACTORY, type FocusRig, type FocusRigOptions, GROUP } from "./test-rig.ts";

let rig: FocusRig;
const start = async (options?: FocusRigOptions): Promise<FocusRig> => (rig = await createFocusRig(options));
afterEach(() => rig.close());

const alice = addressOf("alice");
const bob = addressOf("bob");
const ted = addressOf("ted");
const carol = addressOf("carol");

/** A document in few words. */
const told = ({ state, version, users }: ConferenceInfo): string =>
  [
    state,
    version,
    ...(users?.list ?? []).map(
      ({ entity, yourOwn, endpoints }) =>
        `${entity} ${endpoints[0]?.status}${yourOwn === true ? " own" : ""}`,
    ),
  ].join("; ");

async function session(
  a: Phone,
  invited: readonly string[] = [bob, ted],
): Promise<{ call: Call; identity: string }> {
  const call = a.call(FACTORY, { invited });
  await rig.settle();
  return { call, identity: contactsOf(call.response!)[0]!.uri };
}

interface Referred {
  response: SipResponse | undefined;
  readonly frags: string[];
  readonly states: string[];
}

type ReferWhat = Pick<ReferOptions, "referTo" | "recipients" | "subscription">;

async function refer(phone: Phone, uri: string, options: ReferWhat): Promise<Referred> {
  const referred: Referred = { response: undefined, frags: [], states: [] };
  phone.events.refer({
    to: CORE,
    uri,
    from: `<${addressOf(phone.name)}>`,
    on: {
      onResponse: (response) => void (referred.response = response),
      onNotify: ({ request }) => {
        referred.frags.push(Buffer.from(request.body).toString().split("\r\n")[0]!);
        referred.states.push(header(request, "Subscription-State")!);
      },
    },
    ...options,
  });
  await rig.settle(2000);
  return referred;
}

describe("conference state", () => {
  it("is told whole at first, then what changes, and ends with the session", async () => {
    await start();
    const [a, b] = await rig.phones("alice", "bob", "ted");
    const { identity } = await session(a);
    const watch = a.subscribe(identity);
    await rig.settle();
    expect(watch.status).toBe(200);
    b.talks[0]!.session.bye();
    await rig.settle();
    a.talks[0]!.session.bye();
    await rig.settle(3000);
    expect(watch.documents.map(told)).toEqual([
      `full; 1; ${bob} connected; ${alice} connected own; ${ted} connected`,
      `partial; 2; ${bob} disconnected`,
      `partial; 3; ${alice} disconnected own`,
    ]);
    expect(watch.documents[0]!.entity).toBe(identity);
    expect(watch.states.at(-1)).toBe("terminated;reason=noresource");
  });

  it("names who hides by its alias only", async () => {
    await start();
    const [a, b, t] = await rig.phones("alice", "bob", "ted");
    for (const phone of [b, t]) phone.answer = (incoming) => phone.accept(incoming, [["Privacy", "id"]]);
    const { identity } = await session(a);
    const watch = a.subscribe(identity);
    await rig.settle();
    const text = JSON.stringify(watch.documents);
    expect(text).not.toContain("bob@");
    expect(new Set(watch.documents[0]!.users!.list.map(({ entity }) => entity)).size).toBe(3);
  });

  it("is not for those who do not take part, nor of what is not there", async () => {
    await start();
    const [a, , , c] = await rig.phones("alice", "bob", "ted", "carol");
    const { identity } = await session(a);
    const stranger = c.subscribe(identity);
    const nothing = a.subscribe("sip:im-session-9@im.home.example");
    await rig.settle();
    expect([stranger.status, nothing.status]).toEqual([403, 404]);
  });
});

describe("REFER", () => {
  it("adds a user, and tells of it", async () => {
    await start();
    const [a, , , c] = await rig.phones("alice", "bob", "ted", "carol");
    const { identity } = await session(a);
    const { response, frags, states } = await refer(a, identity, { referTo: carol });
    expect(response?.status).toBe(202);
    expect(header(response!, "Supported")).toBe("norefersub");
    expect(frags).toEqual(["SIP/2.0 100 Trying", "SIP/2.0 200 OK"]);
    expect(states.at(-1)).toBe("terminated;reason=noresource");
    expect(header(c.incoming[0]!.incoming.message, "Referred-By")).toBe(`<${alice}>`);
    expect(rig.mixed.at(-1)?.address).toBe(carol);
  });

  it("adds several, without a word where none is wanted", async () => {
    await start({ policy: { adHocMaximum: 10 } });
    const [a, , , c, d] = await rig.phones("alice", "bob", "ted", "carol", "dave");
    const { identity } = await session(a);
    const { response, frags } = await refer(a, identity, {
      recipients: [{ uri: carol }, { uri: addressOf("dave") }],
      subscription: false,
    });
    expect(response?.status).toBe(200);
    expect(header(response!, "Refer-Sub")).toBe("false");
    expect(frags).toEqual([]);
    expect([c, d].map(({ talks }) => talks.length)).toEqual([1, 1]);
  });

  it("removes a participant", async () => {
    await start();
    const [a, b, t] = await rig.phones("alice", "bob", "ted");
    const { identity } = await session(a);
    const refused = await refer(b, identity, { referTo: `${ted};method=BYE` });
    expect(refused.response?.status).toBe(403);
    const { response, frags } = await refer(a, identity, { referTo: `${bob};method=BYE` });
    expect(response?.status).toBe(202);
    expect(frags.at(-1)).toBe("SIP/2.0 200 OK");
    expect([b.ends, t.ends]).toEqual([["remote bye"], []]);
  });

  it("is refused where there are too many, and to strangers", async () => {
    await start({ policy: { adHocMaximum: 2 } });
    const [a, , , c] = await rig.phones("alice", "bob", "ted", "carol");
    const { identity } = await session(a);
    expect((await refer(a, identity, { referTo: carol })).response?.status).toBe(486);
    expect((await refer(c, identity, { referTo: carol })).response?.status).toBe(403);
  });
});

it("a list may say which session an invited user is to give up (Appendix L)", async () => {
  await start();
  const [a, b] = await rig.phones("alice", "bob", "ted");
  const first = a.call(bob);
  await rig.settle();
  const { callId, localTag, remoteTag } = b.talks[0]!.session.dialog;
  const replaces = encodeURIComponent(`${callId};to-tag=${localTag};from-tag=${remoteTag}`);
  a.call(FACTORY, { invited: [`${bob}?Replaces=${replaces}`, ted] });
  await rig.settle();
  const [invite] = rig.sent("INVITE");
  expect(invite!.uri).toBe(bob);
  expect(replacesOf(invite!)).toMatchObject({ callId });
  expect(header(invite!, "Require")).toBe("replaces");
  expect(first.session().phase).toBe("ended");
});

it("for a group with an age limit, an added user is looked up first (7.2.2.7)", async () => {
  await start();
  rig.xdms.putGroup(alice, {
    uri: GROUP,
    members: [{ uri: alice }, { uri: bob }, { uri: ted }],
    ageRestrictions: { mustUnderstand: true, from: 18 },
    rules: [
      {
        id: "members",
        conditions: { isListMember: true },
        actions: {
          "join-handling": true,
          "allow-initiate-conference": true,
          "allow-invite-users-dynamically": true,
        },
      },
    ],
  });
  const [a, b, t] = await rig.phones("alice", "bob", "ted");
  rig.xdms.putUserProfile(alice, { age: 40 });
  rig.xdms.putUserProfile(bob, { age: 30 });
  rig.xdms.putUserProfile(ted, { age: 12 });
  const call = a.call(GROUP);
  await rig.settle();
  const identity = contactsOf(call.response!)[0]!.uri;
  const grown = await refer(a, identity, { referTo: bob });
  const child = await refer(a, identity, { referTo: ted });
  expect([grown.frags.at(-1), child.frags.at(-1)]).toEqual(["SIP/2.0 200 OK", "SIP/2.0 403 Forbidden"]);
  expect([b, t].map(({ incoming }) => incoming.length)).toEqual([1, 0]);
});
