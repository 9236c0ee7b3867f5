/** INVITEs that reach the IM Server for a user that it serves (6.1.2.2.2), and what it did with them. */
import { tellsRelease } from "../spec/release-token.ts";
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { tagOfTo } from "../trace/session/journeys.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../wire/sip/message.ts";
import type { Outcome } from "./check.ts";
import { endOf, missed, noted, passed, undecided, type Seen } from "./outcome.ts";
import { groundsAgainstSession, purposeOf } from "./session-grounds.ts";
import { ownAnswerTo } from "./server-answers.ts";
import { sessionLegs, type SessionLegs } from "./session-legs.ts";

/** An INVITE outside any dialog, for a user of the scenario; what was given up before it was answered is left out. */
export function sessionArrivals(trace: ScenarioTrace): readonly Exchange[] {
  return trace.sessionMode.invites.flatMap(({ invite, cancel }) => {
    const taken = invite.hops.find(
      ({ way, request }) => way === "to-sut" && request.serverFunction === "terminating",
    );
    const isOfUser = taken !== undefined && trace.userOf(taken.request.message.uri) !== undefined;
    return isOfUser && cancel === undefined ? [taken] : [];
  });
}

/** Those that nothing speaks against. */
export function deliverableSessions(trace: ScenarioTrace): readonly Exchange[] {
  return sessionArrivals(trace).filter((exchange) => groundsAgainstSession(exchange, trace).length === 0);
}

export type TerminatingCall = SessionLegs;

export function terminatingCalls(trace: ScenarioTrace): readonly TerminatingCall[] {
  return sessionLegs(trace, "terminating");
}

/** Calls through a B2BUA: two dialogs. Large messages and files go by clauses of their own. */
export function b2buaCalls(trace: ScenarioTrace): readonly TerminatingCall[] {
  return terminatingCalls(trace).filter(
    ({ isB2bua, taken }) => isB2bua && purposeOf(taken, trace) === "session",
  );
}

export interface AcceptedCall extends TerminatingCall {
  /** The 2xx towards the inviting side, and the one of the client that it comes of. */
  readonly ok: SipRecord<SipResponse>;
  readonly okOfClient: SipRecord<SipResponse>;
}

export function acceptedCalls(trace: ScenarioTrace): readonly AcceptedCall[] {
  return b2buaCalls(trace).flatMap((call) => {
    const [ok, okOfClient] = [call.taken.final, call.sent.final];
    return ok !== undefined && okOfClient !== undefined && isSuccess(ok) && isSuccess(okOfClient)
      ? [{ ...call, ok, okOfClient }]
      : [];
  });
}

export function isSuccess({ message: { status } }: SipRecord<SipResponse>): boolean {
  return status >= 200 && status < 300;
}

/** The responses of the same dialog that came before, on the hop towards the inviting side; the dialog is told by the tag in To. */
export function soFar({ taken, ok }: AcceptedCall): readonly SipRecord<SipResponse>[] {
  const tag = tagOfTo(ok.message);
  return taken.responses.filter(({ seq, message }) => seq <= ok.seq && tagOfTo(message) === tag);
}

/** Long enough ago for whatever was due. */
export function isOverdue(at: number, trace: ScenarioTrace): boolean {
  const end = trace.events.at(-1)?.at ?? at;
  return trace.complete && end - at >= trace.sutFile.guards.responseMs;
}

/** Pass where the INVITE was sent on, miss where it was refused or dropped. */
export function expectInviteSentOn(expected: string, exchange: Exchange, trace: ScenarioTrace): Outcome {
  const onward = trace.onwardOf(exchange);
  if (onward !== undefined) return passed(expected, "it was sent on", exchange.request, onward.request);
  if (exchange.final === undefined && !isOverdue(exchange.request.at, trace))
    return undecided(expected, "the trace ends before anything came of it", exchange);
  // What it went on as cannot always be told of a server that does not keep the token.
  if (exchange.final !== undefined && ownAnswerTo(exchange, trace) === undefined)
    return undecided(expected, `what it went on as is not known: ${endOf(exchange)}`, exchange);
  return missed(expected, `it was not sent on: ${endOf(exchange)}`, exchange);
}

/** Pass where the INVITE was refused, miss where it was sent on or accepted. */
export function expectInviteRefused(expected: string, exchange: Exchange, trace: ScenarioTrace): Outcome {
  const onward = trace.onwardOf(exchange);
  if (onward !== undefined) return missed(expected, "it was sent on", exchange.request, onward.request);
  if (exchange.final === undefined) return undecided(expected, "no final response came", exchange);
  return isSuccess(exchange.final)
    ? missed(expected, endOf(exchange), exchange)
    : passed(expected, endOf(exchange), exchange);
}

export function fieldOf(message: SipMessage, name: string): string {
  const value = header(message, name);
  return value === undefined ? `no ${name} header` : `${name}: ${value}`;
}

function namesServer(value: string | undefined): boolean {
  // SLASH of RFC 3261 allows white space around it.
  return value !== undefined && tellsRelease(value.replace(/\s*\/\s*/u, "/"), "server");
}

/** `usual` has it by F.1; in the other of the two fields it is noted. */
export function expectRelease(
  usual: "User-Agent" | "Server",
  records: readonly SipRecord<SipRequest | SipResponse>[],
  ...seen: readonly Seen[]
): Outcome {
  const other = usual === "Server" ? "User-Agent" : "Server";
  const expected = `${usual}: IM-serv/OMA1.0, perhaps with more behind it`;
  const told = (name: string): SipRecord | undefined =>
    records.find(({ message }) => namesServer(header(message, name)));
  const written = records.map(({ message }) => fieldOf(message, usual)).join("; ");
  const [inUsual, inOther] = [told(usual), told(other)];
  if (inUsual !== undefined) return passed(expected, fieldOf(inUsual.message, usual), inUsual);
  if (inOther !== undefined)
    return noted(expected, fieldOf(inOther.message, other), `the release stands in ${other}`, inOther);
  return missed(expected, written, ...seen);
}
