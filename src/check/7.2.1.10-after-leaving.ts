/** 7.2.1.10, steps 2 to 4: what becomes of the media, of the others and of the subscriptions when a participant has left. */
import type { Stimulated } from "../trace/event.ts";
import type { ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { fromOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { endsIt, watchesOf, type Watch } from "./conference-events.ts";
import { policyOf } from "./conference-members.ts";
import { setUps } from "./conference.ts";
import { originatorOf } from "./grounds.ts";
import { missed, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import {
  releaseCauses,
  removalOutcome,
  removals,
  type ReleaseCause,
  type Removal,
} from "./release-causes.ts";
import { staysIn, type Stay } from "./session-stays.ts";
import { tokensOf } from "./session-tokens.ts";
import { othersStayAfterBye } from "./those-who-stay.ts";
import { hadTimeFor } from "./waiting-time.ts";

/** Somebody who holds the media open after leaving, and a message after that: the own, or of another who is still in. */
interface Afterwards {
  readonly stay: Stay;
  readonly left: SipRecord;
  readonly stimulus: Stimulated;
}

function afterwards(trace: ScenarioTrace): readonly Afterwards[] {
  // Where a participating function stands between, it is the one that the client has its media with.
  if (policyOf(trace)?.mediaPath !== false) return [];
  return setUps(trace).flatMap((setUp) =>
    staysIn(setUp, trace).flatMap((stay) => {
      const left = stay.leaving?.final;
      if (left === undefined || left.message.status >= 300 || !holdsMedia(stay, left.seq, trace)) return [];
      return trace.stimuli
        .filter(({ action, seq }) => action === "send-in-session" && seq > left.seq)
        .map((stimulus) => ({ stay, left, stimulus }));
    }),
  );
}

function holdsMedia({ user }: Stay, before: number, trace: ScenarioTrace): boolean {
  return trace.stimuli.some(
    ({ action, actor, deviations, seq }) =>
      action === "misbehave-in-sessions" &&
      actor === user?.actor &&
      seq < before &&
      deviations.some((deviation) => deviation.startsWith("keepsMedia")),
  );
}

function withToken({ stimulus }: Afterwards, trace: ScenarioTrace): readonly SessionMessage[] {
  return [...tokensOf(trace)].flatMap(([message, token]) => (token === stimulus.token ? [message] : []));
}

function judgeMedia(one: Afterwards, trace: ScenarioTrace): Outcome {
  const { stay, left, stimulus } = one;
  const expected =
    "the MSRP session of who has left is over: nothing is taken from it, and nothing sent in it";
  const messages = withToken(one, trace).filter(({ node }) => node === stay.user?.node);
  const evidence = [{ seq: left.seq }, ...messages.map(({ seq }) => ({ seq }))];
  const outcome = (result: Outcome["result"], actual: string): Outcome => ({
    result,
    expected,
    actual,
    evidence,
    ...(result === "inconclusive" ? { note: actual } : {}),
  });
  if (messages.some(({ way }) => way === "from-sut"))
    return outcome("miss", "a message of the session was sent to who has left");
  if (stimulus.actor !== stay.user?.actor)
    return trace.complete
      ? outcome("pass", "no message was sent to who has left")
      : outcome("inconclusive", "the trace ends before one could be sent");
  const [sent] = messages;
  if (sent === undefined) return outcome("pass", "there was no connection any more");
  if (sent.status === 200) return outcome("miss", "200: a message of who has left was taken");
  return sent.status === undefined
    ? outcome("inconclusive", "a message of who has left was not answered")
    : outcome("pass", `${sent.status} to a message of who has left`);
}

export const mediaOfLeaverIsReleased = check<Afterwards>("7.2.1.10-2", {
  trigger: afterwards,
  judge: judgeMedia,
});

/** Not those of time, of a group that changes, or of who was removed. */
function isOfBye({ rule, seq }: ReleaseCause, trace: ScenarioTrace): boolean {
  return (
    ["a", "b", "c", "d"].includes(rule) &&
    trace
      .exchanges({ method: "BYE", way: "to-sut", function: "controlling" })
      .some(({ request }) => request.seq === seq)
  );
}

const othersGo = check<Removal>("7.2.1.10-3", {
  trigger: (trace) => removals(trace).filter(({ cause }) => isOfBye(cause, trace)),
  judge: removalOutcome,
});
const othersStay = othersStayAfterBye("7.2.1.10-3");

export const releasePolicyAfterBye: Check = {
  ...othersGo,
  run: (trace) => [...othersGo.run(trace), ...othersStay.run(trace)],
};

interface Ended {
  readonly cause: ReleaseCause;
  readonly watch: Watch;
}

/** Subscriptions that were on when the BYE came that ended their session. */
function endedWatches(trace: ScenarioTrace): readonly Ended[] {
  const causes = releaseCauses(trace).filter(
    (cause) => isOfBye(cause, trace) && ["a", "b"].includes(cause.rule),
  );
  return causes.flatMap((cause) =>
    watchesOf(trace)
      .filter(
        ({ accepted, asked, conference, told }) =>
          accepted !== undefined &&
          accepted.seq < cause.seq &&
          conference?.setUp.session === cause.setUp.session &&
          !asked.some(({ request }) => request.seq < cause.seq && endsIt(request.message)) &&
          !told.some((one) => isLast(one) && one.exchange.request.seq < cause.seq),
      )
      .map((watch) => ({ cause, watch })),
  );
}

function isLast({ notification }: Watch["told"][number]): boolean {
  return notification.state?.state === "terminated";
}

/**
 * When the subscriber has ended it, leaves by itself, or does not know of it any more (RFC 3265 3.2.2), nothing need be said. A NOTIFY that
 * was sent before the BYE may be refused after it, or not be answered at all.
 */
function endOf({ cause, watch }: Ended, trace: ScenarioTrace): number {
  const { asked, told, watcher } = watch;
  const own = trace
    .exchanges({ method: "BYE", way: "to-sut", function: "controlling" })
    .filter(({ request }) =>
      sameAddressOfRecord(originatorOf(request.message) ?? fromIn(request.message), watcher ?? ""),
    );
  const failed = told.filter(({ exchange: { final } }) => final === undefined || final.message.status >= 300);
  const ends = [...asked, ...own].map(({ request }) => request).filter(({ seq }) => seq > cause.seq);
  const refused = failed.map(({ exchange: { request, final } }) => final ?? request);
  return Math.min(Number.POSITIVE_INFINITY, ...[...ends, ...refused].map(({ at }) => at));
}

function fromIn(message: SipRequest): string {
  return readable(() => fromOf(message)?.uri, undefined) ?? "";
}

export const subscriptionsEndAfterBye = check<Ended>("7.2.1.10-4", {
  trigger: endedWatches,
  judge: ({ cause, watch }, trace) => {
    const expected = `${cause.says}: the subscription of <${watch.watcher ?? ""}> is terminated by NOTIFY`;
    // What answers a SUBSCRIBE that ends it is another matter.
    const last = watch.told.find((told) => isLast(told) && told.lastAsked.request.seq < cause.seq);
    if (last !== undefined)
      return passed(expected, "Subscription-State: terminated", watch.exchange, last.exchange.request);
    return hadTimeFor(cause.at, trace, endOf({ cause, watch }, trace))
      ? missed(expected, "no such NOTIFY", watch.exchange)
      : [];
  },
});
