/** Which header fields a message must have, may have once, and must not have. */
import { FIELD_GRAMMAR } from "./field-grammar.ts";
import { canonicalName, isListField } from "./header-names.ts";
import { cseqOf } from "./headers.ts";
import type { HeaderField, SipMessage } from "./message.ts";
import { inField } from "./violation.ts";
import type { Violation } from "./violation.ts";

interface PresenceRule {
  /** Names as the RFC writes them; any one of them will do. */
  readonly fields: readonly string[];
  readonly clause: string;
  readonly when: (occasion: Occasion) => boolean;
}

/** The method that a message belongs to: its own, or that of CSeq in a response. Status is 0 in a request. */
interface Occasion {
  readonly method: string;
  readonly status: number;
}

const always = (): boolean => true;
const requests =
  (...methods: string[]) =>
  ({ method, status }: Occasion) =>
    status === 0 && (methods.length === 0 || methods.includes(method));
const success =
  (...methods: string[]) =>
  ({ method, status }: Occasion) =>
    status >= 200 && status < 300 && methods.includes(method);
const answers =
  (code: number, ...methods: string[]) =>
  ({ method, status }: Occasion) =>
    status === code && (methods.length === 0 || methods.includes(method));

const MANDATORY: readonly PresenceRule[] = [
  { fields: ["Via"], clause: "RFC 3261 8.1.1, 8.2.6.2", when: always },
  { fields: ["From"], clause: "RFC 3261 8.1.1, 8.2.6.2", when: always },
  { fields: ["To"], clause: "RFC 3261 8.1.1, 8.2.6.2", when: always },
  { fields: ["Call-ID"], clause: "RFC 3261 8.1.1, 8.2.6.2", when: always },
  { fields: ["CSeq"], clause: "RFC 3261 8.1.1, 8.2.6.2", when: always },
  { fields: ["Max-Forwards"], clause: "RFC 3261 8.1.1", when: requests() },
  { fields: ["Contact"], clause: "RFC 3261 8.1.1.8", when: requests("INVITE") },
  { fields: ["Contact"], clause: "RFC 3261 13.3.1.4", when: success("INVITE") },
  {
    fields: ["Contact"],
    clause: "RFC 6665 8.2, RFC 3515 2.2",
    when: requests("SUBSCRIBE", "NOTIFY", "REFER"),
  },
  { fields: ["Contact"], clause: "RFC 6665 4.2.1.2", when: success("SUBSCRIBE") },
  {
    fields: ["Event"],
    clause: "RFC 6665 8.2.1, RFC 3903 11.2",
    when: requests("SUBSCRIBE", "NOTIFY", "PUBLISH"),
  },
  { fields: ["Subscription-State"], clause: "RFC 6665 8.2.3", when: requests("NOTIFY") },
  { fields: ["Expires"], clause: "RFC 6665 4.2.1.1, RFC 3903 6", when: success("SUBSCRIBE", "PUBLISH") },
  { fields: ["SIP-ETag"], clause: "RFC 3903 6", when: success("PUBLISH") },
  { fields: ["Refer-To"], clause: "RFC 3515 2.4.1", when: requests("REFER") },
  { fields: ["WWW-Authenticate"], clause: "RFC 3261 20.44, 22.1", when: answers(401) },
  { fields: ["Allow"], clause: "RFC 3261 21.4.6", when: answers(405) },
  { fields: ["Proxy-Authenticate"], clause: "RFC 3261 22.3", when: answers(407) },
  {
    fields: ["Accept", "Accept-Encoding", "Accept-Language"],
    clause: "RFC 3261 21.4.13",
    when: answers(415),
  },
  { fields: ["Unsupported"], clause: "RFC 3261 21.4.15", when: answers(420) },
  { fields: ["Require"], clause: "RFC 3261 21.4.16", when: answers(421) },
  { fields: ["Min-SE"], clause: "RFC 4028 5", when: answers(422) },
  { fields: ["Min-Expires"], clause: "RFC 3261 10.3, RFC 6665 4.2.1.1", when: answers(423) },
  { fields: ["Allow-Events"], clause: "RFC 6665 8.3.2", when: answers(489) },
];

const FORBIDDEN: readonly PresenceRule[] = [
  { fields: ["Contact"], clause: "RFC 3428 4", when: requests("MESSAGE") },
  { fields: ["Contact"], clause: "RFC 3428 7", when: success("MESSAGE") },
  { fields: ["Require"], clause: "RFC 3261 9.1", when: requests("CANCEL") },
  { fields: ["Proxy-Require"], clause: "RFC 3261 9.1", when: requests("CANCEL") },
];

export function presenceViolations(message: SipMessage): Violation[] {
  const occasion: Occasion =
    message.kind === "request"
      ? { method: message.method, status: 0 }
      : { method: cseqOf(message)?.method ?? "", status: message.status };
  const byName = groupByName(message);
  return [
    ...MANDATORY.filter((rule) => rule.when(occasion)).flatMap((rule) => missing(rule, byName)),
    ...FORBIDDEN.filter((rule) => rule.when(occasion)).flatMap((rule) => forbidden(message, rule, byName)),
    ...[...byName].flatMap(([name, fields]) => repeated(message, name, fields)),
  ];
}

type FieldsByName = ReadonlyMap<string, readonly HeaderField[]>;

function groupByName(message: SipMessage): FieldsByName {
  const byName = new Map<string, HeaderField[]>();
  for (const field of message.headers) {
    const name = canonicalName(field.name);
    const fields = byName.get(name);
    if (fields === undefined) byName.set(name, [field]);
    else fields.push(field);
  }
  return byName;
}

function missing(rule: PresenceRule, byName: FieldsByName): Violation[] {
  if (rule.fields.some((name) => byName.has(name.toLowerCase()))) return [];
  const [first = ""] = rule.fields;
  const message = `expected ${rule.fields.join(" or ")}, got none`;
  return [{ code: "header-missing", header: first, offset: -1, message, clause: rule.clause }];
}

function forbidden(message: SipMessage, rule: PresenceRule, byName: FieldsByName): Violation[] {
  return rule.fields
    .flatMap((name) => byName.get(name.toLowerCase()) ?? [])
    .map((field) =>
      inField(message, field, "header-forbidden", rule.clause, "expected no such header field here"),
    );
}

/** RFC 3261 7.3.1: only fields that are lists may stand in several lines, and those of authentication; of unknown fields nothing is known. */
function repeated(message: SipMessage, name: string, fields: readonly HeaderField[]): Violation[] {
  const grammar = FIELD_GRAMMAR.get(name);
  if (grammar === undefined || isListField(name) || grammar.mayRepeat === true) return [];
  return fields
    .slice(1)
    .map((field) =>
      inField(
        message,
        field,
        "header-repeated",
        `RFC 3261 7.3.1; ${grammar.clause}`,
        "expected this header field once",
      ),
    );
}
