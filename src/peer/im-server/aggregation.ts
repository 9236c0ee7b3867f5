/** Delivery notifications of one group message, gathered until Ts2 fires or everyone has answered (clauses 8.3.1.1 to 8.3.1.4, 15.1). */
import type { DeliveryRequest } from "../im/delivery.ts";
import { addressKey } from "../im/address.ts";

export interface Aggregation {
  readonly messageId: string;
  readonly dateTime: string;
  readonly dispositions: readonly string[];
  /** Who asked, by authenticated address. */
  readonly requester: string;
  /** CPIM address of the requester, which an anonymous sender chooses. */
  readonly requesterInCpim: string;
  /** Address that the message was sent to; notifications come from it. */
  readonly sender: string;
  readonly recipients: readonly string[];
  /** Keys of the recipients that a notification came from. */
  readonly answered: Set<string>;
  /** Kept while Ts2 runs. */
  documents: Uint8Array[];
  running: boolean;
  /** Disarms Ts2. */
  disarm: () => void;
}

/** What is remembered so that late notifications still find the requester; the oldest goes first. */
const MOST_REMEMBERED = 1000;

export function createAggregations() {
  const byMessage = new Map<string, Aggregation>();
  return {
    open(
      request: DeliveryRequest,
      of: { requester: string; sender: string; recipients: readonly string[] },
    ): Aggregation {
      const { messageId, dateTime, dispositions, from } = request;
      const aggregation: Aggregation = {
        messageId,
        dateTime,
        dispositions,
        requesterInCpim: from,
        ...of,
        answered: new Set(),
        documents: [],
        running: false,
        disarm: () => undefined,
      };
      const oldest = byMessage.size >= MOST_REMEMBERED ? byMessage.keys().next().value : undefined;
      if (oldest !== undefined) byMessage.delete(oldest);
      byMessage.set(messageId, aggregation);
      return aggregation;
    },
    find: (messageId: string): Aggregation | undefined => byMessage.get(messageId),
    markAnswered: (aggregation: Aggregation, recipient: string): Set<string> =>
      aggregation.answered.add(addressKey(recipient)),
    count: (): number => byMessage.size,
    clear(): void {
      for (const aggregation of byMessage.values()) aggregation.disarm();
      byMessage.clear();
    },
  };
}

export type Aggregations = ReturnType<typeof createAggregations>;
