/** The documents of an XDMS by owner, and groups also by the identity that stands in their document. */
import type { Ids } from "../../net/ids.ts";
import { readGroup } from "../../wire/xml/group.ts";
import { XmlReadError } from "../../wire/xml/xml-error.ts";
import { addressKey } from "../core/address-key.ts";
import {
  ACCESS_RULES_AUID,
  GROUPS_AUID,
  LOCKED_USER_PROFILE_AUID,
  RESOURCE_LISTS_AUID,
  USER_PROFILE_AUID,
} from "./application-usages.ts";
import { createDocuments, type Documents, type StoredDocument } from "./documents.ts";
import { documentPath, groupIdentityIn, type XcapUri } from "./xcap-uri.ts";

export interface Library {
  readonly documents: Documents;
  addUser(identity: string): void;
  hasUser(identity: string): boolean;
  /** Where the document is kept that a URI selects. */
  keyOf(uri: XcapUri): string;
  /** To be told of each document that was stored or deleted. */
  changed(key: string): void;
  /** Stores a document in a user's tree; returns its path below the root. */
  provide(auid: string, owner: string, name: string, contentType: string, bytes: Uint8Array): string;
  group(uri: string): StoredDocument | undefined;
  document(auid: string, owner: string, name: string): StoredDocument | undefined;
  removeGroup(uri: string): void;
  /** Removes one document of a user's. */
  withdraw(auid: string, owner: string, name: string): void;
  /** Removes a user's tree. */
  forget(identity: string): void;
}

/** OMA XDM 2.0 gives the documents of some usages one name; whatever name a client uses, it means this one. */
const ONLY_DOCUMENT: ReadonlyMap<string, string> = new Map([
  [ACCESS_RULES_AUID, "access-rules"],
  [RESOURCE_LISTS_AUID, "index"],
  [USER_PROFILE_AUID, "user-profile"],
  [LOCKED_USER_PROFILE_AUID, "locked-user-profile"],
]);

function keyIn(auid: string, owner: string, name: string): string {
  return `${auid}/users/${addressKey(owner)}/${name}`;
}

/** Undefined: the document is no group. A scenario may provide such a one: it stands where it was put, and nowhere else. */
function groupIdentityOf(document: StoredDocument): string | undefined {
  try {
    return addressKey(readGroup(document.bytes).uri);
  } catch (error) {
    if (error instanceof XmlReadError) return undefined;
    throw error;
  }
}

export function createLibrary(ids: Ids): Library {
  const documents = createDocuments(ids);
  const users = new Set<string>();
  /** Key of the document by group identity. */
  const groups = new Map<string, string>();

  /** A change of a document may be a change of the identity in it. */
  function changed(key: string): void {
    if (!key.startsWith(`${GROUPS_AUID}/users/`)) return;
    for (const [identity, at] of groups) if (at === key) groups.delete(identity);
    const document = documents.get(key);
    const identity = document === undefined ? undefined : groupIdentityOf(document);
    if (identity !== undefined) groups.set(identity, key);
  }

  function remove(key: string): void {
    documents.delete(key);
    changed(key);
  }

  const groupKey = (uri: string) => groups.get(addressKey(uri));

  return {
    documents,
    changed,
    addUser: (identity) => void users.add(addressKey(identity)),
    hasUser: (identity) => users.has(addressKey(identity)),
    keyOf(uri) {
      const group = groupIdentityIn(uri);
      if (group !== undefined) return groupKey(group) ?? documentPath(uri);
      if (uri.xui === undefined) return documentPath(uri);
      return keyIn(uri.auid, uri.xui, ONLY_DOCUMENT.get(uri.auid) ?? uri.document.join("/"));
    },
    provide(auid, owner, name, contentType, bytes) {
      users.add(addressKey(owner));
      const key = keyIn(auid, owner, name);
      documents.put(key, contentType, bytes);
      changed(key);
      return documentPath({ auid, tree: "users", xui: owner, document: [name] });
    },
    group: (uri) => documents.get(groupKey(uri) ?? ""),
    document: (auid, owner, name) => documents.get(keyIn(auid, owner, name)),
    removeGroup: (uri) => remove(groupKey(uri) ?? ""),
    withdraw: (auid, owner, name) => remove(keyIn(auid, owner, name)),
    forget(identity) {
      users.delete(addressKey(identity));
      for (const key of documents.keys()) if (key.split("/")[2] === addressKey(identity)) remove(key);
    },
  };
}
