/** One MESSAGE to each recipient (clause 8.3.2.1), and what becomes of it (8.3.1.4). */
import type { SipRequest } from "../../wire/sip/message.ts";
import type { Aggregation } from "./aggregation.ts";
import { deliveryFailed } from "./notifications.ts";
import { annotationOf, ownMessage, sendOwn } from "./outgoing.ts";
import type { GroupTurn } from "./turn.ts";

export function explode(turn: GroupTurn, aggregation: Aggregation | undefined): void {
  const { server } = turn;
  for (const recipient of turn.recipients) {
    const failed = (status: number): void => {
      if (aggregation) deliveryFailed(turn, aggregation, { recipient, status });
    };
    sendOwn(server, copyFor(turn, recipient), {
      cause: turn.incoming.message,
      annotation: annotationOf(turn),
      onResponse: (response) => {
        if (response.status >= 300) failed(response.status);
      },
      onFailure: (reason) => failed(reason === "timeout" ? 408 : 503),
    });
  }
}

function copyFor(turn: GroupTurn, recipient: string): SipRequest {
  const { copy } = turn.server.decisions;
  return ownMessage(turn.server, {
    uri: copy.requestUri(turn, recipient),
    from: copy.from(turn),
    to: copy.to(turn, recipient),
    headers: [
      ["Accept-Contact", copy.acceptContact(turn)],
      ["P-Asserted-Identity", copy.assertedIdentity(turn)],
      ["Referred-By", copy.referredBy(turn)],
      ["Privacy", copy.privacy(turn)],
      ["User-Agent", copy.userAgent(turn)],
      ["Subject", copy.subject(turn)],
      ["Date", copy.date(turn)],
      ["Expires", copy.expires(turn)],
    ],
    body: copy.body(turn, recipient),
  });
}
