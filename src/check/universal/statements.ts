/** What holds of every SIP message, whatever the scenario is about: RFC 3261 and the extensions that a message uses. */
import type { Statement } from "../../spec/types.ts";

const CLAUSE = "SIP";

function universal(id: string, check: string, says: string): Statement {
  return {
    id,
    clause: CLAUSE,
    level: "SHALL",
    role: "any-server",
    says,
    observable: "direct",
    items: [],
    disposition: { kind: "bound", check },
  };
}

/** They speak to every SUT, server or client; `judge` knows them by the clause. */
export const universalStatements: readonly Statement[] = [
  universal("SIP-readable", "sip-readable", "what is sent as SIP is a SIP message (RFC 3261 7)"),
  universal(
    "SIP-headers",
    "sip-headers",
    "header fields follow their grammar (RFC 3261 25.1 and the extensions used)",
  ),
  universal(
    "SIP-mandatory",
    "sip-mandatory",
    "every message has the header fields that it must have, once, and none that it must not (RFC 3261 20)",
  ),
  universal(
    "SIP-via",
    "sip-via",
    "the topmost Via of a request names the transport and has a branch with the magic cookie (RFC 3261 8.1.1.7)",
  ),
  universal(
    "SIP-cseq",
    "sip-cseq",
    "CSeq carries the method of the request and a number below 2^31 (RFC 3261 8.1.1.5)",
  ),
  universal(
    "SIP-body",
    "sip-body",
    "Content-Length and Content-Type describe the body (RFC 3261 20.14, 20.15)",
  ),
  universal(
    "SIP-identity",
    "sip-identity",
    "P-Asserted-Identity and Privacy have values that RFC 3325 and RFC 3323 allow",
  ),
];

export const UNIVERSAL_CLAUSE = CLAUSE;
