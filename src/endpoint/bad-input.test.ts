import { array, assert, asyncProperty, constantFrom, nat, oneof, uint8Array } from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { createRealNetwork } from "../net/real/real-network.ts";
import { randomIds } from "../net/real/random-ids.ts";
import { realClock } from "../net/real/real-clock.ts";
import type { Hop } from "../net/network.ts";
import type { WireCrossing } from "./crossing.ts";
import { badRequestFor } from "./salvage.ts";
import { createSipEndpoint } from "./sip-endpoint.ts";
import { answering, createWorld, newRequest, outcomeOf, tcp, udp } from "./testdata.ts";

const HEAD = [
  "Via: SIP/2.0/UDP c:5060;rport;branch=z9hG4bKbad",
  "From: <sip:c@x>;tag=1",
  "To: <sip:a@x>",
  "Call-ID: bad",
  "CSeq: 1 MESSAGE",
];

function text(start: string, fields: readonly string[], body = ""): string {
  return `${start}\r\n${fields.map((field) => `${field}\r\n`).join("")}\r\n${body}`;
}

const START = "MESSAGE sip:a@x SIP/2.0";

/** What comes, the error that the tap shows, and the status that goes back. */
const CASES: readonly (readonly [
  name: string,
  bytes: string,
  error: string | undefined,
  answer: number | undefined,
])[] = [
  ["noise", "\u0001\u0002\u0003 noise", "head-incomplete", undefined],
  ["another protocol", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "start-line", undefined],
  ["a head that does not end", text(START, HEAD).slice(0, -2), "head-incomplete", 400],
  [
    "less body than Content-Length says",
    text(START, [...HEAD, "Content-Length: 99"], "short"),
    "body-incomplete",
    400,
  ],
  [
    "a response with less body than it says",
    text("SIP/2.0 200 OK", [...HEAD, "Content-Length: 99"], "short"),
    "body-incomplete",
    undefined,
  ],
  [
    "an ACK with less body than it says",
    text("ACK sip:a@x SIP/2.0", [...HEAD, "Content-Length: 99"], "short"),
    "body-incomplete",
    undefined,
  ],
  [
    "a Content-Length that is no number",
    text(START, [...HEAD, "Content-Length: many"]),
    "content-length-syntax",
    400,
  ],
  ["two lengths", text(START, [...HEAD, "Content-Length: 1", "l: 2"], "xx"), "content-length-conflict", 400],
  ["a line without colon", text(START, [...HEAD, "nonsense"]), "header-colon", 400],
  ["a header of 60 kB", text(START, [...HEAD, `X-Long: ${"x".repeat(60_000)}`]), "header-too-large", 400],
  [
    "a control character in a header it would have to send back",
    text(START, [...HEAD.slice(0, 3), "Call-ID: a\0b", "CSeq: 1 MESSAGE"]),
    "header-value",
    undefined,
  ],
  ["no Via", text(START, HEAD.slice(1)), undefined, undefined],
  ["a Via that cannot be read", text(START, ["Via: SIP/2.0", ...HEAD.slice(1)]), undefined, undefined],
  [
    "a Via that leads to no port",
    text(START, ["Via: SIP/2.0/UDP c:99999;branch=z9hG4bKx", ...HEAD.slice(1)]),
    undefined,
    200,
  ],
  ["no CSeq", text(START, HEAD.slice(0, 4)), undefined, 200],
  [
    "a body longer than Content-Length says",
    text(START, [...HEAD, "Content-Length: 2"], "much more"),
    undefined,
    200,
  ],
  ["a response to nothing", text("SIP/2.0 200 OK", HEAD), undefined, undefined],
];

