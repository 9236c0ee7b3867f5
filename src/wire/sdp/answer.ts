/** Answers to offers of MSRP (RFC 3264 6, RFC 4975 8, RFC 6135 4.2). */
import type { SdpDescription, SdpLine, SdpSection } from "./description.ts";
import { sdpReadable } from "./error.ts";
import { linesOf, mediaLineOf } from "./lines.ts";
import type { SdpConnection, SdpDirection, SdpOrigin } from "./lines.ts";
import { entriesMeet, messageMediaOf } from "./message-media.ts";
import type { MessageMedia, MessageMediaOptions, MsrpSetup } from "./message-media.ts";
import { connectionLine, mediaLine, originLine, sdpAttribute, sdpLine } from "./serialize.ts";
import { msrpUriOf } from "../msrp/uri.ts";

export interface MessageCapabilities {
  /** The value of a=path: the own URI, behind those of relays. */
  readonly path: string;
  readonly acceptTypes: readonly string[];
  readonly acceptWrappedTypes?: readonly string[];
  /** Octets. */
  readonly maxSize?: number;
  /** What it is willing to do; sendrecv when nothing is said. */
  readonly direction?: SdpDirection;
  /** The role it prefers (RFC 6135); `none` writes no a=setup. Passive when nothing is said. */
  readonly setup?: "active" | "passive" | "none";
  /** TCP/MSRP and TCP/TLS/MSRP by the scheme of the path; others are refused. */
  readonly connection?: SdpConnection;
  /** Further lines for the medium, last. */
  readonly lines?: readonly SdpLine[];
}

/** Capabilities for each medium of the offer, because every session has a URI of its own; undefined refuses it. */
export type CapabilitiesFor = (media: MessageMedia) => MessageCapabilities | undefined;

export interface MessageAnswer {
  /** One for each medium of the offer, in the same order. */
  readonly media: readonly SdpSection[];
  /** Indexes of those that were accepted; if there are none a SIP answerer sends 488 (RFC 3264 6, RFC 4975 8.6). */
  readonly accepted: readonly number[];
}

/**
 * Answers every medium of an offer: MSRP by the capabilities, anything else with port 0. With plain capabilities the first medium that
 * they fit is accepted, and the others are refused.
 *
 * @throws SdpParseError for attributes of the offer that do not follow their grammar
 */
export function answerMessageMedia(
  offer: SdpDescription,
  capabilities: MessageCapabilities | CapabilitiesFor,
  options: MessageMediaOptions = {},
): MessageAnswer {
  const offered = new Map(messageMediaOf(offer, options).map((media) => [media.index, media]));
  const accepted: number[] = [];
  const media = offer.media.map((section, index) => {
    const one = offered.get(index);
    const able = one === undefined ? undefined : capabilitiesFor(one, capabilities, accepted.length > 0);
    if (one === undefined || able === undefined || !fits(one, able)) return rejectedMedia(section);
    accepted.push(index);
    return acceptedMedia(one, able);
  });
  return { media, accepted };
}

function capabilitiesFor(
  media: MessageMedia,
  capabilities: MessageCapabilities | CapabilitiesFor,
  taken: boolean,
): MessageCapabilities | undefined {
  if (typeof capabilities === "function") return capabilities(media);
  return taken ? undefined : capabilities;
}

/** Not given up, with a path, of the same protection, and with a media type that both know (RFC 3264 6.1). */
function fits(media: MessageMedia, able: MessageCapabilities): boolean {
  const scheme = media.protocol === "TCP/TLS/MSRP" ? "msrps" : "msrp";
  const own = ownUri(able);
  const common = media.acceptTypes.some((entry) => able.acceptTypes.some((type) => entriesMeet(entry, type)));
  return media.port !== 0 && media.path.length > 0 && own?.scheme === scheme && common;
}

function ownUri(able: MessageCapabilities): ReturnType<typeof msrpUriOf> {
  return msrpUriOf(able.path.split(" ").at(-1) ?? "");
}

/** RFC 3264 6: port 0, and at least one format, which is ignored. */
export function rejectedMedia(section: SdpSection): SdpSection {
  const line = sdpReadable(() => mediaLineOf(section));
  if (line === undefined) return { lines: linesOf(section, "m") };
  const { media, protocol, formats } = line;
  return { lines: [mediaLine({ media, port: 0, protocol, formats })] };
}

function acceptedMedia(media: MessageMedia, able: MessageCapabilities): SdpSection {
  const line = mediaLineOf(media.section);
  const port = ownUri(able)?.port ?? 0;
  const setup = able.setup === "none" ? undefined : answeredSetup(media.setup, able.setup ?? "passive");
  const direction = answeredDirection(media.direction, able.direction ?? "sendrecv");
  const transferId = media.file?.transferId;
  return {
    lines: [
      mediaLine({ media: line.media, port, protocol: line.protocol, formats: ["*"] }),
      ...(able.connection === undefined ? [] : [connectionLine(able.connection)]),
      ...messageAttributes(able),
      ...(setup === undefined ? [] : [sdpAttribute("setup", setup)]),
      ...(direction === "sendrecv" ? [] : [sdpAttribute(direction)]),
      // RFC 5547 8.1: the answerer copies the identifier, and says by the selector which file it agreed to.
      ...(transferId === undefined ? [] : fileLines(media.section)),
      ...(able.lines ?? []),
    ],
  };
}

