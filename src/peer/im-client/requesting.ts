/** Requests of the client on their way to the core, and what came back. */
import { sipRequest } from "../../wire/sip/build.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { Body } from "../im/content.ts";
import type { ClientParts } from "./parts.ts";
import type { SessionMessage } from "./session/talking.ts";

/** What a tester changes of an action: the finished request, and which stimulus it carries out. */
export interface RequestChanges {
  /** Sees the request before Via is put on it; what it gives is sent. */
  readonly edit?: (request: SipRequest) => SipRequest;
  readonly stimulus?: string;
  /** Sees a message of a session before it goes to MSRP. */
  readonly message?: (message: SessionMessage) => SessionMessage;
}

/** A final response, or why there is none. */
export type Outcome =
  | { readonly kind: "response"; readonly response: SipResponse; readonly request: SipRequest }
  | { readonly kind: "timeout" | "transport"; readonly request: SipRequest };

export type OptionalHeader = readonly [name: string, value: string | undefined];

export interface ClientRequest {
  readonly method: string;
  readonly uri: string;
  /** Without tag. */
  readonly from: string;
  readonly to: string;
  readonly headers: readonly OptionalHeader[];
  readonly body?: Body | undefined;
  /** Fresh ones unless told. */
  readonly callId?: string;
  readonly fromTag?: string;
  readonly cseq?: number;
}

export function buildRequest(client: ClientParts, parts: ClientRequest): SipRequest {
  const { config, ids, registration } = client;
  const routes = parts.method === "REGISTER" ? [] : registration.serviceRoutes;
  const given = parts.headers.filter((pair): pair is HeaderPair => pair[1] !== undefined);
  return sipRequest({
    method: parts.method,
    uri: parts.uri,
    headers: [
      ["Max-Forwards", "70"],
      ...routes.map((route) => ["Route", route] as const),
      ["From", `${parts.from};tag=${parts.fromTag ?? ids.token(13)}`],
      ["To", parts.to],
      ["Call-ID", parts.callId ?? `${ids.token(20)}@${config.homeDomain}`],
      ["CSeq", `${parts.cseq ?? 1} ${parts.method}`],
      ...given,
      ...(parts.body ? [["Content-Type", parts.body.contentType] as const] : []),
    ],
    ...(parts.body ? { body: parts.body.bytes } : {}),
  });
}

/** Settles with the final response, or when there will be none. */
export function send(
  client: ClientParts,
  request: SipRequest,
  changes: RequestChanges = {},
  cause?: SipRequest,
): Promise<Outcome> {
  const changed = changes.edit?.(request) ?? request;
  return new Promise((resolve) => {
    client.endpoint.send(changed, {
      to: client.decisions.routing.nextHop(client, changed),
      ...(changes.stimulus === undefined ? {} : { stimulus: changes.stimulus }),
      ...(cause ? { cause } : {}),
      onResponse: (response) => {
        if (response.status >= 200) resolve({ kind: "response", response, request: changed });
      },
      onFailure: (kind) => resolve({ kind, request: changed }),
    });
  });
}

export function succeeded(outcome: Outcome): boolean {
  return outcome.kind === "response" && outcome.response.status < 300;
}

export function describe(outcome: Outcome): string {
  return outcome.kind === "response" ? `${outcome.response.status} ${outcome.response.reason}` : outcome.kind;
}
