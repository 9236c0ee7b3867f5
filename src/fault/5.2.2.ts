/** Re-registration, challenges, publication after registration (clause 5.2.2). */
import { withHeader } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import { registering } from "../peer/im-client/decisions/registering.ts";
import { clientFault, decide, onRequest } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  clientFault(
    "5.2.2-1",
    "a re-registration lacks Require",
    decide({ registering: { require: (_client, kind) => (kind === "refresh" ? undefined : "pref") } }),
  ),
  clientFault(
    "5.2.2-1",
    "a re-registration lacks the feature tag",
    decide({
      registering: {
        featureTag: (client, kind) => (kind === "refresh" ? undefined : registering.featureTag(client, kind)),
      },
    }),
  ),
  clientFault(
    "5.2.2-1",
    "a re-registration lacks User-Agent",
    decide({
      registering: {
        userAgent: (client, kind) => (kind === "refresh" ? undefined : registering.userAgent(client, kind)),
      },
    }),
  ),
  clientFault(
    "5.2.2-2",
    "a challenge is not answered",
    decide({ registering: { answersChallenge: () => false } }),
  ),
  clientFault(
    "5.2.2-2",
    "the credentials are computed with another password",
    onRequest(
      "REGISTER",
      (request) => withHeader(request, "Authorization", withoutProof(header(request, "Authorization") ?? "")),
      (request) => header(request, "Authorization") !== undefined,
    ),
  ),
  clientFault(
    "5.2.2-3",
    "no settings are published after the registration",
    decide({ registering: { publishesSettings: () => false } }),
  ),
];

/** As a wrong password does: a proof of the right form. */
function withoutProof(credentials: string): string {
  return credentials.replace(
    /response="([0-9a-f]+)"/u,
    (_whole, proof: string) => `response="${"0".repeat(proof.length)}"`,
  );
}
