/** 7.2.1.12: what becomes of a subscription: it is made for a time, and what changes is told. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { expiresOf, privacyOf } from "../wire/sip/headers.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import type { ConferenceUser } from "../wire/xml/conference-info.ts";
import { lasting } from "./7.2.1.12-subscription.ts";
import { check } from "./check.ts";
import { endsIt, freeAt, isConnected, isGone, type Told, type Watch } from "./conference-events.ts";
import { isSameUser, presenceOf, within, type Attendance } from "./conference-members.ts";
import { expectThat, missed, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { deadlineFor } from "./waiting-time.ts";

/** RFC 3265 3.1.1, 3.1.6.2: the 2xx says for how long, no longer than was asked for; NOTIFY says that it is active. */
export const subscriptionIsMade = check<Watch>("7.2.1.12-5", {
  trigger: lasting,
  judge: ({ accepted, exchange, told: [first] }) => {
    const expected = "a subscription for a time, no longer than was asked for";
    const granted = accepted && readable(() => expiresOf(accepted.message), undefined);
    const asked = readable(() => expiresOf(exchange.request.message), undefined);
    if (granted === undefined) return missed(expected, "no Expires in the 2xx", exchange);
    const state = first?.notification.state?.state;
    const actual = `${granted} s${asked === undefined ? "" : ` of ${asked}`}${state === undefined ? "" : `, ${state}`}`;
    const isInTime = granted > 0 && (asked === undefined || granted <= asked);
    return expectThat(isInTime && state !== "terminated", expected, actual, exchange);
  },
});

interface Change {
  readonly watch: Watch;
  readonly attendance: Attendance;
  readonly kind: "joined" | "left";
  readonly seq: number;
  readonly at: number;
  /** The first NOTIFY since that tells of it. */
  readonly told: Told | undefined;
}

/** Comings and goings of others while somebody watches, as far as they lasted long enough to be told, or were told. */
export function changes(trace: ScenarioTrace): readonly Change[] {
  return lasting(trace).flatMap((watch) => {
    const [first] = watch.told;
    if (first === undefined) return [];
    return (watch.conference?.attendances ?? [])
      .filter(({ uri, accepted }) => accepted !== undefined && !isSameUser(uri, watch.watcher ?? "", trace))
      .filter(({ request, accepted }) => !hides(request) && !hides(accepted?.message))
      .flatMap((attendance) => eventsOf(attendance, watch, trace))
      .filter(({ seq }) => seq > first.exchange.request.seq)
      .filter((change) => change.told !== undefined || mustBeTold(change, trace));
  });
}

function hides(message: SipMessage | undefined): boolean {
  return (
    message !== undefined && readable(() => privacyOf(message), ["id"]).some((value) => value !== "none")
  );
}

/** The ACK makes it certain that somebody came, the final response to BYE that somebody went. */
function eventsOf(attendance: Attendance, watch: Watch, trace: ScenarioTrace): readonly Change[] {
  const [ack] = within(attendance, "ACK");
  const bye = within(attendance, "BYE").find(({ final }) => final !== undefined)?.final;
  const tells = (kind: Change["kind"], seq: number): Told | undefined =>
    watch.told.find(({ exchange, info }) => {
      const users = info?.users?.list ?? [];
      return exchange.request.seq > seq && users.some((user) => saysSo(user, kind, attendance, trace));
    });
  return [
    ...(ack === undefined
      ? []
      : [{ record: ack.request, begun: attendance.exchange.request.seq, kind: "joined" as const }]),
    ...(bye === undefined
      ? []
      : [
          { record: bye, begun: within(attendance, "BYE")[0]?.request.seq ?? bye.seq, kind: "left" as const },
        ]),
  ].map(({ record: { seq, at }, begun, kind }) => ({
    watch,
    attendance,
    kind,
    seq,
    at,
    // A NOTIFY may be faster than the last message of what it tells of.
    told: inTime(tells(kind, begun), freeAt(watch, at), trace),
  }));
}

/** What comes when the time for it is over was asked for by something else. */
function inTime(told: Told | undefined, at: number, trace: ScenarioTrace): Told | undefined {
  const deadline = deadlineFor("notify", at, trace) ?? Number.POSITIVE_INFINITY;
  return told !== undefined && told.exchange.request.seq <= deadline ? told : undefined;
}

function saysSo(
  user: ConferenceUser,
  kind: Change["kind"],
  { uri }: Attendance,
  trace: ScenarioTrace,
): boolean {
  const isMeant = user.entity !== undefined && isSameUser(user.entity, uri, trace);
  return isMeant && (kind === "joined" ? isConnected(user) : isGone(user));
}

/** It stayed so for as long as the function may take to tell it, and the watcher watched all the while. */
function mustBeTold({ watch, attendance, kind, seq, at }: Change, trace: ScenarioTrace): boolean {
  const { conference, watcher, asked, told } = watch;
  const to = deadlineFor("notify", freeAt(watch, at), trace);
  if (conference === undefined || watcher === undefined || to === undefined) return false;
  const stays =
    presenceOf(conference, attendance.uri, { from: seq + 1, to }, trace) ===
    (kind === "joined" ? "in" : "out");
  const watches =
    presenceOf(conference, watcher, { from: seq, to }, trace) === "in" &&
    !asked.some(({ request }) => request.seq < to && endsIt(request.message)) &&
    told
      .filter(({ exchange }) => exchange.request.seq < to)
      .every(({ notification, exchange }) => notification.state?.state === "active" && isTaken(exchange));
  return stays && watches && wasKnown(watch, attendance, kind, seq, trace);
}

const isTaken = ({ final }: Told["exchange"]): boolean => final?.message.status === 200;

/** Who was never told to be there need not be told to be gone. */
function wasKnown(
  { told }: Watch,
  { uri }: Attendance,
  kind: Change["kind"],
  seq: number,
  trace: ScenarioTrace,
): boolean {
  const before = told.findLast(({ exchange }) => exchange.request.seq < seq)?.notification.known;
  const users = [...(before?.users.values() ?? [])];
  const isThere = users.some(
    (user) => user.entity !== undefined && isSameUser(user.entity, uri, trace) && isConnected(user),
  );
  return isThere === (kind === "left");
}

export const changesAreTold = check<Change>("7.2.1.12-chg", {
  trigger: changes,
  judge: ({ attendance, kind, told, watch }, trace) => {
    const name = trace.userOf(attendance.uri)?.actor ?? attendance.uri;
    const expected = `${watch.user?.actor ?? "the subscriber"} is told that ${name} has ${kind}`;
    if (told !== undefined) return passed(expected, "a NOTIFY tells it", told.exchange.request);
    return missed(expected, "no NOTIFY tells it", attendance.exchange);
  },
});
