/** 6.1.2.2.2: the 200 that the terminating participating function gives to the inviting side when its user has accepted. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord, sameUri } from "../wire/sip/uri.ts";
import { sessionExpiresOf, type SessionExpires } from "../wire/sip/session-fields.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { focusContactOf } from "./conference.ts";
import { expectThat, missed, noted, passed, undecided } from "./outcome.ts";
import { IM_FEATURE_TAG, readable } from "./pager-message.ts";
import { departureOf } from "./responses-by-rfc3261.ts";
import {
  foreignIdentity,
  hasImContact,
  hidesIdentity,
  identitiesOf,
  lists,
  listsUsualMethods,
  USUAL_METHODS,
} from "./session-fields.ts";
import { acceptedCalls, expectRelease, fieldOf, soFar, type AcceptedCall } from "./terminating-session.ts";

function ofOk(
  statement: string,
  judge: (call: AcceptedCall, trace: ScenarioTrace) => Outcome,
  applies: (call: AcceptedCall) => boolean = () => true,
): Check {
  return check<AcceptedCall>(statement, {
    trigger: (trace) => acceptedCalls(trace).filter(applies),
    judge,
  });
}

export const okByRfc3261 = ofOk("6.1.2.2.2-200-1", ({ taken, ok }) => {
  const expected = "a 2xx as RFC 3261 8.2.6 and 13.3.1.4 have it";
  const departure = departureOf(ok, taken.request.message);
  return departure === undefined
    ? passed(expected, "no fault found", ok)
    : missed(expected, departure, taken.request, ok);
});

export const identityInOk = ofOk(
  "6.1.2.2.2-200-2",
  ({ ok, okOfClient }, trace) => {
    const wanted = identitiesOf(okOfClient.message)[0] ?? "";
    const told = identitiesOf(ok.message);
    const expected = `the identity that the client's 200 asserted, ${wanted}`;
    const actual = fieldOf(ok.message, "P-Asserted-Identity");
    const isIts = told.some((uri) => sameAddressOfRecord(uri, wanted));
    if (isIts && foreignIdentity(told, wanted, trace) === undefined)
      return passed(expected, actual, okOfClient, ok);
    return missed(expected, actual, okOfClient, ok);
  },
  ({ okOfClient }) => identitiesOf(okOfClient.message).length > 0,
);

export const privacyInOk = ofOk(
  "6.1.2.2.2-200-3",
  ({ taken, ok }) =>
    expectThat(
      hidesIdentity(ok.message),
      "Privacy with id, for the INVITE asked for it",
      fieldOf(ok.message, "Privacy"),
      taken.request,
      ok,
    ),
  ({ taken }) => hidesIdentity(taken.request.message),
);

export const timerInOk = ofOk("6.1.2.2.2-200-4", ({ ok }) => {
  const expected = "Require with timer";
  if (lists(ok.message, "Require", "timer")) return passed(expected, fieldOf(ok.message, "Require"), ok);
  const actual = `${fieldOf(ok.message, "Require")}; ${fieldOf(ok.message, "Supported")}`;
  return lists(ok.message, "Supported", "timer")
    ? noted(expected, actual, "RFC 4028 asks for it in Require only where the other end refreshes", ok)
    : missed(expected, actual, ok);
});

/** RFC 4028 9 leaves the UAS no choice where the UAC said that it refreshes. */
export const sessionExpiresInOk = ofOk("6.1.2.2.2-200-5", ({ taken, ok }) => {
  const expected = "Session-Expires with refresher=uas";
  const actual = fieldOf(ok.message, "Session-Expires");
  const told = expiresIn(ok.message);
  if (told?.refresher === "uas") return passed(expected, actual, ok);
  return told !== undefined && expiresIn(taken.request.message)?.refresher === "uac"
    ? noted(expected, actual, "the INVITE asked for refresher=uac, as RFC 4028 has it", taken.request, ok)
    : missed(expected, actual, ok);
});

function expiresIn(message: SipMessage): SessionExpires | undefined {
  return readable((): SessionExpires | undefined => sessionExpiresOf(message), undefined);
}

export const allowInOk = ofOk("6.1.2.2.2-200-7", (call) => {
  const told = soFar(call).find(({ message }) => listsUsualMethods(message));
  return expectThat(
    told !== undefined,
    `Allow with the methods that the server supports, ${USUAL_METHODS.join(", ")} at least, here or in a provisional response`,
    fieldOf((told ?? call.ok).message, "Allow"),
    told ?? call.ok,
  );
});

export const releaseInOk = ofOk("6.1.2.2.2-200-8", (call) => expectRelease("Server", soFar(call), call.ok));

/** What is sent to that Contact later shows whom it identifies. */
export const contactOfServerInOk = ofOk("6.1.2.2.2-200-9a", ({ session, ok, okOfClient }) => {
  const expected = "Contact with a URI of this server, for requests in the dialog";
  const [own, clients] = [focusContactOf(ok.message)?.uri, focusContactOf(okOfClient.message)?.uri];
  const actual = fieldOf(ok.message, "Contact");
  if (own === undefined) return missed(expected, actual, ok);
  if (clients !== undefined && isSame(own, clients))
    return missed(expected, `the client's own: ${actual}`, okOfClient, ok);
  const addressed = session.requests
    .flatMap(({ hops }) => hops)
    .filter(({ request }) => request.seq > ok.seq && isSame(request.message.uri, own));
  const reached = addressed.find(({ way }) => way === "to-sut");
  if (reached !== undefined)
    return passed(expected, `${actual}; what was sent to it came to the server`, ok, reached.request);
  // The core sends it on by its Request-URI.
  const elsewhere = addressed.find(
    ({ way, request }) => way === "within" && request.nodeKind === "core" && request.direction === "out",
  );
  return elsewhere === undefined
    ? undecided(expected, "nothing was sent to that Contact", ok)
    : missed(expected, `${actual}; what was sent to it went elsewhere`, ok, elsewhere.request);
});

function isSame(one: string, other: string): boolean {
  return readable(() => sameUri(one, other), one === other);
}

export const contactTagInOk = ofOk("6.1.2.2.2-200-9b", ({ ok }) =>
  expectThat(hasImContact(ok.message), `Contact with ${IM_FEATURE_TAG}`, fieldOf(ok.message, "Contact"), ok),
);