describe("over UDP", () => {
  it.each(CASES)("%s", async (_name, bytes, error, answer) => {
    const world = createWorld();
    const a = await world.endpoint("A", "a");
    a.onRequest(answering(200));
    const socket = await world.network.bindUdp(udp("c"), () => undefined);
    socket.send(Buffer.from(bytes), udp("a"));
    await world.run();
    const [came, ...went] = world.crossings;
    expect(came?.error?.code).toBe(error);
    expect(Buffer.from(came?.bytes ?? []).toString()).toBe(bytes);
    expect(went.map(({ message }) => message?.kind === "response" && message.status)).toEqual(
      answer === undefined ? [] : [answer],
    );
    expect(world.mistakes).toEqual([]);
    const b = await world.endpoint("B", "b");
    expect((await outcomeOf(world, b, newRequest("MESSAGE"), udp("a"))).outcome).toBe(200);
  });

  it.each(["", "\r\n", "\r\n\r\n", "\0\0\0\0"])(
    "keeps still about %j, which keeps a path open",
    async (bytes) => {
      const world = createWorld();
      await world.endpoint("A", "a");
      (await world.network.bindUdp(udp("c"), () => undefined)).send(Buffer.from(bytes), udp("a"));
      await world.run();
      expect(world.crossings).toEqual([]);
    },
  );
});

describe("over TCP", () => {
  const good = text(START, [...HEAD.map((field) => field.replace("UDP", "TCP")), "Content-Length: 2"], "hi");

  /** Sends the pieces and closes; what A saw of it, and what came back. */
  async function stream(
    pieces: readonly string[],
    segmentBytes: number,
  ): Promise<{ seen: string[]; back: string; bytes: string[] }> {
    const world = createWorld({ segmentBytes });
    (await world.endpoint("A", "a")).onRequest(answering(200));
    const connection = world.network.connect("tcp", tcp("a"), "c");
    let back = "";
    connection.onData((data) => (back += Buffer.from(data).toString()));
    for (const piece of pieces) connection.send(Buffer.from(piece));
    await world.run();
    connection.close();
    await world.run();
    expect(world.mistakes).toEqual([]);
    const came = world.crossings.filter(({ direction }) => direction === "in");
    const what = came.map(
      ({ message, error }) => error?.code ?? (message?.kind === "request" ? message.method : "response"),
    );
    return { seen: what, back, bytes: came.map(({ bytes }) => Buffer.from(bytes).toString()) };
  }

  const broken = text(START, [...HEAD, "nonsense", "Content-Length: 4"], "skip");
  it.each<[string, string[], string[], number[]]>([
    [
      "two messages and keep-alives",
      ["\r\n\r\n", good, "\r\n\r\n", good.replace("bKbad", "bKtwo")],
      ["MESSAGE", "MESSAGE"],
      [200, 200],
    ],
    ["garbage", [`${"noise ".repeat(50)}\r\n\r\n`, good], ["start-line"], []],
    [
      "a bad message whose end is known, then a good one",
      [broken, good],
      ["header-colon", "MESSAGE"],
      [400, 200],
    ],
    ["no Content-Length", [text(START, HEAD), good], ["content-length-missing"], [400]],
    ["closed in the head", [good.slice(0, 60)], ["head-incomplete"], []],
    ["closed in the body", [good.slice(0, -1)], ["body-incomplete"], []],
    ["a good one, then closed in the body", [good, good.slice(0, -1)], ["MESSAGE", "body-incomplete"], [200]],
    ["a head without end", [`${START}\r\nX: ${"x".repeat(100_000)}`], ["head-too-large"], []],
  ])("%s", async (_name, pieces, seen, answers) => {
    for (const segmentBytes of [Infinity, 1000, 7]) {
      const result = await stream(pieces, segmentBytes);
      expect(result.seen).toEqual(seen);
      expect([...result.back.matchAll(/^SIP\/2\.0 (\d+)/gm)].map((match) => Number(match[1]))).toEqual(
        answers,
      );
    }
  });

  it("shows the bytes of what could not be read, and only these", async () => {
    const { bytes } = await stream(
      [good, "\r\n", broken, good.replace("bKbad", "bKtwo"), good.slice(0, 60)],
      Infinity,
    );
    expect(bytes).toEqual([good, broken, good.replace("bKbad", "bKtwo"), good.slice(0, 60)]);
  });
});

