/** Small pieces of the page that stand in many places. */
import type { ItemVerdict, StatementVerdict } from "../../judge/results.ts";
import type { Level, Role } from "../../spec/types.ts";
import { html, type Markup } from "./markup.ts";

export type AnyVerdict = ItemVerdict | StatementVerdict | "not-run";

const TONES: Readonly<Record<string, string>> = {
  pass: "good",
  noted: "good",
  fail: "bad",
  error: "bad",
  warn: "mid",
  partial: "mid",
  inconclusive: "mid",
};

/** `good`, `bad`, `mid` or `quiet`: the colour of a verdict. */
export function toneOf(verdict: AnyVerdict): string {
  return TONES[verdict.toLowerCase()] ?? "quiet";
}

/** The word of a verdict as filters know it. */
export function verdictKey(verdict: AnyVerdict): string {
  return verdict.toLowerCase().replaceAll(" ", "-");
}

export function badge(verdict: AnyVerdict): Markup {
  return html`<span class="badge ${toneOf(verdict)}">${verdict.replace("-", " ")}</span>`;
}

export function roleInWords(role: Role): string {
  return role.replaceAll("-", " ");
}

export function levelMark(level: Level): Markup {
  return html`<span class="level">${level}</span>`;
}

/** Scrim's clients are named by actor and scenario (`alice.s3`); on the page of the scenario the actor is enough. */
export function nodeInWords(node: string, scenario: string | undefined): string {
  return node.replace(`.${scenario}`, "");
}

/** `850 ms`, `12.4 s`, `3 min 5 s`. */
export function durationInWords(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** A definition list; entries without content are left out. */
export function facts(entries: readonly (readonly [string, Markup | string | undefined])[]): Markup {
  const given = entries.filter(([, value]) => value !== undefined && String(value) !== "");
  return html`<dl class="facts">
    ${given.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Markup with a separator between. */
export function joined(parts: readonly Markup[], separator = ", "): Markup {
  return html`${parts.map((part, index) => [index > 0 && separator, part])}`;
}
