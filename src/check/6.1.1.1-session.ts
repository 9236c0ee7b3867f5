/** 6.1.1.1, step 4b: policies of the operator on the SDP of a user's INVITE. */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { header } from "../wire/sip/headers.ts";
import { check, type Outcome } from "./check.ts";
import {
  forwardableSessions,
  groundsAgainstDeparture,
  isLate,
  sessionDepartures,
} from "./originating-session.ts";
import { endOf, missed, noted, passed, undecided } from "./outcome.ts";
import { hasDescription } from "./passed-description.ts";
import { answeredWith, ownAnswerTo, type OwnAnswer } from "./server-answers.ts";

type OfferGround = "offer-refused" | "offer-too-large";

/** What a=max-size of an offer says is what its sender takes: a limit on what is sent need not be a limit on that. */
export const SIZE_IS_NOT_LIMITED = "the limit is not applied to a=max-size of an offer";

/** Those that their SDP alone speaks against. */
function refusable(trace: ScenarioTrace, ...allowed: readonly OfferGround[]): readonly Exchange[] {
  return sessionDepartures(trace).filter((exchange) => {
    const grounds = groundsAgainstDeparture(exchange, trace);
    return grounds.length > 0 && grounds.every((ground) => allowed.some((one) => one === ground));
  });
}

export const offerIsChecked = check("6.1.1.1-4b-1", {
  trigger: (trace) => [
    ...refusable(trace, "offer-refused"),
    ...forwardableSessions(trace).filter(({ request }) => hasDescription(request)),
  ],
  judge: (exchange, trace): Outcome => {
    const onward = trace.onwardOf(exchange);
    const answer = ownAnswerTo(exchange, trace);
    if (groundsAgainstDeparture(exchange, trace).length > 0) {
      const expected = "an INVITE for content that the operator refuses does not go on";
      if (onward !== undefined) return missed(expected, "it was sent on", exchange.request, onward.request);
      return answer === undefined
        ? undecided(expected, "no final response came", exchange)
        : passed(expected, endOf(exchange), exchange);
    }
    const expected = "an INVITE for content that the operator takes is not refused for it";
    if (onward !== undefined) return passed(expected, "it was sent on", exchange.request, onward.request);
    return answer?.final.message.status === 488
      ? missed(expected, endOf(exchange), exchange)
      : undecided(expected, `it was not sent on: ${endOf(exchange)}`, exchange);
  },
});

export const refusedOffer488 = check("6.1.1.1-4b-2", {
  trigger: (trace) => refusable(trace, "offer-refused", "offer-too-large"),
  judge: (exchange, trace): Outcome => {
    const expected = "final response 488 from the server itself";
    const answer = ownAnswerTo(exchange, trace);
    if (answer?.final.message.status === 488) return passed(expected, endOf(exchange), exchange);
    if (exchange.final === undefined && !isLate(exchange.request.at, trace))
      return undecided(expected, "the trace ends before a final response", exchange);
    return groundsAgainstDeparture(exchange, trace).includes("offer-refused")
      ? missed(expected, endOf(exchange), exchange, trace.onwardOf(exchange))
      : noted(expected, endOf(exchange), SIZE_IS_NOT_LIMITED, exchange);
  },
});

export const refusedOfferExplained = check<OwnAnswer>("6.1.1.1-4b-3", {
  trigger: (trace) =>
    refusable(trace, "offer-refused", "offer-too-large").flatMap((exchange) =>
      answeredWith(exchange, 488, trace),
    ),
  judge: ({ exchange: { request }, final }) => expectSupported(request, final),
});

/** The carrier is not named: a description (RFC 3261 11.2), a Warning (20.43), or both. */
function expectSupported(request: SipRecord, final: SipRecord<SipResponse>): Outcome {
  const expected = "the 488 tells the size and the content that are supported";
  const media = descriptionIn(final)?.media ?? [];
  if (media.some(({ acceptTypes, maxSize }) => acceptTypes.length > 0 && maxSize !== undefined))
    return passed(expected, "a description with both", request, final);
  const warning = header(final.message, "Warning");
  if (warning === undefined && media.length === 0)
    return missed(expected, "neither a description nor a Warning", request, final);
  const actual = warning === undefined ? "a description without both" : `Warning: ${warning}`;
  return noted(expected, actual, "the carrier is not named", request, final);
}
