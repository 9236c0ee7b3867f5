/** What the controlling function decides before it sends anything (clauses 8.3.1.1, 11). */
import { IM_TAG, RECIPIENT_LIST_OPTION } from "../../im/identifiers.ts";
import { partWithDisposition, readableParts } from "../../im/content.ts";
import { sameAddress, withoutParameters } from "../../im/address.ts";
import { deliveryRequestOf } from "../../im/delivery.ts";
import type { DeliveryRequest } from "../../im/delivery.ts";
import { headerValues } from "../../../wire/sip/headers.ts";
import { groupAllows, isMember } from "../../../wire/xml/group-permission.ts";
import type { Group } from "../../../wire/xml/group.ts";
import { hasMedium, hasService } from "../../../wire/xml/media-list.ts";
import { readResourceLists } from "../../../wire/xml/resource-lists.ts";
import type { Destination, GroupTurn, Turn } from "../turn.ts";
import { asksForPrivacy, servedUser } from "./admission.ts";

export function requiredOptions(turn: Turn): readonly string[] {
  return headerValues(turn.request, "Require").map((option) => option.toLowerCase());
}

/** The URI-list that the message brings (RFC 5365 4). */
export function recipientListOf(turn: Turn): Uint8Array | undefined {
  return partWithDisposition(readableParts(turn.request), "recipient-list")?.body;
}

/** Throws XmlReadError when the document is not a list. */
export function listedRecipients(document: Uint8Array): readonly string[] {
  return readResourceLists(document).entries.map((entry) => entry.uri);
}

/** One of each: RFC 5363 4.1, no duplicated requests. */
export function withoutDuplicates(uris: readonly string[]): readonly string[] {
  return uris.filter((uri, index) => uris.findIndex((other) => sameAddress(other, uri)) === index);
}

function serviceDestination(turn: Turn): Destination | undefined {
  const { conferenceFactory, exploder, endedSession, ongoingSession } = turn.server.config.serviceUris;
  const uri = withoutParameters(turn.request.uri);
  if (sameAddress(uri, conferenceFactory) || sameAddress(uri, exploder)) return { kind: "ad-hoc", uri };
  if (ongoingSession && sameAddress(uri, ongoingSession.uri)) {
    return { kind: "session", uri, participants: ongoingSession.participants, ongoing: true };
  }
  if (sameAddress(uri, endedSession)) return { kind: "session", uri, participants: [], ongoing: false };
  return undefined;
}

/** A group without supported-services serves all; where the IM service is named with its media, pager mode must be among them. */
function servesPagerMode({ supportedServices }: Group): boolean {
  if (supportedServices === undefined) return true;
  const media = supportedServices.services.find((service) =>
    hasService({ services: [service] }, IM_TAG),
  )?.media;
  return (
    hasService(supportedServices, IM_TAG) && (media === undefined || hasMedium(media, "pager-mode-message"))
  );
}

export const control = {
  /** Whether the message brings, or asks for the handling of, a URI-list. */
  bringsUriList: (turn: Turn): boolean =>
    requiredOptions(turn).includes(RECIPIENT_LIST_OPTION) || recipientListOf(turn) !== undefined,
  /** 8.3.1.1, step 1. */
  uriListOffered: (turn: Turn): boolean => turn.server.policy().uriListService,
  /** What the Request-URI stands for; groups are looked up in the Shared Group XDMS (11.1, 11.2). */
  destination: async (turn: Turn): Promise<Destination> => {
    const known = serviceDestination(turn);
    if (known) return known;
    const uri = withoutParameters(turn.request.uri);
    const document = await turn.server.xdm.group(uri);
    return document ? { kind: "group", uri, document } : { kind: "unknown", uri };
  },
  /** 8.3.1.1, step 2. */
  groupServesIm: (turn: GroupTurn): boolean =>
    turn.destination.kind !== "group" || servesPagerMode(turn.destination.document),
  /** 8.3.1.1, step 3. */
  sessionOngoing: (turn: GroupTurn): boolean =>
    turn.destination.kind !== "session" || turn.destination.ongoing,
  /** 8.3.1.1, steps 4 and 8. */
  tooManyRecipients: (turn: GroupTurn): boolean => {
    const { adHocMaximum, originatorCounts } = turn.server.policy();
    return (
      turn.destination.kind === "ad-hoc" && turn.recipients.length + (originatorCounts ? 1 : 0) > adHocMaximum
    );
  },
  /** 8.3.1.1, step 5. */
  mayUseGroup: (turn: GroupTurn): boolean => {
    if (servedUser(turn, turn.originator)?.properties.includes("unauthorised")) return false;
    if (turn.destination.kind !== "group" || !turn.server.policy().membersOnly) return true;
    return isMember(turn.destination.document, turn.originator);
  },
  /** 8.3.1.1, step 6. */
  groupAnonymityAllowed: (turn: GroupTurn): boolean =>
    turn.destination.kind !== "group" ||
    !asksForPrivacy(turn.request) ||
    groupAllows(turn.destination.document, "allow-anonymity", { sender: turn.originator, anonymous: true }),
  /** 8.3.1.1, step 7. */
  adHocAnonymityAllowed: (turn: GroupTurn): boolean =>
    turn.destination.kind !== "ad-hoc" ||
    !asksForPrivacy(turn.request) ||
    turn.server.policy().adHocAnonymity,
  /** Everyone who gets a copy (8.3.2.1, step 7). A group or a session leaves its sender out; a list says whom it wants. */
  recipients: (turn: GroupTurn): readonly string[] => {
    const { destination } = turn;
    if (destination.kind === "ad-hoc") return withoutDuplicates(turn.recipients);
    return withoutDuplicates(turn.recipients).filter((uri) => !sameAddress(uri, turn.originator));
  },
  /** 8.3.1.1, step 9: the notifications that the message asks for. */
  deliveryRequest: (turn: GroupTurn): DeliveryRequest | undefined => deliveryRequestOf(turn.request),
  /** 8.3.1.1, step 9: whether notifications are gathered. */
  aggregates: (turn: GroupTurn): boolean => turn.delivery !== undefined && turn.server.policy().aggregation,
  /** 8.3.1.1, step 12. */
  acceptedStatus: (_turn: GroupTurn): number => 202,
} as const;
