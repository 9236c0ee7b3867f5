/**
 * HTML, escaped by construction: a value becomes markup only by way of the `html` tag, and every string put into it is text. There is no way
 * around it, so that nothing a SUT sent can become an element, an attribute or a script.
 */
import { visible } from "../visible.ts";

/** Markup that is safe to put into a page. Made by {@link html} alone. */
export class Markup {
  readonly #source: string;
  private constructor(source: string) {
    this.#source = source;
  }

  /** For this file only: tagged templates are written by Scrim, their values are not. */
  static fromTemplate(strings: TemplateStringsArray, values: readonly Content[]): Markup {
    return new Markup(strings.reduce((before, part, index) => before + rendered(values[index - 1]) + part));
  }

  toString(): string {
    return this.#source;
  }
}

/** What a template takes: text, numbers, markup, lists of these; `undefined` and `false` are nothing. */
export type Content = string | number | Markup | readonly Content[] | undefined | false;

/** Values may stand between elements and in double-quoted attributes, nowhere else. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return Markup.fromTemplate(strings, values);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function rendered(value: Content): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Markup) return value.toString();
  if (typeof value === "object") return value.map(rendered).join("");
  return visible(String(value)).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
