/**
 * The XML Document Management Server of a rig: groups, access rules and contact lists, read and written by XCAP over HTTP, and provisioned by
 * scenarios directly. One serves all scenarios; documents are told apart by their owners and group identities.
 */
import type { Tap } from "../../endpoint/crossing.ts";
import { createHttpServer } from "../../endpoint/http-server.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { Address, Hop, Network } from "../../net/network.ts";
import { sameAddressOfRecord } from "../../wire/sip/same-uri.ts";
import type { HttpRequest, HttpResponse } from "../../wire/http/message.ts";
import { ACCESS_RULES_TYPE, writeAccessRules, type AccessRules } from "../../wire/xml/access-rules.ts";
import { GROUP_TYPE, readGroup, type Group } from "../../wire/xml/group.ts";
import { writeGroup } from "../../wire/xml/group-write.ts";
import {
  RESOURCE_LISTS_TYPE,
  writeResourceLists,
  type ResourceListsDraft,
} from "../../wire/xml/resource-lists.ts";
import { XmlReadError } from "../../wire/xml/xml-error.ts";
import { addressKey } from "../core/address-key.ts";
import {
  ACCESS_RULES_AUID,
  GROUPS_AUID,
  RESOURCE_LISTS_AUID,
  XCAP_CAPS_AUID,
  XCAP_CAPS_TYPE,
  xcapCaps,
} from "./application-usages.ts";
import { createDocuments, type StoredDocument } from "./documents.ts";
import { assertedXcapIdentity, createXcapServer, groupIdentityIn } from "./xcap-server.ts";
import { documentPath, identitiesInXcap, type XcapUri } from "./xcap-uri.ts";

export interface XdmsOptions {
  /** Name of the node in crossings; default `xdms`. */
  readonly name?: string;
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly listen: Address;
  /** Path of the XCAP root; default `/`. */
  readonly root?: string;
  /** Host to write into the root's URI in place of the one listened on. */
  readonly advertisedHost?: string;
  readonly tap?: Tap;
  readonly onHandlerError?: (error: unknown) => void;
}

/** A request that was answered, for those who must know whose it was. */
export interface XcapExchange {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly from: Hop;
  /** Identities that the request names: in its path, and the asserted one. */
  readonly identities: readonly string[];
}

export interface Xdms {
  readonly local: Address;
  /** XCAP root URI, without a slash at the end. */
  readonly root: string;
  /** Gives a user a tree to put documents into; providing a document does so too. */
  addUser(identity: string): void;
  /** Stores a group, to be found by its identity and in its owner's tree. Returns the path below the root. */
  putGroup(owner: string, group: Group | Uint8Array, name?: string): string;
  putAccessRules(owner: string, rules: AccessRules | Uint8Array): string;
  putResourceLists(owner: string, lists: ResourceListsDraft | Uint8Array): string;
  removeGroup(uri: string): void;
  /** Removes the user's tree. */
  forget(identity: string): void;
  groupDocument(uri: string): StoredDocument | undefined;
  accessRulesDocument(owner: string): StoredDocument | undefined;
  onExchange(listener: (exchange: XcapExchange) => void): () => void;
  close(): Promise<void>;
}

/** OMA XDM 2.0 gives the documents of some usages one name; whatever name a client uses, it means this one. */
const ONLY_DOCUMENT: ReadonlyMap<string, string> = new Map([
  [ACCESS_RULES_AUID, "access-rules"],
  [RESOURCE_LISTS_AUID, "index"],
]);

