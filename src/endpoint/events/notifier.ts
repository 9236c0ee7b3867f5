/** Notifier (RFC 3265 3.2, RFC 6665 4.2): takes SUBSCRIBE for the event packages that it serves, and sends their NOTIFYs. */
import { dialogOfRequest } from "../../machine/dialog/dialog.ts";
import { claimsDialog } from "../../machine/dialog/in-dialog.ts";
import type { NotifierRules, NotifyCause } from "../../machine/subscription/notifier.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import { eventTypeOf, type EventType } from "../../wire/sip/event-fields.ts";
import { contactsOf, headerValues } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { IncomingRequest } from "../incoming.ts";
import type { DialogHandle } from "../user-agent/dialogs.ts";
import type { Agent, MessageOptions } from "./agent.ts";
import { answer } from "./composition.ts";
import {
  type Served,
  type ServedEnd,
  type ServedSubscription,
  serveSubscription,
} from "./served-subscription.ts";

/** What becomes of a SUBSCRIBE. */
export type Admission =
  | { readonly admit: "active" | "pending"; /** Default 200. */ readonly status?: 200 | 202 }
  | {
      readonly admit: "no";
      readonly status: number;
      readonly reason?: string;
      readonly headers?: readonly HeaderPair[];
    };

export interface EventPackage {
  /** As in Event; compared character by character. */
  readonly name: string;
  readonly rules?: Partial<NotifierRules>;
  /** Content types of its NOTIFYs: a SUBSCRIBE that accepts none of them gets 406. Empty: any. */
  readonly contentTypes?: readonly string[];
  /** Default: everybody is, at once. */
  readonly admit?: (request: SipRequest, incoming: IncomingRequest) => Admission;
  /** Body and fields of a NOTIFY; asked when it is sent. */
  readonly content: (subscription: ServedSubscription, cause: NotifyCause) => MessageOptions | undefined;
  /** It began: the 2xx was sent, and the first NOTIFY. */
  readonly onBegin?: (subscription: ServedSubscription) => void;
  readonly onAnswer?: (subscription: ServedSubscription, response: SipResponse | undefined) => void;
  readonly onEnd?: (subscription: ServedSubscription, end: ServedEnd) => void;
}

/** RFC 6665 4.2.1.1 leaves the times to the package. An hour, and no bound to the pace. */
const DEFAULT_RULES: NotifierRules = {
  defaultS: 3600,
  maximumS: 86_400,
  minimumS: 0,
  paceMs: 0,
  oneByOne: true,
};

export interface Notifier {
  /** Serves a package, in place of one of the same name; the returned function ends that, and leaves the subscriptions that there are. */
  serve(served: EventPackage): () => void;
  /** Those that are not over, of one package or all. */
  subscriptions(name?: string): readonly ServedSubscription[];
  /** Takes a SUBSCRIBE that no subscription has taken: outside a dialog, or a new one within. */
  receive(incoming: IncomingRequest): boolean;
  /** Begins one without a SUBSCRIBE of its own, as REFER does: the caller answers. */
  begin(
    incoming: IncomingRequest,
    event: EventType,
    localTag: string,
    served: EventPackage,
    expiresS: number,
  ): ServedSubscription;
  /** For Allow-Events. */
  readonly packages: readonly string[];
}

