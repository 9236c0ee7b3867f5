/** Which way a request goes: over connections that stand, over TCP for its size, elsewhere when the first place fails. */
import { describe, expect, it } from "vitest";
import type { Hop } from "../net/network.ts";
import { createVirtualNet, type VirtualNet } from "../net/virtual/virtual-net.ts";
import { sipRequest, sipResponse } from "../wire/sip/build.ts";
import { withHeader } from "../wire/sip/edit.ts";
import { header, viaOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import type { Edge } from "./crossing.ts";
import { createSipEndpoint, type SipEndpoint, type SipEndpointOptions } from "./sip-endpoint.ts";

const A: Hop = { host: "10.0.0.1", port: 5060, transport: "udp" };
const B: Hop = { host: "10.0.0.2", port: 5060, transport: "udp" };
const C: Hop = { host: "10.0.0.3", port: 5060, transport: "udp" };
const NOBODY: Hop = { host: "10.0.0.9", port: 5060, transport: "udp" };

function over(transport: Hop["transport"], hop: Hop): Hop {
  return { ...hop, transport };
}

function message(method = "MESSAGE", body = ""): SipRequest {
  return sipRequest({
    method,
    uri: "sip:b@10.0.0.2",
    headers: [
      ["From", "<sip:a@x>;tag=1"],
      ["To", "<sip:b@x>"],
      ["Call-ID", "1"],
      ["CSeq", `1 ${method}`],
      ["Content-Type", "text/plain"],
    ],
    body: Buffer.from(body),
  });
}

interface Node {
  readonly endpoint: SipEndpoint;
  /** Each request: its method and the transport that it came over. */
  readonly got: string[];
  readonly requests: SipRequest[];
}

async function node(
  net: VirtualNet,
  listen: readonly Hop[],
  status = 200,
  more: Partial<SipEndpointOptions> = {},
): Promise<Node> {
  const got: string[] = [];
  const requests: SipRequest[] = [];
  const endpoint = await createSipEndpoint({ name: "n", ...net, listen, ...more });
  endpoint.onRequest((incoming) => {
    got.push(`${incoming.message.method} ${incoming.source.transport}`);
    requests.push(incoming.message);
    if (incoming.message.method !== "ACK") incoming.respond(sipResponse(incoming.message, status));
  });
  return { endpoint, got, requests };
}

/** Sends and waits for the end. */
async function sent(
  net: VirtualNet,
  endpoint: SipEndpoint,
  to: Hop,
  alternatives: readonly Hop[] = [],
  request = message(),
): Promise<{ outcome: string; afterMs: number }> {
  const start = net.clock.now();
  let outcome = "";
  endpoint.send(request, {
    to,
    alternatives,
    onResponse: ({ status }) => {
      if (status >= 200) outcome = String(status);
    },
    onFailure: (reason) => (outcome = reason),
  });
  await net.run(() => outcome !== "");
  return { outcome, afterMs: net.clock.now() - start };
}

describe("a request above 1300 bytes (RFC 3261 18.1.1)", () => {
  const large = message("MESSAGE", "x".repeat(1400));
  const both = [A, over("tcp", A)];

  it.each([
    ["goes over TCP", [B, over("tcp", B)], both, ["MESSAGE tcp"]],
    ["goes over UDP to a peer that refuses the connection", [B], both, ["MESSAGE udp"]],
    ["stays on UDP where the sender has no TCP", [B, over("tcp", B)], [A], ["MESSAGE udp"]],
  ])("%s", async (_name, theirs, ours, expected) => {
    const net = createVirtualNet({ seed: 1 });
    const b = await node(net, theirs);
    const a = await node(net, ours);
    expect((await sent(net, a.endpoint, B, [], large)).outcome).toBe("200");
    expect(b.got).toEqual(expected);
    const [request] = b.requests;
    expect(viaOf(request ?? large)?.transport).toBe(expected[0]?.split(" ")[1]?.toUpperCase());
  });

  it("an ACK that is large falls back too", async () => {
    const net = createVirtualNet({ seed: 1 });
    const b = await node(net, [B]);
    const a = await node(net, both);
    a.endpoint.send(message("ACK", "x".repeat(1400)), { to: B });
    await net.run();
    expect(b.got).toEqual(["ACK udp"]);
  });
});

describe("a request with alternatives (RFC 3263 4.3)", () => {
  it.each([
    ["a peer that takes no connection", over("tcp", NOBODY), "200", 0],
    ["a peer that never answers", NOBODY, "200", 32_000],
  ])("goes on after %s", async (_name, first, outcome, afterMs) => {
    const net = createVirtualNet({ seed: 1 });
    const c = await node(net, [C, over("tcp", C)]);
    const a = await node(net, [A, over("tcp", A)]);
    const result = await sent(net, a.endpoint, first, [C]);
    expect([result.outcome, c.got]).toEqual([outcome, ["MESSAGE udp"]]);
    expect(result.afterMs).toBeGreaterThanOrEqual(afterMs);
  });

  it("goes on after 503, with a branch of its own", async () => {
    const net = createVirtualNet({ seed: 1 });
    const b = await node(net, [B], 503);
    const c = await node(net, [C]);
    const a = await node(net, [A]);
    expect((await sent(net, a.endpoint, B, [C])).outcome).toBe("200");
    const branches = [b, c].map(({ requests }) => viaOf(requests[0] ?? message())?.params.get("branch"));
    expect(new Set(branches).size).toBe(2);
    expect([b, c].map(({ requests }) => header(requests[0] ?? message(), "CSeq"))).toEqual([
      "1 MESSAGE",
      "1 MESSAGE",
    ]);
  });

  it.each([
    ["the last 503 is the answer", 503, [], "503"],
    ["no other answer leads elsewhere", 486, [C], "486"],
  ])("%s", async (_name, status, alternatives, outcome) => {
    const net = createVirtualNet({ seed: 1 });
    await node(net, [B], status);
    const c = await node(net, [C]);
    const a = await node(net, [A]);
    expect((await sent(net, a.endpoint, B, alternatives)).outcome).toBe(outcome);
    expect(c.got).toEqual([]);
  });

  it("is not sent on once it is cancelled", async () => {
    const net = createVirtualNet({ seed: 1 });
    const c = await node(net, [C]);
    const a = await node(net, [A]);
    let failed = "";
    const outgoing = a.endpoint.send(message("INVITE"), {
      to: NOBODY,
      alternatives: [C],
      onFailure: (reason) => (failed = reason),
    });
    outgoing.cancel();
    await net.run(() => failed !== "");
    expect([failed, c.got]).toEqual(["timeout", []]);
  });
});

describe.each(["tcp", "tls"] as const)("connections over %s", (transport) => {
  /** How many connections were made on the net. */
  function counting(net: VirtualNet): { net: VirtualNet; count: () => number } {
    let connections = 0;
    const { network } = net;
    const counted: VirtualNet["network"] = {
      ...network,
      connect: (...how) => {
        connections += 1;
        return network.connect(...how);
      },
    };
    return { net: { ...net, network: counted }, count: () => connections };
  }

  it("are used again, in either direction", async () => {
    const { net, count } = counting(createVirtualNet({ seed: 1 }));
    const b = await node(net, [over(transport, B)]);
    const a = await node(net, [over(transport, A)]);
    for (let i = 0; i < 3; i++) await sent(net, a.endpoint, over(transport, B));
    expect([b.got.length, count()]).toEqual([3, 1]);
  });

  it("carry messages in pieces of any size", async () => {
    for (const segmentBytes of [1, 2, 3, 7, 61, 500]) {
      const net = createVirtualNet({ seed: segmentBytes, segmentBytes });
      const b = await node(net, [over(transport, B)]);
      const a = await node(net, [over(transport, A)]);
      const body = "\r\n\r\nSIP/2.0 200 OK\r\n\r\n";
      for (let i = 0; i < 3; i++)
        await sent(net, a.endpoint, over(transport, B), [], message("MESSAGE", body));
      expect(b.requests.map((request) => Buffer.from(request.body).toString())).toEqual([body, body, body]);
    }
  });

  it("are opened anew when they have ended", async () => {
    const { net, count } = counting(createVirtualNet({ seed: 1 }));
    const b = await node(net, [over(transport, B)]);
    const a = await node(net, [over(transport, A)]);
    await sent(net, a.endpoint, over(transport, B));
    a.endpoint.hangUp(over(transport, B));
    await net.run();
    expect((await sent(net, a.endpoint, over(transport, B))).outcome).toBe("200");
    expect([b.got.length, count()]).toEqual([2, 2]);
  });

  it.each([
    ["are for requests back, if the client says so in Via (RFC 5923)", ";alias", 1],
    ["are not for requests back to where the client listens, unless it says so", "", 2],
  ])("%s", async (_name, alias, connections) => {
    const { net, count } = counting(createVirtualNet({ seed: 1 }));
    const b = await node(net, [over(transport, B)]);
    const edge: Edge = {
      send: (outgoing) =>
        outgoing.kind === "response"
          ? outgoing
          : withHeader(outgoing, "Via", `${header(outgoing, "Via") ?? ""}${alias}`),
    };
    const a = await node(net, [over(transport, A)], 200, { edge });
    await sent(net, a.endpoint, over(transport, B));
    await sent(net, b.endpoint, over(transport, A));
    expect([a.got.length, count()]).toEqual([1, connections]);
  });
});

describe("the own address", () => {
  it("is the advertised one in Via, and reached where the endpoint's peers listen within", async () => {
    const net = createVirtualNet({ seed: 1 });
    const face = { advertisedHost: "scrim.example" };
    const b = await node(net, [{ ...A, port: 5070 }], 200, face);
    const a = await node(net, [A], 200, face);
    const to = { host: "scrim.example", port: 5070, transport: "udp" } as const;
    expect((await sent(net, a.endpoint, to)).outcome).toBe("200");
    expect(viaOf(b.requests[0] ?? message())).toMatchObject({ host: "scrim.example", port: 5060 });
  });
});

describe("a name", () => {
  const NAME: Hop = { host: "b.example", port: 5060, transport: "udp" };
  it.each<[string, () => Promise<readonly Hop[]>, string]>([
    ["leads to the first place that this end can send to", () => Promise.resolve([B, over("tcp", B)]), "200"],
    ["that leads to places out of reach only is a failure", () => Promise.resolve([B]), "transport"],
    ["that leads nowhere is one", () => Promise.resolve([]), "transport"],
    ["of which the locator fails is one", () => Promise.reject(new Error("no name server")), "transport"],
  ])("%s", async (_what, locate, outcome) => {
    const net = createVirtualNet({ seed: 1 });
    const own = { locate: ({ host }: Hop) => (host === NAME.host ? locate() : undefined) };
    const { endpoint } = await node(net, [over("tcp", A)], 200, own);
    await node(net, [B, over("tcp", B)]);
    expect((await sent(net, endpoint, NAME)).outcome).toBe(outcome);
  });

  it("is not taken for reached over UDP by an end that has none", async () => {
    const net = createVirtualNet({ seed: 1 });
    const { endpoint } = await node(net, [over("tcp", A)]);
    expect((await sent(net, endpoint, over("tcp", NOBODY), [C, B])).outcome).toBe("transport");
  });
});