describe("anything at all", () => {
  const scraps = constantFrom(
    START,
    "\r\n",
    "\r\n\r\n",
    ...HEAD,
    "Content-Length: 5",
    "SIP/2.0 200 OK",
    ": ",
    ";",
    "\0",
  );
  const soup = array(
    oneof(
      scraps.map((scrap) => Buffer.from(scrap)),
      uint8Array({ maxLength: 20 }),
    ),
    { maxLength: 30 },
  );

  it("leaves an endpoint able to answer", async () => {
    await assert(
      asyncProperty(soup, nat(), async (parts, seed) => {
        const world = createWorld({ seed, segmentBytes: 40 });
        (await world.endpoint("A", "a")).onRequest(answering(200));
        const bytes = Buffer.concat(parts);
        (await world.network.bindUdp(udp("c"), () => undefined)).send(bytes, udp("a"));
        world.network.connect("tcp", tcp("a"), "c").send(bytes);
        await world.run();
        const b = await world.endpoint("B", "b");
        expect((await outcomeOf(world, b, newRequest("MESSAGE"), tcp("a"))).outcome).toBe(200);
        expect(world.mistakes).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("is answered with 400 or not at all", async () => {
    await assert(
      asyncProperty(soup, async (parts) => {
        expect([undefined, 400]).toContain(badRequestFor(Buffer.concat(parts), "tag")?.status);
      }),
      { numRuns: 300 },
    );
  });
});

describe("on real sockets", () => {
  it.each(["127.0.0.1", "::1"])(
    "a header of 10 MB, a stalled and a broken connection leave the endpoint at %s able to answer",
    async (host) => {
      const network = createRealNetwork();
      const mistakes: unknown[] = [];
      const listen: Hop[] = [udp(host, 0), tcp(host, 0)];
      const common = {
        network,
        clock: realClock,
        ids: randomIds(),
        listen,
        onHandlerError: (error: unknown) => mistakes.push(error),
      };
      const errors: string[] = [];
      let allSeen = (): void => undefined;
      const seen = new Promise<void>((resolve) => (allSeen = resolve));
      const tap = ({ error }: WireCrossing): void => {
        if (error !== undefined && errors.push(error.code) === 2) allSeen();
      };
      const a = await createSipEndpoint({ name: "A", ...common, tap });
      const b = await createSipEndpoint({ name: "B", ...common });
      onTestFinished(async () => {
        await Promise.all([a.close(), b.close()]);
      });
      a.onRequest(answering(200));
      const overUdp = a.hops[0]!;
      const overTcp = a.hops[1]!;
      expect(overUdp.port).toBe(overTcp.port);

      const flood = network.connect("tcp", overTcp);
      flood.send(Buffer.from(`${START}\r\nX-Flood: ${"x".repeat(10_000_000)}\r\n\r\n`));
      await new Promise<void>((resolve) => flood.onClose(() => resolve()));
      const stalled = network.connect("tcp", overTcp);
      stalled.send(Buffer.from(START));
      const cut = network.connect("tcp", overTcp);
      cut.send(Buffer.from(text(START, [...HEAD, "Content-Length: 99"], "short")));
      cut.close();

      const outcomes = await Promise.all(
        [overUdp, overTcp].map(
          (to) =>
            new Promise<number | string>((resolve) => {
              b.send(newRequest("MESSAGE"), {
                to,
                onResponse: ({ status }) => resolve(status),
                onFailure: resolve,
              });
            }),
        ),
      );
      expect(outcomes).toEqual([200, 200]);
      await seen;
      expect(errors.toSorted()).toEqual(["body-incomplete", "head-too-large"]);
      expect(mistakes).toEqual([]);
    },
  );
});
