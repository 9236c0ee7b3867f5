/**
 * Messages as the appendices draw them: from participant to participant, without the SIP/IP core that carries them. A message that a core
 * passed on is one hop, from the node that gave it to the core to the node that got it.
 */
import type { SipMessage, SipRequest } from "../wire/sip/message.ts";
import type { ServerFunction } from "./event.ts";
import type { Exchange, ScenarioTrace } from "./scenario-trace.ts";
import { methodOf, viaIdentities } from "./sip-identity.ts";
import { mergeSightings } from "./sightings.ts";
import type { Sighting } from "./sightings.ts";

export interface HopEnd {
  readonly node: string;
  /** The function of the server at this end, where the core knows it. */
  readonly serverFunction: ServerFunction | undefined;
  /** The exchange on the leg at this end; twice where Scrim saw it from both sides. */
  readonly exchanges: readonly Exchange[];
  /** The request of that exchange. */
  readonly request: SipRequest;
}

export interface FlowHop {
  readonly message: SipMessage;
  readonly from: HopEnd;
  readonly to: HopEnd;
  /** Places of its sightings in the record, first to last. */
  readonly seqs: readonly number[];
  readonly at: number;
}

interface Leg {
  readonly sighting: Sighting;
  readonly message: SipMessage;
  readonly exchanges: readonly Exchange[];
  readonly request: SipRequest;
}

/** Every leg by itself, for flows that draw the core: a message that a core passed on is several. */
export function flowLegs(trace: ScenarioTrace): readonly FlowHop[] {
  return legsOf(trace).map((leg) => hopOf(leg, leg, [leg]));
}

/** Without retransmissions and 100 Trying, which only concern one leg (RFC 3261 16.2). */
export function flowHops(trace: ScenarioTrace): readonly FlowHop[] {
  const cores = new Set(trace.messages.filter(({ nodeKind }) => nodeKind === "core").map(({ node }) => node));
  const legs = legsOf(trace);
  const continued = new Set<Leg>();
  const hops: FlowHop[] = [];
  for (const [index, first] of legs.entries()) {
    if (continued.has(first)) continue;
    const chain = [first];
    let last = first;
    while (cores.has(last.sighting.to)) {
      const before = last;
      const next = legs.slice(index + 1).find((later) => !continued.has(later) && carriesOn(before, later));
      if (next === undefined) break;
      continued.add(next);
      chain.push(next);
      last = next;
    }
    hops.push(hopOf(first, last, chain));
  }
  return hops;
}

function legsOf(trace: ScenarioTrace): readonly Leg[] {
  const seen = new Map(trace.exchanges().flatMap(messagesOf));
  return mergeSightings(trace.events).flatMap((sighting) => {
    const { event, arrival } = sighting;
    const here = seen.get(event.seq);
    if (here === undefined) return [];
    const there = arrival === undefined ? undefined : seen.get(arrival.seq);
    const exchanges = [here.exchange, ...(there === undefined ? [] : [there.exchange])];
    return [{ sighting, message: here.message, exchanges, request: here.exchange.request.message }];
  });
}

interface Seen {
  readonly message: SipMessage;
  readonly exchange: Exchange;
}

/** By place in the record. */
function messagesOf(exchange: Exchange): readonly (readonly [number, Seen])[] {
  const { request, responses } = exchange;
  const first = responses.filter(
    ({ message }, index) =>
      message.status !== 100 &&
      responses.findIndex((other) => other.message.status === message.status) === index,
  );
  return [request, ...first].map(({ seq, message }) => [seq, { message, exchange }] as const);
}

/** A proxy puts its Via on top of a request, and takes it off the response (RFC 3261 16.6 step 8, 16.7 step 3). */
function carriesOn(before: Leg, after: Leg): boolean {
  if (after.sighting.from !== before.sighting.to) return false;
  if (after.message.kind !== before.message.kind || methodOf(after.message) !== methodOf(before.message))
    return false;
  const [longer, shorter] = before.message.kind === "request" ? [after, before] : [before, after];
  const branch = viaIdentities(shorter.message)[0]?.branch;
  return branch !== undefined && branch !== "" && viaIdentities(longer.message)[1]?.branch === branch;
}

function hopOf(first: Leg, last: Leg, chain: readonly Leg[]): FlowHop {
  return {
    message: first.message,
    from: endOf(first, first.sighting.from),
    to: endOf(last, last.sighting.to),
    seqs: chain.flatMap(({ sighting: { event, arrival } }) =>
      arrival === undefined ? [event.seq] : [event.seq, arrival.seq],
    ),
    at: first.sighting.event.at,
  };
}

function endOf({ exchanges, request }: Leg, node: string): HopEnd {
  const serverFunction = exchanges.find((one) => one.request.serverFunction !== undefined)?.request
    .serverFunction;
  return { node, serverFunction, exchanges, request };
}
