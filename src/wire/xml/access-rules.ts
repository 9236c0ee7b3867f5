/** Access policy of a user: a common policy ruleset (RFC 4745) with the OMA conditions and actions that 6.1.2.1 of the TS evaluates. */
import { attributeOf, booleanOf, childOf, childrenOf, requiredAttribute, tokenOf } from "./access.ts";
import { conditionsElement, conditionsHold, readConditions } from "./conditions.ts";
import type { Conditions, PolicyRequest } from "./conditions.ts";
import {
  COMMON_POLICY_NAMESPACE,
  IM_FEATURE_TAG_SPELLINGS,
  isExtension,
  OMA_COMMON_POLICY_NAMESPACE,
  POC_RULES_NAMESPACE,
  XDM_EXTENSIONS_NAMESPACE,
} from "./namespaces.ts";
import type { ServiceList } from "./media-list.ts";
import { readXml } from "./tree.ts";
import type { XmlElement } from "./tree.ts";
import type { XmlLimits } from "./well-formed.ts";
import { element, textElement, writeXml } from "./write.ts";
import type { XmlDraft } from "./write.ts";

export interface AccessActions {
  /** Of XDM 2.0 and Appendix S: true rejects. */
  readonly allowRejectInvite?: boolean;
  /** Of the PoC rules and Appendix R: `reject` rejects. */
  readonly allowInvite?: string;
  readonly allowOfflineStorage?: boolean;
}

export interface AccessRule {
  readonly id: string;
  readonly conditions: Conditions;
  readonly actions: AccessActions;
}

export interface AccessRules {
  readonly rules: readonly AccessRule[];
}

export const ACCESS_RULES_TYPE = "application/auth-policy+xml";

const CP = COMMON_POLICY_NAMESPACE;
const CLAUSE = "OMA-TS-SIMPLE_IM 6.1.2.1";

/** Throws XmlReadError. */
export function readAccessRules(bytes: Uint8Array, limits: XmlLimits = {}): AccessRules {
  const root = readXml(bytes, { name: "ruleset", namespace: CP }, limits);
  return {
    rules: childrenOf(root, CP, "rule").map((rule) => ({
      id: requiredAttribute(rule, "id", "RFC 4745 6.1"),
      conditions: readConditions(childOf(rule, CP, "conditions")),
      actions: readActions(childOf(rule, CP, "actions")),
    })),
  };
}

function readActions(actions: XmlElement | undefined): AccessActions {
  const extension = (name: string): XmlElement | undefined =>
    actions?.children.find((child) => child.name === name && isExtension(child));
  const reject = extension("allow-reject-invite");
  const storage = extension("allow-offline-storage");
  const invite = actions === undefined ? undefined : childOf(actions, POC_RULES_NAMESPACE, "allow-invite");
  return {
    ...(reject === undefined ? {} : { allowRejectInvite: booleanOf(reject, reject.text, CLAUSE) }),
    ...(invite === undefined ? {} : { allowInvite: tokenOf(invite) }),
    ...(storage === undefined ? {} : { allowOfflineStorage: booleanOf(storage, allowOf(storage), CLAUSE) }),
  };
}

function allowOf(storage: XmlElement): string {
  return attributeOf(storage, "allow", storage.namespace) ?? attributeOf(storage, "allow") ?? storage.text;
}

export function writeAccessRules({ rules }: AccessRules): Uint8Array {
  return writeXml(
    element(
      "cp:ruleset",
      {
        "xmlns:cp": CP,
        "xmlns:ocp": OMA_COMMON_POLICY_NAMESPACE,
        "xmlns:oxe": XDM_EXTENSIONS_NAMESPACE,
        "xmlns:uap": POC_RULES_NAMESPACE,
      },
      ...rules.map(({ id, conditions, actions }) =>
        element("cp:rule", { id }, conditionsElement(conditions), actionsElement(actions)),
      ),
    ),
  );
}

function actionsElement({ allowRejectInvite, allowInvite, allowOfflineStorage }: AccessActions): XmlDraft {
  return element(
    "cp:actions",
    {},
    textElement("oxe:allow-reject-invite", allowRejectInvite),
    textElement("uap:allow-invite", allowInvite),
    allowOfflineStorage === undefined
      ? undefined
      : element("oxe:allow-offline-storage", { "oxe:allow": String(allowOfflineStorage) }),
  );
}

/**
 * Whether the policy rejects the request (6.1.2.1 step 2; 6.1.2.6 step 1, with the medium group-advertisement): some rule whose conditions
 * all hold has `allow-reject-invite` true or `allow-invite` reject. A condition that a rule does not have does not restrict it.
 */
export function rejects({ rules }: AccessRules, request: PolicyRequest): boolean {
  return rules.some((rule) => {
    const others = rules.filter((other) => other !== rule).map((other) => other.conditions);
    const rejecting = rule.actions.allowRejectInvite === true || rule.actions.allowInvite === "reject";
    return rejecting && conditionsHold(rule.conditions, request, others);
  });
}

/**
 * The same policy for implementations that took the TS by its letter: for each rule one with each spelling of the IM feature tag and of the
 * media element that the TS prints, each with both actions.
 */
export function inEverySpelling({ rules }: AccessRules): AccessRules {
  return { rules: rules.flatMap(spellings) };
}

function spellings(rule: AccessRule): readonly AccessRule[] {
  const media = rule.conditions.media === undefined ? [undefined] : (["media-list", "media"] as const);
  const tags = namesIm(rule.conditions.services) ? IM_FEATURE_TAG_SPELLINGS : [undefined];
  const actions =
    rule.actions.allowRejectInvite === true ? { ...rule.actions, allowInvite: "reject" } : rule.actions;
  const variants = tags.flatMap((tag) => media.map((name) => ({ tag, name })));
  return variants.map(({ tag, name }, index) => ({
    id: index === 0 ? rule.id : `${rule.id}-${index + 1}`,
    conditions: respelled(rule.conditions, tag, name),
    actions,
  }));
}

/** "All services except" with one spelling would hold for another: such a rule stays as it is. */
function namesIm(services: ServiceList | undefined): boolean {
  return (
    services !== undefined &&
    services.allExcept !== true &&
    services.services.some((service) => IM_FEATURE_TAG_SPELLINGS.includes(service.featureTag))
  );
}

function respelled(
  conditions: Conditions,
  tag: string | undefined,
  mediaElement: "media-list" | "media" | undefined,
): Conditions {
  const { services } = conditions;
  const attribute = tag === IM_FEATURE_TAG_SPELLINGS[0] ? "enabler" : "featuretag";
  return {
    ...conditions,
    ...(mediaElement === undefined ? {} : { mediaElement }),
    ...(services === undefined || tag === undefined
      ? {}
      : {
          services: {
            ...services,
            services: services.services.map((service) =>
              IM_FEATURE_TAG_SPELLINGS.includes(service.featureTag)
                ? { ...service, featureTag: tag, attribute }
                : service,
            ),
          },
        }),
  };
}
