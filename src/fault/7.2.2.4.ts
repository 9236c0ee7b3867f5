/** CANCEL of the focus (clause 7.2.2.4). */
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { withHeader } from "../wire/sip/edit.ts";
import { cseqOf, header } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { decide, onRequest, serverFault, type Fault } from "./fault.ts";

/** The CANCEL of an INVITE that the focus has sent. */
function inCancel(rewrite: (cancel: SipRequest) => SipRequest): ServerAlteration {
  return onRequest("CANCEL", rewrite);
}

export const faults: readonly Fault[] = [
  serverFault(
    "7.2.2.4-1",
    "lets invitations ring that were to be cancelled",
    decide({ sessionRelease: { cancels: () => false } }),
  ),
  serverFault(
    "7.2.2.4-1",
    "cancels in a transaction of its own",
    inCancel((cancel) =>
      withHeader(
        cancel,
        "Via",
        (header(cancel, "Via") ?? "").replace(/branch=z9hG4bK/u, "branch=z9hG4bKother"),
      ),
    ),
  ),
  serverFault(
    "7.2.2.4-1",
    "cancels under another number",
    inCancel((cancel) => withHeader(cancel, "CSeq", `${(cseqOf(cancel)?.number ?? 0) + 1} CANCEL`)),
  ),
];
