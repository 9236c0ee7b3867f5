/** A client registers the IM service with the core (clause 5.2.1). Re-registrations are 5.2.2's, what leaves is 5.2.3's. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { header, headerValues } from "../wire/sip/headers.ts";
import { sipUriOf } from "../wire/sip/uri.ts";
import { check, type Outcome } from "./check.ts";
import { clientRegistrations, hasImFeatureTag } from "./client-registrations.ts";
import { expectClientRelease } from "./client-release.ts";
import { askedOfClient, clientUser, judgeSentToCore, neverSent, sentByClient } from "./client-view.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";

const initial = (trace: ScenarioTrace): readonly Exchange[] =>
  clientRegistrations(trace)
    .filter(({ step }) => step === "initial")
    .map(({ exchange }) => exchange);

interface Succession {
  readonly before: Exchange;
  readonly after: Exchange;
}

export const registrationLifeCycle = check<Succession>("5.2.1-0", {
  trigger: (trace) => {
    const sent = sentByClient("REGISTER", trace);
    return sent.slice(1).flatMap((after, index) => {
      const before = sent[index];
      return before === undefined ? [] : [{ before, after }];
    });
  },
  judge: ({ before, after }) => judgeSuccession(before, after),
});

/** RFC 3261 10.2: CSeq MUST grow within a Call-ID, the Call-ID SHOULD stay. */
function judgeSuccession(before: Exchange, after: Exchange): Outcome {
  const expected = "the Call-ID of the REGISTER before, and a higher CSeq";
  const [earlier, later] = [before, after].map(({ request }) => ({
    call: header(request.message, "Call-ID") ?? "",
    number: Number.parseInt(header(request.message, "CSeq") ?? "", 10),
  }));
  if (earlier === undefined || later === undefined) return missed(expected, "no REGISTER", after.request);
  const actual = `Call-ID ${earlier.call}, CSeq ${earlier.number}; then ${later.call}, CSeq ${later.number}`;
  if (earlier.call !== later.call)
    return noted(expected, actual, "a new Call-ID: RFC 3261 10.2 says SHOULD of keeping it", after.request);
  return expectThat(later.number > earlier.number, expected, actual, before.request, after.request);
}

export const registerSent = check("5.2.1-1", {
  trigger: (trace) => askedOfClient("register", trace),
  judge: (stimulus, trace) => {
    const expected = "a REGISTER when the client starts";
    const sent = sentByClient("REGISTER", trace).find(({ request }) => request.seq > stimulus.seq);
    return sent === undefined
      ? neverSent(stimulus, expected, `REGISTER of ${stimulus.actor}`, trace)
      : passed(expected, "it was sent", sent.request);
  },
});

export const registerContactFeatureTag = check("5.2.1-2", {
  trigger: (trace) =>
    initial(trace).filter(({ request }) => header(request.message, "Contact") !== undefined),
  judge: expectFeatureTag,
});

export function expectFeatureTag({ request }: Exchange): Outcome {
  return expectThat(
    hasImFeatureTag(request.message),
    "Contact with the feature tag +g.oma.sip-im",
    `Contact: ${header(request.message, "Contact") ?? "none"}`,
    request,
  );
}

export const registerRequirePref = check("5.2.1-3", { trigger: initial, judge: expectRequirePref });

export function expectRequirePref({ request }: Exchange): Outcome {
  const required = headerValues(request.message, "Require");
  return expectThat(
    required.some((tag) => tag.toLowerCase() === "pref"),
    "Require: pref",
    required.length === 0 ? "no Require header" : `Require: ${required.join(", ")}`,
    request,
  );
}

export const registerUserAgent = check("5.2.1-4", {
  trigger: initial,
  judge: ({ request }) => expectClientRelease(request),
});

export const registerToCore = check("5.2.1-5", { trigger: initial, judge: expectHomeDomain });

/** RFC 3261 10.2: the Request-URI names the domain, without a user. */
export function expectHomeDomain(exchange: Exchange, trace: ScenarioTrace): Outcome {
  const reached = judgeSentToCore(exchange);
  if (reached.result !== "pass") return reached;
  const { message } = exchange.request;
  const domain = sipUriOf(clientUser(trace)?.imAddress ?? "")?.host ?? trace.sutFile.core.homeDomain;
  const uri = sipUriOf(message.uri);
  return expectThat(
    uri?.host.toLowerCase() === domain.toLowerCase() && uri.user === undefined,
    `REGISTER at the core for sip:${domain}`,
    `Request-URI ${message.uri}`,
    exchange.request,
  );
}
