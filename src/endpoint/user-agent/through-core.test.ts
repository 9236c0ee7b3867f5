/** Calls through the core, which stays on the way of each dialog by Record-Route: what is sent conforms, and gets where it belongs. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { alice, bob, CORE, createRig, type Party, type Rig } from "../../peer/core/test-rig.ts";
import { headerValues } from "../../wire/sip/headers.ts";
import { violations } from "../../wire/sip/validate.ts";
import type { InviteOptions } from "./options.ts";
import type { IncomingInvite, InviteSession, OutgoingInvite } from "./session-events.ts";
import { answering, lineOf, said, sdp } from "./testdata.ts";
import { createUserAgent, type UserAgent } from "./user-agent.ts";

let rig: Rig;
let events: string[];
let near: UserAgent;
let answer: (incoming: IncomingInvite) => void;
let taken: IncomingInvite | undefined;

const withoutServer = ({ impi, identities }: typeof bob) => ({ impi, identities });

async function userAgent(name: "alice" | "bob", party: Party): Promise<UserAgent> {
  const { host, port } = party.hop;
  rig.core.setRegistered(`sip:${name}@home.example`, { contact: `<sip:${name}@${host}:${port}>` });
  const agent = createUserAgent({
    endpoint: party.endpoint,
    clock: rig.net.clock,
    ids: rig.net.ids,
    contact: `<sip:${name}@${host}:${port}>`,
    onOffer: answering(name),
    sessionTimer: { interval: 100 },
    onHandlerError: (error) => {
      throw error;
    },
  });
  party.answer = (incoming) => {
    if (!agent.receive(incoming)) agent.refuse(incoming);
  };
  return agent;
}

beforeEach(async () => {
  rig = await createRig({ servers: [], users: [withoutServer(alice), withoutServer(bob)], psis: [] });
  events = [];
  near = await userAgent(
    "alice",
    await rig.party("alice", { host: "10.0.1.1", port: 5060, transport: "udp" }),
  );
  const far = await userAgent(
    "bob",
    await rig.party("bob", { host: "10.0.1.2", port: 5060, transport: "udp" }),
  );
  taken = undefined;
  answer = (incoming) => incoming.accept();
  far.onInvite((incoming) => {
    taken = incoming;
    answer(incoming);
  });
});

afterEach(async () => {
  const wrong = rig.crossings.flatMap(({ message, direction }) =>
    message === undefined
      ? []
      : violations(message, { direction, transport: "UDP" }).map(({ message }) => message),
  );
  if (wrong.length > 0) throw new Error(`what crossed the core does not conform: ${wrong.join("; ")}`);
  await rig.close();
});

function call(options: Partial<InviteOptions> = {}): OutgoingInvite {
  return near.invite({
    to: CORE,
    uri: "sip:bob@home.example",
    from: "<sip:alice@home.example>",
    body: sdp("alice"),
    on: (event) => {
      if (event.type === "session") event.session.on((inner) => events.push(lineOf(inner)));
    },
    ...options,
  });
}

/** Requests that reached the other end of the core, in order. */
const passed = (): string[] =>
  rig.crossings.flatMap(({ direction, message, retransmission }) =>
    direction === "out" && !retransmission && message?.kind === "request" ? [message.method] : [],
  );

const sessionOf = (invite: OutgoingInvite): InviteSession => {
  const [session] = invite.sessions;
  if (session === undefined) throw new Error("no session");
  return session;
};

it("a call that both ends change, and the callee ends", async () => {
  const invite = call();
  await rig.settle();
  sessionOf(invite).reinvite({ body: sdp("alice", 5) });
  await rig.settle();
  taken?.update({ body: sdp("bob", 6) });
  await rig.settle();
  expect(said(taken?.remote)).toBe(said(sessionOf(invite).local));
  expect(said(taken?.local)).toBe(said(sdp("bob", 6)));
  taken?.bye();
  await rig.settle();
  expect(passed()).toEqual(["INVITE", "ACK", "INVITE", "ACK", "UPDATE", "BYE"]);
  expect(events.at(-1)).toBe("ended: remote bye");
  // The core took itself into the route, in both directions.
  expect(taken?.dialog.routeSet.length).toBeGreaterThan(0);
  const routed = rig.crossings.filter(
    ({ direction, message }) =>
      direction === "in" && message?.kind === "request" && message.method !== "INVITE",
  );
  expect(
    routed.every(({ message }) => message !== undefined && headerValues(message, "Route").length > 0),
  ).toBe(true);
});

it("a call with reliable provisional responses", async () => {
  answer = (incoming) => {
    incoming.ring({ status: 183, reliable: true, body: sdp("bob", 3) });
    incoming.ring({ reliable: true });
    incoming.accept();
  };
  const invite = call();
  await rig.settle();
  expect(passed()).toEqual(["INVITE", "PRACK", "PRACK", "ACK"]);
  expect(said(sessionOf(invite).remote)).toBe(said(sdp("bob", 3)));
  sessionOf(invite).bye();
  await rig.settle();
});

it("a call that is cancelled", async () => {
  answer = (incoming) => incoming.ring();
  const invite = call();
  await rig.settle();
  invite.cancel();
  await rig.settle();
  expect(passed()).toEqual(["INVITE", "CANCEL", "ACK"]);
  expect(events).toEqual(["180", "ended: local cancelled"]);
});

it("a session that is refreshed, until one end is gone", async () => {
  const invite = call();
  await rig.settle(120_000);
  expect(passed()).toEqual(["INVITE", "ACK", "UPDATE", "UPDATE"]);
  expect(sessionOf(invite).timer).toEqual({ interval: 100, refresher: "local" });
  near.close();
  await rig.settle(100_000);
  expect(taken?.phase).toBe("ended");
  expect(passed().at(-1)).toBe("BYE");
});
