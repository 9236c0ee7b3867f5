/** Messages in a session (clauses 5.7.2, 5.7.5, 7.1.3). */
import type { IncomingStream } from "../../../../endpoint/msrp/incoming.ts";
import type { InboxEntry, SendInSessionAction } from "../../../../spec/actions.ts";
import { tellsRelease } from "../../../../spec/release-token.ts";
import { FINAL_REPORT_NAMESPACE } from "../../../../wire/xml/final-report.ts";
import { sameAddress } from "../../../im/address.ts";
import type { PartDraft } from "../../../im/content.ts";
import { ANONYMOUS_URI, mediaTypes } from "../../../im/identifiers.ts";
import type { ClientParts } from "../../parts.ts";
import type { ClientSession, SessionMedia } from "../session.ts";

/** Whether the session is one of a conference server. */
export function isConference({ kind, peer }: ClientSession): boolean {
  return kind === "ad-hoc" || kind === "group" || kind === "rejoined" || peer.isFocus;
}

const FILLER = "All work and no play makes a dull conference. ";

export const talking = {
  /** 7.1.3.2.1-1; and where the other end takes nothing else. */
  wraps: (_client: ClientParts, session: ClientSession, contentType: string): boolean =>
    isConference(session) || !takes(session.media, contentType),
  /** 7.1.3.2-3. */
  content: (_client: ClientParts, action: SendInSessionAction): PartDraft => {
    const { externalContent, contentType = "text/plain", text, bytes } = action;
    if (externalContent === undefined) return { contentType, body: filled(text, bytes) };
    const type = `${mediaTypes.externalBody};ACCESS-TYPE=URL;URL="${externalContent}"`;
    return { contentType: type, body: `Content-Type: ${action.contentType ?? "text/html"}\r\n\r\n` };
  },
  /** 7.1.3.2.1-2, 3b. */
  to: (_client: ClientParts, session: ClientSession, action: SendInSessionAction): readonly string[] => {
    if (action.to !== undefined) return action.to;
    const everybody =
      session.invitation?.kind === "group" ? session.invitation.target : session.peer.identity;
    return everybody === undefined ? [] : [everybody];
  },
  /** 7.1.3.2.1-4. */
  from: ({ config }: ClientParts, { ownEntity, participants, anonymous }: ClientSession): string => {
    if (ownEntity !== undefined) return ownEntity;
    const own = [...participants.keys()].find((entity) => sameAddress(entity, config.imAddress));
    // Who hides does not tell before the server has given a name.
    return own ?? (anonymous ? ANONYMOUS_URI : config.imAddress);
  },
  /** 7.1.3.2.1-3a: whether the other end is an IM Server. */
  maySendPrivately: (_client: ClientParts, { peer }: ClientSession): boolean =>
    peer.products.some((products) => tellsRelease(products, "server")),
  /** 5.7.2-1, 2. */
  finalReportHeaders: (
    _client: ClientParts,
    action: SendInSessionAction,
  ): readonly (readonly [string, string])[] =>
    action.report?.includes("final") === true
      ? [
          ["NS", `FR <${FINAL_REPORT_NAMESPACE}>`],
          ["FR.Final-Report", "yes"],
        ]
      : [],
  /** 5.7.2-3; 7.1.3.2, last paragraph. */
  successReport: (_client: ClientParts, action: SendInSessionAction): boolean =>
    action.report?.includes("success") ?? false,
  failureReport: (_client: ClientParts, action: SendInSessionAction): "yes" | undefined =>
    action.report === undefined ? undefined : "yes",
  /** 7.1.3.2-1. */
  disposition: (_client: ClientParts, action: SendInSessionAction): string | undefined =>
    action.attachment === true ? "attachment" : undefined,
} as const;

export const hearing = {
  /** RFC 4975 7.3: 413 and 415; undefined: the message is taken. Asked when its head is there. */
  refusal: (_client: ClientParts, media: SessionMedia, incoming: IncomingStream): number | undefined => {
    const { maxSize, acceptTypes } = media.terms;
    if (maxSize !== undefined && incoming.total !== "*" && incoming.total > maxSize) return 413;
    const type = incoming.contentType.split(";", 1)[0]?.trim() ?? "";
    return type === "" || takesType(acceptTypes, type) ? undefined : 415;
  },
  /** 7.1.3.3: by the To fields of the message. */
  kind: (
    { config }: ClientParts,
    { ownEntity, peer, invitation }: ClientSession,
    to: readonly string[],
  ): Extract<InboxEntry["kind"], "session-message" | "private-message"> => {
    const everybody = [peer.identity, invitation?.target].filter((one) => one !== undefined);
    if (to.some((uri) => everybody.some((one) => sameAddress(uri, one)))) return "session-message";
    const own = ownEntity === undefined ? [config.imAddress] : [config.imAddress, ownEntity];
    return to.some((uri) => own.some((one) => sameAddress(uri, one))) ? "private-message" : "session-message";
  },
  /** 7.1.3.5. */
  showsComposing: (_client: ClientParts): boolean => true,
  /** 5.7.2: whether the user is told what became of the message. */
  showsFinalReport: (_client: ClientParts): boolean => true,
} as const;

function takes(media: SessionMedia | undefined, contentType: string): boolean {
  const type = contentType.split(";", 1)[0]?.trim() ?? "";
  return media?.peer === undefined || takesType(media.peer.acceptTypes, type);
}

/** RFC 4975 8.6. */
function takesType(types: readonly string[], type: string): boolean {
  const wanted = type.toLowerCase();
  return types
    .map((one) => one.toLowerCase())
    .some(
      (one) => one === "*" || one === wanted || (one.endsWith("/*") && wanted.startsWith(one.slice(0, -1))),
    );
}

function filled(text: string, bytes: number | undefined): string {
  const missing = bytes === undefined ? 0 : bytes - Buffer.byteLength(text);
  if (missing <= 0) return text;
  return text + FILLER.repeat(Math.ceil(missing / FILLER.length)).slice(0, missing);
}
