/** SUBSCRIBE to the state of a conference (clause 7.2.1.12). */
import type { Conference } from "../peer/im-server/focus/conference.ts";
import { sessionAdmission } from "../peer/im-server/focus/decisions/session-admission.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { withHeader, withoutHeader, withRequestUri } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { decide, onRequest, onResponse, serverFault, type Fault } from "./fault.ts";

const OUTSIDE = /^(?!.*;\s*tag=)/iu;

/** Answers to the SUBSCRIBE that begins a subscription. */
function answers(
  statuses: readonly number[],
  rewrite: (response: SipResponse, request: SipRequest | undefined) => SipResponse | undefined,
  to: RegExp = /./u,
): ServerAlteration {
  return onResponse(
    "SUBSCRIBE",
    ({ received: _received, ...response }, request) => rewrite(response, request),
    ({ status }, request) =>
      statuses.includes(status) &&
      request !== undefined &&
      to.test(request.uri) &&
      OUTSIDE.test(header(request, "To") ?? ""),
  );
}

/** As if there were something to watch. */
const taken = (response: SipResponse, request: SipRequest | undefined): SipResponse =>
  withHeader(
    withHeader(
      { ...response, status: 200, reason: "OK" },
      "Contact",
      header(request ?? response, "Route") ?? "",
    ),
    "Expires",
    "3600",
  );

const isFirst = (request: SipRequest): boolean =>
  header(request, "Event") === "conference" && Buffer.from(request.body).includes('state="full"');

export const faults: readonly Fault[] = [
  serverFault(
    ["7.2.1.12-1a", "7.2.1.12-1b"],
    "takes subscriptions to sessions that are over",
    answers([404], taken, /session-ended/u),
  ),
  serverFault(
    "7.2.1.12-1b",
    "answers 480 to who watches a session that is over",
    answers([404], (response) => ({ ...response, status: 480 }), /session-ended/u),
  ),
  serverFault(
    ["7.2.1.12-2a", "7.2.1.12-2b"],
    "takes subscriptions to groups that there are not",
    answers([404], taken, /no-group/u),
  ),
  serverFault(
    "7.2.1.12-2b",
    "answers 403 to who watches a group that there is not",
    answers([404], (response) => ({ ...response, status: 403 }), /no-group/u),
  ),
  serverFault(
    ["7.2.1.12-3a", "7.2.1.12-3b"],
    "lets participants watch who are not authorised",
    decide({ sessionAdmission: { mayAskToWatch: () => true } }),
  ),
  serverFault(
    "7.2.1.12-3b",
    "answers 480 to who is not authorised to watch",
    decide({
      refusals: { watcherNotAuthorised: () => ({ status: 480, warning: "122 Function not allowed" }) },
    }),
  ),
  serverFault(
    "7.2.1.12-3c",
    "tells who is not authorised no reason",
    decide({ refusals: { watcherNotAuthorised: () => ({ status: 403 }) } }),
  ),
  serverFault(
    ["7.2.1.12-4a", "7.2.1.12-4b"],
    "lets everybody watch",
    decide({ sessionAdmission: { mayWatch: () => true } }),
  ),
  serverFault(
    ["7.2.1.12-4a", "7.2.1.12-4b"],
    "does not ask the rules of the group",
    decide({
      sessionAdmission: {
        mayWatch: (conference: Conference, sender: readonly string[]) =>
          sessionAdmission.mayWatch({ ...conference, group: undefined }, sender),
      },
    }),
  ),
  serverFault(
    "7.2.1.12-4b",
    "answers 480 to who may not watch",
    decide({
      refusals: { watchingNotAllowed: () => ({ status: 480, warning: "122 Function not allowed" }) },
    }),
  ),
  serverFault(
    "7.2.1.12-4c",
    "gives who may not watch another reason",
    decide({
      refusals: { watchingNotAllowed: () => ({ status: 403, warning: "127 Service not authorised" }) },
    }),
  ),
  serverFault(
    "7.2.1.12-5a",
    "answers 204 to a subscription",
    answers([200], (response) => ({ ...response, status: 204, reason: "No Notification" })),
  ),
  serverFault(
    "7.2.1.12-6",
    "answers a subscription without Contact",
    answers([200], (response) => withoutHeader(response, "Contact")),
  ),
  serverFault(
    "7.2.1.12-6",
    "gives the subscriber its own address as Contact",
    answers([200], (response, request) =>
      withHeader(response, "Contact", header(request ?? response, "Contact") ?? ""),
    ),
  ),
  serverFault(
    "7.2.1.12-7",
    "does not answer a subscription",
    answers([200], () => undefined),
  ),
  serverFault(
    ["7.2.1.12-8", "7.2.1.12-9"],
    "does not tell the state at the beginning",
    onRequest("NOTIFY", () => undefined, isFirst),
  ),
  serverFault(
    "7.2.1.12-8",
    "begins with a document that is partial",
    onRequest(
      "NOTIFY",
      (request) => rewritten(request, (body) => body.replace('state="full"', 'state="partial"')),
      isFirst,
    ),
  ),
  serverFault(
    "7.2.1.12-9",
    "sends the first NOTIFY to another address than the subscriber's",
    onRequest("NOTIFY", (request) => withRequestUri(request, "sip:somebody@home.example"), isFirst),
  ),
];

/** With another body, as long as it then is. */
function rewritten(request: SipRequest, rewrite: (body: string) => string): SipRequest {
  const body = Buffer.from(rewrite(Buffer.from(request.body).toString("utf8")));
  return withHeader({ ...request, body }, "Content-Length", String(body.length));
}
