/** Appendix M: the conference event package with the mark for the receiver's own element. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { cseqOf, fromOf } from "../wire/sip/headers.ts";
import { conferenceInfoViolations } from "../wire/xml/conference-info-rules.ts";
import { validateXml } from "../wire/xml/validate.ts";
import { check } from "./check.ts";
import { documentsOf, notificationsOf, usersOf, type Document, type ToldIn } from "./conference-events.ts";
import { isSameUser, type Attendance } from "./conference-members.ts";
import { expectThat, noted } from "./outcome.ts";
import { asksAnonymity } from "./pager-message.ts";

/** What statements of their own are about. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "user-without-entity",
  "endpoint-without-entity",
  "user-twice",
  "endpoint-twice",
  "yourown-misplaced",
]);

/** The schema of RFC 4575, what it demands besides, and the order of versions; NOTE 2 of 7.2.2.10 leaves conference-description out. */
function departureOf(document: Document): string | undefined {
  const { body } = document.exchange.request.message;
  const [invalid] = validateXml("conference-info", body);
  if (invalid !== undefined) return `line ${invalid.line}: ${invalid.message}`;
  const broken = conferenceInfoViolations(document.info).find(({ code }) => !ELSEWHERE.has(code));
  if (broken !== undefined) return `${broken.message} (${broken.clause})`;
  return versionDeparture(document);
}

/** RFC 4575 5.2: one more with each partial document; a full one may repeat what did not change. */
function versionDeparture({ info, watch, exchange }: Document): string | undefined {
  const number = sequenceOf(exchange);
  const before = watch.told
    .filter((told) => told.info !== undefined && sequenceOf(told.exchange) < number)
    .sort((one, other) => sequenceOf(one.exchange) - sequenceOf(other.exchange))
    .at(-1)?.info?.version;
  const { version, state } = info;
  if (before === undefined || version === undefined) return undefined;
  const isNext = state === "partial" ? version === before + 1 : version >= before;
  return isNext ? undefined : `version ${version} of a ${state} document, after ${before}`;
}

const sequenceOf = ({ request }: Document["exchange"]): number => cseqOf(request.message)?.number ?? 0;

export const packageOfRfc4575 = check<Document>("M-p1", {
  trigger: documentsOf,
  judge: (document) => {
    const departure = departureOf(document);
    const actual = departure ?? `valid, with version ${document.info.version}`;
    return expectThat(
      departure === undefined,
      "a document as RFC 4575 has it",
      actual,
      document.exchange.request,
    );
  },
});

interface Marked {
  readonly told: ToldIn;
  readonly values: readonly string[];
}

/** As it stands in the body: a document with another value cannot be read at all. */
function marksIn(trace: ScenarioTrace): readonly Marked[] {
  return notificationsOf(trace).flatMap((told) => {
    const text = Buffer.from(told.exchange.request.message.body).toString("utf8");
    const values = [...text.matchAll(/[\s:]yourown\s*=\s*(?:"([^"]*)"|'([^']*)')/gu)];
    return values.length === 0
      ? []
      : [{ told, values: values.map(([, one, other]) => (one ?? other ?? "").trim()) }];
  });
}

const BOOLEANS = ["true", "false", "1", "0"];

export const yourOwnIsBoolean = check<Marked>("M.1-p1", {
  trigger: marksIn,
  judge: ({ told, values }) =>
    expectThat(
      values.every((value) => BOOLEANS.includes(value)),
      "yourown is a Boolean",
      `yourown: ${values.join(", ")}`,
      told.exchange.request,
    ),
});

/** Attendances of users who hid their identity from the others. */
function hidden({ watch }: Document): readonly Attendance[] {
  const { conference } = watch;
  return (
    conference?.attendances.filter(
      ({ way, request, accepted }) => way === "to-sut" && accepted !== undefined && asksAnonymity(request),
    ) ?? []
  );
}

/** The figure: who hides subscribes, and finds the mark on one of the elements. */
export const hiddenOwnIsMarked = check<Document>("M-p2", {
  trigger: (trace) =>
    documentsOf(trace).filter((document) => {
      const { watcher } = document.watch;
      const isHidden = hidden(document).some(
        ({ uri }) => watcher !== undefined && isSameUser(uri, watcher, trace),
      );
      return isHidden && document.info.state === "full";
    }),
  judge: (document) => {
    const own = usersOf(document).find(({ yourOwn }) => yourOwn === true);
    const actual = own === undefined ? "no user element has yourown" : `${own.entity} has yourown`;
    return expectThat(
      own !== undefined,
      "yourown on the element of the hidden user, who receives the document",
      actual,
      document.exchange.request,
    );
  },
});

interface Shared {
  readonly document: Document;
  readonly alias: string;
}

/** Two users who came under one alias, as the figure's user did with one that was taken. */
export const takenAliasIsAltered = check<Shared>("M-p3", {
  trigger: (trace) =>
    documentsOf(trace).flatMap((document) => {
      const aliases = hidden(document).map(({ request }) => fromOf(request)?.uri ?? "");
      const alias = aliases.find((one, index) => aliases.indexOf(one) < index);
      return alias === undefined || document.info.state !== "full" ? [] : [{ document, alias }];
    }),
  judge: ({ document, alias }) => {
    const known = usersOf(document).filter(({ entity }) => entity === alias);
    const actual = `${known.length} user elements have ${alias}`;
    const expected = `one user at most is known as ${alias}, which two users asked for`;
    if (known.length > 1) return expectThat(false, expected, actual, document.exchange.request);
    return noted(expected, actual, "a taken alias is altered", document.exchange.request);
  },
});
