import { describe, expect, it } from "vitest";
import { withHeader } from "../wire/sip/edit.ts";
import { header, viaOf } from "../wire/sip/headers.ts";
import { answering, createWorld, newRequest, outcomeOf, pairOf, tcp, udp, type World } from "./testdata.ts";

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
      ["A > b:5060/tcp MESSAGE", "B < a:20000/tcp MESSAGE", "B > a:20000/tcp 200", "A < b:5060/tcp 200"],
    ],
  ])("crosses by %s", async (_name, to, ladder) => {
    const world = createWorld();
    const [a] = await pairOf(world);
    expect((await outcomeOf(world, a, newRequest("MESSAGE"), to)).outcome).toBe(200);
    expect(world.ladder()).toEqual(ladder);
    expect(world.mistakes).toEqual([]);
  });

  it("gets Via, Max-Forwards and Content-Length, and keeps what it has of them", async () => {
    const world = createWorld();
    const [a] = await pairOf(world);
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
    const [a] = await pairOf(world, (incoming) => {
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
    const [a] = await pairOf(world);
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
    const [a] = await pairOf(world, (incoming) => {
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
    expect(world.ladder()).toEqual(["A > b:5060/udp MESSAGE", "A < c:20000/tcp !head-incomplete"]);
    await (await world.endpoint("A", "a")).close();
  });
});
