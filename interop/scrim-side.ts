/** Scrim's side of the wire in these tests: endpoints on loopback that keep what crossed them. */
import { onTestFinished } from "vitest";
import type { WireCrossing } from "../src/endpoint/crossing.ts";
import {
  createSipEndpoint,
  type SipEndpoint,
  type SipEndpointOptions,
} from "../src/endpoint/sip-endpoint.ts";
import type { Hop, Network, Transport } from "../src/net/network.ts";
import { randomIds } from "../src/net/real/random-ids.ts";
import { realClock } from "../src/net/real/real-clock.ts";
import { createRealNetwork } from "../src/net/real/real-network.ts";
import { authority, loopbackCertificate } from "./tls-hop.ts";

export const surroundings = { network: createRealNetwork(), clock: realClock, ids: randomIds() };

/** What crossed, in order. */
export interface Crossings {
  readonly all: readonly WireCrossing[];
  readonly tap: (crossing: WireCrossing) => void;
  /** Those of one method (requests) or status (responses), repetitions too. */
  readonly of: (direction: "in" | "out", what: string | number) => readonly WireCrossing[];
  /** How many of them were the first of their kind, and how many repetitions. */
  readonly count: (direction: "in" | "out", what: string | number) => { first: number; again: number };
  /** Settles when a crossing satisfies the condition, past or to come. */
  readonly until: (condition: (crossing: WireCrossing) => boolean) => Promise<WireCrossing>;
}

export function recordCrossings(): Crossings {
  const all: WireCrossing[] = [];
  const waiting = new Set<(crossing: WireCrossing) => void>();
  const of = (direction: "in" | "out", what: string | number): WireCrossing[] =>
    all.filter((crossing) => crossing.direction === direction && nameOf(crossing) === what);
  return {
    all,
    tap: (crossing) => {
      all.push(crossing);
      for (const look of waiting) look(crossing);
    },
    of,
    count: (direction, what) => {
      const found = of(direction, what);
      const again = found.filter(({ retransmission }) => retransmission).length;
      return { first: found.length - again, again };
    },
    until: (condition) =>
      new Promise((resolve) => {
        const past = all.find(condition);
        if (past !== undefined) return resolve(past);
        const look = (crossing: WireCrossing): void => {
          if (!condition(crossing)) return;
          waiting.delete(look);
          resolve(crossing);
        };
        waiting.add(look);
      }),
  };
}

function nameOf({ message }: WireCrossing): string | number | undefined {
  return message?.kind === "request" ? message.method : message?.status;
}

export interface ScrimSide {
  readonly endpoint: SipEndpoint;
  readonly crossings: Crossings;
  /** Where it listens. */
  readonly hop: (transport: Transport) => Hop;
}

/** Sockets of the machine with a certificate for loopback, of an authority that they believe. */
export async function networkWithTls(): Promise<Network> {
  const tls = { ...(await loopbackCertificate()), ca: (await authority()).certificate };
  return createRealNetwork({ tls });
}

/** UDP and TCP on one free port, TLS on another. */
export const everyTransport = (host: string): readonly Hop[] =>
  (["udp", "tcp", "tls"] as const).map((transport) => ({ host, port: 0, transport }));

/** An endpoint on every transport, closed when the test is finished. */
export async function openEndpoint(host: string, more: Partial<SipEndpointOptions> = {}): Promise<ScrimSide> {
  const crossings = recordCrossings();
  const endpoint = await createSipEndpoint({
    ...surroundings,
    network: await networkWithTls(),
    name: "scrim",
    listen: everyTransport(host),
    tap: crossings.tap,
    ...more,
  });
  onTestFinished(() => endpoint.close());
  return { endpoint, crossings, hop: (transport) => hopOf(endpoint.hops, transport) };
}

/** As it stands in a URI. */
export const hostIn = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/**
 * An endpoint for an agent, and what the agent is made of. The T1 of the default is so long that SIPp, which takes things in the order of its
 * scenario only, has answered before anything is repeated: also on a busy machine.
 */
export async function openForAgent(
  transport: Transport,
  host: string,
  { network, t1 = 2000 }: { readonly network?: Network; readonly t1?: number } = {},
) {
  const timers = { t1 };
  const more = { timers, ...(network === undefined ? {} : { network }) };
  const { endpoint, crossings, hop } = await openEndpoint(host, more);
  const own = hop(transport);
  const contact = `<sip:scrim@${hostIn(host)}:${own.port};transport=${transport}>`;
  const { clock, ids } = surroundings;
  return { crossings, hop: own, agentOptions: { endpoint, clock, ids, timers, contact } };
}

export function hopOf(hops: readonly Hop[], transport: Transport): Hop {
  const hop = hops.find((each) => each.transport === transport);
  if (hop === undefined) throw new Error(`nothing listens on ${transport}`);
  return hop;
}
