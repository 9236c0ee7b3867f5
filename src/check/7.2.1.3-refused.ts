/** 7.2.1.3, when every member has refused. */
import type { SipRecord, ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Outcome } from "./check.ts";
import { controllingHop } from "./conference.ts";
import { goodSetUps, hadTimeAfter, type GroupSetUp } from "./group-session-answers.ts";
import { endOf, expectThat, missed, passed, undecided } from "./outcome.ts";

interface Refused extends GroupSetUp {
  /** The final response of the member who was the last to refuse. */
  readonly last: SipRecord;
  readonly statuses: readonly number[];
}

/** After these an INVITE is tried again. */
const TRIED_AGAIN: ReadonlySet<number> = new Set([401, 407, 422, 423, 491, 500, 503]);

/** 4xx, 5xx or 6xx from all who were invited. */
function refusedSetUps(trace: ScenarioTrace): readonly Refused[] {
  return goodSetUps(trace).flatMap((one) => {
    const finals = one.setUp.invitations.map(({ exchange }) => exchange.final);
    const statuses = finals.map((final) => final?.message.status ?? 0);
    const last = finals.toSorted((a, b) => (a?.seq ?? 0) - (b?.seq ?? 0)).at(-1);
    const isRefusal = (status: number): boolean => status >= 400 && !TRIED_AGAIN.has(status);
    return last === undefined || !statuses.every(isRefusal) ? [] : [{ ...one, last, statuses }];
  });
}

const isAnsweredBefore = ({ invite: { accepted }, last }: Refused): boolean =>
  accepted !== undefined && accepted.seq < last.seq;

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
  judge: (refused, trace) =>
    isAnsweredBefore(refused) ? judgeRemoval(refused, trace) : judgeFinal(refused, trace),
});

export const refusalIsPassedOn = check<Refused>("7.2.1.3-fail-1a", {
  trigger: (trace) => refusedSetUps(trace).filter((one) => !isAnsweredBefore(one)),
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
  trigger: (trace) => refusedSetUps(trace).filter(isAnsweredBefore),
  judge: judgeRemoval,
});
