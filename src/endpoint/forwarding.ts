/** A stateful proxy's way with a request and its responses (RFC 3261 16.6 to 16.10), for one target. */
import { TIMER_C_MS } from "../machine/timers.ts";
import { withoutTopVia } from "../machine/via.ts";
import { createAgenda } from "../net/agenda.ts";
import type { Clock } from "../net/clock.ts";
import type { Ids } from "../net/ids.ts";
import { sipResponse } from "../wire/sip/build.ts";
import { withHeader } from "../wire/sip/edit.ts";
import { header, maxForwardsOf } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import type { IncomingRequest } from "./incoming.ts";
import type { OutgoingRequest, RequestSender, SendOptions } from "./request-sender.ts";

export interface ForwardOptions extends SendOptions {
  /** Sees, and may replace, the final response before it is relayed; also one that Scrim makes because none came. */
  readonly onFinal?: (response: SipResponse) => SipResponse;
}

export interface Forwarding {
  forward(
    incoming: IncomingRequest,
    request: SipRequest,
    options: ForwardOptions,
  ): OutgoingRequest | undefined;
  stop(): void;
}

export function createForwarding({
  clock,
  ids,
  send,
}: {
  clock: Clock;
  ids: Ids;
  send: RequestSender;
}): Forwarding {
  const timerC = createAgenda<OutgoingRequest>(clock, (outgoing) => outgoing.cancel());

  const refuse = (incoming: IncomingRequest, status: number): SipResponse =>
    sipResponse(incoming.message, status, undefined, { toTag: ids.token() });

  const forward = (
    incoming: IncomingRequest,
    request: SipRequest,
    options: ForwardOptions,
  ): OutgoingRequest | undefined => {
    const counted = withHopCounted(request);
    // RFC 3261 16.3 item 3
    if (counted === undefined) {
      incoming.respond(refuse(incoming, 483));
      return undefined;
    }
    const relayFinal = (response: SipResponse): void => {
      timerC.set(outgoing, undefined);
      incoming.respond(options.onFinal?.(response) ?? response);
    };
    const relay = (response: SipResponse): void => {
      options.onResponse?.(response);
      const upstream = withoutTopVia(response);
      // RFC 3261 16.7 items 3 and 5: what has no further Via is for the proxy itself; 100 is for one hop.
      if (upstream === undefined || response.status === 100) return;
      if (response.status >= 200) return relayFinal(upstream);
      // RFC 3261 16.7 item 2: Timer C starts again with each provisional response but 100.
      if (request.method === "INVITE") timerC.set(outgoing, clock.now() + TIMER_C_MS);
      incoming.respond(upstream);
    };
    const outgoing = send(counted, {
      ...options,
      cause: options.cause ?? incoming.message,
      onResponse: relay,
      onFailure: (reason) => {
        options.onFailure?.(reason);
        // RFC 3261 16.8, 16.9: as if 408 or 503 had been received.
        relayFinal(refuse(incoming, reason === "timeout" ? 408 : 503));
      },
    });
    if (request.method === "INVITE") timerC.set(outgoing, clock.now() + TIMER_C_MS);
    incoming.onCancel(() => outgoing.cancel());
    return outgoing;
  };

  return { forward, stop: () => timerC.close() };
}

/** RFC 3261 16.6 item 3; undefined when the request may not be forwarded any further. */
function withHopCounted(request: SipRequest): SipRequest | undefined {
  if (header(request, "Max-Forwards") === undefined) return withHeader(request, "Max-Forwards", "70");
  const left = maxForwardsOf(request) ?? 0;
  return left <= 0 ? undefined : withHeader(request, "Max-Forwards", String(left - 1));
}
