/**
 * Dialogs (RFC 3261 12). A dialog is a value: what makes one, confirms it and moves its remote target gives the next value. Who uses it
 * (an INVITE, subscriptions, REFER: RFC 5057) is not known here; all of them share the one value and its sequence numbers.
 */
import { callIdOf, contactsOf, cseqOf, fromOf, header, headerValues, toOf } from "../../wire/sip/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../wire/sip/message.ts";

export type DialogState = "early" | "confirmed";

export interface Dialog {
  readonly state: DialogState;
  /** Whether the own end sent the request that made the dialog (UAC) or answered it (UAS). */
  readonly role: "uac" | "uas";
  readonly callId: string;
  readonly localTag: string;
  /** Empty when the peer gave none (RFC 3261 12.1.1: a peer of RFC 2543). */
  readonly remoteTag: string;
  /** What stands in From of requests sent, and in To of requests received: an address with the local tag. */
  readonly local: string;
  /** What stands in To of requests sent: an address with the remote tag. */
  readonly remote: string;
  /** The URI of the peer's Contact; undefined when it gave none that can be read. */
  readonly remoteTarget: string | undefined;
  /** Values of Route as they are written, in the order of the way. */
  readonly routeSet: readonly string[];
  /** CSeq of the last request sent; 0 before the first. */
  readonly localSequence: number;
  /** CSeq of the last request received. */
  readonly remoteSequence: number | undefined;
  /** RFC 3261 12.1.1: made over TLS by a request to a sips URI. */
  readonly secure: boolean;
}

/**
 * The dialog that a response makes at the UAC (RFC 3261 12.1.2): early for 101 to 199, confirmed for 2xx. Undefined when it makes none: it
 * is 100, above 299, or (provisional) without To tag.
 */
export function dialogOfResponse(request: SipRequest, response: SipResponse): Dialog | undefined {
  const { status } = response;
  const remoteTag = toOf(response)?.tag ?? "";
  if (status <= 100 || status >= 300 || (status < 200 && remoteTag === "")) return undefined;
  return {
    state: status < 200 ? "early" : "confirmed",
    role: "uac",
    callId: callIdOf(request) ?? "",
    localTag: fromOf(request)?.tag ?? "",
    remoteTag,
    local: header(request, "From") ?? "",
    remote: header(response, "To") ?? "",
    remoteTarget: targetIn(response),
    routeSet: headerValues(response, "Record-Route").reverse(),
    localSequence: cseqOf(request)?.number ?? 0,
    remoteSequence: undefined,
    secure: isSecure(request),
  };
}

/**
 * The dialog that a request makes at the UAS once it is answered with `localTag` (RFC 3261 12.1.1): early with a provisional response,
 * confirmed with a 2xx.
 */
export function dialogOfRequest(request: SipRequest, localTag: string, state: DialogState): Dialog {
  return {
    state,
    role: "uas",
    callId: callIdOf(request) ?? "",
    localTag,
    remoteTag: fromOf(request)?.tag ?? "",
    local: withTag(header(request, "To") ?? "", localTag, toOf(request)?.tag),
    remote: header(request, "From") ?? "",
    remoteTarget: targetIn(request),
    routeSet: headerValues(request, "Record-Route"),
    localSequence: 0,
    remoteSequence: cseqOf(request)?.number,
    secure: isSecure(request),
  };
}

/**
 * The dialog that a NOTIFY makes at the subscriber (RFC 6665 4.4.1): `made` is the SUBSCRIBE or REFER that went out, `notify` the request that
 * came in answer to it, perhaps before any response.
 */
export function dialogOfNotify(made: SipRequest, notify: SipRequest): Dialog {
  return {
    state: "confirmed",
    role: "uac",
    callId: callIdOf(made) ?? "",
    localTag: fromOf(made)?.tag ?? "",
    remoteTag: fromOf(notify)?.tag ?? "",
    local: header(made, "From") ?? "",
    remote: header(notify, "From") ?? "",
    remoteTarget: targetIn(notify),
    routeSet: headerValues(notify, "Record-Route"),
    localSequence: cseqOf(made)?.number ?? 0,
    remoteSequence: cseqOf(notify)?.number,
    secure: isSecure(made),
  };
}

/** RFC 3261 13.2.2.4: a 2xx confirms an early dialog, and its Record-Route takes the place of the one learnt before. */
export function confirmed(dialog: Dialog, response: SipResponse): Dialog {
  return {
    ...dialog,
    state: "confirmed",
    remote: header(response, "To") ?? dialog.remote,
    remoteTarget: targetIn(response) ?? dialog.remoteTarget,
    routeSet: headerValues(response, "Record-Route").reverse(),
  };
}

/** Methods whose request, and whose 2xx, moves the remote target: RFC 3261 12.2, RFC 3311 5.1, RFC 6665 4.4.1, RFC 3515 2.4. */
const TARGET_REFRESH: ReadonlySet<string> = new Set(["INVITE", "UPDATE", "SUBSCRIBE", "NOTIFY", "REFER"]);

export function isTargetRefresh(method: string): boolean {
  return TARGET_REFRESH.has(method);
}

/**
 * RFC 3261 12.2.1.2, 12.2.2: the Contact of a target refresh request, or of the 2xx to one, is the remote target from now on. Anything else
 * leaves the dialog as it is.
 */
export function withTargetOf(dialog: Dialog, message: SipMessage): Dialog {
  const method = message.kind === "request" ? message.method : (cseqOf(message)?.method ?? "");
  const refreshes = message.kind === "request" || (message.status >= 200 && message.status < 300);
  const target = refreshes && isTargetRefresh(method) ? targetIn(message) : undefined;
  return target === undefined || target === dialog.remoteTarget
    ? dialog
    : { ...dialog, remoteTarget: target };
}

function targetIn(message: SipMessage): string | undefined {
  return contactsOf(message)[0]?.uri;
}

function withTag(address: string, tag: string, present: string | undefined): string {
  return present === undefined ? `${address};tag=${tag}` : address;
}

function isSecure(request: SipRequest): boolean {
  return /^sips:/i.test(request.uri);
}
