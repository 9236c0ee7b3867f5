/**
 * Messages that come in on one session (RFC 4975 7.3.1): chunks belong together by Message-ID and stand where their Byte-Range says, in any
 * order, overlapping or not. No octet is held here: what is there is known by ranges.
 */
import {
  byteRangeOf,
  contentTypeOf,
  failureReportOf,
  messageIdOf,
  successReportOf,
} from "../../wire/msrp/headers.ts";
import type { ByteRange } from "../../wire/msrp/headers.ts";
import { MsrpParseError, readOrMsrpError } from "../../wire/msrp/error.ts";
import { isIdent } from "../../wire/msrp/ident.ts";
import type { MsrpContent, MsrpFlag, MsrpRequestHead } from "../../wire/msrp/message.ts";
import { createOctetRanges } from "./octet-ranges.ts";
import type { OctetRanges } from "./octet-ranges.ts";

export interface ReceptionLimits {
  /** Octets of one message; more of it is refused with 413 (a=max-size, RFC 4975 8.6). */
  readonly maxSize: number;
  /** Messages that may be incomplete at a time; another is refused with 413. */
  readonly incomplete: number;
  /** Holes in one message, by chunks out of order; one more is refused with 413. */
  readonly holes: number;
  /** Message-IDs remembered after their messages ended, to know duplicates by (RFC 4975 5.4). */
  readonly remembered: number;
}

export const DEFAULT_RECEPTION_LIMITS: ReceptionLimits = {
  maxSize: Infinity,
  incomplete: 256,
  holes: 1024,
  remembered: 1024,
};

export type IncomingState = "open" | "complete" | "aborted" | "refused";

/** A message of which at least one chunk began. */
export interface IncomingMessage {
  readonly messageId: string;
  /** Of the chunk that came first. */
  readonly head: MsrpRequestHead;
  readonly contentType: string;
  readonly state: IncomingState;
  /** Octets of the whole: as announced, and as they are once the chunk with `$` has ended. */
  readonly total: number | "*";
  readonly received: OctetRanges;
  /** With which the sender was, or will be, told to stop. */
  readonly refusal: number | undefined;
}

/** A SEND that is being read. */
export interface IncomingChunk {
  readonly head: MsrpRequestHead;
  /** Undefined for a SEND without content, or one that is refused for what it is. */
  readonly message: IncomingMessage | undefined;
  /** It is the first of its message that came. */
  readonly first: boolean;
  /** The message ended before: its octets are read and dropped. */
  readonly duplicate: boolean;
  /** Place of the next octet in the message. */
  readonly position: number;
  /** The response that it gets, unless Failure-Report forbids; 200 when nothing is wrong. */
  readonly status: number;
}

export type ReceptionEnd =
  /** Nothing: more chunks follow, or the chunk was refused, a duplicate, or without content. */
  | { readonly kind: "none" }
  | { readonly kind: "complete"; readonly message: IncomingMessage; readonly total: number }
  | { readonly kind: "aborted"; readonly message: IncomingMessage };

export interface Reception {
  /** The head of a SEND. `accepts`: whether a media type is taken (415). */
  begin(head: MsrpRequestHead): IncomingChunk;
  /** Octets of its body. What they do to it shows in its status. */
  body(chunk: IncomingChunk, octets: number): void;
  end(chunk: IncomingChunk, flag: MsrpFlag, content: MsrpContent): ReceptionEnd;
  /** The receiver wants no more of a message: every chunk that is open or comes gets this status. */
  refuse(message: IncomingMessage, status: number): void;
  /** Messages that are incomplete; asked when the session ends. */
  readonly incomplete: readonly IncomingMessage[];
}

export interface ReceptionOptions {
  readonly limits?: Partial<ReceptionLimits>;
  /** Whether a media type is taken; another is refused with 415. Default: all are. */
  readonly accepts?: (contentType: string) => boolean;
}

export function createReception(options: ReceptionOptions = {}): Reception {
  return new SessionReception(options);
}

class Message implements IncomingMessage {
  readonly messageId: string;
  readonly head: MsrpRequestHead;
  readonly contentType: string;
  state: IncomingState = "open";
  total: number | "*";
  /** The chunk with `$` has ended, so that `total` is what it is. */
  totalIsCertain = false;
  readonly received = createOctetRanges();
  refusal: number | undefined = undefined;

  constructor(messageId: string, head: MsrpRequestHead, total: number | "*") {
    this.messageId = messageId;
    this.head = head;
    this.contentType = contentTypeOf(head) ?? "";
    this.total = total;
  }
}

interface Chunk extends IncomingChunk {
  readonly message: Message | undefined;
  readonly range: ByteRange;
  position: number;
  status: number;
}

/** RFC 4975 7.3.1: without Byte-Range it is the beginning, and perhaps the whole. */
const FROM_THE_BEGINNING: ByteRange = { start: 1, end: "*", total: "*" };

class SessionReception implements Reception {
  readonly #limits: ReceptionLimits;
  readonly #accepts: (contentType: string) => boolean;
  readonly #open = new Map<string, Message>();
  readonly #ended = new Map<string, Message>();
  readonly #chunks = new WeakMap<IncomingChunk, Chunk>();

