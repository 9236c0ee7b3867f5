/** 6.1.2.2.2, 2 to 11: what the INVITE says that the terminating participating function sends to its user. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { fromOf } from "../wire/sip/headers.ts";
import { sessionExpiresOf, type SessionExpires } from "../wire/sip/session-fields.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { focusContactOf } from "./conference.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";
import { IM_FEATURE_TAG, readable } from "./pager-message.ts";
import {
  foreignIdentity,
  hasImContact,
  hidesIdentity,
  identitiesOf,
  lists,
  listsUsualMethods,
  USUAL_METHODS,
} from "./session-fields.ts";
import { isLargeMessage, purposeOf } from "./session-grounds.ts";
import {
  b2buaCalls,
  deliverableSessions,
  expectInviteSentOn,
  expectRelease,
  fieldOf,
  terminatingCalls,
  type TerminatingCall,
} from "./terminating-session.ts";

/** The clause makes a B2BUA of the function always; 6.1.3 does not, and a proxy does its other steps not. */
export const inviteOfItsOwn = check("6.1.2.2.2-2", {
  trigger: deliverableSessions,
  judge: (exchange, trace): Outcome => {
    const expected = "an INVITE towards the client";
    const call = b2buaCalls(trace).find(({ taken }) => taken === exchange);
    const outcome = expectInviteSentOn(expected, exchange, trace);
    if (outcome.result !== "pass") return outcome;
    return call === undefined
      ? noted(expected, "it was passed on", "the function is a proxy", exchange.request)
      : passed(expected, "another INVITE was sent", exchange.request, call.sent.request);
  },
});

function ofInvite(
  statement: string,
  judge: (call: TerminatingCall, trace: ScenarioTrace) => Outcome,
  applies: (call: TerminatingCall) => boolean = () => true,
): Check {
  return check<TerminatingCall>(statement, {
    trigger: (trace) => b2buaCalls(trace).filter(applies),
    judge,
  });
}

export const privacyIsCarried = ofInvite(
  "6.1.2.2.2-3",
  ({ taken, sent }) =>
    expectThat(
      hidesIdentity(sent.request.message),
      "Privacy with id, as it came",
      fieldOf(sent.request.message, "Privacy"),
      taken.request,
      sent.request,
    ),
  ({ taken }) => hidesIdentity(taken.request.message),
);

/** A user has several identities: each of them is the user's. */
export const requestUriIsUser = check<TerminatingCall>("6.1.2.2.2-4", {
  trigger: (trace) =>
    b2buaCalls(trace).filter(({ taken }) => trace.userOf(taken.request.message.uri) !== undefined),
  judge: ({ taken, sent }, trace) => {
    const { uri } = taken.request.message;
    const user = trace.userOf(uri);
    return expectThat(
      trace.userOf(sent.request.message.uri) === user,
      `Request-URI with the IM Address of the invited user, ${user?.imAddress ?? uri}`,
      `Request-URI ${sent.request.message.uri}`,
      taken.request,
      sent.request,
    );
  },
});

export const releaseInInvite = ofInvite("6.1.2.2.2-6", ({ sent: { request } }) =>
  expectRelease("User-Agent", [request], request),
);

export const sessionExpiresInInvite = ofInvite("6.1.2.2.2-7", ({ sent: { request } }) => {
  const asked = readable((): SessionExpires | undefined => sessionExpiresOf(request.message), undefined);
  return expectThat(
    asked?.refresher === "uas",
    "Session-Expires with refresher=uas",
    fieldOf(request.message, "Session-Expires"),
    request,
  );
});

export const timerSupportedInInvite = ofInvite("6.1.2.2.2-8", ({ sent: { request } }) =>
  expectThat(
    lists(request.message, "Supported", "timer"),
    "Supported with timer",
    fieldOf(request.message, "Supported"),
    request,
  ),
);

export const allowInInvite = ofInvite("6.1.2.2.2-9", ({ sent: { request } }) =>
  expectThat(
    listsUsualMethods(request.message),
    `Allow with the methods that the server supports, ${USUAL_METHODS.join(", ")} at least`,
    fieldOf(request.message, "Allow"),
    request,
  ),
);

export const contactInInvite = ofInvite("6.1.2.2.2-10", ({ sent: { request } }) =>
  expectThat(
    focusContactOf(request.message) !== undefined,
    "a Contact header",
    fieldOf(request.message, "Contact"),
    request,
  ),
);

export const contactTagInInvite = ofInvite("6.1.2.2.2-10b", ({ sent: { request } }) =>
  expectThat(
    hasImContact(request.message),
    `Contact with ${IM_FEATURE_TAG}`,
    fieldOf(request.message, "Contact"),
    request,
  ),
);

/** The first is the IM Address by which the sender is known; a second, if there is one, is the same user's. */
export const originatorInInvite = ofInvite(
  "6.1.2.2.2-11",
  ({ taken, sent }, trace) => {
    const wanted = identitiesOf(taken.request.message)[0] ?? "";
    const told = identitiesOf(sent.request.message);
    const expected = `the Authenticated Originator's IM Address that came, ${wanted}`;
    const actual = fieldOf(sent.request.message, "P-Asserted-Identity");
    const from = readable(() => fromOf(sent.request.message)?.uri, undefined);
    if (foreignIdentity(told, wanted, trace) !== undefined)
      return missed(expected, actual, taken.request, sent.request);
    if (told.some((uri) => sameAddressOfRecord(uri, wanted)))
      return passed(expected, actual, taken.request, sent.request);
    if (told.length === 0 && hidesIdentity(taken.request.message))
      return noted(expected, actual, "the originator asked for privacy", taken.request, sent.request);
    if (told.length === 0 && from !== undefined && sameAddressOfRecord(from, wanted))
      return noted(expected, `${actual}; it stands in From`, "named in From", taken.request, sent.request);
    return missed(expected, actual, taken.request, sent.request);
  },
  ({ taken }) => identitiesOf(taken.request.message).length > 0,
);

/** 6.1.2.2.1: what has the tag of large messages keeps it, so that the client can tell; what has it not, does not get it. */
export const largeMessageTagKept = check<TerminatingCall>("6.1.2.2.1-1a", {
  trigger: (trace) =>
    terminatingCalls(trace).filter(
      ({ isB2bua, taken }) => isB2bua && purposeOf(taken, trace) === "large-message",
    ),
  judge: ({ taken, sent }) =>
    expectThat(
      isLargeMessage(sent.request.message),
      "the feature tag of large messages in Accept-Contact or Contact, as it came",
      `${fieldOf(sent.request.message, "Accept-Contact")}; ${fieldOf(sent.request.message, "Contact")}`,
      taken.request,
      sent.request,
    ),
});

export const sessionIsHandledAsSession = ofInvite("6.1.2.2.1-1b", ({ taken, sent }) =>
  expectThat(
    !isLargeMessage(sent.request.message),
    "an INVITE for a session, without the feature tag of large messages",
    `${fieldOf(sent.request.message, "Accept-Contact")}; ${fieldOf(sent.request.message, "Contact")}`,
    taken.request,
    sent.request,
  ),
);
