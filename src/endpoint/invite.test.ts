import { describe, expect, it } from "vitest";
import { sipRequest, sipResponse } from "../wire/sip/build.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import type { IncomingRequest } from "./incoming.ts";
import type { SipEndpoint } from "./sip-endpoint.ts";
import { answering, createWorld, newRequest, outcomeOf, tcp, udp, type World } from "./testdata.ts";

async function called(world: World, respond: (incoming: IncomingRequest) => void): Promise<SipEndpoint> {
  const a = await world.endpoint("A", "a");
  (await world.endpoint("B", "b")).onRequest(respond);
  return a;
}

/** What A sees when it calls B and B does `respond`. */
async function callerLadder(
  respond: (incoming: IncomingRequest, world: World) => void,
  to = udp("b"),
): Promise<string[]> {
  const world = createWorld();
  const a = await called(world, (incoming) => respond(incoming, world));
  await outcomeOf(world, a, newRequest("INVITE"), to);
  await world.run();
  return world.ladder("A");
}

const later = (world: World, ms: number, act: () => void): void =>
  void world.clock.callAt(world.clock.now() + ms, act);

describe("INVITE", () => {
  it("refused over UDP: the transaction acknowledges", async () => {
    expect(await callerLadder(answering(486))).toEqual([
      "A > b:5060/udp INVITE",
      "A < b:5060/udp 486",
      "A > b:5060/udp ACK",
    ]);
  });

  it("refused over TCP", async () => {
    expect(await callerLadder(answering(603), tcp("b"))).toEqual([
      "A > b:5060/tcp INVITE",
      "A < b:5060/tcp 603",
      "A > b:5060/tcp ACK",
    ]);
  });

  it("a silent user gets a 100 sent for it after 200 ms", async () => {
    const world = createWorld();
    const a = await called(world, (incoming) => later(world, 5000, () => answering(486)(incoming)));
    expect(await outcomeOf(world, a, newRequest("INVITE"), udp("b"))).toMatchObject({
      outcome: 486,
      provisional: [100],
    });
    expect(world.crossings.find(({ node, direction }) => node === "B" && direction === "out")?.at).toBe(
      (world.crossings[0]?.at ?? 0) + 1 + 200,
    );
  });

  it("a refusal is repeated until its ACK comes, and the ACK with it", async () => {
    const world = createWorld({ seed: 2, loss: 0.3, delay: [10, 700] });
    const a = await called(world, answering(486));
    const outcomes: (number | string)[] = [];
    for (let i = 0; i < 20; i++) {
      a.send(newRequest("INVITE"), {
        to: udp("b"),
        onResponse: ({ status }) => status >= 200 && outcomes.push(status),
        onFailure: (reason) => outcomes.push(reason),
      });
    }
    await world.run();
    expect(outcomes).toEqual(Array.from({ length: 20 }, () => 486));
    const count = (line: string): number => world.ladder().filter((found) => found === line).length;
    expect(count("A > b:5060/udp ACK")).toBe(20);
    expect(count("A > b:5060/udp ACK (again)")).toBeGreaterThan(0);
    expect(count("B > a:5060/udp 486 (again)")).toBeGreaterThan(0);
    expect(count("B < a:5060/udp ACK (again)")).toBeGreaterThan(0);
    expect(world.mistakes).toEqual([]);
  });

  it("accepted: the user acknowledges, and the ACK reaches the user", async () => {
    const world = createWorld();
    const acks: string[] = [];
    const a = await called(world, (incoming) => {
      if (incoming.message.method !== "ACK") return answering(200)(incoming);
      acks.push(`${header(incoming.message, "To")} answered ${incoming.answered}`);
      // Nothing may answer an ACK.
      incoming.respond(sipResponse(incoming.message, 200));
    });
    const invite = newRequest("INVITE");
    const accepted = await new Promise<SipResponse>((resolve) => {
      a.send(invite, { to: udp("b"), onResponse: (response) => response.status >= 200 && resolve(response) });
      void world.run();
    });
    const copied = ["From", "Call-ID"].map((name) => [name, header(invite, name) ?? ""] as const);
    a.send(
      sipRequest({
        method: "ACK",
        uri: invite.uri,
        headers: [...copied, ["To", header(accepted, "To") ?? ""], ["CSeq", "1 ACK"]],
      }),
      { to: udp("b") },
    );
    await world.run();
    expect(acks).toEqual(["<sip:bob@example.org>;tag=bob answered true"]);
    expect(world.ladder("B")).toEqual(["B < a:5060/udp INVITE", "B > a:5060/udp 200", "B < a:5060/udp ACK"]);
  });

  it("nobody answers: given up after 32 s", async () => {
    const world = createWorld();
    const a = await world.endpoint("A", "a");
    expect(await outcomeOf(world, a, newRequest("INVITE"), udp("b"))).toMatchObject({
      outcome: "timeout",
      afterMs: 32_000,
    });
    expect(world.crossings.length).toBe(7);
  });
});

describe("CANCEL (RFC 3261 9)", () => {
  /** A calls, B does `respond`, A cancels after `afterMs`. */
  async function cancelled(
    respond: (incoming: IncomingRequest, world: World) => void,
    afterMs: number,
    method = "INVITE",
  ): Promise<string[]> {
    const world = createWorld();
    const a = await called(world, (incoming) => respond(incoming, world));
    const outgoing = a.send(newRequest(method), { to: udp("b") });
    later(world, afterMs, () => outgoing.cancel());
    later(world, afterMs + 1, () => outgoing.cancel());
    await world.run();
    expect(world.mistakes).toEqual([]);
    return world.ladder("A");
  }

  const rings = (incoming: IncomingRequest): void => incoming.respond(sipResponse(incoming.message, 180));
  const wayDown = ["A > b:5060/udp CANCEL", "A < b:5060/udp 200", "A < b:5060/udp 487", "A > b:5060/udp ACK"];

  it("of a call that rings gets 487", async () => {
    expect(await cancelled(rings, 100)).toEqual(["A > b:5060/udp INVITE", "A < b:5060/udp 180", ...wayDown]);
  });

  it("waits for a provisional response", async () => {
    const ladder = await cancelled((incoming, world) => later(world, 100, () => rings(incoming)), 10);
    expect(ladder).toEqual(["A > b:5060/udp INVITE", "A < b:5060/udp 180", ...wayDown]);
  });

  it("lets the user decide how", async () => {
    const ladder = await cancelled((incoming) => {
      rings(incoming);
      incoming.onCancel(() => answering(480)(incoming));
    }, 100);
    expect(ladder.slice(2)).toEqual(wayDown.map((line) => line.replace("487", "480")));
  });

  it("comes to nothing after a final response, or for another request than INVITE", async () => {
    expect(await cancelled(answering(200), 100)).toEqual(["A > b:5060/udp INVITE", "A < b:5060/udp 200"]);
    expect(await cancelled(() => undefined, 100, "MESSAGE")).not.toContain("A > b:5060/udp CANCEL");
  });

  it("of what is not known gets 481", async () => {
    const world = createWorld();
    const a = await called(world, answering(200));
    expect((await outcomeOf(world, a, newRequest("CANCEL"), udp("b"))).outcome).toBe(481);
  });
});
