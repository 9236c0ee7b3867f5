/**
 * A peer that says anything at any time: requests and responses with tags, numbers and descriptions drawn at random from those that have been
 * seen. Nothing may throw, each request but ACK has one final answer, and once the peer is silent all sessions end.
 */
import { expect, it } from "vitest";
import { createRandom } from "../../net/virtual/random.ts";
import { type HeaderPair, sipRequest, sipResponse } from "../../wire/sip/build.ts";
import { cseqOf, fromOf, header, toOf } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { createWorld, udp } from "../testdata.ts";
import { answering, sdp } from "./testdata.ts";
import type { InviteSession } from "./session-events.ts";
import { createUserAgent } from "./user-agent.ts";

const METHODS = [
  "INVITE",
  "INVITE",
  "ACK",
  "BYE",
  "CANCEL",
  "PRACK",
  "UPDATE",
  "UPDATE",
  "INFO",
  "OPTIONS",
  "NOTIFY",
];
const STATUSES = [
  100, 180, 183, 183, 199, 200, 200, 202, 302, 401, 404, 408, 422, 481, 486, 487, 491, 500, 600,
];

/** What has to happen to sessions, over all seeds. */
const EVENTS = [
  "accepted",
  "acknowledged",
  "agreed",
  "ended",
  "irregular",
  "modified",
  "offered",
  "pracked",
  "provisional",
];

interface Outcome {
  readonly mistakes: unknown[];
  /** Sessions and dialogs that are left, requests without a final answer. */
  readonly alive: number;
  readonly dialogs: number;
  readonly unanswered: number;
}

/** A dialog as the peer may know it. */
interface Leg {
  readonly callId: string;
  readonly near: string;
  readonly far: string;
  /** CSeq of the INVITE of the peer. */
  readonly sequence: number;
  readonly rseq: string | undefined;
}

interface Heard {
  readonly legs: Leg[];
  readonly callIds: string[];
  readonly tags: string[];
  /** Requests of the user agent that have no final answer yet. */
  readonly open: { request: SipRequest; respond: (status: number) => void }[];
}

