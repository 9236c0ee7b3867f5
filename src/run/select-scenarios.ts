/** Which scenarios a selection means: words (items, clauses, statements, paths) and a tag expression, both of which must hold. */
import parseTagExpression from "@cucumber/tag-expressions";
import type { ScenarioDescription } from "../lab/describe-scenario.ts";
import type { Selection } from "../spec/selection.ts";

export type ScenarioFilter = (scenario: ScenarioDescription) => boolean;

export class TagExpressionError extends Error {
  readonly code = "tag-expression";
}

/** No words and no expression select everything. Throws {@link TagExpressionError}. */
export function scenarioFilter(selection: Selection, tagExpression?: string): ScenarioFilter {
  const words = wordFilter(selection);
  const tags = tagExpression === undefined ? () => true : tagFilter(tagExpression);
  return (scenario) => words(scenario) && tags(scenario);
}

function wordFilter({ tags, paths }: Selection): ScenarioFilter {
  if (tags === undefined && paths.length === 0) return () => true;
  const wanted = new Set(tags?.split(" or ") ?? []);
  return ({ tags: own, location }) =>
    own.some((tag) => wanted.has(tag)) || paths.some((path) => isAt(location, path));
}

/** A file, a folder, or `file:line`. */
function isAt(location: string, path: string): boolean {
  const plain = path.replace(/^\.\//u, "").replace(/\/$/u, "");
  return location === plain || location.startsWith(`${plain}/`) || location.startsWith(`${plain}:`);
}

function tagFilter(expression: string): ScenarioFilter {
  try {
    const parsed = parseTagExpression(expression);
    return ({ tags }) => parsed.evaluate([...tags]);
  } catch (error) {
    throw new TagExpressionError(
      `--tags ${JSON.stringify(expression)} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
