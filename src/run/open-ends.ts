/** What a record shows to have been left open at the SUT: by a kill, or because a clean-up failed. */
import { groupBy } from "../judge/group-by.ts";
import { DEFAULT_SET } from "../lab/describe-scenario.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { RunEvent } from "../trace/event.ts";
import type { Exchange } from "../trace/scenario-trace.ts";
import { readScenarioTrace } from "../trace/scenario-trace-reader.ts";
import { expiresOf, fromOf, header, toOf } from "../wire/sip/headers.ts";

export interface OpenEnds {
  /** IM Addresses that the server under test, or a core of the lab, still takes to be registered. */
  readonly registrations: readonly string[];
  /** Settings that the server still holds of them. */
  readonly publications: readonly Publication[];
  /** Event packages of which Scrim still has a subscription at the SUT. */
  readonly subscriptions: readonly string[];
  /** The client under test is still registered with the core, which is gone. */
  readonly client: boolean;
  /** The configuration set that the server was left in; absent: the default one. */
  readonly configurationSet?: string;
  /** Groups whose documents were in Scrim's XDMS. */
  readonly documents: readonly string[];
}

export interface Publication {
  readonly user: string;
  readonly entityTag: string;
}

/** Two clients of the same user do not run at a time, so that the last word about a user counts. */
export function openEndsIn(events: readonly RunEvent[], sutFile: SutFile): OpenEnds {
  const registrations = new Map<string, boolean>();
  const publications = new Map<string, string>();
  const subscriptions = new Map<string, string>();
  const atCore = new Map<string, boolean>();
  let client = false;
  for (const exchange of exchangesIn(events, sutFile)) {
    const { method } = exchange.request.message;
    if (method === "REGISTER" && exchange.way === "to-sut")
      registrations.set(addressIn(exchange), lasts(exchange));
    if (outlivesRun(exchange, sutFile)) atCore.set(addressIn(exchange), lasts(exchange));
    if (method === "REGISTER" && exchange.way === "from-sut" && isAccepted(exchange))
      client = lasts(exchange);
    if (method === "PUBLISH" && exchange.way === "to-sut") notePublication(exchange, publications);
    if (method === "SUBSCRIBE" && exchange.way === "to-sut") noteSubscription(exchange, subscriptions);
  }
  const left = [...registrations, ...atCore].filter(([, registered]) => registered).map(([user]) => user);
  const open = [...new Set(left)];
  const configurationSet = lastSet(events);
  return {
    registrations: open,
    publications: [...publications]
      .map(([user, entityTag]) => ({ user, entityTag }))
      .filter(({ user }) => open.includes(user)),
    subscriptions: [...subscriptions.values()],
    client,
    ...(configurationSet === undefined ? {} : { configurationSet }),
    documents: openDocuments(events),
  };
}

export function nothingIsOpen(ends: OpenEnds): boolean {
  const { registrations, subscriptions, client, configurationSet } = ends;
  return registrations.length + subscriptions.length === 0 && !client && configurationSet === undefined;
}

/** Of all scenarios in the order in which they began: lanes run beside each other, and lease the same users one after the other. */
function exchangesIn(events: readonly RunEvent[], sutFile: SutFile): readonly Exchange[] {
  const byScenario = groupBy(events, (event) => event.scenario);
  return events
    .filter((event) => event.type === "scenario-opened")
    .flatMap(({ scenario }) => readScenarioTrace(byScenario.get(scenario) ?? [], sutFile).exchanges())
    .sort((a, b) => a.request.seq - b.request.seq);
}

/** Whom a REGISTER or PUBLISH is about. */
function addressIn({ request }: Exchange): string {
  const { message } = request;
  const named = message.method === "REGISTER" ? toOf(message) : fromOf(message);
  return named?.uri.split(";")[0] ?? "";
}

/** A core of Scrim's is gone with the run; one of the lab keeps what a simulated client registered. A challenge leaves all as it was. */
function outlivesRun({ request, final }: Exchange, { core }: SutFile): boolean {
  const challenged = final?.message.status === 401 || final?.message.status === 407;
  return (
    core.kind === "external" &&
    request.message.method === "REGISTER" &&
    request.nodeKind === "client" &&
    !challenged
  );
}

/** What was not answered may have been taken all the same. */
function lasts(exchange: Exchange): boolean {
  const { message } = exchange.request;
  const asked = expiresOf(message) ?? expiresInContact(header(message, "Contact"));
  const refused = exchange.final !== undefined && !isAccepted(exchange);
  return asked !== 0 && !refused;
}

function expiresInContact(contact: string | undefined): number | undefined {
  const seconds = /;\s*expires=(\d+)/iu.exec(contact ?? "")?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

function isAccepted({ final }: Exchange): boolean {
  return final !== undefined && final.message.status < 300;
}

function notePublication(exchange: Exchange, publications: Map<string, string>): void {
  const final = exchange.final?.message;
  if (final === undefined || final.status >= 300) return;
  const user = addressIn(exchange);
  const tag = header(final, "SIP-ETag");
  if (lasts(exchange) && tag !== undefined) publications.set(user, tag);
  else publications.delete(user);
}

function noteSubscription(exchange: Exchange, subscriptions: Map<string, string>): void {
  const { message } = exchange.request;
  const dialog = header(message, "Call-ID") ?? "";
  if (lasts(exchange)) subscriptions.set(dialog, `${header(message, "Event") ?? "?"} at ${message.uri}`);
  else subscriptions.delete(dialog);
}

function lastSet(events: readonly RunEvent[]): string | undefined {
  const configured = events.findLast((event) => event.type === "sut-life" && event.state === "configured");
  const set = configured?.type === "sut-life" ? configured.detail?.split(":")[0] : undefined;
  return set === DEFAULT_SET ? undefined : set;
}

function openDocuments(events: readonly RunEvent[]): readonly string[] {
  const closed = new Set(
    events.filter((event) => event.type === "scenario-closed").map((event) => event.scenario),
  );
  return events.flatMap((event) =>
    event.type === "provisioned" && event.item.kind === "group" && !closed.has(event.scenario)
      ? [event.item.uri]
      : [],
  );
}
