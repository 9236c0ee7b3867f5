/** Registration (clause 5.2.1). */
import { withHeader, withoutHeader } from "../wire/sip/edit.ts";
import { cseqOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { clientFault, decide, onRequest } from "./fault.ts";
import type { Fault } from "./fault.ts";

/** A registration that begins or ends something comes first; the renewals of 5.2.2 have a higher number after the first two. */
const isInitial = (request: SipRequest): boolean => (cseqOf(request)?.number ?? 0) <= 2;

export const faults: readonly Fault[] = [
  clientFault("5.2.1-0", "CSeq of REGISTER stays as it was", decide({ registering: { cseq: () => 1 } })),
  clientFault(
    "5.2.1-1",
    "no REGISTER goes out at the start",
    decide({ registering: { sends: (_client, kind) => kind !== "register" } }),
  ),
  clientFault(
    "5.2.1-2",
    "the Contact lacks the IM feature tag",
    decide({ registering: { featureTag: () => undefined } }),
  ),
  clientFault(
    "5.2.1-3",
    "an initial REGISTER lacks Require",
    onRequest("REGISTER", (request) => withoutHeader(request, "Require"), isInitial),
  ),
  clientFault(
    "5.2.1-3",
    "an initial REGISTER requires path in place of pref",
    onRequest("REGISTER", (request) => withHeader(request, "Require", "path"), isInitial),
  ),
  clientFault(
    "5.2.1-4",
    "REGISTER lacks User-Agent",
    onRequest("REGISTER", (request) => withoutHeader(request, "User-Agent")),
  ),
  clientFault(
    "5.2.1-5",
    "REGISTER is for another domain",
    decide({ registering: { requestUri: () => "sip:elsewhere.example" } }),
  ),
  clientFault(
    "5.2.1-5",
    "the Request-URI of REGISTER names the user",
    decide({ registering: { requestUri: ({ config }) => config.imAddress } }),
  ),
];
