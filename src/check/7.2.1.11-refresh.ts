/** 7.2.1.11 and 7.2.1.1, step 3: the session timer of the controlling function (RFC 4028). */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { header } from "../wire/sip/headers.ts";
import { tagOfTo } from "../trace/session/journeys.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { sessionExpiresOf } from "../wire/sip/session-fields.ts";
import { mayRefresh } from "./7.2.1.1-answer-fields.ts";
import { check } from "./check.ts";
import { controllingHop, invitesOfFocus, invitesToFocus, type ConferenceInvite } from "./conference.ts";
import { expectThat, missed, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { releaseCauses } from "./release-causes.ts";
import { staysIn } from "./session-stays.ts";
import { closingOf, SLACK } from "./waiting-time.ts";

function expiresIn({
  message,
}: SipRecord): { readonly interval: number; readonly refresher?: string } | undefined {
  return readable(() => sessionExpiresOf(message), undefined);
}

/** Requests within a dialog of the function, on its hop. */
function within(
  { session }: ConferenceInvite,
  methods: readonly string[],
  way: Exchange["way"],
): readonly Exchange[] {
  return session.requests
    .filter(({ method }) => methods.includes(method))
    .flatMap((journey) => controllingHop(journey, way) ?? []);
}

function successOf({ responses }: Exchange): SipRecord<SipResponse> | undefined {
  return responses.find(({ message: { status } }) => status >= 200 && status < 300);
}

/** re-INVITEs that name a session interval, and were taken. */
function refreshes(
  trace: ScenarioTrace,
): readonly { readonly asked: Exchange; readonly taken: SipRecord<SipResponse> }[] {
  return [...invitesToFocus(trace), ...invitesOfFocus(trace)]
    .flatMap((invite) => within(invite, ["INVITE"], "to-sut"))
    .flatMap((asked) => {
      const taken = successOf(asked);
      const names = header(asked.request.message, "Session-Expires") !== undefined;
      return taken === undefined || !names ? [] : [{ asked, taken }];
    });
}

export const refresherOfRefresh = check<ReturnType<typeof refreshes>[number]>("7.2.1.11-1a", {
  trigger: (trace) => refreshes(trace).filter(({ asked }) => mayRefresh(asked.request.message)),
  judge: ({ taken }) => {
    const value = header(taken.message, "Session-Expires");
    return expectThat(
      expiresIn(taken)?.refresher === "uac",
      "Session-Expires with refresher=uac",
      value === undefined ? "no Session-Expires header" : `Session-Expires: ${value}`,
      taken,
    );
  },
});

/** A dialog with a user, with the times at which its interval was agreed on, and how it ended. */
interface Timed {
  readonly invite: ConferenceInvite;
  /** Each from its 2xx on; milliseconds. */
  readonly agreed: readonly { readonly from: SipRecord; readonly at: number; readonly lengthMs: number }[];
  /** BYE, on the hop of the function. */
  readonly removal: Exchange | undefined;
  readonly leaving: Exchange | undefined;
}

/** Where each answer told the interval, and that the client is the one to refresh. Default: of those who came of their own accord. */
function timed(trace: ScenarioTrace, invites = invitesToFocus(trace)): readonly Timed[] {
  return invites.flatMap((invite) => {
    if (invite.accepted === undefined) return [];
    const asked = (["to-sut", "from-sut"] as const).flatMap((way) =>
      within(invite, ["INVITE", "UPDATE"], way),
    );
    // What was refused refreshes nothing; of what was not answered it cannot be told.
    if (asked.some(({ final }) => final === undefined)) return [];
    const answers = [invite.exchange, ...asked].flatMap(({ way, responses }) => {
      const from = responses.find(({ message: { status } }) => status >= 200 && status < 300);
      return from === undefined ? [] : [{ from, client: way === "to-sut" ? "uac" : "uas" }];
    });
    const agreed = answers.flatMap(({ from, client }) => {
      const said = expiresIn(from);
      return said?.refresher === client ? [{ from, at: from.at, lengthMs: said.interval * 1000 }] : [];
    });
    if (agreed.length < answers.length) return [];
    const [removal] = within(invite, ["BYE"], "from-sut");
    const [leaving] = within(invite, ["BYE"], "to-sut");
    return [{ invite, agreed, removal, leaving }];
  });
}

/** RFC 4028 10: the BYE may come before, by a third of the interval or 32 seconds. */
const EARLY_MS = 32_000;

interface Overdue extends Timed {
  readonly last: Timed["agreed"][number];
  readonly deadline: number;
}

/** Sessions in which nothing was refreshed until after the deadline. */
function overdue(trace: ScenarioTrace, invites = invitesToFocus(trace)): readonly Overdue[] {
  return timed(trace, invites).flatMap((one) => {
    const last = one.agreed.at(-1);
    if (last === undefined) return [];
    const deadline = last.at + last.lengthMs * (1 + SLACK);
    const leftAt = one.leaving?.request.at ?? Infinity;
    // What ended it before the timer could is not for that statement to judge.
    if ((one.removal?.request.at ?? Infinity) < earliest(last)) return [];
    if (Math.min(leftAt, closingOf(trace)) <= deadline) {
      // It was removed before: by the timer, unless something else wanted it.
      const removedAt = one.removal?.request.at ?? Infinity;
      const isByTimer = removedAt < leftAt && removedAt >= earliest(last) && !isReleased(one, trace);
      return isByTimer ? [{ ...one, last, deadline }] : [];
    }
    return [{ ...one, last, deadline }];
  });
}

function earliest({ at, lengthMs }: Timed["agreed"][number]): number {
  return at + (lengthMs - Math.max(EARLY_MS, lengthMs / 3)) * (1 - SLACK);
}

/** Something else than the timer ends the session, or may have. */
function isReleased({ invite, removal }: Timed, trace: ScenarioTrace): boolean {
  if (removal === undefined) return false;
  const { seq: at } = removal.request;
  return (
    releaseCauses(trace).some(
      ({ setUp, seq }) => seq < at && staysIn(setUp, trace).some(({ session }) => session === invite.session),
    ) || invite.session.requests.some(({ method, seq }) => method === "REFER" && seq < at)
  );
}

function judgeExpiry({ last, deadline, removal }: Overdue): ReturnType<typeof missed> {
  const seconds = last.lengthMs / 1000;
  const expected = `BYE when ${seconds} s have passed without a refresh`;
  if (removal !== undefined && removal.request.at <= deadline)
    return passed(
      expected,
      `BYE after ${Math.round((removal.request.at - last.at) / 1000)} s`,
      last.from,
      removal,
    );
  return missed(expected, removal === undefined ? "no BYE" : "a BYE that came later", last.from, removal);
}

export const unrefreshedIsEnded = check<Overdue>("7.2.1.11-2", { trigger: overdue, judge: judgeExpiry });

/** That the timer has been running since the 200 shows when nothing follows it. */
export const timerRunsFromAnswer = check<Overdue>("7.2.1.1-3b", {
  trigger: (trace) => overdue(trace).filter(({ agreed }) => agreed.length === 1),
  judge: judgeExpiry,
});

/** The same of those who were invited. */
export const timerRunsFromAcceptance = check<Overdue>("7.2.2.1-200-1", {
  trigger: (trace) =>
    overdue(trace, invitesOfFocus(trace)).filter(({ agreed, invite: { exchange } }) => {
      // One that a far end repeats is the same; of forks each has a time of its own.
      const ends = exchange.responses.filter(({ message: { status } }) => status >= 200);
      return agreed.length === 1 && new Set(ends.map(({ message }) => tagOfTo(message))).size === 1;
    }),
  judge: judgeExpiry,
});

interface Restarted extends Timed {
  readonly before: Timed["agreed"][number];
  readonly since: Timed["agreed"][number];
}

/** When all leave at the end of a scenario, the last is removed for that. */
function removedBeforeClosing({ removal }: Timed): number {
  return removal === undefined || removal.request.phase === "postamble" ? Infinity : removal.request.at;
}

export const timerIsRestarted = check<Restarted>("7.2.1.11-1b", {
  trigger: (trace) =>
    timed(trace).flatMap((one) =>
      one.agreed.slice(1).flatMap((since, index) => {
        const before = one.agreed[index];
        const until = Math.min(closingOf(trace), one.leaving?.request.at ?? Infinity);
        const removedAt = removedBeforeClosing(one);
        const isRemoved = removedAt > since.at && removedAt < earliest(since);
        const isTold =
          before !== undefined && (isRemoved || until > before.at + before.lengthMs * (1 + SLACK));
        return isTold && !isReleased(one, trace) ? [{ ...one, before, since }] : [];
      }),
    ),
  judge: (one) => {
    const { before, since, removal } = one;
    const expected = `the session goes on: it was refreshed, for ${since.lengthMs / 1000} s`;
    const gone = removedBeforeClosing(one);
    const isEarly = gone < earliest(since);
    const after = Math.round((gone - before.at) / 1000);
    return isEarly
      ? missed(expected, `BYE ${after} s after the timer began for the time before`, since.from, removal)
      : passed(expected, "it went on beyond the time before", before.from, since.from);
  },
});
