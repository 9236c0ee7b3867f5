/** Sessions in SDP (RFC 4975 8, RFC 6135 4, RFC 3264): offers and answers for sessions of an endpoint, and what becomes of them. */
import { connectionRole } from "../../machine/msrp/binding.ts";
import type { ConnectionRole } from "../../machine/msrp/binding.ts";
import {
  answeredSetup,
  answerMessageMedia,
  type MessageCapabilities,
  offerDescription,
  sessionLines,
} from "../../wire/sdp/answer.ts";
import type { SdpDescription, SdpLine } from "../../wire/sdp/description.ts";
import type { SdpDirection, SdpOrigin } from "../../wire/sdp/lines.ts";
import { attributeValue, mediaLineOf } from "../../wire/sdp/lines.ts";
import { type MessageMedia, messageMediaOf, type MsrpSetup } from "../../wire/sdp/message-media.ts";
import { sdpReadable } from "../../wire/sdp/error.ts";
import { connectionTo } from "../../wire/sdp/serialize.ts";
import { msrpUriOf } from "../../wire/msrp/uri.ts";
import type { ConnectOptions, MsrpSession } from "./msrp-session.ts";

/** What an end says of a session beside its path. */
export interface MsrpTerms {
  readonly acceptTypes: readonly string[];
  readonly acceptWrappedTypes?: readonly string[];
  /** Octets. */
  readonly maxSize?: number;
  readonly direction?: SdpDirection;
  /** Further lines of the medium, last. */
  readonly lines?: readonly SdpLine[];
}

export interface MsrpOfferTerms extends MsrpTerms {
  /** Default actpass (RFC 6135 4.2.2); `none` for an offer of RFC 4975 alone, whose offerer connects. */
  readonly setup?: "actpass" | "active" | "none";
}

export interface MsrpAnswerTerms extends MsrpTerms {
  /** The role that is preferred where the offer leaves the choice. Default passive. */
  readonly setup?: "active" | "passive" | "none";
}

/** Who describes a session; `sessionVersion` goes up by one with each description that differs (RFC 3264 8). */
export interface MsrpOrigin {
  readonly username?: string;
  readonly sessionId: string;
  readonly sessionVersion?: string;
}

/** What became of an offered session. */
export type MsrpAgreed =
  | { readonly kind: "agreed"; readonly media: MessageMedia; readonly role: ConnectionRole }
  /** Port 0, or no answer for it (RFC 3264 6): the session is closed. */
  | { readonly kind: "refused" }
  /** Accepted, without a path that can be read: the session is closed. */
  | { readonly kind: "unusable"; readonly reason: string };

/** An offer with one medium for each session, in their order. Address and port are those of each session's own URI (RFC 4975 8.1). */
export function offerSessions(
  offered: readonly { readonly session: MsrpSession; readonly terms: MsrpOfferTerms }[],
  origin: MsrpOrigin,
): SdpDescription {
  const host = hostOf(offered[0]?.session);
  const media = offered.map(({ session, terms }) => ({
    ...terms,
    path: session.localPath,
    connection: connectionTo(hostOf(session)),
  }));
  return offerDescription({ origin: originOf(origin, host), connection: connectionTo(host) }, media);
}

/**
 * Takes the answer for one session of an offer: the active end connects now. `index`: place of the session among the media.
 */
export function takeAnswer(
  session: MsrpSession,
  offer: SdpDescription,
  answer: SdpDescription,
  { index = 0, ...options }: { readonly index?: number } & Omit<ConnectOptions, "role"> = {},
): MsrpAgreed {
  const line = sdpReadable(() => mediaLineOf(answer.media[index] ?? { lines: [] }));
  const media = mediaAt(answer, index);
  if (line === undefined || line.port === 0 || media === undefined) {
    session.close();
    return { kind: "refused" };
  }
  const own = mediaAt(offer, index);
  return agree(session, media, { offerer: true, local: own?.setup, remote: media.setup }, options);
}

export interface MsrpAnswer {
  readonly description: SdpDescription;
  /** Indexes of the media that were accepted; none: a SIP answerer sends 488. */
  readonly accepted: readonly number[];
  /** To be called when the answer is on its way: takes the paths of the offer, and connects where this end is active. */
  start(options?: Omit<ConnectOptions, "role">): readonly MsrpAgreed[];
}

/**
 * Answers an offer. `sessionFor` gives a session and its terms for a medium, or undefined to refuse that. Sessions that do not fit (media types,
 * TLS) are refused with port 0, and closed.
 *
 * @throws SdpParseError for an offer whose m= lines cannot be read
 */
export function answerSessions(
  offer: SdpDescription,
  origin: MsrpOrigin,
  sessionFor: (
    media: MessageMedia,
  ) => { readonly session: MsrpSession; readonly terms: MsrpAnswerTerms } | undefined,
): MsrpAnswer {
  const taken = new Map<
    number,
    { session: MsrpSession; media: MessageMedia; setup: MsrpSetup | undefined }
  >();
  const hosts: string[] = [];
  const capabilities = (media: MessageMedia): MessageCapabilities | undefined => {
    const found = sessionFor(media);
    if (found === undefined) return undefined;
    const { session, terms } = found;
    const setup = terms.setup === "none" ? undefined : answeredSetup(media.setup, terms.setup ?? "passive");
    taken.set(media.index, { session, media, setup });
    hosts.push(hostOf(session));
    return { ...terms, path: session.localPath, connection: connectionTo(hostOf(session)) };
  };
  const { accepted, media } = answerMessageMedia(offer, capabilities, { lenient: true });
  const host = hosts[0] ?? "127.0.0.1";
  const parts = { origin: originOf(origin, host), connection: connectionTo(host) };
  const description = { lines: sessionLines(parts, offer), media };
  for (const [index, { session }] of taken) if (!accepted.includes(index)) session.close();
  return {
    description,
    accepted,
    start: (options = {}) =>
      accepted.flatMap((index) => {
        const one = taken.get(index);
        if (one === undefined) return [];
        const roles = { offerer: false, local: one.setup, remote: one.media.setup };
        return [agree(one.session, one.media, roles, options)];
      }),
  };
}

function agree(
  session: MsrpSession,
  media: MessageMedia,
  setups: Parameters<typeof connectionRole>[0],
  options: Omit<ConnectOptions, "role">,
): MsrpAgreed {
  if (media.path.length === 0) {
    session.close();
    return { kind: "unusable", reason: "it has no a=path that can be read" };
  }
  const role = connectionRole(setups);
  // As the peer wrote it.
  const path = attributeValue(media.section, "path") ?? "";
  session.connect(path.trim().replace(/ +/g, " "), { ...options, role });
  return { kind: "agreed", media, role };
}

function mediaAt(description: SdpDescription, index: number): MessageMedia | undefined {
  return sdpReadable(() => messageMediaOf(description, { lenient: true }))?.find(
    (one) => one.index === index,
  );
}

function hostOf(session: MsrpSession | undefined): string {
  const host = msrpUriOf(session?.uri ?? "")?.host ?? "127.0.0.1";
  return host.replace(/^\[(.*)\]$/, "$1");
}

function originOf(
  { username = "-", sessionId, sessionVersion = sessionId }: MsrpOrigin,
  host: string,
): SdpOrigin {
  const { netType, addrType, address } = connectionTo(host);
  return { username, sessionId, sessionVersion, netType, addrType, address };
}
