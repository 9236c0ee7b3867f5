/** The six settings of a first publication, and their places (clause 5.2.4, step 8). Later publications may be partial. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Check } from "./check.ts";
import { clientRegistrations, isAccepted } from "./client-registrations.ts";
import { expectThat, missed, passed } from "./outcome.ts";
import type { XmlElement } from "../wire/xml/tree.ts";
import {
  descendants,
  isExtension,
  publishedDocuments,
  SETTING_PLACES,
  settingIn,
  settingsTree,
  type SettingName,
} from "./settings-document.ts";
import { IM_SETTINGS_NAMESPACE, POC_SETTINGS_NAMESPACE } from "../wire/xml/settings.ts";

/** The first document after each initial registration. */
function firstPublications(trace: ScenarioTrace): readonly Exchange[] {
  const documents = publishedDocuments(trace);
  const initial = clientRegistrations(trace).filter(
    ({ step, exchange }) => step === "initial" && isAccepted(exchange),
  );
  return initial.flatMap(({ exchange }, index) => {
    const until = initial[index + 1]?.exchange.request.seq ?? Number.POSITIVE_INFINITY;
    const from = exchange.final?.seq ?? exchange.request.seq;
    return documents.find(({ request }) => request.seq > from && request.seq < until) ?? [];
  });
}

function tellsSetting(statement: string, name: SettingName): Check {
  const { group, element, mode } = SETTING_PLACES[name];
  const place = [group, element, ...(mode === undefined ? [] : [mode])].join(" > ");
  return check(statement, {
    trigger: firstPublications,
    judge: (exchange) => {
      const expected = `${place} with its active attribute in the first publication`;
      const root = settingsTree(exchange);
      if (root === undefined) return missed(expected, "the document is not well-formed", exchange.request);
      const value = settingIn(root, name);
      return expectThat(
        value !== undefined,
        expected,
        value === undefined ? "the document does not tell it" : `${place} is there`,
        exchange.request,
      );
    },
  });
}

export const publishSessionBarring = tellsSetting("5.2.4-8a", "barSessions");
export const publishMessageBarring = tellsSetting("5.2.4-8b", "barMessages");
export const publishInvisibility = tellsSetting("5.2.4-8c", "invisible");
export const publishOfflineDelivery = tellsSetting("5.2.4-8d", "offlineDelivery");
export const publishSessionRecording = tellsSetting("5.2.4-8e", "recordSessions");
export const publishMessageRecording = tellsSetting("5.2.4-8f", "recordMessages");

export const publishSettingsLayout = check("5.2.4-8g", {
  trigger: publishedDocuments,
  judge: (exchange) => {
    const { request } = exchange;
    const expected = "each setting in the group and the namespace of E.2";
    const root = settingsTree(exchange);
    if (root === undefined) return missed(expected, "the document is not well-formed", request);
    const astray = descendants(root).flatMap((parent) =>
      parent.children.filter((child) => isAstray(child, parent)).map((child) => child.path),
    );
    return astray.length === 0
      ? passed(expected, "they are", request)
      : missed(expected, `out of place: ${astray.join(", ")}`, request);
  },
});

/** An element that bears the name of a setting, or of a group, somewhere else. */
function isAstray(child: XmlElement, parent: XmlElement): boolean {
  if (!isOwn(child.namespace)) return false;
  const places = Object.values(SETTING_PLACES);
  const setting = places.find(({ element }) => element === child.name);
  if (setting !== undefined)
    return parent.name !== setting.group || isExtension(child.namespace) !== setting.extension;
  const group = places.find((place) => place.group === child.name);
  return (
    group !== undefined && (parent.name !== "entity" || isExtension(child.namespace) !== group.extension)
  );
}

/** What foreign namespaces hold is an extension, whatever it is called. */
function isOwn(namespace: string): boolean {
  return [POC_SETTINGS_NAMESPACE, IM_SETTINGS_NAMESPACE].includes(namespace.trim());
}
