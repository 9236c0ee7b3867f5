/** The incoming side of a connection: messages out of the stream, told to the tap, given on piece by piece. */
import { MsrpParseError } from "../../wire/msrp/error.ts";
import type { MsrpLimits } from "../../wire/msrp/limits.ts";
import type {
  MsrpContent,
  MsrpFlag,
  MsrpHead,
  MsrpRequestHead,
  MsrpResponseHead,
} from "../../wire/msrp/message.ts";
import { createMsrpParser } from "../../wire/msrp/parser.ts";
import type { MsrpEvent, MsrpParser } from "../../wire/msrp/parser.ts";
import { msrpEndLine, serializeMsrpHead } from "../../wire/msrp/serialize.ts";
import { createFrameRecording } from "./frame-recording.ts";
import type { FrameRecording } from "./frame-recording.ts";
import type { TapOut } from "./link-tap.ts";
import type { OutContext } from "./link-writer.ts";

/** A request that is being read. */
export interface RequestReader {
  readonly context: OutContext;
  /** A view that holds during the call only. */
  body(bytes: Uint8Array): void;
  /** The end-line was read; the tap is told afterwards. */
  end(flag: MsrpFlag, content: MsrpContent): void;
  /** After the tap was told: time for the response, and for whoever is interested in the request. */
  deliver(): void;
}

export interface LinkReaderOptions {
  readonly limits?: Partial<MsrpLimits> | undefined;
  readonly tap?: TapOut | undefined;
  readonly request: (head: MsrpRequestHead) => RequestReader;
  readonly response: (head: MsrpResponseHead) => void;
  /** `received`: what came of the message up to both paths, for as much of an answer as can be given. */
  readonly malformed: (
    error: MsrpParseError,
    transactionId: string | undefined,
    received: Uint8Array,
  ) => void;
  readonly contextOf: (head: MsrpResponseHead) => OutContext;
  readonly guard: (call: () => void) => void;
}

interface Reading {
  readonly head: MsrpHead;
  readonly reader: RequestReader | undefined;
  readonly recording: FrameRecording | undefined;
  readonly begunAt: number;
}

interface Ruin {
  readonly error: MsrpParseError;
  readonly transactionId: string;
  bytes: Uint8Array;
}

/** Bytes of a malformed message that are told. */
const RUINS = 4096;

export class LinkReader {
  readonly #options: LinkReaderOptions;
  readonly #parser: MsrpParser;
  #reading: Reading | undefined = undefined;
  /** What came of a head that is not complete. */
  #partial: Uint8Array[] = [];
  #partialBytes = 0;
  /** Place in the stream of the first byte of what is kept, and behind the last byte that was given to the parser. */
  #keptFrom = 0;
  #at = 0;

  /** A malformed message of which the paths have not come yet. */
  #ruin: Ruin | undefined = undefined;

  constructor(options: LinkReaderOptions) {
    this.#options = options;
    this.#parser = createMsrpParser(options.limits);
  }

  /** Nothing that follows can be read. */
  get broken(): boolean {
    return this.#parser.broken !== undefined;
  }

