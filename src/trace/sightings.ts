/**
 * What crossed the wire, once each: a message between two nodes of Scrim stands twice in the trace, `out` where it was sent and `in` where
 * it arrived.
 */
import type { Crossed, TraceEvent } from "./event.ts";

export interface Sighting {
  /** As the sender saw it, where Scrim is the sender; else as the receiver did. */
  readonly event: Crossed;
  /** As the receiver saw it, where both are Scrim's. */
  readonly arrival?: Crossed;
  /** Names of the nodes at both ends. */
  readonly from: string;
  readonly to: string;
}

/**
 * Addresses of both ends. Who opens a connection records what it sends before it knows from where; then the receiver knows.
 */
export function hopOf({ event, arrival }: Sighting): { readonly from: string; readonly to: string } {
  const { direction, local, remote } = event;
  if (direction === "in") return { from: remote, to: local };
  return { from: isUnknown(local) && arrival !== undefined ? arrival.remote : local, to: remote };
}

const isUnknown = (hostPort: string): boolean => hostPort.endsWith(":0");

/** In the order in which they were first seen. */
export function mergeSightings(events: readonly TraceEvent[]): readonly Sighting[] {
  const sightings: Sighting[] = [];
  const underWay = new Map<string, number[]>();
  for (const event of events) {
    if (event.type !== "crossed") continue;
    const arrived =
      event.direction === "in" && !event.peerIsSut ? takeSent(event, underWay, sightings) : undefined;
    if (arrived !== undefined) {
      const sent = sightings[arrived];
      if (sent !== undefined) sightings[arrived] = { ...sent, arrival: event };
      continue;
    }
    const [from, to] = event.direction === "out" ? [event.node, event.peer] : [event.peer, event.node];
    if (event.direction === "out" && !event.peerIsSut) remember(event, sightings.length, underWay);
    sightings.push({ event, from, to });
  }
  return sightings;
}

function remember(event: Crossed, index: number, underWay: Map<string, number[]>): void {
  const key = contentKey(event);
  const indexes = underWay.get(key);
  if (indexes === undefined) underWay.set(key, [index]);
  else indexes.push(index);
}

/** First sent, first arrived: retransmissions have the same bytes. */
function takeSent(
  arrival: Crossed,
  underWay: ReadonlyMap<string, number[]>,
  sightings: readonly Sighting[],
): number | undefined {
  const indexes = underWay.get(contentKey(arrival)) ?? [];
  const place = indexes.findIndex((index) => {
    const sent = sightings[index]?.event;
    return sent !== undefined && areEndsOfOneHop(sent, arrival);
  });
  return place < 0 ? undefined : indexes.splice(place, 1)[0];
}

/** By name or by address: behind a wildcard address or a translation only the names agree, for an unknown peer only the addresses. */
function areEndsOfOneHop(sent: Crossed, arrival: Crossed): boolean {
  const names = sent.peer === arrival.node && arrival.peer === sent.node;
  const addresses = sent.remote === arrival.local && sent.local === arrival.remote;
  return names || addresses;
}

function contentKey({ protocol, bytes }: Crossed): string {
  if ("text" in bytes) return `${protocol}:${bytes.text}`;
  return "base64" in bytes ? `${protocol}:base64:${bytes.base64}` : `${protocol}:sha256:${bytes.sha256}`;
}
