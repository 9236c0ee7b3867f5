/** Looking into a tree, with the errors of `xml-error.ts` for what must be there and is not. */
import { elementError } from "./tree.ts";
import type { XmlElement } from "./tree.ts";

/** Children with that name in that namespace. */
export function childrenOf(element: XmlElement, namespace: string, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name && child.namespace === namespace);
}

export function childOf(element: XmlElement, namespace: string, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name && child.namespace === namespace);
}

/** Value of an attribute; in no namespace unless told. */
export function attributeOf(element: XmlElement, name: string, namespace = ""): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name && attribute.namespace === namespace)
    ?.value;
}

/** Text with white space collapsed, as schema types other than string read it. */
export function tokenOf(element: XmlElement): string {
  return collapse(element.text);
}

export function textOfChild(element: XmlElement, namespace: string, name: string): string | undefined {
  const child = childOf(element, namespace, name);
  return child === undefined ? undefined : tokenOf(child);
}

/** Throws XmlReadError `missing-attribute`. */
export function requiredAttribute(element: XmlElement, name: string, clause: string): string {
  const value = attributeOf(element, name);
  if (value !== undefined) return collapse(value);
  throw elementError(element, {
    code: "missing-attribute",
    expected: `attribute ${name}`,
    found: "an element without it",
    clause,
  });
}

/** Throws XmlReadError `missing-element`. */
export function requiredChild(
  element: XmlElement,
  namespace: string,
  name: string,
  clause: string,
): XmlElement {
  const child = childOf(element, namespace, name);
  if (child !== undefined) return child;
  throw elementError(element, {
    code: "missing-element",
    expected: `<${name}>`,
    found: "an element without it",
    clause,
  });
}

/** xs:boolean. Throws XmlReadError `bad-value`. */
export function booleanOf(element: XmlElement, text: string, clause: string): boolean {
  const value = collapse(text);
  if (value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  throw elementError(element, {
    code: "bad-value",
    expected: "true, false, 1 or 0",
    found: JSON.stringify(value.slice(0, 40)),
    clause,
  });
}

/** xs:nonNegativeInteger. Throws XmlReadError `bad-value`. */
export function countOf(element: XmlElement, text: string, clause: string): number {
  const value = collapse(text);
  if (/^\+?\d{1,15}$/u.test(value)) return Number(value);
  throw elementError(element, {
    code: "bad-value",
    expected: "a number that is not negative",
    found: JSON.stringify(value.slice(0, 40)),
    clause,
  });
}

/** One of some words. Throws XmlReadError `bad-value`. */
export function oneOf<T extends string>(
  element: XmlElement,
  text: string,
  words: readonly T[],
  clause: string,
): T {
  const value = collapse(text);
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  throw elementError(element, {
    code: "bad-value",
    expected: words.join(", "),
    found: JSON.stringify(value.slice(0, 40)),
    clause,
  });
}

function collapse(text: string): string {
  return text.replaceAll(/[ \t\n\r]+/gu, " ").replaceAll(/^ | $/gu, "");
}
