import { describe, expect, it } from "vitest";
import type { Hop } from "../net/network.ts";
import { sipResponse } from "../wire/sip/build.ts";
import { withHeader } from "../wire/sip/edit.ts";
import { header, viaOf } from "../wire/sip/headers.ts";
import type { SipMessage, SipRequest } from "../wire/sip/message.ts";
import type { Edge } from "./crossing.ts";
import type { IncomingRequest } from "./incoming.ts";
import type { SipEndpoint } from "./sip-endpoint.ts";
import { answering, createWorld, newRequest, outcomeOf, tcp, udp, type World } from "./testdata.ts";

async function pair(
  world: World,
  respond: (incoming: IncomingRequest) => void = answering(200),
): Promise<[SipEndpoint, SipEndpoint]> {
  const a = await world.endpoint("A", "a");
  const b = await world.endpoint("B", "b");
  b.onRequest(respond);
  return [a, b];
}

describe("a MESSAGE", () => {
  it.each([
    [
      "UDP",
      udp("b"),
      ["A > b:5060/udp MESSAGE", "B < a:5060/udp MESSAGE", "B > a:5060/udp 200", "A < b:5060/udp 200"],
    ],
    [
      "TCP",
      tcp("b"),
      ["A > b:5060/tcp MESSAGE", "B < a:49152/tcp MESSAGE", "B > a:49152/tcp 200", "A < b:5060/tcp 200"],
    ],
  ])("crosses by %s", async (_name, to, ladder) => {
    const world = createWorld();
    const [a] = await pair(world);
    expect((await outcomeOf(world, a, newRequest("MESSAGE"), to)).outcome).toBe(200);
    expect(world.ladder()).toEqual(ladder);
    expect(world.mistakes).toEqual([]);
  });

  it("gets Via, Max-Forwards and Content-Length, and keeps what it has of them", async () => {
    const world = createWorld();
    const [a] = await pair(world);
    const sent = a.send(withHeader(newRequest("MESSAGE", "four"), "Max-Forwards", "3"), {
      to: udp("b"),
    }).request;
    expect(viaOf(sent)).toMatchObject({ transport: "UDP", host: "a", port: 5060 });
    expect(viaOf(sent)?.branch).toMatch(/^z9hG4bK[0-9a-z]{16}$/);
    expect([header(sent, "Max-Forwards"), header(sent, "Content-Length")]).toEqual(["3", "4"]);
    expect(header(a.send(newRequest("MESSAGE"), { to: udp("b") }).request, "Max-Forwards")).toBe("70");
  });

  it("names the advertised host", async () => {
    const world = createWorld();
    const a = await world.endpoint("A", "a", { advertisedHost: "alice.example.org" });
    expect(viaOf(a.send(newRequest("MESSAGE"), { to: udp("b") }).request)?.host).toBe("alice.example.org");
  });

  it("is repeated for 32 s when nobody answers", async () => {
    const world = createWorld();
    const a = await world.endpoint("A", "a");
    const { outcome, afterMs } = await outcomeOf(world, a, newRequest("MESSAGE"), udp("b"));
    expect([outcome, afterMs]).toEqual(["timeout", 32_000]);
    expect(world.ladder()).toEqual([
      "A > b:5060/udp MESSAGE",
      ...Array.from({ length: 10 }, () => "A > b:5060/udp MESSAGE (again)"),
    ]);
    expect(new Set(world.crossings.map(({ bytes }) => Buffer.from(bytes).toString())).size).toBe(1);
  });

  it("fails at once when the connection is refused", async () => {
    const world = createWorld();
    const a = await world.endpoint("A", "a");
    expect(await outcomeOf(world, a, newRequest("MESSAGE"), tcp("nobody"))).toMatchObject({
      outcome: "transport",
      afterMs: 1,
    });
  });
});

