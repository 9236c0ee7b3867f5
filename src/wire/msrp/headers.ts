/** Typed views of header fields (RFC 4975 9, RFC 4976 7, RFC 7701). Names are compared without regard to case. */
import { errorInText } from "./error.ts";
import { IDENT_CLAUSE, isIdent } from "./ident.ts";
import type { MsrpHead, MsrpHeader } from "./message.ts";
import { parseMsrpPath } from "./uri.ts";
import type { MsrpUri } from "./uri.ts";

export function msrpHeaderFields(head: MsrpHead, name: string): MsrpHeader[] {
  const wanted = name.toLowerCase();
  return head.headers.filter((header) => header.name.toLowerCase() === wanted);
}

/** Value of the first header field of a name. */
export function msrpHeader(head: MsrpHead, name: string): string | undefined {
  return msrpHeaderFields(head, name)[0]?.value;
}

/** What `read` makes of the first header field of a name; undefined when there is none. */
function view<T>(head: MsrpHead, name: string, read: (value: string) => T): T | undefined {
  const value = msrpHeader(head, name);
  return value === undefined ? undefined : read(value);
}

/** @throws MsrpParseError (`uri-syntax`) */
export function toPathOf(head: MsrpHead): readonly MsrpUri[] | undefined {
  return view(head, "To-Path", parseMsrpPath);
}

/** @throws MsrpParseError (`uri-syntax`) */
export function fromPathOf(head: MsrpHead): readonly MsrpUri[] | undefined {
  return view(head, "From-Path", parseMsrpPath);
}

/** URIs in the order in which a relay has to be passed by its client's requests (RFC 4976 4.2). @throws MsrpParseError (`uri-syntax`) */
export function usePathOf(head: MsrpHead): readonly MsrpUri[] | undefined {
  return view(head, "Use-Path", parseMsrpPath);
}

export function messageIdOf(head: MsrpHead): string | undefined {
  return msrpHeader(head, "Message-ID");
}

/** `Message-ID = "Message-ID:" SP ident`. @throws MsrpParseError (`field-syntax`) */
export function parseMessageId(text: string): string {
  if (!isIdent(text)) throw errorInText("field-syntax", text, 0, IDENT_CLAUSE, "an identifier of 4 to 32");
  return text;
}

/** Octets of the message, the first being 1. */
export interface ByteRange {
  readonly start: number;
  /** `*`: not known, or the chunk may be interrupted. */
  readonly end: number | "*";
  /** `*`: not known. */
  readonly total: number | "*";
}

const BYTE_RANGE_CLAUSE = "RFC 4975 9 Byte-Range";

/** `Byte-Range = range-start "-" range-end "/" total`. @throws MsrpParseError (`field-syntax`) */
export function parseByteRange(text: string): ByteRange {
  const found = /^([0-9]+)-([0-9]+|\*)\/([0-9]+|\*)$/.exec(text);
  if (found === null)
    throw errorInText(
      "field-syntax",
      text,
      0,
      BYTE_RANGE_CLAUSE,
      "start-end/total, such as 1-12/12 or 1-*/*",
    );
  const [start, end, total] = found.slice(1).map((part) => (part === "*" ? "*" : Number(part)));
  if (typeof start !== "number" || [start, end, total].some((n) => n !== "*" && !Number.isSafeInteger(n)))
    throw errorInText("field-syntax", text, 0, BYTE_RANGE_CLAUSE, "numbers up to 2^53-1");
  return { start, end: end ?? "*", total: total ?? "*" };
}

export function formatByteRange({ start, end, total }: ByteRange): string {
  return `${start}-${end}/${total}`;
}

/** @throws MsrpParseError (`field-syntax`) */
export function byteRangeOf(head: MsrpHead): ByteRange | undefined {
  return view(head, "Byte-Range", parseByteRange);
}

export type FailureReport = "yes" | "no" | "partial";

/** @throws MsrpParseError (`field-syntax`) */
export function parseSuccessReport(text: string): boolean {
  const value = text.toLowerCase();
  if (value === "yes" || value === "no") return value === "yes";
  throw errorInText("field-syntax", text, 0, "RFC 4975 9 Success-Report", "yes or no");
}

/** @throws MsrpParseError (`field-syntax`) */
export function parseFailureReport(text: string): FailureReport {
  const value = text.toLowerCase();
  if (value === "yes" || value === "no" || value === "partial") return value;
  throw errorInText("field-syntax", text, 0, "RFC 4975 9 Failure-Report", "yes, no or partial");
}

