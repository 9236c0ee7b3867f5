/** Whether a response is built as RFC 3261 8.2.6 has it: out of the request that it answers. */
import type { SipRecord } from "../trace/scenario-trace.ts";
import { callIdOf, cseqOf, fromOf, toOf, vias } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { focusContactOf } from "./conference.ts";
import { faultsOf } from "./message-faults.ts";
import { readable } from "./pager-message.ts";

/** The first departure, in words; undefined: there is none. A 100 needs no tag, and only what makes a dialog needs Contact. */
export function departureOf(
  { message: response }: SipRecord<SipResponse>,
  request: SipRequest,
): string | undefined {
  const [fault] = faultsOf(response);
  if (fault !== undefined) return fault.message;
  const differing = COPIED.find(([, read]) => readable(() => read(request) !== read(response), true));
  if (differing !== undefined) return `${differing[0]} is not that of the request`;
  const [asked, told] = [toOf(request)?.tag, toOf(response)?.tag];
  if (asked === undefined && response.status > 100 && told === undefined) return "To has no tag";
  if (asked !== undefined && told !== asked) return "the tag in To is not that of the request";
  const makesDialog = request.method === "INVITE" && response.status >= 200 && response.status < 300;
  return makesDialog && focusContactOf(response) === undefined ? "there is no Contact" : undefined;
}

type Read = (message: SipRequest | SipResponse) => string | undefined;

/** What is copied; Via parameters that a hop adds (received, rport) do not count. */
const COPIED: readonly (readonly [string, Read])[] = [
  [
    "Via",
    (message) =>
      vias(message)
        .map((via) => `${via.host}:${via.port ?? ""} ${via.branch ?? ""}`)
        .join(),
  ],
  ["Call-ID", callIdOf],
  ["CSeq", (message) => `${cseqOf(message)?.number ?? ""} ${cseqOf(message)?.method ?? ""}`],
  ["From", (message) => `${fromOf(message)?.uri ?? ""} ${fromOf(message)?.tag ?? ""}`],
];
