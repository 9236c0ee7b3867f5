/** Telling messages of the terminating function at the edge, where functions are no longer known by name. */
import { contentTypeOf, routesOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { mediaTypes } from "../peer/im/identifiers.ts";

/** The core names the function in the topmost Route of what it gives to the server. */
export function isToClient(request: SipRequest | undefined): boolean {
  return request !== undefined && routesOf(request)[0]?.uri.startsWith("sip:terminating@") === true;
}

export function isAdvertisement(request: SipRequest | undefined): boolean {
  return request !== undefined && contentTypeOf(request)?.type === mediaTypes.groupAdvertisement;
}
