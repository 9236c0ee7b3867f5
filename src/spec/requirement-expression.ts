/**
 * The Requirement column of an SCR table: NOT before AND before OR, parentheses, ids of items, and `SPEC:FEATURES` for other
 * specifications. Ids that name nothing here make an expression undecided, unless the rest of it decides.
 */
export type Expression =
  | { readonly kind: "item"; readonly id: string }
  | { readonly kind: "not"; readonly of: Expression }
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression };

export class RequirementExpressionError extends Error {
  readonly code = "requirement-expression";
  /** Where in the expression, from 0. */
  readonly offset: number;

  constructor(expression: string, offset: number, expected: string) {
    const came = offset < expression.length ? JSON.stringify(expression.slice(offset)) : "its end";
    super(`${JSON.stringify(expression)}, character ${offset + 1}: expected ${expected}, came ${came}`);
    this.name = "RequirementExpressionError";
    this.offset = offset;
  }
}

interface Token {
  readonly text: string;
  readonly offset: number;
}

interface Reading {
  readonly text: string;
  readonly tokens: readonly Token[];
  at: number;
}

const ITEM = /^[A-Za-z0-9_][A-Za-z0-9_.:-]*$/;
const OPERATORS: readonly string[] = ["NOT", "AND", "OR", "(", ")"];

/** Throws {@link RequirementExpressionError}. */
export function parseRequirement(text: string): Expression {
  const tokens = [...text.matchAll(/[()]|[^\s()]+/g)].map(({ 0: word, index }) => ({
    text: word,
    offset: index,
  }));
  const reading: Reading = { text, tokens, at: 0 };
  const expression = readOr(reading);
  const rest = reading.tokens[reading.at];
  if (rest !== undefined) throw new RequirementExpressionError(text, rest.offset, "AND, OR or the end");
  return expression;
}

function readOr(reading: Reading): Expression {
  let left = readAnd(reading);
  while (take(reading, "OR")) left = { kind: "or", left, right: readAnd(reading) };
  return left;
}

function readAnd(reading: Reading): Expression {
  let left = readNot(reading);
  while (take(reading, "AND")) left = { kind: "and", left, right: readNot(reading) };
  return left;
}

function readNot(reading: Reading): Expression {
  return take(reading, "NOT") ? { kind: "not", of: readNot(reading) } : readPrimary(reading);
}

function readPrimary(reading: Reading): Expression {
  if (take(reading, "(")) {
    const within = readOr(reading);
    if (!take(reading, ")")) throw errorHere(reading, '")"');
    return within;
  }
  const token = reading.tokens[reading.at];
  if (token === undefined || OPERATORS.includes(token.text) || !ITEM.test(token.text))
    throw errorHere(reading, 'an item, NOT or "("');
  reading.at += 1;
  return { kind: "item", id: token.text };
}

function take(reading: Reading, word: string): boolean {
  if (reading.tokens[reading.at]?.text !== word) return false;
  reading.at += 1;
  return true;
}

function errorHere(reading: Reading, expected: string): RequirementExpressionError {
  return new RequirementExpressionError(
    reading.text,
    reading.tokens[reading.at]?.offset ?? reading.text.length,
    expected,
  );
}

/** Whether the expression holds; undefined: what decides it names no item. */
export function holds(
  expression: Expression,
  implemented: (id: string) => boolean | undefined,
): boolean | undefined {
  if (expression.kind === "item") return implemented(expression.id);
  if (expression.kind === "not") return negation(holds(expression.of, implemented));
  const [left, right] = [holds(expression.left, implemented), holds(expression.right, implemented)];
  return expression.kind === "and" ? conjunction(left, right) : disjunction(left, right);
}

function negation(a: boolean | undefined): boolean | undefined {
  return a === undefined ? undefined : !a;
}

function conjunction(a: boolean | undefined, b: boolean | undefined): boolean | undefined {
  if (a === false || b === false) return false;
  return a === undefined || b === undefined ? undefined : true;
}

function disjunction(a: boolean | undefined, b: boolean | undefined): boolean | undefined {
  if (a === true || b === true) return true;
  return a === undefined || b === undefined ? undefined : false;
}
