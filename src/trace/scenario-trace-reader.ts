/**
 * Builds the trace of a scenario, as checks see it, from its events. A pure function: two readings of the same events are equal.
 */
import type { SutFile } from "../spec/sut-file.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/same-uri.ts";
import { readCrossings } from "./crossings.ts";
import type {
  LeasedUser,
  ProvisionedItem,
  RunEvent,
  ScenarioOpened,
  Stimulated,
  TraceEvent,
} from "./event.ts";
import { pairExchanges } from "./exchanges.ts";
import type { RunRecord } from "./ndjson.ts";
import { isTraceEvent } from "./recorder.ts";
import { RunRecordError } from "./run-record-error.ts";
import type { Exchange, ExchangeFilter, ScenarioTrace, SipRecord } from "./scenario-trace.ts";
import { readSessionView } from "./session/session-view.ts";
import { callIdIdentity, cseqIdentity, fromTag } from "./sip-identity.ts";
import { readStimuli } from "./stimuli.ts";
import { closedWindows, provesAbsence } from "./windows.ts";

/**
 * `events` are those of one scenario; those of the whole run may stand among them, those of other scenarios are left out.
 * @throws {RunRecordError} `wrong-order` when no scenario was opened
 */
export function readScenarioTrace(events: readonly RunEvent[], sutFile: SutFile): ScenarioTrace {
  const opened = events.find((event): event is ScenarioOpened => event.type === "scenario-opened");
  if (opened === undefined) {
    throw new RunRecordError(
      "wrong-order",
      0,
      0,
      "no scenario-opened among the events; give those of one scenario",
    );
  }
  const own = events.filter(isTraceEvent).filter((event) => belongsTo(event, opened.scenario));
  // A SUT that went away in the scenario did not leave anything out by its own fault: what is missing proves nothing.
  const wentAway = own.some((event) => event.type === "sut-life" && event.state === "unreachable");
  const complete =
    !wentAway && own.some((event) => event.type === "scenario-closed" && event.how === "complete");
  const arranged = readArrangements(own);
  const crossings = readCrossings(own);
  const exchanges = pairExchanges(crossings.messages);
  const windows = closedWindows(own);
  const stimuli = own.filter((event): event is Stimulated => event.type === "stimulated");
  const user = (actor: string): LeasedUser | undefined => arranged.users.find((one) => one.actor === actor);
  const { stimulusOf, carriersOf } = readStimuli(stimuli, exchanges, user);

  return {
    sutFile,
    opened,
    events: own,
    complete,
    ...crossings,
    users: arranged.users,
    provisioned: arranged.items,
    configurationSet: lastOfKind(arranged.items, "configuration-set")?.name ?? opened.configurationSet,
    stimuli,
    windows,
    sessionMode: readSessionView(own, exchanges),
    exchanges: (filter) => (filter === undefined ? exchanges : exchanges.filter((one) => fits(one, filter))),
    userOf: lookUp((uri) => arranged.users.find((one) => isIdentityOf(one, uri))),
    user,
    group: (uri) => lastOfKind(arranged.items, "group", (item) => sameAddressOfRecord(item.uri, uri)),
    session: (uri) => lastOfKind(arranged.items, "session", (item) => sameAddressOfRecord(item.uri, uri)),
    accessRules: (owner) =>
      lastOfKind(arranged.items, "access-rules", (item) => sameAddressOfRecord(item.owner, owner))?.rules ??
      [],
    stimulusOf,
    carriersOf,
    onwardOf: (exchange) => onwardOf(exchange, exchanges),
    absenceProven: (afterAt, of) => complete && provesAbsence(windows, afterAt, of),
  };
}

/** The traces of all scenarios of a record, in the order in which they were opened; of a record without its first line, none. */
export function readScenarioTraces(record: RunRecord): readonly ScenarioTrace[] {
  const sutFile = sutFileOf(record.events);
  if (sutFile === undefined) return [];
  const byScenario = eventsByScenario(record.events);
  return [...byScenario.values()]
    .filter((events) => events.some((event) => event.type === "scenario-opened"))
    .map((events) => readScenarioTrace(events, sutFile));
}

