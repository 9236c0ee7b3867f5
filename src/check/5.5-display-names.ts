/** 5.5: display names as the controlling function shows them to those who watch a session. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { groupAt, isGranted } from "../trace/group-facts.ts";
import type { ConferenceUser } from "../wire/xml/conference-info.ts";
import { check, type Check } from "./check.ts";
import { fullDocumentsOf, isConnected, subjectOf, usersOf, type Document } from "./conference-events.ts";
import { hiddenIn, namedUsers, nonEmpty, type Hidden, type Named } from "./display-names.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";

const said = (name: string | undefined): string =>
  name === undefined ? "no display-text" : `display-text ${name}`;

export const displayNamesSupported = check<Named>("5.5-3", {
  // A partial element without a name says that it is as it was.
  trigger: (trace) =>
    namedUsers(trace).filter(({ expected, user }) => expected !== undefined && user.state !== "partial"),
  judge: ({ shown, subject, document }) =>
    expectThat(
      shown !== undefined,
      `a display name of ${subject.actor}, who has one`,
      said(shown),
      document.exchange.request,
    ),
});

export const displayNamesMaySent = check<Document>("5.5-1s", {
  trigger: fullDocumentsOf,
  judge: (document) => {
    const users = usersOf(document);
    const named = users.filter(({ displayText }) => nonEmpty(displayText) !== undefined);
    const { request } = document.exchange;
    return noted(
      "display names may be sent",
      `${named.length} of ${users.length} users have one`,
      "MAY",
      request,
    );
  },
});

/** Whoever shows names shows these: of a server that shows none it cannot be asked. */
function picked(statement: string, holds: (named: Named) => boolean): Check {
  return check<Named>(statement, {
    trigger: (trace) =>
      namedUsers(trace).filter(
        (named) => named.expected !== undefined && named.shown !== undefined && holds(named),
      ),
    judge: ({ expected, shown, subject, sources, document }) => {
      const { group = "-", asserted = "-", field = "-" } = sources;
      const order = `group: ${group}, asserted: ${asserted}, From or To: ${field}`;
      return expectThat(
        shown === expected,
        `${expected ?? ""} for ${subject.actor} (${order})`,
        said(shown),
        document.exchange.request,
      );
    },
  });
}

export const displayNameByOrder = picked("5.5-6", () => true);
export const groupNameFirst = picked("5.5-6-2a", ({ sources }) => sources.group !== undefined);
export const assertedNameNext = picked(
  "5.5-6-2b",
  ({ sources: { group, asserted } }) => group === undefined && asserted !== undefined,
);
export const fieldNameLast = picked(
  "5.5-6-2c",
  ({ sources: { group, asserted } }) => group === undefined && asserted === undefined,
);

/** 7.2.1.2, step 5: of who sets up an ad-hoc session. */
export const nameOfInviter = picked(
  "7.2.1.2-5",
  ({ attendance, document: { watch } }) =>
    watch.conference?.kind !== "group" && watch.conference?.setUp.session === attendance.session,
);

/** Those who hide in a session of a group that allows it, and the elements of the document that are about nobody known. */
interface Masked {
  readonly document: Document;
  readonly hidden: readonly Hidden[];
  readonly elements: readonly ConferenceUser[];
}

/** Documents that tell of as many as are there to be told of. One that names nobody (7.2.2.10-2b) does not tell who has which name. */
function masked(trace: ScenarioTrace): readonly Masked[] {
  return fullDocumentsOf(trace).flatMap((document) => {
    const { conference } = document.watch;
    const namesSomebody = usersOf(document).some(({ displayText }) => nonEmpty(displayText) !== undefined);
    if (conference?.groupUri === undefined || !namesSomebody) return [];
    const { seq } = document.exchange.request;
    const group = groupAt(trace.events, conference.groupUri, conference.setUp.exchange.request.seq);
    const hidden = hiddenIn(conference, trace).filter(
      ({ attendance: { uri, accepted } }) =>
        (accepted?.seq ?? Infinity) < seq &&
        group !== undefined &&
        isGranted(group, "allow-anonymity", uri) === true,
    );
    const elements = usersOf(document).filter(
      (user) => isConnected(user) && subjectOf(user, trace) === undefined,
    );
    return hidden.length > 0 && hidden.length === elements.length ? [{ document, hidden, elements }] : [];
  });
}

/** The only one who hides, with a name that nobody else has. */
export const hiddenHasOwnName = check<Masked>("5.5-6-1a", {
  trigger: (trace) =>
    masked(trace).filter(({ hidden, document }) => {
      const [one, ...others] = hidden;
      const names = usersOf(document).map(({ displayText }) => displayText?.trim().toLowerCase());
      const isTaken = one?.names.some(
        (name) => names.filter((other) => other === name.toLowerCase()).length > 1,
      );
      return others.length === 0 && one !== undefined && one.names.length > 0 && isTaken === false;
    }),
  judge: ({ document, hidden: [one], elements: [element] }) => {
    const expected = `the name that the client gave, ${one?.names.join(" or ") ?? ""}`;
    const shown = nonEmpty(element?.displayText);
    const holds = shown !== undefined && one?.names.includes(shown) === true;
    return (holds ? passed : missed)(expected, said(shown), document.exchange.request);
  },
});

/** Somebody who hides gave no name, or the same as another. */
export const hiddenNamesAreDistinct = check<Masked>("5.5-6-1b", {
  trigger: (trace) =>
    masked(trace).filter(({ hidden }) => {
      const names = hidden.flatMap((one) => one.names[0]?.toLowerCase() ?? []);
      return hidden.some((one) => one.names.length === 0) || new Set(names).size < names.length;
    }),
  judge: ({ document, elements }) => {
    const expected = "a name for everybody who hides, and no two with the same";
    const names = elements.map(({ displayText }) => nonEmpty(displayText));
    const all = usersOf(document).map(({ displayText }) => displayText?.trim().toLowerCase());
    const holds = names.every(
      (name) => name !== undefined && all.filter((other) => other === name.toLowerCase()).length === 1,
    );
    return (holds ? passed : missed)(expected, names.map(said).join(", "), document.exchange.request);
  },
});
