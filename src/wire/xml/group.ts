/** A shared group: application/vnd.oma.poc.groups+xml, the document of the Shared Group XDMS. */
import {
  attributeOf,
  booleanOf,
  childOf,
  childrenOf,
  countOf,
  requiredAttribute,
  requiredChild,
  textOfChild,
} from "./access.ts";
import { readConditions } from "./conditions.ts";
import type { Conditions } from "./conditions.ts";
import { readServiceList } from "./media-list.ts";
import type { ServiceList } from "./media-list.ts";
import { COMMON_POLICY_NAMESPACE, isExtension, LIST_SERVICE_NAMESPACE } from "./namespaces.ts";
import { readEntry } from "./resource-lists.ts";
import { mustBeUnderstood, readSessionActivePolicy } from "./session-active-policy.ts";
import type { SessionActivePolicy } from "./session-active-policy.ts";
import { readXml } from "./tree.ts";
import type { XmlElement } from "./tree.ts";
import type { XmlLimits } from "./well-formed.ts";

export interface GroupMember {
  readonly uri: string;
  readonly displayName?: string;
}

/** Actions of a group rule; what is absent is not granted by that rule. */
export type GroupAction =
  | "join-handling"
  | "allow-initiate-conference"
  | "allow-anonymity"
  | "allow-conference-state"
  | "allow-invite-users-dynamically"
  | "is-key-participant"
  | "allow-private-message";

export interface GroupRule {
  readonly id: string;
  readonly conditions: Conditions;
  readonly actions: Partial<Readonly<Record<GroupAction, boolean>>>;
}

/** Years; both ends belong to the range. */
export interface AgeRange {
  readonly from?: number;
  readonly until?: number;
}

/** The first range stands in the restrictions themselves: nearly all groups have one. */
export interface AgeRestrictions extends AgeRange {
  readonly mustUnderstand: boolean;
  /** Further ranges; it is enough to be in one. */
  readonly others?: readonly AgeRange[];
}

export interface Group {
  /** The IM Group Identity. */
  readonly uri: string;
  readonly displayName?: string;
  readonly members: readonly GroupMember[];
  /** True: a pre-defined group, whose members are invited; false: a chat group. */
  readonly inviteMembers?: boolean;
  readonly maxParticipantCount?: number;
  readonly rules: readonly GroupRule[];
  readonly subject?: string;
  readonly searchable?: boolean;
  readonly automaticGroupAdvertisement?: boolean;
  readonly ageRestrictions?: AgeRestrictions;
  readonly sessionActivePolicy?: SessionActivePolicy;
  readonly supportedServices?: ServiceList;
}

export const GROUP_TYPE = "application/vnd.oma.poc.groups+xml";

const LS = LIST_SERVICE_NAMESPACE;
const CP = COMMON_POLICY_NAMESPACE;
const CLAUSE = "OMA-SUP-XSD_poc_listService-V1_0";

/** Actions by the namespace that they belong to. */
export const LIST_SERVICE_ACTIONS = [
  "join-handling",
  "allow-initiate-conference",
  "allow-anonymity",
  "allow-conference-state",
  "allow-invite-users-dynamically",
  "is-key-participant",
] as const satisfies readonly GroupAction[];
export const EXTENSION_ACTIONS = ["allow-private-message"] as const satisfies readonly GroupAction[];

/** Reads the first list-service of the document. Throws XmlReadError. */
export function readGroup(bytes: Uint8Array, limits: XmlLimits = {}): Group {
  const root = readXml(bytes, { name: "group", namespace: LS }, limits);
  const service = requiredChild(root, LS, "list-service", CLAUSE);
  const displayName = textOfChild(service, LS, "display-name");
  const inviteMembers = childOf(service, LS, "invite-members");
  const maximum = childOf(service, LS, "max-participant-count");
  const list = childOf(service, LS, "list");
  return {
    uri: requiredAttribute(service, "uri", CLAUSE),
    ...(displayName === undefined ? {} : { displayName }),
    members: list === undefined ? [] : childrenOf(list, LS, "entry").map((entry) => readEntry(entry, LS)),
    ...(inviteMembers === undefined ? {} : { inviteMembers: asBoolean(inviteMembers) }),
    ...(maximum === undefined ? {} : { maxParticipantCount: countOf(maximum, maximum.text, CLAUSE) }),
    rules: childrenOf(service, CP, "ruleset").flatMap((ruleset) =>
      childrenOf(ruleset, CP, "rule").map(readRule),
    ),
    ...readExtensions(service),
  };
}

function asBoolean(element: XmlElement): boolean {
  return booleanOf(element, element.text, CLAUSE);
}

function readRule(rule: XmlElement): GroupRule {
  const given = childOf(rule, CP, "actions");
  const actions: Partial<Record<GroupAction, boolean>> = {};
  for (const name of LIST_SERVICE_ACTIONS) {
    const action = given === undefined ? undefined : childOf(given, LS, name);
    if (action !== undefined) actions[name] = permission(action);
  }
  for (const name of EXTENSION_ACTIONS) {
    const action = given?.children.find((child) => child.name === name && isExtension(child));
    if (action !== undefined) actions[name] = asBoolean(action);
  }
  return {
    id: requiredAttribute(rule, "id", "RFC 4745 6.1"),
    conditions: readConditions(childOf(rule, CP, "conditions")),
    actions,
  };
}

/** join-handling was `allow` or `block` before January 2006. */
function permission(action: XmlElement): boolean {
  const text = action.text.trim();
  if (action.name === "join-handling" && (text === "allow" || text === "block")) return text === "allow";
  return asBoolean(action);
}

function readExtensions(service: XmlElement): Partial<Group> {
  const extension = (name: string): XmlElement | undefined =>
    service.children.find((child) => child.name === name && isExtension(child));
  const [subject, searchable] = [extension("subject"), extension("searchable")];
  const advertisement = extension("automatic-group-advertisement");
  const age = extension("age-restrictions");
  const policy = extension("session-active-policy");
  const services = extension("supported-services");
  return {
    ...(subject === undefined ? {} : { subject: subject.text.trim() }),
    ...(searchable === undefined ? {} : { searchable: asBoolean(searchable) }),
    ...(advertisement === undefined ? {} : { automaticGroupAdvertisement: asBoolean(advertisement) }),
    ...(age === undefined ? {} : { ageRestrictions: readAge(age) }),
    ...(policy === undefined ? {} : { sessionActivePolicy: readSessionActivePolicy(policy) }),
    ...(services === undefined ? {} : { supportedServices: readServiceList(services) }),
  };
}

function readAge(restrictions: XmlElement): AgeRestrictions {
  const [first = {}, ...others] = restrictions.children
    .filter((child) => child.name === "age" && isExtension(child))
    .map(readAgeRange);
  return {
    mustUnderstand: mustBeUnderstood(restrictions),
    ...first,
    ...(others.length === 0 ? {} : { others }),
  };
}

function readAgeRange(age: XmlElement): AgeRange {
  const [from, until] = [attributeOf(age, "from"), attributeOf(age, "until")];
  return {
    ...(from === undefined ? {} : { from: countOf(age, from, CLAUSE) }),
    ...(until === undefined ? {} : { until: countOf(age, until, CLAUSE) }),
  };
}
