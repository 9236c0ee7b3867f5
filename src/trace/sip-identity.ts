/**
 * What tells transactions apart, read so leniently that a faulty message still finds its exchange: judging its header fields is the business
 * of checks.
 */
import { canonicalName } from "../wire/sip/header-names.ts";
import type { SipMessage } from "../wire/sip/message.ts";

/** Value of the first header field of that name, compact or long. `name` is the long name in lower case. */
export function firstHeader(message: SipMessage, name: string): string | undefined {
  return message.headers.find((field) => canonicalName(field.name) === name)?.value;
}

export interface ViaIdentity {
  readonly branch: string;
  /** `host[:port]` in lower case. */
  readonly sentBy: string;
}

/** All Via values, topmost first; fields that are no Via give empty strings. */
export function viaIdentities(message: SipMessage): readonly ViaIdentity[] {
  return message.headers
    .filter((field) => canonicalName(field.name) === "via")
    .flatMap((field) => splitList(field.value))
    .map((value) => ({
      branch: /;\s*branch\s*=\s*([^\s;,]+)/i.exec(value)?.[1]?.toLowerCase() ?? "",
      sentBy: /^\s*SIP\s*\/\s*2\.0\s*\/\s*\S+\s+([^\s;,]+)/i.exec(value)?.[1]?.toLowerCase() ?? "",
    }));
}

export interface CSeqIdentity {
  readonly number: string;
  readonly method: string;
}

export function cseqIdentity(message: SipMessage): CSeqIdentity {
  const [number = "", method = ""] = (firstHeader(message, "cseq") ?? "").trim().split(/\s+/);
  return { number, method };
}

export function callIdIdentity(message: SipMessage): string {
  return firstHeader(message, "call-id") ?? "";
}

export function fromTag(message: SipMessage): string {
  return /;\s*tag\s*=\s*([^\s;,]+)/i.exec(firstHeader(message, "from") ?? "")?.[1] ?? "";
}

/** The method of a request; of a response, the one that its CSeq names. */
export function methodOf(message: SipMessage): string {
  return message.kind === "request" ? message.method : cseqIdentity(message).method;
}

/** The value of To without its parameters: a response repeats it. */
export function toWithoutTag(message: SipMessage): string {
  return (firstHeader(message, "to") ?? "")
    .replace(/>.*$/, ">")
    .replace(/^([^<]*?);.*$/, "$1")
    .trim();
}

/** Splits at commas outside quotes, in one pass. */
function splitList(value: string): readonly string[] {
  const parts: string[] = [];
  let quoted = false;
  let start = 0;
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at];
    if (character === '"') quoted = !quoted;
    if (quoted && character === "\\") at += 1;
    if (quoted || character !== ",") continue;
    parts.push(value.slice(start, at));
    start = at + 1;
  }
  parts.push(value.slice(start));
  return parts;
}

/** The URI in a From, To, Contact or P-Asserted-Identity value; an empty string where there is none. */
export function addressIn(value: string): string {
  const unquoted = value.replace(/^\s*"(?:\\.|[^"\\])*"/, "");
  const bracketed = /<([^<>]*)>/.exec(unquoted)?.[1];
  return (bracketed ?? unquoted.split(/[;,]/)[0] ?? "").trim();
}
