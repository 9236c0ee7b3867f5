/** The identity condition of common policy (RFC 4745 7.1). */
import { sameAddressOfRecord } from "../sip/same-uri.ts";
import { sipUriOf } from "../sip/uri.ts";
import { attributeOf, childrenOf, requiredAttribute } from "./access.ts";
import { COMMON_POLICY_NAMESPACE } from "./namespaces.ts";
import type { XmlElement } from "./tree.ts";
import { element } from "./write.ts";
import type { XmlDraft } from "./write.ts";

export interface IdentityCondition {
  /** URIs, any of which matches. */
  readonly one?: readonly string[];
  readonly many?: readonly ManyIdentities[];
}

export interface ManyIdentities {
  /** Absent: every authenticated identity. */
  readonly domain?: string;
  readonly except?: readonly { readonly id?: string; readonly domain?: string }[];
}

const CP = COMMON_POLICY_NAMESPACE;

export function readIdentity(identity: XmlElement): IdentityCondition {
  return {
    one: childrenOf(identity, CP, "one").map((one) => requiredAttribute(one, "id", "RFC 4745 7.1.2")),
    many: childrenOf(identity, CP, "many").map(readMany),
  };
}

function readMany(many: XmlElement): ManyIdentities {
  const domain = attributeOf(many, "domain");
  const except = childrenOf(many, CP, "except").map((each) => {
    const [id, from] = [attributeOf(each, "id"), attributeOf(each, "domain")];
    return { ...(id === undefined ? {} : { id }), ...(from === undefined ? {} : { domain: from }) };
  });
  return { ...(domain === undefined ? {} : { domain }), except };
}

export function identityElement(identity: IdentityCondition): XmlDraft {
  return element(
    "cp:identity",
    {},
    ...(identity.one ?? []).map((id) => element("cp:one", { id })),
    ...(identity.many ?? []).map(({ domain, except }) =>
      element(
        "cp:many",
        { domain },
        ...(except ?? []).map((each) => element("cp:except", { id: each.id, domain: each.domain })),
      ),
    ),
  );
}

/** True when any `one` or `many` matches any of the sender's asserted identities (RFC 4745 7.1.1). */
export function identityMatches(identity: IdentityCondition, sender: readonly string[]): boolean {
  const one = (identity.one ?? []).some((id) => sender.some((uri) => sameAddressOfRecord(id, uri)));
  return one || (identity.many ?? []).some((many) => sender.some((uri) => within(many, uri)));
}

function within(many: ManyIdentities, uri: string): boolean {
  if (many.domain !== undefined && !inDomain(uri, many.domain)) return false;
  return !(many.except ?? []).some(
    ({ id, domain }) =>
      (id !== undefined && sameAddressOfRecord(id, uri)) || (domain !== undefined && inDomain(uri, domain)),
  );
}

function inDomain(uri: string, domain: string): boolean {
  return sipUriOf(uri)?.host.toLowerCase() === domain.toLowerCase();
}
