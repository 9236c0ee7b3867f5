/** The application usages that an XDMS of the IM enabler answers for: name, document type, default namespace (RFC 4825 5, OMA XDM 2.0). */
import { readAccessRules, ACCESS_RULES_TYPE } from "../../wire/xml/access-rules.ts";
import { GROUP_TYPE, readGroup } from "../../wire/xml/group.ts";
import { COMMON_POLICY_NAMESPACE, LIST_SERVICE_NAMESPACE } from "../../wire/xml/namespaces.ts";
import {
  readResourceLists,
  RESOURCE_LISTS_NAMESPACE,
  RESOURCE_LISTS_TYPE,
} from "../../wire/xml/resource-lists.ts";
import { readUserProfiles, USER_PROFILE_NAMESPACE, USER_PROFILE_TYPE } from "../../wire/xml/user-profile.ts";

export interface ApplicationUsage {
  readonly auid: string;
  readonly contentType: string;
  readonly defaultNamespace: string;
  /** Throws XmlReadError where a document is none of this usage. */
  readonly read: (bytes: Uint8Array) => unknown;
  /** Whose documents these are, by what stands in them: it must be the user in whose tree they lie (OMA XDM 2.0). */
  readonly usersIn?: (bytes: Uint8Array) => readonly string[];
}

export const GROUPS_AUID = "org.openmobilealliance.groups";
export const ACCESS_RULES_AUID = "org.openmobilealliance.access-rules";
export const RESOURCE_LISTS_AUID = "resource-lists";
export const USER_PROFILE_AUID = "org.openmobilealliance.user-profile";
/** What the operator says of a user, and the user cannot change. */
export const LOCKED_USER_PROFILE_AUID = "org.openmobilealliance.locked-user-profile";
export const XCAP_CAPS_AUID = "xcap-caps";

export const XCAP_CAPS_TYPE = "application/xcap-caps+xml";
export const XCAP_CAPS_NAMESPACE = "urn:ietf:params:xml:ns:xcap-caps";

const profile = {
  contentType: USER_PROFILE_TYPE,
  defaultNamespace: USER_PROFILE_NAMESPACE,
  read: readUserProfiles,
  usersIn: (bytes: Uint8Array) => readUserProfiles(bytes).map(({ uri }) => uri),
};

const usages: readonly ApplicationUsage[] = [
  { auid: GROUPS_AUID, contentType: GROUP_TYPE, defaultNamespace: LIST_SERVICE_NAMESPACE, read: readGroup },
  {
    auid: ACCESS_RULES_AUID,
    contentType: ACCESS_RULES_TYPE,
    defaultNamespace: COMMON_POLICY_NAMESPACE,
    read: readAccessRules,
  },
  {
    auid: RESOURCE_LISTS_AUID,
    contentType: RESOURCE_LISTS_TYPE,
    defaultNamespace: RESOURCE_LISTS_NAMESPACE,
    read: readResourceLists,
  },
  { auid: USER_PROFILE_AUID, ...profile },
  { auid: LOCKED_USER_PROFILE_AUID, ...profile },
  {
    auid: XCAP_CAPS_AUID,
    contentType: XCAP_CAPS_TYPE,
    defaultNamespace: XCAP_CAPS_NAMESPACE,
    read: () => undefined,
  },
];

export function applicationUsage(auid: string): ApplicationUsage | undefined {
  return usages.find((usage) => usage.auid === auid);
}

/** The document that says what the server can do (RFC 4825 12). */
export function xcapCaps(): string {
  const list = (name: string, values: readonly string[]) =>
    values.map((value) => `<${name}>${value}</${name}>`).join("");
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\r\n<xcap-caps xmlns="${XCAP_CAPS_NAMESPACE}">` +
    `<auids>${list(
      "auid",
      usages.map((usage) => usage.auid),
    )}</auids><extensions/>` +
    `<namespaces>${list(
      "namespace",
      usages.map((usage) => usage.defaultNamespace),
    )}</namespaces></xcap-caps>\r\n`
  );
}
