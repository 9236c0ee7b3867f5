/** 6.1.2.2.3: a re-INVITE of the inviting side goes on to the client. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import { hasSameBody } from "./6.1.1.2.2-proxy.ts";
import { check, type Outcome } from "./check.ts";
import { endOf, missed, noted, passed, undecided } from "./outcome.ts";
import { isWaitedOut } from "./terminating-dialog.ts";
import { goodModifications, modifications, type Modification } from "./terminating-modification.ts";
import { compareMedia } from "./media-parameters.ts";
import { departureOf } from "./responses-by-rfc3261.ts";
import { isSuccess, fieldOf } from "./terminating-session.ts";

export const generalChecksOfModification = check<Modification>("6.1.2.2.3-1", {
  trigger: (trace) =>
    modifications(trace, "b2bua").filter(
      ({ grounds, isDisturbed }) => !isDisturbed && grounds.length === 1 && grounds[0] === "offer-refused",
    ),
  judge: ({ asked, onward }) => {
    const expected = "a re-INVITE for content that the operator refuses does not get to the client";
    if (onward !== undefined) return missed(expected, "it was sent on", asked, onward);
    if (asked.final === undefined) return undecided(expected, "no final response came", asked);
    return isSuccess(asked.final)
      ? missed(expected, endOf(asked), asked)
      : passed(expected, endOf(asked), asked);
  },
});

/** A refresh of the session timer changes nothing, and the leg of the client has a timer of its own. */
function expectOnward({ asked, onward, isRefresh }: Modification, trace: ScenarioTrace): Outcome {
  const expected = "a re-INVITE towards the client";
  if (onward !== undefined) return passed(expected, "it was sent", asked.request, onward.request);
  if (asked.final === undefined && !isWaitedOut(asked.request.at, trace))
    return undecided(expected, "the trace ends before it was due", asked);
  const actual = `none was sent: ${endOf(asked)}`;
  return isRefresh
    ? noted(expected, actual, "the session was only refreshed", asked)
    : missed(expected, actual, asked);
}

export const modificationGoesOn = check<Modification>("6.1.2.2.3-2", {
  trigger: (trace) => goodModifications(trace, "b2bua"),
  judge: expectOnward,
});

export const newMediaAreOffered = check<Modification & { readonly onward: Exchange }>("6.1.2.2.3-3", {
  trigger: (trace) =>
    sentOn(goodModifications(trace, "b2bua")).filter(
      ({ asked }) => descriptionIn(asked.request) !== undefined,
    ),
  judge: ({ asked, onward }) =>
    compareMedia("the SDP offer has the new Media Parameters", asked.request, onward.request),
});

type SentOn = Modification & { readonly onward: Exchange };

function sentOn(all: readonly Modification[]): readonly SentOn[] {
  return all.filter((one): one is SentOn => one.onward !== undefined);
}

/** Outside the dialog it would be an INVITE of another session. */
export const modificationInDialog = check<Modification>("6.1.2.2.3-4", {
  trigger: (trace) =>
    goodModifications(trace, "b2bua").filter(
      ({ onward, astray }) => onward !== undefined || astray !== undefined,
    ),
  judge: ({ asked, onward, astray, call }) => {
    const expected = `a re-INVITE in the dialog with the client, Call-ID ${call.further.id.callId}`;
    if (onward !== undefined) return passed(expected, "it was", asked.request, onward.request);
    const actual =
      astray === undefined
        ? "there is none"
        : `another dialog: ${fieldOf(astray.request.message, "Call-ID")}`;
    return missed(expected, actual, asked.request, astray?.request);
  },
});

export const proxyForwardsModification = check<Modification>("6.1.2.2.3-prx-1", {
  trigger: (trace) => goodModifications(trace, "proxy"),
  judge: (modification, trace) => {
    const { asked, onward } = modification;
    const outcome = expectOnward({ ...modification, isRefresh: false }, trace);
    if (onward !== undefined && !hasSameBody(asked.request, onward.request))
      return missed(outcome.expected, "its body was changed", asked.request, onward.request);
    return outcome.result === "pass"
      ? passed("the re-INVITE is forwarded", "it was", asked.request, onward?.request)
      : outcome;
  },
});

type Accepted = SentOn & { readonly okOfClient: NonNullable<Exchange["final"]> };

function accepted(trace: ScenarioTrace, by: "b2bua" | "proxy"): readonly Accepted[] {
  return sentOn(goodModifications(trace, by)).flatMap((one) => {
    const { final } = one.onward;
    return final !== undefined && isSuccess(final) ? [{ ...one, okOfClient: final }] : [];
  });
}

export const modificationOkIsBuilt = check<Accepted>("6.1.2.2.3-200-1", {
  trigger: (trace) =>
    accepted(trace, "b2bua").filter(({ asked }) => asked.final !== undefined && isSuccess(asked.final)),
  judge: ({ asked }) => {
    const expected = "a 2xx as RFC 3261 8.2.6 has it";
    const departure = asked.final && departureOf(asked.final, asked.request.message);
    return departure === undefined
      ? passed(expected, "no fault found", asked)
      : missed(expected, departure, asked);
  },
});

export const modifiedAnswerIsGiven = check<Accepted>("6.1.2.2.3-200-2", {
  trigger: (trace) =>
    accepted(trace, "b2bua").filter(
      ({ asked, okOfClient }) =>
        asked.final !== undefined &&
        isSuccess(asked.final) &&
        descriptionIn(asked.request) !== undefined &&
        descriptionIn(okOfClient) !== undefined,
    ),
  judge: ({ asked, okOfClient }) =>
    asked.final === undefined
      ? []
      : compareMedia("the SDP answer has the new Media Parameters", okOfClient, asked.final),
});

export const modificationOkGoesBack = check<Accepted>("6.1.2.2.3-200-3", {
  trigger: (trace) => accepted(trace, "b2bua"),
  judge: (modification, trace) => expectBack(modification, modification.okOfClient, trace),
});

/** The final response that came from the client goes to whoever asked. */
function expectBack(
  { asked, onward }: SentOn,
  { at, message }: NonNullable<Exchange["final"]>,
  trace: ScenarioTrace,
): Outcome {
  const expected = `final response ${message.status} towards the inviting side, as it came from the client`;
  if (asked.final === undefined)
    return isWaitedOut(at, trace)
      ? missed(expected, "no final response", asked, onward)
      : undecided(expected, "the trace ends before a final response", asked, onward);
  return asked.final.message.status === message.status
    ? passed(expected, endOf(asked), asked, onward)
    : missed(expected, endOf(asked), asked, onward);
}

export const proxyForwardsModificationOk = check<Accepted>("6.1.2.2.3-prx-2", {
  trigger: (trace) => accepted(trace, "proxy"),
  judge: (modification, trace) => expectBack(modification, modification.okOfClient, trace),
});

/** What a UAC has to deal with itself, or a proxy makes another of. */
const OF_ONE_HOP: ReadonlySet<number> = new Set([
  401, 407, 408, 420, 421, 422, 481, 482, 483, 487, 491, 494, 503,
]);

export const modificationRefusalGoesBack = check<SentOn>("6.1.2.2.3-fin", {
  trigger: (trace) =>
    sentOn([...goodModifications(trace, "b2bua"), ...goodModifications(trace, "proxy")]).filter(
      ({ onward: { final } }) =>
        final !== undefined && final.message.status >= 400 && !OF_ONE_HOP.has(final.message.status),
    ),
  judge: (modification, trace) => {
    const { final } = modification.onward;
    return final === undefined ? [] : expectBack(modification, final, trace);
  },
});
