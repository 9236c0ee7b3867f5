/** Modification by the server (clause 7.2.2.6). */
import { decide, serverFault, type Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault("7.2.2.6-1", "modifies nothing", decide({ sessionMedia: { modifies: () => false } })),
  serverFault(
    "7.2.2.6-2",
    "offers again what there was",
    decide({ sessionMedia: { modified: (_terms, { terms }) => terms } }),
  ),
  serverFault(
    "7.2.2.6-3",
    "modifies the session of the originator alone",
    decide({ sessionMedia: { modifies: ({ how }) => how === "originator" } }),
  ),
  serverFault(
    "7.2.2.6-200-1",
    "goes on with the old parameters",
    decide({ sessionMedia: { activatesModified: () => false } }),
  ),
  serverFault(
    "7.2.2.6-200-2",
    "sends nothing to those who have not agreed to a modification",
    decide({ sessionMedia: { keepsCurrent: () => false } }),
  ),
];
