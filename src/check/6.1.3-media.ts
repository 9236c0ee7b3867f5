/** 6.1.3: the participating functions in the path of the media, and past it. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { uriKey } from "../trace/session/media-sessions.ts";
import { modifications } from "./6.1.1.2.4-modification.ts";
import { check, type Outcome } from "./check.ts";
import {
  changesPath,
  hasMisbehaviour,
  isNearEnd,
  isSameMessage,
  mediaCalls,
  messagesFrom,
  messagesTo,
  participatingCalls,
  passages,
  type MediaLegs,
  type Passage,
} from "./media-legs.ts";
import { isLate, isSuccess } from "./originating-session.ts";
import { missed, noted, passed } from "./outcome.ts";
import { pathsIn } from "./passed-description.ts";
import { dialogWith, otherSide, type Side } from "./session-legs.ts";

const offering = (trace: ScenarioTrace): readonly MediaLegs[] =>
  participatingCalls(trace).filter(({ call }) => changesPath(call) !== undefined);

export const staysInPath = check<MediaLegs>("6.1.3-1", {
  trigger: offering,
  judge: ({ of, call: { taken, sent, isB2bua, ...call } }) =>
    noted(
      "the function may stay in the path of the media, and need not",
      `the ${of} function ${changesPath({ taken, sent, isB2bua, ...call }) === true ? "is in it" : "is not"}`,
      "MAY",
      taken.request,
      sent.request,
    ),
});

/** Each end of the session has the server for its other end, and nobody behind it (RFC 4976 would make a relay of it). */
export const isBackToBack = check<MediaLegs>("6.1.3-2", {
  trigger: (trace) => offering(trace).filter(({ call }) => isInPath(call.taken, call.sent)),
  judge: ({ call: { taken, sent } }): Outcome => {
    const expected = "the paths that each end is given are of the server alone";
    const inOffer = common(taken.request, sent.request);
    if (inOffer !== undefined)
      return missed(expected, `the offer that went on still has ${inOffer}`, taken.request, sent.request);
    const [came, went] = [sent.final, taken.final];
    if (came === undefined || went === undefined || !isSuccess(came) || !isSuccess(went))
      return passed(expected, "so is that of the offer", taken.request, sent.request);
    const inAnswer = common(came, went);
    return inAnswer === undefined
      ? passed(expected, "so they are", sent.request, went)
      : missed(expected, `the answer that went back still has ${inAnswer}`, came, went);
  },
});

type Carrier = Parameters<typeof pathsIn>[0];

function common(before: Carrier, after: Carrier): string | undefined {
  const kept = new Set(pathsIn(after));
  return pathsIn(before).find((uri) => kept.has(uri));
}

/** In the offer or in the answer, something is another than it was. */
function isInPath(taken: Exchange, sent: Exchange): boolean {
  const isChanged = (before: Carrier | undefined, after: Carrier | undefined): boolean =>
    before !== undefined &&
    after !== undefined &&
    pathsIn(after).length > 0 &&
    pathsIn(before).join() !== pathsIn(after).join();
  return isChanged(taken.request, sent.request) || isChanged(sent.final, taken.final);
}

interface Arrival {
  readonly legs: MediaLegs;
  readonly at: Side;
  readonly message: SessionMessage;
}

/** What the server sent, where there are several sessions that it may have come of. */
export const sessionsAreKeptApart = check<Arrival>("6.1.3-3", {
  trigger: (trace) => {
    const calls = mediaCalls(trace);
    if (calls.length < 2) return [];
    return calls.flatMap((legs) =>
      (["caller", "callee"] as const).flatMap((at) =>
        messagesTo(legs, at, trace).map((message) => ({ legs, at, message })),
      ),
    );
  },
  judge: ({ legs, at, message }, trace): Outcome | readonly Outcome[] => {
    const expected = "what is sent to an end of a session comes of the other end of that session";
    const cameHere = messagesFrom(legs, otherSide(at), trace).find((one) => isSameMessage(one, message));
    if (cameHere !== undefined) return outcome("pass", expected, "so it does", cameHere, message);
    const elsewhere = mediaCalls(trace)
      .filter(({ call }) => call !== legs.call)
      .flatMap((other) => (["caller", "callee"] as const).flatMap((side) => messagesFrom(other, side, trace)))
      .find((one) => isSameMessage(one, message));
    // What neither end sent may be the server's own, and what is cut off cannot be told.
    return elsewhere === undefined
      ? []
      : outcome("miss", expected, "it came of another session", elsewhere, message);
  },
});

