/** The session-active-policy of a group (XDM extensions; OMA-TS-SIMPLE_IM 7.2.2.8): as long as it holds, a session may go on. */
import { sameAddressOfRecord } from "../sip/same-uri.ts";
import { attributeOf, booleanOf, countOf, requiredAttribute } from "./access.ts";
import { isExtension } from "./namespaces.ts";
import { elementError } from "./tree.ts";
import type { XmlElement } from "./tree.ts";
import { element, textElement } from "./write.ts";
import type { XmlDraft } from "./write.ts";

export interface TimeRange {
  /** xs:dateTime; absent: from ever. */
  readonly start?: string;
  /** xs:dateTime; absent: for ever. */
  readonly end?: string;
}

export interface SessionActivePolicy {
  readonly mustUnderstand: boolean;
  /** Seconds that a session may last. */
  readonly maxDurationS?: number;
  /** Who must be in the session for it to go on. */
  readonly requiredParticipants?: readonly string[];
  readonly minParticipantCount?: number;
  /** A session may go on within one of these. */
  readonly schedule?: readonly TimeRange[];
}

const CLAUSE = "OMA-SUP-XSD_xdm_extensions-V1_0";

const childNamed = (parent: XmlElement, name: string): XmlElement | undefined =>
  parent.children.find((child) => child.name === name && isExtension(child));

const childrenNamed = (parent: XmlElement, name: string): readonly XmlElement[] =>
  parent.children.filter((child) => child.name === name && isExtension(child));

/** Throws XmlReadError. */
export function readSessionActivePolicy(policy: XmlElement): SessionActivePolicy {
  const duration = childNamed(policy, "max-duration");
  const required = childNamed(policy, "required-participants-list");
  const minimum = childNamed(policy, "min-participant-count");
  const schedule = childNamed(policy, "schedule");
  return {
    mustUnderstand: mustBeUnderstood(policy),
    ...(duration === undefined ? {} : { maxDurationS: countOf(duration, duration.text, CLAUSE) }),
    ...(required === undefined
      ? {}
      : {
          requiredParticipants: childrenNamed(required, "entry").map((entry) =>
            requiredAttribute(entry, "uri", CLAUSE),
          ),
        }),
    ...(minimum === undefined ? {} : { minParticipantCount: countOf(minimum, minimum.text, CLAUSE) }),
    ...(schedule === undefined ? {} : { schedule: childrenNamed(schedule, "time-range").map(readTimeRange) }),
  };
}

/** The attribute is qualified in the schema, and as good without a prefix. */
export function mustBeUnderstood(extension: XmlElement): boolean {
  const value =
    attributeOf(extension, "must-understand", extension.namespace) ??
    attributeOf(extension, "must-understand") ??
    "false";
  return booleanOf(extension, value, CLAUSE);
}

function readTimeRange(range: XmlElement): TimeRange {
  const [start, end] = [childNamed(range, "start-time"), childNamed(range, "end-time")];
  return {
    ...(start === undefined ? {} : { start: dateTimeOf(start) }),
    ...(end === undefined ? {} : { end: dateTimeOf(end) }),
  };
}

function dateTimeOf(time: XmlElement): string {
  const text = time.text.trim();
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/u.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw elementError(time, {
    code: "bad-value",
    expected: "a date and time, such as 2008-01-01T08:00:00Z",
    found: JSON.stringify(text.slice(0, 40)),
    clause: CLAUSE,
  });
}

export function sessionActivePolicyElement(policy: SessionActivePolicy): XmlDraft {
  const { requiredParticipants: required, schedule } = policy;
  return element(
    "oxe:session-active-policy",
    { "oxe:must-understand": String(policy.mustUnderstand) },
    textElement("oxe:max-duration", policy.maxDurationS),
    required === undefined
      ? undefined
      : element(
          "oxe:required-participants-list",
          {},
          ...required.map((uri) => element("oxe:entry", { uri })),
        ),
    textElement("oxe:min-participant-count", policy.minParticipantCount),
    schedule === undefined
      ? undefined
      : element(
          "oxe:schedule",
          {},
          ...schedule.map(({ start, end }) =>
            element(
              "oxe:time-range",
              {},
              textElement("oxe:start-time", start),
              textElement("oxe:end-time", end),
            ),
          ),
        ),
  );
}

/** A session as it stands when the policy is asked. */
export interface ActiveSession {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly now: number;
  /** All identities of each participant that counts. */
  readonly participants: readonly (readonly string[])[];
}

export type SessionEnd = "max-duration" | "required-participants" | "min-participant-count" | "schedule";

/** The first part of the policy that forbids the session to go on; undefined: it may (7.2.2.8). */
export function sessionEndBy(policy: SessionActivePolicy, session: ActiveSession): SessionEnd | undefined {
  const { maxDurationS, requiredParticipants = [], minParticipantCount = 0, schedule } = policy;
  const { startedAt, now, participants } = session;
  if (maxDurationS !== undefined && now - startedAt >= maxDurationS * 1000) return "max-duration";
  const isThere = (uri: string): boolean =>
    participants.some((identities) => identities.some((identity) => sameAddressOfRecord(uri, identity)));
  if (!requiredParticipants.every(isThere)) return "required-participants";
  if (participants.length < minParticipantCount) return "min-participant-count";
  if (schedule !== undefined && !schedule.some((range) => holds(range, now))) return "schedule";
  return undefined;
}

function holds({ start, end }: TimeRange, now: number): boolean {
  return (start === undefined || Date.parse(start) <= now) && (end === undefined || now < Date.parse(end));
}
