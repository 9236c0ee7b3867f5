/** What goes on in sessions at the originating participating function (clauses 6.1.1.2.4 to 6.1.1.2.8). */
import { originatingSession } from "../peer/im-server/participating-session/decisions.ts";
import { sessionDescriptionOf } from "../wire/sip/session-description.ts";
import { withHeader, withRequestUri } from "../wire/sip/edit.ts";
import { callIdOf, headerValues, toOf } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { decide, inSet, onRequest, onResponse, serverFault, type Fault } from "./fault.ts";
import { isFromClient } from "./originating-side.ts";

const isWithin = (request: SipRequest | undefined): boolean =>
  request !== undefined && toOf(request)?.tag !== undefined;

const isOkWithin = (response: SipResponse, request: SipRequest | undefined): boolean =>
  response.status === 200 && isWithin(request);

const accepted = (response: SipResponse): SipResponse => ({ ...response, status: 202, reason: "Accepted" });

type Turn = Parameters<typeof originatingSession.offerAllowed>[0];
type Offer = Parameters<typeof originatingSession.offerAllowed>[1];

/** The offer of the INVITE itself, as it came. */
function isFirstOffer({ request }: Turn, offer: Offer): boolean {
  const first = sessionDescriptionOf(request)?.bytes ?? [];
  return Buffer.from(offer?.bytes ?? []).equals(Buffer.from(first));
}

const modifications: readonly Fault[] = [
  serverFault(
    "6.1.1.2.4-1a",
    "takes no new media in a session",
    decide({ originatingSession: { offerAllowed: isFirstOffer } }),
  ),
  serverFault(
    "6.1.1.2.4-1b",
    "lets any new media pass in a session",
    decide({
      originatingSession: {
        offerAllowed: (turn, offer) =>
          !isFirstOffer(turn, offer) || originatingSession.offerAllowed(turn, offer),
      },
    }),
  ),
  serverFault(
    "6.1.1.2.4-2",
    "answers a re-INVITE, and tells nobody",
    decide({ originatingSession: { passesModification: () => false } }),
  ),
  serverFault(
    "6.1.1.2.4-3",
    "offers in a re-INVITE what was offered before",
    decide({
      originatingSession: {
        modifiedOffer: (_turn, body) =>
          body && {
            ...body,
            bytes: Buffer.from(
              Buffer.from(body.bytes)
                .toString("latin1")
                .replace(/a=accept-types:[^\r\n]*/u, "a=accept-types:text/x-before"),
              "latin1",
            ),
          },
      },
    }),
  ),
  serverFault(
    "6.1.1.2.4-4",
    "sends a re-INVITE to whom it was asked to send it",
    onRequest(
      "INVITE",
      (request, cause) => withRequestUri(request, cause?.uri ?? request.uri),
      (request, cause) => isWithin(request) && cause !== undefined,
    ),
  ),
  serverFault("6.1.1.2.4-200-1", "answers a re-INVITE with 202", onResponse("INVITE", accepted, isOkWithin)),
  serverFault(
    "6.1.1.2.4-200-3",
    "keeps the 200 to a re-INVITE from its user",
    onResponse("INVITE", () => undefined, isOkWithin),
  ),
  serverFault(
    "6.1.1.2.4-fin",
    "makes 480 of the refusal of a re-INVITE",
    decide({ originatingSession: { modificationStatus: () => 480 } }),
  ),
];

const methods: readonly Fault[] = [
  serverFault(
    "6.1.1.2.2-1b",
    "changes sessions of its user by UPDATE, known or not",
    decide({ originatingSession: { takesUpdate: (_turn, leg) => leg === "upstream" } }),
  ),
  serverFault(
    "6.1.1.2.2-200-1",
    "changes sessions of the far end by UPDATE, known or not",
    decide({ originatingSession: { takesUpdate: (_turn, leg) => leg === "downstream" } }),
  ),
];

const ends: readonly Fault[] = [
  serverFault(
    "6.1.1.2.7-1",
    "answers CANCEL with 481",
    onResponse("CANCEL", (response) => ({ ...response, status: 481, reason: "No Such Call" })),
  ),
  serverFault(
    "6.1.1.2.7-1",
    "answers an INVITE that was given up with 480",
    onResponse(
      "INVITE",
      (response) => ({ ...response, status: 480, reason: "Gone" }),
      (response, request) => response.status === 487 && isFromClient(request),
    ),
  ),
  serverFault(
    "6.1.1.2.7-2",
    "lets the far end ring on",
    decide({ originatingSession: { passesCancel: () => false } }),
  ),
  serverFault(
    "6.1.1.2.7-2",
    "leaves who accepts in a session that was given up meanwhile",
    onRequest("BYE", () => undefined),
  ),
  serverFault(
    "6.1.1.2.8-3",
    "keeps the far end in the session that its user has left",
    decide({ originatingSession: { passesBye: () => false } }),
  ),
];

const KEEPS_MEDIA = decide({ originatingSession: { releasesMedia: () => false } });

