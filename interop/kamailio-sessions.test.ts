/** Calls between user agents of Scrim with Kamailio as the proxy between them: recorded routes in both directions, PRACK, CANCEL, forks. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type {
  IncomingInvite,
  InviteSession,
  OutgoingInvite,
} from "../src/endpoint/user-agent/session-events.ts";
import { createUserAgent, type UserAgent } from "../src/endpoint/user-agent/user-agent.ts";
import type { Hop } from "../src/net/network.ts";
import { type Body, sdpBody } from "../src/wire/sip/session-description.ts";
import { kamailioSessionProxy } from "./kamailio/session-proxy.cfg.ts";
import { areMissing, peer } from "./peers.ts";
import { freePort, listening } from "./ports.ts";
import { type RunningProcess, scratchFolder, startForTest } from "./processes.ts";
import { type Crossings, openEndpoint, surroundings } from "./scrim-side.ts";

const HOST = "127.0.0.1";
const TRANSPORTS = ["udp", "tcp"] as const;
type Carried = (typeof TRANSPORTS)[number];

interface Phone {
  readonly agent: UserAgent;
  readonly crossings: Crossings;
  readonly uri: string;
  /** Of its own calls, and of those that came. */
  readonly made: InviteSession[];
  readonly taken: IncomingInvite[];
  /** What it does with a call; accept unless told. */
  answer: (incoming: IncomingInvite) => void;
}

const sdpOf = (who: string, version = 1): Body =>
  sdpBody(`v=0\r\no=${who} 1 ${version} IN IP4 ${HOST}\r\ns=-\r\nc=IN IP4 ${HOST}\r\nt=0 0\r\n`);

const textOf = (body: Body | undefined): string => Buffer.from(body?.bytes ?? []).toString();

async function openPhone(name: string, transport: Carried): Promise<Phone> {
  const { endpoint, crossings, hop } = await openEndpoint(HOST);
  const uri = `sip:${name}@${HOST}:${hop(transport).port};transport=${transport}`;
  const agent = createUserAgent({
    endpoint,
    clock: surroundings.clock,
    ids: surroundings.ids,
    contact: `<${uri}>`,
    onOffer: () => ({ body: sdpOf(name) }),
  });
  onTestFinished(() => agent.close());
  const phone: Phone = {
    agent,
    crossings,
    uri,
    made: [],
    taken: [],
    answer: (incoming) => incoming.accept(),
  };
  endpoint.onRequest((incoming) => {
    if (!agent.receive(incoming)) agent.refuse(incoming);
  });
  agent.onInvite((incoming) => {
    phone.taken.push(incoming);
    phone.answer(incoming);
  });
  return phone;
}

async function startProxy(targets: Readonly<Record<string, readonly string[]>>): Promise<number> {
  const port = await freePort(HOST);
  const folder = scratchFolder();
  const file = path.join(folder, "proxy.cfg");
  writeFileSync(file, kamailioSessionProxy({ host: HOST, port, targets }));
  const running = startForTest(peer("kamailio").program, {
    args: ["-f", file, "-DD", "-E", "-m", "64", "-M", "8", "-Y", folder],
  });
  onTestFinished(() => killAll(running));
  const failed = running.ended.then(() => Promise.reject(new Error(`kamailio ended:\n${running.output}`)));
  await Promise.race([Promise.all([listening("udp", port), listening("tcp", port)]), failed]);
  return port;
}

/**
 * Kamailio is one process that starts others. Asked to end, it waits for all of them, and now and then one of them never does; when only the
 * first is killed the others stay behind. So all of them are killed.
 */
async function killAll({ pid, ended }: RunningProcess): Promise<void> {
  for (const one of [...childrenOf(pid), pid])
    try {
      process.kill(one, "SIGKILL");
    } catch {
      // It has ended already.
    }
  await ended;
}

