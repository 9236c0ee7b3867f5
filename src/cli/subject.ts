/** What a person wants explained: a statement, or a scenario by its place, its name or its id in the run. */
import { judgedStatements } from "../judge/rules.ts";
import type { IndexedScenario } from "../run/feature-index.ts";
import { nearest } from "../spec/nearest.ts";
import type { Statement } from "../spec/types.ts";
import type { RunEvent, ScenarioOpened } from "../trace/event.ts";

export type ExplainedSubject =
  | { readonly kind: "statement"; readonly statement: Statement }
  | {
      readonly kind: "scenario";
      readonly location: string;
      readonly indexed: IndexedScenario | undefined;
      /** Of an outline, each row that was run. */
      readonly opened: readonly ScenarioOpened[];
    };

export class UnknownSubjectError extends Error {
  readonly code = "unknown-subject";
}

/** Throws {@link UnknownSubjectError} with what is nearest. */
export function subjectOf(
  word: string,
  scenarios: readonly IndexedScenario[],
  events: readonly RunEvent[],
): ExplainedSubject {
  const statements = judgedStatements();
  const statement = statements.find(({ id }) => id === word);
  if (statement !== undefined) return { kind: "statement", statement };
  const ran = events.filter((event): event is ScenarioOpened => event.type === "scenario-opened");
  const locations = placesMeant(word, scenarios, ran);
  const [location, other] = locations;
  if (location === undefined)
    throw unknown(word, [...statements.map(({ id }) => id), ...scenarios.flatMap(wordsOf)]);
  if (other !== undefined) throw ambiguous(word, locations);
  return {
    kind: "scenario",
    location,
    indexed: scenarios.find((scenario) => scenario.location === location),
    opened: ran.filter(
      (scenario) => scenario.location === location && (isId(word) ? scenario.scenario === word : true),
    ),
  };
}

function isId(word: string): boolean {
  return /^s\d{3,}$/u.test(word);
}

/** Exact words before parts of a name. */
function placesMeant(
  word: string,
  scenarios: readonly IndexedScenario[],
  ran: readonly ScenarioOpened[],
): readonly string[] {
  const plain = word.replace(/^\.\//u, "").toLowerCase();
  const all = [...ran, ...scenarios];
  const exact = [
    ...ran.filter(({ scenario }) => scenario === word),
    ...all.filter(({ location, name }) => location.toLowerCase() === plain || name.toLowerCase() === plain),
  ];
  const found = exact.length > 0 ? exact : all.filter((one) => isPartly(one, plain));
  return [...new Set(found.map(({ location }) => location))];
}

function isPartly({ location, name }: { location: string; name: string }, plain: string): boolean {
  return name.toLowerCase().includes(plain) || location.toLowerCase().startsWith(`${plain}:`);
}

function wordsOf({ location, name }: IndexedScenario): readonly string[] {
  return [location, name];
}

function unknown(word: string, known: readonly string[]): UnknownSubjectError {
  const suggestions = nearest(word, known);
  const next =
    suggestions.length === 0
      ? "`scrim list CLAUSE` shows the statements of a clause and their scenarios."
      : `Did you mean ${suggestions.join(", ")}?`;
  return new UnknownSubjectError(`${word} is neither a statement nor a scenario. ${next}`);
}

const SHOWN = 8;

function ambiguous(word: string, locations: readonly string[]): UnknownSubjectError {
  const more = locations.length > SHOWN ? ` and ${locations.length - SHOWN} more` : "";
  return new UnknownSubjectError(
    `${word} means ${locations.length} scenarios: ${locations.slice(0, SHOWN).join(", ")}${more}. Name one of them.`,
  );
}
