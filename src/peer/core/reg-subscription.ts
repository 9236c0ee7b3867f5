/** One subscription to the registration event, and the NOTIFY requests that it gets (RFC 3265 3.2, RFC 3680). */
import type { Hop } from "../../net/network.ts";
import { sipRequest, type HeaderPair } from "../../wire/sip/build.ts";
import { header, headerValues } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import type { UserProfile } from "./config.ts";
import { hopOf } from "./hops.ts";
import { REGINFO_TYPE, registrationsOf, writeReginfo } from "./reginfo.ts";
import type { Binding, BindingChange } from "./registrar.ts";
import { uriIn } from "./route-set.ts";

export interface RegSubscription {
  readonly user: UserProfile;
  readonly callId: string;
  /** Header values of the notifier (To of the SUBSCRIBE, with tag) and of the subscriber. */
  readonly local: string;
  readonly localTag: string;
  readonly remote: string;
  readonly target: string;
  readonly routes: readonly string[];
  /** Where the SUBSCRIBE came from, for a contact that is a name. */
  readonly source: Hop;
  /** `Event: reg;id=…` comes back in every NOTIFY. */
  readonly event: string;
  /** URI of the notifier. */
  readonly contact: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  version: number;
  cseq: number;
}

export interface NotifyToSend {
  readonly request: SipRequest;
  readonly to: Hop;
  /** Of the subscription, to end it when the subscriber knows nothing of it. */
  readonly dialog: string;
}

export interface SubscriptionDetails {
  readonly user: UserProfile;
  readonly source: Hop;
  readonly localTag: string;
  readonly contact: string;
  readonly expiresAt: number;
}

export function dialogKey(callId: string, localTag: string): string {
  return `${callId} ${localTag}`;
}

/** The subscription that a SUBSCRIBE outside a dialog begins. */
export function beginSubscription(request: SipRequest, details: SubscriptionDetails): RegSubscription {
  return {
    ...details,
    callId: header(request, "Call-ID") ?? "",
    local: `${header(request, "To") ?? ""};tag=${details.localTag}`,
    remote: header(request, "From") ?? "",
    target: uriIn(headerValues(request, "Contact")[0] ?? ""),
    routes: headerValues(request, "Record-Route"),
    event: header(request, "Event") ?? "reg",
    version: 0,
    cseq: 0,
  };
}

function stateOf(subscription: RegSubscription, now: number): string {
  const left = Math.ceil((subscription.expiresAt - now) / 1000);
  return left > 0 ? `active;expires=${left}` : "terminated;reason=timeout";
}

function headersOf(subscription: RegSubscription, now: number): HeaderPair[] {
  return [
    ...subscription.routes.map((route): HeaderPair => ["Route", route]),
    ["From", subscription.local],
    ["To", subscription.remote],
    ["Call-ID", subscription.callId],
    ["CSeq", `${subscription.cseq} NOTIFY`],
    ["Contact", `<${subscription.contact}>`],
    ["Event", subscription.event],
    ["Subscription-State", stateOf(subscription, now)],
    ["Content-Type", REGINFO_TYPE],
  ];
}

/** The next NOTIFY, to the subscriber's contact or, where that is a name, to where it subscribed from. */
export function nextNotify(
  subscription: RegSubscription,
  bindings: readonly Binding[],
  changes: readonly BindingChange[],
  now: number,
): NotifyToSend {
  const registrations = registrationsOf(subscription.user.identities, bindings, changes);
  const document = writeReginfo({ version: subscription.version, registrations }, now);
  subscription.version += 1;
  subscription.cseq += 1;
  const request = sipRequest({
    method: "NOTIFY",
    uri: subscription.target,
    headers: headersOf(subscription, now),
    body: new TextEncoder().encode(document),
  });
  const [next] = subscription.routes;
  const { source, callId, localTag } = subscription;
  const to =
    hopOf(next === undefined ? subscription.target : uriIn(next), { transport: source.transport }) ?? source;
  return { request, to, dialog: dialogKey(callId, localTag) };
}
