/** 7.2.2.11, 7.2.1.12: subscriptions to the state of a session end with the session. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { expiresOf } from "../wire/sip/headers.ts";
import { lasting, toSubscriber } from "./7.2.1.12-subscription.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { endsIt, watchesOf, type Told, type Watch } from "./conference-events.ts";
import { isOver, isSameUser, presenceOf, within, type KnownConference } from "./conference-members.ts";
import { endOf, expectThat, missed, noted, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { wasTimeFor } from "./waiting-time.ts";

/** The last final response to a BYE, when nobody is in any more and nobody is asked. */
function endingOf(conference: KnownConference): Exchange["final"] {
  const last = Number.POSITIVE_INFINITY;
  if (!isOver(conference, { from: last, to: last })) return undefined;
  const finals = conference.attendances
    .flatMap((one) => within(one, "BYE"))
    .flatMap(({ final }) => final ?? []);
  return finals.toSorted((one, other) => one.seq - other.seq).at(-1);
}

interface Ending {
  readonly watch: Watch;
  /** Of the session. */
  readonly over: NonNullable<Exchange["final"]>;
  /** The NOTIFY that ends the subscription. */
  readonly last: Told | undefined;
}

const isLast = ({ notification: { state } }: Told): boolean => state?.state === "terminated";
const isTaken = ({ exchange: { final } }: Told): boolean =>
  final !== undefined && final.message.status >= 200 && final.message.status < 300;

/** Subscriptions that no subscriber gave up: without the last NOTIFY, where there was time for it. */
function endings(trace: ScenarioTrace): readonly Ending[] {
  return lasting(trace).flatMap((watch) => {
    const { conference, told } = watch;
    const over = conference && endingOf(conference);
    const last = told.find(isLast);
    if (over === undefined || isGivenUp(watch, trace)) return [];
    return last !== undefined || wasTimeFor("notify", over.at, trace) ? [{ watch, over, last }] : [];
  });
}

/** With Expires: 0, or because the subscriber is not there any more. A core that records no route sends the SUBSCRIBE by a way that only its client shows. */
function isGivenUp({ asked, told, watcher, exchange }: Watch, trace: ScenarioTrace): boolean {
  const node = watcher === undefined ? undefined : trace.userOf(watcher)?.node;
  const isOwn = ({ request }: Exchange): boolean =>
    request.node === node && request.seq > exchange.request.seq && endsIt(request.message);
  return (
    asked.some(({ request }) => endsIt(request.message)) ||
    trace.exchanges({ method: "SUBSCRIBE" }).some(isOwn) ||
    told.some((one) => !isLast(one) && !isTaken(one))
  );
}

function ofEach(statement: string, expected: string): Check {
  return check<Ending>(statement, {
    trigger: endings,
    judge: ({ last, watch, over }): Outcome =>
      last === undefined
        ? missed(expected, "no NOTIFY ended the subscription", watch.exchange, over)
        : passed(expected, "a NOTIFY says that it is terminated", last.exchange.request),
  });
}

export const everySubscriptionEnds = ofEach("7.2.2.11-1a", "the subscription ends with the session");
export const endIsIndicated = ofEach("7.2.1.12-end", "the end of the subscription is indicated");
export const lastNotifyIsMade = ofEach("7.2.2.11-3a", "a NOTIFY that tells that the subscription is over");

interface Last {
  readonly watch: Watch;
  readonly last: Told;
}

/** The server ended them: with the session, or as the subscriber was leaving it. */
function lasts(trace: ScenarioTrace): readonly Last[] {
  return lasting(trace).flatMap((watch) => {
    const { conference, watcher, told } = watch;
    const last = told.find(isLast);
    if (last === undefined || conference === undefined || watcher === undefined || isGivenUp(watch, trace))
      return [];
    const { seq } = last.exchange.request;
    const isLeaving = presenceOf(conference, watcher, { from: seq, to: seq }, trace) !== "in";
    const isRemoved = conference.attendances
      .filter(({ uri }) => isSameUser(uri, watcher, trace))
      .some((one) => within(one, "BYE").some(({ way }) => way === "from-sut"));
    return (isLeaving || isRemoved) && !hasExpired(watch, last) ? [{ watch, last }] : [];
  });
}

function hasExpired({ accepted, asked }: Watch, { exchange }: Told): boolean {
  const granted = accepted && readable(() => expiresOf(accepted.message), undefined);
  const since = asked.at(-1)?.final?.at;
  return granted === undefined || since === undefined || exchange.request.at - since >= granted * 900;
}

export const endedForWantOfResource = check<Last>("7.2.2.11-3b", {
  trigger: lasts,
  judge: ({ last: { notification, exchange } }) =>
    expectThat(
      notification.state?.reason === "noresource",
      "Subscription-State: terminated;reason=noresource",
      `reason ${notification.state?.reason ?? "is missing"}`,
      exchange.request,
    ),
});

const TO_CLIENT = "the last NOTIFY goes to the Contact of the SUBSCRIBE";

export const lastNotifyToClient = check<Last>("7.2.2.11-3c", {
  trigger: lasts,
  judge: ({ watch, last }) => toSubscriber(last.exchange.request, watch, TO_CLIENT),
});

/** Of a session in which nobody is any more: to its identity, or within the subscription that there was. */
function lateAsks(trace: ScenarioTrace): readonly Exchange[] {
  return watchesOf(trace).flatMap(({ conference, asked, exchange, accepted }) =>
    asked.filter((ask) => {
      const { seq, message } = ask.request;
      const isOutside = ask === exchange && trace.group(message.uri) === undefined;
      const isRefresh = ask !== exchange && accepted !== undefined && !endsIt(message);
      return (
        conference !== undefined && isOver(conference, { from: seq, to: seq }) && (isOutside || isRefresh)
      );
    }),
  );
}

export const noSubscriptionAfterwards = check<Exchange>("7.2.2.11-1b", {
  trigger: (trace) => lateAsks(trace).filter(({ final }) => final !== undefined),
  judge: (exchange) =>
    expectThat(
      (exchange.final?.message.status ?? 0) >= 300,
      "the SUBSCRIBE is refused, for the session is over",
      endOf(exchange),
      exchange,
    ),
});

interface Leaving {
  readonly watch: Watch;
  readonly bye: Exchange;
  readonly last: Told | undefined;
}

/** Subscribers who leave, or are removed, without giving the subscription up. */
function leavings(trace: ScenarioTrace): readonly Leaving[] {
  return lasting(trace).flatMap((watch) => {
    const { conference, watcher, told } = watch;
    if (conference === undefined || watcher === undefined || isGivenUp(watch, trace)) return [];
    const own = conference.attendances.filter(({ uri }) => isSameUser(uri, watcher, trace));
    const [bye] = own.flatMap((one) => within(one, "BYE"));
    return bye === undefined ? [] : [{ watch, bye, last: told.find(isLast) }];
  });
}

export const leaversSubscriptionMayEnd = check<Leaving>("7.2.2.11-2", {
  trigger: leavings,
  judge: ({ bye, last }) => {
    const actual =
      last === undefined ? "the subscription of who left goes on" : "the subscription of who left is ended";
    return noted("the subscription of who leaves may be ended", actual, actual, bye, last?.exchange.request);
  },
});
