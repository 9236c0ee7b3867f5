/** 7.2.2.10, step 2a and 2b: by which identity and name the documents know each participant. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { assertedIdentities, fromOf, privacyOf, toOf } from "../wire/sip/headers.ts";
import type { NameAddr } from "../wire/sip/name-addr.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import type { ConferenceUser } from "../wire/xml/conference-info.ts";
import { fullStates, spanOfDocument, type InSession } from "./7.2.2.10-users.ts";
import { check, type Outcome } from "./check.ts";
import { documentsOf, subjectOf, usersOf, type Document } from "./conference-events.ts";
import { groupOf, isSameUser, presenceOf, type Attendance } from "./conference-members.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";

/** A document with the whole state, and one who takes part for certain. */
interface Known {
  readonly document: InSession;
  readonly attendance: Attendance;
}

function known(
  trace: ScenarioTrace,
  isMeant: (one: Attendance, document: InSession) => boolean,
): readonly Known[] {
  return fullStates(trace).flatMap((document) => {
    const span = spanOfDocument(document);
    return document.conference.attendances
      .filter((one) => one.accepted !== undefined && isMeant(one, document))
      .filter((one) => presenceOf(document.conference, one.uri, span, trace) === "in")
      .map((attendance) => ({ document, attendance }));
  });
}

type Wish = "hides" | "shows" | "open";

/** 14.3: `id` hides the identity; what other values ask of an address in a document is not said. */
function wishIn(message: SipMessage | undefined): Wish {
  const values = message === undefined ? [] : readable(() => privacyOf(message), ["unreadable"]);
  if (values.includes("id")) return "hides";
  return values.every((value) => value === "none") ? "shows" : "open";
}

const originators = (trace: ScenarioTrace, wish: Wish): readonly Known[] =>
  known(trace, (one, { conference }) => one === conference.setUp && wishIn(one.request) === wish);

/** Who was asked at the beginning; of one who had been in before, another dialog may count. */
function invited(trace: ScenarioTrace, wish: Wish): readonly Known[] {
  return known(trace, (one, { conference }) => {
    const own = conference.attendances.filter(({ uri }) => isSameUser(uri, one.uri, trace));
    return one.way === "from-sut" && own.length === 1 && wishIn(one.accepted?.message) === wish;
  });
}

const has = (document: Document, uri: string): boolean =>
  usersOf(document).some(({ entity }) => entity !== undefined && sameAddressOfRecord(entity, uri));

const entitiesOf = (document: Document): string =>
  usersOf(document)
    .map(({ entity }) => entity ?? "none")
    .join(", ") || "no user";

export const originatorByAuthenticatedAddress = check<Known>("7.2.2.10-b-2a-i", {
  trigger: (trace) =>
    originators(trace, "shows").filter(({ attendance }) => asserted(attendance.request).length > 0),
  judge: ({ document, attendance }) => {
    const uris = asserted(attendance.request).map(({ uri }) => uri);
    return expectThat(
      uris.some((uri) => has(document, uri)),
      `a user element for the originator, whose entity is ${uris.join(" or ")}`,
      `entities: ${entitiesOf(document)}`,
      document.exchange.request,
    );
  },
});

function asserted(message: SipMessage): readonly NameAddr[] {
  return readable(() => assertedIdentities(message), []);
}

/** An alias that was altered passes (7.2.3.2): the real address does not. */
export const hiddenOriginatorByFrom = check<Known>("7.2.2.10-b-2a-ii", {
  trigger: (trace) => originators(trace, "hides"),
  judge: ({ document, attendance }, trace): Outcome => {
    const from = fromOf(attendance.request)?.uri ?? "";
    const expected = `a user element for the originator, who asked for privacy, whose entity is ${from}, as From says`;
    const { request } = document.exchange;
    const betrayal = realAddressIn(document, attendance.uri, trace);
    if (betrayal !== undefined) return missed(expected, `the address ${betrayal} is told`, request);
    const actual = `entities: ${entitiesOf(document)}`;
    if (has(document, from)) return passed(expected, actual, request);
    return hasUnknown(document, trace)
      ? noted(expected, actual, "an alias that the server altered (7.2.3.2)", request)
      : missed(expected, actual, request);
  },
});

function realAddressIn(document: Document, uri: string, trace: ScenarioTrace): string | undefined {
  return usersOf(document).find(({ entity }) => entity !== undefined && isSameUser(entity, uri, trace))
    ?.entity;
}

