/** Writing trees. xml-js puts the characters in order; the escapes are made here, since it leaves attribute values as they are. */
import { js2xml } from "xml-js";
import type { Element } from "xml-js";

/** An element to write; names carry their prefixes, and declarations are attributes (`xmlns:ss`). */
export interface XmlDraft {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlDraft | string)[];
}

/** A text that no XML document can hold, such as U+0000. */
export class XmlWriteError extends Error {
  readonly code = "illegal-character";

  constructor(text: string) {
    super(`XML 1.0 (2.2) has no form for a character of ${JSON.stringify(text.slice(0, 40))}; leave it out.`);
    this.name = "XmlWriteError";
  }
}

/** `attributes` whose value is undefined and children that are undefined are left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly (XmlDraft | string | undefined)[]
): XmlDraft {
  const given: Record<string, string> = {};
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) given[key] = value;
  return { name, attributes: given, children: children.filter((child) => child !== undefined) };
}

/** An element with only text, or nothing for undefined. */
export function textElement(name: string, text: string | number | boolean | undefined): XmlDraft | undefined {
  return text === undefined ? undefined : element(name, {}, String(text));
}

/** UTF-8 bytes of the document, with XML declaration. Throws XmlWriteError. */
export function writeXml(root: XmlDraft): Uint8Array {
  const document: Element = {
    declaration: { attributes: { version: "1.0", encoding: "UTF-8" } },
    elements: [toNode(root)],
  };
  // A carriage return would come back as a line feed (XML 1.0, 2.11).
  const text = js2xml(document, { compact: false, textFn: (value) => value.replaceAll("\r", "&#13;") });
  return new Uint8Array(Buffer.from(text, "utf8"));
}

function toNode(draft: XmlDraft): Element {
  const attributes = Object.entries(draft.attributes).map(
    ([name, value]) => [name, attributeValue(value)] as const,
  );
  return {
    type: "element",
    name: draft.name,
    attributes: Object.fromEntries(attributes),
    elements: draft.children.map((child) =>
      // xml-js takes "&amp;" in text for an escape already made and would lose it; so each "&" is one beforehand.
      typeof child === "string"
        ? { type: "text", text: legal(child).replaceAll("&", "&amp;") }
        : toNode(child),
    ),
  };
}

/** Without the quotation mark, which xml-js escapes. */
function attributeValue(value: string): string {
  return legal(value)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\t\n\r]/gu, (character) => `&#${character.charCodeAt(0)};`);
}

// XML 1.0, 2.2: Char ::= #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]
const LEGAL = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

function legal(text: string): string {
  if (LEGAL.test(text)) return text;
  throw new XmlWriteError(text);
}
