/** Rules that one header field alone cannot break: start line, and how header fields, body and transport agree. */
import { SipParseError, excerpt, readOrError } from "./error.ts";
import { checkUri } from "./field-readers.ts";
import {
  cseqOf,
  expiresOf,
  fromOf,
  headerFields,
  headerValues,
  isContactStar,
  maxForwardsOf,
  toOf,
  viaOf,
} from "./headers.ts";
import { bodyViolations } from "./body-rules.ts";
import { identityViolations } from "./identity-rules.ts";
import type { SipMessage, SipRequest, SipResponse } from "./message.ts";
import { sipUriOf, uriScheme } from "./uri.ts";
import type { ValidationContext } from "./validate.ts";
import { inField, inFirst, inMessage } from "./violation.ts";
import type { Violation } from "./violation.ts";

export function messageRuleViolations(message: SipMessage, context: ValidationContext): Violation[] {
  return [
    ...(message.kind === "request" ? requestViolations(message, context) : responseViolations(message)),
    ...version(message),
    ...cseqRange(message),
    ...bodyViolations(message),
    ...identityViolations(message),
  ];
}

function requestViolations(request: SipRequest, context: ValidationContext): Violation[] {
  return [
    ...requestUri(request),
    ...topmostVia(request, context),
    ...cseqMethod(request),
    ...maxForwards(request),
    ...tag(request, "From", fromOf(request), "RFC 3261 8.1.1.3"),
    ...contacts(request),
  ];
}

function responseViolations(response: SipResponse): Violation[] {
  const found: Violation[] = [];
  if (response.status < 100 || response.status > 699) {
    found.push(
      inMessage("status-range", "RFC 3261 7.2 Status-Code", `expected 100 to 699, got ${response.status}`),
    );
  }
  if (!REASON_PHRASE.test(response.reason)) {
    found.push(
      inMessage(
        "reason-phrase",
        "RFC 3261 25.1 Reason-Phrase",
        `expected no such character in ${excerpt(response.reason)}`,
      ),
    );
  }
  if (response.status > 100) found.push(...tag(response, "To", toOf(response), "RFC 3261 8.2.6.2"));
  return found;
}

/** `Reason-Phrase = *(reserved / unreserved / escaped / UTF8-NONASCII / UTF8-CONT / SP / HTAB)` */
const REASON_PHRASE = /^(?:[A-Za-z0-9;/?:@&=+$,\-_.!~*'() \t\u0080-\uffff]|%[0-9A-Fa-f]{2})*$/;

/** RFC 3261 7.1: the version is compared without regard to case, but sent in capitals. */
function version(message: SipMessage): Violation[] {
  if (message.version === "SIP/2.0") return [];
  return [
    inMessage(
      "version-case",
      "RFC 3261 7.1 SIP-Version",
      `expected "SIP/2.0", got ${excerpt(message.version)}`,
    ),
  ];
}

/** RFC 3261 19.1.1 table 1: no header fields and no method in a Request-URI; 10.2: no user in that of REGISTER. */
function requestUri(request: SipRequest): Violation[] {
  const { method, uri } = request;
  const offset = method.length + 1;
  const error = readOrError(() => checkUri(uri));
  if (error instanceof SipParseError) {
    return [
      inMessage(
        "uri-syntax",
        error.clause,
        `Request-URI: expected ${error.expected}, got ${error.actual}`,
        offset,
      ),
    ];
  }
  const wrong = (clause: string, what: string): Violation =>
    inMessage("request-uri", clause, `Request-URI: ${what}`, offset);
  if (uriScheme(uri) === "")
    return [wrong("RFC 3261 25.1 Request-URI", `expected a URI, got ${excerpt(uri)}`)];
  const sip = sipUriOf(uri);
  if (sip === undefined) return [];
  const found: Violation[] = [];
  if (sip.headers.length > 0) found.push(wrong("RFC 3261 19.1.1", "expected no header fields"));
  if (sip.params.has("method")) found.push(wrong("RFC 3261 19.1.1", "expected no method parameter"));
  if (method === "REGISTER" && sip.user !== undefined)
    found.push(wrong("RFC 3261 10.2", "expected a domain without user"));
  return found;
}

/** RFC 3261 8.1.1.7: a branch that begins with the magic cookie; 18.1.1: the transport that is used. */
function topmostVia(request: SipRequest, context: ValidationContext): Violation[] {
  const via = viaOf(request);
  const [field] = headerFields(request, "Via");
  if (via === undefined || field === undefined) return [];
  const found: Violation[] = [];
  if (!/^z9hG4bK./.test(via.branch ?? "")) {
    const what = `expected a branch that begins with z9hG4bK and goes on, got ${excerpt(via.branch ?? "")}`;
    found.push(inField(request, field, "branch-cookie", "RFC 3261 8.1.1.7", what));
  }
  if (context.transport !== undefined && via.transport !== context.transport) {
    found.push(
      inField(
        request,
        field,
        "via-transport",
        "RFC 3261 18.1.1",
        `expected ${context.transport}, got ${via.transport}`,
      ),
    );
  }
  return found;
}

/** RFC 3261 8.1.1.5: the method of CSeq is that of the request. */
function cseqMethod(request: SipRequest): Violation[] {
  const cseq = cseqOf(request);
  if (cseq === undefined || cseq.method === request.method) return [];
  return inFirst(
    request,
    "CSeq",
    "cseq-method",
    "RFC 3261 8.1.1.5",
    `expected method ${request.method}, got ${cseq.method}`,
  );
}

/** RFC 3261 8.1.1.5: below 2**31. */
function cseqRange(message: SipMessage): Violation[] {
  const number = cseqOf(message)?.number ?? 0;
  if (number < 2 ** 31) return [];
  return inFirst(
    message,
    "CSeq",
    "cseq-range",
    "RFC 3261 8.1.1.5",
    `expected a number below 2**31, got ${number}`,
  );
}

/** RFC 3261 20.22: 0 to 255. */
function maxForwards(request: SipRequest): Violation[] {
  const hops = maxForwardsOf(request) ?? 0;
  if (hops <= 255) return [];
  return inFirst(
    request,
    "Max-Forwards",
    "max-forwards-range",
    "RFC 3261 20.22",
    `expected 0 to 255, got ${hops}`,
  );
}

function tag(
  message: SipMessage,
  name: string,
  party: { tag?: string } | undefined,
  clause: string,
): Violation[] {
  return party === undefined || party.tag !== undefined
    ? []
    : inFirst(message, name, "tag-missing", clause, "expected a tag, got none");
}

/** RFC 3261 10.2.2: `*` alone, in REGISTER with Expires: 0; 8.1.1.8: exactly one SIP or SIPS URI in a request that makes a dialog. */
function contacts(request: SipRequest): Violation[] {
  const values = headerValues(request, "Contact");
  if (values.includes("*")) {
    const good =
      isContactStar(request) &&
      values.length === 1 &&
      request.method === "REGISTER" &&
      expiresOf(request) === 0;
    const what = "expected * alone, in a REGISTER with Expires: 0";
    return good ? [] : inFirst(request, "Contact", "contact-star", "RFC 3261 10.2.2", what);
  }
  const dialogs = ["INVITE", "SUBSCRIBE", "REFER"].includes(request.method);
  if (!dialogs || values.length < 2) return [];
  return inFirst(
    request,
    "Contact",
    "contact-count",
    "RFC 3261 8.1.1.8",
    `expected one address, got ${values.length}`,
  );
}
