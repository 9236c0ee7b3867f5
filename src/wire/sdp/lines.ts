/** Typed views of lines and attributes (RFC 4566 5 and 9). Each throws SdpParseError for what does not follow its grammar. */
import { excerpt, SdpParseError } from "./error.ts";
import type { SdpParseErrorCode } from "./error.ts";
import type { SdpDescription, SdpLine, SdpSection } from "./description.ts";

export interface SdpOrigin {
  readonly username: string;
  /** Digits: RFC 3264 5 lets it have 64 bits, which a number has not. */
  readonly sessionId: string;
  readonly sessionVersion: string;
  readonly netType: string;
  readonly addrType: string;
  readonly address: string;
}

export interface SdpConnection {
  readonly netType: string;
  readonly addrType: string;
  /** As sent, with the TTL of a multicast address. */
  readonly address: string;
}

export interface SdpMediaLine {
  readonly media: string;
  readonly port: number;
  /** Number of ports. */
  readonly ports?: number;
  readonly protocol: string;
  readonly formats: readonly string[];
}

export interface SdpAttribute {
  readonly name: string;
  /** Undefined for a property attribute, which has no colon. */
  readonly value?: string;
  readonly offset: number;
}

/** What is wrong with the value of a line; `index` counts its characters. */
function wrong(
  code: SdpParseErrorCode,
  line: SdpLine,
  index: number,
  clause: string,
  expected: string,
): SdpParseError {
  const actual = excerpt(line.value.slice(index));
  const offset = Math.max(0, line.offset) + 2 + index;
  return new SdpParseError(code, { offset, line: 1, column: 3 + index, clause, expected, actual });
}

const ORIGIN = /^([^ ]+) ([0-9]+) ([0-9]+) ([^ ]+) ([^ ]+) ([^ ]+)$/;

/** `origin-field = "o=" username SP sess-id SP sess-version SP nettype SP addrtype SP unicast-address` */
export function readOrigin(line: SdpLine): SdpOrigin {
  const [, username, sessionId, sessionVersion, netType, addrType, address] = ORIGIN.exec(line.value) ?? [];
  if (!username || !sessionId || !sessionVersion || !netType || !addrType || !address)
    throw wrong("origin", line, 0, "RFC 4566 5.2 origin-field", "six fields, the second and third digits");
  return { username, sessionId, sessionVersion, netType, addrType, address };
}

/** `connection-field = "c=" nettype SP addrtype SP connection-address` */
export function readConnection(line: SdpLine): SdpConnection {
  const [, netType, addrType, address] = /^([^ ]+) ([^ ]+) ([^ ]+)$/.exec(line.value) ?? [];
  if (!netType || !addrType || !address)
    throw wrong(
      "connection",
      line,
      0,
      "RFC 4566 5.7 connection-field",
      "network type, address type, address",
    );
  return { netType, addrType, address };
}

