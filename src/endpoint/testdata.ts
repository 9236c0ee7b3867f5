/** A small world for the tests of this folder: endpoints on a virtual network, and all that crosses them. */
import type { Hop } from "../net/network.ts";
import { createVirtualNet, type VirtualNet, type VirtualNetOptions } from "../net/virtual/virtual-net.ts";
import { type HeaderPair, sipRequest, sipResponse } from "../wire/sip/build.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import type { WireCrossing } from "./crossing.ts";
import type { IncomingRequest } from "./incoming.ts";
import { createSipEndpoint, type SipEndpoint, type SipEndpointOptions } from "./sip-endpoint.ts";

export interface World extends VirtualNet {
  readonly crossings: WireCrossing[];
  /** What endpoints' handlers threw. */
  readonly mistakes: unknown[];
  /** An endpoint at `host`:5060, UDP and TCP unless told. */
  endpoint(name: string, host: string, more?: Partial<SipEndpointOptions>): Promise<SipEndpoint>;
  /** One line for each crossing: `A > B:5060/udp MESSAGE`, `<` for those that came in, `(again)` for repetitions. */
  ladder(of?: string): string[];
}

export function createWorld(options: Partial<VirtualNetOptions> = {}): World {
  const net = createVirtualNet({ seed: 1, ...options });
  const crossings: WireCrossing[] = [];
  const mistakes: unknown[] = [];
  return {
    ...net,
    crossings,
    mistakes,
    endpoint: (name, host, more = {}) =>
      createSipEndpoint({
        name,
        network: net.network,
        clock: net.clock,
        ids: net.ids,
        listen: [udp(host), tcp(host)],
        tap: (crossing) => crossings.push(crossing),
        onHandlerError: (error) => mistakes.push(error),
        ...more,
      }),
    ladder: (of) => crossings.filter(({ node }) => of === undefined || node === of).map(lineOf),
  };
}

export function udp(host: string, port = 5060): Hop {
  return { host, port, transport: "udp" };
}

export function tcp(host: string, port = 5060): Hop {
  return { host, port, transport: "tcp" };
}

function lineOf({ node, direction, remote, message, error, retransmission }: WireCrossing): string {
  const what =
    message === undefined ? `!${error?.code}` : message.kind === "request" ? message.method : message.status;
  const way = direction === "out" ? ">" : "<";
  return `${node} ${way} ${remote.host}:${remote.port}/${remote.transport} ${what}${retransmission ? " (again)" : ""}`;
}

let calls = 0;

/** A request with a Call-ID of its own. */
export function newRequest(method: string, body = "hello", more: readonly HeaderPair[] = []): SipRequest {
  calls += 1;
  return sipRequest({
    method,
    uri: "sip:bob@example.org",
    headers: [
      ["From", "<sip:alice@example.org>;tag=alice"],
      ["To", "<sip:bob@example.org>"],
      ["Call-ID", `call-${calls}`],
      ["CSeq", `1 ${method}`],
      ...more,
    ],
    body: Buffer.from(body),
  });
}

/** Answers everything but ACK. */
export function answering(status: number): (incoming: IncomingRequest) => void {
  return (incoming) => {
    if (incoming.message.method !== "ACK")
      incoming.respond(sipResponse(incoming.message, status, undefined, { toTag: "bob" }));
  };
}

/** Sends and waits for the outcome: the final status, or why there is none. */
export async function outcomeOf(
  world: World,
  from: SipEndpoint,
  request: SipRequest,
  to: Hop,
): Promise<{ outcome: number | string; afterMs: number; provisional: number[] }> {
  const start = world.clock.now();
  const provisional: number[] = [];
  let outcome: number | string | undefined;
  from.send(request, {
    to,
    onResponse: ({ status }) => {
      if (status < 200) provisional.push(status);
      else outcome ??= status;
    },
    onFailure: (reason) => (outcome ??= reason),
  });
  await world.run(() => outcome !== undefined);
  return { outcome: outcome ?? "nothing", afterMs: world.clock.now() - start, provisional };
}

/** A at `a`, and B at `b` that answers. */
export async function pairOf(
  world: World,
  respond: (incoming: IncomingRequest) => void = answering(200),
): Promise<[SipEndpoint, SipEndpoint]> {
  const a = await world.endpoint("A", "a");
  const b = await world.endpoint("B", "b");
  b.onRequest(respond);
  return [a, b];
}

/** A MESSAGE as text, with the Via field given. */
export function rawMessage(via: string, body = ""): string {
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
