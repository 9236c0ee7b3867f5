/** Where a request in a dialog goes when nobody else decides (RFC 3261 8.1.2, RFC 3263 4 without DNS). */
import type { Hop, Transport } from "../../net/network.ts";
import { isIPv4Address } from "../../wire/sip/grammar.ts";
import { header, headerValues } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { nameAddrOf } from "../../wire/sip/name-addr.ts";
import { type SipUri, sipUriOf } from "../../wire/sip/uri.ts";

/** The address in the first Route, else in the Request-URI; `known` when it is a name, or cannot be read. */
export function nextHop(request: SipRequest, known: Hop): Hop {
  const uri = sipUriOf(nextUri(request));
  const host = uri === undefined ? undefined : addressIn(uri.params.get("maddr") ?? uri.host);
  if (uri === undefined || host === undefined) return known;
  const transport = transportOf(uri) ?? known.transport;
  return { host, port: uri.port ?? (transport === "tls" ? 5061 : 5060), transport };
}

function nextUri(request: SipRequest): string {
  if (header(request, "Route") === undefined) return request.uri;
  const route = headerValues(request, "Route")[0];
  return (route === undefined ? undefined : nameAddrOf(route)?.uri) ?? request.uri;
}

/** Without brackets; undefined for a name. */
function addressIn(host: string): string | undefined {
  if (host.startsWith("[")) return host.slice(1, -1);
  return isIPv4Address(host) ? host : undefined;
}

/** A URI without `transport` is reached as the peer was before: over a connection there may be nothing else (RFC 3261 18.1.1). */
function transportOf(uri: SipUri): Transport | undefined {
  const value = uri.params.get("transport")?.toLowerCase();
  if (uri.scheme === "sips" || value === "tls") return "tls";
  return value === "tcp" || value === "udp" ? value : undefined;
}
