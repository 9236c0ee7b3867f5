/** The REGISTERs of a client, each with what it is for: told by what was asked of the client, by Expires, and by what went before. */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { contactsOf, expiresOf, isContactStar } from "../wire/sip/headers.ts";
import type { SipMessage, SipRequest } from "../wire/sip/message.ts";
import { sentByClient } from "./client-view.ts";
import { IM_FEATURE_TAG } from "./pager-message.ts";

/** `leaving`: out of the IM service, the terminal stays with the core. `ending`: out of the core. */
export type RegistrationStep = "initial" | "renewal" | "leaving" | "ending";

export interface ClientRegistration {
  readonly exchange: Exchange;
  readonly step: RegistrationStep;
}

export function clientRegistrations(trace: ScenarioTrace): readonly ClientRegistration[] {
  let registered = false;
  return sentByClient("REGISTER", trace).map((exchange) => {
    const step = stepOf(exchange, registered, trace);
    if (isAccepted(exchange)) registered = step !== "ending";
    return { exchange, step };
  });
}

function stepOf(exchange: Exchange, registered: boolean, trace: ScenarioTrace): RegistrationStep {
  const { message } = exchange.request;
  if (endsRegistration(message)) return "ending";
  const asked = trace.stimulusOf(exchange)?.action;
  if (asked === "deregister") return "ending";
  if (asked === "leave-im-service") return "leaving";
  return registered ? "renewal" : "initial";
}

/** RFC 3261 10.2.2: by the header, or by the parameter of every Contact. */
export function endsRegistration(request: SipRequest): boolean {
  if (isContactStar(request)) return true;
  const contacts = contactsOf(request);
  if (contacts.length > 0 && contacts.every((contact) => contact.params.get("expires") === "0")) return true;
  return (
    expiresOf(request) === 0 &&
    contacts.every((contact) => ["0", undefined].includes(contact.params.get("expires")))
  );
}

export function isAccepted({ final }: Exchange): boolean {
  return final !== undefined && final.message.status < 300;
}

export function hasImFeatureTag(message: SipMessage): boolean {
  return contactsOf(message).some((contact) => contact.params.has(IM_FEATURE_TAG));
}

/** Seconds that the core granted last before event `seq`: by the Contact that the client asked for, else by Expires (RFC 3261 10.2.4). */
export function grantedSeconds(seq: number, trace: ScenarioTrace): number | undefined {
  const last = sentByClient("REGISTER", trace).findLast(
    (exchange) => isAccepted(exchange) && (exchange.final?.seq ?? 0) < seq,
  );
  if (last?.final === undefined) return undefined;
  const own = contactsOf(last.request.message)[0]?.uri;
  return grantedTo(own, last.final);
}

function grantedTo(contact: string | undefined, { message }: SipRecord): number | undefined {
  const bound = contactsOf(message);
  const mine = bound.find(({ uri }) => uri === contact) ?? (bound.length === 1 ? bound[0] : undefined);
  const seconds = Number(mine?.params.get("expires") ?? expiresOf(message));
  return Number.isFinite(seconds) ? seconds : undefined;
}
