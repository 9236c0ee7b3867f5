/** How an edge is asked. */
import type { MsrpFrame } from "../../wire/msrp/message.ts";
import type { MsrpEdge } from "./crossing.ts";

/** What an edge gives, as a list. */
export function edgeList(
  edge: MsrpEdge,
  ...[frame, context]: Parameters<NonNullable<MsrpEdge["send"]>>
): readonly (MsrpFrame | Uint8Array)[] {
  if (edge.send === undefined) return [frame];
  const made = edge.send(frame, context);
  if (made === undefined) return [];
  return made instanceof Uint8Array || !isList(made) ? [made] : made;
}

function isList(
  made: MsrpFrame | readonly (MsrpFrame | Uint8Array)[],
): made is readonly (MsrpFrame | Uint8Array)[] {
  return Array.isArray(made);
}
