/** Requests that belong to the transaction of an INVITE rather than to its user: ACK to a final response above 299, and CANCEL. */
import { cseqOf, header, headerFields, headerValues } from "../wire/sip/headers.ts";
import { type HeaderPair, sipRequest } from "../wire/sip/build.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";

/** RFC 3261 17.1.1.3: Call-ID, From, Request-URI, top Via and Route of the INVITE, To of the response. */
export function ackFor(invite: SipRequest, response: SipResponse): SipRequest {
  return sameTransaction(invite, "ACK", header(response, "To"));
}

/** RFC 3261 9.1: Request-URI, Call-ID, To, number of CSeq and From of the request, its top Via and Route. */
export function cancelFor(request: SipRequest): SipRequest {
  return sameTransaction(request, "CANCEL", header(request, "To"));
}

function sameTransaction(request: SipRequest, method: string, to: string | undefined): SipRequest {
  const copied = (name: string): HeaderPair[] =>
    headerFields(request, name).map((field) => [field.name, field.value]);
  const topVia = headerValues(request, "Via")[0];
  return sipRequest({
    method,
    uri: request.uri,
    headers: [
      ...(topVia === undefined ? [] : [["Via", topVia] as const]),
      ["Max-Forwards", "70"],
      ...copied("Route"),
      ...copied("From"),
      ...(to === undefined ? [] : [["To", to] as const]),
      ...copied("Call-ID"),
      ["CSeq", `${cseqOf(request)?.number ?? 0} ${method}`],
    ],
  });
}
