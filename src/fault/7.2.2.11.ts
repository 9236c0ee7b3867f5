/** Subscriptions to the state of a session end with it, and participants are removed (clauses 7.2.1.12, 7.2.2.11, 7.2.2.12). */
import { relay } from "../peer/im-server/switch/decisions/relay.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { withHeader, withoutHeader, withRequestUri } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { decide, onRequest, onResponse, serverFault, type Fault } from "./fault.ts";

type Turn = Parameters<typeof relay.recipients>[0];

const isLast = (request: SipRequest): boolean =>
  header(request, "Event") === "conference" &&
  header(request, "Subscription-State")?.startsWith("terminated") === true;

/** Answers of the focus to those who subscribe. */
const accepting = (rewrite: (response: SipResponse) => SipResponse): ServerAlteration =>
  onResponse(
    "SUBSCRIBE",
    ({ received: _received, ...response }) => rewrite(response),
    ({ status }, request) => status === 200 && request !== undefined && header(request, "Expires") !== "0",
  );

/** Of the focus alone: what a participating function passes on has come to it as a BYE. */
const bye = (rewrite: (request: SipRequest) => SipRequest | undefined): ServerAlteration =>
  onRequest(
    "BYE",
    (request) => rewrite(request),
    (_request, cause) => cause?.method !== "BYE",
  );

const endings: readonly Fault[] = [
  serverFault(
    "7.2.1.12-5",
    "grants a subscription without a time",
    accepting((response) => withoutHeader(response, "Expires")),
  ),
  serverFault(
    "7.2.1.12-5",
    "grants more time than was asked for",
    accepting((response) => withHeader(response, "Expires", "86400")),
  ),
  serverFault(
    ["7.2.1.12-chg", "7.2.2.12-200-2", "7.2.2.12-200-3"],
    "tells subscribers nothing of changes",
    decide({ conferenceState: { tellsChanges: () => false } }),
  ),
  serverFault(
    "7.2.1.12-chg",
    "tells subscribers of those who come alone",
    decide({ conferenceState: { tells: ({ present }: { readonly present: boolean }) => present } }),
  ),
  serverFault(
    ["7.2.1.12-end", "7.2.2.11-1a", "7.2.2.11-3a"],
    "leaves subscriptions when the session is over",
    decide({ conferenceState: { endsWithSession: () => false } }),
  ),
  serverFault(
    ["7.2.1.12-end", "7.2.2.11-3a"],
    "ends subscriptions without a word",
    onRequest("NOTIFY", () => undefined, isLast),
  ),
  serverFault(
    "7.2.2.11-1b",
    "takes subscriptions to sessions whose participants have left",
    onResponse(
      "SUBSCRIBE",
      ({ received: _received, ...response }, request) =>
        withHeader(
          withHeader({ ...response, status: 200, reason: "OK" }, "Contact", `<${request?.uri ?? ""}>`),
          "Expires",
          "3600",
        ),
      ({ status }) => status === 404,
    ),
  ),
  serverFault(
    "7.2.2.11-3b",
    "ends subscriptions for another reason",
    decide({ conferenceState: { endReason: () => "timeout" } }),
  ),
  serverFault(
    "7.2.2.11-3b",
    "ends subscriptions without a reason",
    onRequest("NOTIFY", (request) => withHeader(request, "Subscription-State", "terminated"), isLast),
  ),
  serverFault(
    "7.2.2.11-3c",
    "sends the last NOTIFY to another address than the subscriber's",
    onRequest("NOTIFY", (request) => withRequestUri(request, "sip:somebody@home.example"), isLast),
  ),
];

const removals: readonly Fault[] = [
  serverFault(
    "7.2.2.12-1",
    "sends BYE with a CSeq that was used",
    bye((request) => withHeader(request, "CSeq", "0 BYE")),
  ),
  serverFault(
    "7.2.2.12-1",
    "sends BYE in a dialog that there is not",
    bye((request) => withHeader(request, "To", `${header(request, "To") ?? ""}x`)),
  ),
  serverFault(
    "7.2.2.12-2",
    "sends BYE to another address than the participant's",
    bye((request) => withRequestUri(request, "sip:somebody@home.example")),
  ),
  serverFault(
    "7.2.2.12-2",
    "sends no BYE to who is removed",
    bye(() => undefined),
  ),
  serverFault(
    "7.2.2.12-200-1",
    "keeps the MSRP session of who was removed",
    decide({ sessionRelease: { releasesMedia: () => false } }),
  ),
  serverFault(
    "7.2.2.12-200-1",
    "lets who was removed go on talking",
    decide({
      sessionRelease: { releasesMedia: () => false },
      relay: {
        recipients: (turn: Turn) =>
          relay.recipients(turn).filter(({ address }) => address !== "sip:bob@home.example"),
      },
    }),
  ),
];

export const faults: readonly Fault[] = [...endings, ...removals];
