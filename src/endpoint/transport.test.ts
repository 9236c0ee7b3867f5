import { describe, expect, it } from "vitest";
import type { Hop } from "../net/network.ts";
import { viaOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { answering, createWorld, newRequest, outcomeOf, pairOf, rawMessage, tcp, udp } from "./testdata.ts";

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
    const [a, b] = await pairOf(world);
    await outcomeOf(world, a, newRequest("MESSAGE"), tcp("b"));
    await outcomeOf(world, a, newRequest("MESSAGE"), tcp("b"));
    const sources = (): Set<string> => new Set(world.ladder("B").filter((line) => line.includes("<")));
    expect(sources()).toEqual(new Set(["B < a:20000/tcp MESSAGE"]));
    await b.close();
    await world.run();
    const again = await world.endpoint("B", "b");
    again.onRequest(answering(200));
    expect((await outcomeOf(world, a, newRequest("MESSAGE"), tcp("b"))).outcome).toBe(200);
    expect(sources().size).toBe(2);
  });

  it("that came in are used for requests to where they came from", async () => {
    const world = createWorld();
    const [a, b] = await pairOf(world);
    a.onRequest(answering(200));
    await outcomeOf(world, a, newRequest("MESSAGE"), tcp("b"));
    const [first] = world.crossings.filter(({ node }) => node === "B");
    expect(first!.remote.port).not.toBe(5060);
    expect((await outcomeOf(world, b, newRequest("MESSAGE"), first!.remote)).outcome).toBe(200);
    expect(world.ladder("A").slice(2)).toEqual(["A < b:5060/tcp MESSAGE", "A > b:5060/tcp 200"]);
  });

  it("are not used again once what came on them could not be read", async () => {
    const world = createWorld();
    const [a] = await pairOf(world);
    const accepted: string[] = [];
    await world.network.listen("tcp", { host: "noisy", port: 5060 }, (connection) => {
      accepted.push("connection");
      connection.send(Buffer.from("what is this\r\n\r\n"));
    });
    for (let i = 0; i < 2; i++) {
      a.send(newRequest("MESSAGE"), { to: tcp("noisy") });
      await world.run(() => world.crossings.filter(({ error }) => error !== undefined).length > i);
    }
    expect(accepted.length).toBe(2);
    expect(world.mistakes).toEqual([]);
  });

  it("a response finds its way when the connection of the request is gone (18.2.2)", async () => {
    const world = createWorld();
    const [, b] = await pairOf(world, (incoming) =>
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

describe("responses over UDP (RFC 3261 18.2.2, RFC 3581)", () => {
  it.each([
    ["to the source address at the port of sent-by", "SIP/2.0/UDP elsewhere:5070;branch=z9hG4bK1", 5070],
    ["to the source port where rport asks", "SIP/2.0/UDP elsewhere:5070;rport;branch=z9hG4bK1", 6000],
  ])("%s", async (_name, via, port) => {
    const world = createWorld();
    await pairOf(world);
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
