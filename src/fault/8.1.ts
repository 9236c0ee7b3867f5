/** Pager mode or not (clause 8.1). */
import { asAnInvitation } from "./as-an-invitation.ts";
import { clientFault } from "./fault.ts";
import type { Fault } from "./fault.ts";

const LARGE_BYTES = 1300;

export const faults: readonly Fault[] = [
  clientFault(
    "8.1-p1a",
    "a short message goes by way of a session",
    asAnInvitation((request) => request.body.length < LARGE_BYTES),
  ),
  clientFault(
    "8.1-p1b",
    "a large message goes by way of a session, though transport is safe",
    asAnInvitation((request) => request.body.length > LARGE_BYTES),
  ),
];
