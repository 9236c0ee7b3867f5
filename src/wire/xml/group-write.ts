import { conditionsElement } from "./conditions.ts";
import { EXTENSION_ACTIONS, LIST_SERVICE_ACTIONS } from "./group.ts";
import type { AgeRestrictions, Group, GroupRule } from "./group.ts";
import { serviceElements } from "./media-list.ts";
import {
  COMMON_POLICY_NAMESPACE,
  LIST_SERVICE_NAMESPACE,
  OMA_COMMON_POLICY_NAMESPACE,
  XDM_EXTENSIONS_NAMESPACE,
} from "./namespaces.ts";
import { sessionActivePolicyElement } from "./session-active-policy.ts";
import { element, textElement, writeXml } from "./write.ts";
import type { XmlDraft } from "./write.ts";

/** Writes a group document; elements come in the order of the schema. */
export function writeGroup(group: Group): Uint8Array {
  return writeXml(
    element(
      "group",
      {
        xmlns: LIST_SERVICE_NAMESPACE,
        "xmlns:cp": COMMON_POLICY_NAMESPACE,
        "xmlns:ocp": OMA_COMMON_POLICY_NAMESPACE,
        "xmlns:oxe": XDM_EXTENSIONS_NAMESPACE,
      },
      element(
        "list-service",
        { uri: group.uri },
        textElement("display-name", group.displayName),
        element("list", {}, ...group.members.map(memberElement)),
        textElement("invite-members", group.inviteMembers),
        textElement("max-participant-count", group.maxParticipantCount),
        element("cp:ruleset", {}, ...group.rules.map(ruleElement)),
        ...extensionElements(group),
      ),
    ),
  );
}

function memberElement(member: { readonly uri: string; readonly displayName?: string }): XmlDraft {
  return element("entry", { uri: member.uri }, textElement("display-name", member.displayName));
}

function ruleElement({ id, conditions, actions }: GroupRule): XmlDraft {
  return element(
    "cp:rule",
    { id },
    conditionsElement(conditions),
    element(
      "cp:actions",
      {},
      ...LIST_SERVICE_ACTIONS.map((name) => textElement(name, actions[name])),
      ...EXTENSION_ACTIONS.map((name) => textElement(`oxe:${name}`, actions[name])),
    ),
  );
}

function extensionElements(group: Group): readonly (XmlDraft | undefined)[] {
  const { ageRestrictions: age, sessionActivePolicy: policy, supportedServices: services } = group;
  return [
    textElement("oxe:subject", group.subject),
    textElement("oxe:searchable", group.searchable),
    textElement("oxe:automatic-group-advertisement", group.automaticGroupAdvertisement),
    age === undefined ? undefined : ageElement(age),
    policy === undefined ? undefined : sessionActivePolicyElement(policy),
    services === undefined ? undefined : element("oxe:supported-services", {}, ...serviceElements(services)),
  ];
}

function ageElement(age: AgeRestrictions): XmlDraft {
  return element(
    "oxe:age-restrictions",
    { "oxe:must-understand": String(age.mustUnderstand) },
    ...[age, ...(age.others ?? [])].map(({ from, until }) =>
      element("oxe:age", { from: from?.toString(), until: until?.toString() }),
    ),
  );
}
