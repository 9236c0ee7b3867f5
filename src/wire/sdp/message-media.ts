/** What an m=message line over MSRP says with its attributes (RFC 4975 8, RFC 6135 4, RFC 5547 6). */
import { MsrpParseError, readOrMsrpError } from "../msrp/error.ts";
import { parseMsrpPath } from "../msrp/uri.ts";
import type { MsrpUri } from "../msrp/uri.ts";
import type { SdpDescription, SdpSection } from "./description.ts";
import { attributeError, sdpReadable } from "./error.ts";
import { parseFileRange, parseFileSelector } from "./file-attributes.ts";
import type { FileRange, FileSelector } from "./file-attributes.ts";
import { attributeValue, connectionOf, directionOf, mediaLineOf } from "./lines.ts";
import type { SdpConnection, SdpDirection } from "./lines.ts";

export type MsrpSetup = "active" | "passive" | "actpass" | "holdconn";

export interface MessageMedia {
  /** Place among the media, from 0. */
  readonly index: number;
  readonly section: SdpSection;
  /** 0: rejected, or given up. */
  readonly port: number;
  readonly protocol: "TCP/MSRP" | "TCP/TLS/MSRP";
  readonly connection?: SdpConnection;
  readonly direction: SdpDirection;
  /** Leftmost is where to connect, rightmost is the session. Empty where the attribute is missing. */
  readonly path: readonly MsrpUri[];
  /** In order of preference, as sent. Empty where the attribute is missing. */
  readonly acceptTypes: readonly string[];
  readonly acceptWrappedTypes: readonly string[];
  /** Octets of a whole message. */
  readonly maxSize?: number;
  readonly setup?: MsrpSetup;
  readonly file?: FileMedia;
}

/** RFC 5547: the message is a file. */
export interface FileMedia {
  readonly selector: FileSelector;
  readonly transferId?: string;
  readonly disposition?: string;
  /** As sent. */
  readonly date?: string;
  readonly icon?: string;
  readonly range?: FileRange;
}

/** Whether a medium is MSRP (RFC 4975 8.1): m=message with TCP/MSRP or TCP/TLS/MSRP. @throws SdpParseError (`media`) */
export function isMessageMedia(section: SdpSection): boolean {
  const { media, protocol } = mediaLineOf(section);
  return media === "message" && msrpProtocol(protocol) !== undefined;
}

function msrpProtocol(text: string): MessageMedia["protocol"] | undefined {
  const protocol = text.toUpperCase();
  return protocol === "TCP/MSRP" || protocol === "TCP/TLS/MSRP" ? protocol : undefined;
}

export interface MessageMediaOptions {
  /**
   * For whoever has to go on with what a peer sent: spaces too many are overlooked, and an attribute that cannot be read counts as
   * missing. `messageMediaViolations` tells of them.
   */
  readonly lenient?: boolean;
}

/** All media that are MSRP, in their order. @throws SdpParseError */
export function messageMediaOf(
  description: SdpDescription,
  options: MessageMediaOptions = {},
): MessageMedia[] {
  return description.media.flatMap((section, index) =>
    isMessageMedia(section) ? [readMessageMedia(description, section, index, options.lenient ?? false)] : [],
  );
}

/** @throws SdpParseError */
function readMessageMedia(
  description: SdpDescription,
  section: SdpSection,
  index: number,
  lenient: boolean,
): MessageMedia {
  const { port, protocol } = mediaLineOf(section);
  const attempt = <T>(read: () => T): T | undefined => (lenient ? sdpReadable(read) : read());
  const view = <T>(name: string, read: (value: string) => T): T | undefined => {
    const value = attributeValue(section, name);
    const text = lenient ? value?.trim().replace(/ +/g, " ") : value;
    return text === undefined ? undefined : attempt(() => read(text));
  };
  return {
    index,
    section,
    port,
    protocol: msrpProtocol(protocol) ?? "TCP/MSRP",
    direction: directionOf(description, section),
    path: view("path", parsePath) ?? [],
    acceptTypes: view("accept-types", parseFormatList) ?? [],
    acceptWrappedTypes: view("accept-wrapped-types", parseFormatList) ?? [],
    ...present("connection", connectionOf(description, section)),
    ...present("maxSize", view("max-size", parseMaxSize)),
    ...present("setup", view("setup", parseSetup) ?? attempt(() => sessionSetup(description))),
    ...present(
      "file",
      attempt(() => fileOf(section)),
    ),
  };
}

