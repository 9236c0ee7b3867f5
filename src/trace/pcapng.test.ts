import { describe, expect, it } from "vitest";
import { pcapngOf } from "./pcapng.ts";
import type { UnplacedEvent } from "./recorder.ts";
import { crossed, requestText, responseText, traceEvents } from "./testdata/events.ts";

interface Block {
  readonly type: number;
  readonly body: Buffer;
}

/** Reads a little-endian file block by block; fails where the two lengths of a block differ. */
function blocksOf(file: Uint8Array): readonly Block[] {
  const bytes = Buffer.from(file);
  const blocks: Block[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at + 4);
    expect(length % 4).toBe(0);
    expect(bytes.readUInt32LE(at + length - 4)).toBe(length);
    blocks.push({ type: bytes.readUInt32LE(at), body: bytes.subarray(at + 8, at + length - 4) });
    at += length;
  }
  return blocks;
}

function packetsOf(...events: readonly UnplacedEvent[]) {
  return blocksOf(pcapngOf(traceEvents(events)))
    .filter(({ type }) => type === 6)
    .map(({ body }) => {
      const length = body.readUInt32LE(12);
      const microseconds = body.readUInt32LE(4) * 2 ** 32 + body.readUInt32LE(8);
      const options = body.subarray(20 + Math.ceil(length / 4) * 4);
      return {
        node: body.readUInt32LE(0),
        microseconds,
        packet: body.subarray(20, 20 + length),
        originalLength: body.readUInt32LE(16),
        comment: options.length === 0 ? "" : options.toString("utf8", 4, 4 + options.readUInt16LE(2)),
      };
    });
}

const tcp = { transport: "tcp" } as const;
const sequenceOf = (packet: Buffer): readonly number[] => [packet.readUInt32BE(24), packet.readUInt32BE(28)];

