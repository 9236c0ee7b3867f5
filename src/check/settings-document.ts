/**
 * The settings document of a PUBLISH, read with tolerance: one thing that is wrong must not hide another. Where each setting has its place is
 * table 3 of E.2.
 */
import type { Settings } from "../spec/actions.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { eventOf } from "../wire/sip/headers.ts";
import { attributeOf } from "../wire/xml/access.ts";
import { IM_SETTINGS_NAMESPACE, POC_SETTINGS_NAMESPACE, SETTINGS_TYPE } from "../wire/xml/settings.ts";
import { readTree, type XmlElement } from "../wire/xml/tree.ts";
import { sentByClient } from "./client-view.ts";
import { contentsOf, readable } from "./pager-message.ts";

export type SettingName = keyof Settings;

/** Where a setting stands: an element in a group, in one of the two namespaces; for stored conversations with a child that names the mode. */
export interface SettingPlace {
  readonly group: string;
  readonly element: string;
  readonly extension: boolean;
  readonly mode?: string;
  /** `active` where the attribute is left out; undefined: it has to be there (RFC 4354). */
  readonly byDefault?: boolean;
  /** `active` says the opposite of the setting. */
  readonly inverse?: true;
}

export const SETTING_PLACES: Readonly<Record<SettingName, SettingPlace>> = {
  barSessions: { group: "isb-settings", element: "incoming-session-barring", extension: false },
  barMessages: { group: "ipab-settings", element: "incoming-personal-alert-barring", extension: false },
  invisible: {
    group: "vis-settings",
    element: "vis-status",
    extension: true,
    byDefault: true,
    inverse: true,
  },
  offlineDelivery: {
    group: "deferred-settings",
    element: "offline-delivery",
    extension: true,
    byDefault: false,
  },
  recordSessions: {
    group: "hist-settings",
    element: "hist-activation",
    extension: true,
    mode: "session-mode",
    byDefault: false,
  },
  recordMessages: {
    group: "hist-settings",
    element: "hist-activation",
    extension: true,
    mode: "pager-large-mode",
    byDefault: false,
  },
};

/** PUBLISH requests of the client that are about service settings: by event, by type of body, or because they were asked for. */
export function settingsPublications(trace: ScenarioTrace): readonly Exchange[] {
  return sentByClient("PUBLISH", trace).filter(
    (exchange) =>
      eventOf(exchange.request.message)?.type === "poc-settings" ||
      contentsOf(exchange.request.message).some(({ type }) => type === SETTINGS_TYPE) ||
      (trace.stimulusOf(exchange)?.action === "publish-settings" && !isPresence(exchange)),
  );
}

function isPresence({ request }: Exchange): boolean {
  return eventOf(request.message)?.type === "presence";
}

/** Those that bring a document: a refresh has none. */
export function publishedDocuments(trace: ScenarioTrace): readonly Exchange[] {
  return settingsPublications(trace).filter(({ request }) => request.message.body.length > 0);
}

/** The document itself, where it is in a multipart too. */
export function settingsBytes({ request }: Exchange): Uint8Array {
  const found = contentsOf(request.message).find(({ type }) => type === SETTINGS_TYPE);
  return found?.body ?? request.message.body;
}

/** Many checks look at a document; it is read once. */
const trees = new WeakMap<Exchange["request"], { readonly root: XmlElement | undefined }>();

/** Undefined: it is not well-formed. */
export function settingsTree(exchange: Exchange): XmlElement | undefined {
  const known = trees.get(exchange.request);
  if (known !== undefined) return known.root;
  const root = readable(() => readTree(settingsBytes(exchange)), undefined);
  trees.set(exchange.request, { root });
  return root;
}

/** The namespace of the extension; the example of E.2 prints it with a blank in front, which products may have copied. */
export function isExtension(namespace: string): boolean {
  return namespace.trim() === IM_SETTINGS_NAMESPACE;
}

function isAtHome({ namespace }: XmlElement, extension: boolean): boolean {
  return extension ? isExtension(namespace) : namespace === POC_SETTINGS_NAMESPACE;
}

/** Elements of a name in the namespace that they belong in, at any depth. */
export function elementsAt(root: XmlElement, name: string, extension: boolean): readonly XmlElement[] {
  return descendants(root).filter((element) => element.name === name && isAtHome(element, extension));
}

export function descendants(root: XmlElement): readonly XmlElement[] {
  return [root, ...root.children.flatMap(descendants)];
}

/** The elements that tell a setting, in their groups. */
export function settingElements(root: XmlElement, name: SettingName): readonly XmlElement[] {
  const { group, element, extension, mode } = SETTING_PLACES[name];
  return elementsAt(root, group, extension)
    .flatMap((each) => each.children)
    .filter((each) => each.name === element && isAtHome(each, extension))
    .filter((each) => mode === undefined || each.children.some((child) => child.name === mode));
}

/** What the document says of a setting; undefined: nothing that can be read. */
export function settingIn(root: XmlElement, name: SettingName): boolean | undefined {
  const { byDefault, inverse } = SETTING_PLACES[name];
  const told = settingElements(root, name).at(-1);
  if (told === undefined) return undefined;
  const active = activeOf(told) ?? (attributeOf(told, "active") === undefined ? byDefault : undefined);
  return active === undefined ? undefined : active !== (inverse ?? false);
}

/** xs:boolean; undefined: absent, or another word. */
export function activeOf(element: XmlElement): boolean | undefined {
  const value = attributeOf(element, "active")?.trim();
  if (value === "true" || value === "1") return true;
  return value === "false" || value === "0" ? false : undefined;
}