/** Complete, and taken by the server, or refused for no reason that there can be; nobody about to leave. */
function due(trace: ScenarioTrace): readonly Passage[] {
  if (hasMisbehaviour(trace)) return [];
  return passages(trace).filter(
    ({ taken, sent }) =>
      taken.flag === "$" && (taken.status === 200 || (sent === undefined && isBound(taken))),
  );
}

/** No response at all, or that there is no such session, method or sense in it (RFC 4975 10). */
function isBound({ status }: SessionMessage): boolean {
  return status === undefined || UNFOUNDED.has(status);
}

const UNFOUNDED: ReadonlySet<number> = new Set([400, 481, 501, 506]);

const GOES_ON = "the message goes on to the other end, at the address that it gave";

function expectArrival(passage: Passage, trace: ScenarioTrace): Outcome {
  const { legs, from, taken, sent } = passage;
  const expected = GOES_ON;
  if (sent === undefined) {
    const end = taken.chunks.at(-1)?.request.at ?? taken.at;
    const isDue = (taken.status === 200 || isBound(taken)) && !hasMisbehaviour(trace);
    const said = taken.status === undefined ? "no response came" : `${taken.status} came`;
    return isDue && isLate(end, trace) && !isNearEnd(passage, trace)
      ? outcome("miss", expected, `it did not: ${said}`, taken)
      : outcome("inconclusive", expected, "the trace, or the session, ends before it could", taken);
  }
  const ends = endsOf(legs, otherSide(from));
  return ends.has(uriKey(sent.to))
    ? outcome("pass", expected, "it did", taken, sent)
    : outcome("miss", expected, `it went to ${sent.to}`, taken, sent);
}

/** URIs that the end of that side has given. */
function endsOf({ call }: MediaLegs, side: Side): ReadonlySet<string> {
  const dialog = dialogWith(call, side);
  const paths = dialog.agreements.flatMap(({ offer, answer }) =>
    [offer, answer].flatMap((description) => (description === undefined ? [] : pathsIn(description.record))),
  );
  return new Set(paths);
}

export function outcome(
  result: Outcome["result"],
  expected: string,
  actual: string,
  ...seen: readonly SessionMessage[]
): Outcome {
  const evidence = seen.map(({ seq }) => ({ seq }));
  return { result, expected, actual, evidence, ...(result === "inconclusive" ? { note: actual } : {}) };
}

export const messagesOfClient = check<Passage>("6.1.3-4", {
  trigger: (trace) => due(trace).filter(({ from, legs }) => from === legs.client),
  judge: expectArrival,
});

export const messagesToClient = check<Passage>("6.1.3-5", {
  trigger: (trace) => due(trace).filter(({ from, legs }) => from !== legs.client),
  judge: expectArrival,
});

/** What comes after a change that both ends have agreed on: to an address that nobody is at it cannot go on. */
export const newParametersAreUsed = check<Passage>("6.1.1.2.4-200-2", {
  trigger: (trace) => {
    const changes = modifications(trace).flatMap(({ call, taken, sent }) =>
      taken.final !== undefined &&
      isSuccess(taken.final) &&
      sent?.final !== undefined &&
      isSuccess(sent.final)
        ? [{ call, seq: taken.final.seq }]
        : [],
    );
    return passages(trace).filter(
      ({ legs, taken }) =>
        taken.flag === "$" &&
        changes.some(({ call, seq }) => call.taken === legs.call.taken && seq < taken.seq),
    );
  },
  judge: (passage, trace): Outcome => {
    const { status } = passage.taken;
    return status !== undefined && NOBODY.has(status)
      ? outcome("miss", GOES_ON, `it was refused with ${status}`, passage.taken)
      : expectArrival(passage, trace);
  },
});

/** RFC 4975 7.2: no such session, or one of another connection. */
const NOBODY: ReadonlySet<number> = new Set([481, 506]);
