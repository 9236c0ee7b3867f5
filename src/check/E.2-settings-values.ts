/** What a settings document says (E.2, table 3), how it names its service (E.1, E.2), and whether it is valid (E.3). */
import type { Stimulated } from "../trace/event.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { attributeOf } from "../wire/xml/access.ts";
import { IM_SERVICE_ID, IM_SETTINGS_NAMESPACE } from "../wire/xml/settings.ts";
import type { XmlElement } from "../wire/xml/tree.ts";
import { validateXml } from "../wire/xml/validate.ts";
import { check, type Check } from "./check.ts";
import { askedOfClient } from "./client-view.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";
import {
  descendants,
  isExtension,
  publishedDocuments,
  SETTING_PLACES,
  settingIn,
  settingsBytes,
  settingsTree,
  type SettingName,
} from "./settings-document.ts";

interface Choice {
  readonly exchange: Exchange;
  /** What the user chose. */
  readonly wanted: boolean;
}

/** Publications that the client was asked for, each with what the user chose of one setting. */
function choicesOf(name: SettingName, trace: ScenarioTrace): readonly Choice[] {
  return askedOfClient("publish-settings", trace).flatMap((stimulus) => {
    const wanted = chosen(stimulus, name);
    const exchange = publishedDocuments(trace).find((one) => trace.stimulusOf(one) === stimulus);
    return wanted === undefined || exchange === undefined ? [] : [{ exchange, wanted }];
  });
}

function chosen({ intent }: Stimulated, name: SettingName): boolean | undefined {
  const settings = intent["settings"];
  if (typeof settings !== "object" || settings === null) return undefined;
  const value: unknown = new Map<string, unknown>(Object.entries(settings)).get(name);
  return typeof value === "boolean" ? value : undefined;
}

function saysSetting(statement: string, name: SettingName): Check {
  const { group, element, mode, inverse } = SETTING_PLACES[name];
  const place = [group, element, ...(mode === undefined ? [] : [mode])].join(" > ");
  return check<Choice>(statement, {
    trigger: (trace) => choicesOf(name, trace),
    judge: ({ exchange, wanted }, trace) => {
      const active = wanted !== (inverse ?? false);
      const expected = `${place}, active ${active}`;
      const root = settingsTree(exchange);
      const told = root === undefined ? undefined : settingIn(root, name);
      if (told === undefined && toldBefore(name, exchange, trace) === wanted)
        return noted(
          expected,
          "as in the document before",
          "later documents may be partial",
          exchange.request,
        );
      if (told === undefined)
        return wanted ? missed(expected, "the document does not tell it", exchange.request) : [];
      const actual = `active ${told !== (inverse ?? false)}`;
      return expectThat(told === wanted, expected, actual, exchange.request);
    },
  });
}

/** What the last document before this one said of a setting. */
function toldBefore(name: SettingName, { request }: Exchange, trace: ScenarioTrace): boolean | undefined {
  const earlier = publishedDocuments(trace).filter((other) => other.request.seq < request.seq);
  return earlier
    .map((exchange) => settingsTree(exchange))
    .map((root) => (root === undefined ? undefined : settingIn(root, name)))
    .findLast((told) => told !== undefined);
}

export const settingBarSessions = saysSetting("E.2-t3-1", "barSessions");
export const settingBarMessages = saysSetting("E.2-t3-2", "barMessages");
export const settingInvisible = saysSetting("E.2-t3-3", "invisible");
export const settingOfflineDelivery = saysSetting("E.2-t3-4", "offlineDelivery");
export const settingRecordSessions = saysSetting("E.2-t3-5", "recordSessions");
export const settingRecordMessages = saysSetting("E.2-t3-6", "recordMessages");

const GROUPS = new Set(Object.values(SETTING_PLACES).map(({ group }) => group));

function groupsIn(exchange: Exchange): readonly XmlElement[] {
  const root = settingsTree(exchange);
  return root === undefined ? [] : descendants(root).filter(({ name }) => GROUPS.has(name));
}

