/** Pairs requests with their retransmissions and responses, per node and hop. */
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import type { Exchange, SipRecord } from "./scenario-trace.ts";
import {
  callIdIdentity,
  cseqIdentity,
  firstHeader,
  fromTag,
  methodOf,
  toWithoutTag,
  viaIdentities,
} from "./sip-identity.ts";

interface OpenExchange {
  readonly request: SipRecord<SipRequest>;
  readonly retransmissions: SipRecord<SipRequest>[];
  readonly responses: SipRecord<SipResponse>[];
}

/** In the order of their requests. A response that answers no request of the trace is in none. */
export function pairExchanges(messages: readonly SipRecord[]): readonly Exchange[] {
  const byKey = new Map<string, OpenExchange[]>();
  const all: OpenExchange[] = [];
  for (const record of messages) {
    const key = transactionKey(record);
    const known = byKey.get(key) ?? [];
    if (isRequest(record)) {
      const opened = place(record, known);
      if (opened === undefined) continue;
      all.push(opened);
      byKey.set(key, [...known, opened]);
    } else if (isResponse(record)) {
      answered(record, known)?.responses.push(record);
    }
  }
  return all.map(close);
}

/** Whether two requests are one and its retransmission, seen from their header fields: a SUT may use a branch twice. */
export function sameRequest(a: SipRequest, b: SipRequest): boolean {
  return (
    a.method === b.method &&
    a.uri === b.uri &&
    callIdIdentity(a) === callIdIdentity(b) &&
    cseqIdentity(a).number === cseqIdentity(b).number &&
    fromTag(a) === fromTag(b)
  );
}

export function isRequest(record: SipRecord): record is SipRecord<SipRequest> {
  return record.message.kind === "request";
}

export function isResponse(record: SipRecord): record is SipRecord<SipResponse> {
  return record.message.kind === "response";
}

/** RFC 3261 17.1.3, 17.2.3: branch, sent-by and method; here also the node that saw it, and which way the request went. */
function transactionKey(record: SipRecord): string {
  const via = viaIdentities(record.message)[0];
  const opposite = record.direction === "in" ? "out" : "in";
  const way = record.message.kind === "request" ? record.direction : opposite;
  return JSON.stringify([record.node, way, via?.branch, via?.sentBy, methodOf(record.message)]);
}

/** Undefined when the request was a retransmission. */
function place(record: SipRecord<SipRequest>, known: readonly OpenExchange[]): OpenExchange | undefined {
  const earlier = known.find((exchange) => sameRequest(exchange.request.message, record.message));
  if (earlier === undefined) return { request: record, retransmissions: [], responses: [] };
  earlier.retransmissions.push(record);
  return undefined;
}

/** The branch decides. Where a SUT used it for several requests, the one that the response resembles most and that waits for one. */
function answered(
  response: SipRecord<SipResponse>,
  known: readonly OpenExchange[],
): OpenExchange | undefined {
  let best: { exchange: OpenExchange; likeness: number } | undefined;
  for (const exchange of known) {
    const likeness = likenessOf(response.message, exchange);
    if (best === undefined || likeness > best.likeness) best = { exchange, likeness };
  }
  return best?.exchange;
}

function likenessOf(response: SipResponse, exchange: OpenExchange): number {
  const request = exchange.request.message;
  const waits = !exchange.responses.some((earlier) => earlier.message.status >= 200);
  return (
    (callIdIdentity(response) === callIdIdentity(request) ? 16 : 0) +
    (cseqIdentity(response).number === cseqIdentity(request).number ? 8 : 0) +
    (firstHeader(response, "from") === firstHeader(request, "from") ? 4 : 0) +
    (toWithoutTag(response) === toWithoutTag(request) ? 2 : 0) +
    (waits ? 1 : 0)
  );
}

function close(exchange: OpenExchange): Exchange {
  const { request, retransmissions, responses } = exchange;
  const final = responses.find((response) => response.message.status >= 200);
  return { request, retransmissions, responses, final, way: wayOf(request) };
}

function wayOf(request: SipRecord): Exchange["way"] {
  if (!request.peerIsSut) return "within";
  return request.direction === "out" ? "to-sut" : "from-sut";
}
