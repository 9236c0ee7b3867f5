/** Kamailio's MSRP relay between two endpoints of Scrim: AUTH with digest, Use-Path, messages, chunks and reports through it. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { MsrpCrossing } from "../src/endpoint/msrp/crossing.ts";
import { createMsrpEndpoint, type MsrpEndpoint } from "../src/endpoint/msrp/msrp-endpoint.ts";
import type { MsrpSession } from "../src/endpoint/msrp/msrp-session.ts";
import { randomIds } from "../src/net/real/random-ids.ts";
import { realClock } from "../src/net/real/real-clock.ts";
import { createRealNetwork } from "../src/net/real/real-network.ts";
import { msrpViolations } from "../src/wire/msrp/validate.ts";
import { kamailioMsrpRelay } from "./kamailio/msrp-relay.cfg.ts";
import { areMissing, peer } from "./peers.ts";
import { freePort, listening } from "./ports.ts";
import { scratchFolder, startForTest, type RunningProcess } from "./processes.ts";

const HOST = "127.0.0.1";
const REALM = "relay.example";
const PASSWORD = "open sesame";
const LIMITS = { minExpires: 60, maxExpires: 600 };

async function startRelay(): Promise<{ readonly uri: string; readonly running: RunningProcess }> {
  const port = await freePort(HOST);
  const folder = scratchFolder();
  const file = path.join(folder, "relay.cfg");
  writeFileSync(file, kamailioMsrpRelay({ host: HOST, port, realm: REALM, password: PASSWORD, ...LIMITS }));
  const running = startForTest(peer("kamailio").program, {
    args: ["-f", file, "-DD", "-E", "-m", "64", "-M", "8", "-Y", folder],
  });
  await Promise.race([
    listening("tcp", port),
    running.ended.then(() => Promise.reject(new Error(`kamailio ended:\n${running.output}`))),
  ]);
  return { uri: `msrp://${HOST}:${port};tcp`, running };
}

async function endpoint(name: string, crossings: MsrpCrossing[]): Promise<MsrpEndpoint> {
  const made = await createMsrpEndpoint({
    name,
    network: createRealNetwork(),
    clock: realClock,
    ids: randomIds(),
    listen: [{ host: HOST, port: 0, transport: "tcp" }],
    tap: (crossing) => crossings.push(crossing),
  });
  onTestFinished(() => made.close());
  return made;
}

async function clientOf(
  relay: string,
  name: string,
  crossings: MsrpCrossing[],
  password = PASSWORD,
  expires?: number,
): Promise<MsrpSession> {
  const made = await endpoint(name, crossings);
  const session = made.session();
  const credentials = { username: name, password };
  await made.useRelays(session, [{ uri: relay, credentials, ...(expires === undefined ? {} : { expires }) }]);
  return session;
}

const statuses = (crossings: readonly MsrpCrossing[]): number[] =>
  crossings.flatMap(({ frame, direction }) =>
    direction === "in" && frame?.head.kind === "response" ? [frame.head.status] : [],
  );

describe.skipIf(areMissing("kamailio"))("Kamailio as MSRP relay", () => {
  test("gives a path for digest credentials, and for the time that it allows", async () => {
    const { uri } = await startRelay();
    const crossings: MsrpCrossing[] = [];
    const session = await clientOf(uri, "alice", crossings, PASSWORD, 5);
    expect(session.localPath).toMatch(
      /^msrp:\/\/127\.0\.0\.1:\d+\/c\S+;tcp msrp:\/\/127\.0\.0\.1:\d+\/\w+;tcp$/u,
    );
    expect(statuses(crossings)).toEqual([401, 423, 200]);
  });

  test("refuses a wrong password", async () => {
    const { uri } = await startRelay();
    await expect(clientOf(uri, "alice", [], "guess")).rejects.toMatchObject({
      code: "msrp-relay",
      status: 401,
    });
  });

  test.each(["one relay", "a relay of each side"])("carries a session through %s", async (which) => {
    const first = await startRelay();
    const second = which === "one relay" ? first : await startRelay();
    const [aliceSaw, bobSaw]: [MsrpCrossing[], MsrpCrossing[]] = [[], []];
    const alice = await clientOf(first.uri, "alice", aliceSaw);
    const bob = await clientOf(second.uri, "bob", bobSaw);
    const got: string[] = [];
    const lengths: number[] = [];
    const arrived = new Promise<void>((resolve) => {
      bob.onMessage(({ body }) => {
        lengths.push(body.length);
        if (lengths.length === 1) bob.send("hello Alice", { contentType: "text/plain" });
        if (lengths.length === 2) resolve();
      });
    });
    const answered = new Promise<void>((resolve) => {
      alice.onMessage(({ body }) => {
        got.push(Buffer.from(body).toString());
        resolve();
      });
    });
    bob.connect(alice.localPath, { role: "passive" });
    alice.connect(bob.localPath);
    const small = alice.send("hello Bob", { contentType: "text/plain", successReport: true });
    expect(await small.done).toEqual({ kind: "delivered" });
    await answered;
    const large = alice.send(Buffer.alloc(50_000, "0123456789"), {
      contentType: "text/plain",
      successReport: true,
      chunkOctets: 2048,
    });
    expect(await large.done).toEqual({ kind: "delivered" });
    await arrived;
    expect([got, lengths]).toEqual([["hello Alice"], [9, 50_000]]);
    const chunks = bobSaw.filter(
      ({ frame }) => frame?.head.kind === "request" && frame.head.method === "SEND",
    );
    expect(chunks.length).toBeGreaterThan(25);
    const seen = [...aliceSaw, ...bobSaw].filter(({ direction }) => direction === "in");
    expect(
      seen.flatMap(({ frame, error }) => (frame === undefined ? [error] : msrpViolations(frame))),
    ).toEqual([]);
  });
});
