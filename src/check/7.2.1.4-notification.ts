/** 7.2.1.4, steps 11 and 12: subscribers are told of who has joined. They may be told later, with what else has changed (7.2.2.10). */
import { isGranted } from "../trace/group-facts.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { expiresOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Outcome } from "./check.ts";
import { isConnected, watchesOf, type Told, type Watch } from "./conference-events.ts";
import { groupInvites, isThroughout, type GroupDialog, type GroupInvite } from "./group-session.ts";
import { missed, passed } from "./outcome.ts";
import { asksAnonymity, readable } from "./pager-message.ts";
import { SLACK } from "./waiting-time.ts";

interface Joining {
  readonly joiner: GroupInvite;
  readonly watch: Watch;
  /** The subscriber's own dialog in the session. */
  readonly own: GroupDialog;
}

/** Subscriptions of others who take part, that were on when somebody joined. */
function joinings(trace: ScenarioTrace): readonly Joining[] {
  return groupInvites(trace)
    .filter(({ when, accepted }) => when === "running" && accepted !== undefined)
    .flatMap((joiner) =>
      watchesOf(trace).flatMap((watch) => {
        const { watcher = "", accepted, conference } = watch;
        const own = joiner.others.find(
          (one) => isThroughout(one, joiner) && sameAddressOfRecord(one.user ?? "", watcher),
        );
        const isOfGroup = sameAddressOfRecord(conference?.groupUri ?? "", joiner.group.uri);
        const isOn = (accepted?.seq ?? Infinity) < joiner.exchange.request.seq;
        const mayWatch = isGranted(joiner.group, "allow-conference-state", watcher) === true;
        return own !== undefined && isOfGroup && isOn && mayWatch ? [{ joiner, watch, own }] : [];
      }),
    );
}

/** NOTIFYs from the INVITE on, but for those that a SUBSCRIBE asked for. */
function since({ joiner, watch }: Joining): readonly Told[] {
  const { seq } = joiner.exchange.request;
  return watch.told.filter(
    ({ exchange, lastAsked }) => exchange.request.seq > seq && lastAsked.request.seq < seq,
  );
}

function tellsOf({ joiner: { originator = "" } }: Joining, { notification: { known } }: Told): boolean {
  return [...(known?.users.values() ?? [])].some(
    (user) => sameAddressOfRecord(user.entity ?? "", originator) && isConnected(user),
  );
}

/** Whether both were there, and the subscription on, as long as a NOTIFY may take. */
function isOverdue({ joiner, watch, own }: Joining, { events, sutFile, complete }: ScenarioTrace): boolean {
  const { accepted, session } = joiner;
  const atOf = (seq: number | undefined): number =>
    events.find((event) => event.seq === seq)?.at ?? Number.POSITIVE_INFINITY;
  const response = watch.accepted?.message;
  const granted = response && readable(() => expiresOf(response), 0);
  const terminated = watch.told.find(({ notification: { state } }) => state?.state === "terminated");
  // RFC 3265 3.2.2: a subscriber that refuses a NOTIFY, or does not answer it, has none any more.
  const unheard = watch.told.find(({ exchange: { final } }) => (final?.message.status ?? 408) >= 300);
  const ends = [
    events.findLast(({ type }) => type === "crossed" || type === "window-closed")?.at ?? 0,
    session.bye?.atSut.request.at ?? Infinity,
    atOf(own.until),
    terminated?.exchange.request.at ?? Infinity,
    unheard?.exchange.request.at ?? Infinity,
    watch.asked.find(({ request }) => request.seq > joiner.exchange.request.seq)?.request.at ?? Infinity,
    (watch.accepted?.at ?? 0) + (granted ?? 0) * 1000,
  ];
  const { actionMs, notifyMs } = sutFile.guards;
  return (
    complete && Math.min(...ends) - (accepted?.at ?? Infinity) >= Math.min(actionMs, notifyMs) * (1 - SLACK)
  );
}

function judge(
  joining: Joining,
  found: Told | undefined,
  expected: string,
  trace: ScenarioTrace,
): readonly Outcome[] {
  const { joiner, watch } = joining;
  if (found !== undefined)
    return [passed(expected, "a NOTIFY came", joiner.accepted, found.exchange.request)];
  if (!isOverdue(joining, trace)) return [];
  const last = since(joining).at(-1)?.exchange.request;
  return [
    missed(
      expected,
      last === undefined ? "no NOTIFY" : "NOTIFYs without that user",
      joiner.accepted,
      watch.exchange,
      last,
    ),
  ];
}

/** One who hides has another name there. */
export const joinerIsTold = check<Joining>("7.2.1.4-11", {
  trigger: (trace) => joinings(trace).filter(({ joiner: { request } }) => !asksAnonymity(request)),
  judge: (joining, trace) => {
    const expected = `a notification that <${joining.joiner.originator}> is connected`;
    return judge(
      joining,
      since(joining).find((told) => tellsOf(joining, told)),
      expected,
      trace,
    );
  },
});

export const notificationIsSent = check<Joining>("7.2.1.4-12", {
  trigger: joinings,
  judge: (joining, trace) => judge(joining, since(joining)[0], "a NOTIFY to each subscriber", trace),
});
