/** The conditions of a rule (RFC 4745 7) that access rules and group rules use, and whether they hold. */
import { sameAddressOfRecord } from "../sip/same-uri.ts";
import { attributeOf, childrenOf } from "./access.ts";
import { identityElement, identityMatches, readIdentity } from "./identity.ts";
import type { IdentityCondition } from "./identity.ts";
import {
  hasMedium,
  hasService,
  mediaElements,
  readMediaList,
  readService,
  readServiceList,
  serviceElements,
} from "./media-list.ts";
import type { MediaList, Medium, ServiceList } from "./media-list.ts";
import {
  COMMON_POLICY_NAMESPACE,
  IM_FEATURE_TAG,
  isExtension,
  LIST_SERVICE_NAMESPACE,
  OMA_COMMON_POLICY_NAMESPACE,
} from "./namespaces.ts";
import type { XmlElement } from "./tree.ts";
import { element } from "./write.ts";
import type { XmlDraft } from "./write.ts";

/** All that are given must hold; none given: the rule always applies. */
export interface Conditions {
  readonly identity?: IdentityCondition;
  /** Absolute URIs of lists; the condition holds for whoever is in one of them. */
  readonly externalLists?: readonly string[];
  readonly anonymousRequest?: true;
  /** Holds for whom no other rule of the document names. */
  readonly otherIdentity?: true;
  readonly isListMember?: true;
  readonly media?: MediaList;
  /** The schema says media-list, Appendix S of the TS media. */
  readonly mediaElement?: "media-list" | "media";
  readonly services?: ServiceList;
  /** Conditions that are not understood, which hold never (RFC 4745 7). */
  readonly unsupported?: readonly string[];
}

export interface PolicyRequest {
  /** Asserted identities of who sent the request. */
  readonly sender: string | readonly string[];
  /** The sender asked for privacy of its identity. */
  readonly anonymous?: boolean;
  readonly media?: Medium;
  /** Feature tag; that of the IM service unless told. */
  readonly service?: string;
  readonly listMember?: boolean;
  /** Members of the list that an `anc` names. Not resolved means nobody is in it. */
  readonly externalList?: (anchor: string) => readonly string[] | undefined;
}

type Mutable = { -readonly [K in keyof Conditions]: Conditions[K] };

export function readConditions(conditions: XmlElement | undefined): Conditions {
  const found: Mutable = {};
  for (const child of conditions?.children ?? []) readCondition(child, found);
  return found;
}

function readCondition(child: XmlElement, found: Mutable): void {
  const { name, namespace } = child;
  const oma = namespace === OMA_COMMON_POLICY_NAMESPACE;
  if (namespace === COMMON_POLICY_NAMESPACE && name === "identity") found.identity = readIdentity(child);
  else if (oma && name === "external-list") found.externalLists = readExternalLists(child);
  else if (oma && name === "anonymous-request") found.anonymousRequest = true;
  else if (oma && name === "other-identity") found.otherIdentity = true;
  else if (namespace === LIST_SERVICE_NAMESPACE && name === "is-list-member") found.isListMember = true;
  else if (isExtension(child) && (name === "media-list" || name === "media")) {
    found.media = readMediaList(child);
    found.mediaElement = name;
  } else if (isExtension(child) && name === "service-list") found.services = readServiceList(child);
  else if (isExtension(child) && name === "service") found.services = withService(found.services, child);
  else found.unsupported = [...(found.unsupported ?? []), `{${namespace}}${name}`];
}

/** Appendix S puts `service` right into the conditions. */
function withService(services: ServiceList | undefined, child: XmlElement): ServiceList {
  return { ...services, services: [...(services?.services ?? []), readService(child)] };
}

/** The schema calls the attribute `anc`, Appendix R `anchor`. */
function readExternalLists(list: XmlElement): readonly string[] {
  return childrenOf(list, OMA_COMMON_POLICY_NAMESPACE, "entry")
    .map((entry) => attributeOf(entry, "anc") ?? attributeOf(entry, "anchor"))
    .filter((anchor) => anchor !== undefined);
}

/** `cp:conditions`; `isListMember` is written in the default namespace, which must be that of list-service. */
export function conditionsElement(conditions: Conditions): XmlDraft {
  const { identity, externalLists, media, services } = conditions;
  return element(
    "cp:conditions",
    {},
    conditions.isListMember === undefined ? undefined : element("is-list-member"),
    identity === undefined ? undefined : identityElement(identity),
    externalLists === undefined
      ? undefined
      : element("ocp:external-list", {}, ...externalLists.map((anc) => element("ocp:entry", { anc }))),
    conditions.anonymousRequest === undefined ? undefined : element("ocp:anonymous-request"),
    conditions.otherIdentity === undefined ? undefined : element("ocp:other-identity"),
    services === undefined ? undefined : element("oxe:service-list", {}, ...serviceElements(services)),
    media === undefined
      ? undefined
      : element(`oxe:${conditions.mediaElement ?? "media-list"}`, {}, ...mediaElements(media)),
  );
}

/** Whether the conditions of a rule hold for the request; `others` are those of the other rules of the document. */
export function conditionsHold(
  conditions: Conditions,
  request: PolicyRequest,
  others: readonly Conditions[] = [],
): boolean {
  const { identity, media, services } = conditions;
  const checks: readonly boolean[] = [
    (conditions.unsupported ?? []).length === 0,
    identity === undefined || identityMatches(identity, senderOf(request)),
    conditions.externalLists === undefined || inExternalList(conditions.externalLists, request),
    conditions.anonymousRequest === undefined || request.anonymous === true,
    conditions.otherIdentity === undefined || !others.some((other) => names(other, request)),
    conditions.isListMember === undefined || request.listMember === true,
    media === undefined || (request.media !== undefined && hasMedium(media, request.media)),
    services === undefined || serviceHolds(services, request),
  ];
  return checks.every(Boolean);
}

function senderOf(request: PolicyRequest): readonly string[] {
  return typeof request.sender === "string" ? [request.sender] : request.sender;
}

function inExternalList(anchors: readonly string[], request: PolicyRequest): boolean {
  return anchors
    .flatMap((anchor) => request.externalList?.(anchor) ?? [])
    .some((member) => senderOf(request).some((uri) => sameAddressOfRecord(member, uri)));
}

/** A rule names the sender by identity, in a list, or as anonymous. */
function names(other: Conditions, request: PolicyRequest): boolean {
  return (
    (other.identity !== undefined && identityMatches(other.identity, senderOf(request))) ||
    (other.externalLists !== undefined && inExternalList(other.externalLists, request)) ||
    (other.anonymousRequest === true && request.anonymous === true)
  );
}

/** 6.1.2.6 speaks of a service called group-advertisement; a service list that names a medium is taken to mean that medium. */
function serviceHolds(services: ServiceList, request: PolicyRequest): boolean {
  if (hasService(services, request.service ?? IM_FEATURE_TAG)) return true;
  return (
    request.media !== undefined && services.services.some((service) => service.featureTag === request.media)
  );
}
