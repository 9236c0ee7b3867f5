/** 7.2.1.2, 4xx to 6xx: every invited user refuses. */
import type { ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { controllingHop } from "./conference.ts";
import { endOf, expectThat, missed, passed } from "./outcome.ts";
import { courses, hasCompany, isAnsweredBefore, type Course } from "./set-up-course.ts";
import { hadTimeFor } from "./waiting-time.ts";

interface Refused {
  readonly course: Course;
  readonly refusals: readonly SipRecord<SipResponse>[];
  /** Of the last refusal. */
  readonly at: number;
  /** The inviting user had its 200 before that. */
  readonly early: boolean;
}

function refusedByAll(trace: ScenarioTrace): readonly Refused[] {
  return courses(trace).flatMap((course) => {
    const { setUp, allRefused } = course;
    const last = allRefused?.toSorted((one, other) => one.seq - other.seq).at(-1);
    if (allRefused === undefined || last === undefined || mayGoOn(course, last, trace)) return [];
    const early = isAnsweredBefore(setUp, last, trace);
    return [{ course, refusals: allRefused, at: last.at, early }];
  });
}

/** Who has left by itself need not be removed; and somebody may have been added meanwhile. */
function mayGoOn({ setUp, left }: Course, last: SipRecord, trace: ScenarioTrace): boolean {
  return left <= last.at || hasCompany(setUp, last, trace);
}

function removalOf({ course }: Refused): SipRecord<SipRequest> | undefined {
  const byes = course.setUp.session.requests.filter(({ method }) => method === "BYE");
  const [first] = byes.flatMap((bye) => controllingHop(bye, "from-sut") ?? []);
  return first === undefined || first.request.at >= course.left ? undefined : first.request;
}

/** Where nothing has come: it may still come, which nobody can tell, or is missing. */
function nothingCame(expected: string, { course, at }: Refused, trace: ScenarioTrace): readonly Outcome[] {
  return hadTimeFor(at, trace, course.left) ? [missed(expected, "nothing came", course.setUp.exchange)] : [];
}

function afterRefusals(
  statement: string,
  expected: string,
  is: (refused: Refused) => boolean,
  end: (refused: Refused) => Outcome | undefined,
): Check {
  return check<Refused>(statement, {
    trigger: (trace) => refusedByAll(trace).filter(is),
    judge: (refused, trace) => end(refused) ?? nothingCame(expected, refused, trace),
  });
}

const TREATMENT = "a refusal for the inviting user, or BYE where it has its 200";

export const inviterIsTreated = afterRefusals(
  "7.2.1.2-fail-0",
  TREATMENT,
  () => true,
  (refused) => {
    const { exchange } = refused.course.setUp;
    const removal = removalOf(refused);
    if (exchange.final === undefined) return undefined;
    if (exchange.final.message.status >= 300) return passed(TREATMENT, endOf(exchange), exchange);
    return removal === undefined ? undefined : passed(TREATMENT, "BYE", exchange, removal);
  },
);

const REFUSAL = "a final response that refuses, for nobody takes part";

export const inviterIsRefused = afterRefusals(
  "7.2.1.2-fail-1a",
  REFUSAL,
  ({ early }) => !early,
  ({ course }) => {
    const { exchange } = course.setUp;
    if (exchange.final === undefined || exchange.final.at >= course.left) return undefined;
    return expectThat(exchange.final.message.status >= 300, REFUSAL, endOf(exchange), exchange);
  },
);

/** By local policy: that may be the lowest status of those that came, or another. */
export const statusForInviter = check<Refused>("7.2.1.2-fail-1b", {
  trigger: (trace) =>
    refusedByAll(trace).filter(({ course, early }) => {
      const { final } = course.setUp.exchange;
      return !early && final !== undefined && final.message.status >= 300 && final.at < course.left;
    }),
  judge: ({ course, refusals }) => {
    const { exchange } = course.setUp;
    const status = exchange.final?.message.status ?? 0;
    const statuses = refusals.map(({ message }) => message.status);
    const expected = `a 4xx, 5xx or 6xx by the policy of the server, such as ${Math.min(...statuses)}`;
    const note =
      status === Math.min(...statuses)
        ? "the lowest status of the invited users"
        : statuses.includes(status)
          ? "a status of an invited user, not the lowest"
          : "a status of the server's own";
    return { ...expectThat(status >= 400, expected, endOf(exchange), exchange), note };
  },
});

const REMOVAL = "BYE to the inviting user, who has its 200 and is alone";

export const inviterIsRemoved = afterRefusals(
  "7.2.1.2-fail-2",
  REMOVAL,
  ({ early }) => early,
  (refused) => {
    const removal = removalOf(refused);
    return removal === undefined ? undefined : passed(REMOVAL, "BYE", refused.course.setUp.exchange, removal);
  },
);
