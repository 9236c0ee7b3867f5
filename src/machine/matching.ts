/** Which transaction a message belongs to (RFC 3261 17.1.3, 17.2.3), as a key that equals for all messages of one transaction. */
import { callIdOf, cseqOf, fromOf, header, toOf, viaOf } from "../wire/sip/headers.ts";
import type { Via } from "../wire/sip/fields.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";

/** RFC 3261 8.1.1.7: what branches of this RFC begin with. */
export const MAGIC_COOKIE = "z9hG4bK";

/**
 * The client transaction of a request, or of the response to it: branch, method of CSeq (RFC 3261 17.1.3), and sent-by, since a response
 * that names another is not for this client (18.1.2). Undefined when the message does not say.
 */
export function clientKeyOf(message: SipRequest | SipResponse): string | undefined {
  const via = viaOf(message);
  const method = cseqOf(message)?.method;
  if (via?.branch === undefined || method === undefined) return undefined;
  // Branches are tokens, compared without regard to case (RFC 3261 7.3.1).
  return `${method} ${via.branch.toLowerCase()} ${sentByOf(via)}`;
}

function sentByOf(via: Via): string {
  return `${via.host.toLowerCase()}:${via.port ?? defaultPort(via.transport)}`;
}

/**
 * The server transaction that a request belongs to (RFC 3261 17.2.3); that of its INVITE for an ACK. `method` asks for another transaction
 * with the same branch: the one that a CANCEL cancels (9.2). Undefined when there is no Via that can be read.
 */
export function serverKeyOf(request: SipRequest, method: string = request.method): string | undefined {
  const via = viaOf(request);
  if (via === undefined) return undefined;
  const creating = method === "ACK" ? "INVITE" : method;
  if (via.branch?.startsWith(MAGIC_COOKIE) !== true) return legacyServerKeyOf(request, creating);
  return `${creating} ${via.branch.toLowerCase()} ${sentByOf(via)}`;
}

/**
 * RFC 3261 17.2.3, for peers of RFC 2543: Request-URI, From tag, Call-ID, CSeq number and top Via. The To tag is left to
 * {@link acknowledges}: an ACK has that of the response, the INVITE has not.
 */
function legacyServerKeyOf(request: SipRequest, method: string): string {
  const toTag = method === "INVITE" || method === "CANCEL" ? undefined : toOf(request)?.tag;
  const parts = [
    request.uri,
    fromOf(request)?.tag,
    toTag,
    callIdOf(request),
    cseqOf(request)?.number,
    header(request, "Via"),
  ];
  return `${method} ${JSON.stringify(parts)}`;
}

/** Whether an ACK whose key matches is for this response (RFC 3261 17.2.3): with a branch of RFC 3261 the key says all. */
export function acknowledges(ack: SipRequest, response: SipResponse | undefined): boolean {
  if (viaOf(ack)?.branch?.startsWith(MAGIC_COOKIE) === true) return true;
  return response !== undefined && toOf(ack)?.tag === toOf(response)?.tag;
}

/** RFC 3261 18.1.1 */
export function defaultPort(transport: string): number {
  return transport.toUpperCase() === "TLS" ? 5061 : 5060;
}
