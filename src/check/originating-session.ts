/** INVITEs of users that the IM Server serves (6.1.1.1, 6.1.1.2), what speaks against them, and what it did with them. */
import { policyIn, type ServerPolicy } from "../spec/configuration-sets.ts";
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { header, maxForwardsOf } from "../wire/sip/headers.ts";
import type { Journey } from "../trace/session/journeys.ts";
import type { SipMessage, SipResponse } from "../wire/sip/message.ts";
import { sameUri, sipUriOf } from "../wire/sip/uri.ts";
import type { Outcome } from "./check.ts";
import { originatorOf, releaseUnsupported, systemMessageUnanswered } from "./grounds.ts";
import { memo } from "./memo.ts";
import { faultsOf } from "./message-faults.ts";
import { endOf, missed, passed, undecided } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { isIntervalTooSmall, offerGrounds, requiresMore } from "./session-grounds.ts";
import { sessionLegs, type SessionLegs } from "./session-legs.ts";

/** INVITEs outside dialogs that the core gave to the originating function; those that were given up before their answer are left out. */
export function sessionDepartures(trace: ScenarioTrace): readonly Exchange[] {
  return trace.sessionMode.invites.flatMap(({ invite, cancel }) => {
    const taken = invite.hops.find(
      ({ way, request }) => way === "to-sut" && request.serverFunction === "originating",
    );
    return taken === undefined || isGivenUp(taken, cancel, trace) ? [] : [taken];
  });
}

/** What has had no answer for so long that it should have had one is given up because of that. */
function isGivenUp(taken: Exchange, cancel: Journey | undefined, trace: ScenarioTrace): boolean {
  const waited = (cancel?.atSut.request.at ?? Number.POSITIVE_INFINITY) - taken.request.at;
  return waited < trace.sutFile.guards.responseMs;
}

/** What speaks against an INVITE of a user, or leaves the server free to do with it as it likes. */
export function groundsAgainstDeparture(exchange: Exchange, trace: ScenarioTrace): readonly string[] {
  const { message, at } = exchange.request;
  const sender = originatorOf(message);
  const user = sender === undefined ? undefined : trace.userOf(sender);
  const candidates: readonly (readonly [boolean, string])[] = [
    [user === undefined, "unknown-user"],
    [user?.properties.includes("unauthorised") === true, "unauthorised"],
    [sender !== undefined && systemMessageUnanswered(sender, at, trace), "system-message-unanswered"],
    [releaseUnsupported(message, trace), "release-unsupported"],
    [isIntervalTooSmall(message, trace), "interval-too-small"],
    [requiresMore(message), "extension-required"],
    [faultsOf(message).length > 0, "malformed"],
    [readable(() => maxForwardsOf(message), 0) === 0, "hops-spent"],
    // The dialog that is meant may be nobody's.
    [header(message, "Replaces") !== undefined, "replaces"],
  ];
  return [
    ...candidates.filter(([holds]) => holds).map(([, ground]) => ground),
    ...offerGrounds(exchange.request, trace),
  ];
}

/** Those that nothing speaks against. */
export function forwardableSessions(trace: ScenarioTrace): readonly Exchange[] {
  return sessionDepartures(trace).filter((exchange) => groundsAgainstDeparture(exchange, trace).length === 0);
}

export function originatingCalls(trace: ScenarioTrace): readonly SessionLegs[] {
  return sessionLegs(trace, "originating");
}

export function b2buaCalls(trace: ScenarioTrace): readonly SessionLegs[] {
  return originatingCalls(trace).filter(({ isB2bua }) => isB2bua);
}

export function proxyCalls(trace: ScenarioTrace): readonly SessionLegs[] {
  return originatingCalls(trace).filter(({ isB2bua }) => !isB2bua);
}

export function policyOf(trace: ScenarioTrace): ServerPolicy | undefined {
  const { server } = trace.sutFile;
  return server === undefined ? undefined : policyIn(server, trace.configurationSet);
}

/** RFC 3261 19.1.4; what cannot be read is compared as it stands. */
export function isSameUri(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return one === other || readable(() => sameUri(one, other), false);
}

/** Addresses of Scrim's own nodes are nobody else's; names cannot be told from one another. */
export function isPlaceOfScrim(uri: string, trace: ScenarioTrace): boolean {
  return nodesAt(uri, trace).size > 0;
}

/** Scrim's nodes at the address in the URI. */
export function nodesAt(uri: string, trace: ScenarioTrace): ReadonlySet<string> {
  const parsed = sipUriOf(uri);
  const place = `${parsed?.host ?? ""}:${parsed?.port ?? 5060}`.toLowerCase();
  return nodesByPlace(trace).get(place) ?? new Set();
}

const nodesByPlace = memo(({ messages }: ScenarioTrace): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, Set<string>>();
  for (const { local, node } of messages) {
    const place = local.toLowerCase();
    const nodes = found.get(place) ?? new Set();
    found.set(place, nodes.add(node));
  }
  return found;
});

export function fieldOf(message: SipMessage, name: string): string {
  const value = header(message, name);
  return value === undefined ? `no ${name} header` : `${name}: ${value}`;
}

export function isSuccess({ message: { status } }: SipRecord<SipResponse>): boolean {
  return status >= 200 && status < 300;
}

/** Pass where `sent` is there; what was refused is undecided, for the statement is not about refusals; what came to nothing is a miss. */
export function expectSentOn(
  expected: string,
  exchange: Exchange,
  sent: Exchange | undefined,
  trace: ScenarioTrace,
): Outcome {
  if (sent !== undefined) return passed(expected, "it was sent on", exchange.request, sent.request);
  const { final } = exchange;
  // Which request it went on as cannot always be told of a server that does not keep the token.
  if (trace.sutFile.server?.originalDialogToken === false)
    return undecided(expected, `what it went on as is not known: ${endOf(exchange)}`, exchange);
  if (final !== undefined)
    return isSuccess(final)
      ? missed(expected, `it was answered, and not sent on: ${endOf(exchange)}`, exchange)
      : undecided(expected, `it was refused: ${endOf(exchange)}`, exchange);
  return isLate(exchange.request.at, trace)
    ? missed(expected, "it was neither sent on nor answered", exchange)
    : undecided(expected, "the trace ends before anything came of it", exchange);
}

/** A final response that came to the function, as it went on to whoever had asked. */
export function expectGoesBack(
  expected: string,
  came: SipRecord<SipResponse>,
  { request, final }: Exchange,
  trace: ScenarioTrace,
  holds: (status: number) => boolean = (status) => status === came.message.status,
): Outcome {
  if (final !== undefined) {
    const actual = `${final.message.status} ${final.message.reason}`;
    return holds(final.message.status)
      ? passed(expected, actual, came, final)
      : missed(expected, actual, came, final);
  }
  return isLate(came.at, trace)
    ? missed(expected, "no final response", request, came)
    : undecided(expected, "the trace ends before one", request, came);
}

/** So long ago that what the server does at once must have come. */
export function isLate(at: number, trace: ScenarioTrace): boolean {
  const { actionMs, responseMs } = trace.sutFile.guards;
  const end = trace.events.at(-1)?.at ?? at;
  return trace.complete && end - at >= Math.min(actionMs, responseMs);
}
