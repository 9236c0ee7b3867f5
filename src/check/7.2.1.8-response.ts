/** 7.2.1.8-1, 2a-i to iv and 2b: how the controlling function answers a REFER that removes a user. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Outcome } from "./check.ts";
import { goesOn } from "./conference-members.ts";
import { endOf, expectStatus, expectThat, expectWarning, missed, noted, undecided } from "./outcome.ts";
import { norefersubIsSupported, referSubIsRepeated, successIsSent, successOf } from "./referral-responses.ts";
import { acceptanceOf, atArrival, goodOnes, removals, thoseWith, type Referral } from "./referrals.ts";
import { byesOf, isDisturbed, isTo, type ByeOfFocus } from "./removals-done.ts";

const good = (trace: ScenarioTrace): readonly Referral[] => goodOnes(removals(trace));

/** Of every REFER that was accepted, whether it had to be or not. */
const accepted = (trace: ScenarioTrace): readonly Referral[] =>
  removals(trace).filter((one) => acceptanceOf(one) !== undefined);

/** Who takes no part, and a participant other than the originator where the operator does not let it. */
function unauthorised(trace: ScenarioTrace): readonly Referral[] {
  const refused = thoseWith("not-owner", removals(trace)).filter(
    ({ exchange: { final } }) => final !== undefined && final.message.status >= 300,
  );
  return [...thoseWith("not-allowed", removals(trace)), ...refused];
}

/** There is no such session, or its sender is not in it. */
const astray = (trace: ScenarioTrace): readonly Referral[] => [
  ...thoseWith("over", removals(trace)),
  ...thoseWith("not-allowed", removals(trace)),
];

/** Nothing but the REFER was there for which the user that it names could have got a BYE. */
function removedInSpite(referral: Referral, trace: ScenarioTrace): ByeOfFocus | undefined {
  const { conference, targets, exchange } = referral;
  if (conference === undefined || !goesOn(conference, atArrival(exchange), trace)) return undefined;
  return byesOf(conference, referral).find(
    (bye) =>
      targets.some(({ requestUri }) => isTo(bye, requestUri, trace)) &&
      !isDisturbed(conference, referral, bye.exchange.request.seq, trace),
  );
}

export const rightToRemoveIsChecked = check<Referral>("7.2.1.8-1a", {
  trigger: (trace) => [
    ...thoseWith("not-allowed", removals(trace)),
    ...good(trace).filter(
      (one) => acceptanceOf(one) !== undefined || one.exchange.final?.message.status === 403,
    ),
  ],
  judge: (referral, trace): Outcome => {
    const { exchange, grounds } = referral;
    const refused = grounds.length > 0;
    const expected = refused ? "the REFER is refused, and nobody removed" : "the REFER is accepted";
    const removed = refused ? removedInSpite(referral, trace) : undefined;
    if (removed !== undefined)
      return missed(expected, `a BYE to <${removed.user}>`, exchange, removed.exchange);
    if (exchange.final === undefined) return undecided(expected, "there is no final response", exchange);
    return expectThat(
      (acceptanceOf(referral) === undefined) === refused,
      expected,
      endOf(exchange),
      exchange,
    );
  },
});

export const removingIsForbidden = check<Referral>("7.2.1.8-1b", {
  trigger: unauthorised,
  judge: ({ exchange }, trace) => expectStatus(exchange, [403], trace.complete),
});

export const forbiddenRemovingHasWarning = check<Referral>("7.2.1.8-1c", {
  trigger: (trace) => unauthorised(trace).filter(isForbidden),
  judge: ({ exchange: { final } }) => (final === undefined ? [] : expectWarning(final, 122)),
});

function isForbidden({ exchange }: Referral): boolean {
  return exchange.final?.message.status === 403;
}

export const removingSucceeds = successOf("7.2.1.8-2a-i", good);
export const norefersubForRemoving = norefersubIsSupported("7.2.1.8-2a-ii", accepted);
export const referSubOfRemoving = referSubIsRepeated("7.2.1.8-2a-iii-b", accepted);
export const removingResponseIsSent = successIsSent("7.2.1.8-2a-iv", good);

/** 11.2 has 404 for identities that lead nowhere. */
export const strayRemovingIsForbidden = check<Referral>("7.2.1.8-2b", {
  trigger: astray,
  judge: ({ exchange, grounds }, trace) =>
    grounds.includes("over") && exchange.final?.message.status === 404
      ? noted(
          "final response 403",
          endOf(exchange),
          "11.2 has 404 for a conference URI that leads nowhere",
          exchange,
        )
      : expectStatus(exchange, [403], trace.complete),
});

export const strayRemovingHasWarning = check<Referral>("7.2.1.8-2b-w", {
  trigger: (trace) => astray(trace).filter(isForbidden),
  judge: ({ exchange: { final } }) => (final === undefined ? [] : expectWarning(final, 122)),
});
