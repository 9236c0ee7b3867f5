/**
 * The XML Document Management Server of a rig: groups, access rules and contact lists, read and written by XCAP over HTTP, and provisioned by
 * scenarios directly. One serves all scenarios; documents are told apart by their owners and group identities.
 */
import type { Tap } from "../../endpoint/crossing.ts";
import { createHttpServer } from "../../endpoint/http-server.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { Address, Hop, Network } from "../../net/network.ts";
import type { HttpLimits } from "../../wire/http/framer.ts";
import type { HttpRequest, HttpResponse } from "../../wire/http/message.ts";
import { ACCESS_RULES_TYPE, writeAccessRules, type AccessRules } from "../../wire/xml/access-rules.ts";
import { GROUP_TYPE, type Group } from "../../wire/xml/group.ts";
import { writeGroup } from "../../wire/xml/group-write.ts";
import {
  RESOURCE_LISTS_TYPE,
  writeResourceLists,
  type ResourceListsDraft,
} from "../../wire/xml/resource-lists.ts";
import { USER_PROFILE_TYPE, writeUserProfiles, type UserProfile } from "../../wire/xml/user-profile.ts";
import {
  ACCESS_RULES_AUID,
  GROUPS_AUID,
  LOCKED_USER_PROFILE_AUID,
  RESOURCE_LISTS_AUID,
  USER_PROFILE_AUID,
  XCAP_CAPS_AUID,
  XCAP_CAPS_TYPE,
  xcapCaps,
} from "./application-usages.ts";
import type { StoredDocument } from "./documents.ts";
import { createLibrary, type Library } from "./library.ts";
import { answerXcap, assertedXcapIdentity } from "./xcap-server.ts";
import { identitiesInXcap } from "./xcap-uri.ts";

export interface XdmsOptions {
  /** Name of the node in crossings; default `xdms`. */
  readonly name?: string;
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly listen: Address;
  /** Path of the XCAP root; default `/`. */
  readonly root?: string;
  /** A second root, at which it is the Aggregation Proxy, the way to users of other domains (XDM-8); default: none. */
  readonly proxyRoot?: string;
  /** Host to write into the root's URI in place of the one listened on. */
  readonly advertisedHost?: string;
  /** Of what it receives (docs/limits.md). */
  readonly limits?: HttpLimits;
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
  /** What the operator and the user say of the user: the same. */
  putUserProfile(owner: string, profile: Omit<UserProfile, "uri">): void;
  removeUserProfile(owner: string): void;
  removeAccessRules(owner: string): void;
  removeGroup(uri: string): void;
  /** Removes the user's tree. */
  forget(identity: string): void;
  groupDocument(uri: string): StoredDocument | undefined;
  accessRulesDocument(owner: string): StoredDocument | undefined;
  userProfileDocument(owner: string): StoredDocument | undefined;
  onExchange(listener: (exchange: XcapExchange) => void): () => void;
  close(): Promise<void>;
}

/** Fails with `PortInUseError`. */
export async function createXdms(options: XdmsOptions): Promise<Xdms> {
  const { name = "xdms", network, clock, ids, listen, tap, onHandlerError } = options;
  const library = createLibrary(ids);
  const listeners = new Set<(exchange: XcapExchange) => void>();
  const rootPath = pathOf(options.root ?? "");
  const proxyPath = options.proxyRoot === undefined ? undefined : pathOf(options.proxyRoot);

  const server = await createHttpServer({
    name,
    network,
    clock,
    listen,
    onRequest(request, from) {
      const viaProxy = proxyPath !== undefined && isBelow(proxyPath, request.target);
      const response = answerXcap(request, viaProxy ? proxyPath : rootPath, library);
      const asserted = assertedXcapIdentity(request);
      const identities = [...identitiesInXcap(request.target), ...(asserted === undefined ? [] : [asserted])];
      for (const listener of listeners) listener({ request, response, from, identities });
      return response;
    },
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(tap === undefined ? {} : { tap }),
    ...(onHandlerError === undefined ? {} : { onHandlerError }),
  });
  library.documents.put(
    `${XCAP_CAPS_AUID}/global/index`,
    XCAP_CAPS_TYPE,
    new TextEncoder().encode(xcapCaps()),
  );
  const host = options.advertisedHost ?? server.local.host;

  return {
    ...provisioning(library, ids),
    local: server.local,
    root: `http://${host.includes(":") ? `[${host}]` : host}:${server.local.port}${rootPath.replace(/\/$/, "")}`,
    onExchange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => server.close(),
  };
}

function pathOf(root: string): string {
  return `/${root.replace(/^\/+|\/+$/g, "")}`;
}

/** A request target may be an absolute URI. */
function isBelow(path: string, target: string): boolean {
  return target.replace(/^https?:\/\/[^/]*/i, "").startsWith(`${path}/`);
}

/** The documents of the two usages of a user's profile. */
const PROFILES = [
  [USER_PROFILE_AUID, "user-profile"],
  [LOCKED_USER_PROFILE_AUID, "locked-user-profile"],
] as const;

/** What scenarios do to the documents without XCAP. */
function provisioning(library: Library, ids: Ids): Omit<Xdms, "local" | "root" | "onExchange" | "close"> {
  const bytesOf = <T>(value: T | Uint8Array, write: (value: T) => Uint8Array) =>
    value instanceof Uint8Array ? value : write(value);
  return {
    addUser: (identity) => library.addUser(identity),
    putGroup: (owner, group, name) =>
      library.provide(GROUPS_AUID, owner, name ?? ids.token(8), GROUP_TYPE, bytesOf(group, writeGroup)),
    putAccessRules: (owner, rules) =>
      library.provide(
        ACCESS_RULES_AUID,
        owner,
        "access-rules",
        ACCESS_RULES_TYPE,
        bytesOf(rules, writeAccessRules),
      ),
    putResourceLists: (owner, lists) =>
      library.provide(
        RESOURCE_LISTS_AUID,
        owner,
        "index",
        RESOURCE_LISTS_TYPE,
        bytesOf(lists, writeResourceLists),
      ),
    putUserProfile(owner, profile) {
      const bytes = writeUserProfiles([{ uri: owner, ...profile }]);
      for (const [auid, name] of PROFILES) library.provide(auid, owner, name, USER_PROFILE_TYPE, bytes);
    },
    removeUserProfile(owner) {
      for (const [auid, name] of PROFILES) library.withdraw(auid, owner, name);
    },
    removeAccessRules: (owner) => library.withdraw(ACCESS_RULES_AUID, owner, "access-rules"),
    removeGroup: (uri) => library.removeGroup(uri),
    forget: (identity) => library.forget(identity),
    groupDocument: (uri) => library.group(uri),
    userProfileDocument: (owner) => library.document(USER_PROFILE_AUID, owner, "user-profile"),
    accessRulesDocument: (owner) => library.document(ACCESS_RULES_AUID, owner, "access-rules"),
  };
}
