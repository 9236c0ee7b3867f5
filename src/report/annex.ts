/**
 * The annex of an OMA enabler test specification: what the supplier declares (ICS), what a lab has to know beside (IXIT), and which
 * scenarios apply under which declaration. Secrets never stand in it.
 */
import type { ItemResult, ScenarioResult } from "../judge/results.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { Role } from "../spec/types.ts";
import { runOpenedOf } from "./head.ts";
import type { ReportInput } from "./model.ts";

export interface IcsRow {
  /** `ics_PMM_S_004` for `IMSpec-PMM-S-004`. */
  readonly ics: string;
  readonly description: string;
  readonly item: string;
  readonly supported: boolean;
}

export interface IxitRow {
  readonly ixit: string;
  readonly description: string;
  readonly unit: string;
  readonly value: string;
}

export interface ApplicabilityRow {
  /** Conjunction of ICS names; empty: applies to every implementation of the role. */
  readonly when: string;
  readonly scenarios: readonly ScenarioResult[];
}

export interface Annex {
  readonly clientIcs: readonly IcsRow[];
  readonly serverIcs: readonly IcsRow[];
  readonly commonIxit: readonly IxitRow[];
  readonly clientIxit: readonly IxitRow[];
  readonly serverIxit: readonly IxitRow[];
  /** Scenarios that test mandatory features only come first, under an empty condition. */
  readonly applicability: readonly ApplicabilityRow[];
}

/** Throws `NoRunError` for a record without an opening event. */
export function annexOf(input: ReportInput): Annex {
  const sut = runOpenedOf(input.events).sutFile;
  return {
    clientIcs: input.scr.filter(({ role }) => isClient(role)).map(icsRow),
    serverIcs: input.scr.filter(({ role }) => !isClient(role)).map(icsRow),
    commonIxit: commonIxit(sut),
    clientIxit: clientIxit(sut),
    serverIxit: serverIxit(sut),
    applicability: applicabilityOf(input),
  };
}

function isClient(role: Role): boolean {
  return role.startsWith("client-");
}

function icsRow(item: ItemResult): IcsRow {
  return { ics: icsName(item.id), description: item.function, item: item.id, supported: item.supported };
}

function icsName(item: string): string {
  return `ics_${item.replace(/^IMSpec-/, "").replaceAll(/\W/g, "_")}`;
}

function applicabilityOf({ scr, scenarios }: ReportInput): readonly ApplicabilityRow[] {
  const optional = new Set(scr.filter((item) => item.status === "O").map((item) => item.id));
  const rows = new Map<string, ScenarioResult[]>([["", []]]);
  for (const scenario of scenarios) {
    const items = scenario.tags.map((tag) => tag.replace(/^@/, "")).filter((tag) => optional.has(tag));
    const when = items.map(icsName).sort().join(" AND ");
    rows.set(when, [...(rows.get(when) ?? []), scenario]);
  }
  return [...rows].filter(([, some]) => some.length > 0).map(([when, some]) => ({ when, scenarios: some }));
}

type Entry = readonly [
  ixit: string,
  description: string,
  value: string | number | boolean | undefined,
  unit?: string,
];

function rowsOf(entries: readonly Entry[]): readonly IxitRow[] {
  return entries.flatMap(([ixit, description, value, unit = ""]) =>
    value === undefined ? [] : [{ ixit: `ixit_${ixit}`, description, unit, value: inWords(value) }],
  );
}

function inWords(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return withoutPassword(String(value));
}

/** `http://user:secret@host` and `sip:user:secret@host` lose the secret. */
function withoutPassword(uri: string): string {
  return uri.replace(/^(\w+:(?:\/\/)?[^/@:]*):[^@/]*@/, "$1:…@");
}

