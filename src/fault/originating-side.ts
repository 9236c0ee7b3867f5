/** Telling messages of the originating function at the edge, where functions are no longer known by name. */
import { header, routesOf } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";

/** The core names the function in the topmost Route of what it gives to the server. */
export function isFromClient(request: SipRequest | undefined): boolean {
  return request !== undefined && routesOf(request)[0]?.uri.startsWith("sip:originating@") === true;
}

/** A refusal that the server gives of its own: it tells its release, which what it passes on does not. */
export function isOwnRefusal(response: SipResponse, request: SipRequest | undefined): boolean {
  return response.status >= 300 && isFromClient(request) && header(response, "Server") !== undefined;
}
