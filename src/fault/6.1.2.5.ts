/** NOTIFY at the participating function (clause 6.1.2.5). */
import { withBody, withRequestUri } from "../wire/sip/edit.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { onRequest, onResponse, serverFault, type Fault } from "./fault.ts";

/** What a participating function has of another: the focus has no NOTIFY as cause. */
const isPassedOn = (_request: SipRequest, cause: SipRequest | undefined): boolean =>
  cause?.method === "NOTIFY";

export const faults: readonly Fault[] = [
  serverFault(
    ["6.1.2.5-0", "6.1.2.5-2"],
    "answers 481 to notifications of subscriptions that there are",
    onResponse("NOTIFY", ({ received: _received, ...response }) => ({
      ...response,
      status: 481,
      reason: "Subscription does not exist",
    })),
  ),
  serverFault(
    "6.1.2.5-1",
    "keeps notifications to itself",
    onRequest("NOTIFY", () => undefined, isPassedOn),
  ),
  serverFault(
    "6.1.2.5-1",
    "sends notifications on to somebody else",
    onRequest("NOTIFY", (request) => withRequestUri(request, "sip:somebody@127.0.0.1:15060"), isPassedOn),
  ),
  serverFault(
    "6.1.2.5-1",
    "writes notifications anew",
    onRequest(
      "NOTIFY",
      (request) =>
        withBody(request, header(request, "Content-Type") ?? "text/plain", new TextEncoder().encode("new")),
      isPassedOn,
    ),
  ),
  serverFault(
    "6.1.2.5-2",
    "answers NOTIFY with 202 whatever the client says",
    onResponse("NOTIFY", ({ received: _received, ...response }) => ({
      ...response,
      status: 202,
      reason: "Accepted",
    })),
  ),
];
