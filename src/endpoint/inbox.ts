/** What arrived: the tap sees it, then its transaction gets it. */
import { badRequestFor } from "./salvage.ts";
import type { Clock } from "../net/clock.ts";
import type { Ids } from "../net/ids.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import type { ClientTransactions } from "./client-transactions.ts";
import { type Annotate, type Annotation, mergeAnnotations, type Tap, type WireCrossing } from "./crossing.ts";
import type { Outbox } from "./outbox.ts";
import type { ServerTransactions } from "./server-transactions.ts";
import type { Arrival } from "./sip-transport.ts";
import { wireErrorOf } from "./wire-error.ts";

export interface InboxOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Undefined: nobody looks on. */
  readonly tap: Tap | undefined;
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
    if (tap === undefined) return;
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

  const takeResponse = (response: SipResponse, arrival: Arrival): void => {
    const answered = clients.match(response);
    const noted = annotate?.(response, "in", arrival.channel.remote);
    const annotation = mergeAnnotations(answered?.annotation, noted);
    note(arrival, { annotation, retransmission: answered?.retransmission ?? false });
    clients.receive(response);
  };

  const takeRequest = (request: SipRequest, arrival: Arrival): void => {
    const { channel } = arrival;
    const matched = servers.match(request);
    const annotation = annotate?.(request, "in", channel.remote);
    note(arrival, { annotation, retransmission: matched.retransmission });
    servers.receive({ request, channel, annotation }, matched);
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
    if (arrival.message.kind === "response") takeResponse(arrival.message, arrival);
    else takeRequest(arrival.message, arrival);
  };
}