/** Fails with `PortInUseError`. */
export async function createXdms(options: XdmsOptions): Promise<Xdms> {
  const documents = createDocuments(options.ids);
  const users = new Set<string>();
  const groups = new Map<string, string>();
  const listeners = new Set<(exchange: XcapExchange) => void>();
  const rootPath = `/${(options.root ?? "").replace(/^\/+|\/+$/g, "")}`;

  const keyIn = (auid: string, owner: string, name: string) => `${auid}/users/${addressKey(owner)}/${name}`;

  function keyOf(uri: XcapUri): string {
    const group = groupIdentityIn(uri);
    if (group !== undefined) return groups.get(addressKey(group)) ?? documentPath(uri);
    if (uri.xui === undefined) return documentPath(uri);
    return keyIn(uri.auid, uri.xui, ONLY_DOCUMENT.get(uri.auid) ?? uri.document.join("/"));
  }

  /** Groups are found by the identity in their document, so a change of a document may be a change of identities. */
  function indexGroup(key: string): void {
    if (!key.startsWith(`${GROUPS_AUID}/users/`)) return;
    for (const [identity, at] of groups) if (at === key) groups.delete(identity);
    const document = documents.get(key);
    if (document === undefined) return;
    try {
      groups.set(addressKey(readGroup(document.bytes).uri), key);
    } catch (error) {
      // A scenario may provide a document that is none: it stands where it was put, and nowhere else.
      if (!(error instanceof XmlReadError)) throw error;
    }
  }

  const answer = createXcapServer({
    root: rootPath,
    documents,
    keyOf,
    hasUser: (xui) => users.has(addressKey(xui)),
    sameUser: (a, b) => addressKey(a) === addressKey(b) || sameAddressOfRecord(a, b),
    onChange: indexGroup,
  });

  function handle(request: HttpRequest, from: Hop): HttpResponse {
    const response = answer(request);
    const asserted = assertedXcapIdentity(request);
    const identities = [...identitiesInXcap(request.target), ...(asserted === undefined ? [] : [asserted])];
    for (const listener of listeners) listener({ request, response, from, identities });
    return response;
  }

  const { name = "xdms", network, clock, listen, tap, onHandlerError } = options;
  const server = await createHttpServer({
    name,
    network,
    clock,
    listen,
    onRequest: handle,
    ...(tap === undefined ? {} : { tap }),
    ...(onHandlerError === undefined ? {} : { onHandlerError }),
  });

  function provide(auid: string, owner: string, name: string, type: string, bytes: Uint8Array): string {
    users.add(addressKey(owner));
    const key = keyIn(auid, owner, name);
    documents.put(key, type, bytes);
    indexGroup(key);
    return documentPath({ auid, tree: "users", xui: owner, document: [name] });
  }

  documents.put(`${XCAP_CAPS_AUID}/global/index`, XCAP_CAPS_TYPE, new TextEncoder().encode(xcapCaps()));
  const host = options.advertisedHost ?? server.local.host;

  return {
    local: server.local,
    root: `http://${host.includes(":") ? `[${host}]` : host}:${server.local.port}${rootPath.replace(/\/$/, "")}`,
    addUser: (identity) => void users.add(addressKey(identity)),
    putGroup(owner, group, name) {
      const bytes = group instanceof Uint8Array ? group : writeGroup(group);
      return provide(GROUPS_AUID, owner, name ?? options.ids.token(8), GROUP_TYPE, bytes);
    },
    putAccessRules: (owner, rules) =>
      provide(
        ACCESS_RULES_AUID,
        owner,
        "access-rules",
        ACCESS_RULES_TYPE,
        rules instanceof Uint8Array ? rules : writeAccessRules(rules),
      ),
    putResourceLists: (owner, lists) =>
      provide(
        RESOURCE_LISTS_AUID,
        owner,
        "index",
        RESOURCE_LISTS_TYPE,
        lists instanceof Uint8Array ? lists : writeResourceLists(lists),
      ),
    removeGroup(uri) {
      const key = groups.get(addressKey(uri));
      if (key === undefined) return;
      documents.delete(key);
      groups.delete(addressKey(uri));
    },
    forget(identity) {
      const owner = addressKey(identity);
      users.delete(owner);
      for (const key of documents.keys()) {
        if (key.split("/")[2] !== owner) continue;
        documents.delete(key);
        indexGroup(key);
      }
    },
    groupDocument(uri) {
      const key = groups.get(addressKey(uri));
      return key === undefined ? undefined : documents.get(key);
    },
    accessRulesDocument: (owner) => documents.get(keyIn(ACCESS_RULES_AUID, owner, "access-rules")),
    onExchange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => server.close(),
  };
}
