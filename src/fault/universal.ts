/** What holds of every SIP message (RFC 3261): one violation of each kind, in messages that most scenarios of a server have. */
import { mapHeader, withHeader, withoutHeader } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import { serializeSip } from "../wire/sip/serialize.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { onRequest, onResponse, serverFault, type Fault } from "./fault.ts";

const text = (response: SipResponse): string => Buffer.from(serializeSip(response)).toString("utf8");

export const faults: readonly Fault[] = [
  serverFault(
    "SIP-readable",
    "an answer to REGISTER has no status code",
    onResponse("REGISTER", (response) => Buffer.from(text(response).replace(/^SIP\/2\.0 \d+/u, "SIP/2.0"))),
  ),
  serverFault(
    "SIP-headers",
    "an answer to REGISTER has a Warning that is none",
    onResponse("REGISTER", (response) => withHeader(response, "Warning", "127 not authorised")),
  ),
  serverFault(
    "SIP-mandatory",
    "an answer to REGISTER has no tag in To",
    onResponse("REGISTER", (response) =>
      withHeader(response, "To", (header(response, "To") ?? "").replace(/;tag=[^;]*/u, "")),
    ),
  ),
  serverFault(
    "SIP-via",
    "a message that goes on lacks the magic cookie in the branch of Via",
    onRequest("MESSAGE", (request) =>
      mapHeader(request, "Via", (value, index) => (index === 0 ? value.replace("z9hG4bK", "") : value)),
    ),
  ),
  serverFault(
    "SIP-cseq",
    "a message that goes on has a CSeq beyond 2^31",
    onRequest("MESSAGE", (request) => withHeader(request, "CSeq", "4294967295 MESSAGE")),
  ),
  serverFault(
    "SIP-body",
    "an answer to REGISTER has a body without Content-Type",
    onResponse("REGISTER", (response) => ({
      ...withHeader(withoutHeader(response, "Content-Type"), "Content-Length", "5"),
      body: Buffer.from("hello"),
    })),
  ),
  serverFault(
    "SIP-identity",
    "an answer to PUBLISH asserts two SIP identities",
    onResponse("PUBLISH", (response) =>
      withHeader(response, "P-Asserted-Identity", "<sip:one@home.example>, <sip:two@home.example>"),
    ),
  ),
];
