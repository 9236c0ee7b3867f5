/** Delivery notifications on their way back through the controlling function (clauses 8.3.1.2 to 8.3.1.4). */
import { buildNotification, withoutFirstRoute } from "../im/delivery.ts";
import type { DeliveryNotification } from "../im/delivery.ts";
import { withoutParameters } from "../im/address.ts";
import { mediaTypes } from "../im/identifiers.ts";
import type { Body } from "../im/content.ts";
import type { Aggregation } from "./aggregation.ts";
import type { FailureReport } from "./decisions/notify.ts";
import { ownMessage, sendOwn } from "./outgoing.ts";
import type { GroupTurn, ServerParts } from "./turn.ts";

/** 8.3.1.1, step 9. Messages that ask for notifications are remembered even where nothing is gathered, to find the sender again. */
export function startAggregation(turn: GroupTurn): Aggregation | undefined {
  const { server, delivery, destination } = turn;
  if (!delivery) return undefined;
  const of = { requester: turn.originator, sender: destination.uri, recipients: turn.recipients };
  const aggregation = server.aggregations.open(delivery, of);
  if (server.decisions.control.aggregates(turn)) startTimer(server, aggregation);
  return aggregation;
}

/** Ts2. */
function startTimer(server: ServerParts, aggregation: Aggregation): void {
  aggregation.running = true;
  aggregation.disarm = server.clock.callAt(
    server.clock.now() + server.decisions.notify.waitMs(server),
    () => {
      sendAggregate(server, aggregation);
      if (server.decisions.notify.restarts(server, aggregation)) startTimer(server, aggregation);
    },
  );
}

/** 8.3.1.3: all that was kept goes out in one message. */
function sendAggregate(server: ServerParts, aggregation: Aggregation): void {
  aggregation.disarm();
  aggregation.running = false;
  const kept = aggregation.documents;
  aggregation.documents = [];
  for (const documents of server.decisions.notify.aggregates(server, aggregation, kept))
    sendDocuments(server, aggregation, documents);
}

function sendDocuments(
  server: ServerParts,
  aggregation: Aggregation,
  documents: readonly Uint8Array[],
): void {
  const bytes = buildNotification({
    from: aggregation.sender,
    to: aggregation.requesterInCpim,
    messageId: server.ids.token(16),
    dateTime: new Date(server.clock.now()).toISOString(),
    routes: [],
    documents,
    boundary: `imdn-${server.ids.token(16)}`,
  });
  sendNotification(server, aggregation.sender, aggregation.requester, {
    contentType: mediaTypes.cpim,
    bytes,
  });
}

function sendNotification(server: ServerParts, sender: string, to: string, body: Body): void {
  const { notify } = server.decisions;
  const request = ownMessage(server, {
    uri: notify.requestUri(server, to),
    from: notify.from(server, sender),
    to: notify.to(server, to),
    headers: [
      ["Accept-Contact", notify.acceptContact(server)],
      ["P-Asserted-Identity", notify.assertedIdentity(server, sender)],
      ["User-Agent", notify.userAgent(server)],
    ],
    body,
  });
  sendOwn(server, request, { annotation: { serverFunction: "controlling" } });
}

/** 8.3.1.2. */
export function takeNotification(turn: GroupTurn, notification: DeliveryNotification): void {
  const { server } = turn;
  const { notify } = server.decisions;
  const about = notification.documents
    .map((document) => notify.messageId(server, document))
    .find((id) => id !== undefined);
  const aggregation = about === undefined ? undefined : server.aggregations.find(about);
  if (aggregation && notify.keeps(server, aggregation)) {
    aggregation.documents.push(...notification.documents);
    settle(server, aggregation, turn.originator);
  } else {
    forwardNotification(turn, notification, aggregation);
  }
}

/** 8.3.1.2, step 1; RFC 5438 8: to the next address on its route, else to the one who asked. */
function forwardNotification(
  turn: GroupTurn,
  notification: DeliveryNotification,
  aggregation: Aggregation | undefined,
): void {
  const [, next] = notification.routes;
  const to = next ?? aggregation?.requester ?? notification.to;
  const body = { contentType: mediaTypes.cpim, bytes: withoutFirstRoute(notification.cpim) };
  sendNotification(turn.server, aggregation?.sender ?? withoutParameters(turn.request.uri), to, body);
}

/** 8.3.1.4. */
export function deliveryFailed(turn: GroupTurn, aggregation: Aggregation, failure: FailureReport): void {
  const { server } = turn;
  const { notify } = server.decisions;
  if (!notify.reportsFailure(server, aggregation, failure)) {
    settle(server, aggregation, failure.recipient);
    return;
  }
  const document = notify.failureDocument(server, aggregation, failure);
  if (!notify.keepsFailure(server, aggregation)) {
    sendDocuments(server, aggregation, [document]);
    return;
  }
  aggregation.documents.push(document);
  settle(server, aggregation, failure.recipient);
}

/** Nothing more is to be expected of the recipient; Ts2 stops with the last (15.1). */
function settle(server: ServerParts, aggregation: Aggregation, recipient: string): void {
  server.aggregations.markAnswered(aggregation, recipient);
  if (aggregation.running && server.decisions.notify.complete(server, aggregation))
    sendAggregate(server, aggregation);
}