export function createNotifier(agent: Agent): Notifier {
  const packages = new Map<string, EventPackage>();
  const all = new Set<Served>();
  const names = (): readonly string[] => [...packages.keys()];

  const open = (
    message: SipRequest,
    event: EventType,
    handle: DialogHandle,
    served: EventPackage,
    state: "active" | "pending",
  ): Served => {
    const subscription = serveSubscription(agent, message, event, handle, {
      rules: { ...DEFAULT_RULES, ...served.rules },
      state,
      content: served.content,
      onAnswer: served.onAnswer,
      onEnd: (ended, why) => {
        all.delete(subscription);
        served.onEnd?.(ended, why);
      },
    });
    all.add(subscription);
    return subscription;
  };

  const take = (incoming: IncomingRequest, event: EventType, served: EventPackage): void => {
    const admission = served.admit?.(incoming.message, incoming) ?? { admit: "active" };
    if (admission.admit === "no") return refuse(agent, incoming, admission);
    const localTag = localTagFor(agent, incoming);
    const handle = dialogFor(agent, incoming, localTag);
    const subscription = open(incoming.message, event, handle, served, admission.admit);
    subscription.begin(incoming, localTag, admission.status ?? 200);
    if (all.has(subscription) || subscription.notified > 0) agent.guard(() => served.onBegin?.(subscription));
  };

  return {
    get packages() {
      return names();
    },
    serve: (served) => {
      packages.set(served.name, served);
      return () => {
        if (packages.get(served.name) === served) packages.delete(served.name);
      };
    },
    subscriptions: (name) => [...all].filter(({ event }) => name === undefined || event.type === name),
    begin: (incoming, event, localTag, served, expiresS) => {
      const handle = dialogFor(agent, incoming, localTag);
      const subscription = open(incoming.message, event, handle, served, "active");
      subscription.apply({ type: "subscribe", expiresS });
      return subscription;
    },
    receive: (incoming) => {
      const { message } = incoming;
      if (message.method !== "SUBSCRIBE") return false;
      const event = eventTypeOf(message);
      const served = event && packages.get(event.type);
      const refusal = refusalOf(agent, message, served, { asked: event?.type, served: names() });
      if (refusal !== undefined) refuse(agent, incoming, refusal);
      else if (event !== undefined && served !== undefined) take(incoming, event, served);
      return true;
    },
  };
}

type Refusal = Extract<Admission, { admit: "no" }>;

/** What is wrong with a SUBSCRIBE that no subscription has taken. */
function refusalOf(
  agent: Agent,
  message: SipRequest,
  served: EventPackage | undefined,
  names: { readonly asked: string | undefined; readonly served: readonly string[] },
): Refusal | undefined {
  if (claimsDialog(message) && agent.dialogs.of(message) === undefined) return { admit: "no", status: 481 };
  // RFC 3515 2.4.4: nothing but REFER makes such a subscription.
  if (served === undefined && names.asked === "refer") return { admit: "no", status: 403 };
  // RFC 6665 8.3.2
  if (served === undefined)
    return {
      admit: "no",
      status: 489,
      headers: names.served.length === 0 ? [] : [["Allow-Events", names.served.join(", ")]],
    };
  if (contactsOf(message).length === 0) return { admit: "no", status: 400, reason: "Contact Expected" };
  const { contentTypes = [] } = served;
  return acceptsOne(message, contentTypes)
    ? undefined
    : { admit: "no", status: 406, headers: [["Accept", contentTypes.join(", ")]] };
}

/** RFC 6665 3.1.3: without Accept the type that the package has for a default is meant. */
function acceptsOne(message: SipRequest, offered: readonly string[]): boolean {
  const accepted = headerValues(message, "Accept").map((value) =>
    (value.split(";")[0] ?? "").trim().toLowerCase(),
  );
  if (accepted.length === 0 || offered.length === 0) return true;
  return accepted.some(
    (range) =>
      range === "*/*" || offered.some((type) => type === range || range === `${type.split("/")[0] ?? ""}/*`),
  );
}

function refuse(agent: Agent, incoming: IncomingRequest, refusal: Refusal): void {
  const { status, reason, headers } = refusal;
  answer(agent, incoming, status, headers, reason === undefined ? {} : { reason });
}

function localTagFor(agent: Agent, { message }: IncomingRequest): string {
  return agent.dialogs.of(message)?.dialog.localTag ?? agent.ids.token(13);
}

function dialogFor(agent: Agent, incoming: IncomingRequest, localTag: string): DialogHandle {
  const { message, source, annotation } = incoming;
  return (
    agent.dialogs.of(message) ??
    agent.dialogs.open(dialogOfRequest(message, localTag, "confirmed"), source, annotation)
  );
}
