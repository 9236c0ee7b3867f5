/** Requests of one connection that wait for their responses (RFC 4975 7.1.1, 7.2). All wait equally long, so the oldest is due first. */

/** RFC 4975 7.1.1: from the last byte of the request on. */
export const TRANSACTION_TIMEOUT_MS = 30_000;

export interface MsrpTransactions<T> {
  /** The head is written: a response may come from now on, and the identifier is in use. */
  open(transactionId: string, request: T): void;
  /** The end-line is written; `now` starts the 30 s. */
  sent(transactionId: string, now: number): void;
  /** The request that waits under an identifier. */
  peek(transactionId: string): T | undefined;
  /** The response came: the request, which is forgotten; undefined when no such request waits. */
  answer(transactionId: string): T | undefined;
  /** Requests whose time is over; they are forgotten. */
  due(now: number): T[];
  /** When the next one will be due. */
  readonly deadline: number | undefined;
  /** All that wait; they are forgotten. */
  clear(): T[];
  readonly size: number;
}

export function createMsrpTransactions<T>(timeoutMs = TRANSACTION_TIMEOUT_MS): MsrpTransactions<T> {
  const open = new Map<string, T>();
  /** In the order in which they were sent. */
  const waiting = new Map<string, { readonly request: T; readonly at: number }>();
  const peek = (transactionId: string): T | undefined =>
    open.get(transactionId) ?? waiting.get(transactionId)?.request;
  return {
    peek,
    get size() {
      return open.size + waiting.size;
    },
    get deadline() {
      for (const { at } of waiting.values()) return at;
      return undefined;
    },
    open: (transactionId, request) => void open.set(transactionId, request),
    sent: (transactionId, now) => {
      const request = open.get(transactionId);
      if (request === undefined) return;
      open.delete(transactionId);
      waiting.set(transactionId, { request, at: now + timeoutMs });
    },
    answer: (transactionId) => {
      const request = peek(transactionId);
      open.delete(transactionId);
      waiting.delete(transactionId);
      return request;
    },
    due: (now) => {
      const over: T[] = [];
      for (const [transactionId, { request, at }] of waiting) {
        if (at > now) break;
        waiting.delete(transactionId);
        over.push(request);
      }
      return over;
    },
    clear: () => {
      const all = [...[...waiting.values()].map(({ request }) => request), ...open.values()];
      open.clear();
      waiting.clear();
      return all;
    },
  };
}
