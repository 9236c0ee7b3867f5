/** sipsak: whether an endpoint is there, REGISTER with digest, a MESSAGE, a flood, and requests that it has spoiled. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import tls from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { type CoreSide, openCore } from "./core-side.ts";
import { areMissing, peer } from "./peers.ts";
import { type RunningProcess, scratchFolder, startForTest } from "./processes.ts";
import { certificateFiles } from "./tls-hop.ts";

/** A name that sipsak finds an address for. */
const DOMAIN = "localhost";

const open = (algorithms: readonly ("MD5" | "SHA-256")[] = ["MD5"]): Promise<CoreSide> =>
  openCore({ domain: DOMAIN, users: ["alice"], algorithms });

function sipsak(line: string): RunningProcess {
  return startForTest(peer("sipsak").program, { args: line.split(" "), limitMs: 45_000 });
}

/** REGISTER of alice, with a contact where nobody is. */
const registration = (port: number): string =>
  `-U -i -s sip:alice@${DOMAIN} -C sip:alice@127.0.0.1:9 -x 600 -p 127.0.0.1:${port} -u alice@${DOMAIN} -a secret-alice`;

describe.skipIf(areMissing("sipsak"))("sipsak", () => {
  test.each(["udp", "tcp"] as const)("OPTIONS over %s", async (transport) => {
    const { crossings, portOf } = await open();
    const run = sipsak(`-E ${transport} -s sip:${DOMAIN} -p 127.0.0.1:${portOf(transport)} -vv`);
    expect(await run.ended).toBe(0);
    expect(run.output).toContain("SIP/2.0 200 OK");
    expect(crossings.of("in", "OPTIONS").map(({ remote }) => remote.transport)).toEqual([transport]);
  });

  // With TLS 1.3 sipsak 0.9.8 takes the session ticket that comes first for a failure, and does not read on.
  test("OPTIONS over TLS 1.2, by GnuTLS", async () => {
    const { DEFAULT_MAX_VERSION: usual } = tls;
    onTestFinished(() => void (tls.DEFAULT_MAX_VERSION = usual));
    tls.DEFAULT_MAX_VERSION = "TLSv1.2";
    const { crossings, portOf } = await open();
    const { authority } = await certificateFiles();
    const run = sipsak(
      `-E tls --tls-ca-cert=${authority} -s sip:${DOMAIN} -p 127.0.0.1:${portOf("tls")} -vv`,
    );
    expect(await run.ended).toBe(0);
    expect(run.output).toContain("SIP/2.0 200 OK");
    expect(crossings.count("in", "OPTIONS").first).toBe(1);
  });

  test("REGISTER with digest by MD5", async () => {
    const { core, crossings, portOf } = await open();
    const run = sipsak(registration(portOf("udp")));
    expect(await run.ended).toBe(0);
    expect(core.bindingsOf(`sip:alice@${DOMAIN}`).map(({ contact }) => contact.uri)).toEqual([
      "sip:alice@127.0.0.1:9",
    ]);
    expect(crossings.count("out", 401).first).toBe(1);
  });

  test("a challenge for SHA-256 alone is too much for it", async () => {
    const { core, portOf } = await open(["SHA-256"]);
    const run = sipsak(registration(portOf("udp")));
    expect(await run.ended).not.toBe(0);
    expect(run.output).toContain("unsupported authentication algorithm");
    expect(core.isRegistered(`sip:alice@${DOMAIN}`)).toBe(false);
  });

  // `-M` ends with a segmentation fault in Debian's build, so the MESSAGE is given to it as a file.
  test.each(["udp", "tcp"] as const)("MESSAGE over %s", async (transport) => {
    const { crossings, portOf } = await open();
    const file = path.join(scratchFolder(), "message");
    const lines = [
      `MESSAGE sip:alice@${DOMAIN} SIP/2.0`,
      `From: <sip:stranger@${DOMAIN}>;tag=1`,
      `To: <sip:alice@${DOMAIN}>`,
      "Call-ID: from-a-file",
      "CSeq: 1 MESSAGE",
      "Max-Forwards: 70",
      "Content-Type: text/plain",
      "Content-Length: 5",
    ];
    writeFileSync(file, `${lines.join("\r\n")}\r\n\r\nhello`);
    const run = sipsak(`-E ${transport} -f ${file} -L -s sip:alice@127.0.0.1:${portOf(transport)} -vv`);
    // Who is not registered may not send.
    expect(await run.ended).toBe(1);
    expect(run.output).toContain("SIP/2.0 403 Not Registered");
    expect(crossings.count("in", "MESSAGE")).toEqual({ first: 1, again: 0 });
  });

  test("a core that was flooded, and sent spoiled requests, is still there", async () => {
    const { crossings, portOf } = await open();
    const target = `-s sip:${DOMAIN} -p 127.0.0.1:${portOf("udp")}`;
    expect(await sipsak(`-F -e 200 ${target}`).ended).toBe(0);
    // Each ends when a request of which too much is spoiled to be answered went out three times.
    const spoiling = Array.from({ length: 4 }, () => sipsak(`-R -t 40 ${target}`));
    await Promise.all(spoiling.map(({ ended }) => ended));
    expect(spoiling.map(({ output }) => output)).toEqual(
      spoiling.map(() => expect.stringContaining("without getting a response")),
    );
    expect(crossings.all.filter(({ direction }) => direction === "in").length).toBeGreaterThan(
      3 * spoiling.length,
    );
    expect(await sipsak(target).ended).toBe(0);
  });
});
