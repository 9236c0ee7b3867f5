/** 7.2.1.6: a participant offers other parameters of MSRP by re-INVITE. */
import type { LeasedUser } from "../trace/event.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { check, type Outcome } from "./check.ts";
import { endOf, expectStatus, expectThat, missed, passed, undecided } from "./outcome.ts";
import type { Participant } from "./conference.ts";
import { isTaken, recipientsOf } from "./deliveries.ts";
import { hadTime, isBound, sizeOf } from "./session-media.ts";
import { acknowledgementOf, modifications, type Modification } from "./session-modifications.ts";
import { offerIn, takenMedia, typesNotOffered } from "./session-offers.ts";
import { isKnown, misbehaves, talks, type Talk } from "./switch-messages.ts";
import { copiesAt } from "./session-tokens.ts";

const withGround = (ground: Modification["ground"], trace: ScenarioTrace): readonly Modification[] =>
  modifications(trace).filter((one) => one.ground === ground);

const good = (trace: ScenarioTrace): readonly Modification[] => withGround("none", trace);

function isAccepted({ exchange: { final } }: Modification): boolean {
  return final !== undefined && final.message.status < 300;
}

export const newParametersAreChecked = check<Modification>("7.2.1.6-1a", {
  trigger: (trace) => [
    ...withGround("media", trace),
    ...good(trace).filter((one) => isAccepted(one) || one.exchange.final?.message.status === 488),
  ],
  judge: (modification): Outcome => {
    const { exchange, ground } = modification;
    const expected = ground === "media" ? "the re-INVITE is refused" : "the re-INVITE is accepted";
    if (exchange.final === undefined) return undecided(expected, "there is no final response", exchange);
    return expectThat(isAccepted(modification) === (ground === "none"), expected, endOf(exchange), exchange);
  },
});

export const badModificationIsNotAcceptable = check<Modification>("7.2.1.6-1b", {
  trigger: (trace) => withGround("media", trace),
  judge: ({ exchange }, trace) => expectStatus(exchange, [488], trace.complete),
});

export const modificationIsAccepted = check<Modification>("7.2.1.6-3", {
  trigger: good,
  judge: ({ exchange }, trace) => expectStatus(exchange, [200], trace.complete),
});

export const modificationAnswerIsSent = check<Modification>("7.2.1.6-3b", {
  trigger: good,
  judge: (modification, trace): Outcome => {
    const expected = "a 2xx to the re-INVITE goes to the client";
    if (isAccepted(modification)) return passed(expected, "it went", modification.exchange);
    return trace.complete
      ? missed(expected, "no 2xx went", modification.exchange)
      : undecided(expected, "the trace ends before it", modification.exchange);
  },
});

const taken = (trace: ScenarioTrace): readonly Modification[] => good(trace).filter(isAccepted);

export const modificationIsAnswered = check<Modification>("7.2.1.6-3a-1", {
  trigger: taken,
  judge: ({ exchange }): Outcome => {
    const answer = exchange.final && descriptionIn(exchange.final);
    const expected = "an answer in SDP that takes message media, with a path";
    if (answer === undefined) return missed(expected, "no session description", exchange);
    const [medium] = takenMedia(answer);
    const actual =
      medium === undefined ? "no message media that is taken" : `${medium.path.length} URIs in path`;
    return expectThat((medium?.path.length ?? 0) > 0, expected, actual, exchange);
  },
});

export const modificationIsChosenFromOffer = check<Modification>("7.2.1.6-3a-2", {
  trigger: (trace) => taken(trace).filter((one) => pairOf(one) !== undefined),
  judge: (modification): Outcome | readonly Outcome[] => {
    const pair = pairOf(modification);
    if (pair === undefined) return [];
    const { offer, answer } = pair;
    return expectThat(
      answer.acceptTypes.length > 0 && typesNotOffered(offer, answer).length === 0,
      `accept-types out of those offered: ${offer.acceptTypes.join(" ")}`,
      `a=accept-types:${answer.acceptTypes.join(" ")}`,
      modification.exchange,
    );
  },
});

function pairOf({ exchange }: Modification) {
  const [answer] = takenMedia(exchange.final && descriptionIn(exchange.final));
  const offer = offerIn(exchange)?.media.find(({ index }) => index === answer?.index);
  return answer === undefined || offer === undefined ? undefined : { offer, answer };
}

interface Settled {
  readonly modification: Modification;
  readonly maxSize: number;
  readonly user: LeasedUser;
  /** Messages of the session, begun since. */
  readonly since: readonly Talk[];
}

/** Those that name a limit, of which the other end knows that they hold, and behind which no other came. */
function settled(trace: ScenarioTrace): readonly Settled[] {
  return taken(trace).flatMap((modification) => {
    const { attendance, exchange, conference } = modification;
    const user = trace.userOf(attendance.uri);
    const from = acknowledgementOf(attendance, exchange);
    const maxSize = pairOf(modification)?.offer.maxSize;
    const isLast = modifications(trace).every(
      (other) => other.attendance !== attendance || other.exchange.request.seq <= exchange.request.seq,
    );
    if (user === undefined || from === undefined || maxSize === undefined || !isLast) return [];
    const since = talks(trace).filter(
      ({ sent, room }) => sent.seq > from && room.setUp.session === conference.setUp.session,
    );
    return [{ modification, maxSize, user, since }];
  });
}

interface Meant {
  readonly modification: Modification;
  readonly maxSize: number;
  readonly talk: Talk;
  /** What of it came whole; undefined: nothing, though there was time for it. */
  readonly copy: SessionMessage | undefined;
}

/** Messages of others for who made the offer: what came, and what is small enough and did not come. */
function meant(trace: ScenarioTrace): readonly Meant[] {
  return settled(trace).flatMap(({ modification, maxSize, user, since }) =>
    since.flatMap((talk): readonly Meant[] => {
      const copies = copiesAt({ user }, talk.token, trace);
      const whole = copies.filter(({ flag }) => flag === "$");
      if (copies.length > 0) return whole.map((copy) => ({ modification, maxSize, talk, copy }));
      const own = recipientsOf(talk).find((one) => one.user === user);
      const size = sizeOf(talk.sent);
      const isDue =
        own !== undefined &&
        size !== undefined &&
        size <= maxSize &&
        isDeliverable(talk, own, trace) &&
        hadTime(talk.sent, trace, own.untilAt);
      return isDue ? [{ modification, maxSize, talk, copy: undefined }] : [];
    }),
  );
}

function isDeliverable(talk: Talk, recipient: Participant, trace: ScenarioTrace): boolean {
  return (
    trace.complete &&
    isTaken(talk, trace) &&
    isKnown(recipient, talk.sent.seq) &&
    isBound(recipient, talk.sent.seq, trace) &&
    !misbehaves(recipient, trace)
  );
}

export const newParametersAreUsed = check<Meant>("7.2.1.6-2", {
  trigger: (trace) => meant(trace).filter(({ copy }) => copy === undefined || sizeOf(copy) !== undefined),
  judge: ({ modification: { exchange }, maxSize, talk, copy }): Outcome => {
    const expected = `messages of at most ${maxSize} octets, as offered`;
    const size = copy === undefined ? undefined : (sizeOf(copy) ?? 0);
    const outcome = expectThat(
      size !== undefined && size <= maxSize,
      expected,
      size === undefined
        ? `not a message of ${sizeOf(talk.sent) ?? 0} octets`
        : `a message of ${size} octets`,
      exchange,
    );
    return { ...outcome, evidence: [...outcome.evidence, { seq: (copy ?? talk.sent).seq }] };
  },
});
