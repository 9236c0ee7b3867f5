/** What stands in the messages of sessions by itself, and how what the user says takes its place. */
import { isTargetRefresh } from "../../machine/dialog/dialog.ts";
import { type HeaderPair, sipResponse } from "../../wire/sip/build.ts";
import { withHeader } from "../../wire/sip/edit.ts";
import { sameName } from "../../wire/sip/header-names.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { Body } from "../../wire/sip/session-description.ts";
import type { Annotation } from "../crossing.ts";
import { mergeAnnotations } from "../crossing.ts";
import type { Agent } from "./agent.ts";
import type { MessageOptions, Occasion } from "./options.ts";
import type { SessionState } from "./session-state.ts";

/** `own` take the place of `usual` ones of the same name. */
export function mergeHeaders(usual: readonly HeaderPair[], own: readonly HeaderPair[] = []): HeaderPair[] {
  return [...usual.filter(([name]) => !own.some(([other]) => sameName(name, other))), ...own];
}

export function bodyHeaders(body: Body | undefined): HeaderPair[] {
  if (body === undefined) return [];
  const type: HeaderPair = ["Content-Type", body.contentType];
  return body.disposition === undefined ? [type] : [type, ["Content-Disposition", body.disposition]];
}

/** Supported and Allow (RFC 3261 20.5, 20.37): left out when there is nothing to say. */
export function capabilities({ supported, allow }: Agent): HeaderPair[] {
  const list = (name: string, values: readonly string[]): HeaderPair[] =>
    values.length === 0 ? [] : [[name, values.join(", ")]];
  return [...list("Allow", allow), ...list("Supported", supported)];
}

export function annotationIn({ annotation, stimulus }: MessageOptions): Annotation | undefined {
  return mergeAnnotations(annotation, stimulus === undefined ? undefined : { stimulus });
}

/** What of a message's options concerns how it is sent. */
export function sendOptionsIn(options: MessageOptions): {
  readonly annotation?: Annotation;
  readonly cause?: SipRequest;
} {
  const annotation = annotationIn(options);
  return {
    ...(annotation === undefined ? {} : { annotation }),
    ...(options.cause === undefined ? {} : { cause: options.cause }),
  };
}

export interface RequestMaking {
  readonly method: string;
  readonly occasion: Occasion;
  /** Beside the usual ones. */
  readonly headers?: readonly HeaderPair[];
  readonly sequence?: number;
}

/** The next request of a session; undefined: `edit` keeps it back. */
export function composeRequest(
  { agent, handle, session }: SessionState,
  { method, occasion, headers = [], sequence }: RequestMaking,
  options: MessageOptions = {},
): SipRequest | undefined {
  const contact: HeaderPair[] = isTargetRefresh(method) ? [["Contact", session.contact]] : [];
  const about = method === "ACK" ? [] : capabilitiesFor(method, agent);
  const usual = [...contact, ...about, ...headers, ...bodyHeaders(options.body)];
  const request = handle.compose({
    method,
    headers: mergeHeaders(usual, options.headers),
    ...(options.body === undefined ? {} : { body: options.body.bytes }),
    ...(sequence === undefined ? {} : { sequence }),
  });
  return agent.options.edit === undefined ? request : agent.options.edit(request, occasion);
}

/** RFC 4028 7.1 wants Supported in each request but ACK; Allow says something only where sessions are made or changed. */
function capabilitiesFor(method: string, agent: Agent): HeaderPair[] {
  const all = capabilities(agent);
  return method === "INVITE" || method === "UPDATE" ? all : all.filter(([name]) => name === "Supported");
}

export interface ResponseMaking {
  readonly status: number;
  readonly occasion: Occasion;
  readonly reason?: string | undefined;
  readonly headers?: readonly HeaderPair[];
  readonly toTag?: string;
}

/** A response; undefined: `edit` keeps it back. */
export function composeResponse(
  agent: Agent,
  request: SipRequest,
  { status, occasion, reason, headers = [], toTag }: ResponseMaking,
  options: MessageOptions = {},
): SipResponse | undefined {
  const response = sipResponse(request, status, reason, {
    headers: mergeHeaders([...headers, ...bodyHeaders(options.body)], options.headers),
    ...(options.body === undefined ? {} : { body: options.body.bytes }),
    ...(toTag === undefined ? {} : { toTag }),
  });
  return agent.options.edit === undefined ? response : agent.options.edit(response, occasion);
}

/** A CANCEL as the user wants it; undefined: `edit` keeps it back. */
export function editedCancel(
  { options: { edit } }: Agent,
  made: SipRequest,
  { headers = [] }: MessageOptions,
): SipRequest | undefined {
  const complete = headers.reduce((message, [name, value]) => withHeader(message, name, value), made);
  return edit === undefined ? complete : edit(complete, "CANCEL");
}
