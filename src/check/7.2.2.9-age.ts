/** 7.2.2.9: the age of who joins the session of a group, against the age restrictions of its document. */
import type { HttpRecord, ScenarioTrace } from "../trace/scenario-trace.ts";
import { sipUriOf } from "../wire/sip/uri.ts";
import { check, type Check, type Outcome } from "./check.ts";
import {
  badInvites,
  goodInvites,
  isExplainedBy,
  isRefusedWith,
  isTakenUp,
  type Rule,
} from "./group-session-admission.ts";
import type { GroupInvite } from "./group-session.ts";
import { isSameUser } from "./conference-members.ts";
import { endOf, expectThat, missed, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";

const ALWAYS = ["idle", "running"] as const;
/** Whether there is a session or not, for who is not of the right age it is the same. */
const age: Rule = { ground: "age", when: [...ALWAYS, "unclear"], statuses: [403] };

const words = {
  bad: "an INVITE of a user who is not of the right age is refused",
  good: "an INVITE of a user who is of the right age is taken",
};

/** Groups without a restriction say nothing of it. */
const isRestricted = ({ group: { rules } }: GroupInvite): boolean => rules?.age !== undefined;

function weighed(statement: string): Check {
  return check<GroupInvite>(statement, {
    trigger: (trace) =>
      restricted(trace).filter((invite) => invite.exchange.final !== undefined || isTakenUp(invite, trace)),
    judge: (invite, trace) => {
      const isTaken = isTakenUp(invite, trace);
      const isOfAge = goodInvites(trace, ...ALWAYS).includes(invite);
      const actual = isTaken ? "it was taken" : endOf(invite.exchange);
      return expectThat(isTaken === isOfAge, isOfAge ? words.good : words.bad, actual, invite.exchange);
    },
  });
}

/** Those that age alone decides about. */
function restricted(trace: ScenarioTrace): readonly GroupInvite[] {
  return [...goodInvites(trace, ...ALWAYS), ...badInvites(trace, "age", ...age.when)].filter(isRestricted);
}

export const ageIsRespected = weighed("7.2.2.9-3");
export const ageIsCompared = weighed("7.2.2.9-4c-1");

export const ofAgeComeIn = check<GroupInvite>("7.2.2.9-4c-2", {
  trigger: (trace) =>
    goodInvites(trace, ...ALWAYS).filter(
      (invite) => isRestricted(invite) && (invite.exchange.final !== undefined || isTakenUp(invite, trace)),
    ),
  judge: (invite, trace) => {
    const isTaken = isTakenUp(invite, trace);
    return expectThat(
      isTaken,
      words.good,
      isTaken ? "it was taken" : endOf(invite.exchange),
      invite.exchange,
    );
  },
});

export const notOfAgeAreRefused = isRefusedWith("7.2.2.9-4c-3", age);
export const ageLimitIsTold = isExplainedBy("7.2.2.9-4c-4", age, 124);

/** A GET of the profile of the user, until the INVITE had its answer: an earlier one may be remembered. */
function profileAsked({ originator, until }: GroupInvite, trace: ScenarioTrace): HttpRecord | undefined {
  return trace.http.find(({ seq, direction, startLine }) => {
    const [, path] = /^GET (\S*user-profile\/users\/\S+)/u.exec(startLine) ?? [];
    const user = /\/users\/([^/]+)/u.exec(path ?? "")?.[1];
    return (
      direction === "in" &&
      seq < until &&
      user !== undefined &&
      originator !== undefined &&
      isSameUser(
        readable(() => decodeURIComponent(user), user),
        originator,
        trace,
      )
    );
  });
}

/** What a server asks of another XDM server, Scrim does not see. */
function asked(
  statement: string,
  whose: string,
  isMeant: (domain: string, trace: ScenarioTrace) => boolean,
): Check {
  return check<GroupInvite>(statement, {
    trigger: (trace) =>
      restricted(trace).filter(({ originator, exchange }) => {
        const domain = originator === undefined ? undefined : sipUriOf(originator)?.host;
        const isAnswered = exchange.final !== undefined && trace.sutFile.xdm.kind === "scrim";
        return isAnswered && domain !== undefined && isMeant(domain.toLowerCase(), trace);
      }),
    judge: (invite, trace): Outcome => {
      const expected = `the profile of ${whose} is fetched from the XDM server of the user's domain`;
      const found = profileAsked(invite, trace);
      if (found === undefined) return missed(expected, "no GET of it", invite.exchange);
      const outcome = passed(expected, "a GET of it", invite.exchange);
      return { ...outcome, evidence: [{ seq: found.seq }, ...outcome.evidence] };
    },
  });
}

const isHome = (domain: string, { sutFile }: ScenarioTrace): boolean =>
  domain === sutFile.core.homeDomain.toLowerCase();

export const ageIsLookedUp = asked("7.2.2.9-4", "who joins", () => true);
export const ageOfOwnIsFetched = asked("7.2.2.9-4a", "a user of the own domain", isHome);
export const ageOfOthersIsFetched = asked(
  "7.2.2.9-4b",
  "a user of another domain",
  (domain, trace) => !isHome(domain, trace),
);
