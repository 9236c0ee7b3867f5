/** tshark reads what Scrim wrote: the same messages in the same order, saying the same. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createMsrpEndpoint } from "../src/endpoint/msrp/msrp-endpoint.ts";
import { encodeBytes } from "../src/trace/bytes.ts";
import type { TraceEvent } from "../src/trace/event.ts";
import { readRunBytes } from "../src/trace/ndjson.ts";
import { pcapngOf } from "../src/trace/pcapng.ts";
import { readMsrpStream } from "../src/wire/msrp/frame.ts";
import { serializeMsrp } from "../src/wire/msrp/serialize.ts";
import { sipRequest, sipResponse } from "../src/wire/sip/build.ts";
import type { SipRequest } from "../src/wire/sip/message.ts";
import { areMissing } from "./peers.ts";
import { freePort } from "./ports.ts";
import { scratchFolder, startForTest } from "./processes.ts";
import { readingsOfScrim } from "./reading.ts";
import { recordTrace, type Recording } from "./recording.ts";
import { networkWithTls, openEndpoint, surroundings } from "./scrim-side.ts";
import { readingsOfTshark } from "./tshark.ts";

const ROOT = path.dirname(import.meta.dirname);

/** The bundled reference on ports that nobody else has. */
async function sutFileOnFreePorts(folder: string): Promise<string> {
  const bundled = readFileSync(path.join(ROOT, "scenarios/sut/reference.yaml"), "utf8");
  let text = bundled;
  for (const port of new Set(bundled.match(/\b15\d{3}\b/gu)))
    text = text.replaceAll(port, String(await freePort()));
  const file = path.join(folder, "reference.yaml");
  writeFileSync(file, text);
  return file;
}

describe.skipIf(areMissing("tshark"))("tshark", () => {
  test(
    "finds every message of a whole run, in order, and reads the same in it",
    { timeout: 600_000 },
    async () => {
      const folder = scratchFolder();
      const out = path.join(folder, "run");
      const args = [
        path.join(ROOT, "bin/scrim.mjs"),
        "start",
        "--sut",
        await sutFileOnFreePorts(folder),
        "--out",
        out,
      ];
      const run = startForTest(process.execPath, { args, limitMs: 500_000 });

      // What the run makes of the reference is for other tests; on a slow machine a scenario may time out.
      await run.ended;
      const { events, complete } = readRunBytes(readFileSync(path.join(out, "run.ndjson")));
      if (!complete) throw new Error(run.output);
      const ours = readingsOfScrim(events);
      const theirs = await readingsOfTshark(pcapngOf(events));
      expect(ours.filter(({ protocol }) => protocol === "sip").length).toBeGreaterThan(3000);
      expect(ours.filter(({ protocol }) => protocol === "http").length).toBeGreaterThan(100);
      expectSame(theirs, ours);
    },
  );

  test.each([
    ["MSRP over TCP", "127.0.0.1", "tcp"],
    ["MSRP over TCP and IPv6", "::1", "tcp"],
    ["MSRP over TLS", "127.0.0.1", "tls"],
  ] as const)("reads %s on ports that it does not know", async (_, host, transport) => {
    const { events } = await msrpConversation(host, transport);
    const ours = readingsOfScrim(events);
    const methods = ours.map(({ fields }) =>
      (fields["msrp.method"] ?? fields["msrp.status.code"] ?? []).join(),
    );
    expect(new Set(methods)).toEqual(new Set(["SEND", "REPORT", "200", "413"]));
    expect(new Set(ours.flatMap(({ fields }) => fields["msrp.cnt.flg"] ?? []))).toEqual(
      new Set(["+", "$", "#"]),
    );
    expectSame(await readingsOfTshark(pcapngOf(events)), ours);
  });

  test.each(["127.0.0.1", "::1"])("reads SIP over TLS between ends at %s", async (host) => {
    const { events } = await sipOverTls(host);
    const ours = readingsOfScrim(events);
    expect(ours.map(({ fields }) => fields["sip.Status-Code"]?.[0] ?? fields["sip.Method"]?.[0])).toEqual([
      "MESSAGE",
      "200",
    ]);
    expectSame(await readingsOfTshark(pcapngOf(events)), ours);
  });

  test("reads the conforming messages of the MSRP torture corpus", async () => {
    const events = corpusEvents();
    const ours = readingsOfScrim(events);
    expect(ours.length).toBeGreaterThan(40);
    expectSame(await readingsOfTshark(pcapngOf(events)), ours);
  });
});

const PLAIN = "text/plain";

