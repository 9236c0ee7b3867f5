/** Cuts a stream of bytes into HTTP messages, however the stream is segmented. */
import { ByteQueue } from "../sip/byte-queue.ts";
import { bodyLength, parseHead } from "./head.ts";
import type { HttpHead } from "./head.ts";
import { httpError, HttpParseError } from "./http-error.ts";
import type { HttpMessage } from "./message.ts";

export interface HttpLimits {
  /** Bytes of start line and headers, and with them of chunk extensions and trailer fields; 16 KiB unless told. */
  readonly maxHeadBytes?: number;
  /** Bytes of a body; 1 MiB unless told. */
  readonly maxBodyBytes?: number;
  /** Bytes of the line with the size of a chunk, and of a line of the trailer; 4 KiB unless told. */
  readonly maxLineBytes?: number;
}

export interface HttpFramer {
  /** Messages that are complete now, in order. An error is the last thing that a framer gives: the connection is lost. */
  push(chunk: Uint8Array): readonly (HttpMessage | HttpParseError)[];
  /** The peer closed: a response that is framed by that is complete, anything else that was begun is cut short. */
  end(): readonly (HttpMessage | HttpParseError)[];
  /** A framer of responses is told each request, in order: a response to HEAD has no body. */
  expectResponseTo(method: string): void;
}

type State =
  | { readonly name: "head" }
  | { readonly name: "bytes"; readonly remaining: number; readonly after: "done" | "chunk-end" }
  | { readonly name: "chunk-size" | "chunk-end" | "trailer" | "until-close" | "failed" };

export const DEFAULT_HTTP_LIMITS: Required<HttpLimits> = {
  maxHeadBytes: 16_384,
  maxBodyBytes: 1_048_576,
  maxLineBytes: 4096,
};
const CRLF = Buffer.from("\r\n", "latin1");
const EMPTY_LINE = Buffer.from("\r\n\r\n", "latin1");

export function createHttpFramer(options: {
  readonly reads: "requests" | "responses";
  readonly limits?: HttpLimits;
}): HttpFramer {
  const framing = new Framing(options.reads, { ...DEFAULT_HTTP_LIMITS, ...options.limits });
  return {
    push: (chunk) => framing.push(chunk),
    end: () => framing.end(),
    expectResponseTo: (method) => framing.answered.push(method),
  };
}

class Framing {
  readonly answered: string[] = [];
  private readonly reads: "requests" | "responses";
  private readonly limits: Required<HttpLimits>;
  private state: State = { name: "head" };
  private pending: Buffer = Buffer.alloc(0);
  private head: HttpHead | undefined;
  private body = new ByteQueue();
  private raw = new ByteQueue();
  /** Of the head, chunk extensions and trailer of the message so far. */
  private headBytes = 0;

  constructor(reads: "requests" | "responses", limits: Required<HttpLimits>) {
    this.reads = reads;
    this.limits = limits;
  }

