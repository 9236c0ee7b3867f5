/** Takes REFER (RFC 3515 2.4, RFC 4488, RFC 5368 8): what is wrong with one, the implicit subscription, and its NOTIFYs of message/sipfrag. */
import { claimsDialog } from "../../machine/dialog/in-dialog.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import { contactsOf, cseqOf, tokensOf } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import {
  MULTIPLE_REFER,
  NOREFERSUB,
  type ReferredBy,
  referredByOf,
  referSubOf,
  type ReferTarget,
  referToOf,
  targetOf,
} from "../../wire/sip/refer-fields.ts";
import { SIPFRAG_TYPE, statusFrag } from "../../wire/sip/sipfrag.ts";
import { recipientListOf } from "../../wire/uri-list/recipient-list.ts";
import type { ListEntry } from "../../wire/xml/resource-lists.ts";
import type { IncomingRequest } from "../incoming.ts";
import type { DialogHandle } from "../user-agent/dialogs.ts";
import type { Agent, MessageOptions } from "./agent.ts";
import { type Answering, answer } from "./composition.ts";
import type { Notifier } from "./notifier.ts";
import type { ServedEnd, ServedSubscription } from "./served-subscription.ts";

export interface AcceptReferOptions extends MessageOptions {
  /** Default 202 (RFC 3515 2.4.2); 200 for a list (RFC 5368 8). */
  readonly status?: 200 | 202;
  /** Whether there is a subscription. Default: unless Refer-Sub is false, or there is a list. */
  readonly subscription?: boolean;
  /** How long the subscription lasts at most; default 180. Seconds. */
  readonly expiresS?: number;
  /** Of the first NOTIFY. Default 100. */
  readonly firstStatus?: number;
  readonly onEnd?: (end: ServedEnd) => void;
}

/** What the sender of the REFER is told of the request that it asked for. Without a subscription nothing is sent. */
export interface ReferReporting {
  readonly subscription: ServedSubscription | undefined;
  /** A response came: a provisional one gets a NOTIFY, a final one the last (RFC 3515 2.4.5). */
  tell(status: number, reason?: string, more?: MessageOptions): void;
  /** A NOTIFY with a fragment of one's own. */
  tellFrag(frag: Uint8Array, more?: MessageOptions & { readonly last?: boolean }): void;
}

export interface ReceivedRefer {
  readonly request: SipRequest;
  readonly incoming: IncomingRequest;
  /** One, or one for each entry of the list. */
  readonly targets: readonly ReferTarget[];
  /** Of the list, each URI once; undefined where there is none. */
  readonly entries: readonly ListEntry[] | undefined;
  readonly referredBy: ReferredBy | undefined;
  /** The dialog that it came in. */
  readonly handle: DialogHandle | undefined;
  readonly subscriptionWanted: boolean;
  accept(options?: AcceptReferOptions): ReferReporting;
  reject(status: number, options?: Answering): void;
}

export interface ReferReceiverOptions {
  /** Option tags beside norefersub and multiple-refer that may stand in Require. */
  readonly supported?: readonly string[];
  /** Whether what is wrong by the RFCs is refused before the handler sees it. Default true. */
  readonly checks?: boolean;
}

export interface ReferReceiver {
  /** Takes the place of the handler before; undefined: none. */
  onRefer(handler: ((refer: ReceivedRefer) => void) | undefined): void;
  /** Takes a REFER that no usage of a dialog has taken; false: there is no handler. */
  receive(incoming: IncomingRequest): boolean;
}

const DEFAULT_EXPIRES_S = 180;

export function createReferReceiver(
  agent: Agent,
  notifier: Notifier,
  options: ReferReceiverOptions = {},
): ReferReceiver {
  let handler: ((refer: ReceivedRefer) => void) | undefined;
  const supported = [NOREFERSUB, MULTIPLE_REFER, ...(options.supported ?? [])];
  return {
    onRefer: (next) => void (handler = next),
    receive: (incoming) => {
      if (incoming.message.method !== "REFER" || handler === undefined) return false;
      const read = readRefer(incoming.message);
      const wrong =
        options.checks === false ? undefined : (refusalOf(agent, incoming.message, supported) ?? read.wrong);
      if (wrong === undefined) handler(received(agent, notifier, incoming, read));
      else answer(agent, incoming, wrong.status, wrong.headers, wrong);
      return true;
    },
  };
}

interface Wrong {
  readonly status: number;
  readonly reason?: string;
  readonly headers?: readonly HeaderPair[];
}

