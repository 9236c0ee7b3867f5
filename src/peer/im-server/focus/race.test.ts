/** What crosses on the way, and what breaks off: every session ends tidy. With the server's own switch. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { contactsOf } from "../../../wire/sip/headers.ts";
import { CORE } from "../../core/test-rig.ts";
import { addressOf, type Phone } from "./test-phone.ts";
import { createFocusRig, FACTORY, type FocusRig } from "./test-rig.ts";

let rig: FocusRig;
beforeEach(async () => {
  rig = await createFocusRig({ switching: true, policy: { adHocMaximum: 10 } });
});
afterEach(() => rig.close());

const bob = addressOf("bob");
const ted = addressOf("ted");
const carol = addressOf("carol");
const dave = addressOf("dave");

async function session(a: Phone, invited: readonly string[] = [bob, ted]): Promise<string> {
  const call = a.call(FACTORY, { invited });
  await rig.settle();
  return contactsOf(call.response!)[0]!.uri;
}

/** Sessions that are still there when all is over: at the phones, and at the server. */
async function left(...phones: readonly Phone[]): Promise<readonly number[]> {
  await rig.settle(40_000);
  const answer = await rig.server.perform({ action: "dump-state" });
  const state: unknown = JSON.parse(answer.says ?? "{}");
  const atServer =
    typeof state === "object" && state !== null && "sessions" in state ? Number(state.sessions) : NaN;
  return [phones.flatMap(({ agent }) => agent.sessions).length, atServer];
}

it("a message reaches everybody but its sender", async () => {
  const [a, b, t] = await rig.phones("alice", "bob", "ted");
  const identity = await session(a);
  const got: string[] = [];
  for (const { name, talks } of [a, b, t])
    talks[0]!.msrp.onMessage(
      ({ body }) => void got.push(`${name}: ${Buffer.from(body).toString().split("\r\n").at(-1)}`),
    );
  a.talks[0]!.msrp.send(
    `From: <${addressOf("alice")}>\r\nTo: <${identity}>\r\n\r\nContent-Type: text/plain\r\n\r\nHello`,
    { contentType: "message/cpim" },
  );
  await rig.settle();
  expect(got.toSorted()).toEqual(["bob: Hello", "ted: Hello"]);
});

it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15])(
  "CANCEL %i ms after the INVITE, when an invited user accepts at once",
  async (ms) => {
    const [a, b, t] = await rig.phones("alice", "bob", "ted");
    t.answer = (incoming) => incoming.ring();
    const call = a.call(FACTORY, { invited: [bob, ted] });
    await rig.settle(ms);
    call.invite.cancel();
    await rig.settle();
    for (const { session: own } of a.talks) own.bye();
    expect(await left(a, b, t)).toEqual([0, 0]);
  },
);

it("two REFERs at once, for the same user and another", async () => {
  const [a, b, t, c, d] = await rig.phones("alice", "bob", "ted", "carol", "dave");
  const identity = await session(a);
  for (const [phone, referTo] of [
    [a, carol],
    [a, carol],
    [b, dave],
  ] as const)
    phone.events.refer({ to: CORE, uri: identity, from: `<${addressOf(phone.name)}>`, referTo });
  await rig.settle();
  expect([c, d].map(({ agent }) => agent.sessions.length)).toEqual([1, 1]);
  a.talks[0]!.session.bye();
  expect(await left(a, b, t, c, d)).toEqual([0, 0]);
});

it("BYE against a re-INVITE of the server, and re-INVITEs of both", async () => {
  const [a, b, t] = await rig.phones("alice", "bob", "ted");
  const identity = await session(a);
  void rig.server.perform({
    action: "change-session-media",
    session: identity,
    acceptTypes: ["message/cpim"],
  });
  b.talks[0]!.session.bye();
  const own = t.talks[0]!.session;
  let outcome: string | undefined;
  own.reinvite({ body: own.local!, onDone: (done) => void (outcome = done.outcome) });
  await rig.settle(20_000);
  expect([b.agent.sessions, own.phase, outcome]).toEqual([[], "confirmed", "accepted"]);
  a.talks[0]!.session.bye();
  expect(await left(a, b, t)).toEqual([0, 0]);
});

it("one whose connection breaks off is taken out", async () => {
  const [a, b, t] = await rig.phones("alice", "bob", "ted");
  await session(a);
  b.talks[0]!.msrp.destroyConnection();
  await rig.settle();
  expect([a, b, t].map(({ ends }) => ends)).toEqual([[], ["remote bye"], []]);
});

it("one who comes again by another dialog takes its own place", async () => {
  const [a, b, t] = await rig.phones("alice", "bob", "ted");
  const identity = await session(a);
  b.call(identity);
  await rig.settle();
  expect(b.ends).toEqual(["remote bye"]);
  expect([a, b, t].map(({ agent }) => agent.sessions.length)).toEqual([1, 1, 1]);
  a.talks[0]!.session.bye();
  expect(await left(a, b, t)).toEqual([0, 0]);
});
