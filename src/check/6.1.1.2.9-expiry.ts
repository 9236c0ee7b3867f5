/** 6.1.1.2.8, 6.1.1.2.9: what becomes of sessions that nobody refreshes, and of the media of those that are over. */
import type { Stimulated } from "../trace/event.ts";
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { sessionExpiresOf, type SessionExpires } from "../wire/sip/session-fields.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { originatorOf } from "./grounds.ts";
import { changesPath } from "./media-legs.ts";
import { b2buaCalls, isSuccess } from "./originating-session.ts";
import { missed, passed, undecided } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { dialogWith, requestsFrom, requestsTo, type SessionLegs, type Side } from "./session-legs.ts";
import { SLACK } from "./waiting-time.ts";

interface Expiring {
  readonly call: SessionLegs;
  /** The last answer that the client had for the session, with what it says of the timer. */
  readonly last: SipRecord<SipResponse>;
  readonly intervalS: number;
  /** By then the server must have ended it, in milliseconds since the epoch. */
  readonly deadline: number;
}

/** Sessions that the client had to refresh, and did not; nobody left them before that. */
function expiring(trace: ScenarioTrace): readonly Expiring[] {
  return b2buaCalls(trace).flatMap((call) => {
    const last = lastAnswer(call);
    const agreed =
      last && readable((): SessionExpires | undefined => sessionExpiresOf(last.message), undefined);
    if (last === undefined || agreed?.refresher !== "uac") return [];
    const deadline = last.at + agreed.interval * 1000 * (1 + SLACK);
    const one = { call, last, intervalS: agreed.interval, deadline };
    return isEndedOtherwise(one) || !isReached(one, trace) ? [] : [one];
  });
}

/** Undefined: what was asked last has no answer, or the far end has changed something, too. */
function lastAnswer(call: SessionLegs): SipRecord<SipResponse> | undefined {
  const ok = call.taken.final;
  const asked = ["INVITE", "UPDATE"].flatMap((method) => requestsFrom(call, "caller", method));
  const others = ["INVITE", "UPDATE"].some((method) => requestsTo(call, "caller", method).length > 0);
  const answers = asked.map(({ final }) => final);
  if (ok === undefined || !isSuccess(ok) || others || answers.includes(undefined)) return undefined;
  return [ok, ...answers.flatMap((one) => one ?? [])].findLast(isSuccess);
}

function isEndedOtherwise({ call, deadline }: Expiring): boolean {
  return (["caller", "callee"] as const).some((side) =>
    requestsFrom(call, side, "BYE").some(({ request }) => request.at < deadline),
  );
}

/** RFC 4028 10: the BYE may come before, by a third of the interval or 32 seconds. */
function isReached({ call, last, intervalS, deadline }: Expiring, trace: ScenarioTrace): boolean {
  const earliest = last.at + (intervalS - Math.max(32, intervalS / 3)) * 1000 * (1 - SLACK);
  const isBefore = (side: Side): boolean =>
    requestsTo(call, side, "BYE").some(({ request }) => request.at >= earliest && request.at <= deadline);
  return isBefore("caller") || isBefore("callee") || (bodyEndsAt(trace) > deadline && trace.complete);
}

/** The clean-up ends what the scenario left open. */
function bodyEndsAt(trace: ScenarioTrace): number {
  const postamble = trace.events.find((event) => event.type === "phase" && event.phase === "postamble");
  return (postamble ?? trace.events.at(-1))?.at ?? 0;
}

function isEndedTowards(statement: string, side: Side, whom: string): Check {
  return check<Expiring>(statement, {
    trigger: expiring,
    judge: ({ call, last, intervalS, deadline }): Outcome => {
      const expected = `BYE towards ${whom} when ${intervalS} s have passed without a refresh`;
      const bye = requestsTo(call, side, "BYE")[0];
      if (bye === undefined) return missed(expected, "none", last);
      const after = Math.round((bye.request.at - last.at) / 1000);
      return bye.request.at <= deadline
        ? passed(expected, `after ${after} s`, last, bye.request)
        : missed(expected, `only after ${after} s`, last, bye.request);
    },
  });
}

export const clientIsTold = isEndedTowards("6.1.1.2.9-1", "caller", "the client");
export const farEndIsTold = isEndedTowards("6.1.1.2.9-2", "callee", "the far end");