describe("a capture", () => {
  it("begins with a section, then has an interface for each node of Scrim", () => {
    const blocks = blocksOf(
      pcapngOf(
        traceEvents([
          crossed("server", "core", "core", requestText()),
          crossed("alice", "core", "alice", requestText()),
        ]),
      ),
    );
    expect(blocks.map(({ type }) => type)).toEqual([0x0a0d0d0a, 1, 1, 6, 6]);
    expect(
      blocks
        .slice(1, 3)
        .map(({ body }) => [body.readUInt16LE(0), body.toString("utf8", 12, 12 + body.readUInt16LE(10))]),
    ).toEqual([
      [101, "core"],
      [101, "alice"],
    ]);
  });

  it("has each message once, at its time in microseconds, with the names of the nodes", () => {
    const text = requestText();
    const packets = packetsOf(
      crossed("alice", "core", "alice", text),
      crossed("alice", "core", "core", text),
      crossed("core", "server", "core", requestText({ branches: ["z9hG4bK-2"] }), {
        serverFunction: "originating",
      }),
    );
    expect(packets.map(({ microseconds, comment, node }) => [node, microseconds, comment])).toEqual([
      [0, 1_001_000, "alice -> core, event 1 (arrives as 2)"],
      [1, 1_003_000, "core -> server, event 3, function originating"],
    ]);
    expect(packets[0]?.packet.subarray(28).toString()).toBe(text);
  });

  it("holds times of this century", () => {
    const [event] = traceEvents([crossed("alice", "core", "core", requestText())]);
    const file = pcapngOf([{ ...event!, at: 1_700_000_000_123.456 }]);
    const body = blocksOf(file).find(({ type }) => type === 6)!.body;
    expect((BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8))).toBe(1_700_000_000_123_456n);
  });

  it("counts the bytes of a connection, each way", () => {
    const [request, response] = [requestText(), responseText("200 OK")];
    const packets = packetsOf(
      crossed("server", "core", "core", request, tcp),
      crossed("core", "server", "core", response, tcp),
      crossed("server", "core", "core", request, tcp),
    );
    expect(packets.map(({ packet }) => sequenceOf(packet))).toEqual([
      [1, 1],
      [1, 1 + request.length],
      [1 + request.length, 1 + response.length],
    ]);
  });

  it("spreads a long message over segments, and leaves a gap for what was not recorded", () => {
    const long = packetsOf(
      crossed(
        "server",
        "core",
        "core",
        requestText({ headers: [`X: ${"x".repeat(60_000)}`], body: "y".repeat(60_000) }),
        tcp,
      ),
    );
    expect(long).toHaveLength(2);
    const text = requestText({ body: "y".repeat(100_000) });
    const [head, tail] = packetsOf(crossed("server", "core", "core", text, tcp));
    const [sequence = 0] = sequenceOf(tail!.packet);
    expect(sequence + tail!.packet.length - 40).toBe(1 + text.length);
    expect(head!.comment).toContain("not recorded");
    expect(tail!.comment).toBe("");
  });

  it("says how long a datagram was that is not recorded whole", () => {
    const text = requestText({ body: "y".repeat(100_000) });
    const [packet] = packetsOf(crossed("server", "core", "core", text));
    expect(packet?.originalLength).toBe(28 + text.length);
    expect(packet?.packet.length).toBeLessThan(5_000);
  });

  it.each([
    ["core.virtual:5060", "bob.virtual:5060", "c6120001", "c6120002"],
    ["core.virtual:5060", "core.virtual:5070", "c6120001", "c6120001"],
    ["127.0.0.1:5060/udp", "10.0.0.1:1", "7f000001", "0a000001"],
    ["no port", "10.0.0.1:99999", "c6120001", "0a000001"],
  ])("gives %s and %s addresses", (local, remote, from, to) => {
    const [packet] = packetsOf(crossed("core", "server", "core", requestText(), { local, remote }));
    expect([packet?.packet.toString("hex", 12, 16), packet?.packet.toString("hex", 16, 20)]).toEqual([
      from,
      to,
    ]);
  });

  it("takes IPv6", () => {
    const [packet] = packetsOf(
      crossed("core", "server", "core", requestText(), { local: "[::1]:5060", remote: "[::1]:5080" }),
    );
    expect(packet?.packet.readUInt8(0)).toBe(0x60);
  });

  const options = (file: Uint8Array) =>
    blocksOf(file).flatMap(({ type, body }) => (type === 1 ? [body.readUInt16LE(0)] : []));

  it.each<[string, Parameters<typeof crossed>[4]]>([
    ["MSRP", { protocol: "msrp", transport: "tcp" }],
    ["SIP over TLS", { transport: "tls" }],
  ])("has %s as exported PDUs, on an interface of their link type", (_, more) => {
    const events = traceEvents([
      crossed("core", "server", "core", requestText()),
      crossed("core", "server", "core", "MSRP a SEND", more),
    ]);
    expect(options(pcapngOf(events))).toEqual([101, 252]);
    const [, exported] = packetsOf(
      crossed("core", "server", "core", requestText()),
      crossed("core", "server", "core", "MSRP a SEND", more),
    );
    const name = more?.protocol === "msrp" ? "msrp" : "sip";
    expect(exported?.packet.toString("latin1")).toBe(
      Buffer.concat([
        Buffer.from([0, 12, 0, name.length + 4 - (name.length % 4)]),
        Buffer.from(name.padEnd(name.length + 4 - (name.length % 4), "\0")),
        Buffer.from("001400047f000001001500047f000001", "hex"),
        Buffer.from("001800040000000200190004000013c4001a0004000013d8", "hex"),
        Buffer.alloc(4),
        Buffer.from("MSRP a SEND"),
      ]).toString("latin1"),
    );
  });

  it("has the ends of a long exported message, and IPv6 addresses", () => {
    const [packet] = packetsOf(
      crossed("core", "server", "core", `MSRP a SEND\r\n\r\n${"y".repeat(100_000)}\r\n-------a$\r\n`, {
        protocol: "msrp",
        transport: "tcp",
        local: "[::1]:5060",
      }),
    );
    expect(packet?.packet.toString("latin1")).toMatch(/MSRP a SEND\r\n\r\ny+\r\n-------a\$\r\n$/);
    expect(packet?.packet.toString("hex", 12, 16)).toBe("00160010");
    expect(packet?.packet.toString("hex", 32, 52)).toBe("0017001000000000000000000000ffff7f000001");
  });

  it("of nothing is a capture all the same", () => {
    expect(blocksOf(pcapngOf([])).map(({ type }) => type)).toEqual([0x0a0d0d0a]);
  });
});
