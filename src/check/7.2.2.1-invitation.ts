/** 7.2.2.1: the INVITE of the controlling function to a user, header by header. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { header } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Check, type Outcome } from "./check.ts";
import {
  agreedIdentity,
  attemptedSetUps,
  focusContactOf,
  invitesOfFocus,
  invitesToFocus,
  setUps,
  type ConferenceInvite,
  type SetUp,
} from "./conference.ts";
import { isSameUser } from "./conference-members.ts";
import { originatorOf } from "./grounds.ts";
import { expectThat, missed, passed, undecided } from "./outcome.ts";
import { hasFeatureTag, IM_FEATURE_TAG } from "./pager-message.ts";
import { referrals } from "./referred-users.ts";

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

/** Whomever somebody asked for, or who was in by itself before; of a session that the record does not know, any user. */
export const requestUriOfInvitation = check<ConferenceInvite>("7.2.2.1-2", {
  trigger: invitesOfFocus,
  judge: ({ exchange: { request } }, trace) => {
    const { uri } = request.message;
    const expected = "Request-URI: the IM Address of the invited user";
    const asked = thoseAskedFor(request.seq, trace);
    const isAsked = asked.some((one) => isSameUser(one, uri, trace));
    if (isAsked || (asked.length === 0 && trace.userOf(uri) !== undefined))
      return passed(expected, `Request-URI ${uri}`, request);
    const whose =
      trace.userOf(uri) === undefined ? "nobody's address" : "that of a user whom nobody asked for";
    return missed(expected, `Request-URI ${uri}, which is ${whose}`, request);
  },
});

/** Until that place of the record: of lists, of groups as their documents were, of REFERs; and who sent an INVITE. */
function thoseAskedFor(seq: number, trace: ScenarioTrace): readonly string[] {
  const setUps = attemptedSetUps(trace).filter(({ exchange }) => exchange.request.seq < seq);
  if (setUps.length === 0) return [];
  const members = trace.events.flatMap((event) =>
    event.type === "provisioned" && event.item.kind === "group" ? event.item.members : [],
  );
  const came = invitesToFocus(trace).flatMap(({ request, exchange }) =>
    exchange.request.seq < seq ? (originatorOf(request) ?? []) : [],
  );
  const referred = referrals(trace).flatMap(({ users, exchange }) =>
    exchange.request.seq < seq ? users : [],
  );
  return [...setUps.flatMap(({ listed }) => listed), ...members, ...came, ...referred];
}

interface Told {
  readonly setUp: SetUp;
  readonly invitation: ConferenceInvite;
}

export const identityInInvitation = check<Told>("7.2.2.1-6a", {
  trigger: (trace) =>
    setUps(trace).flatMap((setUp) => setUp.invitations.map((invitation) => ({ setUp, invitation }))),
  judge: ({ setUp, invitation: { exchange, request } }, trace) => {
    const expected = "Contact: the IM Session Identity";
    const contact = focusContactOf(request);
    if (contact === undefined) return missed(expected, "no Contact that can be read", exchange.request);
    if (isService(contact.uri, setUp, trace))
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

/** By which session a group is known, the server says; that of a factory is one of many. */
function isService(uri: string, { kind, request }: SetUp, { sutFile }: ScenarioTrace): boolean {
  const factory = sutFile.server?.serviceUris.conferenceFactory;
  return [factory, kind === "group" ? undefined : request.uri].some(
    (service) => service !== undefined && sameAddressOfRecord(uri, service),
  );
}

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