const serviceId = (element: XmlElement): string | undefined => attributeOf(element, "service-id");

export const settingsServiceId = check("E.1-b1", {
  trigger: publishedDocuments,
  judge: (exchange) => {
    const ids = new Set(groupsIn(exchange).map((group) => serviceId(group) ?? "(none)"));
    return noted(
      "service-id, or none",
      `service-id ${[...ids].join(", ")}`,
      "left to the client",
      exchange.request,
    );
  },
});

export const serviceIdOmitted = check("E.2-p1b", {
  trigger: (trace) =>
    publishedDocuments(trace).filter((exchange) =>
      groupsIn(exchange).every((group) => (serviceId(group) ?? IM_SERVICE_ID) === IM_SERVICE_ID),
    ),
  judge: (exchange) => {
    const without = groupsIn(exchange).filter((group) => serviceId(group) === undefined).length;
    const actual = without === 0 ? "service-id is there" : `${without} elements without service-id`;
    return noted("service-id left out, or not", actual, "left to the client", exchange.request);
  },
});

export const serviceIdIm = check("E.2-p1a", {
  trigger: (trace) =>
    publishedDocuments(trace).filter((exchange) =>
      groupsIn(exchange).some((group) => serviceId(group) !== undefined),
    ),
  judge: (exchange) => {
    const groups = groupsIn(exchange);
    const expected = `service-id="${IM_SERVICE_ID}" on settings of the IM service`;
    const foreign = groups.filter((group) => !isIms(group) && !hasTwinOfIm(group, groups));
    return foreign.length === 0
      ? passed(expected, "so it is", exchange.request)
      : missed(
          expected,
          foreign.map((group) => `<${group.name} service-id="${serviceId(group) ?? ""}">`).join(", "),
          exchange.request,
        );
  },
});

function isIms(group: XmlElement): boolean {
  return (serviceId(group) ?? IM_SERVICE_ID) === IM_SERVICE_ID;
}

/** A document for several services has the group of RFC 4354 once for each. */
function hasTwinOfIm(group: XmlElement, groups: readonly XmlElement[]): boolean {
  return !isExtension(group.namespace) && groups.some((other) => other.name === group.name && isIms(other));
}

export const settingsSchemaValid = check("E.3-p1", {
  trigger: publishedDocuments,
  judge: (exchange) => {
    const found = validateXml("settings", settingsBytes(exchange));
    const [first] = found;
    const expected = "a document that is valid by the schemas of RFC 4354 and of the extension";
    return first === undefined
      ? passed(expected, "it is valid", exchange.request)
      : missed(expected, `line ${first.line}: ${first.message}`, exchange.request);
  },
});

export const settingsNamespace = check("E.4-p1", {
  trigger: (trace) =>
    publishedDocuments(trace).filter((exchange) =>
      extensionGroups(exchange).some(({ name }) => GROUPS.has(name)),
    ),
  judge: (exchange) => {
    const expected = `namespace ${IM_SETTINGS_NAMESPACE}`;
    const used = [...new Set(extensionGroups(exchange).map(({ namespace }) => namespace))];
    const actual = used.map((namespace) => `"${namespace}"`).join(", ");
    if (used.every((namespace) => namespace === IM_SETTINGS_NAMESPACE))
      return passed(expected, actual, exchange.request);
    return used.every(isExtension)
      ? noted(expected, actual, "the blank of the printed example is an error of printing", exchange.request)
      : missed(expected, actual, exchange.request);
  },
});

/** The groups that the extension adds, in whatever namespace they came. */
function extensionGroups(exchange: Exchange): readonly XmlElement[] {
  const added = new Set(
    Object.values(SETTING_PLACES)
      .filter(({ extension }) => extension)
      .map(({ group }) => group),
  );
  return groupsIn(exchange).filter(({ name }) => added.has(name));
}
