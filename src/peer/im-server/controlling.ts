/** Controlling function: a MESSAGE for several users is taken, checked and copied (clauses 8.3.1.1, 8.3.2.1, 11). */
import { deliveryNotificationOf } from "../im/delivery.ts";
import type { Behaviour } from "../im/behaviour.ts";
import { RECIPIENT_LIST_OPTION } from "../im/identifiers.ts";
import { ReadingError } from "../../wire/reading-error.ts";
import { listedRecipients, recipientListOf, requiredOptions } from "./decisions/control.ts";
import { explode } from "./explosion.ts";
import { startAggregation, takeNotification } from "./notifications.ts";
import { answer, refuse } from "./outgoing.ts";
import { requireOriginator } from "./participating.ts";
import type { GroupTurn } from "./turn.ts";

const takeDeliveryNotification: Behaviour<GroupTurn> = {
  name: "take-delivery-notification",
  clause: "8.3.1.2",
  run(turn) {
    const notification = deliveryNotificationOf(turn.request);
    if (!notification) return "next";
    const step = answer(turn, 200);
    takeNotification(turn, notification);
    return step;
  },
};

const offerUriList: Behaviour<GroupTurn> = {
  name: "offer-uri-list",
  clause: "8.3.1.1",
  run(turn) {
    const { control } = turn.server.decisions;
    return control.bringsUriList(turn) && !control.uriListOffered(turn)
      ? refuse(turn, "uriListUnsupported")
      : "next";
  },
};

/** RFC 3261 8.2.2.3. */
const refuseUnknownOptions: Behaviour<GroupTurn> = {
  name: "refuse-unknown-options",
  clause: "RFC 3261 8.2.2.3",
  run(turn) {
    const unknown = requiredOptions(turn).filter((option) => option !== RECIPIENT_LIST_OPTION);
    return unknown.length > 0 ? answer(turn, 420, [["Unsupported", unknown.join(", ")]]) : "next";
  },
};

const findDestination: Behaviour<GroupTurn> = {
  name: "find-destination",
  clause: "11",
  async run(turn) {
    const { control } = turn.server.decisions;
    turn.destination = await control.destination(turn);
    if (turn.destination.kind !== "unknown") return "next";
    return refuse(turn, control.bringsUriList(turn) ? "factoryUnallocated" : "conferenceUnallocated");
  },
};

const checkGroupService: Behaviour<GroupTurn> = {
  name: "check-group-service",
  clause: "8.3.1.1",
  run: (turn) =>
    turn.server.decisions.control.groupServesIm(turn) ? "next" : refuse(turn, "groupWithoutIm"),
};

const checkSession: Behaviour<GroupTurn> = {
  name: "check-session",
  clause: "8.3.1.1",
  run: (turn) =>
    turn.server.decisions.control.sessionOngoing(turn) ? "next" : refuse(turn, "sessionNotOngoing"),
};

const readRecipients: Behaviour<GroupTurn> = {
  name: "read-recipients",
  clause: "RFC 5365 7.1",
  run(turn) {
    const { destination } = turn;
    if (destination.kind === "group")
      turn.recipients = destination.document.members.map((member) => member.uri);
    if (destination.kind === "session") turn.recipients = destination.participants;
    if (destination.kind !== "ad-hoc") return "next";
    const listed = readList(turn);
    if (listed.length === 0) return refuse(turn, "listUnreadable");
    turn.recipients = listed;
    return "next";
  },
};

/** No recipients where there is no list that can be read. */
function readList(turn: GroupTurn): readonly string[] {
  const document = recipientListOf(turn);
  try {
    return document ? listedRecipients(document) : [];
  } catch (error) {
    if (error instanceof ReadingError) return [];
    throw error;
  }
}

const limitRecipients: Behaviour<GroupTurn> = {
  name: "limit-recipients",
  clause: "8.3.1.1",
  run: (turn) =>
    turn.server.decisions.control.tooManyRecipients(turn) ? refuse(turn, "tooManyRecipients") : "next",
};

const authoriseGroupUse: Behaviour<GroupTurn> = {
  name: "authorise-group-use",
  clause: "8.3.1.1",
  run: (turn) =>
    turn.server.decisions.control.mayUseGroup(turn) ? "next" : refuse(turn, "groupUseNotAuthorised"),
};

const checkGroupAnonymity: Behaviour<GroupTurn> = {
  name: "check-group-anonymity",
  clause: "8.3.1.1",
  run: (turn) =>
    turn.server.decisions.control.groupAnonymityAllowed(turn) ? "next" : refuse(turn, "groupAnonymity"),
};

const checkAdHocAnonymity: Behaviour<GroupTurn> = {
  name: "check-ad-hoc-anonymity",
  clause: "8.3.1.1",
  run: (turn) =>
    turn.server.decisions.control.adHocAnonymityAllowed(turn) ? "next" : refuse(turn, "adHocAnonymity"),
};

const copyToRecipients: Behaviour<GroupTurn> = {
  name: "copy-to-recipients",
  clause: "8.3.2.1",
  run(turn) {
    turn.delivery = turn.server.decisions.control.deliveryRequest(turn);
    turn.recipients = turn.server.decisions.control.recipients(turn);
    const aggregation = startAggregation(turn);
    const step = answer(turn, turn.server.decisions.control.acceptedStatus(turn));
    explode(turn, aggregation);
    return step;
  },
};

/** MESSAGE for a URI-list, a pre-defined group or the participants of a session. */
export const controllingMessage: readonly Behaviour<GroupTurn>[] = [
  takeDeliveryNotification,
  requireOriginator,
  offerUriList,
  refuseUnknownOptions,
  findDestination,
  checkGroupService,
  checkSession,
  readRecipients,
  limitRecipients,
  authoriseGroupUse,
  checkGroupAnonymity,
  checkAdHocAnonymity,
  copyToRecipients,
];
