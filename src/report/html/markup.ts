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
    const parts = withoutIndentation(strings);
    let source = parts[0] ?? "";
    for (let index = 0; index < values.length; index += 1) {
      source += rendered(values[index]) + (parts[index + 1] ?? "");
    }
    return new Markup(source);
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

const plainParts = new WeakMap<TemplateStringsArray, readonly string[]>();

/** The indentation of a template is for its readers; thousands of messages would carry it along. Line ends stay, they part words. */
function withoutIndentation(strings: TemplateStringsArray): readonly string[] {
  const known = plainParts.get(strings);
  if (known !== undefined) return known;
  const parts = strings.map((part) => part.replaceAll(/\s*\n\s*/g, "\n"));
  plainParts.set(strings, parts);
  return parts;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const SPECIAL = /[&<>"']/;
const EVERY_SPECIAL = /[&<>"']/g;

/** Most text has nothing to escape: asking first is much quicker than replacing nothing. */
function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(EVERY_SPECIAL, (character) => ENTITIES[character] ?? "") : text;
}

function rendered(value: Content): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Markup) return value.toString();
  if (typeof value === "object") return value.map(rendered).join("");
  return escaped(visible(String(value)));
}
