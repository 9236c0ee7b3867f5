/**
 * How deep a YAML text nests, told before a parser sees it: parsers of YAML recurse, and some thousand levels, which are a few kilobytes, end
 * the process. Counts brackets, indentation and indicators without regard to quotes, so that it may find too much, never too little.
 */

/** Collections within each other. A SUT file has a handful. */
export const MAX_YAML_DEPTH = 100;

/** Offset of the line that nests too deep; undefined: none does. */
export function tooDeepAt(text: string, limit = MAX_YAML_DEPTH): number | undefined {
  const indents: number[] = [];
  let brackets = 0;
  let start = 0;
  for (const line of text.split(/(?<=[\r\n])/u)) {
    const indent = line.search(/[^ ]/u);
    while ((indents.at(-1) ?? -1) >= indent && indents.length > 0) indents.pop();
    indents.push(indent);
    brackets += indicatorsIn(line);
    let deepest = brackets;
    for (const character of line) {
      if (character === "[" || character === "{") deepest = Math.max(deepest, (brackets += 1));
      else if (character === "]" || character === "}") brackets = Math.max(0, brackets - 1);
    }
    brackets -= Math.min(brackets, indicatorsIn(line));
    if (indents.length + deepest > limit) return start;
    start += line.length;
  }
  return undefined;
}

/** `- - ? a` opens a collection with each indicator. */
function indicatorsIn(line: string): number {
  return (/^[ \t]*((?:[-?:&!][^ \t]*[ \t]+)*)/u.exec(line)?.[1] ?? "").split(/[ \t]+/u).length - 1;
}
