/** Requests that the server makes itself, and responses that it gives. */
import type { Annotation } from "../../endpoint/crossing.ts";
import type { SendOptions } from "../../endpoint/request-sender.ts";
import { sipRequest, sipResponse } from "../../wire/sip/build.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import type { Body } from "../im/content.ts";
import type { Step } from "../im/behaviour.ts";
import type { RefusalName } from "./decisions/refusals.ts";
import type { ServerParts, Turn } from "./turn.ts";

/** A header that a decision may leave out. */
export type OptionalHeader = readonly [name: string, value: string | undefined];

export interface OwnRequest {
  readonly uri: string;
  /** Without tag. */
  readonly from: string;
  readonly to: string;
  readonly headers: readonly OptionalHeader[];
  readonly body?: Body | undefined;
}

/** A MESSAGE outside any dialog (RFC 3428 4): no Contact. */
export function ownMessage(server: ServerParts, own: OwnRequest): SipRequest {
  const given = own.headers.filter((pair): pair is HeaderPair => pair[1] !== undefined);
  return sipRequest({
    method: "MESSAGE",
    uri: own.uri,
    headers: [
      ["Max-Forwards", "70"],
      ["From", `${own.from};tag=${server.ids.token(13)}`],
      ["To", own.to],
      ["Call-ID", `${server.ids.token(20)}@${server.config.homeDomain}`],
      ["CSeq", "1 MESSAGE"],
      ...given,
      ...(own.body ? [["Content-Type", own.body.contentType] as const] : []),
    ],
    ...(own.body ? { body: own.body.bytes } : {}),
  });
}

/** Sends a request of the server's own. */
export function sendOwn(
  server: ServerParts,
  request: SipRequest,
  options: Omit<SendOptions, "to"> = {},
): void {
  server.endpoint.send(request, { ...options, to: server.decisions.routing.nextHop(server, request) });
}

/** Answers for the server itself and ends the turn. */
export function answer(
  turn: Turn,
  status: number,
  headers: readonly OptionalHeader[] = [],
  reason?: string,
): Step {
  const { ids, decisions } = turn.server;
  const all: readonly OptionalHeader[] = [...headers, ["Server", decisions.responses.server(turn, status)]];
  const given = all.filter((pair): pair is HeaderPair => pair[1] !== undefined);
  turn.incoming.respond(
    sipResponse(turn.incoming.message, status, reason, { headers: given, toTag: ids.token(13) }),
    annotationOf(turn),
  );
  return "done";
}

export function refuse(turn: Turn, name: RefusalName): Step {
  const { status, reason } = turn.server.decisions.refusals[name](turn);
  return answer(turn, status, refusalHeaders(turn, name), reason);
}

/** What a refusal says beside its status. */
export function refusalHeaders(turn: Turn, name: RefusalName): readonly OptionalHeader[] {
  const { responses, refusals } = turn.server.decisions;
  const { warning, errorInfo, headers = [] } = refusals[name](turn);
  return [
    ...headers,
    ["Warning", warning === undefined ? undefined : responses.warning(turn, warning)],
    ["Error-Info", errorInfo === undefined ? undefined : responses.errorInfo(turn, errorInfo)],
  ];
}

export function annotationOf(turn: Turn): Annotation {
  return { serverFunction: turn.function };
}
