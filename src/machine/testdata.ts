/** Messages that the tests of this folder share. */
import { type HeaderPair, sipRequest, sipResponse } from "../wire/sip/build.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";

/** `via`: values of Via fields, top first. */
export function requestWith(
  method: string,
  via: readonly string[],
  more: readonly HeaderPair[] = [],
): SipRequest {
  return sipRequest({
    method,
    uri: "sip:bob@example.org",
    headers: [
      ...via.map((value): HeaderPair => ["Via", value]),
      ["From", "<sip:alice@example.org>;tag=alice"],
      ["To", "<sip:bob@example.org>"],
      ["Call-ID", "call"],
      ["CSeq", `7 ${method}`],
      ...more,
    ],
  });
}

export function responseTo(request: SipRequest, status: number): SipResponse {
  return sipResponse(request, status, undefined, { toTag: "bob" });
}
