/** Two event agents on a virtual network, for the tests of this folder. */
import type { Hop } from "../../net/network.ts";
import type { VirtualNetOptions } from "../../net/virtual/virtual-net.ts";
import { type HeaderPair, sipRequest } from "../../wire/sip/build.ts";
import { header } from "../../wire/sip/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { violations } from "../../wire/sip/validate.ts";
import type { WireCrossing } from "../crossing.ts";
import type { IncomingRequest } from "../incoming.ts";
import { createWorld, udp, type World } from "../testdata.ts";
import type { SipEndpoint } from "../sip-endpoint.ts";
import type { EventAgentOptions } from "./agent.ts";
import { createEventAgent, type EventAgent } from "./event-agent.ts";

export interface Side {
  readonly endpoint: SipEndpoint;
  readonly events: EventAgent;
  readonly hop: Hop;
}

export interface EventWorld extends World {
  readonly alice: Side;
  readonly bob: Side;
  /** Lets `ms` go by. */
  pass(ms: number): Promise<void>;
  /** One line for each message that a node sent or took, not the repetitions: `> SUBSCRIBE`, `< 200 SUBSCRIBE`. */
  story(node?: string): string[];
  /** Sends a request of one's own from alice, and gives its final status. */
  ask(request: SipRequest): Promise<SipResponse | undefined>;
}

export async function eventWorld(
  options: Partial<VirtualNetOptions> = {},
  agents: Partial<EventAgentOptions> = {},
): Promise<EventWorld> {
  const world = createWorld(options);
  const alice = await side(world, "alice", agents);
  const bob = await side(world, "bob", agents);
  return {
    ...world,
    alice,
    bob,
    pass: async (ms) => void (await world.run(undefined, world.clock.now() + ms)),
    story: (node = "alice") =>
      world.crossings.filter((each) => each.node === node && !each.retransmission).map(lineOf),
    ask: async (request) => {
      let response: SipResponse | undefined;
      alice.endpoint.send(request, { to: bob.hop, onResponse: (final) => (response = final) });
      await world.run(() => response !== undefined, world.clock.now() + 40_000);
      return response;
    },
  };
}

/** Further agents of the same world. */
export async function side(
  world: World,
  name: string,
  agents: Partial<EventAgentOptions> = {},
  wrap: (incoming: IncomingRequest) => IncomingRequest = (incoming) => incoming,
): Promise<Side> {
  const endpoint = await world.endpoint(name, name);
  const events = createEventAgent({
    endpoint,
    clock: world.clock,
    ids: world.ids,
    contact: `<sip:${name}@${name}:5060>`,
    nextHop: (request) => udp(/@([a-z]+)/.exec(request.uri)?.[1] ?? "nowhere"),
    onHandlerError: (error) => world.mistakes.push(error),
    ...agents,
  });
  endpoint.onRequest((incoming) => void events.receive(wrap(incoming)));
  return { endpoint, events, hop: udp(name) };
}

function lineOf({ direction, message }: WireCrossing): string {
  const way = direction === "out" ? ">" : "<";
  return message === undefined ? `${way} !` : `${way} ${nameOf(message)}`;
}

function nameOf(message: SipMessage): string {
  if (message.kind === "request") return message.method;
  return `${message.status} ${header(message, "CSeq")?.split(" ")[1] ?? ""}`;
}

/** What is wrong with what crossed, but for hosts without addresses. */
export function wrongMessages(world: World): string[] {
  return world.crossings.flatMap(({ direction, message }) =>
    direction === "in" || message === undefined
      ? []
      : violations(message, { direction: "out" })
          .filter(({ header: field }) => field !== "Via")
          .map(
            ({ code, header: field, message: why }) => `${nameOf(message)}: ${code} ${field ?? ""} ${why}`,
          ),
  );
}

export const FROM_ALICE = {
  from: "<sip:alice@example.org>",
  uri: "sip:bob@example.org",
  to: udp("bob"),
} as const;

let calls = 0;

/** A request from alice to bob with a Call-ID of its own. */
export function request(
  method: string,
  headers: readonly HeaderPair[] = [],
  body?: string,
  to = "<sip:bob@example.org>",
): SipRequest {
  calls += 1;
  return sipRequest({
    method,
    uri: "sip:bob@example.org",
    headers: [
      ["From", "<sip:alice@example.org>;tag=own"],
      ["To", to],
      ["Call-ID", `own-${calls}`],
      ["CSeq", `1 ${method}`],
      ...headers,
    ],
    ...(body === undefined ? {} : { body: Buffer.from(body) }),
  });
}
