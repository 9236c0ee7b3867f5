/** 7.2.1.7-1, 4 to 8: how the controlling function answers a REFER that adds users. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Check, type Outcome } from "./check.ts";
import type { Attendance, KnownConference } from "./conference-members.ts";
import { endOf, expectStatus, expectThat, expectWarning, missed, undecided } from "./outcome.ts";
import { norefersubIsSupported, referSubIsRepeated, successIsSent, successOf } from "./referral-responses.ts";
import {
  acceptanceOf,
  additions,
  goodOnes,
  invitationsAfter,
  referrals,
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
    judge: (referral, trace): Outcome => {
      const { exchange, grounds } = referral;
      const refused = grounds.length > 0;
      const expected = refused ? "the REFER is refused, and nobody invited" : "the REFER is accepted";
      const [invitation] = refused ? invitationsInSpite(referral, trace) : [];
      if (invitation !== undefined)
        return missed(expected, `<${invitation.uri}> was invited`, exchange, invitation.exchange);
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

/** Of users whom nothing else asked for: neither another REFER nor the setting up of the session. */
function invitationsInSpite(referral: Referral, trace: ScenarioTrace): readonly Attendance[] {
  const { targets, conference, exchange } = referral;
  const meant = [...(conference?.listed ?? []), ...membersOf(conference, trace)];
  const others = referrals(trace).filter((one) => one.exchange !== exchange && one.asks === "add");
  return invitationsAfter(referral).filter(({ uri }) => {
    const isNamedIn = (one: Referral): boolean =>
      one.targets.some(({ requestUri }) => isMeant(requestUri, uri, trace));
    return (
      targets.some(({ requestUri }) => isMeant(requestUri, uri, trace)) &&
      !meant.some((one) => isMeant(one, uri, trace)) &&
      !others.some(isNamedIn)
    );
  });
}

function membersOf(conference: KnownConference | undefined, trace: ScenarioTrace): readonly string[] {
  return conference?.groupUri === undefined ? [] : (trace.group(conference.groupUri)?.members ?? []);
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
    invitationsAfter(referral)
      .filter((one) => !isOfSetUp(one, referral, trace))
      .map(({ request, exchange }) => {
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

/** The first to somebody whom the setting up of the session asks for may be on its way still. */
function isOfSetUp(invitation: Attendance, { conference }: Referral, trace: ScenarioTrace): boolean {
  const meant = [...(conference?.listed ?? []), ...membersOf(conference, trace)];
  const before = (conference?.attendances ?? []).filter(
    ({ exchange: { request } }) => request.seq < invitation.exchange.request.seq,
  );
  return (
    meant.some((uri) => isMeant(uri, invitation.uri, trace)) &&
    !before.some(({ uri }) => isMeant(uri, invitation.uri, trace))
  );
}

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
