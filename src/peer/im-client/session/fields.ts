import type { HeaderPair } from "../../../wire/sip/build.ts";
import { sipRequest } from "../../../wire/sip/build.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";
import type { OptionalHeader, RequestChanges } from "../requesting.ts";

/** Those that have a value. */
export function given(headers: readonly OptionalHeader[]): HeaderPair[] {
  return headers.filter((pair): pair is HeaderPair => pair[1] !== undefined);
}

/** Enough of a request to say where it goes. */
export function bareRequest(method: string, uri: string): SipRequest {
  return sipRequest({ method, uri, headers: [] });
}

export function stimulusOf({ stimulus }: RequestChanges): { readonly stimulus?: string } {
  return stimulus === undefined ? {} : { stimulus };
}
