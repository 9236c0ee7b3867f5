/** Passing on what the core gave us: the Route that is left, with the original-dialog token, leads back to it (RFC 3261 16; 3GPP TS 24.229 5.7). */
import type { Hop, Transport } from "../../net/network.ts";
import { routesOf } from "../../wire/sip/headers.ts";
import { withoutHeader, appendHeader } from "../../wire/sip/edit.ts";
import { formatNameAddr } from "../../wire/sip/name-addr.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { parseSipUri } from "../../wire/sip/uri.ts";
import type { Step } from "../im/behaviour.ts";
import { annotationOf } from "./outgoing.ts";
import type { ServerParts, Turn } from "./turn.ts";

export function passOn(turn: Turn, request: SipRequest): Step {
  turn.server.endpoint.forward(turn.incoming, request, {
    to: nextHop(turn.server, request),
    annotation: annotationOf(turn),
  });
  return "done";
}

/** Next Route, else the core. A name in it that is not an address stands for the core as well: it inserted the Route. */
function nextHop(server: ServerParts, request: SipRequest): Hop {
  const route = routesOf(request)[0]?.uri;
  if (route === undefined) return server.config.core;
  const { host, port, params } = parseSipUri(route);
  const transport = transportOf(params.get("transport")) ?? server.config.core.transport;
  return port === undefined ? server.config.core : { host, port, transport };
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
