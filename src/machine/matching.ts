/** Which transaction a message belongs to (RFC 3261 17.1.3, 17.2.3), as a key that equals for all messages of one transaction. */
import { callIdOf, cseqOf, fromOf, header, toOf, viaOf } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";

/** RFC 3261 8.1.1.7: what branches of this RFC begin with. */
export const MAGIC_COOKIE = "z9hG4bK";

/** The client transaction of a request with this branch. */
export function clientKey(branch: string, method: string): string {
  // Branches are tokens, compared without regard to case (RFC 3261 7.3.1).
  return `${method} ${branch.toLowerCase()}`;
}

/** The client transaction that a response answers (RFC 3261 17.1.3); undefined when it does not say. */
export function clientKeyOf(response: SipResponse): string | undefined {
  const branch = viaOf(response)?.branch;
  const method = cseqOf(response)?.method;
  return branch === undefined || method === undefined ? undefined : clientKey(branch, method);
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
  const sentBy = `${via.host.toLowerCase()}:${via.port ?? defaultPort(via.transport)}`;
  return `${creating} ${via.branch.toLowerCase()} ${sentBy}`;
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
