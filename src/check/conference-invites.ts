/** INVITEs outside any dialog between the core and the controlling function, either way, and what they name in Contact (7.2.1, 7.2.2). */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import type { InviteSession } from "../trace/session/invite-sessions.ts";
import type { Journey } from "../trace/session/journeys.ts";
import { contactsOf } from "../wire/sip/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { readable } from "./pager-message.ts";

/** An INVITE outside any dialog that the core gave to the controlling function, or that the function sent. */
export interface ConferenceInvite {
  readonly session: InviteSession;
  /** On the hop between the core and the function. */
  readonly exchange: Exchange;
  readonly request: SipRequest;
  readonly accepted: SipRecord<SipResponse> | undefined;
}

export function controllingHop({ hops }: Journey, way: Exchange["way"]): Exchange | undefined {
  return hops.find((hop) => hop.way === way && hop.request.serverFunction === "controlling");
}

/** Whether the function sent the INVITE; one that came to it may have left the SUT before, at a participating function. */
export function isInvitedByFocus({ invite }: InviteSession): boolean {
  return controllingHop(invite, "from-sut") !== undefined;
}

/** In the order in which they came. */
export function invitesToFocus(trace: ScenarioTrace): readonly ConferenceInvite[] {
  return invitesOf(trace, "to-sut");
}

export function invitesOfFocus(trace: ScenarioTrace): readonly ConferenceInvite[] {
  return invitesOf(trace, "from-sut");
}

function invitesOf(trace: ScenarioTrace, way: "to-sut" | "from-sut"): readonly ConferenceInvite[] {
  return trace.sessionMode.invites.flatMap((session) => {
    const exchange = controllingHop(session.invite, way);
    if (exchange === undefined) return [];
    const accepted = exchange.responses.find(({ message }) => message.status >= 200 && message.status < 300);
    return [{ session, exchange, request: exchange.request.message, accepted }];
  });
}

export interface FocusContact {
  readonly uri: string;
  /** Names of its parameters, in lower case. */
  readonly params: ReadonlySet<string>;
}

export function focusContactOf(message: SipMessage): FocusContact | undefined {
  const [contact] = readable(() => contactsOf(message), []);
  if (contact === undefined) return undefined;
  return { uri: contact.uri, params: new Set([...contact.params.keys()].map((name) => name.toLowerCase())) };
}

/** Whether the message has that URI in Contact. */
export function isContactOf(message: SipMessage | undefined, uri: string): boolean {
  const named = message && focusContactOf(message)?.uri;
  return named !== undefined && sameAddressOfRecord(named, uri);
}