function fileLines(section: SdpSection): SdpLine[] {
  return linesOf(section, "a")
    .filter(({ value }) => /^file-(?:selector|transfer-id)(?::|$)/.test(value))
    .map(({ value }) => sdpLine("a", value));
}

/** accept-types, accept-wrapped-types, path and max-size, for an offer as well. */
export function messageAttributes(able: MessageCapabilities): SdpLine[] {
  const wrapped = able.acceptWrappedTypes ?? [];
  return [
    sdpAttribute("accept-types", able.acceptTypes.join(" ")),
    ...(wrapped.length === 0 ? [] : [sdpAttribute("accept-wrapped-types", wrapped.join(" "))]),
    sdpAttribute("path", able.path),
    ...(able.maxSize === undefined ? [] : [sdpAttribute("max-size", `${able.maxSize}`)]),
  ];
}

/** RFC 6135 4.2.2 and RFC 4145 4.1. An offer that says nothing (or holdconn) is one of RFC 4975, whose offerer is active. */
export function answeredSetup(
  offered: MsrpSetup | undefined,
  preferred: "active" | "passive",
): "active" | "passive" {
  if (offered === "actpass") return preferred;
  return offered === "passive" ? "active" : "passive";
}

/** What both want: the answerer sends where the offerer receives (RFC 3264 6.1). */
export function answeredDirection(offered: SdpDirection, willing: SdpDirection): SdpDirection {
  const sends = receivesIn(offered) && sendsIn(willing);
  const receives = sendsIn(offered) && receivesIn(willing);
  if (sends) return receives ? "sendrecv" : "sendonly";
  return receives ? "recvonly" : "inactive";
}

export function sendsIn(direction: SdpDirection): boolean {
  return direction === "sendrecv" || direction === "sendonly";
}

export function receivesIn(direction: SdpDirection): boolean {
  return direction === "sendrecv" || direction === "recvonly";
}

export interface SessionParts {
  readonly origin: SdpOrigin;
  readonly connection: SdpConnection;
  /** A space when nothing is said (RFC 3264 5). */
  readonly name?: string;
  /** Attributes and other lines for the session, behind t=. */
  readonly lines?: readonly SdpLine[];
}

/** The lines of the session, with the t= of the offer when there is one (RFC 3264 6). */
export function sessionLines(parts: SessionParts, offer?: SdpDescription): SdpLine[] {
  const times = offer === undefined ? [] : [...linesOf(offer, "t")].map(({ value }) => sdpLine("t", value));
  return [
    sdpLine("v", "0"),
    originLine(parts.origin),
    sdpLine("s", parts.name ?? " "),
    connectionLine(parts.connection),
    ...(times.length > 0 ? times : [sdpLine("t", "0 0")]),
    ...(parts.lines ?? []),
  ];
}

/** A whole answer around `answerMessageMedia`. */
export function answerDescription(
  offer: SdpDescription,
  parts: SessionParts,
  capabilities: MessageCapabilities | CapabilitiesFor,
  options: MessageMediaOptions = {},
): SdpDescription & Pick<MessageAnswer, "accepted"> {
  return { lines: sessionLines(parts, offer), ...answerMessageMedia(offer, capabilities, options) };
}

export interface MessageOffer extends Omit<MessageCapabilities, "setup"> {
  /** RFC 6135 4.2.2: actpass, or active behind a NAT; `none` for an offer of RFC 4975. Actpass when nothing is said. */
  readonly setup?: "actpass" | "active" | "none";
}

/** An offer of MSRP sessions, one for each of `media`. */
export function offerDescription(parts: SessionParts, media: readonly MessageOffer[]): SdpDescription {
  return { lines: sessionLines(parts), media: media.map(offeredMedia) };
}

function offeredMedia(offer: MessageOffer): SdpSection {
  const { setup = "actpass", direction = "sendrecv", ...rest } = offer;
  const own = ownUri(rest);
  const protocol = own?.scheme === "msrps" ? "TCP/TLS/MSRP" : "TCP/MSRP";
  return {
    lines: [
      mediaLine({ media: "message", port: own?.port ?? 0, protocol, formats: ["*"] }),
      ...(rest.connection === undefined ? [] : [connectionLine(rest.connection)]),
      ...messageAttributes(rest),
      ...(setup === "none" ? [] : [sdpAttribute("setup", setup)]),
      ...(direction === "sendrecv" ? [] : [sdpAttribute(direction)]),
      ...(rest.lines ?? []),
    ],
  };
}
