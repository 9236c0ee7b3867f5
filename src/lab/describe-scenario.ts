/** What the rig must know of a Gherkin scenario, read from its tags. */
import type { GherkinDocument, Pickle } from "@cucumber/messages";
import { isStatementId } from "../spec/register.ts";

export interface ScenarioDescription {
  readonly name: string;
  readonly rule?: string;
  readonly feature: string;
  /** `features/…/….feature:line` */
  readonly location: string;
  readonly tags: readonly string[];
  /** Statement ids among the tags: what the scenario was written for. */
  readonly purpose: readonly string[];
  readonly sut: "server" | "client";
  readonly configurationSet: string;
}

export const DEFAULT_SET = "default";

export function describeScenario(pickle: Pickle, document: GherkinDocument): ScenarioDescription {
  const tags = pickle.tags.map((tag) => tag.name);
  const place = placeOf(pickle, document);
  return {
    name: pickle.name,
    ...(place.rule === undefined ? {} : { rule: place.rule }),
    feature: document.feature?.name ?? pickle.uri,
    location: `${pickle.uri}:${place.line}`,
    tags,
    ...readTags(tags),
  };
}

export function readTags(
  tags: readonly string[],
): Pick<ScenarioDescription, "purpose" | "sut" | "configurationSet"> {
  const words = tags.map((tag) => tag.slice(1));
  return {
    purpose: words.filter(isStatementId),
    sut: words.includes("sut:client") ? "client" : "server",
    configurationSet: words.find((word) => word.startsWith("set:"))?.slice("set:".length) ?? DEFAULT_SET,
  };
}

function placeOf(
  pickle: Pickle,
  document: GherkinDocument,
): { readonly rule?: string; readonly line: number } {
  const scenarioId = pickle.astNodeIds[0];
  for (const child of document.feature?.children ?? []) {
    if (child.scenario?.id === scenarioId) return { line: child.scenario?.location.line ?? 0 };
    const inRule = child.rule?.children.find((grandchild) => grandchild.scenario?.id === scenarioId);
    if (child.rule !== undefined && inRule?.scenario !== undefined)
      return { rule: child.rule.name, line: inRule.scenario.location.line };
  }
  return { line: pickle.location?.line ?? 0 };
}
