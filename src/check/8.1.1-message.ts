/** The MESSAGE of a client, header by header (clause 8.1.1). Whom it goes to is in 8.1.1-destination.ts, what it brings in 8.1.1-content.ts. */
import type { Exchange } from "../trace/scenario-trace.ts";
import { header, toOf } from "../wire/sip/headers.ts";
import type { Outcome } from "./check.ts";
import { ofEachMessage, ofMessagesWith } from "./client-messages.ts";
import { expectClientRelease } from "./client-release.ts";
import { judgeSentToCore } from "./client-view.ts";
import { asksAnonymity, hasFeatureTag, IM_FEATURE_TAG } from "./pager-message.ts";
import { expectThat, missed, passed } from "./outcome.ts";

/** RFC 3261 8.1.1; RFC 3428 4 adds nothing to it. */
const MANDATORY = ["To", "From", "CSeq", "Call-ID", "Max-Forwards", "Via"];

export const messageWellFormed = ofEachMessage("8.1.1-0", judgeWellFormed);

function judgeWellFormed({ request }: Exchange): Outcome {
  const { message } = request;
  const expected = `a MESSAGE with ${MANDATORY.join(", ")}, without Contact and outside any dialog`;
  const complaints = [
    ...MANDATORY.filter((name) => header(message, name) === undefined).map((name) => `no ${name}`),
    // RFC 3428 4, 9: no Contact in MESSAGE, nor in its responses.
    ...(header(message, "Contact") === undefined ? [] : ["a Contact"]),
    ...(toOf(message)?.tag === undefined ? [] : ["a tag in To"]),
    ...(message.body.length > 0 && header(message, "Content-Type") === undefined
      ? ["a body without Content-Type"]
      : []),
  ];
  return complaints.length === 0
    ? passed(expected, "so it is", request)
    : missed(expected, complaints.join(", "), request);
}

export const messageAcceptContact = ofEachMessage("8.1.1-1", ({ request }) =>
  expectThat(
    hasFeatureTag(request.message, IM_FEATURE_TAG),
    "Accept-Contact with +g.oma.sip-im",
    `Accept-Contact: ${header(request.message, "Accept-Contact") ?? "none"}`,
    request,
  ),
);

export const messageUserAgent = ofEachMessage("8.1.1-2", ({ request }) => expectClientRelease(request));

export const messagePrivacyId = ofMessagesWith(
  "8.1.1-3",
  ({ anonymous }) => anonymous,
  ({ exchange: { request } }) =>
    expectThat(
      asksAnonymity(request.message),
      "Privacy with the value id",
      `Privacy: ${header(request.message, "Privacy") ?? "none"}`,
      request,
    ),
);

export const messageToCore = ofEachMessage("8.1.1-10", judgeSentToCore);
