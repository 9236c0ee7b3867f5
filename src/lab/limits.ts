/** The limits of a SUT file, for the parts of Scrim that the SUT can reach. */
import type { SutFile } from "../spec/sut-file.ts";
import type { HttpLimits } from "../wire/http/framer.ts";
import type { SipLimits } from "../wire/sip/limits.ts";

/** As an option; none where the file is silent. */
export function sipLimitsOf({ limits }: SutFile): { readonly limits?: Partial<SipLimits> } {
  return limits?.sip === undefined ? {} : { limits: limits.sip };
}

export function httpLimitsOf({ limits }: SutFile): { readonly limits?: HttpLimits } {
  if (limits?.http === undefined) return {};
  const { headBytes, bodyBytes } = limits.http;
  return {
    limits: {
      ...(headBytes === undefined ? {} : { maxHeadBytes: headBytes }),
      ...(bodyBytes === undefined ? {} : { maxBodyBytes: bodyBytes }),
    },
  };
}
