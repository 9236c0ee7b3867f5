/** A trace of what crossed endpoints that no run has opened: MSRP, and whatever goes over TLS. */
import type { WireCrossing } from "../src/endpoint/crossing.ts";
import type { MsrpCrossing } from "../src/endpoint/msrp/crossing.ts";
import type { Hop } from "../src/net/network.ts";
import { realClock } from "../src/net/real/real-clock.ts";
import { encodeBytes } from "../src/trace/bytes.ts";
import type { Crossed, TraceEvent, Unplaced } from "../src/trace/event.ts";
import { createRecorder, isTraceEvent } from "../src/trace/recorder.ts";

export interface Recording {
  readonly tap: (crossing: WireCrossing | MsrpCrossing) => void;
  readonly events: readonly TraceEvent[];
}

/** `names`: those of the two nodes that talk to each other. */
export function recordTrace(names: readonly [string, string]): Recording {
  const events: TraceEvent[] = [];
  const recorder = createRecorder({ clock: realClock });
  recorder.onEvent((event) => {
    if (isTraceEvent(event)) events.push(event);
  });
  return { tap: (crossing) => void recorder.record(crossed(crossing, names)), events };
}

function crossed(crossing: WireCrossing | MsrpCrossing, names: readonly [string, string]): Unplaced<Crossed> {
  const { node, direction, local, remote, protocol, bytes, error } = crossing;
  return {
    type: "crossed",
    node,
    nodeKind: "tester",
    direction,
    peer: node === names[0] ? names[1] : names[0],
    peerIsSut: false,
    protocol,
    transport: local.transport,
    local: addressOf(local),
    remote: addressOf(remote),
    bytes: bytes instanceof Uint8Array ? encodeBytes(bytes) : bytes,
    ...(error === undefined
      ? {}
      : { malformed: { code: error.code, offset: error.offset, message: error.message } }),
  };
}

const addressOf = (hop: Hop): string => `${hop.host}:${hop.port}`;
