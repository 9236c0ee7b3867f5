/** Passing on what the core gave us: the Route that is left, with the original-dialog token, leads back to it (RFC 3261 16; 3GPP TS 24.229 5.7). */
import type { Hop, Transport } from "../../net/network.ts";
import { maxForwardsOf, routesOf } from "../../wire/sip/headers.ts";
import { withoutHeader, appendHeader } from "../../wire/sip/edit.ts";
import { formatNameAddr } from "../../wire/sip/name-addr.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { parseSipUri } from "../../wire/sip/uri.ts";
import type { Step } from "../im/behaviour.ts";
import { annotationOf, answer } from "./outgoing.ts";
import type { ServerParts, Turn } from "./turn.ts";

export function passOn(turn: Turn, request: SipRequest): Step {
  // RFC 3261 16.3, item 3
  if (maxForwardsOf(request) === 0) return answer(turn, 483);
  let ownAnswer = false;
  turn.server.decisions.routing.forward(turn, request, {
    to: nextHop(turn.server, request),
    annotation: annotationOf(turn),
    onFailure: () => {
      ownAnswer = true;
    },
    onFinal: (response) => (ownAnswer ? withServer(turn, response) : response),
  });
  return "done";
}

/** What the server answers itself, because nobody else did, carries its release (6.1.1.1). */
function withServer(turn: Turn, response: SipResponse): SipResponse {
  const server = turn.server.decisions.responses.server(turn, response.status);
  return server === undefined ? response : appendHeader(response, "Server", server);
}

/** Next Route, else the core. A name in it that is not an address stands for the core as well: it inserted the Route. */
export function nextHop(server: ServerParts, request: SipRequest): Hop {
  const route = routesOf(request)[0]?.uri;
  if (route === undefined) return server.config.core;
  const { host, port, params } = parseSipUri(route);
  const transport = transportOf(params.get("transport")) ?? server.config.core.transport;
  return port === undefined ? server.config.core : { host: host.replaceAll(/^\[|\]$/g, ""), port, transport };
}

function transportOf(value: string | undefined): Transport | undefined {
  const name = value?.toLowerCase();
  return name === "udp" || name === "tcp" || name === "tls" ? name : undefined;
}

/** RFC 3261 16.4: a Route that names this server has done its duty. */
export function withoutFirstRoute(request: SipRequest): SipRequest {
  const [, ...rest] = routesOf(request);
  return rest.reduce<SipRequest>(
    (changed, route) => appendHeader(changed, "Route", formatNameAddr(route)),
    withoutHeader(request, "Route"),
  );
}
