/** What arrived: the tap sees it, then its transaction gets it. */
import { badRequestFor } from "./salvage.ts";
import type { Clock } from "../net/clock.ts";
import type { Ids } from "../net/ids.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import type { AnsweredRequest, ClientTransactions } from "./client-transactions.ts";
import { type Annotate, type Annotation, mergeAnnotations, type Tap, type WireCrossing } from "./crossing.ts";
import type { Outbox } from "./outbox.ts";
import type { ServerTransactions } from "./server-transactions.ts";
import type { Arrival } from "./sip-transport.ts";
import { wireErrorOf } from "./wire-error.ts";

export interface InboxOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tap: Tap;
  readonly annotate: Annotate | undefined;
  readonly outbox: Outbox;
  readonly clients: ClientTransactions;
  readonly servers: ServerTransactions;
}

/** What is known of a message before it is processed. */
interface Knowledge {
  readonly annotation: Annotation | undefined;
  readonly retransmission: boolean;
}

export function createInbox(options: InboxOptions): (arrival: Arrival) => void {
  const { name, clock, ids, tap, annotate, outbox, clients, servers } = options;

  const note = (arrival: Arrival, { annotation, retransmission }: Knowledge): void => {
    const what: Pick<WireCrossing, "message" | "error"> =
      "message" in arrival ? { message: arrival.message } : { error: wireErrorOf(arrival.error) };
    tap({
      node: name,
      direction: "in",
      local: arrival.channel.local,
      remote: arrival.channel.remote,
      protocol: "sip",
      bytes: arrival.bytes,
      ...what,
      ...(annotation === undefined ? {} : { annotation }),
      retransmission,
      at: clock.now(),
    });
  };

  const know = (message: SipMessage, arrival: Arrival): Knowledge => {
    const answered: AnsweredRequest | undefined =
      message.kind === "response" ? clients.match(message) : undefined;
    const retransmission =
      answered?.retransmission ?? (message.kind === "request" && servers.isRetransmission(message));
    const noted = annotate?.(message, "in", arrival.channel.remote);
    return { annotation: mergeAnnotations(answered?.annotation, noted), retransmission };
  };

  const refuse = ({ bytes, channel }: Arrival): void => {
    const response = badRequestFor(bytes, ids.token());
    if (response !== undefined)
      outbox.post(response, { channel, retransmission: false, onError: () => undefined });
  };

  return (arrival) => {
    if ("error" in arrival) {
      note(arrival, { annotation: undefined, retransmission: false });
      return refuse(arrival);
    }
    const { message, channel } = arrival;
    const knowledge = know(message, arrival);
    note(arrival, knowledge);
    if (message.kind === "response") clients.receive(message);
    else servers.receive({ request: message, channel, annotation: knowledge.annotation });
  };
}