const MEDIA =
  /^([!#-'*+\-.0-9A-Z^-~]+) ([0-9]+)(?:\/([0-9]+))? ([!#-'*+\-.0-9A-Z^-~]+(?:\/[!#-'*+\-.0-9A-Z^-~]+)*) ([^ ]+(?: [^ ]+)*)$/;

/** `media-field = "m=" media SP port ["/" integer] SP proto 1*(SP fmt)` */
export function readMediaLine(line: SdpLine): SdpMediaLine {
  const clause = "RFC 4566 5.14 media-field";
  const [, media, port, ports, protocol, formats] = MEDIA.exec(line.value) ?? [];
  if (!media || !port || !protocol || !formats)
    throw wrong("media", line, 0, clause, "media, port, protocol and formats, one space between them");
  if (Number(port) > 65_535) throw wrong("media", line, media.length + 1, clause, "a port up to 65535");
  const fixed = { media, port: Number(port), protocol, formats: formats.split(" ") };
  return ports === undefined ? fixed : { ...fixed, ports: Number(ports) };
}

/** `attribute-fields = *("a=" attribute CRLF)`, `attribute = (att-field ":" att-value) / att-field` */
export function readAttribute(line: SdpLine): SdpAttribute {
  const clause = "RFC 4566 5.13 attribute";
  const colon = line.value.indexOf(":");
  const name = colon === -1 ? line.value : line.value.slice(0, colon);
  if (!/^[!#-'*+\-.0-9A-Z^-~]+$/.test(name))
    throw wrong("attribute", line, 0, clause, "the name of an attribute");
  if (colon === -1) return { name, offset: line.offset };
  const value = line.value.slice(colon + 1);
  if (value === "") throw wrong("attribute", line, colon + 1, clause, "a value behind the colon");
  return { name, value, offset: line.offset };
}

type LineReader = (line: SdpLine) => unknown;

/** What the value of each type of line has to be. */
export const LINE_READERS: ReadonlyMap<string, LineReader> = new Map<string, LineReader>([
  ["v", pattern("version", /^0$/, "RFC 4566 5.1 proto-version", "0")],
  ["o", readOrigin],
  [
    "s",
    pattern("session-name", /./s, "RFC 4566 5.3 session-name-field", "a name, if only a space or a hyphen"),
  ],
  ["c", readConnection],
  [
    "b",
    pattern("bandwidth", /^[!#-'*+\-.0-9A-Z^-~]+:[0-9]+$/, "RFC 4566 5.8 bandwidth-fields", "type:number"),
  ],
  ["t", pattern("time", /^[0-9]+ [0-9]+$/, "RFC 4566 5.9 time-fields", "start and stop in digits")],
  ["a", readAttribute],
  ["m", readMediaLine],
  ...["i", "u", "e", "p", "r", "z", "k"].map((type): [string, LineReader] => [
    type,
    pattern("value-empty", /./s, `RFC 4566 5 ${type}=`, "a value"),
  ]),
]);

function pattern(code: SdpParseErrorCode, wanted: RegExp, clause: string, expected: string): LineReader {
  return (line) => {
    if (!wanted.test(line.value)) throw wrong(code, line, 0, clause, expected);
  };
}

export function linesOf(section: SdpSection, type: string): SdpLine[] {
  return section.lines.filter((line) => line.type === type);
}

/** @throws SdpParseError (`origin`) */
export function originOf(description: SdpDescription): SdpOrigin | undefined {
  const [line] = linesOf(description, "o");
  return line === undefined ? undefined : readOrigin(line);
}

/** Of the medium, or of the session where the medium has none (RFC 4566 5.7). @throws SdpParseError (`connection`) */
export function connectionOf(description: SdpDescription, media?: SdpSection): SdpConnection | undefined {
  const [line] = [...(media === undefined ? [] : linesOf(media, "c")), ...linesOf(description, "c")];
  return line === undefined ? undefined : readConnection(line);
}

/** @throws SdpParseError (`media`) */
export function mediaLineOf(media: SdpSection): SdpMediaLine {
  const [line = { type: "m", value: "", offset: -1 }] = linesOf(media, "m");
  return readMediaLine(line);
}

/** @throws SdpParseError (`attribute`) */
export function attributesOf(section: SdpSection): SdpAttribute[] {
  return linesOf(section, "a").map(readAttribute);
}

/** All attributes of a name, which is compared with regard to case (RFC 4566 5.13). @throws SdpParseError (`attribute`) */
export function attributesNamed(section: SdpSection, name: string): SdpAttribute[] {
  return attributesOf(section).filter((attribute) => attribute.name === name);
}

/** Value of the first attribute of a name; empty for one without value. @throws SdpParseError (`attribute`) */
export function attributeValue(section: SdpSection, name: string): string | undefined {
  const [first] = attributesNamed(section, name);
  return first === undefined ? undefined : (first.value ?? "");
}

export type SdpDirection = "sendrecv" | "sendonly" | "recvonly" | "inactive";

const DIRECTIONS: readonly string[] = ["sendrecv", "sendonly", "recvonly", "inactive"];

function isDirection(name: string): name is SdpDirection {
  return DIRECTIONS.includes(name);
}

/** Of the medium, else of the session, else sendrecv (RFC 4566 6, RFC 3264 6.1). @throws SdpParseError (`attribute`) */
export function directionOf(description: SdpDescription, media: SdpSection): SdpDirection {
  const names = [...attributesOf(media), ...attributesOf(description)].map(({ name }) => name);
  return names.find(isDirection) ?? "sendrecv";
}
