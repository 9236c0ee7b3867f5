import { describe, expect, it } from "vitest";
import { sipResponse } from "../wire/sip/build.ts";
import { withHeader, withRequestUri } from "../wire/sip/edit.ts";
import { header, headerValues, vias } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import type { ForwardOptions } from "./forwarding.ts";
import type { IncomingRequest } from "./incoming.ts";
import type { SipEndpoint } from "./sip-endpoint.ts";
import { answering, createWorld, newRequest, outcomeOf, tcp, udp, type World } from "./testdata.ts";

/** A, a proxy P that forwards all to B, and B. */
async function chain(
  world: World,
  respond: (incoming: IncomingRequest) => void,
  how: Partial<ForwardOptions> = {},
): Promise<{ a: SipEndpoint; got: SipRequest[] }> {
  const got: SipRequest[] = [];
  const a = await world.endpoint("A", "a");
  const p = await world.endpoint("P", "p");
  const b = await world.endpoint("B", "b");
  p.onRequest((incoming) =>
    p.forward(incoming, withRequestUri(incoming.message, "sip:bob@b"), { to: udp("b"), ...how }),
  );
  b.onRequest((incoming) => {
    got.push(incoming.message);
    respond(incoming);
  });
  return { a, got };
}

function rings(incoming: IncomingRequest): void {
  incoming.respond(sipResponse(incoming.message, 180));
}

describe("forwarding (RFC 3261 16)", () => {
  it("puts a Via on top, counts Max-Forwards, and takes its Via off the response", async () => {
    const world = createWorld();
    const { a, got } = await chain(world, answering(202));
    let final: SipResponse | undefined;
    const sent = a.send(newRequest("MESSAGE"), {
      to: udp("p"),
      onResponse: (response) => (final = response),
    });
    await world.run(() => final !== undefined);
    expect(
      got.map((request) => [
        request.uri,
        vias(request).map(({ host }) => host),
        header(request, "Max-Forwards"),
      ]),
    ).toEqual([["sip:bob@b", ["p", "a"], "69"]]);
    expect(final && headerValues(final, "Via").length).toBe(1);
    expect(final && vias(final)[0]?.branch).toBe(vias(sent.request)[0]?.branch);
    expect(world.ladder("P")).toEqual([
      "P < a:5060/udp MESSAGE",
      "P > b:5060/udp MESSAGE",
      "P < b:5060/udp 202",
      "P > a:5060/udp 202",
    ]);
  });

  it("is reliable through loss on both sides, each request once", async () => {
    const world = createWorld({ seed: 5, loss: 0.25, delay: [1, 60] });
    const { a, got } = await chain(world, answering(200));
    const outcomes: (number | string)[] = [];
    for (let i = 0; i < 25; i++) {
      a.send(newRequest("MESSAGE"), {
        to: udp("p"),
        onResponse: ({ status }) => outcomes.push(status),
        onFailure: (reason) => outcomes.push(reason),
      });
    }
    await world.run();
    expect(outcomes).toEqual(Array.from({ length: 25 }, () => 200));
    expect(got.length).toBe(25);
  });

  it.each([
    ["0", 483, 0],
    ["1", 200, 1],
    ["nonsense", 483, 0],
  ])("Max-Forwards %s: %d", async (hops, outcome, reached) => {
    const world = createWorld();
    const { a, got } = await chain(world, answering(200));
    expect(
      (await outcomeOf(world, a, withHeader(newRequest("MESSAGE"), "Max-Forwards", hops), udp("p"))).outcome,
    ).toBe(outcome);
    expect(got.length).toBe(reached);
  });

  it("answers 408 where no response comes, and lets it be replaced", async () => {
    const world = createWorld();
    const finals: number[] = [];
    const { a } = await chain(world, () => undefined, {
      onFinal: (response) => {
        finals.push(response.status);
        return { ...response, status: 480, reason: "Nobody there" };
      },
    });
    // The caller has more patience than the proxy, or it would not hear of it.
    const patient = await world.endpoint("C", "c", { timers: { t1: 1000 } });
    expect(await outcomeOf(world, patient, newRequest("MESSAGE"), tcp("p"))).toMatchObject({
      outcome: 480,
      afterMs: 32_003,
    });
    expect(finals).toEqual([408]);
    await a.close();
  });

  it("answers 503 where the request cannot be sent", async () => {
    const world = createWorld();
    const reasons: string[] = [];
    const { a } = await chain(world, answering(200), {
      to: tcp("nobody"),
      onFailure: (reason) => reasons.push(reason),
    });
    expect((await outcomeOf(world, a, newRequest("MESSAGE"), udp("p"))).outcome).toBe(503);
    expect(reasons).toEqual(["transport"]);
  });

  it("relays provisional responses but 100, and each 2xx to an INVITE", async () => {
    const world = createWorld();
    const { a } = await chain(world, (incoming) => {
      const { message } = incoming;
      for (const status of [100, 180, 183]) incoming.respond(sipResponse(message, status));
      for (const toTag of ["one", "two"]) incoming.respond(sipResponse(message, 200, undefined, { toTag }));
    });
    const heard: number[] = [];
    a.send(newRequest("INVITE"), { to: udp("p"), onResponse: ({ status }) => heard.push(status) });
    await world.run();
    expect(heard).toEqual([180, 183, 200, 200]);
  });

  it("passes CANCEL on and 487 back", async () => {
    const world = createWorld();
    const { a } = await chain(world, rings);
    const heard: number[] = [];
    const outgoing = a.send(newRequest("INVITE"), {
      to: udp("p"),
      onResponse: ({ status }) => {
        heard.push(status);
        if (status === 180) outgoing.cancel();
      },
    });
    await world.run();
    expect(heard).toEqual([180, 487]);
    expect(world.ladder("B")).toEqual([
      "B < p:5060/udp INVITE",
      "B > p:5060/udp 180",
      "B < p:5060/udp CANCEL",
      "B > p:5060/udp 200",
      "B > p:5060/udp 487",
      "B < p:5060/udp ACK",
    ]);
  });

  it("ends a call that rings for ever with Timer C (16.8)", async () => {
    const world = createWorld();
    const { a } = await chain(world, rings);
    const outcome = await outcomeOf(world, a, newRequest("INVITE"), udp("p"));
    expect(outcome.outcome).toBe(487);
    expect(outcome.afterMs).toBeGreaterThan(180_000);
  });

  it("names the request that came in as the cause of what goes out", async () => {
    const world = createWorld();
    const causes: string[] = [];
    const p = await world.endpoint("P", "p", {
      edge: {
        send: (message, cause) => {
          causes.push(`${message.kind} because of ${cause && header(cause, "Call-ID")}`);
          return message;
        },
      },
    });
    p.onRequest((incoming) => p.forward(incoming, incoming.message, { to: udp("b") }));
    (await world.endpoint("B", "b")).onRequest(answering(200));
    const request = newRequest("MESSAGE");
    await outcomeOf(world, await world.endpoint("A", "a"), request, udp("p"));
    const id = header(request, "Call-ID");
    expect(causes).toEqual([`request because of ${id}`, `response because of ${id}`]);
  });
});
