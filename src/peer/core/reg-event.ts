/**
 * The registration event package (RFC 3680; RFC 3265 for the mechanism): subscriptions of clients and application servers to the
 * registration state of a user. A machine: it returns the NOTIFY requests to send.
 */
import type { Ids } from "../../net/ids.ts";
import type { Hop } from "../../net/network.ts";
import { sipRequest, sipResponse, type HeaderPair } from "../../wire/sip/build.ts";
import { header, headerValues, toOf } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { UserProfile } from "./config.ts";
import { hopOf } from "./hops.ts";
import { REGINFO_TYPE, registrationsOf, writeReginfo } from "./reginfo.ts";
import type { Binding, BindingChange } from "./registrar.ts";
import { uriIn } from "./route-set.ts";

interface RegSubscription {
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

export interface SubscribeResult {
  readonly response: SipResponse;
  readonly notify?: NotifyToSend;
}

export interface RegEvents {
  subscribe(
    request: SipRequest,
    user: UserProfile,
    bindings: readonly Binding[],
    source: Hop,
    now: number,
  ): SubscribeResult;
  /** A SUBSCRIBE within a dialog; 481 where there is none. */
  refresh(
    request: SipRequest,
    bindingsOf: (impi: string) => readonly Binding[],
    now: number,
  ): SubscribeResult;
  changed(
    user: UserProfile,
    bindings: readonly Binding[],
    changes: readonly BindingChange[],
    now: number,
  ): readonly NotifyToSend[];
  expire(bindingsOf: (impi: string) => readonly Binding[], now: number): readonly NotifyToSend[];
  end(dialog: string): void;
  forget(user: UserProfile): void;
  deadline(): number | undefined;
}

/** RFC 3680 4.4: the default is 3761 seconds, slightly longer than a usual registration. */
const DEFAULT_EXPIRES_S = 3761;

export function createRegEvents(ids: Ids, contactUri: string): RegEvents {
  const subscriptions = new Map<string, RegSubscription>();
  const dialogOf = (callId: string, localTag: string) => `${callId} ${localTag}`;

  function refuse(request: SipRequest, status: number, headers: HeaderPair[] = []): SubscribeResult {
    return { response: sipResponse(request, status, undefined, { headers, toTag: ids.token(13) }) };
  }

  function askedS(request: SipRequest): number {
    const asked = Number.parseInt(header(request, "Expires") ?? "", 10);
    return Number.isFinite(asked) ? Math.min(asked, DEFAULT_EXPIRES_S) : DEFAULT_EXPIRES_S;
  }

  function accept(request: SipRequest, localTag: string, expiresS: number): SipResponse {
    const headers: HeaderPair[] = [
      ["Expires", String(expiresS)],
      ["Contact", `<${contactUri}>`],
    ];
    return sipResponse(request, 200, undefined, { headers, toTag: localTag });
  }

  function stateOf(subscription: RegSubscription, now: number, reason: string): string {
    const left = Math.ceil((subscription.expiresAt - now) / 1000);
    return left > 0 ? `active;expires=${left}` : `terminated;reason=${reason}`;
  }

  function notify(
    subscription: RegSubscription,
    bindings: readonly Binding[],
    changes: readonly BindingChange[],
    now: number,
    reason = "timeout",
  ): NotifyToSend | undefined {
    const registrations = registrationsOf(subscription.user.identities, bindings, changes);
    const document = writeReginfo({ version: subscription.version++, registrations }, now);
    const request = sipRequest({
      method: "NOTIFY",
      uri: subscription.target,
      headers: [
        ...subscription.routes.map((route): HeaderPair => ["Route", route]),
        ["From", subscription.local],
        ["To", subscription.remote],
        ["Call-ID", subscription.callId],
        ["CSeq", `${++subscription.cseq} NOTIFY`],
        ["Contact", `<${contactUri}>`],
        ["Event", subscription.event],
        ["Subscription-State", stateOf(subscription, now, reason)],
        ["Content-Type", REGINFO_TYPE],
      ],
      body: new TextEncoder().encode(document),
    });
    const next = subscription.routes[0];
    const { host, transport } = subscription.source;
    const to = hopOf(next === undefined ? subscription.target : uriIn(next), { host, transport });
    return to === undefined
      ? undefined
      : { request, to, dialog: dialogOf(subscription.callId, subscription.localTag) };
  }

  function begin(request: SipRequest, user: UserProfile, source: Hop, expiresAt: number): RegSubscription {
    const localTag = ids.token(13);
    return {
      user,
      callId: header(request, "Call-ID") ?? "",
      local: `${header(request, "To") ?? ""};tag=${localTag}`,
      localTag,
      remote: header(request, "From") ?? "",
      target: uriIn(headerValues(request, "Contact")[0] ?? ""),
      routes: headerValues(request, "Record-Route"),
      source,
      event: header(request, "Event") ?? "reg",
      expiresAt,
      version: 0,
      cseq: 0,
    };
  }

  function subscribe(
    request: SipRequest,
    user: UserProfile,
    bindings: readonly Binding[],
    source: Hop,
    now: number,
  ): SubscribeResult {
    if (!acceptsReginfo(request)) return refuse(request, 406, [["Accept", REGINFO_TYPE]]);
    if (headerValues(request, "Contact").length === 0) return refuse(request, 400);
    const expiresS = askedS(request);
    const subscription = begin(request, user, source, now + expiresS * 1000);
    if (expiresS > 0) subscriptions.set(dialogOf(subscription.callId, subscription.localTag), subscription);
    return result(accept(request, subscription.localTag, expiresS), notify(subscription, bindings, [], now));
  }

  function refresh(
    request: SipRequest,
    bindingsOf: (impi: string) => readonly Binding[],
    now: number,
  ): SubscribeResult {
    const localTag = toOf(request)?.tag ?? "";
    const dialog = dialogOf(header(request, "Call-ID") ?? "", localTag);
    const subscription = subscriptions.get(dialog);
    if (subscription === undefined) return refuse(request, 481);
    const expiresS = askedS(request);
    subscription.expiresAt = now + expiresS * 1000;
    if (expiresS === 0) subscriptions.delete(dialog);
    return result(
      accept(request, localTag, expiresS),
      notify(subscription, bindingsOf(subscription.user.impi), [], now),
    );
  }

  function due(now: number): readonly RegSubscription[] {
    const ended = [...subscriptions.values()].filter((subscription) => subscription.expiresAt <= now);
    for (const subscription of ended)
      subscriptions.delete(dialogOf(subscription.callId, subscription.localTag));
    return ended;
  }

  const present = (requests: readonly (NotifyToSend | undefined)[]) =>
    requests.filter((request) => request !== undefined);
  const of = (user: UserProfile) =>
    [...subscriptions.values()].filter((subscription) => subscription.user.impi === user.impi);

  return {
    subscribe,
    refresh,
    changed: (user, bindings, changes, now) =>
      present(of(user).map((subscription) => notify(subscription, bindings, changes, now))),
    expire: (bindingsOf, now) =>
      present(
        due(now).map((subscription) => notify(subscription, bindingsOf(subscription.user.impi), [], now)),
      ),
    end: (dialog) => subscriptions.delete(dialog),
    forget(user) {
      for (const subscription of of(user))
        subscriptions.delete(dialogOf(subscription.callId, subscription.localTag));
    },
    deadline() {
      const times = [...subscriptions.values()].map((subscription) => subscription.expiresAt);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}

function result(response: SipResponse, notify: NotifyToSend | undefined): SubscribeResult {
  return notify === undefined ? { response } : { response, notify };
}

/** No Accept means the default type of the package (RFC 3680 4.2). */
function acceptsReginfo(request: SipRequest): boolean {
  const types = headerValues(request, "Accept").map((value) =>
    (value.split(";")[0] ?? "").trim().toLowerCase(),
  );
  return (
    types.length === 0 ||
    types.some((type) => type === REGINFO_TYPE || type === "application/*" || type === "*/*")
  );
}
