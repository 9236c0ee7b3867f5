/** 7.2.1.3, on a 200 of a member: the 200 for who began the session. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { tagOfTo } from "../trace/session/journeys.ts";
import { check, type Outcome } from "./check.ts";
import type { ConferenceInvite } from "./conference.ts";
import {
  answersOf,
  goodSetUps,
  hadTimeAfter,
  judgeAnswer,
  mediaOf,
  offeredIn,
  typesBeyond,
  typesOf,
  type GroupSetUp,
} from "./group-session-answers.ts";
import { endOf, missed, noted, passed, undecided } from "./outcome.ts";

interface Accepted extends GroupSetUp {
  /** The member's INVITE that was accepted first. */
  readonly first: ConferenceInvite;
}

function acceptedSetUps(trace: ScenarioTrace): readonly Accepted[] {
  return goodSetUps(trace).flatMap((one) => {
    const [first] = answersOf(one);
    return first === undefined ? [] : [{ ...one, first }];
  });
}

/** Where there is none: whether it was due already. */
function without200(
  expected: string,
  { invite: { exchange }, first }: Accepted,
  trace: ScenarioTrace,
): Outcome {
  const { final } = exchange;
  const acknowledged = first.session.requests.find(({ method }) => method === "ACK");
  if (final !== undefined && (acknowledged === undefined || final.seq < acknowledged.seq))
    return undecided(expected, "it was refused while the member's 200 was on its way", exchange);
  if (final === undefined && !(trace.complete && hadTimeAfter(first.accepted?.at ?? Infinity, trace)))
    return undecided(expected, "the trace ends before it", exchange);
  return missed(expected, endOf(exchange), exchange, first.accepted);
}

/** One that came before the member's own is taken: the clause itself speaks of a 200 that was sent before. */
export const oneAnswer = check<Accepted>("7.2.1.3-200-1", {
  trigger: acceptedSetUps,
  judge: (one, trace) => {
    const expected = "one 200, whoever else accepts";
    const { exchange } = one.invite;
    const answers = exchange.responses.filter(({ message }) => message.status >= 200 && message.status < 300);
    const dialogs = new Set(answers.map(({ message }) => tagOfTo(message)));
    if (dialogs.size === 0) return without200(expected, one, trace);
    if (dialogs.size > 1) return missed(expected, `${dialogs.size} of them`, exchange, answers.at(-1));
    return passed(expected, endOf(exchange), exchange);
  },
});

export const answerIsSent = check<Accepted>("7.2.1.3-200-3", {
  trigger: acceptedSetUps,
  judge: (one, trace) => {
    const expected = "a 200 to who began the session";
    const { accepted, exchange } = one.invite;
    return accepted === undefined
      ? without200(expected, one, trace)
      : passed(expected, endOf(exchange), exchange);
  },
});

export const answerHasMsrp = check<GroupSetUp>("7.2.1.3-200-2", {
  trigger: (trace) => goodSetUps(trace).filter(({ invite: { accepted } }) => accepted !== undefined),
  judge: ({ invite }) => judgeAnswer(invite),
});

/** Where the offer and the answers that had come have a type in common: else there is nothing to choose. */
export const typesAreChosen = check<Accepted>("7.2.1.3-200-2a", {
  trigger: (trace) =>
    acceptedSetUps(trace).filter(({ invite, first }) => {
      const offered = offeredIn(invite);
      const [own, common] = [typesOf(offered), typesOf(mediaOf(first.accepted))];
      const meets = own.length > typesBeyond(own, mediaOf(first.accepted)).length;
      const isLater = (first.accepted?.seq ?? Infinity) < (invite.accepted?.seq ?? 0);
      return isLater && meets && common.length > 0 && typesOf(mediaOf(invite.accepted)).length > 0;
    }),
  judge: (one) => {
    const { invite } = one;
    const before = answersOf(one).filter(
      ({ accepted }) => (accepted?.seq ?? Infinity) < (invite.accepted?.seq ?? 0),
    );
    const answered = before.flatMap(({ accepted }) => mediaOf(accepted));
    const types = typesOf(mediaOf(invite.accepted));
    const expected = "accept-types that were offered and that a member accepts";
    const actual = `accept-types: ${types.join(" ")}`;
    const notOffered = typesBeyond(types, offeredIn(invite));
    if (notOffered.length > 0)
      return missed(expected, `${actual}, of which ${notOffered.join(" ")} was not offered`, invite.exchange);
    const notAccepted = typesBeyond(types, answered);
    const seen = [invite.exchange, one.first.accepted];
    return notAccepted.length === 0
      ? passed(expected, actual, ...seen)
      : noted(
          expected,
          `${actual}, of which members do not accept ${notAccepted.join(" ")}`,
          "types of the offer, whether a member takes them or not, as 7.2.1.2 may be read as well",
          ...seen,
        );
  },
});
