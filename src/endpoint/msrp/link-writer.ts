/** The outgoing side of a connection: takes octets from sources as fast as the peer reads, and has the edge and the tap see every message. */
import { createInterleaving } from "../../machine/msrp/interleaving.ts";
import type { Interleaving, Lane, LaneParts, WritingStep } from "../../machine/msrp/interleaving.ts";
import { type Connection, SEND_HIGH_WATER } from "../../net/network.ts";
import type { MsrpFlag, MsrpFrame, MsrpRequestHead } from "../../wire/msrp/message.ts";
import { msrpEndLine, serializeMsrp, serializeMsrpHead } from "../../wire/msrp/serialize.ts";
import type { Annotation } from "../crossing.ts";
import { coalesced } from "./coalesce.ts";
import { createFrameRecording } from "./frame-recording.ts";
import type { FrameRecording } from "./frame-recording.ts";
import type { TapOut } from "./link-tap.ts";
import type { MessageSource } from "./source.ts";

/** What is known of a message that goes out beside its bytes. */
export interface OutContext {
  readonly session?: string | undefined;
  readonly annotation?: Annotation | undefined;
  readonly cause?: MsrpRequestHead | undefined;
}

/** Who wants a message sent, and is told how far it is. */
export interface StreamOwner {
  readonly context: OutContext;
  opened(transactionId: string): void;
  closed(transactionId: string, octets: number, flag: MsrpFlag): void;
  /** The source could not be read, or gave more or less than it had announced. */
  sourceFailed(error: Error): void;
}

export interface LinkWriterOptions {
  readonly connection: Connection;
  readonly token: (length: number) => string;
  readonly turnOctets?: number | undefined;
  readonly tap?: TapOut | undefined;
  readonly edge?:
    ((frame: MsrpFrame, context: OutContext) => readonly (MsrpFrame | Uint8Array)[]) | undefined;
  /** Calls what may throw. */
  readonly guard: (call: () => void) => void;
  /** Responses and reports that may wait for a peer who does not read. */
  readonly waiting: number;
  /** More wait. */
  readonly overflow: () => void;
}

export interface OutgoingStream {
  interrupt(): void;
  abort(): void;
}

/** Bytes that wait in the connection before sources are left alone: more would be told of when they are gone. */
const QUEUE_LIMIT = SEND_HIGH_WATER;
/** With an edge chunks are held whole. */
const EDGE_CHUNK = 64 * 1024;

interface Stream {
  readonly lane: Lane;
  readonly source: MessageSource;
  readonly owner: StreamOwner;
  reading: boolean;
}

/** A chunk that is open. */
interface Writing {
  readonly lane: Lane;
  readonly context: OutContext;
  readonly recording: FrameRecording | undefined;
  readonly begunAt: number;
  /** With an edge: the body so far. */
  readonly held: Uint8Array[] | undefined;
}

export class LinkWriter {
  readonly #options: LinkWriterOptions;
  readonly #interleaving: Interleaving;
  readonly #streams = new Map<Lane, Stream>();
  readonly #contexts = new WeakMap<MsrpFrame, OutContext>();
  #chunk: Writing | undefined = undefined;
  #out: Uint8Array[] = [];
  #outBytes = 0;
  #pumping = false;
  #closed = false;

