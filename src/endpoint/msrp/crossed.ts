/** A crossing of MSRP as the event of the trace. */
import type { ActorKind, Crossed, Unplaced } from "../../trace/event.ts";
import type { MsrpCrossing } from "./crossing.ts";

/** What the tap of an endpoint does not know. */
export interface CrossingPlace {
  readonly nodeKind: ActorKind;
  readonly peer: string;
  readonly peerIsSut: boolean;
  readonly scenario?: string;
}

export function msrpCrossed(crossing: MsrpCrossing, place: CrossingPlace): Unplaced<Crossed> {
  const { node, direction, protocol, local, remote, bytes, error, begunAt, at, annotation = {} } = crossing;
  const { serverFunction, passage, stimulus } = annotation;
  return {
    type: "crossed",
    node,
    direction,
    protocol,
    transport: local.transport,
    local: `${local.host}:${local.port}`,
    remote: `${remote.host}:${remote.port}`,
    bytes,
    ...(begunAt < at ? { begunAt } : {}),
    ...place,
    ...(serverFunction === undefined ? {} : { serverFunction }),
    ...(passage === undefined ? {} : { passage }),
    ...(stimulus === undefined ? {} : { stimulus }),
    ...(error === undefined
      ? {}
      : { malformed: { code: error.code, offset: error.offset, message: error.message } }),
  };
}
