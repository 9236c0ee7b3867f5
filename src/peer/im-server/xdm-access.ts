/** Documents that the server fetches by XCAP: access rules of a user, the document of a group (Shared Policy and Shared Group XDMS). */
import { HttpRequestError, httpRequest } from "../../endpoint/http-client.ts";
import type { Tap } from "../../endpoint/crossing.ts";
import type { Clock } from "../../net/clock.ts";
import type { Network } from "../../net/network.ts";
import { ReadingError } from "../../wire/reading-error.ts";
import { readAccessRules } from "../../wire/xml/access-rules.ts";
import type { AccessRules } from "../../wire/xml/access-rules.ts";
import { readGroup } from "../../wire/xml/group.ts";
import { ageIn, readUserProfiles } from "../../wire/xml/user-profile.ts";
import type { UserProfile } from "../../wire/xml/user-profile.ts";
import { attributeOf } from "../../wire/xml/access.ts";
import { readTree } from "../../wire/xml/tree.ts";
import type { XmlElement } from "../../wire/xml/tree.ts";
import { sipUriOf } from "../../wire/sip/uri.ts";
import type { Group } from "../../wire/xml/group.ts";
import { sameAddress, withoutParameters } from "../im/address.ts";

/** Without its documents the server cannot tell what is allowed. */
export class XdmUnavailableError extends Error {
  readonly code = "xdm-unavailable";
  readonly url: string;
  constructor(url: string, cause: unknown) {
    super(`${url} cannot be had: check that the XDM server answers at the XCAP root`, { cause });
    this.name = "XdmUnavailableError";
    this.url = url;
  }
}

export interface XdmAccess {
  /** `undefined`: the user has none. Fails with XdmUnavailableError. */
  accessRules(user: string): Promise<AccessRules | undefined>;
  /** Who is in the list that an external-list condition names by an absolute XCAP URI; nobody where there is none (Appendix R). */
  listMembers(anchor: string): Promise<readonly string[]>;
  /** `undefined`: there is no such group. Fails with XdmUnavailableError. */
  group(uri: string): Promise<Group | undefined>;
  /**
   * Years, by the profile in the user's home network (7.2.2.9): that of a user of another domain comes by the Aggregation Proxy (XDM-8).
   * `undefined`: the profile does not tell, or there is none. Fails with XdmUnavailableError.
   */
  age(user: string): Promise<number | undefined>;
}

export interface XdmAccessOptions {
  readonly name: string;
  readonly network: Network;
  readonly clock: Clock;
  /** Identity that the server asserts towards the XDM servers. */
  readonly identity: string;
  readonly tap?: Tap;
  /** Without it there are no documents. */
  readonly root?: string;
  /** XCAP root of the Aggregation Proxy; absent: the same root leads to users of other domains. */
  readonly proxyRoot?: string;
  /** Users of other domains are not served at `root`; absent: every user is. */
  readonly homeDomain?: string;
}

/** Places below the XCAP root (RFC 4825 6; OMA XDM application usages). */
export const documentPaths = {
  accessRules: (user: string): string =>
    `org.openmobilealliance.access-rules/users/${segment(user)}/access-rules`,
  userProfile: (user: string): string =>
    `org.openmobilealliance.user-profile/users/${segment(user)}/user-profile`,
  group: (uri: string): string => `org.openmobilealliance.groups/global/byGroupID/${segment(uri)}`,
};

/** RFC 3986 3.3: of a SIP URI, what may not stand in a path segment is escaped, and so is its `%`. */
function segment(uri: string): string {
  return uri.replaceAll(/[^\w.~!$&'()*+,;=:@-]/gu, encodeURIComponent);
}

export function createXdmAccess(options: XdmAccessOptions): XdmAccess {
  const root = options.root?.replace(/\/$/, "");
  const read = async <T>(url: string, reader: (bytes: Uint8Array) => T): Promise<T | undefined> => {
    const bytes = await fetchDocument(options, url);
    try {
      return bytes && reader(bytes);
    } catch (error) {
      if (error instanceof ReadingError) return undefined;
      throw error;
    }
  };
  const below = async <T>(path: string, reader: (bytes: Uint8Array) => T): Promise<T | undefined> =>
    root === undefined ? undefined : read(`${root}/${path}`, reader);
  return {
    accessRules: (user) => below(documentPaths.accessRules(withoutParameters(user)), readAccessRules),
    // A document must not send the server anywhere else.
    listMembers: async (anchor) =>
      root !== undefined && anchor.startsWith(`${root}/`) ? ((await read(anchor, entriesIn)) ?? []) : [],
    group: (uri) => below(documentPaths.group(withoutParameters(uri)), readGroup),
    async age(user) {
      const uri = withoutParameters(user);
      const home = rootFor(options, uri);
      if (home === undefined) return undefined;
      const profiles = await read(`${home}/${documentPaths.userProfile(uri)}`, readUserProfiles);
      const profile = profiles?.find((each: UserProfile) => sameAddress(each.uri, uri));
      return profile && ageIn(profile, options.clock.now());
    },
  };
}

function rootFor({ root, proxyRoot, homeDomain }: XdmAccessOptions, user: string): string | undefined {
  const domain = sipUriOf(user)?.host.toLowerCase();
  const elsewhere = homeDomain !== undefined && domain !== undefined && domain !== homeDomain.toLowerCase();
  return (elsewhere ? (proxyRoot ?? root) : root)?.replace(/\/$/, "");
}

/** URIs of all entries: of a whole document, or of the one list that a node selector picks. */
function entriesIn(bytes: Uint8Array): readonly string[] {
  const entriesOf = (element: XmlElement): readonly string[] => [
    ...(element.name === "entry" ? [attributeOf(element, "uri") ?? ""] : []),
    ...element.children.flatMap(entriesOf),
  ];
  return entriesOf(readTree(bytes));
}

/** Milliseconds: well before the sender gives up (RFC 3261 17.1.2, Timer F). */
const TIMEOUT_MS = 5000;

async function fetchDocument(
  { name, network, clock, tap, identity }: XdmAccessOptions,
  url: string,
): Promise<Uint8Array | undefined> {
  const headers = [["X-3GPP-Asserted-Identity", `"${identity}"`]] as const;
  try {
    const { status, body } = await httpRequest({
      name,
      network,
      clock,
      method: "GET",
      url,
      headers,
      timeoutMs: TIMEOUT_MS,
      ...(tap ? { tap } : {}),
    });
    return status === 200 ? body : undefined;
  } catch (error) {
    if (error instanceof HttpRequestError) throw new XdmUnavailableError(url, error);
    throw error;
  }
}
