/** 7.2.1.6: a participant offers other parameters of MSRP by re-INVITE. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { check, type Outcome } from "./check.ts";
import { endOf, expectStatus, expectThat, missed, passed, undecided } from "./outcome.ts";
import { sizeOf } from "./session-media.ts";
import { acknowledgementOf, modifications, type Modification } from "./session-modifications.ts";
import { offerIn, takenMedia, typesNotOffered } from "./session-offers.ts";
import { talks } from "./switch-messages.ts";
import { copiesAt } from "./session-tokens.ts";

const withGround = (ground: Modification["ground"], trace: ScenarioTrace): readonly Modification[] =>
  modifications(trace).filter((one) => one.ground === ground);

const good = (trace: ScenarioTrace): readonly Modification[] => withGround("none", trace);

function isTaken({ exchange: { final } }: Modification): boolean {
  return final !== undefined && final.message.status < 300;
}

export const newParametersAreChecked = check<Modification>("7.2.1.6-1a", {
  trigger: (trace) => [
    ...withGround("media", trace),
    ...good(trace).filter((one) => isTaken(one) || one.exchange.final?.message.status === 488),
  ],
  judge: (modification): Outcome => {
    const { exchange, ground } = modification;
    const expected = ground === "media" ? "the re-INVITE is refused" : "the re-INVITE is accepted";
    if (exchange.final === undefined) return undecided(expected, "there is no final response", exchange);
    return expectThat(isTaken(modification) === (ground === "none"), expected, endOf(exchange), exchange);
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
    if (isTaken(modification)) return passed(expected, "it went", modification.exchange);
    return trace.complete
      ? missed(expected, "no 2xx went", modification.exchange)
      : undecided(expected, "the trace ends before it", modification.exchange);
  },
});

const taken = (trace: ScenarioTrace): readonly Modification[] => good(trace).filter(isTaken);

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

interface Received {
  readonly modification: Modification;
  readonly maxSize: number;
  readonly copy: SessionMessage;
}

/** Messages of others, begun when the modification was settled, that came whole to who made it: as the last offer wants them. */
function received(trace: ScenarioTrace): readonly Received[] {
  return taken(trace).flatMap((modification) => {
    const { attendance, exchange, conference } = modification;
    const user = trace.userOf(attendance.uri);
    const since = acknowledgementOf(attendance, exchange);
    const maxSize = pairOf(modification)?.offer.maxSize;
    const isLast = modifications(trace).every(
      (other) => other.attendance !== attendance || other.exchange.request.seq <= exchange.request.seq,
    );
    if (user === undefined || since === undefined || maxSize === undefined || !isLast) return [];
    return talks(trace)
      .filter(({ sent, room }) => sent.seq > since && room.setUp.session === conference.setUp.session)
      .flatMap(({ token }) => copiesAt({ user }, token, trace))
      .filter(({ flag }) => flag === "$")
      .map((copy) => ({ modification, maxSize, copy }));
  });
}

export const newParametersAreUsed = check<Received>("7.2.1.6-2", {
  trigger: (trace) => received(trace).filter(({ copy }) => sizeOf(copy) !== undefined),
  judge: ({ modification: { exchange }, maxSize, copy }): Outcome => {
    const size = sizeOf(copy) ?? 0;
    const outcome = expectThat(
      size <= maxSize,
      `messages of at most ${maxSize} octets, as offered`,
      `a message of ${size} octets`,
      exchange,
    );
    return { ...outcome, evidence: [...outcome.evidence, { seq: copy.seq }] };
  },
});
