/** Answers to INVITEs of Pre-defined Groups: what they say of MSRP, and what the members said before (7.2.1.3, 7.2.1.4). */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import { isUnreadable } from "../trace/session/readable.ts";
import { entriesMeet, type MessageMedia } from "../wire/sdp/message-media.ts";
import { privacyOf } from "../wire/sip/headers.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import type { Outcome } from "./check.ts";
import { attemptedSetUps, type ConferenceInvite, type SetUp } from "./conference.ts";
import { goodInvites } from "./group-session-admission.ts";
import type { GroupInvite } from "./group-session.ts";
import { isGranted } from "../trace/group-facts.ts";
import { missed, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { closingOf, SLACK } from "./waiting-time.ts";

/** A good INVITE that begins the session of a group. */
export interface GroupSetUp {
  readonly invite: GroupInvite;
  readonly setUp: SetUp;
}

export function goodSetUps(trace: ScenarioTrace): readonly GroupSetUp[] {
  return goodInvites(trace, "idle").flatMap((invite) => {
    const setUp = attemptedSetUps(trace).find(({ session }) => session === invite.session);
    return setUp === undefined ? [] : [{ invite, setUp }];
  });
}

/** Media of the description that are MSRP, and were not refused. */
export function mediaOf(record: ConferenceInvite["accepted"]): readonly MessageMedia[] {
  const description = record && descriptionIn(record);
  return (description?.media ?? []).filter(({ port, path }) => port !== 0 && path.length > 0);
}

/** Members' 200 that can be made something of, in their order: with MSRP, and without a wish that the group does not allow. */
export function answersOf({ invite: { group }, setUp }: GroupSetUp): readonly ConferenceInvite[] {
  return setUp.invitations
    .filter(({ accepted, request }) => {
      if (accepted === undefined || mediaOf(accepted).length === 0) return false;
      return !hides(accepted.message) || isGranted(group, "allow-anonymity", request.uri) === true;
    })
    .toSorted((one, other) => (one.accepted?.seq ?? 0) - (other.accepted?.seq ?? 0));
}

function hides(answer: SipResponse): boolean {
  return readable(() => privacyOf(answer).some((value) => value.toLowerCase() === "id"), true);
}

/** The 200 has an answer with a medium for messages. */
export function judgeAnswer({ accepted, exchange }: ConferenceInvite): Outcome {
  const expected = "an SDP answer with MSRP in the 200";
  const description = accepted && descriptionIn(accepted);
  if (description === undefined) return missed(expected, "no SDP", exchange);
  if (isUnreadable(description.sdp)) return missed(expected, description.sdp.unreadable, exchange);
  const [medium] = mediaOf(accepted);
  if (medium === undefined)
    return missed(expected, "SDP without m=message that has a port and a path", exchange);
  return passed(expected, `${medium.protocol} with path and port ${medium.port}`, exchange);
}

/** Types that one of the descriptions has, and none of the others meets. */
export function typesBeyond(types: readonly string[], others: readonly MessageMedia[]): readonly string[] {
  const known = others.flatMap(({ acceptTypes }) => acceptTypes);
  return types.filter((type) => !known.some((other) => entriesMeet(type, other)));
}

export function typesOf(media: readonly MessageMedia[]): readonly string[] {
  return media.flatMap(({ acceptTypes }) => acceptTypes);
}

/** What was offered. */
export function offeredIn({ exchange }: ConferenceInvite): readonly MessageMedia[] {
  return descriptionIn(exchange.request)?.media ?? [];
}

/** Whether there was as much time after `at`, and before `untilAt`, as scenarios wait for what is due. Milliseconds since the epoch. */
export function hadTimeAfter(at: number, trace: ScenarioTrace, untilAt = Number.POSITIVE_INFINITY): boolean {
  const { actionMs, responseMs, notifyMs } = trace.sutFile.guards;
  return Math.min(closingOf(trace), untilAt) - at >= Math.min(actionMs, responseMs, notifyMs) * (1 - SLACK);
}