export function sutFileOf(events: readonly RunEvent[]): SutFile | undefined {
  return events.find((event) => event.type === "run-opened")?.sutFile;
}

/** Without the events of the whole run. */
export function eventsByScenario(events: readonly TraceEvent[]): ReadonlyMap<string, readonly TraceEvent[]> {
  const byScenario = new Map<string, TraceEvent[]>();
  for (const event of events) {
    if (event.scenario === undefined) continue;
    const own = byScenario.get(event.scenario);
    if (own === undefined) byScenario.set(event.scenario, [event]);
    else own.push(event);
  }
  return byScenario;
}

function belongsTo(event: TraceEvent, scenario: string): boolean {
  return event.scenario === undefined || event.scenario === scenario;
}

interface Arrangements {
  readonly users: readonly LeasedUser[];
  readonly items: readonly ProvisionedItem[];
}

/** A lease under the same actor's name replaces the earlier one. */
function readArrangements(events: readonly TraceEvent[]): Arrangements {
  const users = new Map<string, LeasedUser>();
  const items: ProvisionedItem[] = [];
  for (const event of events) {
    if (event.type === "leased") users.set(event.user.actor, event.user);
    if (event.type === "provisioned") items.push(event.item);
  }
  return { users: [...users.values()], items };
}

type ItemOf<K extends ProvisionedItem["kind"]> = Extract<ProvisionedItem, { readonly kind: K }>;

/** What was arranged last is in force. */
function lastOfKind<K extends ProvisionedItem["kind"]>(
  items: readonly ProvisionedItem[],
  kind: K,
  matches: (item: ItemOf<K>) => boolean = () => true,
): ItemOf<K> | undefined {
  return items.findLast((item): item is ItemOf<K> => isOfKind(item, kind) && matches(item));
}

function isOfKind<K extends ProvisionedItem["kind"]>(item: ProvisionedItem, kind: K): item is ItemOf<K> {
  return item.kind === kind;
}

/** What was found for a name is known from then on: checks ask for the same names thousands of times. */
function lookUp<T>(find: (name: string) => T): (name: string) => T {
  const known = new Map<string, { readonly found: T }>();
  return (name) => {
    const before = known.get(name) ?? { found: find(name) };
    known.set(name, before);
    return before.found;
  };
}

function isIdentityOf(user: LeasedUser, uri: string): boolean {
  return (
    sameAddressOfRecord(user.imAddress, uri) || (user.tel !== undefined && sameAddressOfRecord(user.tel, uri))
  );
}

function fits(exchange: Exchange, filter: ExchangeFilter): boolean {
  const { request, way } = exchange;
  return (
    isAmong(request.message.method, filter.method) &&
    isAmong(request.phase, filter.phase) &&
    (filter.way === undefined || filter.way === way) &&
    (filter.function === undefined || filter.function === request.serverFunction)
  );
}

function isAmong<T extends string>(value: T, wanted: T | readonly T[] | undefined): boolean {
  return wanted === undefined || (typeof wanted === "string" ? wanted === value : wanted.includes(value));
}

/**
 * What came back from the SUT for the same passage, next after the request that went into it. Within a dialog there is no passage: what a
 * proxy sends on is the same request.
 */
function onwardOf(exchange: Exchange, exchanges: readonly Exchange[]): Exchange | undefined {
  const { passage, seq, message } = exchange.request;
  if (exchange.way !== "to-sut") return undefined;
  const isSentOn =
    passage === undefined
      ? (request: SipRecord<SipRequest>): boolean => isSameRequest(request.message, message)
      : (request: SipRecord<SipRequest>): boolean => request.passage === passage;
  return exchanges.find(
    ({ way, request }) =>
      way === "from-sut" &&
      request.seq > seq &&
      request.message.method === message.method &&
      isSentOn(request),
  );
}

function isSameRequest(one: SipRequest, other: SipRequest): boolean {
  return (
    callIdIdentity(one) === callIdIdentity(other) &&
    fromTag(one) === fromTag(other) &&
    cseqIdentity(one).number === cseqIdentity(other).number
  );
}
