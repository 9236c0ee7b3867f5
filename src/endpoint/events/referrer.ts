/** Sends REFER (RFC 3515), without subscription where asked (RFC 4488), for several targets by a list (RFC 5368). */
import { SipParseError } from "../../wire/sip/error.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import { header } from "../../wire/sip/headers.ts";
import type { SipResponse } from "../../wire/sip/message.ts";
import { formatReferTo, MULTIPLE_REFER, NOREFERSUB, referSubOf } from "../../wire/sip/refer-fields.ts";
import type { Body } from "../../wire/sip/session-description.ts";
import { parseSipfrag, type Sipfrag, SIPFRAG_TYPE } from "../../wire/sip/sipfrag.ts";
import { bodyWithList, RECIPIENT_LIST, recipientListPart } from "../../wire/uri-list/recipient-list.ts";
import { RESOURCE_LISTS_TYPE, type ListEntry, writeResourceLists } from "../../wire/xml/resource-lists.ts";
import type { Agent } from "./agent.ts";
import type { Addressing, Subscriber, Subscribing, SubscriptionOptions } from "./subscriber.ts";
import type { Notification, Subscription } from "./subscription.ts";

/** What a NOTIFY says of the request that was asked for. */
export interface ReferProgress {
  /** Of the sipfrag; undefined: it is no status line. */
  readonly status: number | undefined;
  readonly frag: Sipfrag;
  readonly notification: Notification;
}

export type ReferOptions = Addressing &
  SubscriptionOptions & {
    /** URI of Refer-To, with method and headers if need be (`referUri` in refer-fields.ts), or its whole value. Not with `recipients`. */
    readonly referTo?: string;
    /** Several targets: Refer-To points to the list, Require has multiple-refer and norefersub. */
    readonly recipients?: readonly ListEntry[];
    /** Value of Referred-By. */
    readonly referredBy?: string;
    /** `false`: Refer-Sub: false asks that there be no subscription. Default: false with `recipients`, else the field is left out. */
    readonly subscription?: boolean;
    /** Whether norefersub stands in Require, where no subscription is wanted. Default: with `recipients`. */
    readonly requireNorefersub?: boolean;
    readonly onProgress?: (progress: ReferProgress, subscription: Subscription) => void;
  };

export interface Referring extends Subscribing {
  /** What NOTIFYs have said so far. */
  readonly progress: readonly ReferProgress[];
  /** The final response to the REFER. */
  readonly response: SipResponse | undefined;
  /** Whether the 2xx said that there is no subscription. */
  readonly withoutSubscription: boolean;
}

export function refer(agent: Agent, subscriber: Subscriber, options: ReferOptions): Referring {
  const progress: ReferProgress[] = [];
  const about: { response: SipResponse | undefined } = { response: undefined };
  const { on = {} } = options;
  const target = targetOf(agent, options);
  const asking = subscriber.ask(
    {
      method: "REFER",
      occasion: "REFER",
      event: { type: "refer", params: new Map() },
      expiresS: undefined,
      headers: [...target.headers, ...fieldsOf(options)],
      refreshHeaders: [],
      // RFC 3515 2.4.6
      matches: (event, sequence) =>
        event.type === "refer" && (event.id === undefined || event.id === String(sequence)),
      without: (response) => referSubOf(response) === false,
    },
    {
      ...options,
      ...(target.body === undefined ? {} : { body: target.body }),
      refreshAfterMs: options.refreshAfterMs ?? (() => undefined),
      on: {
        ...on,
        onResponse: (response, request) => {
          if (request.method === "REFER" && response.status >= 200) about.response = response;
          on.onResponse?.(response, request);
        },
        onNotify: (notification, subscription) => {
          const said = progressIn(notification);
          if (said !== undefined) progress.push(said);
          on.onNotify?.(notification, subscription);
          if (said !== undefined) options.onProgress?.(said, subscription);
        },
      },
    },
  );
  return {
    get request() {
      return asking.request;
    },
    get subscriptions() {
      return asking.subscriptions;
    },
    get response() {
      return about.response;
    },
    get withoutSubscription() {
      return about.response !== undefined && referSubOf(about.response) === false;
    },
    progress,
    end: (more) => asking.end(more),
    forget: () => asking.forget(),
  };
}

function progressIn(notification: Notification): ReferProgress | undefined {
  const type = header(notification.request, "Content-Type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== SIPFRAG_TYPE) return undefined;
  try {
    const frag = parseSipfrag(notification.body);
    const status = frag.start?.kind === "response" ? frag.start.status : undefined;
    return { status, frag, notification };
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
}

interface Target {
  readonly headers: readonly HeaderPair[];
  readonly body?: Body;
}

function targetOf(agent: Agent, { referTo, recipients, body }: ReferOptions): Target {
  if (recipients === undefined)
    return { headers: referTo === undefined ? [] : [["Refer-To", referToValue(referTo)]] };
  const contentId = `${agent.ids.token(16)}@refer.invalid`;
  const headers: HeaderPair[] = [["Refer-To", `<cid:${contentId}>`]];
  if (body !== undefined)
    return {
      headers,
      body: bodyWithList(body, recipientListPart(recipients, contentId), agent.ids.token(24)),
    };
  return {
    headers: [...headers, ["Content-ID", `<${contentId}>`]],
    body: {
      contentType: RESOURCE_LISTS_TYPE,
      disposition: RECIPIENT_LIST,
      bytes: writeResourceLists({ entries: recipients }),
    },
  };
}

function referToValue(referTo: string): string {
  return referTo.includes("<") ? referTo : formatReferTo({ uri: referTo });
}

function fieldsOf(options: ReferOptions): HeaderPair[] {
  const several = options.recipients !== undefined;
  const wanted = options.subscription ?? (several ? false : undefined);
  const needs = options.requireNorefersub ?? several;
  const required = [...(several ? [MULTIPLE_REFER] : []), ...(needs ? [NOREFERSUB] : [])];
  return [
    ...(options.referredBy === undefined ? [] : [["Referred-By", options.referredBy] as const]),
    ...(wanted === undefined ? [] : [["Refer-Sub", String(wanted)] as const]),
    ...(required.length === 0 ? [] : [["Require", required.join(", ")] as const]),
  ];
}
