/** By what names participants of a session are known to subscribers, and by what names they might be (5.5). */
import { groupAt } from "../trace/group-facts.ts";
import type { LeasedUser } from "../trace/event.ts";
import type { ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { assertedIdentities, fromOf, toOf } from "../wire/sip/headers.ts";
import type { NameAddr } from "../wire/sip/name-addr.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import type { ConferenceUser } from "../wire/xml/conference-info.ts";
import { documentsOf, isConnected, subjectOf, usersOf, type Document } from "./conference-events.ts";
import { isSameUser, type Attendance, type KnownConference } from "./conference-members.ts";
import { memo } from "./memo.ts";
import { readable } from "./pager-message.ts";
import { hidesIdentity } from "./session-fields.ts";

/** In the order of 5.5-6-2. */
export interface Sources {
  /** display-name of the entry in the document of the group. */
  readonly group: string | undefined;
  /** Beside the authenticated address: of the INVITE, or of the 200. */
  readonly asserted: string | undefined;
  /** In From of the INVITE, or in To of the 200. */
  readonly field: string | undefined;
}

/** A user element about a participant who does not hide. */
export interface Named {
  readonly document: Document;
  readonly user: ConferenceUser;
  readonly subject: LeasedUser;
  readonly attendance: Attendance;
  readonly sources: Sources;
  /** What 5.5 makes of them. */
  readonly expected: string | undefined;
  readonly shown: string | undefined;
}

/** Where the user has come in once only: of several INVITEs it cannot be told which one counts. */
export const namedUsers = memo((trace: ScenarioTrace): readonly Named[] =>
  documentsOf(trace).flatMap((document) => {
    const { conference } = document.watch;
    if (conference === undefined) return [];
    return usersOf(document).flatMap((user) => {
      const subject = subjectOf(user, trace);
      const own = subject && attendancesOf(conference, subject, document, trace);
      const [attendance, ...others] = own ?? [];
      if (subject === undefined || attendance === undefined || others.length > 0) return [];
      if (!isConnected(user) || hides(attendance) || groupChanges(conference, document, trace)) return [];
      const sources = sourcesOf(conference, attendance, trace);
      const expected = sources.group ?? sources.asserted ?? sources.field;
      return [{ document, user, subject, attendance, sources, expected, shown: nonEmpty(user.displayText) }];
    });
  }),
);

function groupChanges(
  { groupUri, setUp }: KnownConference,
  { exchange }: Document,
  trace: ScenarioTrace,
): boolean {
  if (groupUri === undefined) return false;
  const [before, now] = [setUp.exchange, exchange].map(({ request }) =>
    groupAt(trace.events, groupUri, request.seq),
  );
  return before !== now;
}

function attendancesOf(
  { attendances }: KnownConference,
  { imAddress }: LeasedUser,
  { exchange }: Document,
  trace: ScenarioTrace,
): readonly Attendance[] {
  return attendances.filter(
    (one) => isSameUser(one.uri, imAddress, trace) && one.exchange.request.seq < exchange.request.seq,
  );
}

/** What the participant said of itself: the INVITE, or the 200 to the function's. */
function introducedIn({ way, exchange, accepted }: Attendance): SipRecord | undefined {
  return way === "to-sut" ? exchange.request : accepted;
}

export function hides(attendance: Attendance): boolean {
  const own = introducedIn(attendance);
  return own === undefined || hidesIdentity(own.message);
}

function sourcesOf(
  { groupUri, setUp }: KnownConference,
  attendance: Attendance,
  trace: ScenarioTrace,
): Sources {
  const group =
    groupUri === undefined ? undefined : groupAt(trace.events, groupUri, setUp.exchange.request.seq);
  const names = Object.entries(group?.rules?.displayNames ?? {});
  const message = introducedIn(attendance)?.message;
  const asserted = message && readable(() => assertedIdentities(message), []);
  return {
    group: names.find(([uri]) => sameAddressOfRecord(uri, attendance.uri))?.[1],
    asserted: asserted?.map(nameIn).find((name) => name !== undefined),
    field: fieldOf(attendance),
  };
}

/** The name in To of a 200 may be the server's own, come back. */
function fieldOf({ way, exchange, accepted, request }: Attendance): string | undefined {
  if (way === "to-sut") return nameOf(() => fromOf(exchange.request.message));
  const told = accepted && nameOf(() => toOf(accepted.message));
  return told === nameOf(() => toOf(request)) ? undefined : told;
}

export function nameOf(read: () => NameAddr | undefined): string | undefined {
  const party = readable(read, undefined);
  return party && nameIn(party);
}

function nameIn({ displayName }: NameAddr): string | undefined {
  return nonEmpty(displayName);
}

export function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}

/** One who hides: what the client gave for a name. */
export interface Hidden {
  readonly attendance: Attendance;
  /** The name may stand in From, or beside the address that the core asserts. */
  readonly names: readonly string[];
}

/** Whom nobody shall know. Whoever came openly at another time is none. */
export function hiddenIn({ attendances }: KnownConference, trace: ScenarioTrace): readonly Hidden[] {
  return attendances
    .filter(
      (one) =>
        one.accepted !== undefined &&
        hides(one) &&
        attendances.every((other) => other === one || !isSameUser(other.uri, one.uri, trace)),
    )
    .map((attendance) => ({ attendance, names: namesGiven(attendance) }));
}

/** RFC 3323 4.1.1.3: what stands in From of one who gives no name. */
const NAMELESS = /^anonymous$/iu;

function namesGiven(attendance: Attendance): readonly string[] {
  const message = introducedIn(attendance)?.message;
  const asserted = message === undefined ? [] : readable(() => assertedIdentities(message), []);
  const names = [fieldOf(attendance), ...asserted.map(nameIn)];
  return names.flatMap((name) => (name === undefined || NAMELESS.test(name) ? [] : name));
}
