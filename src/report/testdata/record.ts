/** Writes run records by hand for the tests of the reports: real event shapes, one virtual clock, no network. */
import type { ActorKind, Crossed, RecordedBytes, RunEvent, ServerFunction } from "../../trace/event.ts";

type WithoutPlace<E> = E extends unknown ? Omit<E, "seq" | "at"> : never;

export interface Sip {
  readonly start: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string;
}

export interface Leg {
  readonly from: string;
  readonly to: string;
  readonly serverFunction?: ServerFunction;
  readonly stimulus?: string;
  readonly passage?: string;
}

interface Place {
  readonly kind: ActorKind;
  readonly address: string;
  readonly sut: boolean;
}

const places: Readonly<Record<string, Place>> = {
  Alice: { kind: "client", address: "127.0.0.1:5071", sut: false },
  Bob: { kind: "client", address: "127.0.0.1:5072", sut: false },
  Ted: { kind: "client", address: "127.0.0.1:5073", sut: false },
  core: { kind: "core", address: "127.0.0.1:5060", sut: false },
  xdms: { kind: "xdms", address: "127.0.0.1:8080", sut: false },
  "im-server": { kind: "server", address: "127.0.0.1:5080", sut: true },
};

function placeOf(node: string): Place {
  const place = places[node];
  if (place === undefined) throw new Error(`no node ${node}`);
  return place;
}

export function sipText({ start, headers, body = "" }: Sip): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `${start}\r\n${lines}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

export function createRecord(startAt: number) {
  const events: RunEvent[] = [];
  let at = startAt;

  function add(event: WithoutPlace<RunEvent>): number {
    const placed = { ...event, seq: events.length + 1, at } as RunEvent;
    events.push(placed);
    return placed.seq;
  }

  function wait(ms: number): void {
    at += ms;
  }

  /** A message from one node to another: seen at both ends where both are Scrim's. Answers the `seq` at the receiving (or only) end. */
  function cross(scenario: string, leg: Leg, bytes: RecordedBytes, more: Partial<Crossed> = {}): number {
    const [from, to] = [placeOf(leg.from), placeOf(leg.to)];
    const shared = {
      type: "crossed" as const,
      scenario,
      protocol: "sip" as const,
      transport: "udp" as const,
      bytes,
      ...(leg.serverFunction && { serverFunction: leg.serverFunction }),
      ...(leg.stimulus && { stimulus: leg.stimulus }),
      ...(leg.passage && { passage: leg.passage }),
      ...more,
    };
    let seq = 0;
    if (!from.sut) {
      seq = add({ ...shared, node: leg.from, nodeKind: from.kind, direction: "out", peer: leg.to, peerIsSut: to.sut, local: from.address, remote: to.address });
    }
    wait(1.25);
    if (!to.sut) {
      seq = add({ ...shared, node: leg.to, nodeKind: to.kind, direction: "in", peer: leg.from, peerIsSut: from.sut, local: to.address, remote: from.address });
    }
    wait(2.5);
    return seq;
  }

  return { events, add, wait, cross, sip: (scenario: string, leg: Leg, message: Sip) => cross(scenario, leg, { text: sipText(message) }) };
}
