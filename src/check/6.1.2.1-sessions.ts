/** The general checks of the terminating participating function, for INVITEs (clauses 6.1.2.1, 6.1.2.2.1, 6.1.2.2.2-1). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import { header } from "../wire/sip/headers.ts";
import { check, type Outcome } from "./check.ts";
import {
  endOf,
  expectStatus,
  expectThat,
  expectWarning,
  missed,
  noted,
  passed,
  undecided,
  withFacets,
} from "./outcome.ts";
import { publishedSettings } from "./published-settings.ts";
import {
  groundsAgainstSession,
  purposeOf,
  soleSessionGround,
  type SessionGround,
} from "./session-grounds.ts";
import { hasTired } from "./session-legs.ts";
import {
  deliverableSessions,
  expectInviteRefused,
  expectInviteSentOn,
  isOverdue,
  sessionArrivals,
  terminatingCalls,
  type TerminatingCall,
} from "./terminating-session.ts";

/** Those that only one of `grounds` speaks against. */
function refusable(trace: ScenarioTrace, ...grounds: readonly SessionGround[]): readonly Exchange[] {
  return sessionArrivals(trace).filter((exchange) => {
    const ground = soleSessionGround(exchange, trace);
    return ground !== undefined && grounds.includes(ground);
  });
}

function bars({ request }: Exchange, what: "sessions" | "messages", trace: ScenarioTrace): boolean {
  const settings = publishedSettings(request.message.uri, request.seq, trace);
  return what === "sessions"
    ? settings?.barSessions === true && settings.barMessages === false
    : settings?.barMessages === true && settings.barSessions === false;
}

export const sessionBarringChecked = check("6.1.2.1-1a", {
  facets: ["session"],
  trigger: (trace) => [
    ...refusable(trace, "barred"),
    ...deliverableSessions(trace).filter((exchange) => bars(exchange, "messages", trace)),
  ],
  judge: (exchange, trace) =>
    soleSessionGround(exchange, trace) === "barred"
      ? expectInviteRefused("an INVITE to a user who bars sessions is not let through", exchange, trace)
      : expectInviteSentOn("an INVITE to a user who bars messages only is let through", exchange, trace),
});

export const barredInvite403 = check("6.1.2.1-1b", {
  facets: ["session"],
  trigger: (trace) => refusable(trace, "barred"),
  judge: expectForbidden,
});

function expectForbidden(exchange: Exchange, trace: ScenarioTrace): Outcome {
  if (exchange.final === undefined && !isOverdue(exchange.request.at, trace))
    return undecided("final response 403", "the trace ends before a final response", exchange);
  return expectStatus(exchange, [403], trace.complete);
}

type Answered = Exchange & { readonly final: NonNullable<Exchange["final"]> };

function answeredWith(exchanges: readonly Exchange[], status: number): readonly Answered[] {
  return exchanges.filter((exchange): exchange is Answered => exchange.final?.message.status === status);
}

export const barredInviteWarning = check<Answered>("6.1.2.1-1c", {
  facets: ["session"],
  trigger: (trace) => answeredWith(refusable(trace, "barred"), 403),
  judge: ({ final }) => expectWarning(final, 127),
});

export const accessRuleConference = check("6.1.2.1-2d", {
  facets: ["session"],
  trigger: (trace) => refusable(trace, "policy-rejects"),
  judge: (exchange, trace) =>
    expectInviteRefused("the rule for message-session is applied to a conference's INVITE", exchange, trace),
});

export const rejectedInviteNotDelivered = check("6.1.2.1-rej-0", {
  facets: ["session"],
  trigger: (trace) => refusable(trace, "policy-rejects"),
  judge: (exchange, trace) => {
    const expected = "an INVITE that the access policy rejects does not reach the user";
    const onward = trace.onwardOf(exchange);
    if (onward !== undefined) return missed(expected, "it was sent on", exchange.request, onward.request);
    return trace.absenceProven(exchange.request.at)
      ? passed(expected, `nothing was sent on: ${endOf(exchange)}`, exchange)
      : undecided(expected, "nothing was sent on, but no window of silence proves it", exchange);
  },
});

export const rejectedInvite403 = check("6.1.2.1-rej-a", {
  facets: ["session"],
  trigger: (trace) => refusable(trace, "policy-rejects"),
  judge: expectForbidden,
});

export const rejectedInviteWarning = check<Answered>("6.1.2.1-rej-b", {
  facets: ["session"],
  trigger: (trace) => answeredWith(refusable(trace, "policy-rejects"), 403),
  judge: ({ final }) => expectWarning(final, 122),
});

export const offerChecked = check("6.1.2.1-3b-1", {
  facets: ["session"],
  trigger: (trace) => [
    ...refusable(trace, "offer-refused"),
    ...deliverableSessions(trace).filter(
      (exchange) =>
        descriptionIn(exchange.request) !== undefined &&
        (trace.onwardOf(exchange) !== undefined || exchange.final?.message.status === 488),
    ),
  ],
  judge: (exchange, trace) =>
    soleSessionGround(exchange, trace) === "offer-refused"
      ? expectInviteRefused(
          "an INVITE for content that the operator refuses is not let through",
          exchange,
          trace,
        )
      : expectInviteSentOn("an INVITE for content that the operator takes is let through", exchange, trace),
});

