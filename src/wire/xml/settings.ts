/**
 * Service settings: application/poc-settings+xml (RFC 4354) with the elements that Appendix E of the TS adds. What stands in unknown
 * namespaces is ignored (E.1), and so is what a `service-id` says is another service's.
 */
import { attributeOf, booleanOf, childOf, childrenOf, requiredAttribute } from "./access.ts";
import { readXml } from "./tree.ts";
import type { XmlElement } from "./tree.ts";
import type { XmlLimits } from "./well-formed.ts";
import { element, writeXml } from "./write.ts";
import type { XmlDraft } from "./write.ts";

/** The settings of the IM service, those that the document holds. */
export interface ImSettings {
  /** isb-settings: IM Sessions and file transfers are refused. */
  readonly barSessions?: boolean;
  /** ipab-settings: pager mode and large messages are refused. */
  readonly barMessages?: boolean;
  /** vis-settings, whose `active` has the opposite sense. */
  readonly invisible?: boolean;
  /** deferred-settings: stored messages are pushed. */
  readonly offlineDelivery?: boolean;
  /** hist-settings with session-mode. */
  readonly recordSessions?: boolean;
  /** hist-settings with pager-large-mode. */
  readonly recordMessages?: boolean;
}

export interface SettingsEntity {
  readonly id: string;
  readonly settings: ImSettings;
}

export interface SettingsDocument {
  readonly entities: readonly SettingsEntity[];
  /** All entities together; what comes later in the document wins. */
  readonly settings: ImSettings;
}

export interface SettingsDraft {
  /** The same in each publication of one user agent (RFC 4354 5.1). */
  readonly entityId: string;
  readonly settings: ImSettings;
  /** Written as `service-id` unless `omitServiceId`: it may be left out towards an IM Server (E.2). */
  readonly omitServiceId?: boolean;
}

export const SETTINGS_TYPE = "application/poc-settings+xml";
export const POC_SETTINGS_NAMESPACE = "urn:oma:params:xml:ns:poc:poc-settings";
export const IM_SETTINGS_NAMESPACE = "urn:oma:xml:im:service-settings";
export const IM_SERVICE_ID = "IM";

const POC = POC_SETTINGS_NAMESPACE;
const IM = IM_SETTINGS_NAMESPACE;
const CLAUSE = "OMA-TS-SIMPLE_IM E.1";
const RFC = "RFC 4354 9";

/** Throws XmlReadError. */
export function readSettings(bytes: Uint8Array, limits: XmlLimits = {}): SettingsDocument {
  const root = readXml(bytes, { name: "poc-settings", namespace: POC }, limits);
  const entities = childrenOf(root, POC, "entity").map((entity) => ({
    id: requiredAttribute(entity, "id", RFC),
    settings: readEntity(entity),
  }));
  return { entities, settings: Object.assign({}, ...entities.map((entity) => entity.settings)) };
}

function readEntity(entity: XmlElement): ImSettings {
  const sessions = barring(entity, "isb-settings", "incoming-session-barring");
  const messages = barring(entity, "ipab-settings", "incoming-personal-alert-barring");
  const offline = imSetting(entity, "deferred-settings", "offline-delivery", false);
  const visible = imSetting(entity, "vis-settings", "vis-status", true);
  return {
    ...(sessions === undefined ? {} : { barSessions: sessions }),
    ...(messages === undefined ? {} : { barMessages: messages }),
    ...(visible === undefined ? {} : { invisible: !visible }),
    ...(offline === undefined ? {} : { offlineDelivery: offline }),
    ...readHistory(entity),
  };
}

/** Elements of that name whose `service-id` is IM or absent. */
function ofImService(entity: XmlElement, namespace: string, name: string): readonly XmlElement[] {
  return childrenOf(entity, namespace, name).filter(
    (each) => (attributeOf(each, "service-id") ?? IM_SERVICE_ID) === IM_SERVICE_ID,
  );
}

/** RFC 4354: `active` is required. */
function barring(entity: XmlElement, settings: string, name: string): boolean | undefined {
  const given = ofImService(entity, POC, settings)
    .map((each) => childOf(each, POC, name))
    .findLast((each) => each !== undefined);
  return given === undefined ? undefined : booleanOf(given, requiredAttribute(given, "active", RFC), RFC);
}

/** E.1: `active` has a default. */
function imSetting(
  entity: XmlElement,
  settings: string,
  name: string,
  byDefault: boolean,
): boolean | undefined {
  const given = ofImService(entity, IM, settings)
    .map((each) => childOf(each, IM, name))
    .findLast((each) => each !== undefined);
  return given === undefined ? undefined : active(given, byDefault);
}

function active(given: XmlElement, byDefault: boolean): boolean {
  return booleanOf(given, attributeOf(given, "active") ?? String(byDefault), CLAUSE);
}

function readHistory(entity: XmlElement): ImSettings {
  const activations = ofImService(entity, IM, "hist-settings").flatMap((each) =>
    childrenOf(each, IM, "hist-activation"),
  );
  const setting = (mode: string): boolean | undefined => {
    const given = activations.findLast((each) => childOf(each, IM, mode) !== undefined);
    return given === undefined ? undefined : active(given, false);
  };
  const sessions = setting("session-mode");
  const messages = setting("pager-large-mode");
  return {
    ...(sessions === undefined ? {} : { recordSessions: sessions }),
    ...(messages === undefined ? {} : { recordMessages: messages }),
  };
}

/** Writes only the settings that are given, in the order of the schema. */
export function writeSettings({ entityId, settings, omitServiceId }: SettingsDraft): Uint8Array {
  const service = { "service-id": omitServiceId === true ? undefined : IM_SERVICE_ID };
  const invisible = settings.invisible;
  const group = (name: string, ...children: readonly (XmlDraft | undefined)[]): XmlDraft | undefined =>
    children.some((child) => child !== undefined) ? element(name, service, ...children) : undefined;
  return writeXml(
    element(
      "poc-settings",
      { xmlns: POC, "xmlns:ss": IM },
      element(
        "entity",
        { id: entityId },
        group("isb-settings", activeElement("incoming-session-barring", settings.barSessions)),
        group("ipab-settings", activeElement("incoming-personal-alert-barring", settings.barMessages)),
        group("ss:deferred-settings", activeElement("ss:offline-delivery", settings.offlineDelivery)),
        group(
          "ss:vis-settings",
          activeElement("ss:vis-status", invisible === undefined ? undefined : !invisible),
        ),
        group(
          "ss:hist-settings",
          activeElement("ss:hist-activation", settings.recordMessages, "ss:pager-large-mode"),
          activeElement("ss:hist-activation", settings.recordSessions, "ss:session-mode"),
        ),
      ),
    ),
  );
}

function activeElement(name: string, value: boolean | undefined, child?: string): XmlDraft | undefined {
  if (value === undefined) return undefined;
  return element(name, { active: String(value) }, child === undefined ? undefined : element(child));
}
