/** Names of header fields: compact forms, and which fields are lists. */
import { isAll, TOKEN } from "./characters.ts";

/** RFC 3261 20 and 7.3.3; RFC 3515 2.1, RFC 3841 9.2, RFC 3892 3, RFC 4028 8.2, RFC 6665 8.2, RFC 8224 4. */
const COMPACT_FORMS: ReadonlyMap<string, string> = new Map([
  ["a", "accept-contact"],
  ["b", "referred-by"],
  ["c", "content-type"],
  ["d", "request-disposition"],
  ["e", "content-encoding"],
  ["f", "from"],
  ["i", "call-id"],
  ["j", "reject-contact"],
  ["k", "supported"],
  ["l", "content-length"],
  ["m", "contact"],
  ["o", "event"],
  ["r", "refer-to"],
  ["s", "subject"],
  ["t", "to"],
  ["u", "allow-events"],
  ["v", "via"],
  ["x", "session-expires"],
  ["y", "identity"],
]);

/** What is known of a name as sent. */
export interface HeaderName {
  readonly sent: string;
  /** The long name in lower case: names are compared without regard to case, and compact forms are equal to long ones (RFC 3261 7.3.3). */
  readonly canonical: string;
  /** The end of the line before, the name and the colon, as they are written: one piece in place of four counts where messages are made. */
  readonly opening: string;
  /** Whether it is a name at all. */
  readonly isToken: boolean;
  /** Whether commas outside quotes and angle brackets separate the values of this field. */
  readonly isList: boolean;
}

/** The long name in lower case (RFC 3261 7.3.3). */
export function canonicalName(name: string): string {
  return headerName(name).canonical;
}

/** What is known of a name; of one that was looked up before there is one string, whoever asks. */
export function headerName(sent: string): HeaderName {
  const known = KNOWN.get(sent);
  if (known !== undefined) return known;
  const lower = sent.toLowerCase();
  const canonical = lower.length === 1 ? (COMPACT_FORMS.get(lower) ?? lower) : lower;
  const isToken = isAll(sent, TOKEN);
  const isKept = isToken && KNOWN.size < MOST_NAMES && sent.length <= LONGEST_NAME;
  // A copy: a piece of a text keeps the whole text from being freed.
  const own = isKept ? Buffer.from(sent, "latin1").toString("latin1") : sent;
  const name = { sent: own, canonical, opening: `\r\n${own}: `, isToken, isList: LIST_FIELDS.has(canonical) };
  if (isKept) KNOWN.set(own, name);
  return name;
}

/** By name as sent. Senders spell a name in one way; the bounds are for those who want to fill memory. */
const KNOWN = new Map<string, HeaderName>();
const MOST_NAMES = 1024;
const LONGEST_NAME = 64;

/**
 * The one string that is shared by all who ask for a name, so that telling names apart is telling strings apart that are known already.
 * Asked for each field of each message: a look into a slot costs half of one into a map, which has to go over every character first.
 */
export function sharedName(sent: string): string {
  const middle = sent.charCodeAt(sent.length >> 1);
  const slot = (sent.length * 37 + sent.charCodeAt(0) * 5 + middle * 11) & (SLOTS - 1);
  const shared = SHARED[slot];
  if (shared === sent) return shared;
  const name = headerName(sent).sent;
  if (KNOWN.has(name)) SHARED[slot] = name;
  return name;
}

const SLOTS = 1024;
const SHARED: string[] = Array.from({ length: SLOTS }, () => "");

/** Whether two names as sent are of the same header field. */
export function sameName(a: string, b: string): boolean {
  return a === b || canonicalName(a) === canonicalName(b);
}

/** Fields whose grammar is `value *(COMMA value)` (RFC 3261 7.3.1, 25.1), those of extensions with the RFC that defines them. */
const LIST_FIELDS: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "alert-info",
  "allow",
  "call-info",
  "contact",
  "content-encoding",
  "content-language",
  "error-info",
  "in-reply-to",
  "proxy-require",
  "record-route",
  "require",
  "route",
  "supported",
  "unsupported",
  "via",
  "warning",
  "allow-events", // RFC 6665 8.4
  "p-asserted-identity", // RFC 3325 9.1
  "p-preferred-identity", // RFC 3325 9.2
  "path", // RFC 3327 4
  "service-route", // RFC 3608 5
  "accept-contact", // RFC 3841 10
  "reject-contact", // RFC 3841 10
  "request-disposition", // RFC 3841 10
  "security-client", // RFC 3329 2.2
  "security-server", // RFC 3329 2.2
  "security-verify", // RFC 3329 2.2
  "history-info", // RFC 7044 5
  "permission-missing", // RFC 5360 5.9
  "trigger-consent", // RFC 5360 5.11
  "p-associated-uri", // RFC 7315 4.1
  "p-visited-network-id", // RFC 7315 4.3
  "p-access-network-info", // RFC 7315 4.4
]);

/** Whether commas outside quotes and angle brackets separate the values of this field. */
export function isListField(name: string): boolean {
  return headerName(name).isList;
}
