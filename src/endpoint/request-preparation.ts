/** A request made ready for one place: Via, Max-Forwards, Content-Length, the choice between UDP and TCP (RFC 3261 8.1.1, 18.1.1). */
import { MAGIC_COOKIE } from "../machine/matching.ts";
import { formatVia } from "../machine/via.ts";
import type { Ids } from "../net/ids.ts";
import type { Hop } from "../net/network.ts";
import { prependHeader, withHeader } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { serializeSip } from "../wire/sip/serialize.ts";
import type { SipTransport } from "./sip-transport.ts";

export interface PreparationOptions {
  readonly transport: SipTransport;
  readonly ids: Ids;
  readonly advertisedHost: string | undefined;
  readonly udpLimitBytes: number;
}

/** A request that is ready to go. */
export interface Prepared {
  readonly request: SipRequest;
  readonly to: Hop;
}

/** RFC 3261 8.1.1.6, 20.14 */
export function withDefaults(request: SipRequest): SipRequest {
  const counted =
    header(request, "Max-Forwards") === undefined ? withHeader(request, "Max-Forwards", "70") : request;
  return header(counted, "Content-Length") === undefined
    ? withHeader(counted, "Content-Length", String(counted.body.length))
    : counted;
}

/** With a branch of its own. */
export function prepare(request: SipRequest, to: Hop, options: PreparationOptions): Prepared {
  const branch = MAGIC_COOKIE + options.ids.token();
  const asked = withVia(request, branch, to, options);
  if (to.transport !== "udp" || !isTooLarge(asked, options)) return { request: asked, to };
  const overTcp: Hop = { ...to, transport: "tcp" };
  return { request: withVia(request, branch, overTcp, options), to: overTcp };
}

/** RFC 3261 18.1.1. An endpoint that does not listen on TCP could not be answered there. */
function isTooLarge(request: SipRequest, { udpLimitBytes, transport }: PreparationOptions): boolean {
  if (!transport.hops.some((hop) => hop.transport === "tcp")) return false;
  return serializeSip(request).length > udpLimitBytes;
}

function withVia(request: SipRequest, branch: string, to: Hop, options: PreparationOptions): SipRequest {
  const own = options.transport.hopFor(to);
  const sentBy = { host: options.advertisedHost ?? own.host, port: own.port };
  return prependHeader(request, "Via", formatVia(to.transport, sentBy, branch));
}
