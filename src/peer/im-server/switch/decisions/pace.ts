/** What a recipient that reads slowly, or not at all, costs: its own messages, and neither the others' time nor memory without bounds. */
export interface Pace {
  /** Octets by which a sender may be ahead of the recipient that reads fastest; above that it has to wait. */
  readonly windowOctets: number;
  /** Messages that may wait for the recipient for whom fewest do; above that their sender has to wait. */
  readonly crowdMessages: number;
  /** Octets of one message by which a recipient may be behind its sender; above that it is not sent the rest. */
  readonly behindOctets: number;
  /** Messages, and octets in them, that may wait for one recipient; further ones are not sent to it. */
  readonly waitingMessages: number;
  readonly waitingOctets: number;
  /** The status of a message that was not sent for one of these reasons. */
  readonly tooSlowStatus: number;
  /** Milliseconds in which a recipient has to read something that waits for it; after twice that at the latest it takes part no more. */
  readonly patienceMs: number;
  /** Octets of a message that may wait for others before them; above that it is refused with 413. */
  readonly outOfOrderOctets: number;
}

export const pace: Pace = {
  windowOctets: 256 * 1024,
  crowdMessages: 100,
  behindOctets: 4 * 1024 * 1024,
  waitingMessages: 10_000,
  waitingOctets: 8 * 1024 * 1024,
  tooSlowStatus: 408,
  patienceMs: 30_000,
  outOfOrderOctets: 1024 * 1024,
};
