/** A served user sends a pager-mode message (clause 6.1.1.3.1). */
import { prependHeader, withBody, withoutHeader } from "../wire/sip/edit.ts";
import { header, routesOf, viaOf } from "../wire/sip/headers.ts";
import { formatNameAddr } from "../wire/sip/name-addr.ts";
import type { SipMessage, SipRequest, SipResponse } from "../wire/sip/message.ts";
import { bytesOf } from "../peer/im/content.ts";
import { sipUriOf } from "../wire/sip/uri.ts";
import { decide, onResponse, serverFault, skip } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { isFromClient, isOwnRefusal } from "./originating-side.ts";

/** The refusal, and the message behind it as if it had been accepted. */
function refusedAndForwarded(response: SipResponse, request: SipRequest | undefined): readonly SipMessage[] {
  const [own, ...rest] = request === undefined ? [] : routesOf(request);
  const { host, port } = sipUriOf(own?.uri ?? "") ?? {};
  if (request === undefined || host === undefined) return [response];
  const branch = `z9hG4bK-again-${viaOf(request)?.branch ?? ""}`;
  const routed = rest.reduceRight(
    (sofar, route) => prependHeader(sofar, "Route", formatNameAddr(route)),
    withoutHeader(request, "Route"),
  );
  return [response, prependHeader(routed, "Via", `SIP/2.0/UDP ${host}:${port ?? 5060};branch=${branch}`)];
}

const warning = "119 Anonymity not allowed";

const passing: readonly Fault[] = [
  serverFault(
    "6.1.1.3.1-4",
    "the message goes on with another body",
    decide({
      admission: {
        forwarded: (_turn, request) => withBody(request, "text/plain", bytesOf("something else")),
      },
    }),
  ),
  serverFault(
    "6.1.1.3.1-4",
    "a message is answered 200 and goes nowhere",
    decide({
      admission: {
        answersSystemMessage: (turn) => turn.function === "originating",
      },
    }),
  ),
  serverFault(
    "6.1.1.3.1-fin",
    "final responses do not come back to the sender",
    onResponse(
      "MESSAGE",
      () => undefined,
      (response, request) => isFromClient(request) && response.status >= 200,
    ),
  ),
  serverFault(
    "6.1.1.3.1-fin",
    "the sender is told 500 in place of any refusal",
    onResponse(
      "MESSAGE",
      (response) => ({ ...response, status: 500, reason: "Server Internal Error" }),
      (response, request) =>
        isFromClient(request) && response.status >= 300 && header(response, "Server") === undefined,
    ),
  ),
];

const checks: readonly Fault[] = [
  serverFault(
    "6.1.1.3.1-1",
    "what the general checks refuse is forwarded behind the refusal",
    onResponse("MESSAGE", refusedAndForwarded, isOwnRefusal),
  ),
  serverFault("6.1.1.3.1-2a", "anonymity is not looked at", skip("check-anonymity")),
  serverFault(
    "6.1.1.3.1-2a",
    "anonymity is answered 433",
    decide({ refusals: { anonymity: () => ({ status: 433, reason: "Anonymity Disallowed", warning }) } }),
  ),
  serverFault(
    "6.1.1.3.1-2b",
    "the refusal of anonymity has no warning",
    decide({ refusals: { anonymity: () => ({ status: 403 }) } }),
  ),
  serverFault(
    "6.1.1.3.1-3a",
    "every message with a lifetime counts as expired",
    decide({ admission: { expired: (turn) => header(turn.request, "Expires") !== undefined } }),
  ),
  serverFault(
    "6.1.1.3.1-3b",
    "an expired message gets no answer",
    onResponse(
      "MESSAGE",
      () => undefined,
      (response, request) => isFromClient(request) && response.reason === "Message Expired",
    ),
  ),
];

export const faults: readonly Fault[] = [...passing, ...checks];
