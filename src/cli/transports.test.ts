/** The bundled reference tested over TCP, TLS and IP version 6, in processes of their own. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findRun, loadRun } from "../run/recorded-run.ts";
import { freePort } from "../run/testdata/hostile-run.ts";
import { PROJECT_ROOT } from "../spec/project-root.ts";
import { REFERENCE_FILE } from "./project.ts";

const folder = mkdtempSync(path.join(tmpdir(), "scrim-transports-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The ports of the reference file; the one for TLS is the next after the core's. */
const PORTS = ["15060", "15070", "15080", "15091", "15092"];

interface Place {
  readonly name: string;
  readonly transport: "udp" | "tcp" | "tls";
  readonly bind: string;
  readonly advertised: string;
  /** What the SUT file calls the server's host; default: the advertised address. */
  readonly server?: string;
  /** Certificates of an authority, in files, and what is asked of them. */
  readonly tls?: string;
}

async function sutFile({ name, transport, bind, advertised, server = advertised }: Place): Promise<string> {
  let text = readFileSync(REFERENCE_FILE, "utf8")
    .replaceAll("transport: udp", `transport: ${transport}`)
    .replace("bind: 127.0.0.1", `bind: "${bind}"\n  advertised: "${advertised}"`)
    // Whatever else this machine does meanwhile.
    .replace("actionMs: 3000, notifyMs: 2000", "actionMs: 20000, notifyMs: 20000")
    .replaceAll("@127.0.0.1:", server.includes(":") ? `@[${server}]:` : `@${server}:`);
  for (const port of PORTS) text = text.replaceAll(port, String(await freePort()));
  text = text.replace("\nxdm:", `\ntls: { port: ${await freePort()} }\n\nxdm:`);
  const file = path.join(folder, `${name}.yaml`);
  writeFileSync(file, text);
  return file;
}

async function scrim(...args: readonly string[]): Promise<{ status: number | null; said: string }> {
  const program = path.join(PROJECT_ROOT, "bin", "scrim.mjs");
  const child = spawn(process.execPath, [program, ...args], {
    cwd: PROJECT_ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => said.push(data));
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, said: Buffer.concat(said).toString("utf8") };
}

/** Makes certificates for the SUT file, and names them there. */
async function certificates(file: string, entries: string): Promise<void> {
  const to = path.join(folder, "certificates");
  const { status } = await scrim("certificates", to, "--sut", file);
  expect(status).toBe(0);
  const at = (name: string): string => path.join(to, name);
  const files = `certificate: ${at("scrim.pem")}, key: ${at("scrim.key")}, ca: ${at("authority.pem")}`;
  writeFileSync(file, readFileSync(file, "utf8").replace("tls: {", `tls: { ${files}, ${entries},`));
}

const LOOPBACK = { bind: "127.0.0.1", advertised: "127.0.0.1" } as const;

const PLACES: readonly Place[] = [
  { name: "tcp", ...LOOPBACK, transport: "tcp" },
  { name: "tls", ...LOOPBACK, transport: "tls" },
  { name: "mutual-tls", ...LOOPBACK, transport: "tls", tls: "mutual: true, verify: identity" },
  { name: "udp-ipv6", transport: "udp", bind: "::1", advertised: "::1" },
  { name: "tls-ipv6", transport: "tls", bind: "::1", advertised: "::1" },
  { name: "server-by-name", ...LOOPBACK, transport: "udp", server: "localhost" },
  { name: "every-address", transport: "udp", bind: "0.0.0.0", advertised: "127.0.0.1" },
];

/** Copies of an exploded message, and what a client sends: a server and a client under test. */
const SELECTED = ["8.3.2.1-6", "8.2.1-resp-1"];

describe("the reference", { timeout: 300_000 }, () => {
  it.each(PLACES)("conforms at $name", async (place) => {
    const out = path.join(folder, `run-${place.name}`);
    const file = await sutFile(place);
    if (place.tls !== undefined) await certificates(file, place.tls);
    const { status, said } = await scrim("start", "--sut", file, "--out", out, ...SELECTED);
    expect({ status, said }).toEqual({
      status: 0,
      said: expect.stringContaining("No nonconformity found.") as unknown,
    });
    const messages = (await loadRun(findRun(out, folder))).events.flatMap((event) =>
      event.type === "crossed" && event.protocol === "sip" && event.peerIsSut ? [event] : [],
    );
    expect(messages.length).toBeGreaterThan(20);
    // RFC 3261 18.1.1: what is large leaves UDP.
    const others = messages.filter(({ transport }) => transport !== place.transport);
    expect(others.every(({ transport }) => place.transport === "udp" && transport === "tcp")).toBe(true);
    const texts = messages.map(({ bytes }) => ("text" in bytes ? bytes.text : ""));
    expect(texts.filter((text) => text.includes("0.0.0.0"))).toEqual([]);
    const { advertised, server = advertised } = place;
    const faces = [advertised, server].map((host) => (host.includes(":") ? `[${host}]:` : `${host}:`));
    expect(texts.filter((text) => !faces.some((face) => text.includes(face)))).toEqual([]);
  });
});