  constructor(options: LinkWriterOptions) {
    this.#options = options;
    this.#interleaving = createInterleaving(
      options.token,
      options.turnOctets === undefined ? {} : { turnOctets: options.turnOctets },
    );
    options.connection.onDrain(() => this.pump());
  }

  /** Sends a response, a report or another request without chunks. */
  post(frame: MsrpFrame, context: OutContext): void {
    if (this.#closed) return;
    this.#contexts.set(frame, context);
    this.#interleaving.post(frame);
    this.pump();
    if (this.#interleaving.waiting > this.#options.waiting) this.#options.overflow();
  }

  /** Bytes as they are, behind what is being written. */
  postBytes(bytes: Uint8Array, context: OutContext): void {
    if (this.#closed) return;
    this.#tap((tap) => tap.tellBytes(bytes, context));
    this.#push(bytes);
    this.#flush();
  }

  stream(parts: LaneParts, source: MessageSource, owner: StreamOwner): OutgoingStream {
    const most =
      this.#options.edge === undefined
        ? parts.chunkOctets
        : Math.min(parts.chunkOctets ?? EDGE_CHUNK, EDGE_CHUNK);
    const lane = this.#interleaving.add(most === undefined ? parts : { ...parts, chunkOctets: most });
    const stream: Stream = { lane, source, owner, reading: false };
    this.#streams.set(lane, stream);
    this.#read(stream);
    this.pump();
    return {
      interrupt: () => {
        lane.interrupt();
        this.pump();
      },
      abort: () => {
        lane.abort();
        this.#forget(stream);
        this.pump();
      },
    };
  }

  /** Nothing is written any more. */
  close(): void {
    this.#closed = true;
    for (const stream of this.#streams.values()) stream.source.cancel?.();
    this.#streams.clear();
  }

  pump(): void {
    if (this.#pumping || this.#closed) return;
    this.#pumping = true;
    try {
      while (this.#options.connection.queued + this.#outBytes <= QUEUE_LIMIT) {
        const step = this.#interleaving.next();
        if (step === undefined) break;
        this.#write(step);
        if (this.#outBytes > SEND_HIGH_WATER) this.#flush();
      }
      this.#flush();
    } finally {
      this.#pumping = false;
    }
  }

  /** Takes the next piece from the source of a message whose octets are all written. */
  #read(stream: Stream): void {
    const { lane, source } = stream;
    try {
      while (lane.buffered === 0 && !stream.reading && !lane.ended && !lane.finished) {
        const read = source.read();
        if (read instanceof Promise) this.#await(stream, read);
        else if (read === undefined) lane.end();
        else lane.offer(read);
      }
    } catch (error) {
      this.#fail(stream, error);
    }
  }

  #await(stream: Stream, read: Promise<Uint8Array | undefined>): void {
    stream.reading = true;
    const settle = (take: () => void): void => {
      stream.reading = false;
      if (this.#closed || !this.#streams.has(stream.lane)) return;
      this.#options.guard(() => {
        take();
        this.pump();
      });
    };
    read.then(
      (bytes) => settle(() => this.#take(stream, bytes)),
      (error: unknown) => settle(() => this.#fail(stream, error)),
    );
  }

  #take(stream: Stream, bytes: Uint8Array | undefined): void {
    try {
      if (bytes === undefined) stream.lane.end();
      else stream.lane.offer(bytes);
    } catch (error) {
      return this.#fail(stream, error);
    }
    this.#read(stream);
  }

  #fail(stream: Stream, error: unknown): void {
    stream.lane.abort();
    this.#forget(stream);
    stream.owner.sourceFailed(error instanceof Error ? error : new Error(String(error)));
  }

  /** The source of a message that is at its end, or was given up. The lane's last chunk may still be open. */
  #forget(stream: Stream): void {
    if (this.#chunk?.lane !== stream.lane) this.#streams.delete(stream.lane);
    stream.source.cancel?.();
  }

  #write(step: WritingStep): void {
    switch (step.kind) {
      case "frame":
        return this.#writeFrame(step.frame);
      case "open":
        return this.#openChunk(step.lane, step.head);
      case "body":
        return this.#writeBody(step.lane, step.bytes);
      case "close":
        return this.#closeChunk(step);
    }
  }

  #writeFrame(frame: MsrpFrame): void {
    this.#emit(frame, this.#contexts.get(frame) ?? {});
  }

  /** A whole message, by way of the edge. */
  #emit(frame: MsrpFrame, context: OutContext): void {
    const { edge } = this.#options;
    let made: readonly (MsrpFrame | Uint8Array)[] = [frame];
    if (edge !== undefined) this.#options.guard(() => (made = edge(frame, context)));
    for (const one of made) {
      const bytes = one instanceof Uint8Array ? one : serializeMsrp(one);
      this.#tap((tap) =>
        one instanceof Uint8Array ? tap.tellBytes(one, context) : tap.tellFrame(one, bytes, context),
      );
      this.#push(bytes);
    }
  }

  #openChunk(lane: Lane, head: MsrpRequestHead): void {
    const stream = this.#streams.get(lane);
    const { edge, tap } = this.#options;
    const recording = tap === undefined || edge !== undefined ? undefined : createFrameRecording();
    const begunAt = tap?.now() ?? 0;
    this.#chunk = {
      lane,
      context: stream?.owner.context ?? {},
      recording,
      begunAt,
      held: edge === undefined ? undefined : [],
    };
    stream?.owner.opened(head.transactionId);
    if (edge !== undefined) return;
    const bytes = serializeMsrpHead(head, "body");
    recording?.head(bytes);
    this.#push(bytes);
  }

  #writeBody(lane: Lane, bytes: Uint8Array): void {
    const stream = this.#streams.get(lane);
    if (stream !== undefined) this.#read(stream);
    if (this.#chunk?.held !== undefined) {
      this.#chunk.held.push(bytes);
      return;
    }
    this.#chunk?.recording?.body(bytes);
    this.#push(bytes);
  }

  #closeChunk({ lane, head, flag, octets }: Extract<WritingStep, { kind: "close" }>): void {
    const chunk = this.#chunk;
    const stream = this.#streams.get(lane);
    this.#chunk = undefined;
    const context = chunk?.context ?? {};
    if (chunk?.held !== undefined) {
      const body = Buffer.concat(chunk.held);
      this.#emit({ head, content: "body", body, bodyBytes: octets, flag }, context);
    } else {
      const bytes = msrpEndLine(head.transactionId, flag, "body");
      if (chunk?.recording !== undefined)
        this.#tapChunk(chunk.recording, chunk, { head, flag, octets, bytes });
      this.#push(bytes);
    }
    stream?.owner.closed(head.transactionId, octets, flag);
    if (stream !== undefined && lane.finished) this.#forget(stream);
  }

  #tapChunk(
    recording: FrameRecording,
    { context, begunAt }: Writing,
    end: { head: MsrpRequestHead; flag: MsrpFlag; octets: number; bytes: Uint8Array },
  ): void {
    const recorded = recording.end(end.bytes);
    const body = recording.keptBody;
    const frame: MsrpFrame = {
      head: end.head,
      content: "body",
      bodyBytes: end.octets,
      flag: end.flag,
      ...(body === undefined ? {} : { body }),
    };
    this.#tap((tap) => tap.tell({ bytes: recorded, frame, context, begunAt }));
  }

  #tap(tell: (tap: TapOut) => void): void {
    const { tap, guard } = this.#options;
    if (tap !== undefined) guard(() => tell(tap));
  }

  #push(bytes: Uint8Array): void {
    this.#out.push(bytes);
    this.#outBytes += bytes.length;
  }

  #flush(): void {
    if (this.#out.length === 0) return;
    const pieces = this.#out;
    this.#out = [];
    this.#outBytes = 0;
    for (const piece of coalesced(pieces)) this.#options.connection.send(piece);
  }
}
