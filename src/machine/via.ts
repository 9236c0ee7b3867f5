/** The topmost Via: what a client puts there, what a server notes in it, where it leads the response (RFC 3261 18, RFC 3581). */
import { mapHeader } from "../wire/sip/edit.ts";
import type { Via } from "../wire/sip/fields.ts";
import { splitOutsideQuotes } from "../wire/sip/grammar.ts";
import { headerValues, viaOf } from "../wire/sip/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../wire/sip/message.ts";
import { defaultPort } from "./matching.ts";

interface Address {
  readonly host: string;
  readonly port: number;
}

interface Hop extends Address {
  readonly transport: "udp" | "tcp" | "tls";
}

/** RFC 3261 18.1.1, 20.42; `rport` asks for the response at the source port (RFC 3581 3). */
export function formatVia(transport: Hop["transport"], sentBy: Address, branch: string): string {
  const host = sentBy.host.includes(":") ? `[${sentBy.host}]` : sentBy.host;
  return `SIP/2.0/${transport.toUpperCase()} ${host}:${sentBy.port};rport;branch=${branch}`;
}

/**
 * Notes in the top Via where the request came from: `received` if sent-by does not say so (RFC 3261 18.2.1), `rport` with both if the client
 * asked for it (RFC 3581 4). Without a readable Via the request stays as it is.
 */
export function withSource(request: SipRequest, source: Address): SipRequest {
  const via = viaOf(request);
  if (via === undefined) return request;
  const asked = via.params.has("rport");
  if (!asked && bareHost(via.host) === source.host) return request;
  return mapTopVia(request, (value) => {
    const received = replaceParameter(value, "received", source.host);
    return asked ? replaceParameter(received, "rport", String(source.port)) : received;
  });
}

/** Puts `name=text` in the place of the parameter, or at the end. */
function replaceParameter(value: string, name: string, text: string): string {
  const parameter = new RegExp(`;[ \\t]*${name}[ \\t]*(?:=[ \\t]*[^;, \\t]*)?(?=[ \\t]*(?:;|$))`, "i");
  const written = `;${name}=${text}`;
  return parameter.test(value) ? value.replace(parameter, written) : value + written;
}

/** Where a response goes when the connection of the request is gone, or there was none (RFC 3261 18.2.2, RFC 3581 4). */
export function responseTarget(request: SipRequest, source: Hop): Hop {
  const via = viaOf(request);
  if (via === undefined) return source;
  const sentByPort = via.port ?? defaultPort(via.transport);
  // RFC 5118 4.5: some write an address of IP version 6 in brackets here too.
  const received = bareHost(via.params.get("received") ?? via.host);
  if (source.transport !== "udp") return { host: received, port: sentByPort, transport: source.transport };
  const maddr = via.params.get("maddr");
  if (maddr !== undefined) return { host: bareHost(maddr), port: sentByPort, transport: "udp" };
  return { host: received, port: rportOf(via) ?? sentByPort, transport: "udp" };
}

function rportOf(via: Via): number | undefined {
  const rport = via.params.get("rport");
  return rport === undefined ? undefined : Number(rport);
}

function bareHost(host: string): string {
  return host.startsWith("[") ? host.slice(1, -1) : host;
}

/** Takes the top Via off (RFC 3261 16.7 item 3); undefined when none would be left: the response is for the proxy itself. */
export function withoutTopVia(response: SipResponse): SipResponse | undefined {
  return headerValues(response, "Via").length < 2 ? undefined : mapTopVia(response, () => undefined);
}

/** Changes or removes the topmost value, also where several stand in one field; the others stay as they were sent. */
function mapTopVia<M extends SipMessage>(message: M, change: (via: string) => string | undefined): M {
  return mapHeader(message, "Via", (field, index) => {
    if (index > 0) return field;
    const [top = "", ...others] = splitOutsideQuotes(field, ",");
    const changed = change(top);
    const values = changed === undefined ? others : [changed, ...others];
    return values.length === 0 ? undefined : values.join(", ");
  });
}
