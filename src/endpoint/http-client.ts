/** One HTTP request and its response, over a connection of its own. */
import type { Clock } from "../net/clock.ts";
import { type Connection, formatHop, type Hop, type Network } from "../net/network.ts";
import type { HttpLimits } from "../wire/http/framer.ts";
import { httpRequest as requestOf, type HttpRequest, type HttpResponse } from "../wire/http/message.ts";
import { serializeHttp } from "../wire/http/serialize.ts";
import type { Annotation, Tap } from "./crossing.ts";
import { createHttpReader, type HttpReader, type HttpReading, tapHttp } from "./http-crossing.ts";

export interface HttpRequestOptions {
  /** Name of the node in crossings. */
  readonly name: string;
  readonly network: Network;
  readonly clock: Clock;
  readonly method: string;
  /** `http://host[:port]/path`. */
  readonly url: string;
  /** Host and Connection are added. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array | string;
  /** How long the response may take, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  readonly limits?: HttpLimits;
  readonly localHost?: string;
  readonly tap?: Tap;
  readonly annotation?: Annotation;
}

export type HttpFailureCode = "url" | "timeout" | "connection" | "closed" | "malformed";

/** There is no response to an HTTP request. */
export class HttpRequestError extends Error {
  readonly code: HttpFailureCode;
  readonly url: string;
  constructor(code: HttpFailureCode, method: string, url: string, why: string, cause?: unknown) {
    super(`${method} ${url}: ${why}`, { cause });
    this.name = "HttpRequestError";
    this.code = code;
    this.url = url;
  }
}

const TIMEOUT_MS = 10_000;

/** Fails with {@link HttpRequestError}. Provisional responses are passed over. */
export async function httpRequest(options: HttpRequestOptions): Promise<HttpResponse> {
  const { method, url } = options;
  const to = hopOf(method, url);
  const request = toRequest(options);
  return new Promise((resolve, reject) => {
    const exchange = startExchange(options, to, request);
    const disarm = options.clock.callAt(options.clock.now() + (options.timeoutMs ?? TIMEOUT_MS), () =>
      finish(() =>
        reject(new HttpRequestError("timeout", method, url, `no response from ${formatHop(to)} in time`)),
      ),
    );
    const finish = (settle: () => void): void => {
      disarm();
      settle();
      exchange.connection.close();
    };
    const take = (reading: HttpReading): void => {
      exchange.note(reading);
      if ("error" in reading) {
        const { error } = reading;
        const code = error.code === "cut-short" ? "closed" : "malformed";
        finish(() => reject(new HttpRequestError(code, method, url, error.message, error)));
      } else if (reading.message.kind === "response" && reading.message.status >= 200) {
        const { message } = reading;
        finish(() => resolve(message));
      }
    };
    exchange.connection.onData((bytes) => exchange.reader.push(bytes).forEach(take));
    exchange.connection.onClose((error) => {
      exchange.reader.end().forEach(take);
      const code = error === undefined ? "closed" : "connection";
      const why = error?.message ?? "the connection was closed without a response";
      finish(() => reject(new HttpRequestError(code, method, url, why, error)));
    });
  });
}

interface Exchange {
  readonly connection: Connection;
  readonly reader: HttpReader;
  readonly note: (reading: HttpReading) => void;
}

/** Connects and sends. */
function startExchange(options: HttpRequestOptions, to: Hop, request: HttpRequest): Exchange {
  const { name, network, clock, annotation, tap = () => undefined } = options;
  const vantage = { name, tap, annotation, now: () => clock.now() };
  const connection = network.connect("tcp", to, options.localHost);
  const ends = (): { local: Hop; remote: Hop } => ({
    local: { ...connection.local, transport: "tcp" },
    remote: to,
  });
  const reader = createHttpReader("responses", options.limits);
  const bytes = serializeHttp(request);
  reader.expectResponseTo(request.method);
  tapHttp(vantage, "out", ends(), { bytes });
  connection.send(bytes);
  return { connection, reader, note: (reading) => tapHttp(vantage, "in", ends(), reading) };
}

function toRequest({ method, url, headers = [], body }: HttpRequestOptions): HttpRequest {
  const { host, pathname, search } = new URL(url);
  return requestOf({
    method,
    target: pathname + search,
    headers: [["Host", host], ["Connection", "close"], ...headers],
    ...(body === undefined ? {} : { body }),
  });
}

function hopOf(method: string, url: string): Hop {
  if (!URL.canParse(url))
    throw new HttpRequestError("url", method, url, "not a URL; write http://host:port/path");
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== "http:")
    throw new HttpRequestError("url", method, url, `${protocol} is not spoken here; use http:`);
  const host = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  return { host, port: port === "" ? 80 : Number(port), transport: "tcp" };
}