/** Whether success reports are asked for; `no` when nothing is said (RFC 4975 7.1.1). @throws MsrpParseError (`field-syntax`) */
export function successReportOf(head: MsrpHead): boolean {
  return view(head, "Success-Report", parseSuccessReport) ?? false;
}

/** `yes` when nothing is said (RFC 4975 7.1.1). @throws MsrpParseError (`field-syntax`) */
export function failureReportOf(head: MsrpHead): FailureReport {
  return view(head, "Failure-Report", parseFailureReport) ?? "yes";
}

export interface MsrpStatus {
  /** `000`: the code means what it means in a response (RFC 4975 7.1.3). */
  readonly namespace: string;
  readonly code: number;
  readonly comment?: string;
}

/** `Status = namespace SP status-code [SP comment]`. @throws MsrpParseError (`field-syntax`) */
export function parseMsrpStatus(text: string): MsrpStatus {
  const found = /^([0-9]{3}) ([0-9]{3})(?: (.*))?$/s.exec(text);
  if (found?.[1] === undefined)
    throw errorInText("field-syntax", text, 0, "RFC 4975 9 Status", "a namespace and a code of three digits");
  const status = { namespace: found[1], code: Number(found[2]) };
  return found[3] === undefined ? status : { ...status, comment: found[3] };
}

export function formatMsrpStatus({ namespace, code, comment }: MsrpStatus): string {
  const status = `${namespace} ${String(code).padStart(3, "0")}`;
  return comment === undefined ? status : `${status} ${comment}`;
}

/** Of a REPORT. @throws MsrpParseError (`field-syntax`) */
export function statusOf(head: MsrpHead): MsrpStatus | undefined {
  return view(head, "Status", parseMsrpStatus);
}

/** As sent; `mime/content-type.ts` takes it apart. */
export function contentTypeOf(head: MsrpHead): string | undefined {
  return msrpHeader(head, "Content-Type");
}

/** `Expires = "Expires:" SP 1*DIGIT`, seconds. @throws MsrpParseError (`field-syntax`) */
export function parseSeconds(text: string): number {
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  throw errorInText("field-syntax", text, 0, "RFC 4976 7 Expires", "seconds in digits");
}

/** Seconds for which the URIs of an AUTH are asked for, or given (RFC 4976 4.6). @throws MsrpParseError (`field-syntax`) */
export function expiresOf(head: MsrpHead): number | undefined {
  return view(head, "Expires", parseSeconds);
}

/** Seconds, in a 423 (RFC 4976 4.6). @throws MsrpParseError (`field-syntax`) */
export function minExpiresOf(head: MsrpHead): number | undefined {
  return view(head, "Min-Expires", parseSeconds);
}

/** Seconds, in a 423 (RFC 4976 4.6). @throws MsrpParseError (`field-syntax`) */
export function maxExpiresOf(head: MsrpHead): number | undefined {
  return view(head, "Max-Expires", parseSeconds);
}

/** The challenges of a 401 as sent; `sip/digest.ts` reads them. */
export function challengesOf(head: MsrpHead): string[] {
  return msrpHeaderFields(head, "WWW-Authenticate").map(({ value }) => value);
}

/** The credentials of an AUTH as sent; `sip/digest.ts` reads them. */
export function authorizationOf(head: MsrpHead): string | undefined {
  return msrpHeader(head, "Authorization");
}

export function authenticationInfoOf(head: MsrpHead): string | undefined {
  return msrpHeader(head, "Authentication-Info");
}

const NICKNAME_CLAUSE = "RFC 7701 7.1 Use-Nickname";

/** `Use-Nickname = "Use-Nickname:" SP nickname`, a quoted string. @throws MsrpParseError (`field-syntax`) */
export function parseNickname(text: string): string {
  const found = /^"((?:[^"\\]|\\["\\])*)"$/.exec(text);
  if (found?.[1] === undefined)
    throw errorInText("field-syntax", text, 0, NICKNAME_CLAUSE, "a quoted string");
  return found[1].replace(/\\(["\\])/g, "$1");
}

/** The nickname that a NICKNAME asks for; empty when it gives one up (RFC 7701 7.1, 7.3). @throws MsrpParseError (`field-syntax`) */
export function useNicknameOf(head: MsrpHead): string | undefined {
  return view(head, "Use-Nickname", parseNickname);
}
