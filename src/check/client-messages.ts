/** The pager-mode messages of a client under test: what its user wanted, and what came of it. */
import type { Stimulated } from "../trace/event.ts";
import type { Facet } from "../spec/types.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { askedOfClient, sentByClient } from "./client-view.ts";
import { withFacets } from "./outcome.ts";
import { contentsOf, cpimOf, imdnsOf, uriListOf } from "./pager-message.ts";

/** What the user wanted, read from the stimulus. */
export interface Wish {
  readonly to: readonly string[];
  readonly toKind: "user" | "group" | "session";
  readonly text: string;
  readonly anonymous: boolean;
  readonly report: readonly string[];
  readonly externalContent: string | undefined;
}

export interface SentMessage {
  readonly exchange: Exchange;
  readonly stimulus: Stimulated;
  readonly wish: Wish;
}

export function wishOf({ intent }: Stimulated): Wish {
  const text = (name: string): string | undefined => {
    const value = intent[name];
    return typeof value === "string" ? value : undefined;
  };
  const kind = text("toKind");
  return {
    to: strings(intent["to"]),
    toKind: kind === "group" || kind === "session" ? kind : "user",
    text: text("text") ?? "",
    anonymous: intent["anonymous"] === true,
    report: strings(intent["report"]),
    externalContent: text("externalContent"),
  };
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

/** MESSAGE requests of the client that its user sent: delivery notifications are the client's own. */
export function messagesOfUser(trace: ScenarioTrace): readonly Exchange[] {
  return sentByClient("MESSAGE", trace).filter(({ request }) => imdnsOf(request.message).length === 0);
}

/** Each message that was asked for and sent. */
export function sentMessages(trace: ScenarioTrace): readonly SentMessage[] {
  const messages = messagesOfUser(trace);
  return askedOfClient("send-message", trace).flatMap((stimulus) => {
    const exchange = messages.find((one) => trace.stimulusOf(one) === stimulus);
    return exchange === undefined ? [] : [{ exchange, stimulus, wish: wishOf(stimulus) }];
  });
}

/** To several users, and so to a URI-list. */
export function isForSeveral({ to, toKind }: Wish): boolean {
  return toKind === "user" && to.length > 1;
}

/** The words that guards of SCR items ask for. */
export function facetsOfWish(wish: Wish): readonly Facet[] {
  const external: readonly Facet[] = wish.externalContent === undefined ? [] : ["external-content"];
  if (wish.toKind === "group") return ["predefined-group", ...external];
  if (wish.toKind === "session") return ["ongoing-session", ...external];
  return [isForSeveral(wish) ? "uri-list" : "single-recipient", ...external];
}

/** By the wish where there is one, else by what the message shows. */
export function facetsOfMessage(exchange: Exchange, trace: ScenarioTrace): readonly Facet[] {
  const stimulus = trace.stimulusOf(exchange);
  if (stimulus?.action === "send-message") return facetsOfWish(wishOf(stimulus));
  const { message } = exchange.request;
  const external: readonly Facet[] = refersToContent(exchange) ? ["external-content"] : [];
  if (trace.group(message.uri) !== undefined) return ["predefined-group", ...external];
  if (trace.session(message.uri) !== undefined) return ["ongoing-session", ...external];
  return [uriListOf(message) === undefined ? "single-recipient" : "uri-list", ...external];
}

/** In the body, in a part of it, or in the CPIM object that asks for reports. */
export function refersToContent({ request }: Exchange): boolean {
  const types = contentsOf(request.message).map(({ type }) => type);
  return [...types, cpimOf(request.message)?.contentType.type].includes("message/external-body");
}

/** A check of every message that the user sent. */
export function ofEachMessage(
  statement: string,
  judge: (exchange: Exchange, trace: ScenarioTrace) => Outcome,
): Check {
  return check<Exchange>(statement, {
    trigger: messagesOfUser,
    judge: (exchange, trace) => withFacets(judge(exchange, trace), ...facetsOfMessage(exchange, trace)),
  });
}

/** A check of the messages whose wish has something in it. */
export function ofMessagesWith(
  statement: string,
  has: (wish: Wish, exchange: Exchange) => boolean,
  judge: (sent: SentMessage, trace: ScenarioTrace) => Outcome | readonly Outcome[],
): Check {
  return check<SentMessage>(statement, {
    trigger: (trace) => sentMessages(trace).filter(({ wish, exchange }) => has(wish, exchange)),
    judge: (sent, trace) =>
      [judge(sent, trace)].flat().map((outcome) => withFacets(outcome, ...facetsOfWish(sent.wish))),
  });
}

/** Whether two sets of addresses are the same, each once. */
export function sameAddresses(one: readonly string[], other: readonly string[]): boolean {
  const within = (inner: readonly string[], outer: readonly string[]): boolean =>
    inner.every((uri) => outer.some((candidate) => sameAddressOfRecord(candidate, uri)));
  return one.length === other.length && within(one, other) && within(other, one);
}