/** What a=max-size of an offer says is what its sender takes: a limit on what is sent need not be a limit on that. */
export const refusedOffer488 = check("6.1.2.1-3b-2", {
  facets: ["session"],
  trigger: (trace) => refusable(trace, "offer-refused", "offer-too-large"),
  judge: (exchange, trace) => {
    const outcome =
      exchange.final === undefined && !isOverdue(exchange.request.at, trace)
        ? undecided("final response 488", "the trace ends before a final response", exchange)
        : expectStatus(exchange, [488], trace.complete);
    const isSize = soleSessionGround(exchange, trace) === "offer-too-large";
    return isSize && outcome.result === "miss"
      ? noted(
          outcome.expected,
          endOf(exchange),
          "the limit is not applied to a=max-size of an offer",
          exchange,
        )
      : outcome;
  },
});

/** The carrier is not named: a description (RFC 3261 11.2), a Warning (20.43), or both. */
export const refusedOfferExplained = check<Answered>("6.1.2.1-3b-3", {
  facets: ["session"],
  trigger: (trace) => answeredWith(refusable(trace, "offer-refused", "offer-too-large"), 488),
  judge: ({ request, final }) => {
    const expected = "the 488 tells the size and the content that are supported";
    const media = descriptionIn(final)?.media ?? [];
    const tells = media.some(({ acceptTypes, maxSize }) => acceptTypes.length > 0 && maxSize !== undefined);
    if (tells) return passed(expected, "a description with both", request, final);
    const warning = header(final.message, "Warning");
    if (warning === undefined && media.length === 0)
      return missed(expected, "neither a description nor a Warning", request, final);
    const actual = warning === undefined ? "a description without both" : `Warning: ${warning}`;
    return noted(expected, actual, "the carrier is not named", request, final);
  },
});

export const generalChecksFirst = check("6.1.2.2.2-1", {
  trigger: (trace) => refusable(trace, "barred", "policy-rejects", "offer-refused"),
  judge: (exchange, trace) =>
    expectInviteRefused("what 6.1.2.1 refuses does not get to the client", exchange, trace),
});

/** A large message is sent in a session of its own, and barred by the settings of messages: by that it shows whether the tag was looked at. */
export const largeMessageTagChecked = check("6.1.2.2.1-1", {
  trigger: (trace) => [
    ...sessionArrivals(trace).filter((exchange) => isLarge(exchange, trace)),
    ...deliverableSessions(trace).filter((exchange) => bars(exchange, "messages", trace)),
  ],
  judge: (exchange, trace) => {
    if (!groundsAgainstSession(exchange, trace).includes("large-message"))
      return expectInviteSentOn("a session is not barred by the settings of messages", exchange, trace);
    return groundsAgainstSession(exchange, trace).includes("barred")
      ? expectInviteRefused("a large message is barred by the settings of messages", exchange, trace)
      : expectInviteSentOn("a large message is not barred by the settings of sessions", exchange, trace);
  },
});

/** Nothing else is against it, and one of the two settings bars. */
function isLarge(exchange: Exchange, trace: ScenarioTrace): boolean {
  const grounds = groundsAgainstSession(exchange, trace);
  return (
    grounds.includes("large-message") &&
    grounds.every((ground) => ground === "large-message" || ground === "barred") &&
    (bars(exchange, "sessions", trace) || bars(exchange, "messages", trace))
  );
}

/** A proxy may make another of these (RFC 3261 16.7), a B2BUA has to deal with them itself, and 487 is the word of whoever gave up. */
const OF_ONE_HOP: ReadonlySet<number> = new Set([401, 407, 408, 420, 421, 422, 482, 483, 487, 491, 494, 503]);

/** The final response that came to the server, which had not tired of waiting for it, and which goes on. */
function answeredByUser(trace: ScenarioTrace): readonly TerminatingCall[] {
  const arrived = sessionArrivals(trace);
  return terminatingCalls(trace).filter((call) => {
    const { taken, sent } = call;
    const status = sent.final?.message.status;
    const isRedirection = status !== undefined && status >= 300 && status < 400;
    return (
      arrived.includes(taken) &&
      status !== undefined &&
      !hasTired(call, trace) &&
      !isRedirection &&
      !OF_ONE_HOP.has(status)
    );
  });
}

export const finalResponseToInvite = check<TerminatingCall>("6.1.2.1-fin", {
  trigger: answeredByUser,
  judge: (call, trace) => withFacets(expectFinalBack(call, trace), purposeOf(call.taken, trace)),
});

function expectFinalBack({ taken, sent }: TerminatingCall, trace: ScenarioTrace): Outcome {
  const status = sent.final?.message.status ?? 0;
  const expected = `final response ${status}, as it came from the client`;
  if (taken.final === undefined)
    return isOverdue(sent.final?.at ?? 0, trace)
      ? missed(expected, "no final response towards the originator", taken, sent)
      : undecided(expected, "the trace ends before a final response", taken, sent);
  return expectThat(taken.final.message.status === status, expected, endOf(taken), taken, sent);
}
