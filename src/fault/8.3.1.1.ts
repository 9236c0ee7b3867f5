/** A MESSAGE for group communication is checked and taken (clause 8.3.1.1). */
import type { Aggregation } from "../peer/im-server/aggregation.ts";
import { asksForPrivacy } from "../peer/im-server/decisions/admission.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import type { GroupTurn, ServerParts } from "../peer/im-server/turn.ts";
import { RECIPIENT_LIST_OPTION } from "../peer/im/identifiers.ts";
import { writeImdn } from "../wire/xml/imdn.ts";
import { decide, inSet, serverFault, skip } from "./fault.ts";
import type { Fault } from "./fault.ts";

/** The sender is notified of a message for which nothing was asked. */
const notifyUnasked: ServerAlteration = decide({
  control: {
    deliveryRequest: (turn: GroupTurn) => ({
      messageId: "unasked",
      dispositions: ["positive-delivery"],
      dateTime: new Date(turn.server.clock.now()).toISOString(),
      from: turn.originator,
      to: turn.request.uri,
      recordRoutes: [],
    }),
  },
  notify: {
    aggregates: (
      _server: ServerParts,
      { messageId, dateTime, recipients: [recipientUri = ""] }: Aggregation,
    ) => [[writeImdn({ messageId, dateTime, recipientUri, kind: "delivery", status: "delivered" })]],
  },
});

const refusals: readonly Fault[] = [
  inSet(
    "no-uri-list",
    serverFault("8.3.1.1-1a", "a URI-list is served though that is not supported", skip("offer-uri-list")),
  ),
  inSet(
    "no-uri-list",
    serverFault(
      "8.3.1.1-1b",
      "the 420 to a URI-list has no warning",
      decide({
        refusals: {
          uriListUnsupported: () => ({ status: 420, headers: [["Unsupported", RECIPIENT_LIST_OPTION]] }),
        },
      }),
    ),
  ),
  serverFault("8.3.1.1-2", "a group that does not support IM is served", skip("check-group-service")),
  serverFault("8.3.1.1-3", "a session that is over is served", skip("check-session")),
  serverFault("8.3.1.1-4a", "a list of any length is served", skip("limit-recipients")),
  serverFault(
    "8.3.1.1-4b",
    "the refusal of a long list has no warning",
    decide({ refusals: { tooManyRecipients: () => ({ status: 486 }) } }),
  ),
  serverFault("8.3.1.1-5a", "anyone may write to groups", skip("authorise-group-use")),
  serverFault(
    "8.3.1.1-5b",
    "the refusal of a sender without authority has no warning",
    decide({ refusals: { groupUseNotAuthorised: () => ({ status: 403 }) } }),
  ),
  serverFault("8.3.1.1-6a", "anonymity is allowed in every group", skip("check-group-anonymity")),
  serverFault(
    "8.3.1.1-6b",
    "the refusal of anonymity in a group has another warning",
    decide({ refusals: { groupAnonymity: () => ({ status: 403, warning: "122 Function not allowed" }) } }),
  ),
  inSet(
    "no-ad-hoc-anonymity",
    serverFault("8.3.1.1-7a", "anonymity is allowed for every list", skip("check-ad-hoc-anonymity")),
  ),
  inSet(
    "no-ad-hoc-anonymity",
    serverFault(
      "8.3.1.1-7b",
      "the refusal of anonymity for a list has no warning",
      decide({ refusals: { adHocAnonymity: () => ({ status: 403 }) } }),
    ),
  ),
];

const passing: readonly Fault[] = [
  serverFault(
    "8.3.1.1-2b",
    "no group is held to support IM",
    decide({ control: { groupServesIm: (turn) => turn.destination.kind !== "group" } }),
  ),
  serverFault(
    "8.3.1.1-3b",
    "no session is held to be on-going",
    decide({ control: { sessionOngoing: (turn) => turn.destination.kind !== "session" } }),
  ),
  serverFault(
    "8.3.1.1-4c",
    "every list is too long",
    decide({ control: { tooManyRecipients: (turn) => turn.destination.kind === "ad-hoc" } }),
  ),
  serverFault("8.3.1.1-5c", "nobody may write to groups", decide({ control: { mayUseGroup: () => false } })),
  serverFault(
    "8.3.1.1-6c",
    "no group allows anonymity",
    decide({
      control: {
        groupAnonymityAllowed: (turn) => turn.destination.kind !== "group" || !asksForPrivacy(turn.request),
      },
    }),
  ),
  serverFault(
    "8.3.1.1-7c",
    "no list allows anonymity",
    decide({
      control: {
        adHocAnonymityAllowed: (turn) => turn.destination.kind !== "ad-hoc" || !asksForPrivacy(turn.request),
      },
    }),
  ),
];

export const faults: readonly Fault[] = [
  ...refusals,
  ...passing,
  serverFault(
    ["8.3.1.1-9", "8.3.1.2-2", "8.3.1.4-3"],
    "Ts2 is not started",
    decide({ control: { aggregates: () => false } }),
  ),
  serverFault("8.3.1.1-9b", "a notification is sent though nobody asked", notifyUnasked),
  serverFault(
    "8.3.1.1-12",
    "group messages are answered 200",
    decide({ control: { acceptedStatus: () => 200 } }),
  ),
];