const hasUnknown = (document: Document, trace: ScenarioTrace): boolean =>
  usersOf(document).some((user) => user.entity !== undefined && subjectOf(user, trace) === undefined);

/** The entry of the URI-list, or the member of the group, by which somebody was invited. */
function entryFor(
  { request: { uri } }: Attendance,
  { conference, exchange }: InSession,
  trace: ScenarioTrace,
): string | undefined {
  const span = { from: exchange.request.seq, to: exchange.request.seq };
  const entries = groupOf(conference, span, trace)?.members ?? conference.listed;
  return entries.find((entry) => sameAddressOfRecord(entry, uri));
}

export const invitedByListedIdentity = check<Known>("7.2.2.10-b-2a-iii", {
  trigger: (trace) =>
    invited(trace, "shows").filter(
      ({ document, attendance }) => entryFor(attendance, document, trace) !== undefined,
    ),
  judge: ({ document, attendance }, trace) => {
    const entry = entryFor(attendance, document, trace) ?? "";
    return expectThat(
      has(document, entry),
      `a user element whose entity is ${entry}, by which the user was invited`,
      `entities: ${entitiesOf(document)}`,
      document.exchange.request,
    );
  },
});

export const hiddenInvitedIsAnonymous = check<Known>("7.2.2.10-b-2a-iv", {
  trigger: (trace) => invited(trace, "hides"),
  judge: ({ document, attendance }, trace) => {
    const expected = "a user element with an anonymous identity for the invited user, who asked for privacy";
    const { request } = document.exchange;
    const betrayal = realAddressIn(document, attendance.uri, trace);
    if (betrayal !== undefined) return missed(expected, `the address ${betrayal} is told`, request);
    return expectThat(hasUnknown(document, trace), expected, `entities: ${entitiesOf(document)}`, request);
  },
});

export const displayTextIsThere = check<Document>("7.2.2.10-b-2b-1", {
  trigger: (trace) => documentsOf(trace).filter((document) => usersOf(document).length > 0),
  judge: (document) => {
    const named = usersOf(document).filter(({ displayText }) => displayText !== undefined);
    const actual = `${named.length} of ${usersOf(document).length} users have display-text`;
    return noted("user elements may have display-text", actual, actual, document.exchange.request);
  },
});

interface Named {
  readonly document: Document;
  readonly user: ConferenceUser;
  /** Names by which the function may know the user. */
  readonly names: readonly string[];
}

/** Where the messages and documents of the session name a user at all. */
function named(trace: ScenarioTrace): readonly Named[] {
  return documentsOf(trace).flatMap((document) =>
    usersOf(document).flatMap((user) => {
      const names = user.displayText === undefined ? [] : namesOf(user, document, trace);
      return names.length === 0 ? [] : [{ document, user, names }];
    }),
  );
}

function namesOf(
  { entity }: ConferenceUser,
  { watch, exchange }: Document,
  trace: ScenarioTrace,
): readonly string[] {
  const { conference } = watch;
  if (entity === undefined || conference === undefined) return [];
  const own = conference.attendances.filter(({ uri }) => isSameUser(uri, entity, trace));
  const span = { from: exchange.request.seq, to: exchange.request.seq };
  const group = groupOf(conference, span, trace);
  // When the function takes note of a document that was changed, is open.
  if (conference.groupUri !== undefined && group === undefined) return [];
  const given = Object.entries(group?.rules?.displayNames ?? {});
  const addresses = own.flatMap(({ way, request, accepted }) =>
    way === "to-sut"
      ? [...asserted(request), fromOf(request)]
      : accepted === undefined
        ? []
        : [...asserted(accepted.message), toOf(accepted.message)],
  );
  return [
    ...given.flatMap(([uri, name]) => (isSameUser(uri, entity, trace) ? [name] : [])),
    ...addresses.flatMap((address) => address?.displayName ?? []),
  ];
}

export const displayTextIsName = check<Named>("7.2.2.10-b-2b-2", {
  trigger: named,
  judge: ({ document, user, names }) =>
    expectThat(
      names.includes(user.displayText ?? ""),
      `display-text of ${user.entity}: ${[...new Set(names)].join(" or ")}`,
      `display-text ${user.displayText}`,
      document.exchange.request,
    ),
});
