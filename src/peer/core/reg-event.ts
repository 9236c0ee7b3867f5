/**
 * The registration event package (RFC 3680; RFC 3265 for the mechanism): subscriptions of clients and application servers to the
 * registration state of a user. A machine: it returns the NOTIFY requests to send.
 */
import type { Ids } from "../../net/ids.ts";
import type { Hop } from "../../net/network.ts";
import { sipResponse, type HeaderPair } from "../../wire/sip/build.ts";
import { expiresOf, header, headerValues, toOf } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { UserProfile } from "./config.ts";
import { REGINFO_TYPE } from "./reginfo.ts";
import {
  beginSubscription,
  dialogKey,
  nextNotify,
  type NotifyToSend,
  type RegSubscription,
} from "./reg-subscription.ts";
import type { Binding, BindingChange } from "./registrar.ts";

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

export function createRegEvents(ids: Ids, contact: string): RegEvents {
  const subscriptions = new Map<string, RegSubscription>();
  const keyOf = ({ callId, localTag }: RegSubscription) => dialogKey(callId, localTag);

  function refuse(request: SipRequest, status: number, headers: HeaderPair[] = []): SubscribeResult {
    return { response: sipResponse(request, status, undefined, { headers, toTag: ids.token(13) }) };
  }

  function accept(request: SipRequest, localTag: string, expiresS: number): SipResponse {
    const headers: HeaderPair[] = [
      ["Expires", String(expiresS)],
      ["Contact", `<${contact}>`],
    ];
    return sipResponse(request, 200, undefined, { headers, toTag: localTag });
  }

  function due(now: number): readonly RegSubscription[] {
    const ended = [...subscriptions.values()].filter((subscription) => subscription.expiresAt <= now);
    for (const subscription of ended) subscriptions.delete(keyOf(subscription));
    return ended;
  }

  const of = (user: UserProfile) =>
    [...subscriptions.values()].filter(({ user: { impi } }) => impi === user.impi);

  return {
    subscribe(request, user, bindings, source, now) {
      if (!acceptsReginfo(request)) return refuse(request, 406, [["Accept", REGINFO_TYPE]]);
      if (headerValues(request, "Contact").length === 0) return refuse(request, 400);
      const expiresS = grantedS(request);
      const localTag = ids.token(13);
      const details = { user, source, localTag, contact, expiresAt: now + expiresS * 1000 };
      const subscription = beginSubscription(request, details);
      if (expiresS > 0) subscriptions.set(keyOf(subscription), subscription);
      return {
        response: accept(request, localTag, expiresS),
        notify: nextNotify(subscription, bindings, [], now),
      };
    },
    refresh(request, bindingsOf, now) {
      const localTag = toOf(request)?.tag ?? "";
      const dialog = dialogKey(header(request, "Call-ID") ?? "", localTag);
      const subscription = subscriptions.get(dialog);
      if (subscription === undefined) return refuse(request, 481);
      const expiresS = grantedS(request);
      subscription.expiresAt = now + expiresS * 1000;
      if (expiresS === 0) subscriptions.delete(dialog);
      const notify = nextNotify(subscription, bindingsOf(subscription.user.impi), [], now);
      return { response: accept(request, localTag, expiresS), notify };
    },
    changed: (user, bindings, changes, now) =>
      of(user).map((subscription) => nextNotify(subscription, bindings, changes, now)),
    expire: (bindingsOf, now) =>
      due(now).map((subscription) => nextNotify(subscription, bindingsOf(subscription.user.impi), [], now)),
    end: (dialog) => void subscriptions.delete(dialog),
    forget(user) {
      for (const subscription of of(user)) subscriptions.delete(keyOf(subscription));
    },
    deadline() {
      const times = [...subscriptions.values()].map((subscription) => subscription.expiresAt);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}

/** RFC 3680 4.4: the default is 3761 seconds, slightly longer than a usual registration. */
const DEFAULT_EXPIRES_S = 3761;

function grantedS(request: SipRequest): number {
  return Math.min(expiresOf(request) ?? DEFAULT_EXPIRES_S, DEFAULT_EXPIRES_S);
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