/** As the kernel lists them; none when the process is gone. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .trim()
      .split(" ")
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}

interface Setting {
  readonly a: Phone;
  readonly b: Phone;
  readonly c: Phone;
  readonly call: (user: "one" | "both") => OutgoingInvite;
}

async function setting(transport: Carried): Promise<Setting> {
  const [a, b, c] = [
    await openPhone("a", transport),
    await openPhone("b", transport),
    await openPhone("c", transport),
  ];
  const port = await startProxy({ one: [b.uri], both: [b.uri, c.uri] });
  const to: Hop = { host: HOST, port, transport };
  const call = (user: string): OutgoingInvite =>
    a.agent.invite({
      to,
      uri: `sip:${user}@${HOST}:${port}`,
      from: "<sip:a@example.org>",
      body: sdpOf("a"),
      on: (event) => {
        if (event.type === "session") a.made.push(event.session);
      },
    });
  return { a, b, c, call };
}

/** Settles when the session has told this. */
const told = (session: InviteSession, type: string): Promise<void> =>
  new Promise((resolve) => session.on((event) => event.type === type && resolve()));

/** Settles when a message of this kind came in. */
const came = (phone: Phone, what: string | number): Promise<unknown> =>
  phone.crossings.until(
    ({ direction, message }) =>
      direction === "in" && (message?.kind === "request" ? message.method : message?.status) === what,
  );

describe.skipIf(areMissing("kamailio"))("Kamailio between two user agents", () => {
  test.each(TRANSPORTS)(
    "over %s: reliable 180, re-INVITE, UPDATE and BYE follow the route",
    async (transport) => {
      const { a, b, call } = await setting(transport);
      b.answer = (incoming) => {
        incoming.ring({ reliable: true, body: sdpOf("b", 2) });
        incoming.accept();
      };
      call("one");
      await came(b, "ACK");
      const [near, far] = [a.made[0], b.taken[0]];
      if (near === undefined || far === undefined) throw new Error("no session");
      expect([near.dialog.routeSet.length, far.dialog.routeSet.length]).toEqual([1, 1]);
      far.reinvite({ body: sdpOf("b", 3) });
      await told(far, "modified");
      near.update({ body: sdpOf("a", 4) });
      await told(near, "modified");
      expect(textOf(near.local)).toBe(textOf(sdpOf("a", 4)));
      expect(textOf(far.remote)).toBe(textOf(near.local));
      expect(textOf(far.local)).toBe(textOf(near.remote));
      const over = told(near, "ended");
      far.bye();
      await over;
      expect(a.crossings.count("in", "BYE").first).toBe(1);
      expect(b.crossings.count("in", "PRACK").first).toBe(1);
    },
  );

  test.each(TRANSPORTS)("over %s: CANCEL", async (transport) => {
    const { a, b, call } = await setting(transport);
    b.answer = (incoming) => incoming.ring();
    const invite = call("one");
    await came(a, 180);
    invite.cancel();
    await came(a, 487);
    expect([a.made[0]?.phase, b.taken[0]?.phase]).toEqual(["ended", "ended"]);
  });

  test.each(TRANSPORTS)(
    "over %s: of two forks one answers, and the other is cancelled",
    async (transport) => {
      const { a, b, c, call } = await setting(transport);
      b.answer = (incoming) => incoming.ring();
      c.answer = (incoming) => incoming.ring();
      call("both");
      await a.crossings.until(() => a.crossings.of("in", 180).length === 2);
      const answering = c.taken[0];
      const cancelled = b.taken[0];
      if (answering === undefined || cancelled === undefined) throw new Error("no session");
      const lost = told(cancelled, "ended");
      const made = told(answering, "acknowledged");
      answering.accept();
      await Promise.all([lost, made]);
      const kept = a.made.filter(({ phase }) => phase === "confirmed");
      expect(kept.map(({ dialog }) => dialog.remoteTag)).toEqual([answering.dialog.localTag]);
      const over = told(answering, "ended");
      kept[0]?.bye();
      await over;
    },
  );

  test.each(TRANSPORTS)("over %s: both forks answer, and one is hung up again", async (transport) => {
    const { a, b, c, call } = await setting(transport);
    const ended = new Promise<InviteSession>((resolve) => {
      for (const one of [b, c])
        one.answer = (incoming) => {
          incoming.on(({ type }, session) => type === "ended" && resolve(session));
          incoming.accept();
        };
    });
    call("both");
    await ended;
    const alive = [b, c].flatMap(({ taken }) => taken).filter(({ phase }) => phase === "confirmed");
    expect(alive.length).toBe(1);
    expect(a.made.filter(({ phase }) => phase === "confirmed").map(({ dialog }) => dialog.remoteTag)).toEqual(
      alive.map(({ dialog }) => dialog.localTag),
    );
  });
});
