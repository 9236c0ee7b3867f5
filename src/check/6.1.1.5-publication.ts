/** A PUBLISH of service settings and its answer (clause 6.1.1.5, steps 3, 4 and 6). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { expiresOf, header } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Outcome } from "./check.ts";
import { refusesAuthority } from "./originating-message.ts";
import { endOf, expectThat, expectWarning, missed, noted, undecided } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { faultlessPublications, isAccepted, publications, publicationsWith } from "./publication.ts";
import { answeredWith, expectOwnAnswer } from "./server-answers.ts";

export const publisherAuthorised = check("6.1.1.5-3a", {
  trigger: faultlessPublications,
  judge: (exchange): Outcome => {
    const expected = "a user who may publish settings is not refused for want of authority";
    const { final } = exchange;
    if (final === undefined) return undecided(expected, "no final response came", exchange);
    if (isAccepted(exchange) || refusesAuthority(final.message))
      return expectThat(isAccepted(exchange), expected, endOf(exchange), exchange);
    return undecided(expected, `refused for another reason: ${endOf(exchange)}`, exchange);
  },
});

function unauthorised(trace: ScenarioTrace): readonly Exchange[] {
  return publicationsWith("not-authorised-to-publish", trace);
}

export const unauthorisedPublisher403 = check("6.1.1.5-3b", {
  trigger: unauthorised,
  judge: (exchange, trace) => expectOwnAnswer(exchange, 403, trace),
});

export const unauthorisedPublisherWarning = check("6.1.1.5-3c", {
  trigger: (trace) => unauthorised(trace).flatMap((exchange) => answeredWith(exchange, 403, trace)),
  judge: ({ final }) => expectWarning(final, 127),
});

/** What RFC 3903 says to each kind of request. */
export const publishProcessed = check("6.1.1.5-4a", {
  trigger: (trace) => [
    ...faultlessPublications(trace)
      .filter(isAccepted)
      .map((exchange) => ({ exchange, judge: judgeAccepted })),
    ...publicationsWith("entity-tag-unknown", trace).map((exchange) => ({ exchange, judge: expect412 })),
    ...[...publicationsWith("another-type", trace), ...publicationsWith("document-unreadable", trace)].map(
      (exchange) => ({ exchange, judge: expectFailure }),
    ),
  ],
  judge: ({ exchange, judge }, trace) => judge(exchange, trace),
});

/** RFC 3903 6, steps 4 and 6: an entity tag that was never given before, and a lifetime that is not above the one asked for. */
function judgeAccepted(exchange: Exchange, trace: ScenarioTrace): Outcome {
  const { request, final } = exchange;
  const asked = readable(() => expiresOf(request.message), undefined);
  const limit = asked === undefined ? "" : ` of at most ${asked} s`;
  const expected = `a SIP-ETag of its own, and Expires${limit} (RFC 3903 6)`;
  if (final === undefined) return undecided(expected, "no final response came", exchange);
  const granted = readable(() => expiresOf(final.message), undefined);
  const tag = header(final.message, "SIP-ETag");
  const isOld = tag !== undefined && tagsGivenBefore(exchange, trace).includes(tag);
  return expectThat(
    tag !== undefined && !isOld && granted !== undefined && granted <= (asked ?? Infinity),
    expected,
    `SIP-ETag: ${tag ?? "none"}${isOld ? ", as before" : ""}, Expires: ${header(final.message, "Expires") ?? "none"}`,
    exchange,
  );
}

function tagsGivenBefore({ request }: Exchange, trace: ScenarioTrace): readonly string[] {
  return publications(trace)
    .filter(
      (other) =>
        other.request.seq < request.seq &&
        sameAddressOfRecord(other.request.message.uri, request.message.uri),
    )
    .flatMap(({ final }) => (final === undefined ? [] : (header(final.message, "SIP-ETag") ?? [])));
}

function expect412(exchange: Exchange, trace: ScenarioTrace): Outcome {
  return expectOwnAnswer(exchange, 412, trace);
}

function expectFailure(exchange: Exchange, trace: ScenarioTrace): Outcome {
  const expected = "a failure response to a body that is no settings document, such as 415 or 400";
  if (exchange.final === undefined)
    return trace.complete
      ? missed(expected, "no final response within the response guard", exchange)
      : undecided(expected, "the trace ends before a final response", exchange);
  return expectThat(exchange.final.message.status >= 400, expected, endOf(exchange), exchange);
}

export const publish200 = check("6.1.1.5-6", {
  trigger: (trace) => [...faultlessPublications(trace), ...publicationsWith("brief", trace)],
  judge: (exchange, trace): Outcome =>
    exchange.final?.message.status === 423 && publicationsWith("brief", trace).includes(exchange)
      ? noted("final response 200", endOf(exchange), "the server finds the lifetime too brief", exchange)
      : expectOwnAnswer(exchange, 200, trace),
});
