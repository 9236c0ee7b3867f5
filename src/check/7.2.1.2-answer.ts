/** 7.2.1.2, 200: an invited user accepts, and the inviting user is answered. */
import type { ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { descriptionIn, type Description } from "../trace/session/descriptions.ts";
import { entriesMeet, type MessageMedia } from "../wire/sdp/message-media.ts";
import { toOf } from "../wire/sip/headers.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { check, type Outcome } from "./check.ts";
import { adHocSetUps, type SetUp } from "./conference.ts";
import { deliveries, outcomeOf, type Delivery } from "./deliveries.ts";
import { endOf, expectThat, missed, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { offerIn, takenMedia, typesNotOffered } from "./session-offers.ts";
import { courses, type Course } from "./set-up-course.ts";
import { hadTimeFor } from "./waiting-time.ts";

/** Set-ups in which somebody took part, and the inviting user had not been refused before. */
function acceptedByOne(trace: ScenarioTrace): readonly Course[] {
  return courses(trace).filter(
    ({ setUp: { accepted, exchange }, firstAcceptance, left }) =>
      firstAcceptance !== undefined &&
      firstAcceptance.at < left &&
      (accepted !== undefined || exchange.final === undefined || exchange.final.seq > firstAcceptance.seq),
  );
}

/** Answers that are not the same sent again. */
function distinctAnswers({ exchange }: SetUp): readonly SipRecord<SipResponse>[] {
  const found = new Map<string, SipRecord<SipResponse>>();
  for (const response of exchange.responses) {
    const { status, body } = response.message;
    if (status < 200 || status >= 300) continue;
    const tag = readable(() => toOf(response.message)?.tag, undefined);
    const key = JSON.stringify([status, tag, Buffer.from(body).toString("latin1")]);
    if (!found.has(key)) found.set(key, response);
  }
  return [...found.values()];
}

/** The 200 need not come after the acceptance: it may have been given before. Undefined: it came; empty: that cannot be told. */
function missingAnswer(
  expected: string,
  course: Course,
  trace: ScenarioTrace,
): readonly Outcome[] | undefined {
  const { setUp, firstAcceptance, left } = course;
  const { accepted, exchange } = setUp;
  const since = firstAcceptance?.at ?? 0;
  const { actionMs, responseMs } = trace.sutFile.guards;
  // What came much later may have come for another reason.
  if (accepted !== undefined) return accepted.at - since <= Math.min(actionMs, responseMs) ? undefined : [];
  if (exchange.final !== undefined && exchange.final.at < left)
    return [missed(expected, endOf(exchange), firstAcceptance, exchange)];
  return hadTimeFor(since, trace, left)
    ? [missed(expected, "no final response", exchange, firstAcceptance)]
    : [];
}

export const oneAnswerOfAdHocSession = check<Course>("7.2.1.2-200-1", {
  trigger: acceptedByOne,
  judge: (course, trace) => {
    const expected = "one 200 to the inviting user when the first of the invited users has accepted";
    const missing = missingAnswer(expected, course, trace);
    if (missing !== undefined) return missing;
    const answers = distinctAnswers(course.setUp);
    const actual = answers.length === 1 ? "one" : `${answers.length} that differ`;
    return expectThat(answers.length === 1, expected, actual, course.firstAcceptance, ...answers);
  },
});

export const answerGoesToInviter = check<Course>("7.2.1.2-200-3", {
  trigger: acceptedByOne,
  judge: (course, trace) => {
    const expected = "a 200 to the INVITE of the inviting user";
    return (
      missingAnswer(expected, course, trace) ??
      passed(expected, endOf(course.setUp.exchange), course.setUp.exchange)
    );
  },
});

interface Answer {
  readonly setUp: SetUp;
  readonly accepted: SipRecord<SipResponse>;
  readonly offer: Description;
  readonly answer: Description | undefined;
}

/** Of sessions for which the inviting user has made the offer. */
function answers(trace: ScenarioTrace): readonly Answer[] {
  return adHocSetUps(trace).flatMap((setUp) => {
    const { accepted, exchange } = setUp;
    const offer = offerIn(exchange);
    if (accepted === undefined || offer === undefined || offer.media.length === 0) return [];
    return [{ setUp, accepted, offer, answer: descriptionIn(accepted) }];
  });
}

export const adHocAnswerHasMsrp = check<Answer>("7.2.1.2-200-2", {
  trigger: answers,
  judge: ({ accepted, offer, answer }) => {
    const expected = "an SDP answer that takes MSRP";
    if (answer === undefined) return missed(expected, "no session description", accepted);
    const isAnswer = answer.media.some(
      ({ port, index }) => port !== 0 && offer.media.some((offered) => offered.index === index),
    );
    const actual = isAnswer ? "m=message, taken" : "a description that takes none of the MSRP media offered";
    return expectThat(isAnswer, expected, actual, accepted);
  },
});

interface Pair {
  readonly of: Answer;
  readonly offered: MessageMedia;
  readonly answered: MessageMedia;
}

function pairs(trace: ScenarioTrace): readonly Pair[] {
  return answers(trace).flatMap((of) =>
    takenMedia(of.answer).flatMap((answered) => {
      const offered = of.offer.media.find(({ index }) => index === answered.index);
      return offered === undefined ? [] : [{ of, offered, answered }];
    }),
  );
}

/** "From both" may mean the types that offer and answer have in common, or those of either: never one that was not offered. */
export const typesOfAnswer = check<Pair>("7.2.1.2-200-2a", {
  trigger: (trace) => pairs(trace).filter(({ answered }) => answered.acceptTypes.length > 0),
  judge: ({ of, offered, answered }) => {
    const expected = `accept-types out of those offered, ${offered.acceptTypes.join(" ") || "which are none"}`;
    const actual = `accept-types:${answered.acceptTypes.join(" ")}`;
    if (typesNotOffered(offered, answered).length > 0) return missed(expected, actual, of.accepted);
    const inCommon = answered.acceptTypes.every((type) =>
      typesOfFirst(of).some((other) => entriesMeet(type, other)),
    );
    const note = inCommon
      ? "types that the first invited user takes as well"
      : "types of the offer, whether the first invited user takes them or not";
    return { ...passed(expected, actual, of.accepted), note };
  },
});

/** Types that the invited user accepted who was the first to accept. */
function typesOfFirst({ setUp }: Answer): readonly string[] {
  const [first] = setUp.invitations
    .flatMap(({ accepted }) => accepted ?? [])
    .toSorted((one, other) => one.seq - other.seq);
  return (first && descriptionIn(first)?.media.flatMap(({ acceptTypes }) => acceptTypes)) ?? [];
}

/** RFC 4975 8.1: these two go with each MSRP medium. */
export const attributesOfAnswer = check<Pair>("7.2.1.2-200-2b", {
  trigger: pairs,
  judge: ({ of, answered: { path, acceptTypes } }) => {
    const missing = [
      ...(path.length === 0 ? ["path"] : []),
      ...(acceptTypes.length === 0 ? ["accept-types"] : []),
    ];
    return expectThat(
      missing.length === 0,
      "the attributes of MSRP under m=message: path and accept-types at least",
      missing.length === 0 ? "path and accept-types" : `without ${missing.join(" and ")}`,
      of.accepted,
    );
  },
});

/** What the inviting user sends, or gets, in a session that was set up so. */
export const messagesPass = check<Delivery>("7.2.1.2-200-4", {
  trigger: (trace) =>
    deliveries(trace).filter(({ talk: { room, sender }, recipient }) => {
      const { setUp } = room;
      const isInviter = sender.session === setUp.session || recipient.session === setUp.session;
      return setUp.kind === "ad-hoc" && isInviter;
    }),
  judge: (delivery, trace) => {
    const expected = "messages pass between the inviting user and who accepted";
    if (delivery.copies.length > 0) return outcomeOf("pass", delivery, expected, "the message came");
    return trace.complete
      ? outcomeOf("miss", delivery, expected, "the message did not come")
      : outcomeOf("inconclusive", delivery, expected, "the trace ends before it");
  },
});
