import { describe, expect, it } from "vitest";
import { sipResponse } from "../wire/sip/build.ts";
import { withHeader } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import type { Edge } from "./crossing.ts";
import { answering, createWorld, newRequest, outcomeOf, rawMessage, udp } from "./testdata.ts";

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
