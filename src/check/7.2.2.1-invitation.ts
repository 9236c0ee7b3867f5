/** 7.2.2.1: the INVITE of the controlling function to a user, header by header. */
import { header } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Check, type Outcome } from "./check.ts";
import {
  adHocSetUps,
  agreedIdentity,
  focusContactOf,
  invitesOfFocus,
  type ConferenceInvite,
  type SetUp,
} from "./conference.ts";
import { expectThat, missed, undecided } from "./outcome.ts";
import { hasFeatureTag, IM_FEATURE_TAG } from "./pager-message.ts";

function ofEachInvitation(statement: string, judge: (invite: ConferenceInvite) => Outcome): Check {
  return check<ConferenceInvite>(statement, { trigger: invitesOfFocus, judge });
}

export const acceptContactOfInvitation = ofEachInvitation("7.2.2.1-1", ({ exchange: { request } }) => {
  const value = header(request.message, "Accept-Contact");
  return expectThat(
    hasFeatureTag(request.message, IM_FEATURE_TAG),
    `Accept-Contact: *;${IM_FEATURE_TAG}`,
    value === undefined ? "no Accept-Contact header" : `Accept-Contact: ${value}`,
    request,
  );
});

/** Of users that the scenario knows: who else may be invited, a check cannot tell. */
export const requestUriOfInvitation = check<ConferenceInvite>("7.2.2.1-2", {
  trigger: invitesOfFocus,
  judge: ({ exchange: { request } }, trace) => {
    const { uri } = request.message;
    const user = trace.userOf(uri);
    const actual = `Request-URI ${uri}${user === undefined ? ", which is nobody's address" : ""}`;
    return expectThat(user !== undefined, "Request-URI: the IM Address of the invited user", actual, request);
  },
});

interface Told {
  readonly setUp: SetUp;
  readonly invitation: ConferenceInvite;
}

export const identityInInvitation = check<Told>("7.2.2.1-6a", {
  trigger: (trace) =>
    adHocSetUps(trace).flatMap((setUp) => setUp.invitations.map((invitation) => ({ setUp, invitation }))),
  judge: ({ setUp, invitation: { exchange, request } }) => {
    const expected = "Contact: the IM Session Identity";
    const contact = focusContactOf(request);
    if (contact === undefined) return missed(expected, "no Contact that can be read", exchange.request);
    if (sameAddressOfRecord(contact.uri, setUp.request.uri))
      return missed(expected, `Contact: <${contact.uri}>, the URI of the service`, exchange.request);
    const identity = agreedIdentity(setUp);
    if (identity === undefined)
      return undecided(expected, "the messages of the session name different identities", exchange.request);
    const actual = `Contact: <${contact.uri}>`;
    return expectThat(
      sameAddressOfRecord(contact.uri, identity),
      `${expected}, <${identity}>`,
      actual,
      exchange.request,
    );
  },
});

function contactParameter(statement: string, parameter: string): Check {
  return ofEachInvitation(statement, ({ exchange: { request } }) => {
    const contact = focusContactOf(request.message);
    const actual =
      contact === undefined
        ? "no Contact that can be read"
        : `Contact: <${contact.uri}> with ${[...contact.params].join(", ") || "no parameter"}`;
    return expectThat(contact?.params.has(parameter) === true, `Contact with ${parameter}`, actual, request);
  });
}

export const featureTagInInvitation = contactParameter("7.2.2.1-6b", IM_FEATURE_TAG);
export const focusInInvitation = contactParameter("7.2.2.1-6c", "isfocus");
