/**
 * Names, places and tags of all scenarios, without cucumber: listing what there is must not wait for the steps to be loaded. A test holds it to
 * what cucumber reads.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export interface IndexedScenario {
  readonly name: string;
  readonly rule?: string;
  readonly feature: string;
  /** `features/…/….feature:line`; all rows of an outline have that of the outline. */
  readonly location: string;
  /** Those of feature and rule too; of an outline, those of its examples as well. */
  readonly tags: readonly string[];
}

/** In the order of their files and lines. */
export function indexFeatures(root: string): readonly IndexedScenario[] {
  return readdirSync(path.join(root, "features"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".feature"))
    .map((name) => ["features", ...name.split(path.sep)].join("/"))
    .sort()
    .flatMap((name) => scenariosIn(readFileSync(path.join(root, name), "utf8"), name));
}

interface Place {
  readonly name: string;
  readonly tags: readonly string[];
}

interface Entry extends Place {
  readonly line: number;
  readonly rule: Place | undefined;
  readonly examples: string[];
}

const KEYWORD =
  /^(Feature|Rule|Scenario Outline|Scenario Template|Scenario|Example|Examples|Scenarios):(.*)$/u;

/** The scenarios of one feature. `file` stands in their locations. */
export function scenariosIn(text: string, file: string): readonly IndexedScenario[] {
  const entries: Entry[] = [];
  let feature: Place = { name: file, tags: [] };
  let rule: Place | undefined;
  let tags: string[] = [];
  for (const { line, content } of linesOf(text)) {
    if (content.startsWith("@")) {
      tags.push(...tagsOf(content));
      continue;
    }
    const [, keyword, rest = ""] = KEYWORD.exec(content) ?? [];
    if (keyword === undefined) continue;
    const place = { name: rest.trim(), tags };
    if (keyword === "Feature") feature = place;
    else if (keyword === "Rule") rule = place;
    else if (keyword === "Examples" || keyword === "Scenarios") entries.at(-1)?.examples.push(...tags);
    else entries.push({ ...place, line, rule, examples: [] });
    tags = [];
  }
  return entries.map((entry) => indexed(entry, feature, file));
}

function indexed({ name, tags, line, rule, examples }: Entry, feature: Place, file: string): IndexedScenario {
  return {
    name,
    ...(rule === undefined ? {} : { rule: rule.name }),
    feature: feature.name,
    location: `${file}:${line}`,
    tags: [...new Set([...feature.tags, ...(rule?.tags ?? []), ...tags, ...examples])],
  };
}

/** Lines that can be keywords or tags: comments and what stands between quotes of three are not. */
function* linesOf(text: string): Generator<{ readonly line: number; readonly content: string }> {
  let quoted: string | undefined;
  for (const [index, raw] of text.split(/\r?\n/u).entries()) {
    const content = raw.trim();
    const quote = /^(?:"""|```)/u.exec(content)?.[0];
    if (quoted !== undefined) {
      if (quote === quoted) quoted = undefined;
    } else if (quote !== undefined) quoted = quote;
    else if (content !== "" && !content.startsWith("#")) yield { line: index + 1, content };
  }
}

function tagsOf(line: string): readonly string[] {
  return line.replace(/\s#.*$/u, "").split(/\s+/u);
}
