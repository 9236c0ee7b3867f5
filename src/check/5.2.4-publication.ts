/** The PUBLISH of service settings, header by header (clause 5.2.4). What it brings is in 5.2.4-settings.ts. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import {
  acceptContactOf,
  eventOf,
  expiresOf,
  fromOf,
  header,
  preferredIdentities,
} from "../wire/sip/headers.ts";
import { check, type Outcome } from "./check.ts";
import { clientRegistrations, grantedSeconds, isAccepted } from "./client-registrations.ts";
import { expectClientRelease } from "./client-release.ts";
import { isClientUser, judgeSentToCore } from "./client-view.ts";
import { IM_FEATURE_TAG } from "./pager-message.ts";
import { expectThat, missed, passed } from "./outcome.ts";
import { settingsPublications } from "./settings-document.ts";

export const publishOfSettings = check("5.2.4-1", {
  trigger: settingsPublications,
  judge: (exchange, trace) => {
    const { message } = exchange.request;
    const tag = tagInForce(exchange, trace);
    const given = header(message, "SIP-If-Match");
    if (tag === undefined)
      return expectThat(
        given === undefined && message.body.length > 0,
        "an initial PUBLISH, with a document and without SIP-If-Match (RFC 3903 4.2)",
        `SIP-If-Match: ${given ?? "none"}, ${message.body.length} bytes of body`,
        exchange.request,
      );
    return expectThat(
      given?.trim() === tag,
      `SIP-If-Match: ${tag}, the entity tag of the publication that is refreshed or changed (RFC 3903 4.3, 4.4)`,
      `SIP-If-Match: ${given ?? "none"}`,
      exchange.request,
    );
  },
});

/** The entity tag that the server gave last, unless the publication has run out, was lost, or went with the registration since. */
function tagInForce(exchange: Exchange, trace: ScenarioTrace): string | undefined {
  const { seq, at } = exchange.request;
  const before = settingsPublications(trace).filter(({ final }) => final !== undefined && final.seq < seq);
  const last = before.at(-1);
  const accepted = before.findLast(isAccepted);
  if (accepted?.final === undefined || last?.final?.message.status === 412) return undefined;
  const from = accepted.final;
  const renewed = clientRegistrations(trace).some(
    (each) => each.step !== "renewal" && isAccepted(each.exchange) && isBetween(each.exchange, from.seq, seq),
  );
  const ends = from.at + (expiresOf(from.message) ?? Number.POSITIVE_INFINITY) * 1000;
  return renewed || at >= ends ? undefined : header(from.message, "SIP-ETag")?.trim();
}

function isBetween({ final, request }: Exchange, from: number, to: number): boolean {
  return request.seq > from && final !== undefined && final.seq < to;
}

export const publishRequestUri = check("5.2.4-2", {
  trigger: settingsPublications,
  judge: ({ request }, trace) =>
    expectThat(
      isClientUser(request.message.uri, trace),
      "the IM Address of the user as Request-URI",
      `Request-URI ${request.message.uri}`,
      request,
    ),
});

export const publishOriginator = check("5.2.4-3", {
  trigger: settingsPublications,
  judge: ({ request }, trace) => {
    const preferred = preferredIdentities(request.message).map(({ uri }) => uri);
    const from = fromOf(request.message)?.uri;
    const told = preferred.length > 0 ? preferred : [from];
    return expectThat(
      told.some((uri) => isClientUser(uri, trace)),
      "the IM Address of the user in P-Preferred-Identity, or without that header in From",
      preferred.length > 0 ? `P-Preferred-Identity: ${preferred.join(", ")}` : `From: ${from ?? "none"}`,
      request,
    );
  },
});

export const publishAcceptContact = check("5.2.4-4", {
  trigger: settingsPublications,
  judge: ({ request }) =>
    expectThat(
      acceptContactOf(request.message).some(({ features }) => features.has(IM_FEATURE_TAG)),
      "Accept-Contact with +g.oma.sip-im",
      `Accept-Contact: ${header(request.message, "Accept-Contact") ?? "none"}`,
      request,
    ),
});

export const publishUserAgent = check("5.2.4-5", {
  trigger: settingsPublications,
  judge: ({ request }) => expectClientRelease(request),
});

export const publishEvent = check("5.2.4-6", {
  trigger: settingsPublications,
  judge: ({ request }) =>
    expectThat(
      eventOf(request.message)?.type === "poc-settings",
      "Event: poc-settings",
      `Event: ${header(request.message, "Event") ?? "none"}`,
      request,
    ),
});

export const publishExpires = check("5.2.4-7", {
  trigger: settingsPublications,
  judge: judgeExpires,
});

/** The range is not quantified: half to twice what the core granted passes. */
function judgeExpires({ request }: Exchange, trace: ScenarioTrace): Outcome {
  const seconds = expiresOf(request.message);
  const granted = grantedSeconds(request.seq, trace);
  const expected = `Expires in the range of the registration's ${granted ?? ""} seconds`;
  if (seconds === undefined) return missed(expected, "no Expires header", request);
  if (granted === undefined) return passed("an Expires header", `Expires: ${seconds}`, request);
  // RFC 3903 4.5: zero removes the publication.
  if (seconds === 0) return passed("Expires: 0 to remove the publication", "Expires: 0", request);
  return expectThat(
    seconds >= granted / 2 && seconds <= granted * 2,
    expected,
    `Expires: ${seconds}`,
    request,
  );
}

export const publishToCore = check("5.2.4-9", {
  trigger: settingsPublications,
  judge: judgeSentToCore,
});
