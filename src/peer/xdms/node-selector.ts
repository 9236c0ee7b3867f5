/** Parts of a document by node selector (RFC 4825 6.3): an element, an attribute, the namespace bindings of an element. */
import { XmlAttribute, XmlDocument, XmlElement } from "libxml2-wasm";

export type SelectedNode =
  | { readonly kind: "element"; readonly xml: string }
  | { readonly kind: "attribute"; readonly value: string }
  | { readonly kind: "namespaces"; readonly xml: string };

export class NodeSelectorError extends Error {
  readonly code = "node-selector";
}

export interface NodeSelector {
  /** Decoded, as it stands after `~~/`. */
  readonly selector: string;
  readonly namespaces: ReadonlyMap<string, string>;
  /** Of names without prefix (RFC 4825 6.4): the default document namespace of the application usage. */
  readonly defaultNamespace: string;
}

/** RFC 4825 6.3 `step`: a name or `*`, a position, a test of an attribute. */
const STEP =
  /^(?:(?:[\p{L}_][\p{L}\d_.-]*:)?[\p{L}_][\p{L}\d_.-]*|\*)(?:\[\d+\])?(?:\[@[\w.:-]+=(?:"[^"]*"|'[^']*')\])?$/u;
const ATTRIBUTE = /^@(?:[\w.-]+:)?[\w.-]+$/;
const DEFAULT_PREFIX = "xcapdefault";

/** Splits at slashes outside quotes and brackets; looks at each character once. */
function stepsOf(selector: string): readonly string[] {
  const steps: string[] = [];
  let start = 0;
  let quote = "";
  let bracketed = false;
  for (let at = 0; at < selector.length; at += 1) {
    const character = selector.charAt(at);
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === "[" || character === "]") bracketed = character === "[";
    else if (character === "/" && !bracketed) {
      steps.push(selector.slice(start, at));
      start = at + 1;
    }
  }
  return [...steps, selector.slice(start)];
}

/** RFC 4825 6.3: names without prefix are of the default namespace, which XPath 1.0 cannot say otherwise than by a prefix. */
function prefixed(step: string): string {
  return step.startsWith("*") || /^[^[]*:/.test(step) ? step : `${DEFAULT_PREFIX}:${step}`;
}

function xpathOf(steps: readonly string[]): string {
  const bad = steps.length === 0 ? "" : steps.find((step) => !STEP.test(step));
  if (bad !== undefined)
    throw new NodeSelectorError(`${bad === "" ? "nothing" : bad} is no step of a node selector`);
  return `/${steps.map(prefixed).join("/")}`;
}

function bindingsOf(element: XmlElement): string {
  const declared = Object.entries(element.namespaces).map(([prefix, uri]) =>
    prefix === "" ? ` xmlns="${uri}"` : ` xmlns:${prefix}="${uri}"`,
  );
  return `<${element.name}${declared.join("")}/>`;
}

/** Names of a selector with a prefix that nothing binds select nothing that could be said. */
function needBindings(selector: string, namespaces: ReadonlyMap<string, string>): void {
  const bare = selector.replace(/"[^"]*"|'[^']*'/g, "").replaceAll("namespace::", "");
  const unbound = bare
    .split(":")
    .slice(0, -1)
    .map((before) => before.split(/[^\w.-]/).at(-1) ?? "")
    .find((prefix) => prefix !== "" && !namespaces.has(prefix));
  if (unbound !== undefined)
    throw new NodeSelectorError(`prefix ${unbound} is bound by no xmlns() in the query`);
}

function find(
  document: XmlDocument,
  steps: readonly string[],
  { namespaces, defaultNamespace }: NodeSelector,
): XmlElement | undefined {
  const map = { ...Object.fromEntries(namespaces), [DEFAULT_PREFIX]: defaultNamespace };
  // RFC 4825 6.3: a selector that selects several elements is a no-match.
  const [element, ...others] = document.find(xpathOf(steps), map);
  return others.length === 0 && element instanceof XmlElement ? element : undefined;
}

/**
 * The selected part of a well-formed document; undefined: no match.
 *
 * @throws NodeSelectorError when the selector is none
 */
export function selectNode(bytes: Uint8Array, selector: NodeSelector): SelectedNode | undefined {
  needBindings(selector.selector, selector.namespaces);
  const steps = stepsOf(selector.selector);
  const last = steps.at(-1) ?? "";
  const terminal = ATTRIBUTE.test(last) || last === "namespace::*" ? last : undefined;
  const document = XmlDocument.fromBuffer(bytes);
  try {
    const element = find(document, terminal === undefined ? steps : steps.slice(0, -1), selector);
    if (element === undefined) return undefined;
    if (terminal === undefined) return { kind: "element", xml: element.toString({ format: false }) };
    if (terminal === "namespace::*") return { kind: "namespaces", xml: bindingsOf(element) };
    const attribute = element.get(terminal, Object.fromEntries(selector.namespaces));
    return attribute instanceof XmlAttribute ? { kind: "attribute", value: attribute.value } : undefined;
  } finally {
    document.dispose();
  }
}