/** Two ends that exchange a short message, a long one in chunks with a report, and one that is refused while it comes. */
async function msrpConversation(host: string, transport: "tcp" | "tls"): Promise<Recording> {
  const recording = recordTrace(["alice", "bob"]);
  const [alice, bob] = await Promise.all(
    ["alice", "bob"].map(async (name) => {
      const listen = [{ host, port: 0, transport }];
      const network = await networkWithTls();
      const endpoint = await createMsrpEndpoint({
        ...surroundings,
        network,
        name,
        listen,
        tap: recording.tap,
      });
      onTestFinished(() => endpoint.close());
      return endpoint.session({ transport, maxSize: 400_000 });
    }),
  );
  if (alice === undefined || bob === undefined) throw new Error("no sessions");
  const reported = new Promise<void>((resolve) => alice.onReport(() => resolve()));
  bob.onMessage(() => undefined);
  bob.connect(alice.localPath, { role: "passive" });
  alice.connect(bob.localPath);
  await alice.send("hello Bob", { contentType: PLAIN }).done;
  await alice.send(Buffer.alloc(100_000, "text "), {
    contentType: PLAIN,
    successReport: true,
    chunkOctets: 2048,
  }).done;
  await reported;
  await alice.send(Buffer.alloc(20_000_000, "more "), { contentType: PLAIN }).done;
  // Behind the end-line of what was given up.
  await alice.send("hello again", { contentType: PLAIN }).done;
  return recording;
}

async function sipOverTls(host: string): Promise<Recording> {
  const recording = recordTrace(["alice", "bob"]);
  const [alice, bob] = [
    await openEndpoint(host, { name: "alice", tap: recording.tap }),
    await openEndpoint(host, { name: "bob", tap: recording.tap }),
  ];
  bob.endpoint.onRequest((incoming) => incoming.respond(sipResponse(incoming.message, 200)));
  await new Promise<void>((resolve, reject) => {
    alice.endpoint.send(messageTo(host), {
      to: bob.hop("tls"),
      onResponse: () => resolve(),
      onFailure: (reason) => reject(new Error(reason)),
    });
  });
  return recording;
}

function messageTo(host: string): SipRequest {
  const uri = `sip:bob@${host.includes(":") ? `[${host}]` : host}`;
  return sipRequest({
    method: "MESSAGE",
    uri,
    headers: [
      ["From", `"Alice" <sip:alice@home.example>;tag=a1`],
      ["To", `<${uri}>`],
      ["Call-ID", "c1@home.example"],
      ["CSeq", "7 MESSAGE"],
      ["Content-Type", PLAIN],
    ],
    body: Buffer.from("hello"),
  });
}

/** tshark takes a line of the body that begins with seven hyphens for the end-line, whatever follows. */
const MISREAD = ["good-body-is-msrp", "good-body-look-alikes", "good-body-prefixes", "good-body-restarts"];

/** Each message of each stream by itself, since one packet of an exported PDU is one message. */
function corpusEvents(): readonly TraceEvent[] {
  const recording = recordTrace(["alice", "bob"]);
  const folder = path.join(ROOT, "src/wire/msrp/testdata/cases");
  const [local, remote] = [40_001, 40_002].map((port) => ({
    host: "127.0.0.1",
    port,
    transport: "tcp" as const,
  }));
  if (local === undefined || remote === undefined) throw new Error("no ends");
  for (const file of readdirSync(folder).filter(isReadable)) {
    for (const outcome of readMsrpStream(readFileSync(path.join(folder, file)))) {
      if ("error" in outcome) continue;
      const { frame } = outcome;
      const crossing = {
        node: "alice",
        direction: "out",
        local,
        remote,
        protocol: "msrp",
        frame,
        begunAt: 0,
        at: 0,
      } as const;
      recording.tap({ ...crossing, bytes: encodeBytes(serializeMsrp(frame)) });
    }
  }
  return recording.events;
}

function isReadable(file: string): boolean {
  return file.startsWith("good-") && !MISREAD.some((name) => file.startsWith(`${name}.`));
}

/** The first differences say more than thousands of messages. */
function expectSame(theirs: readonly unknown[], ours: readonly unknown[]): void {
  const differ = ours.flatMap((reading, index) =>
    JSON.stringify(theirs[index]) === JSON.stringify(reading) ? [] : [index],
  );
  const first = differ.slice(0, 5);
  expect(first.map((index) => theirs[index])).toEqual(first.map((index) => ours[index]));
  expect([theirs.length, differ.length]).toEqual([ours.length, 0]);
}
