/** Calls with SIPp on either side: re-INVITE, PRACK, CANCEL and BYE with Scrim's user agent, over UDP, TCP and TLS, with and without loss. */
import { describe, expect, onTestFinished, test } from "vitest";
import type { InviteEvent, InviteSession, SessionEvent } from "../src/endpoint/user-agent/session-events.ts";
import type { IncomingInvite } from "../src/endpoint/user-agent/session-events.ts";
import { createUserAgent, type UserAgent } from "../src/endpoint/user-agent/user-agent.ts";
import type { Hop, Transport } from "../src/net/network.ts";
import { sdpBody } from "../src/wire/sip/session-description.ts";
import { losingFirstCopies } from "./lossy-network.ts";
import { areMissing } from "./peers.ts";
import { type Crossings, hostIn, networkWithTls, openForAgent } from "./scrim-side.ts";
import { expectAllWell, type SippResult, startSipp } from "./sipp.ts";

const CALLS = 10;
const WAYS = [
  ["udp", "127.0.0.1"],
  ["udp", "::1"],
  ["tcp", "127.0.0.1"],
  ["tls", "127.0.0.1"],
] as const satisfies (readonly [Transport, string])[];

/** As long as a UAS of SIPp knows a call whose last answer may be lost, in milliseconds. */
const LINGER = ["-d", "4000"];

interface Side {
  readonly agent: UserAgent;
  readonly crossings: Crossings;
  readonly hop: Hop;
  /** One line for each end of a session. */
  readonly ends: string[];
  watch(session: InviteSession): void;
  /** Settles when so many sessions have ended. */
  ended(count: number): Promise<void>;
}