interface Afterwards {
  readonly call: SessionLegs;
  readonly side: Side;
  /** The BYE that ended the leg, with its 200. */
  readonly bye: Exchange;
  readonly over: SipRecord<SipResponse>;
  readonly stimulus: Stimulated;
}

/** Somebody who holds the media open speaks when the BYE on that leg has its 200. */
function afterwards(trace: ScenarioTrace, side: Side, why: "left" | "expired"): readonly Afterwards[] {
  const calls = why === "expired" ? expiring(trace).map(({ call }) => call) : left(trace);
  return calls
    .filter((call) => changesPath(call) === true)
    .flatMap((call) => {
      const [bye] =
        why === "left" && side === "caller" ? requestsFrom(call, side, "BYE") : requestsTo(call, side, "BYE");
      const over = bye?.final;
      if (bye === undefined || over?.message.status !== 200) return [];
      return trace.stimuli
        .filter(({ action, seq, actor }) => {
          const isSpeaking = action === "send-in-session" && seq > over.seq;
          return isSpeaking && actor === actorAt(call, side, trace) && holdsMedia(actor, over.seq, trace);
        })
        .map((stimulus) => ({ call, side, bye, over, stimulus }));
    });
}

function left(trace: ScenarioTrace): readonly SessionLegs[] {
  return b2buaCalls(trace).filter((call) => {
    const [bye] = requestsFrom(call, "caller", "BYE");
    const ok = call.taken.final;
    const isFirst =
      [...requestsFrom(call, "callee", "BYE"), ...requestsTo(call, "caller", "BYE")].length === 0;
    return bye !== undefined && ok !== undefined && isSuccess(ok) && ok.seq < bye.request.seq && isFirst;
  });
}

/** Only who was told to hold the media tries to send at all. */
function holdsMedia(actor: string, before: number, trace: ScenarioTrace): boolean {
  return trace.stimuli.some(
    (stimulus) =>
      stimulus.action === "misbehave-in-sessions" &&
      stimulus.actor === actor &&
      stimulus.seq < before &&
      stimulus.deviations.some((deviation) => deviation.startsWith("keepsMedia")),
  );
}

function actorAt({ taken, sent }: SessionLegs, side: Side, trace: ScenarioTrace): string | undefined {
  const identity = side === "caller" ? originatorOf(taken.request.message) : sent.request.message.uri;
  return identity === undefined ? undefined : trace.userOf(identity)?.actor;
}

function judgeMedia({ call, side, bye, over, stimulus }: Afterwards, trace: ScenarioTrace): Outcome {
  const expected = "the MSRP session is over: nothing is taken from it";
  const message = trace.sessionMode
    .messagesIn(dialogWith(call, side))
    .find(({ way, seq, isEmpty }) => way === "to-sut" && !isEmpty && seq > stimulus.seq);
  if (message === undefined) {
    const isElsewhere = trace.sessionMode.messages.some(
      ({ seq, way }) => seq > stimulus.seq && way === "to-sut",
    );
    return isElsewhere
      ? undecided(expected, "what was said then was said in another session", bye)
      : passed(expected, "there was no connection any more", bye);
  }
  const evidence = [{ seq: over.seq }, { seq: message.seq }];
  if (message.status === 200)
    return message.at - over.at < trace.sutFile.guards.quietMs / 2
      ? undecided(expected, "the message came right behind the BYE", bye)
      : { ...missed(expected, "200 to a message after the BYE"), evidence };
  const actual = `${message.status ?? "no response"} to a message after the BYE`;
  return { ...passed(expected, actual), evidence };
}

function mediaAreReleased(statement: string, side: Side, why: "left" | "expired"): Check {
  return check<Afterwards>(statement, {
    trigger: (trace) => afterwards(trace, side, why),
    judge: judgeMedia,
  });
}

export const mediaOfLeavingClient = mediaAreReleased("6.1.1.2.8-2", "caller", "left");
export const mediaOfFarEnd = mediaAreReleased("6.1.1.2.8-4", "callee", "left");
export const mediaOfClientAfterExpiry = mediaAreReleased("6.1.1.2.9-3", "caller", "expired");
export const mediaOfFarEndAfterExpiry = mediaAreReleased("6.1.1.2.9-4", "callee", "expired");