async function play(seed: number, seen: Set<string>): Promise<Outcome> {
  const world = createWorld({ seed, delay: [1, 50] });
  const random = createRandom(seed);
  const pick = <T>(from: readonly T[], otherwise: T): T =>
    from[Math.floor(random() * from.length)] ?? otherwise;
  const chance = (share: number): boolean => random() < share;
  const endpoint = await world.endpoint("A", "a");
  const agent = createUserAgent({
    endpoint,
    clock: world.clock,
    ids: world.ids,
    contact: "<sip:a>",
    onOffer: chance(0.8) ? answering("a") : () => "later",
    sessionTimer: { interval: 120 },
    onHandlerError: (error) => world.mistakes.push(error),
  });
  endpoint.onRequest((incoming) => {
    if (!agent.receive(incoming)) agent.refuse(incoming);
  });
  const watch = (session: InviteSession): void => session.on(({ type }) => seen.add(type));
  agent.onInvite((incoming) => {
    watch(incoming);
    if (chance(0.7)) incoming.ring({ reliable: chance(0.5), ...(chance(0.5) ? { body: sdp("a", 2) } : {}) });
    if (chance(0.6)) incoming.accept();
    else if (chance(0.3)) incoming.reject(486);
  });

  const peer = await world.endpoint("P", "p");
  const heard: Heard = { legs: [], callIds: ["c0"], tags: ["t0", "t1"], open: [] };
  peer.onRequest((incoming) => {
    const { message } = incoming;
    heard.callIds.push(header(message, "Call-ID") ?? "");
    heard.tags.push(fromOf(message)?.tag ?? "", toOf(message)?.tag ?? "x");
    if (message.method === "ACK") return;
    heard.open.push({
      request: message,
      respond: (status) => {
        const parts = responseParts();
        const far = fromOf(message)?.tag ?? "";
        const callId = header(message, "Call-ID") ?? "";
        heard.legs.push({
          callId,
          near: toOf(message)?.tag ?? parts.toTag,
          far,
          sequence: 1,
          rseq: undefined,
        });
        incoming.respond(sipResponse(message, status, undefined, parts));
      },
    });
  });

  let unanswered = 0;
  const fields = (): HeaderPair[] => [
    ...(chance(0.9) ? [["Contact", "<sip:p>"] as const] : []),
    ...(chance(0.3) ? [["Require", "100rel"] as const] : [["Supported", "100rel, timer"] as const]),
    ...(chance(0.5) ? [["RSeq", String(1 + Math.floor(random() * 4))] as const] : []),
    ...(chance(0.3) ? [["Session-Expires", chance(0.5) ? "90;refresher=uac" : "30"] as const] : []),
    ...(chance(0.2) ? [["Min-SE", "120"] as const] : []),
    ...(chance(0.2) ? [["Retry-After", "1"] as const] : []),
    ...(chance(0.1)
      ? [["Replaces", `${pick(heard.callIds, "")};to-tag=${pick(heard.tags, "")};from-tag=t0`] as const]
      : []),
    ...(chance(0.3) ? [["RAck", `${Math.floor(random() * 9)} 1 INVITE`] as const] : []),
  ];
  const described = (): { headers: HeaderPair[]; body?: Uint8Array } => {
    const { bytes, contentType } = sdp("p", Math.floor(random() * 9));
    const headers = fields();
    return chance(0.5) ? { headers: [...headers, ["Content-Type", contentType]], body: bytes } : { headers };
  };
  const responseParts = () => ({ ...described(), toTag: pick(heard.tags, "t") });

  const say = (): void => {
    const method = pick(METHODS, "INFO");
    const { headers, body } = described();
    const known = chance(0.7) && method !== "CANCEL" ? pick(heard.legs.slice(-3), undefined) : undefined;
    const number =
      known === undefined ? 1 + Math.floor(random() * 6) : known.sequence + Math.floor(random() * 3);
    const sequence = method === "ACK" && known !== undefined ? known.sequence : number;
    const rack =
      known?.rseq === undefined ? [] : [["RAck", `${known.rseq} ${known.sequence} INVITE`] as const];
    const toTag = known?.far ?? (chance(0.3) ? pick(heard.tags, "t") : undefined);
    const near = known?.near ?? pick(heard.tags, "t");
    const callId = known?.callId ?? (chance(0.5) ? pick(heard.callIds, "c") : world.ids.token());
    const request = sipRequest({
      method,
      uri: "sip:a@a",
      headers: [
        ["From", `<sip:p@p>;tag=${near}`],
        ["To", toTag === undefined ? "<sip:a@a>" : `<sip:a@a>;tag=${toTag}`],
        ["Call-ID", callId],
        ["CSeq", `${sequence} ${method}`],
        ...rack,
        ...headers,
      ],
      ...(body === undefined ? {} : { body }),
    });
    // An INVITE may ring for ever, and an UPDATE wait for its user.
    const counts = !["INVITE", "UPDATE", "ACK"].includes(method);
    if (counts) unanswered += 1;
    peer.send(request, {
      to: udp("a"),
      onResponse: (response) => {
        const far = toOf(response)?.tag;
        heard.tags.push(far ?? "t0");
        if (method === "INVITE" && far !== undefined && response.status < 300)
          heard.legs.push({ callId, near, far, sequence, rseq: header(response, "RSeq") });
        if (counts && response.status >= 200) unanswered -= 1;
      },
    });
  };
  const answer = (): void => {
    const [chosen] = heard.open.splice(Math.floor(random() * heard.open.length), 1);
    const status = pick(STATUSES, 200);
    chosen?.respond(status);
    if (chosen !== undefined && (status < 200 || cseqOf(chosen.request)?.method === "INVITE"))
      heard.open.push(chosen);
  };
  const act = (): void => {
    const session = pick(agent.sessions, undefined);
    const what = random();
    if (what < 0.3)
      agent.invite({
        to: udp("p"),
        uri: "sip:p@p",
        from: "<sip:a@a>",
        on: (event) => event.type === "session" && watch(event.session),
        ...(chance(0.7) ? { body: sdp("a") } : {}),
      });
    else if (what < 0.5) session?.reinvite({ body: sdp("a", 3) });
    else if (what < 0.7) session?.update({ body: sdp("a", 4) });
    else if (what < 0.8) session?.refresh();
    else session?.bye();
  };

  for (let turn = 0; turn < 60; turn += 1) {
    const what = random();
    if (what < 0.5) say();
    else if (what < 0.8) answer();
    else act();
    await world.run(() => false, world.clock.now() + Math.floor(random() * 300));
  }
  await world.run(() => false, world.clock.now() + 1000);
  await peer.close();
  for (const session of agent.sessions) session.bye({ force: true });
  await world.run();
  return { mistakes: world.mistakes, alive: agent.sessions.length, dialogs: agent.dialogs.size, unanswered };
}

it("a hostile peer", async () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 60; seed += 1)
    expect([seed, await play(seed, seen)]).toEqual([
      seed,
      { mistakes: [], alive: 0, dialogs: 0, unanswered: 0 },
    ]);
  // It would prove nothing if the peer never got anywhere.
  expect([...seen].sort()).toEqual(expect.arrayContaining(EVENTS));
}, 60_000);