  constructor({ limits = {}, accepts = () => true }: ReceptionOptions) {
    this.#limits = { ...DEFAULT_RECEPTION_LIMITS, ...limits };
    this.#accepts = accepts;
  }

  get incomplete(): readonly IncomingMessage[] {
    return [...this.#open.values()];
  }

  begin(head: MsrpRequestHead): IncomingChunk {
    const chunk = this.#chunkOf(head);
    this.#chunks.set(chunk, chunk);
    return chunk;
  }

  #chunkOf(head: MsrpRequestHead): Chunk {
    const range = rangeOf(head);
    const messageId = messageIdOf(head);
    const base = {
      head,
      first: false,
      duplicate: false,
      message: undefined,
      range: range ?? FROM_THE_BEGINNING,
    };
    const refused = (status: number): Chunk => ({ ...base, position: base.range.start, status });
    if (range === undefined || messageId === undefined || !isIdent(messageId) || !reportsReadable(head))
      return refused(400);
    const known = this.#open.get(messageId) ?? this.#ended.get(messageId);
    if (known !== undefined) return this.#further(known, head, range);
    const contentType = contentTypeOf(head);
    // A SEND without content is no message (RFC 4975 7.1). Should a body follow, it lacks its Content-Type.
    if (contentType === undefined) return refused(200);
    const message = new Message(messageId, head, range.total);
    const status = this.#refusalOf(message, contentType);
    if (status === 200) this.#open.set(messageId, message);
    else this.#refuse(message, status);
    return { ...base, first: true, message, position: range.start, status };
  }

  #refusalOf(message: Message, contentType: string): number {
    if (!this.#accepts(contentType)) return 415;
    const tooLong = message.total !== "*" && message.total > this.#limits.maxSize;
    return tooLong || this.#open.size >= this.#limits.incomplete ? 413 : 200;
  }

  #further(message: Message, head: MsrpRequestHead, range: ByteRange): Chunk {
    const duplicate = message.state === "complete" || message.state === "aborted";
    const status = message.refusal ?? 200;
    return { head, first: false, duplicate, message, range, position: range.start, status };
  }

  body(given: IncomingChunk, octets: number): void {
    const chunk = this.#chunks.get(given);
    if (chunk === undefined || octets === 0) return;
    const { message, position } = chunk;
    chunk.position += octets;
    if (message === undefined) {
      if (chunk.status === 200) chunk.status = 400;
      return;
    }
    if (message.state !== "open") return;
    message.received.add(position, chunk.position - 1);
    const tooLong = chunk.position - 1 > this.#limits.maxSize;
    if (tooLong || message.received.spans.length > this.#limits.holes + 1) {
      this.#refuse(message, 413);
      chunk.status = 413;
    }
  }

  end(given: IncomingChunk, flag: MsrpFlag, content: MsrpContent): ReceptionEnd {
    const chunk = this.#chunks.get(given);
    const message = chunk?.message;
    if (chunk === undefined || message === undefined) return { kind: "none" };
    this.#chunks.delete(given);
    if (message.state === "refused") {
      chunk.status = message.refusal ?? 413;
      return { kind: "none" };
    }
    if (message.state !== "open" || content === "none") return { kind: "none" };
    if (flag === "#") return this.#abort(message);
    if (flag === "$") {
      message.total = chunk.position - 1;
      message.totalIsCertain = true;
    }
    return this.#completed(message);
  }

  refuse(given: IncomingMessage, status: number): void {
    const message = this.#open.get(given.messageId);
    if (message === given && message.state === "open") this.#refuse(message, status);
  }

  #completed(message: Message): ReceptionEnd {
    const { total, totalIsCertain, received } = message;
    if (!totalIsCertain || total === "*" || !received.covers(1, total)) return { kind: "none" };
    message.state = "complete";
    this.#forget(message);
    return { kind: "complete", message, total };
  }

  #abort(message: Message): ReceptionEnd {
    message.state = "aborted";
    this.#forget(message);
    return { kind: "aborted", message };
  }

  /** Whoever is refused may never end its message: it takes no place among those that are incomplete. */
  #refuse(message: Message, status: number): void {
    message.state = "refused";
    message.refusal = status;
    this.#forget(message);
  }

  #forget(message: Message): void {
    this.#open.delete(message.messageId);
    this.#ended.set(message.messageId, message);
    for (const oldest of this.#ended.keys()) {
      if (this.#ended.size <= this.#limits.remembered) break;
      this.#ended.delete(oldest);
    }
  }
}

/** Undefined when there is one that cannot be: octets count from 1. */
function rangeOf(head: MsrpRequestHead): ByteRange | undefined {
  const range = readOrMsrpError(() => byteRangeOf(head));
  if (range === undefined) return FROM_THE_BEGINNING;
  return range instanceof MsrpParseError || range.start < 1 ? undefined : range;
}

function reportsReadable(head: MsrpRequestHead): boolean {
  const read = readOrMsrpError(() => [successReportOf(head), failureReportOf(head)]);
  return !(read instanceof MsrpParseError);
}