  push(bytes: Uint8Array): void {
    const pieceAt = this.#at;
    this.#at += bytes.length;
    if (this.#ruin !== undefined) this.#addToRuin(this.#ruin, bytes);
    for (const event of this.#parser.push(bytes)) this.#take(event, bytes, pieceAt);
    if (this.#reading === undefined) this.#keep(bytes, pieceAt);
  }

  /** The stream has ended: the tap is told of a message that was cut off. */
  end(): void {
    const cut = this.#parser.end();
    if (cut !== undefined) this.#take(cut, new Uint8Array(0), this.#at);
    this.#settleRuin();
  }

  #keep(bytes: Uint8Array, pieceAt: number): void {
    const from = Math.max(0, this.#keptFrom - pieceAt);
    if (from >= bytes.length || this.#partialBytes > RUINS) return;
    const kept = Uint8Array.from(bytes.subarray(from, from + RUINS));
    this.#partial.push(kept);
    this.#partialBytes += kept.length;
  }

  /** The beginning of a message that is none. */
  #ruins(bytes: Uint8Array, pieceAt: number, at: number): Uint8Array {
    if (at >= pieceAt) return bytes.subarray(at - pieceAt, at - pieceAt + RUINS);
    const known = Buffer.concat([...this.#partial, bytes.subarray(0, RUINS)]);
    return known.subarray(Math.max(0, at - this.#keptFrom)).subarray(0, RUINS);
  }

  #forgetPartial(upTo: number): void {
    this.#partial = [];
    this.#partialBytes = 0;
    this.#keptFrom = upTo;
  }

  #take(event: MsrpEvent, bytes: Uint8Array, pieceAt: number): void {
    this.#settleRuin();
    switch (event.kind) {
      case "head":
        return this.#begin(event.head);
      case "body":
        this.#reading?.recording?.body(event.bytes);
        return this.#reading?.reader?.body(event.bytes);
      case "end":
        this.#forgetPartial(event.at);
        return this.#end(event);
      case "error":
        return this.#error(event, bytes, pieceAt);
    }
  }

  #begin(head: MsrpHead): void {
    const { tap, request } = this.#options;
    const reader = head.kind === "request" ? request(head) : undefined;
    const recording = tap === undefined ? undefined : createFrameRecording();
    recording?.head(serializeMsrpHead(head, "body"));
    this.#reading = { head, reader, recording, begunAt: tap?.now() ?? 0 };
  }

  #end({ flag, content, bodyBytes }: Extract<MsrpEvent, { kind: "end" }>): void {
    const reading = this.#reading;
    if (reading === undefined) return;
    this.#reading = undefined;
    const { head, reader } = reading;
    reader?.end(flag, content);
    this.#tell(reading, flag, content, bodyBytes);
    if (head.kind === "response") this.#options.response(head);
    else reader?.deliver();
  }

  #tell(
    { head, reader, recording, begunAt }: Reading,
    flag: MsrpFlag,
    content: MsrpContent,
    bodyBytes: number,
  ): void {
    const { tap, guard, contextOf } = this.#options;
    if (tap === undefined || recording === undefined) return;
    if (content === "none") recording.head(serializeMsrpHead(head, content));
    const bytes = recording.end(msrpEndLine(head.transactionId, flag, content));
    const body = content === "none" ? undefined : recording.keptBody;
    const frame = { head, content, bodyBytes, flag, ...(body === undefined ? {} : { body }) };
    const context = reader?.context ?? (head.kind === "response" ? contextOf(head) : {});
    guard(() => tap.tell({ bytes, frame, context, begunAt }));
  }

  #error(event: Extract<MsrpEvent, { kind: "error" }>, bytes: Uint8Array, pieceAt: number): void {
    const { tap, guard, malformed } = this.#options;
    const { error, transactionId, at } = event;
    const ruins = this.#ruins(bytes, pieceAt, at);
    const context = this.#reading?.reader?.context ?? {};
    guard(() => tap?.tellBytes(ruins, context, error));
    this.#reading = undefined;
    this.#forgetPartial(at + ruins.length);
    if (transactionId === undefined) return malformed(error, undefined, ruins);
    this.#ruin = { error, transactionId, bytes: Uint8Array.from(ruins) };
    this.#settleRuinIfComplete(this.#ruin);
  }

  #addToRuin(ruin: Ruin, bytes: Uint8Array): void {
    ruin.bytes = Buffer.concat([ruin.bytes, bytes.subarray(0, RUINS)]).subarray(0, RUINS);
    this.#settleRuinIfComplete(ruin);
  }

  #settleRuinIfComplete({ bytes }: Ruin): void {
    const text = Buffer.from(bytes).toString("latin1");
    const named = /^To-Path:.*\r\n/im.test(text) && /^From-Path:.*\r\n/im.test(text);
    if (named || bytes.length >= RUINS) this.#settleRuin();
  }

  #settleRuin(): void {
    const ruin = this.#ruin;
    if (ruin === undefined) return;
    this.#ruin = undefined;
    this.#options.malformed(ruin.error, ruin.transactionId, ruin.bytes);
  }
}