describe("loss, delay and reordering", () => {
  async function busy(
    seed: number,
  ): Promise<{ world: World; outcomes: (number | string)[]; handled: string[] }> {
    const world = createWorld({ seed, loss: 0.4, delay: [5, 300], reorder: 0.2 });
    const handled: string[] = [];
    const [a] = await pair(world, (incoming) => {
      handled.push(header(incoming.message, "Call-ID") ?? "");
      // An answer that takes its time, by way of a promise.
      void Promise.resolve().then(() =>
        world.clock.callAt(world.clock.now() + 700, () => answering(202)(incoming)),
      );
    });
    const outcomes: (number | string)[] = [];
    for (let i = 0; i < 40; i++) {
      a.send(withHeader(newRequest("MESSAGE"), "Call-ID", `busy-${i}`), {
        to: udp("b"),
        onResponse: ({ status }) => outcomes.push(status),
        onFailure: (reason) => outcomes.push(reason),
      });
    }
    await world.run();
    return { world, outcomes, handled };
  }

  it("do not keep a request from being handled and answered exactly once", async () => {
    const { world, outcomes, handled } = await busy(11);
    expect(outcomes).toEqual(Array.from({ length: 40 }, () => 202));
    expect(new Set(handled).size).toBe(40);
    expect(handled.length).toBe(40);
    const first = (line: string): number => world.ladder().filter((found) => found === line).length;
    expect(first("A > b:5060/udp MESSAGE")).toBe(40);
    expect(first("B < a:5060/udp MESSAGE")).toBe(40);
    expect(first("B > a:5060/udp 202")).toBe(40);
    expect(first("A < b:5060/udp 202")).toBe(40);
    expect(first("A > b:5060/udp MESSAGE (again)")).toBeGreaterThan(40);
    expect(first("B > a:5060/udp 202 (again)")).toBeGreaterThan(0);
  });

  it("are the same to the byte in two runs with one seed", async () => {
    const written = ({ world }: { world: World }): string =>
      world.crossings
        .map(
          (crossing) =>
            `${crossing.at} ${crossing.node} ${crossing.direction} ${Buffer.from(crossing.bytes).toString()}`,
        )
        .join("\n");
    const first = written(await busy(12));
    expect(written(await busy(12))).toBe(first);
    expect(written(await busy(13))).not.toBe(first);
  });
});

describe("size (RFC 3261 18.1.1)", () => {
  const large = newRequest("MESSAGE", "x".repeat(1300));
  it.each<[string, Partial<{ udpLimitBytes: number; listen: Hop[] }>, SipRequest, string]>([
    ["a large request goes over TCP", {}, large, "A > b:5060/tcp MESSAGE"],
    ["a small one stays", {}, newRequest("MESSAGE"), "A > b:5060/udp MESSAGE"],
    ["the limit can be lifted", { udpLimitBytes: Infinity }, large, "A > b:5060/udp MESSAGE"],
    ["the limit can be lowered", { udpLimitBytes: 100 }, newRequest("MESSAGE"), "A > b:5060/tcp MESSAGE"],
    ["without a TCP hop it stays", { listen: [udp("a")] }, large, "A > b:5060/udp MESSAGE"],
  ])("%s", async (_name, options, request, first) => {
    const world = createWorld();
    const a = await world.endpoint("A", "a", options);
    const b = await world.endpoint("B", "b");
    b.onRequest(answering(200));
    expect((await outcomeOf(world, a, request, udp("b"))).outcome).toBe(200);
    expect(world.ladder("A")[0]).toBe(first);
    const [sent] = world.crossings;
    expect(sent?.message && viaOf(sent.message)?.transport).toBe(first.includes("/tcp") ? "TCP" : "UDP");
  });

  it("turns back to UDP where TCP is refused", async () => {
    const world = createWorld();
    const a = await world.endpoint("A", "a");
    const b = await world.endpoint("B", "b", { listen: [udp("b")] });
    b.onRequest(answering(200));
    expect((await outcomeOf(world, a, large, udp("b"))).outcome).toBe(200);
    expect(world.ladder("A")).toEqual([
      "A > b:5060/tcp MESSAGE",
      "A > b:5060/udp MESSAGE",
      "A < b:5060/udp 200",
    ]);
  });
});

describe("connections", () => {
  it("are used again, and opened again after they ended", async () => {
    const world = createWorld({ segmentBytes: 50 });
    const [a, b] = await pair(world);
    await outcomeOf(world, a, newRequest("MESSAGE"), tcp("b"));
    await outcomeOf(world, a, newRequest("MESSAGE"), tcp("b"));
    const sources = (): Set<string> => new Set(world.ladder("B").filter((line) => line.includes("<")));
    expect(sources()).toEqual(new Set(["B < a:49152/tcp MESSAGE"]));
    await b.close();
    await world.run();
    const again = await world.endpoint("B", "b");
    again.onRequest(answering(200));
    expect((await outcomeOf(world, a, newRequest("MESSAGE"), tcp("b"))).outcome).toBe(200);
    expect(sources().size).toBe(2);
  });

  it("a response finds its way when the connection of the request is gone (18.2.2)", async () => {
    const world = createWorld();
    const [, b] = await pair(world, (incoming) =>
      world.clock.callAt(world.clock.now() + 100, () => answering(200)(incoming)),
    );
    const received: string[] = [];
    await world.network.listen("tcp", { host: "c", port: 5070 }, (connection) =>
      connection.onData((bytes) => received.push(Buffer.from(bytes).toString())),
    );
    const connection = world.network.connect("tcp", tcp("b"), "c");
    connection.send(Buffer.from(rawMessage("Via: SIP/2.0/TCP c:5070;branch=z9hG4bKraw")));
    connection.close();
    await world.run();
    expect(received.map((text) => text.split("\r\n")[0])).toEqual(["SIP/2.0 200 OK"]);
    await b.close();
  });
});

