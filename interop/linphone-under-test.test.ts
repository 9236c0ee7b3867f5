/**
 * linphonec as the IM Client under test, driven by `drive-linphone.ts`: a client of the field that was never meant for OMA SIMPLE IM. What Scrim finds
 * of it is what is known of it, and nothing is found where it follows the RFCs.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { inOrder } from "../src/run/recorded-run.ts";
import { readRunBytes } from "../src/trace/ndjson.ts";
import { areMissing, peer } from "./peers.ts";
import { freePort } from "./ports.ts";
import { scratchFolder, startForTest } from "./processes.ts";

const ROOT = path.dirname(import.meta.dirname);
const SCENARIO = "features/B.3.1/sending-messages.feature:8";
/** `scrim run` when something does not conform. */
const NONCONFORMING = 1;

async function sutFile(folder: string): Promise<string> {
  const port = await freePort();
  const account = { user: "alice", password: "secret", domain: "home.example", transport: "udp", port };
  const driver = JSON.stringify({ program: peer("linphone").program, ...account, algorithm: "MD5" });
  const sut = {
    scrim: 1,
    identification: { product: "linphonec", version: peer("linphone").version, vendor: "-", tester: "-" },
    ics: { claimed: [], denied: [] },
    core: { bind: "127.0.0.1", port, homeDomain: "home.example" },
    xdm: { port: await freePort() },
    client: {
      trigger: {
        kind: "stdio",
        command: process.execPath,
        args: ["--import", "tsx", path.join(import.meta.dirname, "drive-linphone.ts"), driver],
        timeoutMs: 20_000,
      },
      user: "sip:alice@home.example",
      transport: "udp",
      conferenceFactory: "sip:conference-factory@home.example",
    },
    users: [
      { impu: "sip:alice@home.example", impi: "alice@home.example", password: "secret" },
      ...["bob", "carol", "dave"].map((name) => ({ impu: `sip:${name}@home.example` })),
    ],
    groups: [{ uri: "sip:group-1@home.example" }],
    guards: { responseMs: 10_000, quietMs: 500, actionMs: 8000, notifyMs: 5000, scenarioMs: 60_000 },
  };
  const file = path.join(folder, "sut.yaml");
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(sut));
  return file;
}

/** Verdicts by statement, those about Scrim left out. */
function findingsIn(record: Uint8Array): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const event of inOrder(readRunBytes(record)))
    if (event.type === "finding" && event.blame === "sut")
      (found[event.verdict] ??= []).push(event.statement);
  return Object.fromEntries(
    Object.entries(found).map(([verdict, ids]) => [verdict, [...new Set(ids)].toSorted()]),
  );
}

describe.skipIf(areMissing("linphone"))("linphonec under test", () => {
  test("is driven, and judged for what it is", async () => {
    const folder = scratchFolder();
    const out = path.join(folder, "run");
    const scrim = startForTest(process.execPath, {
      args: [
        path.join(ROOT, "bin", "scrim.mjs"),
        "run",
        "--sut",
        await sutFile(folder),
        SCENARIO,
        "--out",
        out,
      ],
      limitMs: 110_000,
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    });
    expect([await scrim.ended, scrim.output]).toEqual([NONCONFORMING, expect.any(String)]);
    const { fail, pass } = findingsIn(readFileSync(path.join(out, "run.ndjson")));
    // No feature tag, no Require: pref, no release in User-Agent, no settings.
    expect(fail).toEqual(["5.2.1-2", "5.2.1-3", "5.2.1-4", "5.2.2-3", "5.2.3-1", "F.1-p2b"]);
    expect(pass).toEqual(expect.arrayContaining(["5.2.1-5", "5.2.2-2", "SIP-headers", "SIP-mandatory"]));
  });
});