function commonIxit({ core, tls, xdm, guards, users, groups, profiles }: SutFile): readonly IxitRow[] {
  return rowsOf([
    ["core", "SIP/IP Core", core.kind === "scrim" ? "played by Scrim" : `external, at ${core.address ?? ""}`],
    ["core_address", "Address that the core listens on", `${core.bind}:${core.port}`],
    ["core_advertised", "Address that it gives as its own", core.advertised],
    ["tls_port", "Port that it listens on for TLS", tls?.port],
    ["tls_verify", "How certificates are looked at", tls?.verify],
    ["home_domain", "Home domain", core.homeDomain],
    ["remote_domain", "Remote domain", core.remoteDomain],
    ["digest", "REGISTER is challenged with digest", core.digest],
    ["registration", "Expiry of registrations", core.registrationExpiresS, "s"],
    ["udp_limit", "Largest message sent over UDP", core.udpLimitBytes, "bytes"],
    ["ims_profile", "Core corresponds to 3GPP/3GPP2 IMS", profiles.ims],
    ["xdm", "XDM server", xdm.kind === "scrim" ? "played by Scrim" : "the vendor's"],
    ["xdm_root", "XCAP root", xdm.root],
    ["users", "Pooled users", users.length, "users"],
    ["groups", "Pooled groups", groups.length, "groups"],
    ["guard_response", "Longest wait for a final response", guards.responseMs, "ms"],
    ["guard_quiet", "Silence that proves absence", guards.quietMs, "ms"],
    ["guard_action", "Longest wait for what a trigger causes", guards.actionMs, "ms"],
    ["guard_notify", "Longest wait for a NOTIFY", guards.notifyMs, "ms"],
    ["guard_scenario", "Longest scenario", guards.scenarioMs, "ms"],
  ]);
}

function clientIxit({ client }: SutFile): readonly IxitRow[] {
  if (client === undefined) return [];
  return rowsOf([
    ["client_node", "Node", client.node],
    ["client_trigger", "How the client is made to act", client.trigger.kind],
    ["client_user", "IM Address of its user", client.user],
    ["client_transport", "Transport", client.transport],
    ["client_factory", "Conference factory URI it uses", client.conferenceFactory],
    ["client_congestion_safe", "Knows that its transport is safe from congestion", client.congestionSafe],
    ["client_session", "On-going session of another service", client.ongoingSession],
  ]);
}

function serverIxit({ server }: SutFile): readonly IxitRow[] {
  if (server === undefined) return [];
  const { serviceUris, policy, timers } = server;
  return rowsOf([
    ["server_node", "Node", server.node],
    ["server_functions", "Functions", server.functions.join(", ")],
    ["server_originating", "Attachment, originating session case", server.originating],
    ["server_terminating", "Attachment, terminating session case", server.terminating],
    ["server_psi", "Attachment, public service identities", server.psi],
    ["server_transport", "Transport", server.transport],
    ["server_original_dialog", "Echoes the original-dialog token", server.originalDialogToken],
    ["server_third_party", "Takes third-party REGISTER", server.thirdPartyRegister],
    ["uri_factory", "Conference factory", serviceUris.conferenceFactory],
    ["uri_exploder", "Exploder", serviceUris.exploder],
    ["uri_system", "Sender of system messages", serviceUris.systemSender],
    ["uri_session", "On-going session", serviceUris.ongoingSession?.uri],
    ["adhoc_maximum", "Most recipients of an ad-hoc message", policy.adHocMaximum, "recipients"],
    ["originator_counts", "The originator counts as one", policy.originatorCounts],
    ["refused_types", "Content types it refuses", policy.refusedTypes.join(", ")],
    ["maximum_size", "Largest content", policy.maximumBytes, "bytes"],
    ["releases", "Releases it supports", policy.supportedReleases.join(", ")],
    ["uri_list_service", "Offers the URI-list service", policy.uriListService],
    ["ts1", "Ts1, answer to a system message", timers.ts1Ms, "ms"],
    ["ts2", "Ts2, aggregation of notifications", timers.ts2Ms, "ms"],
    ["configuration_sets", "Configuration sets", server.configurationSets.map(({ name }) => name).join(", ")],
  ]);
}
