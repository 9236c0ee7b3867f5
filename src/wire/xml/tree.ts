/** A document as a tree with resolved namespaces. libxml2 has the say on well-formedness; xml-js reads what it let pass. */
import { xml2js } from "xml-js";
import type { Element } from "xml-js";
import { decodeXml } from "./decode.ts";
import { withDocument } from "./well-formed.ts";
import type { XmlLimits } from "./well-formed.ts";
import { XmlReadError } from "./xml-error.ts";
import type { XmlErrorCode, XmlViolation } from "./xml-error.ts";

export interface XmlAttribute {
  readonly name: string;
  /** Empty for a name without prefix. */
  readonly namespace: string;
  readonly value: string;
}

export interface XmlElement {
  /** Local name. */
  readonly name: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** All character data directly inside, CDATA too. */
  readonly text: string;
  /** Names from the root down to here, for messages. */
  readonly path: string;
}

const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";

/** The declarations of an element that has any, on top of those around it: a copy for each would cost their product. */
interface Scope {
  readonly declared: ReadonlyMap<string, string>;
  readonly outer?: Scope;
}

const OUTERMOST: Scope = { declared: new Map([["xml", XML_NAMESPACE]]) };

/** Empty for a prefix that is not declared. libxml2 bounds how deep scopes can be. */
function namespaceOf(prefix: string, innermost: Scope): string {
  for (let scope: Scope | undefined = innermost; scope !== undefined; scope = scope.outer) {
    const namespace = scope.declared.get(prefix);
    if (namespace !== undefined) return namespace;
  }
  return "";
}

/** Reads a document whose root is that name in that namespace. Throws XmlReadError. */
export function readXml(
  bytes: Uint8Array,
  root: { readonly name: string; readonly namespace: string },
  limits: XmlLimits = {},
): XmlElement {
  const element = readTree(bytes, limits);
  if (element.name === root.name && element.namespace === root.namespace) return element;
  throw new XmlReadError("XML", {
    code: "wrong-root",
    position: { offset: 0, line: 1, column: 1 },
    expected: `a document <${root.name}> in ${root.namespace}`,
    found: `<${element.name}> in ${element.namespace === "" ? "no namespace" : element.namespace}`,
    clause: "XML 1.0, 2.1",
    remedy: "Compare the content type with the document.",
  });
}

/** Reads any well-formed document. Throws XmlReadError. */
export function readTree(bytes: Uint8Array, limits: XmlLimits = {}): XmlElement {
  const violation = withDocument(bytes, limits, () => [])[0];
  if (violation !== undefined) throw notWellFormed(violation);
  const root = topLevelNodes(decodeXml(bytes)?.text ?? "").find(isElement);
  if (root === undefined) throw unreadable("no root element");
  return resolve(root, OUTERMOST, "", { bytes, elements: 0 });
}

/** The document that elements came from, and how many of them there are so far, in document order. */
interface Origin {
  readonly bytes: Uint8Array;
  elements: number;
}

/** From an element to its place, kept apart so that trees compare as what they hold. */
const places = new WeakMap<XmlElement, { readonly bytes: Uint8Array; readonly ordinal: number }>();

/** Line of an element from 1. xml-js does not tell it, so libxml2 is asked when an error needs it. */
function lineOf(element: XmlElement): number {
  const place = places.get(element);
  let line = 1;
  if (place === undefined) return line;
  withDocument(place.bytes, { maxBytes: place.bytes.length }, (document) => {
    line = document.get(`(//*)[${place.ordinal}]`)?.line ?? line;
    return [];
  });
  return line;
}

function topLevelNodes(text: string): readonly Element[] {
  try {
    // Without `compact`, xml2js gives nested nodes; its type allows both of its forms.
    const nodes: Element[] | undefined = xml2js(text, { compact: false, captureSpacesBetweenElements: true })[
      "elements"
    ];
    return nodes ?? [];
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
}

function isElement(node: Element): boolean {
  return node.type === "element";
}

function resolve(node: Element, outer: Scope, parentPath: string, origin: Origin): XmlElement {
  origin.elements += 1;
  const ordinal = origin.elements;
  const raw = Object.entries(node.attributes ?? {}).map(([name, value]) => [name, String(value)] as const);
  const scope = declare(raw, outer);
  const [prefix, name] = split(node.name ?? "");
  const path = `${parentPath}/${name}`;
  const children = node.elements ?? [];
  const element: XmlElement = {
    name,
    namespace: namespaceOf(prefix, scope),
    attributes: raw
      .filter(([name]) => !isDeclaration(name))
      .map(([name, value]) => attribute(name, value, scope)),
    children: children.filter(isElement).map((child) => resolve(child, scope, path, origin)),
    text: children.map((child) => String(child.text ?? child.cdata ?? "")).join(""),
    path,
  };
  places.set(element, { bytes: origin.bytes, ordinal });
  return element;
}

function isDeclaration(name: string): boolean {
  return name === "xmlns" || name.startsWith("xmlns:");
}

function declare(attributes: readonly (readonly [string, string])[], outer: Scope): Scope {
  const declarations = attributes.filter(([name]) => isDeclaration(name));
  if (declarations.length === 0) return outer;
  const declared = new Map(
    declarations.map(([name, value]) => [name === "xmlns" ? "" : name.slice(6), value] as const),
  );
  return { declared, outer };
}

function attribute(qualified: string, value: string, scope: Scope): XmlAttribute {
  const [prefix, name] = split(qualified);
  // XML 1.0, 3.3.3: white space in an attribute value is read as spaces.
  return {
    name,
    namespace: prefix === "" ? "" : namespaceOf(prefix, scope),
    value: value.replaceAll(/[\t\n]/gu, " "),
  };
}

function split(qualified: string): readonly [prefix: string, name: string] {
  const colon = qualified.indexOf(":");
  return colon === -1 ? ["", qualified] : [qualified.slice(0, colon), qualified.slice(colon + 1)];
}

function notWellFormed(violation: XmlViolation): XmlReadError {
  const { code, line, column, message, clause } = violation;
  return new XmlReadError("XML", {
    code: code === "schema" ? "not-well-formed" : code,
    position: { offset: 0, line, column },
    expected: "a well-formed document",
    found: message,
    clause,
    remedy: "Check the document with any XML parser.",
  });
}

function unreadable(found: string): XmlReadError {
  return new XmlReadError("XML", {
    code: "not-well-formed",
    position: { offset: 0, line: 1, column: 1 },
    expected: "a document that can be read",
    found: JSON.stringify(found.slice(0, 120)),
    clause: "XML 1.0, 2.1",
    remedy: "Check the document with any XML parser.",
  });
}

/** The error for an element of a tree that lacks something or holds a wrong value. */
export function elementError(
  element: XmlElement,
  complaint: {
    readonly code: XmlErrorCode;
    readonly expected: string;
    readonly found: string;
    readonly clause: string;
  },
): XmlReadError {
  return new XmlReadError(`XML ${element.path}`, {
    ...complaint,
    position: { offset: 0, line: lineOf(element), column: 1 },
    remedy: "Compare the document with its schema.",
  });
}
