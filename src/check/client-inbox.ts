/** What the client under test showed its user, as its driver tells it (report-inbox), and the messages that it was given. */
import type { InboxEntry } from "../spec/actions.ts";
import type { Facet } from "../spec/types.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { refersToContent } from "./client-messages.ts";
import { askedOfClient, driverAnswer, givenToClient } from "./client-view.ts";
import { withFacets } from "./outcome.ts";
import { imdnsOf, isGroupAdvertisement, isSystemMessage } from "./pager-message.ts";

/** Messages for the user, not reports about messages of the user. */
export function messagesGiven(trace: ScenarioTrace): readonly Exchange[] {
  return givenToClient("MESSAGE", trace).filter(({ request }) => imdnsOf(request.message).length === 0);
}

export function isTaken({ final }: Exchange): boolean {
  return final !== undefined && final.message.status < 300;
}

export function facetsOfGiven(exchange: Exchange): readonly Facet[] {
  return refersToContent(exchange) ? ["external-content"] : [];
}

/** A check of messages given to the client, with the guards of the items that they are evidence for. */
export function ofGiven(
  statement: string,
  trigger: (trace: ScenarioTrace) => readonly Exchange[],
  judge: (exchange: Exchange, trace: ScenarioTrace) => Outcome | readonly Outcome[],
): Check {
  return check<Exchange>(statement, {
    trigger,
    judge: (exchange, trace) =>
      [judge(exchange, trace)].flat().map((outcome) => withFacets(outcome, ...facetsOfGiven(exchange))),
  });
}

/** What the driver told when it was next asked after event `seq`. */
export interface ShownAfter {
  /** `seq` of the answer. */
  readonly seq: number;
  readonly entries: readonly InboxEntry[];
}

/** Undefined: nobody asked, or the driver cannot tell. */
export function shownAfter(seq: number, trace: ScenarioTrace): ShownAfter | undefined {
  for (const stimulus of askedOfClient("report-inbox", trace)) {
    if (stimulus.seq < seq) continue;
    const answer = driverAnswer(stimulus, trace);
    const entries = answer?.ok === true ? readEntries(answer.says) : undefined;
    if (answer !== undefined && entries !== undefined) return { seq: answer.seq, entries };
  }
  return undefined;
}

const KINDS: readonly unknown[] = ["message", "system-message", "group-advertisement", "delivery-report"];

function readEntries(says: string): readonly InboxEntry[] | undefined {
  try {
    const entries: unknown = JSON.parse(says);
    return Array.isArray(entries) ? entries.filter(isEntry) : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is InboxEntry {
  return (
    isRecord(value) &&
    typeof value["from"] === "string" &&
    typeof value["text"] === "string" &&
    KINDS.includes(value["kind"])
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** A message that the client took, and what its driver told afterwards. */
export interface Shown {
  readonly exchange: Exchange;
  readonly told: ShownAfter;
  /** The entry of this message: by the token of its stimulus, else by what kind of message it is. */
  readonly entry: InboxEntry | undefined;
}

export function shownMessages(trace: ScenarioTrace): readonly Shown[] {
  return messagesGiven(trace)
    .filter(isTaken)
    .flatMap((exchange) => {
      const told = shownAfter(exchange.final?.seq ?? exchange.request.seq, trace);
      return told === undefined ? [] : [{ exchange, told, entry: entryOf(exchange, told, trace) }];
    });
}

function entryOf(exchange: Exchange, { entries }: ShownAfter, trace: ScenarioTrace): InboxEntry | undefined {
  const token = trace.stimulusOf(exchange)?.token;
  const named = entries.find(
    ({ text, subject }) => token !== undefined && (text.includes(token) || subject?.includes(token) === true),
  );
  if (named !== undefined) return named;
  const { message } = exchange.request;
  if (isGroupAdvertisement(message)) return entries.find(({ kind }) => kind === "group-advertisement");
  return isSystemMessage(message) ? entries.find(({ kind }) => kind === "system-message") : undefined;
}

export function ofShown(
  statement: string,
  applies: (shown: Shown) => boolean,
  judge: (shown: Shown, trace: ScenarioTrace) => Outcome | readonly Outcome[],
): Check {
  return check<Shown>(statement, {
    trigger: (trace) => shownMessages(trace).filter(applies),
    judge: (shown, trace) =>
      [judge(shown, trace)].flat().map((outcome) => ({
        ...withFacets(outcome, ...facetsOfGiven(shown.exchange)),
        evidence: [...outcome.evidence, { seq: shown.told.seq }],
      })),
  });
}
