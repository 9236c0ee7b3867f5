/** Leaving the IM service, and the core (clause 5.2.3). */
import { IM_TAG } from "../peer/im/identifiers.ts";
import { registering } from "../peer/im-client/decisions/registering.ts";
import type { RegistrationKind } from "../peer/im-client/decisions/registering.ts";
import { clientFault, decide } from "./fault.ts";
import type { Fault } from "./fault.ts";

const leaves = (kind: RegistrationKind): boolean => kind === "leave" || kind === "deregister";

export const faults: readonly Fault[] = [
  clientFault(
    "5.2.3-1",
    "a REGISTER that leaves lacks Require",
    decide({ registering: { require: (_client, kind) => (leaves(kind) ? undefined : "pref") } }),
  ),
  clientFault(
    "5.2.3-1",
    "a REGISTER that leaves lacks User-Agent",
    decide({
      registering: {
        userAgent: (client, kind) => (leaves(kind) ? undefined : registering.userAgent(client, kind)),
      },
    }),
  ),
  clientFault(
    "5.2.3-2",
    "the feature tag stays when the IM service is left",
    decide({ registering: { featureTag: () => IM_TAG } }),
  ),
  clientFault(
    "5.2.3-2",
    "who leaves the IM service leaves the core too",
    decide({
      registering: {
        expires: (client, kind) => (kind === "leave" ? "0" : registering.expires(client, kind)),
      },
    }),
  ),
  clientFault(
    "5.2.3-3a",
    "nothing is sent when the client leaves the core",
    decide({ registering: { sends: (_client, kind) => kind !== "deregister" } }),
  ),
  clientFault(
    "5.2.3-3b",
    "a REGISTER that leaves the core asks for a minute more",
    decide({
      registering: {
        expires: (client, kind) => (kind === "deregister" ? "60" : registering.expires(client, kind)),
      },
    }),
  ),
];
