/** What crossed in a scenario so far, as waits ask for it. The same facts that the trace holds, while they happen. */
import { callIdOf, cseqOf, header, viaOf } from "../wire/sip/headers.ts";
import type { SipMessage } from "../wire/sip/message.ts";
import { LiveMedia } from "./live-media.ts";

export interface LiveCrossing {
  readonly seq: number;
  readonly node: string;
  readonly peer: string;
  readonly direction: "in" | "out";
  readonly message: SipMessage;
}

/** Where an actor's messages are seen: at its own node, or, for a client under test, at the core's end of its hop. */
export interface Viewpoint {
  readonly node: string;
  readonly played: "scrim" | "sut";
}

export class Live {
  /** What crossed in MSRP sessions. */
  readonly media = new LiveMedia();
  readonly #crossings: LiveCrossing[] = [];
  /** Call-ID, CSeq and branch of each crossing, which tie a response to its request: one that spirals crosses a node several times. */
  readonly #transactions = new Map<LiveCrossing, string>();
  /** Final responses by transaction: they are asked for after every crossing. */
  readonly #finals = new Map<string, LiveCrossing[]>();
  /** What crossed once, by place, direction and transaction. */
  readonly #seen = new Set<string>();
  #repeated = 0;

  /** How many messages crossed that had crossed before: a network that loses some, or a SUT that takes its time. */
  get repeated(): number {
    return this.#repeated;
  }

  /** How many messages crossed. */
  get count(): number {
    return this.#crossings.length;
  }

  add(crossing: LiveCrossing): void {
    this.#crossings.push(crossing);
    const transaction = transactionOf(crossing.message);
    this.#transactions.set(crossing, transaction);
    this.#count(crossing, transaction);
    if (crossing.message.kind !== "response" || crossing.message.status < 200) return;
    const finals = this.#finals.get(transaction);
    if (finals === undefined) this.#finals.set(transaction, [crossing]);
    else finals.push(crossing);
  }

  #count({ node, direction, message }: LiveCrossing, transaction: string): void {
    const what = message.kind === "request" ? message.method : message.status;
    const sighting = `${node} ${direction} ${what} ${transaction}`;
    if (this.#seen.has(sighting)) this.#repeated += 1;
    this.#seen.add(sighting);
  }

  /** Requests of `method` that the actor sent after `seq`. */
  sentBy(actor: Viewpoint, method: string, seq: number): readonly LiveCrossing[] {
    return this.#requests(method, seq).filter((crossing) => isFrom(crossing, actor));
  }

  /** Requests of `method` that reached the actor after `seq`. */
  receivedBy(actor: Viewpoint, method: string, seq: number): readonly LiveCrossing[] {
    return this.#requests(method, seq).filter((crossing) => isTo(crossing, actor));
  }

  /** The final response to a request, where it was seen in the same place. */
  finalTo(request: LiveCrossing): LiveCrossing | undefined {
    return this.#finals
      .get(this.#transactions.get(request) ?? "")
      ?.find(
        (final) =>
          final.seq > request.seq && final.node === request.node && final.direction !== request.direction,
      );
  }

  /** Whether a provisional response other than 100 was seen in the same place. */
  isRinging(request: LiveCrossing): boolean {
    const transaction = this.#transactions.get(request);
    return this.#crossings.some(
      (one) =>
        one.message.kind === "response" &&
        one.message.status > 100 &&
        one.message.status < 200 &&
        one.node === request.node &&
        this.#transactions.get(one) === transaction,
    );
  }

  /** The first message of the scenario of which that holds. */
  find(holds: (message: SipMessage) => boolean): SipMessage | undefined {
    return this.#crossings.find(({ message }) => holds(message))?.message;
  }

  /** Whether each call to the user, or of the user's, that was accepted has been hung up: a B2BUA ends its two legs one after the other. */
  hasHungUp(impu: string): boolean {
    const hungUp = new Set(this.#requests("BYE", 0).map(({ message }) => header(message, "Call-ID")));
    return this.#requests("INVITE", 0)
      .filter(({ message }) => ["From", "To"].some((field) => header(message, field)?.includes(impu)))
      .filter((invite) => isSuccess(this.finalTo(invite)?.message))
      .every(({ message }) => hungUp.has(header(message, "Call-ID")));
  }

  /** Requests that nobody has answered yet. */
  get unanswered(): readonly LiveCrossing[] {
    return this.#crossings.filter(
      (crossing) =>
        crossing.message.kind === "request" &&
        crossing.message.method !== "ACK" &&
        this.finalTo(crossing) === undefined,
    );
  }

  /** Requests that left a node of Scrim's toward `peer`, or came from it. */
  exchangedWith(peer: string, method: string, seq: number, direction: "in" | "out"): readonly LiveCrossing[] {
    return this.#requests(method, seq).filter(
      (crossing) => crossing.peer === peer && crossing.direction === direction,
    );
  }

  #requests(method: string, seq: number): readonly LiveCrossing[] {
    return this.#crossings.filter(
      ({ message, seq: at }) => at > seq && message.kind === "request" && message.method === method,
    );
  }
}

function isSuccess(final: SipMessage | undefined): boolean {
  return final?.kind === "response" && final.status < 300;
}

function isFrom({ node, peer, direction }: LiveCrossing, actor: Viewpoint): boolean {
  return actor.played === "scrim"
    ? node === actor.node && direction === "out"
    : peer === actor.node && direction === "in";
}

function isTo({ node, peer, direction }: LiveCrossing, actor: Viewpoint): boolean {
  return actor.played === "scrim"
    ? node === actor.node && direction === "in"
    : peer === actor.node && direction === "out";
}

/** Never throws: a SUT may send anything, and waiting must go on. */
function transactionOf(message: SipMessage): string {
  try {
    const cseq = cseqOf(message);
    const branch = viaOf(message)?.branch ?? "";
    return `${callIdOf(message) ?? ""} ${cseq?.number ?? ""} ${cseq?.method ?? ""} ${branch}`;
  } catch {
    return "";
  }
}

const decoder = new TextDecoder("utf-8", { fatal: false });

/** Whether a message carries the token of a stimulus in its body, however it is wrapped, or in the URL of a body that lies elsewhere. */
export function carries(message: SipMessage, token: string): boolean {
  return (
    decoder.decode(message.body).includes(token) ||
    (header(message, "Content-Type")?.includes(token) ?? false)
  );
}

/** Whether a MESSAGE brings a delivery notification (RFC 5438), one or several. */
export function bringsNotification(message: SipMessage): boolean {
  return decoder.decode(message.body).toLowerCase().includes("message/imdn+xml");
}