function refusalOf(agent: Agent, request: SipRequest, supported: readonly string[]): Wrong | undefined {
  if (claimsDialog(request) && agent.dialogs.of(request) === undefined) return { status: 481 };
  const unknown = tokensOf(request, "Require").filter((tag) => !supported.includes(tag.toLowerCase()));
  if (unknown.length > 0) return { status: 420, headers: [["Unsupported", unknown.join(", ")]] };
  if (contactsOf(request).length === 0) return { status: 400, reason: "Contact Expected" };
  return undefined;
}

interface ReadRefer {
  readonly targets: readonly ReferTarget[];
  readonly entries: readonly ListEntry[] | undefined;
  readonly wrong: Wrong | undefined;
}

/** RFC 3515 2.4.2: exactly one Refer-To; RFC 5368 8: or the list that it points to. */
function readRefer(request: SipRequest): ReadRefer {
  const target = referToOf(request);
  const nothing = { targets: [], entries: undefined };
  if (target === undefined || target === "malformed")
    return { ...nothing, wrong: { status: 400, reason: "One Refer-To Expected" } };
  if (referredByOf(request) === "malformed")
    return { ...nothing, wrong: { status: 400, reason: "One Referred-By Expected" } };
  if (target.contentId === undefined) return { targets: [target], entries: undefined, wrong: undefined };
  const list = recipientListOf(request, target.contentId);
  if (list.kind === "bad") return { ...nothing, wrong: list };
  const entries = list.kind === "list" ? list.entries : [];
  return { targets: entries.map(({ uri }) => targetOf(uri)), entries, wrong: undefined };
}

function received(
  agent: Agent,
  notifier: Notifier,
  incoming: IncomingRequest,
  { targets, entries }: ReadRefer,
): ReceivedRefer {
  const request = incoming.message;
  const referredBy = referredByOf(request);
  const subscriptionWanted = referSubOf(request) ?? entries === undefined;
  return {
    request,
    incoming,
    targets,
    entries,
    referredBy: referredBy === "malformed" ? undefined : referredBy,
    handle: agent.dialogs.of(request),
    subscriptionWanted,
    accept: (options = {}) => {
      const subscribes = options.subscription ?? subscriptionWanted;
      const localTag = agent.dialogs.of(request)?.dialog.localTag ?? agent.ids.token(13);
      const status = options.status ?? (entries === undefined ? 202 : 200);
      const contact: HeaderPair = ["Contact", agent.contactFor(incoming.source)];
      // RFC 4488 4: it must say so where there is none.
      const said = subscribes ? referSubOf(request) !== undefined : true;
      const referSub: HeaderPair[] = said ? [["Refer-Sub", String(subscribes)]] : [];
      answer(agent, incoming, status, [contact, ...referSub], { ...options, toTag: localTag });
      return subscribes ? reporting(notifier, incoming, localTag, options) : SILENT;
    },
    reject: (status, options = {}) => answer(agent, incoming, status, [], options),
  };
}

const SILENT: ReferReporting = {
  subscription: undefined,
  tell: () => undefined,
  tellFrag: () => undefined,
};

function reporting(
  notifier: Notifier,
  incoming: IncomingRequest,
  localTag: string,
  { firstStatus = 100, expiresS = DEFAULT_EXPIRES_S, onEnd }: AcceptReferOptions,
): ReferReporting {
  let current = statusFrag(firstStatus);
  const content = (frag: Uint8Array, more: MessageOptions = {}): MessageOptions => ({
    body: { contentType: `${SIPFRAG_TYPE};version=2.0`, bytes: frag },
    ...more,
  });
  const inDialog = claimsDialog(incoming.message);
  const subscription = notifier.begin(
    incoming,
    // RFC 3515 2.4.6: the id tells REFERs of one dialog apart.
    { type: "refer", params: new Map(), ...(inDialog ? { id: sequenceOf(incoming.message) } : {}) },
    localTag,
    {
      name: "refer",
      content: () => content(current),
      onEnd: (_subscription, end) => onEnd?.(end),
    },
    expiresS,
  );
  const tellFrag: ReferReporting["tellFrag"] = (frag, more = {}) => {
    current = frag;
    const { last = false, ...rest } = more;
    if (!last) return subscription.notify(content(frag, rest));
    subscription.end("noresource", { content: content(frag, rest) });
  };
  return {
    subscription,
    tellFrag,
    tell: (status, reason, more = {}) =>
      tellFrag(statusFrag(status, reason), { ...more, last: status >= 200 }),
  };
}

function sequenceOf(request: SipRequest): string {
  return String(cseqOf(request)?.number ?? 0);
}