  push(chunk: Uint8Array): readonly (HttpMessage | HttpParseError)[] {
    if (this.state.name === "failed") return [];
    this.pending = this.pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.pending, chunk]);
    return this.drain();
  }

  end(): readonly (HttpMessage | HttpParseError)[] {
    const { name } = this.state;
    if (name === "until-close") return [...this.complete()];
    const idle = name === "failed" || (name === "head" && this.pending.length === 0);
    this.state = { name: "failed" };
    if (idle) return [];
    return [
      httpError(this.pending, this.pending.length, {
        code: "cut-short",
        expected: "the rest of the message",
        found: "the end of the connection",
        clause: "RFC 7230 3.4",
        remedy: "Compare Content-Length with the bytes sent, and close after the last one.",
      }),
    ];
  }

  private drain(): readonly (HttpMessage | HttpParseError)[] {
    const out: (HttpMessage | HttpParseError)[] = [];
    try {
      for (;;) {
        const step = this.step();
        if (step === undefined) return out;
        out.push(...step);
      }
    } catch (error) {
      if (!(error instanceof HttpParseError)) throw error;
      this.state = { name: "failed" };
      this.pending = Buffer.alloc(0);
      return [...out, error];
    }
  }

  /** One step; undefined: more bytes are needed. */
  private step(): readonly HttpMessage[] | undefined {
    switch (this.state.name) {
      case "head":
        return this.readHead();
      case "bytes":
        return this.readBytes(this.state.remaining, this.state.after);
      case "chunk-size":
        return this.readChunkSize();
      case "chunk-end":
        return this.readChunkEnd();
      case "trailer":
        return this.readTrailer();
      case "until-close":
        return this.readAll();
      case "failed":
        break;
    }
    return undefined;
  }

  private readHead(): readonly HttpMessage[] | undefined {
    // RFC 7230 3.5: a server ignores an empty line in front of a request line.
    while (this.pending.length >= 2 && this.pending.indexOf(CRLF) === 0)
      this.pending = this.pending.subarray(2);
    const end = this.pending.indexOf(EMPTY_LINE);
    this.headBytes = 0;
    this.countHead(end === -1 ? this.pending.length : end);
    if (end === -1) return undefined;
    const bytes = this.take(end + EMPTY_LINE.length);
    this.head = parseHead(bytes, this.reads);
    const length = bodyLength(bytes, this.head, this.methodAnswered(this.head));
    if (length === 0) return this.complete();
    if (length === "chunked") this.state = { name: "chunk-size" };
    else if (length === "until-close") this.state = { name: "until-close" };
    else {
      this.checkBody(length);
      this.state = { name: "bytes", remaining: length, after: "done" };
    }
    return [];
  }

  private methodAnswered(head: HttpHead): string | undefined {
    // A 1xx response is followed by the final one to the same request.
    if (head.kind === "response" && head.status < 200) return this.answered[0];
    return this.answered.shift();
  }

  private readBytes(remaining: number, after: "done" | "chunk-end"): readonly HttpMessage[] | undefined {
    if (this.pending.length === 0) return undefined;
    const bytes = this.take(Math.min(remaining, this.pending.length));
    this.body.append(bytes);
    const left = remaining - bytes.length;
    if (left > 0) {
      this.state = { name: "bytes", remaining: left, after };
      return undefined;
    }
    if (after === "done") return this.complete();
    this.state = { name: "chunk-end" };
    return [];
  }

  private readChunkSize(): readonly HttpMessage[] | undefined {
    const line = this.takeLine();
    if (line === undefined) return undefined;
    const size = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;.*)?$/su.exec(line.toString("latin1"))?.[1];
    if (size === undefined) throw badChunk(line, "the size of a chunk in hexadecimal");
    this.countHead(line.length - size.length);
    const bytes = Number.parseInt(size, 16);
    this.checkBody(this.body.length + bytes);
    this.state = bytes === 0 ? { name: "trailer" } : { name: "bytes", remaining: bytes, after: "chunk-end" };
    return [];
  }

  private readChunkEnd(): readonly HttpMessage[] | undefined {
    if (this.pending.length < 2) return undefined;
    if (this.pending.indexOf(CRLF) !== 0) throw badChunk(this.pending, "CR LF behind the chunk");
    this.take(2);
    this.state = { name: "chunk-size" };
    return [];
  }

  /** Trailer fields are dropped (RFC 7230 4.1.2 allows it); the empty line ends the message. */
  private readTrailer(): readonly HttpMessage[] | undefined {
    const line = this.takeLine();
    if (line === undefined) return undefined;
    this.countHead(line.length);
    return line.length === 0 ? this.complete() : [];
  }

  private readAll(): undefined {
    if (this.pending.length === 0) return undefined;
    this.checkBody(this.body.length + this.pending.length);
    this.body.append(this.take(this.pending.length));
    return undefined;
  }

  private complete(): readonly HttpMessage[] {
    const { head } = this;
    if (head === undefined) return [];
    const received = new Uint8Array(this.raw.bytes());
    const body = new Uint8Array(this.body.bytes());
    this.raw = new ByteQueue();
    this.body = new ByteQueue();
    this.head = undefined;
    this.state = { name: "head" };
    return [{ ...head, body, received }];
  }

  private take(length: number): Buffer {
    const bytes = this.pending.subarray(0, length);
    this.pending = this.pending.subarray(length);
    this.raw.append(bytes);
    return bytes;
  }

  private takeLine(): Buffer | undefined {
    const end = this.pending.indexOf(CRLF);
    if ((end === -1 ? this.pending.length : end) > this.limits.maxLineBytes)
      throw badChunk(this.pending, "a shorter line");
    if (end === -1) return undefined;
    return this.take(end + 2).subarray(0, end);
  }

  private countHead(bytes: number): void {
    this.headBytes += bytes;
    const max = this.limits.maxHeadBytes;
    if (this.headBytes > max) throw headTooLarge(this.pending, this.headBytes, max);
  }

  private checkBody(bytes: number): void {
    const max = this.limits.maxBodyBytes;
    if (bytes <= max) return;
    throw httpError(this.pending, 0, {
      code: "body-too-large",
      expected: `a body of at most ${max} bytes`,
      found: `${bytes} bytes`,
      clause: "limit of this reader",
      remedy: "Send less, or raise maxBodyBytes.",
    });
  }
}

function headTooLarge(bytes: Uint8Array, came: number, max: number): HttpParseError {
  return httpError(bytes, 0, {
    code: "headers-too-large",
    expected: `at most ${max} bytes of head, chunk extensions and trailer`,
    found: `${came} bytes`,
    clause: "limit of this reader",
    remedy: "Send shorter headers, ended by an empty line.",
  });
}

function badChunk(bytes: Uint8Array, expected: string): HttpParseError {
  return httpError(bytes, 0, {
    code: "chunk",
    expected,
    clause: "RFC 7230 4.1",
    remedy: "Send each chunk as size in hexadecimal, CR LF, data, CR LF.",
  });
}
