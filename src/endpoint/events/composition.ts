/** Messages of event notification: what stands in them by itself, and how what the user says takes its place. */
import type { Hop } from "../../net/network.ts";
import { type HeaderPair, sipRequest, sipResponse } from "../../wire/sip/build.ts";
import { sameName } from "../../wire/sip/header-names.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { type Annotation, mergeAnnotations } from "../crossing.ts";
import type { IncomingRequest } from "../incoming.ts";
import type { Agent, MessageOptions } from "./agent.ts";

/** `own` take the place of `usual` ones of the same name. */
export function mergeHeaders(usual: readonly HeaderPair[], own: readonly HeaderPair[] = []): HeaderPair[] {
  return [...usual.filter(([name]) => !own.some(([other]) => sameName(name, other))), ...own];
}

/** All fields of a message: the usual ones, those of its body, and the user's own. */
export function fieldsWith(usual: readonly HeaderPair[], { headers, body }: MessageOptions): HeaderPair[] {
  const type: HeaderPair[] = body === undefined ? [] : [["Content-Type", body.contentType]];
  const disposition: HeaderPair[] =
    body?.disposition === undefined ? [] : [["Content-Disposition", body.disposition]];
  return mergeHeaders([...usual, ...type, ...disposition], headers);
}

export function bodyOf({ body }: MessageOptions): { readonly body?: Uint8Array } {
  return body === undefined ? {} : { body: body.bytes };
}

export function annotationOf({ annotation, stimulus }: MessageOptions): { readonly annotation?: Annotation } {
  const merged = mergeAnnotations(annotation, stimulus === undefined ? undefined : { stimulus });
  return merged === undefined ? {} : { annotation: merged };
}

/** A request outside a dialog, and where it goes. */
export interface OutsideOptions {
  /** Where the request goes. */
  readonly to: Hop;
  /** The Request-URI. */
  readonly uri: string;
  /** The value of From, without tag. */
  readonly from: string;
  /** The value of To. Default: the Request-URI in angle brackets. */
  readonly toField?: string;
  readonly callId?: string;
  readonly fromTag?: string;
  /** CSeq. Default 1. */
  readonly sequence?: number;
  /** Values of Route. */
  readonly route?: readonly string[];
}

export interface OutsideIdentity {
  readonly callId: string;
  readonly fromTag: string;
}

export function outsideRequest(
  method: string,
  { uri, from, toField = `<${uri}>`, route = [] }: OutsideOptions,
  { callId, fromTag }: OutsideIdentity,
  sequence: number,
  more: { readonly headers: readonly HeaderPair[]; readonly body?: Uint8Array },
): SipRequest {
  return sipRequest({
    method,
    uri,
    headers: mergeHeaders(
      [
        ...route.map((value): HeaderPair => ["Route", value]),
        ["Max-Forwards", "70"],
        ["From", `${from};tag=${fromTag}`],
        ["To", toField],
        ["Call-ID", callId],
        ["CSeq", `${sequence} ${method}`],
      ],
      more.headers,
    ),
    ...(more.body === undefined ? {} : { body: more.body }),
  });
}

export interface Answering extends MessageOptions {
  readonly reason?: string;
}

/** Answers a request that came; `edit` may keep it back. */
export function answer(
  agent: Agent,
  incoming: IncomingRequest,
  status: number,
  usual: readonly HeaderPair[] = [],
  options: Answering & { readonly toTag?: string } = {},
): void {
  const response = sipResponse(incoming.message, status, options.reason, {
    headers: fieldsWith(usual, options),
    toTag: options.toTag ?? agent.ids.token(),
    ...bodyOf(options),
  });
  const edited = agent.edit(response, "response");
  if (edited !== undefined) incoming.respond(edited, annotationOf(options).annotation);
}
