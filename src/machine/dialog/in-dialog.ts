/** Requests within a dialog: how they are made, and in which order they may come (RFC 3261 12.2). */
import { type HeaderPair, sipRequest } from "../../wire/sip/build.ts";
import { cseqOf, header } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { nameAddrOf } from "../../wire/sip/name-addr.ts";
import { sipUriOf } from "../../wire/sip/uri.ts";
import type { Dialog } from "./dialog.ts";

export interface RequestParts {
  readonly method: string;
  /** Added after those of the dialog, in this order. */
  readonly headers?: readonly HeaderPair[];
  readonly body?: Uint8Array;
  /** In place of the next sequence number: that of the INVITE for ACK and CANCEL; any other for a test. */
  readonly sequence?: number;
}

/** Where a request goes and by which way: Request-URI and the values of Route. */
export interface Addressing {
  readonly uri: string;
  readonly routes: readonly string[];
}

/**
 * RFC 3261 12.2.1.1: the target is the Request-URI and the route set is Route; a first route without `lr` (strict routing) changes places
 * with the target.
 */
export function addressed(target: string, routeSet: readonly string[]): Addressing {
  const [first, ...others] = routeSet;
  const strict = first === undefined ? undefined : strictRoute(first);
  return strict === undefined
    ? { uri: target, routes: routeSet }
    : { uri: strict, routes: [...others, `<${target}>`] };
}

/** The URI of a route without `lr`; undefined for a loose one, and for one that cannot be read. */
function strictRoute(route: string): string | undefined {
  const uri = nameAddrOf(route)?.uri;
  const read = uri === undefined ? undefined : sipUriOf(uri);
  return read === undefined || read.params.has("lr") ? undefined : uri;
}

/** The next request in a dialog, and the dialog after it. ACK and CANCEL take the sequence number of their INVITE, which `parts` has to name. */
export function requestInDialog(
  dialog: Dialog,
  { method, headers = [], body, sequence }: RequestParts,
): { readonly dialog: Dialog; readonly request: SipRequest } {
  const number = sequence ?? dialog.localSequence + 1;
  const { uri, routes } = addressed(dialog.remoteTarget ?? addressIn(dialog.remote), dialog.routeSet);
  const request = sipRequest({
    method,
    uri,
    headers: [
      ...routes.map((route): HeaderPair => ["Route", route]),
      ["Max-Forwards", "70"],
      ["From", dialog.local],
      ["To", dialog.remote],
      ["Call-ID", dialog.callId],
      ["CSeq", `${number} ${method}`],
      ...headers,
    ],
    ...(body === undefined ? {} : { body }),
  });
  const localSequence = Math.max(dialog.localSequence, number);
  return { dialog: localSequence === dialog.localSequence ? dialog : { ...dialog, localSequence }, request };
}

/** A peer that gave no Contact is asked for by its address. */
function addressIn(value: string): string {
  return nameAddrOf(value)?.uri ?? "sip:invalid";
}

export type SequenceVerdict =
  | { readonly inOrder: true; readonly dialog: Dialog }
  /** RFC 3261 12.2.2: to be rejected with 500. */
  | { readonly inOrder: false };

/** RFC 3261 12.2.2: requests whose CSeq is lower than that of the last are out of order. ACK and CANCEL take the number of their INVITE. */
export function received(dialog: Dialog, request: SipRequest): SequenceVerdict {
  if (request.method === "ACK" || request.method === "CANCEL") return { inOrder: true, dialog };
  const number = cseqOf(request)?.number;
  if (number === undefined) return { inOrder: false };
  const last = dialog.remoteSequence;
  if (last !== undefined && number < last) return { inOrder: false };
  return { inOrder: true, dialog: number === last ? dialog : { ...dialog, remoteSequence: number } };
}

/** Whether a request claims to be in a dialog: it has a To tag. */
export function claimsDialog(request: SipRequest): boolean {
  const to = header(request, "To");
  return to !== undefined && (nameAddrOf(to)?.params.has("tag") ?? false);
}
