/** The structure of the settings document that a client publishes (E.1). */
import type { Exchange } from "../trace/scenario-trace.ts";
import { attributeOf } from "../wire/xml/access.ts";
import { POC_SETTINGS_NAMESPACE, SETTINGS_TYPE } from "../wire/xml/settings.ts";
import type { XmlElement } from "../wire/xml/tree.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";
import { typeOf } from "./pager-message.ts";
import {
  activeOf,
  descendants,
  elementsAt,
  isExtension,
  publishedDocuments,
  settingsTree,
} from "./settings-document.ts";

export const settingsDocumentStructure = check("E.1-p1", {
  trigger: publishedDocuments,
  judge: (exchange) => {
    const { request } = exchange;
    const expected = `${SETTINGS_TYPE}: poc-settings of RFC 4354 with entities that have an id`;
    const root = settingsTree(exchange);
    if (root === undefined) return missed(expected, "the document is not well-formed", request);
    const lacking = lackingIn(root, typeOf(request.message));
    return lacking.length === 0
      ? passed(expected, "it has this structure", request)
      : missed(expected, lacking.join("; "), request);
  },
});

function lackingIn(root: XmlElement, type: string): readonly string[] {
  const entities = elementsAt(root, "entity", false);
  return [
    type === SETTINGS_TYPE || type.startsWith("multipart/") ? "" : `Content-Type: ${type}`,
    root.name === "poc-settings" && root.namespace === POC_SETTINGS_NAMESPACE
      ? ""
      : `the root is <${root.name}> in "${root.namespace}"`,
    entities.length > 0 ? "" : "there is no entity",
    entities.every((entity) => (attributeOf(entity, "id") ?? "") !== "") ? "" : "an entity has no id",
  ].filter((complaint) => complaint !== "");
}

/** A setting, by the name of its element, is told through its group in the namespace of the extension. */
function toldByGroup(statement: string, group: string, element: string): Check {
  return check<{ readonly exchange: Exchange; readonly root: XmlElement }>(statement, {
    trigger: (trace) =>
      publishedDocuments(trace).flatMap((exchange) => {
        const root = settingsTree(exchange);
        const told = root === undefined ? [] : descendants(root);
        return root !== undefined && told.some(({ name }) => name === group || name === element)
          ? [{ exchange, root }]
          : [];
      }),
    judge: ({ exchange, root }) => {
      const outside = descendants(root).flatMap((parent) =>
        parent.children.filter(
          (child) =>
            (child.name === group && !isExtension(child.namespace)) ||
            (child.name === element && parent.name !== group),
        ),
      );
      return expectThat(
        outside.length === 0,
        `<${element}> in <${group}> of the OMA namespace`,
        outside.length === 0 ? "so it is" : outside.map(({ path }) => path).join(", "),
        exchange.request,
      );
    },
  });
}

export const deferredSettingsElement = toldByGroup("E.1-b2", "deferred-settings", "offline-delivery");
export const visSettingsElement = toldByGroup("E.1-b3", "vis-settings", "vis-status");
export const histSettingsElement = toldByGroup("E.1-b4", "hist-settings", "hist-activation");

interface GroupOccasion {
  readonly exchange: Exchange;
  readonly group: XmlElement;
}

/** Each element of that name, in each document. */
function forEachGroup(
  statement: string,
  name: string,
  judge: (group: XmlElement, exchange: Exchange) => Outcome,
): Check {
  return check<GroupOccasion>(statement, {
    trigger: (trace) =>
      publishedDocuments(trace).flatMap((exchange) => {
        const root = settingsTree(exchange);
        const groups = root === undefined ? [] : elementsAt(root, name, true);
        return groups.map((group) => ({ exchange, group }));
      }),
    judge: ({ group, exchange }) => judge(group, exchange),
  });
}

/** At most one element of that name, `active` a Boolean where it stands. */
function atMostOne(statement: string, group: string, element: string): Check {
  return forEachGroup(statement, group, (found, { request }) => {
    const told = found.children.filter((child) => child.name === element && isExtension(child.namespace));
    return expectThat(
      told.length <= 1 && told.every(hasBooleanActive),
      `at most one <${element}>, active true or false`,
      told.length > 1 ? `${told.length} of them` : `active="${told[0] ? activeText(told[0]) : "(none)"}"`,
      request,
    );
  });
}

function hasBooleanActive(element: XmlElement): boolean {
  return attributeOf(element, "active") === undefined || activeOf(element) !== undefined;
}

function activeText(element: XmlElement): string {
  return attributeOf(element, "active") ?? "(default)";
}

function atLeastOneChild(statement: string, name: string): Check {
  return forEachGroup(statement, name, (found, { request }) =>
    expectThat(
      found.children.length > 0,
      `<${name}> with at least one child`,
      found.children.length === 0 ? "it is empty" : `${found.children.length} children`,
      request,
    ),
  );
}

/** MAY: told either way. */
function extensionNoted(statement: string, name: string): Check {
  return forEachGroup(statement, name, (found, { request }) => {
    const foreign = found.children.filter(({ namespace }) => !isExtension(namespace));
    const actual = foreign.length === 0 ? "none" : foreign.map((child) => child.name).join(", ");
    return noted(`content of other namespaces in <${name}>, or none`, actual, "left to the client", request);
  });
}

export const offlineDeliveryOnce = atMostOne("E.1-def-card", "deferred-settings", "offline-delivery");
export const visStatusOnce = atMostOne("E.1-vis-card", "vis-settings", "vis-status");
export const deferredSettingsChild = atLeastOneChild("E.1-def-child", "deferred-settings");
export const visSettingsChild = atLeastOneChild("E.1-vis-child", "vis-settings");
export const histActivationMode = atLeastOneChild("E.1-hist-sub", "hist-activation");
export const deferredSettingsExtension = extensionNoted("E.1-def-ext", "deferred-settings");
export const visSettingsExtension = extensionNoted("E.1-vis-ext", "vis-settings");
export const histSettingsExtension = extensionNoted("E.1-hist-ext", "hist-settings");

export const histActivationPresent = forEachGroup("E.1-hist-card", "hist-settings", (found, { request }) => {
  const activations = found.children.filter(
    (child) => child.name === "hist-activation" && isExtension(child.namespace),
  );
  const wrong = activations.find((each) => !hasBooleanActive(each));
  return expectThat(
    activations.length > 0 && wrong === undefined,
    "one or more <hist-activation>, active true or false",
    wrong === undefined ? `${activations.length} of them` : `active="${activeText(wrong)}"`,
    request,
  );
});
