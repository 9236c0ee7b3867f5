import type { Hop } from "../net/network.ts";
import { createHttpFramer, type HttpFramer, type HttpLimits } from "../wire/http/framer.ts";
import { HttpParseError } from "../wire/http/http-error.ts";
import type { HttpMessage } from "../wire/http/message.ts";
import type { Annotation, Tap } from "./crossing.ts";
import { createStreamReader, type Reading, type StreamReader } from "./stream-reader.ts";
import { wireErrorOf } from "./wire-error.ts";

export type HttpReading = Reading<HttpMessage, HttpParseError>;

export interface HttpReader extends StreamReader<HttpMessage, HttpParseError> {
  readonly expectResponseTo: HttpFramer["expectResponseTo"];
}

export function createHttpReader(reads: "requests" | "responses", limits: HttpLimits = {}): HttpReader {
  const framer = createHttpFramer({ reads, limits });
  let lost = false;
  const noting = <Item>(items: readonly Item[]): readonly Item[] => {
    lost ||= items.some((item) => item instanceof HttpParseError);
    return items;
  };
  const reader = createStreamReader<HttpMessage, HttpParseError>({
    push: (chunk) => noting(framer.push(chunk)),
    end: () => noting(framer.end()),
    lost: () => lost,
  });
  return {
    push: (bytes) => reader.push(bytes),
    end: () => reader.end(),
    get lost() {
      return lost;
    },
    expectResponseTo: (method) => framer.expectResponseTo(method),
  };
}

/** Where a crossing of HTTP is seen. */
export interface HttpVantage {
  readonly name: string;
  readonly now: () => number;
  readonly tap: Tap;
  readonly annotation?: Annotation | undefined;
}

export function tapHttp(
  { name, now, tap, annotation }: HttpVantage,
  direction: "in" | "out",
  ends: { readonly local: Hop; readonly remote: Hop },
  crossing: { readonly bytes: Uint8Array; readonly error?: HttpParseError },
): void {
  const { bytes, error } = crossing;
  tap({
    node: name,
    direction,
    ...ends,
    protocol: "http",
    bytes,
    ...(error === undefined ? {} : { error: wireErrorOf(error) }),
    ...(annotation === undefined ? {} : { annotation }),
    retransmission: false,
    at: now(),
  });
}
