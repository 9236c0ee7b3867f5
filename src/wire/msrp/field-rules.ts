/** What a header field has to be by itself: spaces, its grammar, its URIs (RFC 4975 6 and 9, RFC 4976 7 and 8). */
import { MsrpParseError, readOrMsrpError } from "./error.ts";
import {
  parseByteRange,
  parseFailureReport,
  parseMessageId,
  parseMsrpStatus,
  parseNickname,
  parseSeconds,
  parseSuccessReport,
} from "./headers.ts";
import type { MsrpHead, MsrpHeader } from "./message.ts";
import { isNumericHost, parseMsrpPath } from "./uri.ts";
import type { MsrpUri } from "./uri.ts";
import { inMsrpField } from "./violation.ts";
import type { MsrpViolation } from "./violation.ts";

export function fieldViolations(head: MsrpHead, field: MsrpHeader): MsrpViolation[] {
  if (ESCAPED_BYTE.test(field.value))
    return [inMsrpField(field, "utf-8", "RFC 4975 9 utf8text", "expected UTF-8, got other bytes")];
  return [...spaceViolations(field), ...grammarViolations(field), ...pathViolations(head, field)];
}

/** A byte that was not UTF-8 (`sip/text.ts`). */
const ESCAPED_BYTE = /[\udc80-\udcff]/u;

function spaceViolations(field: MsrpHeader): MsrpViolation[] {
  const clause = "RFC 4975 9 header";
  const found: MsrpViolation[] = [];
  if (field.separator !== " ") {
    const what = `expected one space behind the colon, got ${JSON.stringify(field.separator)}`;
    found.push(inMsrpField(field, "header-space", clause, what));
  }
  if (/[ \t]$/.test(field.value) && GRAMMARS.has(field.name.toLowerCase()))
    found.push(inMsrpField(field, "header-space", clause, "expected no white space behind the value"));
  return found;
}

/** RFC 4975 9 `media-type = type "/" subtype *( ";" gen-param )`; RFC 2045 allows the white space around the semicolon that senders put there. */
const MEDIA_TYPE =
  /^[!#-'*+\-.0-9A-Z^-~]+\/[!#-'*+\-.0-9A-Z^-~]+(?:[ \t]*;[ \t]*[!#-'*+\-.0-9A-Z^-~]+(?:=(?:[!#-'*+\-.0-9A-Z^-~]+|"(?:[^"\\]|\\["\\])*"))?)*$/;

function parseMediaType(text: string): void {
  if (MEDIA_TYPE.test(text)) return;
  throw new MsrpParseError("field-syntax", {
    offset: 0,
    line: 1,
    column: 1,
    clause: "RFC 4975 9 media-type",
    expected: "type/subtype and parameters",
    actual: JSON.stringify(text.slice(0, 40)),
  });
}

const GRAMMARS: ReadonlyMap<string, (text: string) => unknown> = new Map<string, (text: string) => unknown>([
  ["to-path", parseMsrpPath],
  ["from-path", parseMsrpPath],
  ["use-path", parseMsrpPath],
  ["message-id", parseMessageId],
  ["byte-range", parseByteRange],
  ["success-report", parseSuccessReport],
  ["failure-report", parseFailureReport],
  ["status", parseMsrpStatus],
  ["content-type", parseMediaType],
  ["expires", parseSeconds],
  ["min-expires", parseSeconds],
  ["max-expires", parseSeconds],
  ["use-nickname", parseNickname],
]);

function grammarViolations(field: MsrpHeader): MsrpViolation[] {
  const read = GRAMMARS.get(field.name.toLowerCase());
  const error = readOrMsrpError(() => read?.(field.value.trimEnd()));
  if (!(error instanceof MsrpParseError)) return [];
  const code = error.code === "uri-syntax" ? "uri-syntax" : "field-syntax";
  const what = `expected ${error.expected}, got ${error.actual}`;
  return [inMsrpField(field, code, error.clause, what)];
}

function pathViolations(head: MsrpHead, field: MsrpHeader): MsrpViolation[] {
  if (!PATHS.has(field.name.toLowerCase())) return [];
  const path = readOrMsrpError(() => parseMsrpPath(field.value.trimEnd()));
  return path instanceof MsrpParseError ? [] : path.flatMap((uri) => uriViolations(head, field, uri));
}

const PATHS: ReadonlySet<string> = new Set(["to-path", "from-path", "use-path"]);

/** RFC 4976 8: the only URI without a port is that of a relay in the To-Path of an AUTH, and in what is copied from there into its answer. */
function uriViolations(head: MsrpHead, field: MsrpHeader, uri: MsrpUri): MsrpViolation[] {
  const found: MsrpViolation[] = [];
  const portless = head.kind === "response" || head.method === "AUTH";
  const relay = portless && uri.sessionId === undefined;
  if (uri.port === undefined && (!relay || isNumericHost(uri.host))) {
    const clause = isNumericHost(uri.host) ? "RFC 4975 6" : "RFC 4976 8, RFC 4975 8.2";
    found.push(inMsrpField(field, "uri-port", clause, `expected an explicit port, got ${uri.host} alone`));
  }
  if (uri.user?.includes(":") === true)
    found.push(inMsrpField(field, "uri-password", "RFC 4975 6", "expected no password in a URI, got one"));
  if (uri.transport !== "tcp") {
    const what = `expected the transport tcp, got ${uri.transport}`;
    found.push(inMsrpField(field, "uri-transport", "RFC 4975 6", what));
  }
  return found;
}
