/** Re-INVITEs at the terminating participating function (clause 6.1.2.2.3). */
import type { Turn } from "../peer/im-server/turn.ts";
import { withHeader } from "../wire/sip/edit.ts";
import { header, toOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sdpBody, type Body } from "../wire/sip/session-description.ts";
import { decide, inSet, onRequest, onResponse, serverFault, type Fault } from "./fault.ts";

/** The same description, with other types in it. */
function otherTypes(_turn: Turn, body: Body | undefined): Body | undefined {
  if (body === undefined) return undefined;
  return sdpBody(
    Buffer.from(body.bytes)
      .toString("utf8")
      .replace(/a=accept-types:.*/u, "a=accept-types:x/old"),
  );
}

const isWithin = (request: SipRequest | undefined): boolean =>
  request !== undefined && toOf(request)?.tag !== undefined;

/** Calls that were modified: nothing goes on in them any more. */
const modified = new WeakSet<Turn>();

export const faults: readonly Fault[] = [
  serverFault(
    "6.1.2.2.3-1",
    "takes any offer of other content for its user",
    decide({ terminatingSession: { offerAllowed: () => true } }),
  ),
  serverFault(
    ["6.1.2.2.3-2", "6.1.2.2.3-4"],
    "answers re-INVITEs for its users by itself",
    decide({ terminatingSession: { passesModification: () => false } }),
  ),
  serverFault(
    "6.1.2.2.3-3",
    "offers to its user what was in force before",
    decide({ terminatingSession: { modifiedOffer: otherTypes } }),
  ),
  serverFault(
    "6.1.2.2.3-4",
    "sends re-INVITEs to its user in a dialog that is not there",
    onRequest(
      "INVITE",
      (request) => withHeader(request, "Call-ID", `other-${header(request, "Call-ID") ?? ""}`),
      isWithin,
    ),
  ),
  inSet(
    "proxy-mode",
    serverFault(
      "6.1.2.2.3-prx-1",
      "a proxy keeps re-INVITEs to itself",
      onRequest("INVITE", () => undefined, isWithin),
    ),
  ),
  serverFault(
    "6.1.2.2.3-200-1",
    "counts anew in the 200 to a re-INVITE",
    onResponse(
      "INVITE",
      (response) => withHeader(response, "CSeq", header(response, "CSeq")?.replace(/\d+/u, "77") ?? ""),
      ({ status }, request) => status === 200 && isWithin(request),
    ),
  ),
  serverFault(
    "6.1.2.2.3-200-2",
    "answers a re-INVITE with what was in force before",
    decide({ terminatingSession: { modifiedAnswer: otherTypes } }),
  ),
  serverFault(
    "6.1.2.2.3-200-3",
    "refuses what its user has accepted",
    onResponse(
      "INVITE",
      ({ received: _received, ...response }) => ({ ...response, status: 488, reason: "Not Acceptable Here" }),
      ({ status }, request) => status === 200 && isWithin(request),
    ),
  ),
  inSet(
    "proxy-mode",
    serverFault(
      "6.1.2.2.3-prx-2",
      "a proxy makes another response of the 200 to a re-INVITE",
      onResponse(
        "INVITE",
        ({ received: _received, ...response }) => ({ ...response, status: 202, reason: "Accepted" }),
        ({ status }, request) => status === 200 && isWithin(request),
      ),
    ),
  ),
  serverFault(
    "6.1.2.2.3-fin",
    "makes another response of the refusal of a re-INVITE",
    decide({ terminatingSession: { modificationStatus: () => 606 } }),
  ),
  serverFault(
    "6.1.2.2.3-200-4",
    "carries nothing on that comes behind a modification",
    decide({
      terminatingSession: {
        modifiedAnswer: (turn, body) => {
          modified.add(turn);
          return body;
        },
        forwardsMessage: (turn) => !modified.has(turn),
      },
    }),
  ),
];
