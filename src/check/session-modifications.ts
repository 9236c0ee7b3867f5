/** Re-INVITEs of participants at the controlling function (7.2.1.6), and what speaks against them. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { isUnreadable } from "../trace/session/readable.ts";
import { callIdOf, cseqOf } from "../wire/sip/headers.ts";
import { violations } from "../wire/sip/validate.ts";
import {
  conferencesOf,
  presenceOf,
  spanOf,
  within,
  type Attendance,
  type KnownConference,
} from "./conference-members.ts";
import { memo } from "./memo.ts";
import { isIntervalTooSmall, requiresMore } from "./session-grounds.ts";
import { acceptabilityOf, offerIn } from "./session-offers.ts";

export interface Modification {
  readonly conference: KnownConference;
  readonly attendance: Attendance;
  /** On the hop between the core and the function. */
  readonly exchange: Exchange;
  /** `media`: its offer cannot be accepted. `open`: something leaves the function free, or a check cannot tell. */
  readonly ground: "none" | "media" | "open";
}

/** Those with an offer, in the order of their sessions. */
export const modifications = memo((trace: ScenarioTrace): readonly Modification[] =>
  conferencesOf(trace).flatMap((conference) =>
    conference.attendances
      .filter(({ accepted }) => accepted !== undefined)
      .flatMap((attendance) =>
        within(attendance, "INVITE")
          .filter((exchange) => exchange.way === "to-sut" && offerIn(exchange) !== undefined)
          .map((exchange) => ({
            conference,
            attendance,
            exchange,
            ground: groundOf(conference, attendance, exchange, trace),
          })),
      ),
  ),
);

function groundOf(
  conference: KnownConference,
  attendance: Attendance,
  exchange: Exchange,
  trace: ScenarioTrace,
): Modification["ground"] {
  const isIn = presenceOf(conference, attendance.uri, spanOf(exchange), trace) === "in";
  const isCancelled = trace
    .exchanges({ method: "CANCEL" })
    .some(({ request }) => callIdOf(request.message) === callIdOf(exchange.request.message));
  if (!isIn || isCancelled || meetsAnother(attendance, exchange) || isSplit(conference, attendance))
    return "open";
  const { message, cut } = exchange.request;
  if (violations(message).length > 0 || cut === true) return "open";
  // RFC 4028 9, RFC 3261 8.2.2.3: there are other reasons to refuse it.
  if (isIntervalTooSmall(message, trace) || requiresMore(message)) return "open";
  const found = acceptabilityOf(exchange, trace);
  if (found === "open" || takesAllAway(exchange)) return "open";
  return found === "acceptable" ? "none" : "media";
}

/** RFC 3264 8.2: who offers to end the only media has nothing that could be found unacceptable. */
function takesAllAway(exchange: Exchange): boolean {
  const offer = offerIn(exchange);
  if (offer === undefined || isUnreadable(offer.sdp)) return false;
  return offer.sdp.media.length === offer.media.length && offer.media.every(({ port }) => port === 0);
}

/** A user with several dialogs may have left one of them. */
function isSplit({ attendances }: KnownConference, { uri, exchange }: Attendance): boolean {
  return attendances.some(
    (other) => other.exchange !== exchange && other.uri === uri && other.accepted !== undefined,
  );
}

/** RFC 3261 14: another offer, or the end of the session, is on its way in the same dialog. */
function meetsAnother(attendance: Attendance, exchange: Exchange): boolean {
  const { from, to } = spanOf(exchange);
  const others = ["INVITE", "UPDATE", "BYE"]
    .flatMap((method) => within(attendance, method))
    .filter((other) => other !== exchange);
  return others.some((other) => other.request.seq < to && endOf(attendance, other) > from);
}

/** What the other end knows for certain to be over: an INVITE with its ACK. */
function endOf(attendance: Attendance, other: Exchange): number {
  if (other.request.message.method !== "INVITE") return other.final?.seq ?? Number.POSITIVE_INFINITY;
  return acknowledgementOf(attendance, other) ?? Number.POSITIVE_INFINITY;
}

/** Place of the ACK to the INVITE of a dialog. */
export function acknowledgementOf(attendance: Attendance, { request, final }: Exchange): number | undefined {
  // A refusal is acknowledged on each hop (RFC 3261 17.1.1.3), and that ACK is in no dialog's order.
  if (final !== undefined && final.message.status >= 300) return final.seq;
  const number = cseqOf(request.message)?.number;
  return within(attendance, "ACK").find(
    ({ way, request: ack }) => way === waySame(request) && cseqOf(ack.message)?.number === number,
  )?.request.seq;
}

function waySame(request: Exchange["request"]): Exchange["way"] {
  return request.direction === "out" ? "to-sut" : "from-sut";
}
