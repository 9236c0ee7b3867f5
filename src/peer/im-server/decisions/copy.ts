/** The MESSAGE that the controlling function sends to each recipient, header by header (clause 8.3.2.1; RFC 5365 7.2, 7.3). */
import { ANONYMOUS_URI, IM_TAG, SERVER_RELEASE, mediaTypes } from "../../im/identifiers.ts";
import { bodyOfParts, draftOf, readableParts } from "../../im/content.ts";
import type { Body, PartDraft } from "../../im/content.ts";
import { cpimOf, recordRoute } from "../../im/delivery.ts";
import { withoutParameters } from "../../im/address.ts";
import { header } from "../../../wire/sip/headers.ts";
import { formatNameAddr, parseNameAddr } from "../../../wire/sip/name-addr.ts";
import { readResourceLists, writeResourceLists } from "../../../wire/xml/resource-lists.ts";
import { historyEntries } from "../../../wire/uri-list/recipients.ts";
import type { GroupTurn } from "../turn.ts";
import { asksForPrivacy } from "./admission.ts";

/** From without its tag: the copy begins a transaction of its own. */
function fromWithoutTag(turn: GroupTurn): string {
  const from = parseNameAddr(header(turn.request, "From") ?? `<${ANONYMOUS_URI}>`);
  return formatNameAddr({ displayName: from.displayName, uri: from.uri });
}

function bodyPart(turn: GroupTurn, part: PartDraft & { readonly contentType: string }): PartDraft {
  if (!part.contentType.toLowerCase().startsWith(mediaTypes.cpim) || turn.delivery === undefined) return part;
  const cpim = cpimOf(turn.request);
  const route = turn.server.decisions.copy.imdnRecordRoute(turn);
  return cpim === undefined || route === undefined ? part : { ...part, body: recordRoute(cpim, route) };
}

function historyPart(document: Uint8Array): PartDraft | undefined {
  const entries = historyEntries(readResourceLists(document).entries);
  if (entries.length === 0) return undefined;
  return {
    contentType: mediaTypes.resourceLists,
    disposition: "recipient-list-history; handling=optional",
    body: writeResourceLists({ entries }),
  };
}

export const copy = {
  /** Step 6. */
  requestUri: (_turn: GroupTurn, recipient: string): string => recipient,
  to: (_turn: GroupTurn, recipient: string): string => `<${recipient}>`,
  /** RFC 5365 7.2: the From of the sender, which is anonymous where it asked for privacy. */
  from: (turn: GroupTurn): string => fromWithoutTag(turn),
  /** Step 2. */
  acceptContact: (_turn: GroupTurn): string | undefined => `*;${IM_TAG}`,
  /** Steps 3, 4a, 5a. */
  assertedIdentity: (turn: GroupTurn): string | undefined =>
    turn.destination.kind === "ad-hoc" ? `<${turn.originator}>` : `<${turn.destination.uri}>`,
  /** Steps 4b, 5b. An anonymous sender is not given away (14.3). */
  referredBy: (turn: GroupTurn): string | undefined => {
    if (turn.destination.kind === "ad-hoc") return undefined;
    return asksForPrivacy(turn.request) ? `<${ANONYMOUS_URI}>` : `<${turn.originator}>`;
  },
  /** The wish for privacy goes along, so that the core keeps it at its edge (14.3). */
  privacy: (turn: GroupTurn): string | undefined => header(turn.request, "Privacy"),
  userAgent: (_turn: GroupTurn): string | undefined => SERVER_RELEASE,
  subject: (turn: GroupTurn): string | undefined => header(turn.request, "Subject"),
  date: (turn: GroupTurn): string | undefined => header(turn.request, "Date"),
  expires: (turn: GroupTurn): string | undefined => header(turn.request, "Expires"),
  /** Where notifications come back to: the address that the message was sent to (RFC 5438 8). */
  imdnRecordRoute: (turn: GroupTurn): string | undefined => withoutParameters(turn.request.uri),
  /** The parts that came, without the list, with what of it all may know (RFC 5365 7.3). */
  body: (turn: GroupTurn, _recipient: string): Body | undefined => {
    const parts = readableParts(turn.request).flatMap((part) => {
      if (part.disposition?.type !== "recipient-list") return [bodyPart(turn, draftOf(part))];
      const history = historyPart(part.body);
      return history ? [history] : [];
    });
    return bodyOfParts(parts, `copy-${turn.server.ids.token(16)}`);
  },
} as const;
