/** Which header fields a message has, how often, and in which order (RFC 4975 7.1, 7.2 and 9; RFC 4976 7). */
import { msrpHeaderFields } from "./headers.ts";
import type { MsrpFrame, MsrpHead } from "./message.ts";
import { inMsrpField, inMsrpMessage, nameOf } from "./violation.ts";
import type { MsrpViolation } from "./violation.ts";

export function presenceViolations(frame: MsrpFrame): MsrpViolation[] {
  const { head } = frame;
  const missing = REQUIRED.filter((rule) => rule.applies(frame))
    .filter(({ name }) => msrpHeaderFields(head, name).length === 0)
    .map(({ name, clause }) =>
      inMsrpMessage("header-missing", clause, `expected in a ${nameOf(head)}, got none`, name),
    );
  return [...missing, ...repetitions(head), ...forbidden(frame), ...orderViolations(head)];
}

interface Rule {
  readonly name: string;
  readonly clause: string;
  readonly applies: (frame: MsrpFrame) => boolean;
}

const isMethod =
  (...methods: string[]) =>
  ({ head }: MsrpFrame): boolean =>
    head.kind === "request" && methods.includes(head.method);

const REQUIRED: readonly Rule[] = [
  { name: "To-Path", clause: "RFC 4975 7.1, 9 headers", applies: () => true },
  { name: "From-Path", clause: "RFC 4975 7.1, 9 headers", applies: () => true },
  { name: "Message-ID", clause: "RFC 4975 7.1.1, 7.1.2", applies: isMethod("SEND", "REPORT") },
  { name: "Status", clause: "RFC 4975 7.1.2", applies: isMethod("REPORT") },
  { name: "Use-Nickname", clause: "RFC 7701 7.1", applies: isMethod("NICKNAME") },
  {
    name: "WWW-Authenticate",
    clause: "RFC 4976 5.1, 10.3",
    applies: ({ head }) => head.kind === "response" && head.status === 401,
  },
];

/** Of no header field that RFC 4975, 4976 or 7701 define there may be two; WWW-Authenticate may come from each relay. */
const ONCE: readonly string[] = [
  "To-Path",
  "From-Path",
  "Message-ID",
  "Success-Report",
  "Failure-Report",
  "Byte-Range",
  "Status",
  "Content-Type",
  "Use-Path",
  "Expires",
  "Min-Expires",
  "Max-Expires",
  "Authorization",
  "Use-Nickname",
];

function repetitions(head: MsrpHead): MsrpViolation[] {
  const clause = "RFC 4975 9 headers";
  return ONCE.flatMap((name) =>
    msrpHeaderFields(head, name)
      .slice(1)
      .map((field) => inMsrpField(field, "header-repeated", clause, "expected once, got another")),
  );
}

const FORBIDDEN: readonly Rule[] = [
  { name: "Success-Report", clause: "RFC 4975 7.1.2", applies: isMethod("REPORT") },
  { name: "Failure-Report", clause: "RFC 4975 7.1.2", applies: isMethod("REPORT") },
  { name: "Content-Transfer-Encoding", clause: "RFC 4975 7.1.1", applies: () => true },
];

function forbidden(frame: MsrpFrame): MsrpViolation[] {
  const { head } = frame;
  const ofMethod = FORBIDDEN.filter((rule) => rule.applies(frame)).flatMap(({ name, clause }) =>
    msrpHeaderFields(head, name).map((field) =>
      inMsrpField(field, "header-forbidden", clause, `expected none in a ${nameOf(head)}, got one`),
    ),
  );
  if (frame.content !== "none") return ofMethod;
  const ofNoBody = head.headers
    .filter(({ name }) => isMime(name) && name.toLowerCase() !== "content-transfer-encoding")
    .map((field) =>
      inMsrpField(field, "header-forbidden", "RFC 4975 7.1", "expected none in a message without a body"),
    );
  return [...ofMethod, ...ofNoBody];
}

function isMime(name: string): boolean {
  return /^(?:content-|mime-)/i.test(name);
}

function orderViolations(head: MsrpHead): MsrpViolation[] {
  const names = head.headers.map(({ name }) => name.toLowerCase());
  // Each name counts once, and a path that is missing leaves its place to the other: that is told of by itself.
  const distinct = [...new Set(names)];
  const paths = ["to-path", "from-path"].filter((name) => distinct.includes(name));
  const found = paths.flatMap((name, place): MsrpViolation[] => {
    const field = head.headers[names.indexOf(name)];
    if (field === undefined || distinct[place] === name) return [];
    const what = `expected as header field ${place + 1}, got it as ${names.indexOf(name) + 1}`;
    return [inMsrpField(field, "header-order", "RFC 4975 9 headers", what)];
  });
  return [...found, ...mimeOrder(head, names)];
}

/** `content-stuff = *(Other-Mime-header CRLF) Content-Type 2CRLF data CRLF`, behind all other header fields. */
function mimeOrder(head: MsrpHead, names: readonly string[]): MsrpViolation[] {
  const type = head.headers[names.indexOf("content-type")];
  const clause = "RFC 4975 7.1, 9 content-stuff";
  if (type !== undefined && names.lastIndexOf("content-type") !== names.length - 1)
    return [inMsrpField(type, "header-order", clause, "expected last, got others behind it")];
  const first = names.findIndex(isMime);
  const stray = first === -1 ? -1 : names.findIndex((name, index) => index > first && !isMime(name));
  const field = head.headers[stray];
  return field === undefined
    ? []
    : [inMsrpField(field, "header-order", clause, "expected before the MIME header fields")];
}