function rawMessage(via: string, body = ""): string {
  const fields = [
    via,
    "From: <sip:c@x>;tag=1",
    "To: <sip:b@x>",
    "Call-ID: raw",
    "CSeq: 1 MESSAGE",
    `Content-Length: ${body.length}`,
  ];
  return `MESSAGE sip:b@x SIP/2.0\r\n${fields.join("\r\n")}\r\n\r\n${body}`;
}

describe("responses over UDP (RFC 3261 18.2.2, RFC 3581)", () => {
  it.each([
    ["to the source address at the port of sent-by", "SIP/2.0/UDP elsewhere:5070;branch=z9hG4bK1", 5070],
    ["to the source port where rport asks", "SIP/2.0/UDP elsewhere:5070;rport;branch=z9hG4bK1", 6000],
  ])("%s", async (_name, via, port) => {
    const world = createWorld();
    await pair(world);
    const heard: number[] = [];
    for (const at of [5070, 6000]) {
      const socket = await world.network.bindUdp({ host: "nat", port: at }, () => heard.push(at));
      if (at === 6000) socket.send(Buffer.from(rawMessage(`Via: ${via}`)), udp("b"));
    }
    await world.run();
    expect(heard).toEqual([port]);
  });

  it("leave from the socket that was spoken to", async () => {
    const world = createWorld();
    const b = await world.endpoint("B", "b", { listen: [udp("b"), udp("b2")] });
    b.onRequest(answering(200));
    const a = await world.endpoint("A", "a");
    await outcomeOf(world, a, newRequest("MESSAGE"), udp("b2"));
    expect(world.ladder("A")).toEqual(["A > b2:5060/udp MESSAGE", "A < b2:5060/udp 200"]);
  });
});

describe("the edge", () => {
  const status = (message: SipMessage): number => (message.kind === "response" ? message.status : 0);
  it.each<[string, NonNullable<Edge["send"]>, number | string]>([
    [
      "may rewrite",
      (message) => (message.kind === "response" ? { ...message, status: 404, reason: "Not Found" } : message),
      404,
    ],
    ["may keep a message back", () => undefined, "timeout"],
    ["may send bytes", () => Buffer.from("SIP/2.0 200 OK\r\n\r\n"), "timeout"],
    ["may send several", (message) => [Buffer.from("\0\0\0\0"), message, message], 200],
  ])("%s", async (_name, send, outcome) => {
    const world = createWorld();
    const a = await world.endpoint("A", "a");
    const b = await world.endpoint("B", "b", { edge: { send } });
    b.onRequest(answering(200));
    expect((await outcomeOf(world, a, newRequest("MESSAGE"), udp("b"))).outcome).toBe(outcome);
  });

  it("is asked once for a message that is repeated, with its cause and where it goes", async () => {
    const world = createWorld();
    const asked: string[] = [];
    const edge: Edge = {
      send: (message, cause, to) => {
        asked.push(`${message.kind} ${status(message)} for ${cause?.method} to ${to.host}`);
        return withHeader(message, "X-Fault", String(asked.length));
      },
    };
    const a = await world.endpoint("A", "a", { edge });
    const cause = newRequest("INVITE");
    let failed = false;
    a.send(newRequest("MESSAGE"), { to: udp("b"), cause, onFailure: () => (failed = true) });
    await world.run(() => failed);
    expect(asked).toEqual(["request 0 for INVITE to b"]);
    expect(world.crossings.length).toBe(11);
    expect(new Set(world.crossings.map(({ message }) => message && header(message, "X-Fault")))).toEqual(
      new Set(["1"]),
    );
  });

  it("bytes are shown as they are, read where they can be", async () => {
    const world = createWorld();
    const a = await world.endpoint("A", "a");
    a.sendBytes(Buffer.from("no SIP"), udp("b"), { stimulus: "s1" });
    a.sendBytes(Buffer.from(rawMessage("Via: SIP/2.0/UDP a:5060;branch=z9hG4bK1")), udp("b"));
    expect(world.ladder()).toEqual(["A > b:5060/udp !head-incomplete", "A > b:5060/udp MESSAGE"]);
    expect(world.crossings[0]?.annotation).toEqual({ stimulus: "s1" });
  });
});

