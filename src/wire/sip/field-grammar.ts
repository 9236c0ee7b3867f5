/** The grammar of each header field that Scrim knows: of one entry where the field is a list. */
import {
  CALL_ID,
  DATE,
  EVENT_TYPE,
  LANGUAGE,
  TIMESTAMP,
  TOKEN,
  acceptRange,
  address,
  anyToken,
  authentication,
  contact,
  identity,
  nameAddr,
  pattern,
  seconds,
  secondsWithParams,
  text,
  tokenWithParams,
  via,
  whole,
  withQ,
} from "./field-readers.ts";
import type { FieldGrammar } from "./field-readers.ts";
import { parseChargingVector } from "./charging-vector.ts";
import { parseSubscriptionState } from "./event-fields.ts";
import {
  parseAcceptContact,
  parseCSeq,
  parseMediaType,
  parseProducts,
  parseWarning,
  readAuthParams,
  skipComment,
} from "./fields.ts";

/** By name in lower case. */
export const FIELD_GRAMMAR: ReadonlyMap<string, FieldGrammar> = new Map<string, FieldGrammar>([
  ["accept", { ...acceptRange("RFC 3261 20.1 Accept"), mayBeEmpty: true }],
  ["accept-contact", { clause: "RFC 3841 10 Accept-Contact", read: parseAcceptContact }],
  ["accept-encoding", { ...withQ("RFC 3261 20.2 Accept-Encoding", TOKEN, "an encoding"), mayBeEmpty: true }],
  [
    "accept-language",
    { ...withQ("RFC 3261 20.3 Accept-Language", LANGUAGE, "a language"), mayBeEmpty: true },
  ],
  ["alert-info", nameAddr("RFC 3261 20.4 Alert-Info")],
  ["allow", { ...anyToken("RFC 3261 20.5 Allow"), mayBeEmpty: true }],
  ["allow-events", pattern("RFC 6665 8.4 Allow-Events", EVENT_TYPE, "an event package")],
  ["authentication-info", whole("RFC 3261 20.6 Authentication-Info", readAuthParams)],
  ["authorization", authentication("RFC 3261 20.7 Authorization", false)],
  ["call-id", pattern("RFC 3261 20.8 Call-ID", CALL_ID, "word [ @ word ]")],
  ["call-info", nameAddr("RFC 3261 20.9 Call-Info")],
  ["contact", contact],
  ["content-disposition", tokenWithParams("RFC 3261 20.11 Content-Disposition")],
  ["content-encoding", anyToken("RFC 3261 20.12 Content-Encoding")],
  ["content-language", pattern("RFC 3261 20.13 Content-Language", LANGUAGE, "a language tag")],
  ["content-length", whole("RFC 3261 20.14 Content-Length", (reader) => reader.digits("a length"))],
  ["content-type", { clause: "RFC 3261 20.15 Content-Type", read: parseMediaType }],
  ["cseq", { clause: "RFC 3261 20.16 CSeq", read: parseCSeq }],
  ["date", pattern("RFC 3261 20.17 Date", DATE, "a date such as Sat, 13 Nov 2010 23:29:00 GMT")],
  ["error-info", nameAddr("RFC 3261 20.18 Error-Info")],
  [
    "event",
    whole("RFC 6665 8.4 Event", (reader) => {
      reader.need(EVENT_TYPE, "an event package");
      reader.params();
    }),
  ],
  ["expires", seconds("RFC 3261 20.19 Expires")],
  ["from", address("RFC 3261 20.20 From")],
  ["in-reply-to", pattern("RFC 3261 20.21 In-Reply-To", CALL_ID, "word [ @ word ]")],
  ["max-forwards", whole("RFC 3261 20.22 Max-Forwards", (reader) => reader.digits("a number"))],
  ["mime-version", pattern("RFC 3261 20.24 MIME-Version", /[0-9]+\.[0-9]+/y, "a version such as 1.0")],
  ["min-expires", seconds("RFC 3261 20.23 Min-Expires")],
  ["min-se", secondsWithParams("RFC 4028 5 Min-SE")],
  ["organization", text("RFC 3261 20.25 Organization")],
  ["p-asserted-identity", identity("RFC 3325 9.1 P-Asserted-Identity")],
  ["p-associated-uri", { ...nameAddr("RFC 7315 4.1 P-Associated-URI"), mayBeEmpty: true }],
  ["p-charging-vector", { clause: "RFC 7315 5.6 P-Charging-Vector", read: parseChargingVector }],
  ["p-preferred-identity", identity("RFC 3325 9.2 P-Preferred-Identity")],
  ["path", nameAddr("RFC 3327 4 Path")],
  ["priority", anyToken("RFC 3261 20.26 Priority")],
  [
    "privacy",
    whole("RFC 3323 4.2 Privacy", (reader) => {
      do reader.token("a privacy value");
      while (reader.takes(";"));
    }),
  ],
  ["proxy-authenticate", authentication("RFC 3261 20.27 Proxy-Authenticate", true)],
  ["proxy-authorization", authentication("RFC 3261 20.28 Proxy-Authorization", false)],
  ["proxy-require", anyToken("RFC 3261 20.29 Proxy-Require")],
  ["record-route", nameAddr("RFC 3261 20.30 Record-Route")],
  ["refer-sub", pattern("RFC 4488 4 Refer-Sub", /(?:true|false)/iy, "true or false")],
  ["refer-to", address("RFC 3515 2.1 Refer-To")],
  ["referred-by", address("RFC 3892 3 Referred-By")],
  ["reject-contact", { clause: "RFC 3841 10 Reject-Contact", read: parseAcceptContact }],
  ["reply-to", address("RFC 3261 20.31 Reply-To")],
  ["request-disposition", anyToken("RFC 3841 10 Request-Disposition")],
  ["require", anyToken("RFC 3261 20.32 Require")],
  [
    "retry-after",
    whole("RFC 3261 20.33 Retry-After", (reader) => {
      // `delta-seconds = 1*DIGIT`: 20.33 sets no bound (RFC 4475 3.1.2.5).
      reader.digits("seconds");
      reader.space();
      if (reader.peek() === "(") skipComment(reader);
      reader.params();
    }),
  ],
  ["route", nameAddr("RFC 3261 20.34 Route")],
  [
    "server",
    { clause: "RFC 3261 20.35 Server", read: (value) => parseProducts(value, "RFC 3261 20.35 Server") },
  ],
  ["service-route", nameAddr("RFC 3608 5 Service-Route")],
  ["session-expires", secondsWithParams("RFC 4028 4 Session-Expires")],
  ["sip-etag", anyToken("RFC 3903 11.3.1 SIP-ETag")],
  ["sip-if-match", anyToken("RFC 3903 11.3.2 SIP-If-Match")],
  ["subject", text("RFC 3261 20.36 Subject")],
  ["subscription-state", { clause: "RFC 6665 8.4 Subscription-State", read: parseSubscriptionState }],
  ["supported", { ...anyToken("RFC 3261 20.37 Supported"), mayBeEmpty: true }],
  ["timestamp", pattern("RFC 3261 20.38 Timestamp", TIMESTAMP, "seconds with fraction, and a delay")],
  ["to", address("RFC 3261 20.39 To")],
  ["unsupported", anyToken("RFC 3261 20.40 Unsupported")],
  ["user-agent", { clause: "RFC 3261 20.41 User-Agent", read: (value) => parseProducts(value) }],
  ["via", via],
  ["warning", { clause: "RFC 3261 20.43 Warning", read: parseWarning }],
  ["www-authenticate", authentication("RFC 3261 20.44 WWW-Authenticate", true)],
]);
