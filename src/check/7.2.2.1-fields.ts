/** 7.2.2.1: what the INVITE of the controlling function says of itself: release, session timer, methods, and that it is an INVITE by RFC 3261. */
import { tellsRelease } from "../spec/release-token.ts";
import { header, tokensOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sessionExpiresOf, type SessionExpires } from "../wire/sip/session-fields.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { invitesOfFocus, type ConferenceInvite } from "./conference.ts";
import { faultsOf } from "./message-faults.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";

export function ofEachInvitation(statement: string, judge: (invite: ConferenceInvite) => Outcome): Check {
  return check<ConferenceInvite>(statement, { trigger: invitesOfFocus, judge });
}

export function fieldOf(request: SipRequest, name: string): string {
  const value = header(request, name);
  return value === undefined ? `no ${name} header` : `${name}: ${value}`;
}

/** RFC 3261 8.1.1, 13.2.1: the grammar, the fields that each INVITE has, and no dialog yet. */
export const invitationByRfc3261 = ofEachInvitation("7.2.2.1-0", ({ exchange: { request } }) => {
  const expected = "an INVITE outside a dialog, as RFC 3261 8.1.1 and 13.2.1 have it";
  const [fault] = faultsOf(request.message);
  if (fault !== undefined) return missed(expected, fault.message, request);
  return passed(expected, "no fault found", request);
});

/** F.1 has it in User-Agent of requests; Server stands in its place in two clauses about requests of the server. */
export const releaseOfInvitation = ofEachInvitation("7.2.2.1-3", ({ exchange: { request } }) => {
  const expected = "User-Agent: IM-serv/OMA1.0, perhaps with more behind it";
  if (namesServer(header(request.message, "User-Agent")))
    return passed(expected, fieldOf(request.message, "User-Agent"), request);
  if (namesServer(header(request.message, "Server")))
    return noted(expected, fieldOf(request.message, "Server"), "the release stands in Server", request);
  return missed(expected, fieldOf(request.message, "User-Agent"), request);
});

function namesServer(value: string | undefined): boolean {
  return value !== undefined && tellsRelease(value.replace(/\s*\/\s*/u, "/"), "server");
}

export const sessionExpiresOfInvitation = ofEachInvitation("7.2.2.1-7", ({ exchange: { request } }) => {
  const asked = readable((): SessionExpires | undefined => sessionExpiresOf(request.message), undefined);
  return expectThat(
    asked?.refresher === "uas",
    "Session-Expires with refresher=uas",
    fieldOf(request.message, "Session-Expires"),
    request,
  );
});

export const timerSupportedInInvitation = ofEachInvitation("7.2.2.1-8", ({ exchange: { request } }) =>
  expectThat(
    tokensOf(request.message, "Supported").some((tag) => tag.toLowerCase() === "timer"),
    "Supported with timer",
    fieldOf(request.message, "Supported"),
    request,
  ),
);

/** All methods: how many those are, the server alone knows; an INVITE session has at least these (RFC 3261 13.2.1). */
const USUAL = ["INVITE", "ACK", "CANCEL", "BYE"];

export const allowInInvitation = ofEachInvitation("7.2.2.1-10", ({ exchange: { request } }) => {
  const methods = tokensOf(request.message, "Allow").map((method) => method.toUpperCase());
  return expectThat(
    USUAL.every((method) => methods.includes(method)),
    `Allow with all methods that the server supports, ${USUAL.join(", ")} at least`,
    fieldOf(request.message, "Allow"),
    request,
  );
});