/** An object with the member, if there is a value for it. */
function present<K extends string, T>(name: K, value: T | undefined): { [key in K]?: T } {
  if (value === undefined) return {};
  const found: { [key in K]?: T } = {};
  found[name] = value;
  return found;
}

/** RFC 4145 4: setup may stand for the session, too. */
function sessionSetup(description: SdpDescription): MsrpSetup | undefined {
  const value = attributeValue(description, "setup");
  return value === undefined ? undefined : parseSetup(value);
}

/** `path-list= MSRP-URI *(SP MSRP-URI)`. @throws SdpParseError (`attribute-syntax`) */
export function parsePath(text: string): readonly MsrpUri[] {
  const path = readOrMsrpError(() => parseMsrpPath(text));
  if (!(path instanceof MsrpParseError)) return path;
  throw attributeError(text, path.offset, `RFC 4975 8.2 path; ${path.clause}`, path.expected);
}

const TOKEN = "[!#-'*+\\-.0-9A-Z^-~]+";
const FORMAT_ENTRY = new RegExp(
  `(?:\\*|${TOKEN}/${TOKEN}(?:;${TOKEN}=(?:${TOKEN}|"(?:[^"\\\\]|\\\\["\\\\])*"))*)(?= |$)`,
  "y",
);

/** `format-list = format-entry *( SP format-entry)`. @throws SdpParseError (`attribute-syntax`) */
export function parseFormatList(text: string): readonly string[] {
  const entries: string[] = [];
  for (let at = 0; at <= text.length; at += 1) {
    FORMAT_ENTRY.lastIndex = at;
    const entry = FORMAT_ENTRY.exec(text)?.[0];
    if (entry === undefined)
      throw attributeError(text, at, "RFC 4975 8.6 format-entry", "type/subtype, type/* or *");
    entries.push(entry);
    at += entry.length;
  }
  return entries;
}

/** `max-size-value = 1*(DIGIT)`, octets. @throws SdpParseError (`attribute-syntax`) */
export function parseMaxSize(text: string): number {
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  throw attributeError(text, 0, "RFC 4975 8.6 max-size", "octets in digits");
}

/** RFC 4145 4 `setup-attr = "a=setup:" role`. @throws SdpParseError (`attribute-syntax`) */
export function parseSetup(text: string): MsrpSetup {
  if (text === "active" || text === "passive" || text === "actpass" || text === "holdconn") return text;
  throw attributeError(text, 0, "RFC 4145 4 setup-attr", "active, passive, actpass or holdconn");
}

function fileOf(section: SdpSection): FileMedia | undefined {
  const selector = attributeValue(section, "file-selector");
  if (selector === undefined) return undefined;
  const range = attributeValue(section, "file-range");
  return {
    selector: parseFileSelector(selector),
    ...present("transferId", attributeValue(section, "file-transfer-id")),
    ...present("disposition", attributeValue(section, "file-disposition")),
    ...present("date", attributeValue(section, "file-date")),
    ...present("icon", attributeValue(section, "file-icon")),
    ...present("range", range === undefined ? undefined : parseFileRange(range)),
  };
}

/** Without parameters, which are not looked at in negotiation (RFC 4975 8.6), and in lower case. */
function plainType(entry: string): string {
  return (entry.split(";", 1)[0] ?? "").toLowerCase();
}

/** Whether a list of accept-types lets a media type through, by name or by `*` (RFC 4975 8.6). */
export function acceptsType(entries: readonly string[], type: string): boolean {
  return entries.some((entry) => entriesMeet(entry, type));
}

/** Whether some media type is in both entries. */
export function entriesMeet(a: string, b: string): boolean {
  const [left, right] = [plainType(a), plainType(b)];
  if (left === "*" || right === "*" || left === right) return true;
  const [leftType = "", leftSubtype] = left.split("/");
  const [rightType = "", rightSubtype] = right.split("/");
  return leftType === rightType && (leftSubtype === "*" || rightSubtype === "*");
}

/**
 * Which end connects (RFC 4975 8.5, RFC 6135 4.2): the offerer, unless both say otherwise. `holdconn` counts as nothing said.
 */
export function activeEnd(offer?: MsrpSetup, answer?: MsrpSetup): "offerer" | "answerer" {
  return answer === "active" && offer !== "active" ? "answerer" : "offerer";
}