describe("annotations", () => {
  it("go with a request, its repetitions and its responses, and the sender's win", async () => {
    const world = createWorld();
    const a = await world.endpoint("A", "a", {
      annotate: () => ({ passage: "p0", serverFunction: "controlling" }),
    });
    const b = await world.endpoint("B", "b", {
      annotate: (message, direction) =>
        direction === "in" && message.kind === "request" ? { passage: "pB" } : undefined,
    });
    b.onRequest((incoming) =>
      incoming.respond(sipResponse(incoming.message, 200), { serverFunction: "terminating" }),
    );
    let done = false;
    a.send(newRequest("MESSAGE"), {
      to: udp("b"),
      stimulus: "s1",
      annotation: { passage: "p1" },
      onResponse: () => (done = true),
    });
    await world.run(() => done);
    expect(world.crossings.map(({ node, direction, annotation }) => [node, direction, annotation])).toEqual([
      ["A", "out", { passage: "p1", serverFunction: "controlling", stimulus: "s1" }],
      ["B", "in", { passage: "pB" }],
      ["B", "out", { passage: "pB", serverFunction: "terminating" }],
      ["A", "in", { passage: "p0", serverFunction: "controlling", stimulus: "s1" }],
    ]);
  });
});

describe("mistakes of users", () => {
  it.each([
    [
      "a handler that throws: 500",
      [
        () => {
          throw new Error("mine");
        },
      ],
      500,
      ["mine"],
    ],
    [
      "a handler that throws after it answered",
      [
        answering(200),
        () => {
          throw new Error("mine");
        },
      ],
      200,
      ["mine"],
    ],
    ["no handler: 503", [], 503, []],
  ])("%s", async (_name, handlers, outcome, mistakes) => {
    const world = createWorld();
    const a = await world.endpoint("A", "a");
    const b = await world.endpoint("B", "b");
    for (const handler of handlers) b.onRequest(handler);
    expect((await outcomeOf(world, a, newRequest("MESSAGE"), udp("b"))).outcome).toBe(outcome);
    expect(world.mistakes.map(String)).toEqual(mistakes.map((message) => `Error: ${message}`));
  });

  it("a callback, a tap or an edge that throws leaves the endpoint alive", async () => {
    const world = createWorld();
    const [a] = await pair(world);
    let thrown = 0;
    const c = await world.endpoint("C", "c", {
      tap: () => {
        thrown += 1;
        if (thrown % 3 === 0) throw new Error("tap");
      },
    });
    c.onRequest(answering(200));
    for (let i = 0; i < 4; i++) await outcomeOf(world, a, newRequest("MESSAGE"), udp("c"));
    a.send(newRequest("MESSAGE"), {
      to: udp("b"),
      onResponse: () => {
        throw new Error("callback");
      },
    });
    await world.run(() => world.mistakes.some((mistake) => String(mistake).includes("callback")));
    expect((await outcomeOf(world, a, newRequest("MESSAGE"), udp("b"))).outcome).toBe(200);
  });

  it("two answers to one request: the first counts", async () => {
    const world = createWorld();
    const [a] = await pair(world, (incoming) => {
      answering(200)(incoming);
      answering(500)(incoming);
    });
    expect((await outcomeOf(world, a, newRequest("MESSAGE"), udp("b"))).outcome).toBe(200);
    await world.run();
    expect(world.ladder("B")).toEqual(["B < a:5060/udp MESSAGE", "B > a:5060/udp 200"]);
  });
});

describe("closing", () => {
  it("stops repetitions, frees the ports, and shows what a peer left unfinished", async () => {
    const world = createWorld();
    const a = await world.endpoint("A", "a");
    a.send(newRequest("MESSAGE"), { to: udp("b") });
    const connection = world.network.connect("tcp", tcp("a"), "c");
    connection.send(Buffer.from("MESSAGE sip:a@x SIP/2.0\r\nVia: "));
    await world.run(undefined, world.clock.now() + 100);
    await a.close();
    await world.run();
    expect(world.ladder()).toEqual(["A > b:5060/udp MESSAGE", "A < c:49152/tcp !head-incomplete"]);
    await (await world.endpoint("A", "a")).close();
  });
});
