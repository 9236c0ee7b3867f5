/** 5.7.4: what a participating function in the path of the media leaves as it is. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { msrpHeader } from "../wire/msrp/headers.ts";
import { outcome } from "./6.1.3-media.ts";
import { check, type Outcome } from "./check.ts";
import { isNearEnd, passages, type Passage } from "./media-legs.ts";
import { isLate } from "./originating-session.ts";
import { OF_SESSION } from "./session-media.ts";

interface Passed extends Passage {
  readonly sent: SessionMessage;
}

function passed(trace: ScenarioTrace): readonly Passed[] {
  return passages(trace).flatMap((one) => (one.sent === undefined ? [] : [{ ...one, sent: one.sent }]));
}

/** What each hop writes for itself (RFC 4975 5, 7.1.1). */
const OF_ONE_HOP: ReadonlySet<string> = new Set([
  "to-path",
  "from-path",
  "message-id",
  "byte-range",
  "failure-report",
]);

export const sendsAreUnchanged = check<Passed>("5.7.4-1a", {
  trigger: (trace) => passed(trace).filter(({ taken, sent }) => taken.flag === "$" && sent.flag === "$"),
  judge: ({ taken, sent }): Outcome => {
    const expected = "the same content and header fields, those of the hop aside";
    const departures = [...changedFields(taken, sent), ...changedBody(taken, sent)];
    return departures.length === 0
      ? outcome("pass", expected, "so it is", taken, sent)
      : outcome("miss", expected, departures.join("; "), taken, sent);
  },
});

function changedFields(taken: SessionMessage, sent: SessionMessage): readonly string[] {
  const [before, after] = [taken, sent].map(fieldsOf);
  const names = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  return [...names].flatMap((name) => {
    const [was, is] = [before?.get(name), after?.get(name)];
    return was === is || isDefault(name, was, is) ? [] : [`${name}: ${is ?? "none"}, not ${was ?? "none"}`];
  });
}

/** Of the first chunk; each may repeat them. */
function fieldsOf({ chunks }: SessionMessage): ReadonlyMap<string, string> {
  const headers = chunks[0]?.request.head.headers ?? [];
  return new Map(
    headers
      .map(({ name, value }) => [name.toLowerCase(), value.trim().replaceAll(/\s+/gu, " ")] as const)
      .filter(([name]) => !OF_ONE_HOP.has(name)),
  );
}

/** RFC 4975 7.1.1: what is not said is `no`. */
function isDefault(name: string, was: string | undefined, is: string | undefined): boolean {
  return name === "success-report" && (was ?? "no").toLowerCase() === (is ?? "no").toLowerCase();
}

function changedBody(taken: SessionMessage, sent: SessionMessage): readonly string[] {
  const [before, after] = [taken.body, sent.body];
  if (before === undefined || after === undefined || Buffer.from(before).equals(after)) return [];
  return [`another body, ${after.length} octets after ${before.length}`];
}

/** RFC 4975 has responses hop by hop: who has answered already tells of a failure by REPORT. */
export const responsesPass = check<Passed>("5.7.4-1b", {
  trigger: (trace) =>
    passed(trace).filter(({ taken, sent }) => sent.status !== undefined && wantsFailures(taken)),
  judge: (passage, trace): Outcome | readonly Outcome[] => {
    const { taken, sent } = passage;
    const came = sent.status ?? 0;
    const expected = `response ${came} to the sender, or a report of it`;
    const told = [taken.status, ...taken.reports.map(({ status }) => status)].flatMap((one) => one ?? []);
    const failure = told.find((status) => status !== 200);
    // RFC 4975 7.2: what is said of the session, or of the time, is the server's own; a session that is being left is no occasion.
    if (came === 200 && failure !== undefined && OF_SESSION.has(failure))
      return isNearEnd(passage, trace)
        ? []
        : outcome("inconclusive", expected, `${failure}, which is of the session`, sent, taken);
    if (came === 200)
      return failure === undefined || taken.flag !== "$"
        ? outcome("pass", expected, `${taken.status ?? "no response"}`, sent, taken)
        : outcome("miss", expected, `${failure} where the other end took it`, sent, taken);
    if (failure === came) return outcome("pass", expected, `${failure}`, sent, taken);
    if (failure !== undefined)
      return {
        ...outcome("noted", expected, `${failure}`, sent, taken),
        note: "responses are hop by hop (RFC 4975 5.1.1): another failure tells the same",
      };
    return isLate(answeredAt(sent), trace) && !isNearEnd(passage, trace)
      ? outcome("miss", expected, `${taken.status ?? "no response"}, and no report`, sent, taken)
      : outcome("inconclusive", expected, "the trace, or the session, ends before one", sent, taken);
  },
});

/** When the last of its responses came. */
function answeredAt({ chunks, at }: SessionMessage): number {
  return Math.max(at, ...chunks.map(({ response }) => response?.at ?? at));
}

/** Failure-Report: no asks not to be told; the default is yes. */
function wantsFailures({ chunks }: SessionMessage): boolean {
  const head = chunks[0]?.request.head;
  return head !== undefined && (msrpHeader(head, "Failure-Report") ?? "yes").trim().toLowerCase() === "yes";
}

export const reportsPass = check<Passed>("5.7.4-1c", {
  trigger: (trace) =>
    passed(trace).filter(({ sent }) =>
      sent.reports.some(({ status, record }) => status !== undefined && record.way === "to-sut"),
    ),
  judge: (passage, trace): Outcome => {
    const { taken, sent } = passage;
    const came = sent.reports.filter(({ record }) => record.way === "to-sut").map(({ status }) => status);
    const expected = `REPORT with ${came.join(", ")} to the sender`;
    const told = taken.reports.map(({ status }) => status);
    if (came.every((status) => told.includes(status)))
      return outcome("pass", expected, "so it was", sent, taken);
    const at = sent.reports.at(-1)?.record.at ?? sent.at;
    return isLate(at, trace) && !isNearEnd(passage, trace)
      ? outcome(
          "miss",
          expected,
          told.length === 0 ? "no REPORT" : `REPORT with ${told.join(", ")}`,
          sent,
          taken,
        )
      : outcome("inconclusive", expected, "the trace, or the session, ends before one", sent, taken);
  },
});
