/** What crossed in the MSRP sessions of a scenario so far, as waits ask for it. */
import { msrpHeader } from "../wire/msrp/headers.ts";
import type { MsrpFrame } from "../wire/msrp/message.ts";
import type { Viewpoint } from "./live.ts";

export interface LiveFrame {
  readonly seq: number;
  readonly node: string;
  readonly peer: string;
  readonly direction: "in" | "out";
  readonly frame: MsrpFrame;
}

/** A message that is on its way, or has arrived: its beginning, where tokens stand. */
export interface LiveSend {
  readonly seq: number;
  readonly node: string;
  readonly peer: string;
  readonly direction: "in" | "out";
  begun: string;
  contentType?: string;
  complete: boolean;
  /** Of the last response. */
  status?: number;
}

/** A REPORT on a message. */
export interface LiveReport {
  readonly seq: number;
  /** Of Status; undefined where it cannot be read. */
  readonly status: number | undefined;
  readonly contentType: string | undefined;
}

/** As much of a message is kept, in characters. */
const BEGINNING = 8192;

export class LiveMedia {
  /** By node and message. */
  readonly #sends = new Map<string, LiveSend>();
  readonly #ofEnd = new Map<string, LiveSend[]>();
  readonly #byTransaction = new Map<string, LiveSend>();
  /** A chunk that is refused before its end is told after its response. */
  readonly #early = new Map<string, number>();
  /** By the end that they reach. */
  readonly #reports = new Map<string, LiveReport[]>();

  add(crossing: LiveFrame): void {
    const { head } = crossing.frame;
    if (head.kind === "response") this.#answered(crossing, head.transactionId, head.status);
    else if (head.method === "SEND") this.#sent(crossing, head.transactionId);
    else if (head.method === "REPORT") this.#reported(crossing);
  }

  /** Messages that reached the actor after `seq`. */
  receivedBy({ node, played }: Viewpoint, seq: number): readonly LiveSend[] {
    const end = played === "scrim" ? `${node} in` : `to ${node}`;
    return (this.#ofEnd.get(end) ?? []).filter((send) => send.seq > seq);
  }

  /** Messages that the actor sent after `seq`. */
  sentBy({ node, played }: Viewpoint, seq: number): readonly LiveSend[] {
    const end = played === "scrim" ? `${node} out` : `from ${node}`;
    return (this.#ofEnd.get(end) ?? []).filter((send) => send.seq > seq);
  }

  /** REPORTs that reached the actor after `seq`. */
  reportsTo({ node, played }: Viewpoint, seq: number): readonly LiveReport[] {
    const end = played === "scrim" ? `${node} in` : `to ${node}`;
    return (this.#reports.get(end) ?? []).filter((report) => report.seq > seq);
  }

  #reported({ seq, node, peer, direction, frame: { head } }: LiveFrame): void {
    const status = /^\s*\d{3} (\d{3})/u.exec(msrpHeader(head, "Status") ?? "")?.[1];
    const report: LiveReport = {
      seq,
      status: status === undefined ? undefined : Number(status),
      contentType: msrpHeader(head, "Content-Type"),
    };
    const end = direction === "in" ? `${node} in` : `to ${peer}`;
    this.#reports.set(end, [...(this.#reports.get(end) ?? []), report]);
  }

  #sent({ seq, node, peer, direction, frame }: LiveFrame, transaction: string): void {
    const { head, body, flag } = frame;
    const id = msrpHeader(head, "Message-ID") ?? transaction;
    const ends = `${msrpHeader(head, "To-Path") ?? ""} ${msrpHeader(head, "From-Path") ?? ""}`;
    const key = `${node} ${direction} ${ends} ${id}`;
    let send = this.#sends.get(key);
    if (send === undefined) {
      send = { seq, node, peer, direction, begun: "", complete: false };
      this.#sends.set(key, send);
      for (const end of [`${node} ${direction}`, direction === "in" ? `from ${peer}` : `to ${peer}`])
        this.#enter(end, send);
    }
    const type = msrpHeader(head, "Content-Type");
    if (type !== undefined) send.contentType = type;
    if (body !== undefined && send.begun.length < BEGINNING)
      send.begun += Buffer.from(body).toString("utf8", 0, BEGINNING);
    send.complete ||= flag === "$";
    const sending = `${node} ${direction} ${transaction}`;
    this.#byTransaction.set(sending, send);
    const early = this.#early.get(sending);
    if (early !== undefined) send.status = early;
  }

  #enter(end: string, send: LiveSend): void {
    const sends = this.#ofEnd.get(end);
    if (sends === undefined) this.#ofEnd.set(end, [send]);
    else sends.push(send);
  }

  #answered({ node, direction }: LiveFrame, transaction: string, status: number): void {
    const opposite = direction === "in" ? "out" : "in";
    const key = `${node} ${opposite} ${transaction}`;
    const send = this.#byTransaction.get(key);
    if (send === undefined) this.#early.set(key, status);
    else send.status = status;
  }
}
