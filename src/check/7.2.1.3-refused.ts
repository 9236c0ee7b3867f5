/** 7.2.1.3, when every member has refused. */
import type { SipRecord, ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Outcome } from "./check.ts";
import { controllingHop } from "./conference.ts";
import { goodSetUps, hadTimeAfter, type GroupSetUp } from "./group-session-answers.ts";
import { endOf, expectThat, missed, passed, undecided } from "./outcome.ts";
import { hasCompany, isAnsweredBefore, isRefusal } from "./set-up-course.ts";

interface Refused extends GroupSetUp {
  /** The final response of the member who was the last to refuse. */
  readonly last: SipRecord;
  readonly statuses: readonly number[];
  /** Who began the session had its 200 before that. */
  readonly early: boolean;
}

/** 4xx, 5xx or 6xx from all who were invited, and nobody else has come. */
function refusedSetUps(trace: ScenarioTrace): readonly Refused[] {
  return goodSetUps(trace).flatMap((one) => {
    const { invitations } = one.setUp;
    const finals = invitations.flatMap(({ exchange: { final } }) => final ?? []);
    const statuses = finals.map(({ message }) => message.status);
    const last = finals.toSorted((a, b) => a.seq - b.seq).at(-1);
    const isAll = invitations.every(({ exchange }) => isRefusal(exchange));
    if (last === undefined || !isAll || hasCompany(one.setUp, last, trace)) return [];
    return [{ ...one, last, statuses, early: isAnsweredBefore(one.setUp, last, trace) }];
  });
}

function isOver({ last }: Refused, trace: ScenarioTrace, untilAt?: number): boolean {
  return trace.complete && hadTimeAfter(last.at, trace, untilAt);
}

function judgeFinal(refused: Refused, trace: ScenarioTrace): Outcome {
  const expected = "a final response that is no success, since every member has refused";
  const { exchange } = refused.invite;
  if (exchange.final === undefined)
    return isOver(refused, trace)
      ? missed(expected, "no final response", exchange, refused.last)
      : undecided(expected, "the trace ends before it", exchange);
  return expectThat(exchange.final.message.status >= 300, expected, endOf(exchange), exchange, refused.last);
}

/** One who leaves first cannot be removed. */
function judgeRemoval(refused: Refused, trace: ScenarioTrace): readonly Outcome[] {
  const expected = "a BYE to who began the session, since every member has refused";
  const { bye } = refused.invite.session;
  const removal = bye && controllingHop(bye, "from-sut");
  if (removal !== undefined) return [passed(expected, "a BYE", refused.last, removal)];
  return isOver(refused, trace, bye?.atSut.request.at) ? [missed(expected, "no BYE", refused.last)] : [];
}

export const oneTreatmentIsApplied = check<Refused>("7.2.1.3-fail-0", {
  trigger: refusedSetUps,
  judge: (refused, trace) => (refused.early ? judgeRemoval(refused, trace) : judgeFinal(refused, trace)),
});

export const refusalIsPassedOn = check<Refused>("7.2.1.3-fail-1a", {
  trigger: (trace) => refusedSetUps(trace).filter(({ early }) => !early),
  judge: judgeFinal,
});

/** Which status is the server's own affair; that of a refusal it is, 4xx, 5xx or 6xx. */
export const statusFollowsPolicy = check<Refused>("7.2.1.3-fail-1b", {
  trigger: (trace) =>
    refusedSetUps(trace).filter(
      ({ invite: { exchange } }) => exchange.final !== undefined && exchange.final.message.status >= 300,
    ),
  judge: ({ invite: { exchange }, statuses, last }) => {
    const status = exchange.final?.message.status ?? 0;
    const expected = `a 4xx, 5xx or 6xx, such as the lowest of ${statuses.join(", ")}`;
    const outcome = expectThat(status >= 400, expected, endOf(exchange), exchange, last);
    const isOwn = outcome.result === "pass" && !statuses.includes(status);
    return isOwn
      ? { ...outcome, note: "a status that no member sent, by a policy of the server's" }
      : outcome;
  },
});

/** Where the server answers before members do. */
export const inviterIsRemoved = check<Refused>("7.2.1.3-fail-2", {
  trigger: (trace) => refusedSetUps(trace).filter(({ early }) => early),
  judge: judgeRemoval,
});
