import { afterEach, describe, expect, it } from "vitest";
import type { Hop } from "../../net/network.ts";
import { header } from "../../wire/sip/headers.ts";
import { createRig, register, request, type Rig } from "./test-rig.ts";

const AT_ALICE: Hop = { host: "10.0.1.1", port: 5060, transport: "udp" };
const AT_BOB: Hop = { host: "10.0.1.2", port: 5060, transport: "udp" };

let rig: Rig;
afterEach(() => rig.close());

async function twoClientsAndServer() {
  rig = await createRig();
  const [alice, bob, server] = [
    await rig.party("alice", AT_ALICE),
    await rig.party("bob", AT_BOB),
    await rig.server(),
  ];
  await alice.ask(register("sip:alice@home.example", AT_ALICE));
  await bob.ask(register("sip:bob@home.example", AT_BOB));
  await rig.settle();
  server.received.length = 0;
  rig.crossings.length = 0;
  return { alice, bob, server };
}

describe("a MESSAGE from client to client", () => {
  it("passes the server once in each session case and reaches the binding", async () => {
    const { alice, bob, server } = await twoClientsAndServer();
    const response = await alice.ask(
      request("MESSAGE", "sip:bob@home.example", "sip:alice@home.example", [], { body: "hi" }),
    );
    expect(response?.status).toBe(200);
    expect(server.received.map(({ message }) => [message.method, message.uri])).toEqual([
      ["MESSAGE", "sip:bob@home.example"],
      ["MESSAGE", "sip:bob@home.example"],
    ]);
    expect(bob.received.map(({ message }) => message.uri)).toEqual(["sip:bob@10.0.1.2:5060"]);
    expect(header(bob.received[0]!.message, "P-Called-Party-ID")).toBe("<sip:bob@home.example>");
  });

  it("is annotated on both legs of each passage, requests and responses alike", async () => {
    const { alice } = await twoClientsAndServer();
    await alice.ask(request("MESSAGE", "sip:bob@home.example", "sip:alice@home.example"));
    const legs = rig.crossings.map(({ direction, message, annotation }) => [
      direction,
      message?.kind,
      annotation?.serverFunction,
      annotation?.passage,
    ]);
    const tokens = [...new Set(legs.map((leg) => leg[3]).filter((token) => token !== undefined))];
    expect(tokens).toHaveLength(2);
    const [first, second] = tokens;
    expect(legs).toEqual([
      ["in", "request", undefined, undefined],
      ["out", "request", "originating", first],
      ["in", "request", "originating", first],
      ["out", "request", "terminating", second],
      ["in", "request", "terminating", second],
      ["out", "request", undefined, undefined],
      ["in", "response", undefined, undefined],
      ["out", "response", "terminating", second],
      ["in", "response", "terminating", second],
      ["out", "response", "originating", first],
      ["in", "response", "originating", first],
      ["out", "response", undefined, undefined],
    ]);
  });
});
