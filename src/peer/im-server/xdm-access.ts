/** Documents that the server fetches by XCAP: access rules of a user, the document of a group (Shared Policy and Shared Group XDMS). */
import { httpRequest } from "../../endpoint/http-client.ts";
import type { Tap } from "../../endpoint/crossing.ts";
import type { Clock } from "../../net/clock.ts";
import type { Network } from "../../net/network.ts";
import { ReadingError } from "../../wire/reading-error.ts";
import { readAccessRules } from "../../wire/xml/access-rules.ts";
import type { AccessRules } from "../../wire/xml/access-rules.ts";
import { readGroup } from "../../wire/xml/group.ts";
import type { Group } from "../../wire/xml/group.ts";
import { withoutParameters } from "../im/address.ts";

export interface XdmAccess {
  /** `undefined`: the user has none, or it cannot be had. */
  accessRules(user: string): Promise<AccessRules | undefined>;
  /** `undefined`: there is no such group. */
  group(uri: string): Promise<Group | undefined>;
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
}

/** Places below the XCAP root (RFC 4825 6; OMA XDM application usages). */
export const documentPaths = {
  accessRules: (user: string): string => `org.openmobilealliance.access-rules/users/${user}/access-rules`,
  group: (uri: string): string => `org.openmobilealliance.groups/global/byGroupID/${uri}`,
};

export function createXdmAccess(options: XdmAccessOptions): XdmAccess {
  const read = async <T>(path: string, reader: (bytes: Uint8Array) => T): Promise<T | undefined> => {
    const bytes = await fetchDocument(options, path);
    try {
      return bytes && reader(bytes);
    } catch (error) {
      if (error instanceof ReadingError) return undefined;
      throw error;
    }
  };
  return {
    accessRules: (user) => read(documentPaths.accessRules(withoutParameters(user)), readAccessRules),
    group: (uri) => read(documentPaths.group(withoutParameters(uri)), readGroup),
  };
}

async function fetchDocument(options: XdmAccessOptions, path: string): Promise<Uint8Array | undefined> {
  const { root, identity } = options;
  if (root === undefined) return undefined;
  const response = await httpRequest({
    ...options,
    method: "GET",
    url: `${root.replace(/\/$/, "")}/${path}`,
    headers: [["X-3GPP-Asserted-Identity", `"${identity}"`]],
  }).catch(() => undefined);
  return response?.status === 200 ? response.body : undefined;
}