const overs: readonly Fault[] = [
  serverFault("6.1.1.2.8-2", "takes what its user says who has left", KEEPS_MEDIA),
  serverFault("6.1.1.2.8-4", "takes what is said to its user who has left", KEEPS_MEDIA),
  serverFault(
    "6.1.1.2.9-1",
    "does not tell its user that the session has expired",
    onRequest(
      "BYE",
      () => undefined,
      (request) => toOf(request)?.uri.endsWith("@home.example") === true,
    ),
  ),
  serverFault(
    "6.1.1.2.9-2",
    "does not tell the far end that the session has expired",
    onRequest(
      "BYE",
      () => undefined,
      (request) => toOf(request)?.uri.endsWith("@visited.example") === true,
    ),
  ),
  serverFault("6.1.1.2.9-3", "takes what its user says in a session that has expired", KEEPS_MEDIA),
  serverFault("6.1.1.2.9-4", "takes what is said to its user in a session that has expired", KEEPS_MEDIA),
];

/** Nothing leads back to who sent it, and it is of another dialog. */
function asItsOwn(request: SipRequest): SipRequest {
  const [own = ""] = headerValues(request, "Via");
  return withHeader(withHeader(request, "Via", own), "Call-ID", `${callIdOf(request) ?? ""}-2`);
}

const ofProxy: readonly Fault[] = [
  inSet(
    "proxy-mode",
    serverFault(
      "6.1.1.2.4-prx",
      "keeps a re-INVITE to itself where it is a proxy",
      onRequest("INVITE", () => undefined, isWithin),
    ),
  ),
  inSet(
    "proxy-mode",
    serverFault(
      "6.1.1.2.7-prx",
      "lets the far end ring on where it is a proxy",
      onRequest("CANCEL", () => undefined),
    ),
  ),
  inSet(
    "proxy-mode",
    serverFault(
      "6.1.1.2.8-prx",
      "keeps a BYE to itself where it is a proxy",
      onRequest("BYE", () => undefined),
    ),
  ),
  inSet(
    "proxy-mode",
    serverFault(
      "6.1.1.2.8-prx",
      "makes a BYE of another dialog where it is a proxy",
      onRequest("BYE", asItsOwn),
    ),
  ),
];

const busy = (response: SipResponse): SipResponse => ({ ...response, status: 486, reason: "Busy Here" });
const isOfUser = (_response: SipResponse, request: SipRequest | undefined): boolean => isFromClient(request);

const others: readonly Fault[] = [
  serverFault(
    "6.1.1.2.5-1",
    "records the route of somebody else for SUBSCRIBE",
    decide({ originatingSession: { recordRoute: () => "<sip:127.0.0.1:15060;lr>" } }),
  ),
  serverFault(
    ["6.1.1.2.5-2", "6.1.1.2.2-200-5a"],
    "does not look behind the Contact that it gave",
    decide({ originatingSession: { resolvedUri: ({ request }) => request.uri } }),
  ),
  serverFault(
    "6.1.1.2.5-3",
    "makes nothing of SUBSCRIBE",
    onRequest("SUBSCRIBE", () => undefined),
  ),
  serverFault(
    "6.1.1.2.5-fin",
    "answers SUBSCRIBE in words of its own",
    onResponse("SUBSCRIBE", busy, isOfUser),
  ),
  serverFault(
    ["6.1.1.2.6-0", "6.1.1.2.6-3a-1"],
    "makes nothing of REFER",
    onRequest(
      "REFER",
      () => undefined,
      (request) => !/method=BYE/iu.test(headerValues(request, "Refer-To").join()),
    ),
  ),
  serverFault(
    "6.1.1.2.6-3a-2",
    "lets the far end look for the dialog of its user",
    decide({ originatingSession: { replaced: (_turn, own) => own } }),
  ),
  serverFault(
    ["6.1.1.2.6-0", "6.1.1.2.6-3a-1"],
    "asks for another user to be added",
    onRequest(
      "REFER",
      (request) => withHeader(request, "Refer-To", "<sip:somebody@home.example>"),
      (request, cause) =>
        cause?.method === "REFER" && !/method=BYE/iu.test(headerValues(request, "Refer-To").join()),
    ),
  ),
  serverFault(
    "6.1.1.2.5-3",
    "asks for another package than its user",
    onRequest(
      "SUBSCRIBE",
      (request) => withHeader(request, "Event", "presence"),
      (_request, cause) => cause?.method === "SUBSCRIBE",
    ),
  ),
  serverFault(
    "6.1.1.2.6-3b",
    "makes nothing of REFER with BYE",
    onRequest(
      "REFER",
      () => undefined,
      (request) => /method=BYE/iu.test(headerValues(request, "Refer-To").join()),
    ),
  ),
  serverFault("6.1.1.2.6-fin", "answers REFER in words of its own", onResponse("REFER", busy, isOfUser)),
];

export const faults: readonly Fault[] = [
  ...modifications,
  ...methods,
  ...ends,
  ...overs,
  ...ofProxy,
  ...others,
];
