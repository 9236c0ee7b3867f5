/** URI lists: application/resource-lists+xml (RFC 4826) with the copy control attributes of RFC 5364. */
import {
  attributeOf,
  booleanOf,
  childrenOf,
  countOf,
  oneOf,
  requiredAttribute,
  textOfChild,
} from "./access.ts";
import { readXml } from "./tree.ts";
import type { XmlElement } from "./tree.ts";
import type { XmlLimits } from "./well-formed.ts";
import { element, textElement, writeXml } from "./write.ts";
import type { XmlDraft } from "./write.ts";

export type CopyControl = "to" | "cc" | "bcc";

export interface ListEntry {
  readonly uri: string;
  readonly displayName?: string;
  readonly copyControl?: CopyControl;
  readonly anonymize?: boolean;
  /** How many recipients an anonymous entry stands for. */
  readonly count?: number;
}

export interface ResourceList {
  readonly name?: string;
  readonly displayName?: string;
  readonly entries: readonly ListEntry[];
  readonly lists: readonly ResourceList[];
  /** `external/@anchor`: absolute URIs of lists elsewhere. */
  readonly externals: readonly string[];
  /** `entry-ref/@ref`: entries elsewhere under the same XCAP root. */
  readonly entryRefs: readonly string[];
}

export interface ResourceLists {
  readonly lists: readonly ResourceList[];
  /** Entries of all lists and of the lists within, in document order by list. */
  readonly entries: readonly ListEntry[];
}

/** What to write: lists, or entries for a single list. */
export type ResourceListsDraft =
  | { readonly lists: readonly ResourceListDraft[] }
  | { readonly entries: readonly ListEntry[]; readonly lists?: undefined };

export interface ResourceListDraft {
  readonly name?: string;
  readonly displayName?: string;
  readonly entries?: readonly ListEntry[];
  readonly lists?: readonly ResourceListDraft[];
  readonly externals?: readonly string[];
  readonly entryRefs?: readonly string[];
}

export const RESOURCE_LISTS_TYPE = "application/resource-lists+xml";
export const RESOURCE_LISTS_NAMESPACE = "urn:ietf:params:xml:ns:resource-lists";
export const COPY_CONTROL_NAMESPACE = "urn:ietf:params:xml:ns:copycontrol";

const RL = RESOURCE_LISTS_NAMESPACE;
const COPY_CONTROL = ["to", "cc", "bcc"] as const;

/** Throws XmlReadError. What stands in other namespaces is passed over. */
export function readResourceLists(bytes: Uint8Array, limits: XmlLimits = {}): ResourceLists {
  const root = readXml(bytes, { name: "resource-lists", namespace: RL }, limits);
  const lists = childrenOf(root, RL, "list").map(readList);
  return { lists, entries: lists.flatMap(allEntries) };
}

function readList(list: XmlElement): ResourceList {
  const name = attributeOf(list, "name");
  const displayName = textOfChild(list, RL, "display-name");
  const required = (child: string, attribute: string): string[] =>
    childrenOf(list, RL, child).map((each) => requiredAttribute(each, attribute, "RFC 4826 3.1"));
  return {
    ...(name === undefined ? {} : { name }),
    ...(displayName === undefined ? {} : { displayName }),
    entries: childrenOf(list, RL, "entry").map((entry) => readEntry(entry, RL)),
    lists: childrenOf(list, RL, "list").map(readList),
    externals: required("external", "anchor"),
    entryRefs: required("entry-ref", "ref"),
  };
}

/** An entry element; group documents have such entries in a namespace of their own. */
export function readEntry(entry: XmlElement, namespace: string): ListEntry {
  const displayName = textOfChild(entry, namespace, "display-name");
  const copyControl = attributeOf(entry, "copyControl", COPY_CONTROL_NAMESPACE);
  const anonymize = attributeOf(entry, "anonymize", COPY_CONTROL_NAMESPACE);
  const count = attributeOf(entry, "count", COPY_CONTROL_NAMESPACE);
  return {
    uri: requiredAttribute(entry, "uri", "RFC 4826 3.1"),
    ...(displayName === undefined ? {} : { displayName }),
    ...(copyControl === undefined
      ? {}
      : { copyControl: oneOf(entry, copyControl, COPY_CONTROL, "RFC 5364 4") }),
    ...(anonymize === undefined ? {} : { anonymize: booleanOf(entry, anonymize, "RFC 5364 4") }),
    ...(count === undefined ? {} : { count: countOf(entry, count, "RFC 5364 4") }),
  };
}

function allEntries(list: ResourceList): readonly ListEntry[] {
  return [...list.entries, ...list.lists.flatMap(allEntries)];
}

export function writeResourceLists(draft: ResourceListsDraft): Uint8Array {
  const lists = draft.lists ?? [{ entries: draft.entries }];
  const copyControlled = lists.flatMap(entriesOfDraft).some(hasCopyControl);
  return writeXml(
    element(
      "resource-lists",
      { xmlns: RL, ...(copyControlled ? { "xmlns:cp": COPY_CONTROL_NAMESPACE } : {}) },
      ...lists.map(listElement),
    ),
  );
}

function entriesOfDraft(list: ResourceListDraft): readonly ListEntry[] {
  return [...(list.entries ?? []), ...(list.lists ?? []).flatMap(entriesOfDraft)];
}

function hasCopyControl(entry: ListEntry): boolean {
  return entry.copyControl !== undefined || entry.anonymize !== undefined || entry.count !== undefined;
}

function listElement(list: ResourceListDraft): XmlDraft {
  return element(
    "list",
    { name: list.name },
    textElement("display-name", list.displayName),
    ...(list.entries ?? []).map(entryElement),
    ...(list.lists ?? []).map(listElement),
    ...(list.externals ?? []).map((anchor) => element("external", { anchor })),
    ...(list.entryRefs ?? []).map((ref) => element("entry-ref", { ref })),
  );
}

/** An entry whose copy control attributes carry the prefix `cp`. */
export function entryElement(entry: ListEntry): XmlDraft {
  return element(
    "entry",
    {
      uri: entry.uri,
      "cp:copyControl": entry.copyControl,
      "cp:anonymize": entry.anonymize?.toString(),
      "cp:count": entry.count?.toString(),
    },
    textElement("display-name", entry.displayName),
  );
}
