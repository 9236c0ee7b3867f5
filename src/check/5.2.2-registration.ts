/** Re-registration, challenges, and the publication that follows (clause 5.2.2). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { challengesOf, credentialsOf, eventOf } from "../wire/sip/headers.ts";
import { check, type Outcome } from "./check.ts";
import { clientRegistrations, isAccepted } from "./client-registrations.ts";
import { expectClientRelease } from "./client-release.ts";
import { clientUser, driverAnswer, sentByClient } from "./client-view.ts";
import { expectFeatureTag, expectHomeDomain, expectRequirePref } from "./5.2.1-registration.ts";
import { endOf, expectThat, missed, passed } from "./outcome.ts";

export const reRegisterAsRegister = check("5.2.2-1", {
  trigger: (trace) =>
    clientRegistrations(trace)
      .filter(({ step }) => step === "renewal")
      .map(({ exchange }) => exchange),
  judge: (exchange, trace) => {
    const expected = "a re-registration with the feature tag, Require: pref and release, to the core";
    const asked = [
      expectFeatureTag(exchange),
      expectRequirePref(exchange),
      expectClientRelease(exchange.request),
      expectHomeDomain(exchange, trace),
    ];
    const lacking = asked.filter(({ result }) => result !== "pass").map(({ actual }) => actual);
    return lacking.length === 0
      ? passed(expected, "all of it is there", exchange.request)
      : missed(expected, lacking.join("; "), exchange.request);
  },
});

export const registerCredentials = check("5.2.2-2", {
  trigger: (trace) => sentByClient("REGISTER", trace).filter(isChallenged),
  judge: judgeChallenged,
});

/** A 401 or 407 to a REGISTER that brought no credentials for that nonce yet; one that refuses them is the answer, not the question. */
function isChallenged({ request, final }: Exchange): boolean {
  const status = final?.message.status;
  return (status === 401 || status === 407) && credentialsIn({ request }).length === 0;
}

function credentialsIn({ request }: Pick<Exchange, "request">): ReturnType<typeof credentialsOf> {
  return ["Authorization", "Proxy-Authorization"].flatMap((name) => credentialsOf(request.message, name));
}

function judgeChallenged(challenged: Exchange, trace: ScenarioTrace): Outcome | readonly Outcome[] {
  const expected = "the REGISTER again, with credentials that the core accepts";
  const next = sentByClient("REGISTER", trace).find(({ request }) => request.seq > challenged.request.seq);
  if (next === undefined)
    return gaveUp(challenged, trace) ? [missed(expected, "it was not sent again", challenged)] : [];
  if (credentialsIn(next).length === 0)
    return missed(expected, "sent again without credentials", challenged, next.request);
  if (next.final === undefined) return [];
  const refused = [401, 403, 407].includes(next.final.message.status) && !isStale(next);
  return expectThat(!refused, expected, `credentials sent; ${endOf(next)}`, challenged, next);
}

/** RFC 2617 3.2.1: the credentials were right, the nonce was old. */
function isStale({ final }: Exchange): boolean {
  if (final === undefined) return false;
  return ["WWW-Authenticate", "Proxy-Authenticate"]
    .flatMap((name) => challengesOf(final.message, name))
    .some((challenge) => challenge.params.get("stale")?.toLowerCase() === "true");
}

/** The client's driver says that registering is over, or the wait for its end ran out. */
function gaveUp(challenged: Exchange, trace: ScenarioTrace): boolean {
  const since = challenged.final?.at ?? challenged.request.at;
  const stimulus = trace.stimulusOf(challenged);
  const answer = stimulus === undefined ? undefined : driverAnswer(stimulus, trace);
  if (answer !== undefined && !answer.ok && answer.at >= since) return true;
  const actor = clientUser(trace)?.actor ?? "";
  return trace.absenceProven(since, `final response to REGISTER of ${actor}`);
}

export const publishAfterRegistration = check("5.2.2-3", {
  trigger: (trace) =>
    clientRegistrations(trace)
      .filter(({ step, exchange }) => step === "initial" && isAccepted(exchange))
      .map(({ exchange }) => exchange),
  judge: (registered, trace) => {
    const expected = "a PUBLISH of the settings after the initial registration";
    const since = registered.final ?? registered.request;
    const published = sentByClient("PUBLISH", trace).find(
      ({ request }) => request.seq > since.seq && eventOf(request.message)?.type !== "presence",
    );
    if (published !== undefined) return passed(expected, "it was sent", registered, published.request);
    const actor = clientUser(trace)?.actor ?? "";
    return trace.absenceProven(since.at, `PUBLISH of ${actor}`)
      ? missed(expected, "none came", registered)
      : [];
  },
});
