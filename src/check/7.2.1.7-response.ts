/** 7.2.1.7-1, 4 to 8: how the controlling function answers a REFER that adds users. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { endOf, expectStatus, expectThat, expectWarning, undecided } from "./outcome.ts";
import { norefersubIsSupported, referSubIsRepeated, successIsSent, successOf } from "./referral-responses.ts";
import {
  acceptanceOf,
  additions,
  goodOnes,
  invitationsAfter,
  thoseWith,
  type ReferGround,
  type Referral,
} from "./referrals.ts";

const good = (trace: ScenarioTrace): readonly Referral[] => goodOnes(additions(trace));

function refusal(statement: string, ground: ReferGround, status: number): Check {
  return check<Referral>(statement, {
    trigger: (trace) => thoseWith(ground, additions(trace)),
    judge: ({ exchange }, trace) => expectStatus(exchange, [status], trace.complete),
  });
}

/** Of a refusal that has the status that the statement speaks of. */
function warning(statement: string, ground: ReferGround, status: number, ...codes: readonly number[]): Check {
  return check<Referral>(statement, {
    trigger: (trace) =>
      thoseWith(ground, additions(trace)).filter(({ exchange }) => exchange.final?.message.status === status),
    judge: ({ exchange: { final } }) => (final === undefined ? [] : expectWarning(final, ...codes)),
  });
}

/** Nobody is invited because of who may not, or of too many; and what may be is not refused so. */
function looksAt(statement: string, ground: ReferGround, status: number): Check {
  return check<Referral>(statement, {
    trigger: (trace) => [
      ...thoseWith(ground, additions(trace)),
      ...good(trace).filter(
        (one) => acceptanceOf(one) !== undefined || one.exchange.final?.message.status === status,
      ),
    ],
    judge: (referral): Outcome => {
      const { exchange, grounds } = referral;
      const refused = grounds.length > 0;
      const expected = refused ? "the REFER is refused" : "the REFER is accepted";
      if (exchange.final === undefined) return undecided(expected, "there is no final response", exchange);
      return expectThat(
        (acceptanceOf(referral) === undefined) === refused,
        expected,
        endOf(exchange),
        exchange,
      );
    },
  });
}

export const rightToAddIsChecked = looksAt("7.2.1.7-1a", "not-allowed", 403);
export const addingIsForbidden = refusal("7.2.1.7-1b", "not-allowed", 403);
export const forbiddenAddingHasWarning = warning("7.2.1.7-1c", "not-allowed", 403, 122);

export const grownSizeIsChecked = looksAt("7.2.1.7-4a", "too-many", 486);
export const tooManyAddedAreBusy = refusal("7.2.1.7-4b", "too-many", 486);
export const tooManyAddedHasWarning = warning("7.2.1.7-4c", "too-many", 486, 102);

export const addingSucceeds = successOf("7.2.1.7-5", good);

export const addingResponseIsSent = successIsSent("7.2.1.7-8", good);

/** Of every REFER that was accepted, whether it had to be or not. */
const accepted = (trace: ScenarioTrace): readonly Referral[] =>
  additions(trace).filter((one) => acceptanceOf(one) !== undefined);

export const norefersubForAdding = norefersubIsSupported("7.2.1.7-6", accepted);
export const referSubOfAdding = referSubIsRepeated("7.2.1.7-7b", accepted);

/** 7.2.1.7-3: those whom the REFER does not name are not asked. */
export const onlyNamedAreInvited = check<Referral>("7.2.1.7-3", {
  trigger: (trace) =>
    accepted(trace).filter((one) => isTheOnlyOne(one, trace) && invitationsAfter(one).length > 0),
  judge: (referral, trace): readonly Outcome[] =>
    invitationsAfter(referral).map(({ request, exchange }) => {
      const isNamed = referral.targets.some(({ requestUri }) => isMeant(requestUri, request.uri, trace));
      const expected = "INVITEs to the users that the REFER names";
      return expectThat(
        isNamed,
        expected,
        `an INVITE to <${request.uri}>`,
        referral.exchange,
        exchange.request,
      );
    }),
});

/** Of several in one session one cannot tell which of them an INVITE comes of. */
function isTheOnlyOne({ exchange, conference }: Referral, trace: ScenarioTrace): boolean {
  return (
    conference !== undefined &&
    trace
      .exchanges({ method: "REFER", way: "to-sut", function: "controlling" })
      .every((other) => other === exchange)
  );
}

function isMeant(one: string, other: string, trace: ScenarioTrace): boolean {
  const [own, its] = [trace.userOf(one), trace.userOf(other)];
  return own === undefined || its === undefined ? one.toLowerCase() === other.toLowerCase() : own === its;
}
