/** A client leaves the IM service, or the core (clause 5.2.3). */
import type { Stimulated } from "../trace/event.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { expiresOf, header } from "../wire/sip/headers.ts";
import { check } from "./check.ts";
import { clientRegistrations, endsRegistration, hasImFeatureTag } from "./client-registrations.ts";
import { expectClientRelease } from "./client-release.ts";
import { askedOfClient, neverSent, nextAsked, sentByClient } from "./client-view.ts";
import { expectRequirePref } from "./5.2.1-registration.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";

/** The last REGISTER that an action led to: one before it may have been challenged. */
function registerAfter(stimulus: Stimulated, trace: ScenarioTrace): Exchange | undefined {
  const until = nextAsked(stimulus, trace)?.seq ?? Number.POSITIVE_INFINITY;
  return sentByClient("REGISTER", trace).findLast(
    ({ request }) => request.seq > stimulus.seq && request.seq < until && request.phase !== "postamble",
  );
}

export const leaveByRegister = check("5.2.3-1", {
  trigger: (trace) =>
    clientRegistrations(trace)
      .filter(({ step }) => step === "leaving" || step === "ending")
      .map(({ exchange }) => exchange),
  judge: (exchange) => {
    const lacking = [expectRequirePref(exchange), expectClientRelease(exchange.request)]
      .filter(({ result }) => result !== "pass")
      .map(({ actual }) => actual);
    const expected = "a REGISTER that leaves, with Require: pref and the release in User-Agent";
    return lacking.length === 0
      ? passed(expected, "both are there", exchange.request)
      : missed(expected, lacking.join("; "), exchange.request);
  },
});

export const leaveWithoutFeatureTag = check("5.2.3-2", {
  trigger: (trace) => askedOfClient("leave-im-service", trace),
  judge: (stimulus, trace) => {
    const expected = "a registration that goes on, with a Contact without +g.oma.sip-im";
    const sent = registerAfter(stimulus, trace);
    if (sent === undefined) return neverSent(stimulus, expected, `REGISTER of ${stimulus.actor}`, trace);
    const { message } = sent.request;
    if (endsRegistration(message))
      return missed(expected, "the REGISTER ends the registration with the core too", sent.request);
    return expectThat(
      !hasImFeatureTag(message),
      expected,
      `Contact: ${header(message, "Contact") ?? "none"}`,
      sent.request,
    );
  },
});

export const deregisterSent = check("5.2.3-3a", {
  trigger: (trace) => askedOfClient("deregister", trace),
  judge: (stimulus, trace) => {
    const expected = "a REGISTER when the client leaves the core";
    const sent = registerAfter(stimulus, trace);
    return sent === undefined
      ? neverSent(stimulus, expected, `REGISTER of ${stimulus.actor}`, trace)
      : passed(expected, "it was sent", sent.request);
  },
});

export const deregisterExpiresZero = check<Exchange>("5.2.3-3b", {
  trigger: (trace) =>
    askedOfClient("deregister", trace).flatMap((stimulus) => registerAfter(stimulus, trace) ?? []),
  judge: ({ request }) => {
    const expected = "Expires: 0";
    const actual = `Expires: ${header(request.message, "Expires") ?? "none"}`;
    if (expiresOf(request.message) === 0) return passed(expected, actual, request);
    return endsRegistration(request.message)
      ? noted(expected, actual, "expires=0 stands on Contact alone, which RFC 3261 10.2.2 allows", request)
      : missed(expected, actual, request);
  },
});