async function openAgent(...how: Parameters<typeof openForAgent>): Promise<Side> {
  const { crossings, hop, agentOptions } = await openForAgent(...how);
  const { endpoint } = agentOptions;
  const agent = createUserAgent({ ...agentOptions, onOffer: () => ({ body: sdpOf(how[1]) }) });
  onTestFinished(() => agent.close());
  endpoint.onRequest((incoming) => {
    if (!agent.receive(incoming)) agent.refuse(incoming);
  });
  const ends: string[] = [];
  const waiting = new Set<() => void>();
  return {
    agent,
    crossings,
    hop,
    ends,
    watch: (session) =>
      session.on((event: SessionEvent) => {
        if (event.type !== "ended") return;
        ends.push(`${event.by} ${event.why}`);
        for (const look of waiting) look();
      }),
    ended: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (ends.length >= count) resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

function sdpOf(host: string) {
  const kind = host.includes(":") ? "IP6" : "IP4";
  return sdpBody(`v=0\r\no=scrim 1 1 IN ${kind} ${host}\r\ns=-\r\nc=IN ${kind} ${host}\r\nt=0 0\r\n`);
}

const all = (end: string, calls = CALLS): string[] => Array.from({ length: calls }, () => end);

/** Scrim takes the calls of a scenario of SIPp as UAC. */
async function taken(
  side: Side,
  scenario: string,
  host: string,
  take: (incoming: IncomingInvite) => void,
  more: { calls?: number; rate?: number; more?: readonly string[] } = {},
): Promise<SippResult> {
  side.agent.onInvite((incoming) => {
    side.watch(incoming);
    take(incoming);
  });
  const { transport } = side.hop;
  const sipp = await startSipp({ scenario, transport, host, calls: CALLS, remote: side.hop, ...more });
  return sipp.result;
}

/** Scrim makes calls to a scenario of SIPp as UAS. */
async function made(
  side: Side,
  scenario: string,
  host: string,
  on: (event: InviteEvent, cancel: () => void) => void,
  more: { calls?: number; more?: readonly string[] } = {},
): Promise<SippResult> {
  const { transport } = side.hop;
  const calls = more.calls ?? CALLS;
  const sipp = await startSipp({ scenario, transport, host, calls, ...more });
  const to: Hop = { host, port: sipp.port, transport };
  for (let call = 0; call < calls; call += 1)
    side.agent.invite({
      to,
      uri: `sip:sipp@${hostIn(host)}:${sipp.port};transport=${transport}`,
      from: "<sip:scrim@example.org>",
      body: sdpOf(host),
      on: (event, invite) => {
        if (event.type === "session") side.watch(event.session);
        on(event, () => invite.cancel());
      },
    });
  return sipp.result;
}

/** After the answer a re-INVITE, after that BYE. */
function changeAndEnd(event: InviteEvent): void {
  if (event.type !== "accepted") return;
  const { session } = event;
  session.reinvite({
    onDone: () => session.bye(),
    ...(session.local === undefined ? {} : { body: session.local }),
  });
}

/** The same where the first copy of each ACK is lost: what comes next waits for the second, since SIPp takes things in their order only. */
function changeAndEndInTime(event: InviteEvent): void {
  if (event.type !== "session") return;
  let acknowledged = 0;
  event.session.on(({ type }, session) => {
    if (type !== "accepted again") return;
    acknowledged += 1;
    if (acknowledged === 1) session.reinvite(session.local === undefined ? {} : { body: session.local });
    else if (acknowledged === 2) session.bye();
  });
}

describe.skipIf(areMissing("sipp", "openssl"))("calls", () => {
  test.each(WAYS)("SIPp calls over %s to %s, changes the session and hangs up", async (transport, host) => {
    const side = await openAgent(transport, host);
    const result = await taken(side, "invite-uac", host, (incoming) => {
      incoming.ring();
      incoming.accept();
    });
    expectAllWell(result, CALLS);
    await side.ended(CALLS);
    expect(side.ends).toEqual(all("remote bye"));
    expect(side.crossings.count("in", "ACK").first).toBe(2 * CALLS);
    expect(side.agent.dialogs.size).toBe(0);
  });

  test.each(WAYS)("Scrim calls over %s on %s, changes the session and hangs up", async (transport, host) => {
    const side = await openAgent(transport, host);
    const result = await made(side, "invite-uas", host, changeAndEnd);
    expectAllWell(result, CALLS);
    expect(side.ends).toEqual(all("local bye"));
    expect(side.crossings.count("out", "ACK").first).toBe(2 * CALLS);
  });

  test.each(WAYS)(
    "SIPp is called over %s on %s, changes the session and hangs up",
    async (transport, host) => {
      const side = await openAgent(transport, host);
      const result = await made(side, "invite-uas-bye", host, () => undefined);
      expectAllWell(result, CALLS);
      await side.ended(CALLS);
      expect(side.ends).toEqual(all("remote bye"));
    },
  );

  test.each(WAYS)("SIPp calls over %s to %s with 100rel required", async (transport, host) => {
    const side = await openAgent(transport, host);
    const result = await taken(side, "invite-uac-prack", host, (incoming) => {
      incoming.ring({ body: sdpOf(host) });
      incoming.accept();
    });
    expectAllWell(result, CALLS);
    await side.ended(CALLS);
    expect(side.ends).toEqual(all("remote bye"));
  });

  test.each(WAYS)("Scrim calls over %s on %s and gets a reliable 183", async (transport, host) => {
    const side = await openAgent(transport, host);
    const reliable: boolean[] = [];
    const result = await made(side, "invite-uas-prack", host, (event) => {
      if (event.type === "provisional" && event.response.status === 183) reliable.push(event.reliable);
      if (event.type === "accepted") event.session.bye();
    });
    expectAllWell(result, CALLS);
    expect(reliable).toEqual(Array.from({ length: CALLS }, () => true));
    expect(side.ends).toEqual(all("local bye"));
  });

  test.each(WAYS)("SIPp calls over %s to %s and cancels", async (transport, host) => {
    const side = await openAgent(transport, host);
    const result = await taken(side, "invite-uac-cancel", host, (incoming) => incoming.ring());
    expectAllWell(result, CALLS);
    expect(side.ends).toEqual(all("remote cancelled"));
  });

  test.each(WAYS)("Scrim calls over %s on %s and cancels", async (transport, host) => {
    const side = await openAgent(transport, host);
    const result = await made(side, "invite-uas-cancel", host, (event, cancel) => {
      if (event.type === "provisional" && event.response.status === 180) cancel();
    });
    expectAllWell(result, CALLS);
    expect(side.ends).toEqual(all("local cancelled"));
  });
});

describe.skipIf(areMissing("sipp", "openssl"))("calls with loss", () => {
  test("the first copy of everything is lost on Scrim's side, SIPp calls", async () => {
    const network = losingFirstCopies(await networkWithTls());
    const side = await openAgent("udp", "127.0.0.1", { network, t1: 500 });
    const result = await taken(side, "invite-uac", "127.0.0.1", (incoming) => incoming.accept());
    expectAllWell(result, CALLS);
    await side.ended(CALLS);
    expect(side.ends).toEqual(all("remote bye"));
    expect(side.crossings.count("out", 200).again).toBeGreaterThan(0);
  });

  test("the first copy of everything is lost on Scrim's side, Scrim calls", async () => {
    const network = losingFirstCopies(await networkWithTls());
    const side = await openAgent("udp", "127.0.0.1", { network, t1: 500 });
    const result = await made(side, "invite-uas", "127.0.0.1", changeAndEndInTime, { more: LINGER });
    expectAllWell(result, CALLS);
    expect(side.ends).toEqual(all("local bye"));
    expect(side.crossings.count("out", "ACK").again).toBeGreaterThan(0);
  });

  test("SIPp calls, and loses on its way in and out", async () => {
    const side = await openAgent("udp", "127.0.0.1", { t1: 500 });
    const calls = 50;
    const how = { calls, rate: 200, more: ["-lost", "5"] };
    const result = await taken(side, "invite-uac", "127.0.0.1", (incoming) => incoming.accept(), how);
    expectAllWell(result, calls);
    await side.ended(calls);
    expect(side.ends).toEqual(all("remote bye", calls));
    expect(result.steps.reduce((sum, { lost }) => sum + lost, 0)).toBeGreaterThan(0);
  });
});
