/** The release that the focus names of itself (clauses 7.2.1.1-6, 7.2.2.1-3; F.1). */
import { SERVER_RELEASE } from "../../../im/identifiers.ts";
import type { SipRequest, SipResponse } from "../../../../wire/sip/message.ts";

export const focusRelease = {
  userAgent: ({ method }: SipRequest): string | undefined => (method === "ACK" ? undefined : SERVER_RELEASE),
  server: (_response: SipResponse): string | undefined => SERVER_RELEASE,
} as const;
