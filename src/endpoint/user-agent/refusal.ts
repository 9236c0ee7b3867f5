/** Requests that are refused before anybody is asked (RFC 3261 8.2.2.3, RFC 3891 3). */
import { header, tokensOf } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import type { Agent } from "./agent.ts";
import type { ResponseMaking } from "./composition.ts";

/** 420 for an extension that is required and not supported, 400 for one that has no place here; undefined: nothing is wrong. */
export function refusalOf({ supported, does }: Agent, request: SipRequest): ResponseMaking | undefined {
  // RFC 3261 8.2.2.3: Require in ACK and CANCEL is ignored.
  if (request.method === "ACK" || request.method === "CANCEL") return undefined;
  return (does("420") ? unsupported(supported, request) : undefined) ?? misplaced(supported, request);
}

/** RFC 3891 3: Replaces stands in INVITE alone. */
function misplaced(supported: readonly string[], request: SipRequest): ResponseMaking | undefined {
  const replaces = request.method !== "INVITE" && header(request, "Replaces") !== undefined;
  return replaces && supported.includes("replaces") ? { status: 400, occasion: "rejection" } : undefined;
}

function unsupported(supported: readonly string[], request: SipRequest): ResponseMaking | undefined {
  const known = new Set(supported.map((option) => option.toLowerCase()));
  const unknown = tokensOf(request, "Require").filter((option) => !known.has(option.toLowerCase()));
  if (unknown.length === 0) return undefined;
  return { status: 420, occasion: "rejection", headers: [["Unsupported", unknown.join(", ")]] };
}
