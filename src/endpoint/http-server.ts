/** An HTTP server over a {@link Network}: connections are kept or closed as the client asks, requests of one are answered in order. */
import { type Agenda, createAgenda } from "../net/agenda.ts";
import type { Clock } from "../net/clock.ts";
import type { Address, Connection, Hop, Network } from "../net/network.ts";
import type { HttpLimits } from "../wire/http/framer.ts";
import { httpHeader, type HttpRequest, httpResponse, type HttpResponse } from "../wire/http/message.ts";
import { serializeHttp } from "../wire/http/serialize.ts";
import type { Tap } from "./crossing.ts";
import { createHttpReader, type HttpReading, type HttpVantage, tapHttp } from "./http-crossing.ts";
import { warnOfHandler } from "./users.ts";

export interface HttpServerOptions {
  /** Name of the node in crossings. */
  readonly name: string;
  readonly network: Network;
  readonly clock: Clock;
  /** Port 0 for a free one. */
  readonly listen: Address;
  readonly onRequest: (request: HttpRequest, from: Hop) => HttpResponse | Promise<HttpResponse>;
  readonly limits?: HttpLimits;
  /** How long a connection may be silent, in milliseconds. Default 60,000. */
  readonly idleMs?: number;
  /** Above it new connections are turned away. Default 256. */
  readonly connections?: number;
  readonly tap?: Tap;
  /** Told when `onRequest` throws: the request was answered with 500. Default: a warning of the process. */
  readonly onHandlerError?: (error: unknown) => void;
}

export interface HttpServer {
  readonly local: Address;
  close(): Promise<void>;
}

const IDLE_MS = 60_000;
const CONNECTIONS = 256;
/** Requests of one connection that may wait for the answer to the one before. */
const PIPELINED = 64;

/** Fails with `PortInUseError`. */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { network, clock, listen } = options;
  const open = new Set<Connection>();
  const idle = createAgenda<Connection>(clock, (connection) => connection.close());
  const listener = await network.listen("tcp", listen, (connection) => {
    if (open.size >= (options.connections ?? CONNECTIONS)) return connection.destroy();
    open.add(connection);
    serve(connection, options, idle, () => open.delete(connection));
  });
  return {
    local: listener.local,
    close: async () => {
      idle.close();
      for (const connection of open) connection.close();
      await listener.close();
    },
  };
}

function serve(
  connection: Connection,
  options: HttpServerOptions,
  idle: Agenda<Connection>,
  ended: () => void,
): void {
  const { name, clock, limits, tap = () => undefined } = options;
  const vantage: HttpVantage = { name, tap, now: () => clock.now() };
  const ends = {
    local: { ...connection.local, transport: "tcp" },
    remote: { ...connection.remote, transport: "tcp" },
  } as const;
  const reader = createHttpReader("requests", limits);
  let answers = Promise.resolve();
  let waiting = 0;
  let closed = false;

  const stayAwake = (): void =>
    idle.set(connection, closed ? undefined : clock.now() + (options.idleMs ?? IDLE_MS));
  const send = (response: HttpResponse, last: boolean): void => {
    if (closed) return;
    const bytes = serializeHttp(response);
    tapHttp(vantage, "out", ends, { bytes });
    connection.send(bytes);
    if (last) connection.close();
    else stayAwake();
  };
  /** Answers of a connection leave in the order of its requests. */
  const queue = (response: Promise<HttpResponse>, last: boolean): void => {
    answers = answers.then(() => response).then((made) => send(made, last));
  };
  const take = (reading: HttpReading): void => {
    tapHttp(vantage, "in", ends, reading);
    if ("error" in reading) {
      const refusal = httpResponse(reading.error.status, { headers: [["Connection", "close"]] });
      return queue(Promise.resolve(refusal), true);
    }
    const { message } = reading;
    if (message.kind !== "request") return;
    waiting += 1;
    if (waiting > PIPELINED) return connection.destroy();
    const response = answers.then(() => answer(message, ends.remote, options));
    queue(
      response.then((made) => {
        waiting -= 1;
        return fitted(made, message);
      }),
      wantsClose(message),
    );
  };

  connection.onData((bytes) => {
    stayAwake();
    reader.push(bytes).forEach(take);
  });
  connection.onClose(() => {
    reader.end().forEach((reading) => tapHttp(vantage, "in", ends, reading));
    closed = true;
    stayAwake();
    ended();
  });
  stayAwake();
}

/** Never fails: a handler that does is a mistake of Scrim's, and the client gets 500. */
async function answer(request: HttpRequest, from: Hop, options: HttpServerOptions): Promise<HttpResponse> {
  try {
    return await options.onRequest(request, from);
  } catch (error) {
    (options.onHandlerError ?? warnOfHandler)(error);
    return httpResponse(500);
  }
}

/** RFC 7230 3.3: the response to HEAD has the headers of that to GET, and no body; 6.6: who closes says so. */
function fitted(response: HttpResponse, request: HttpRequest): HttpResponse {
  const { received: _read, ...plain } = response;
  const headers =
    wantsClose(request) && httpHeader(response, "Connection") === undefined
      ? [...response.headers, { name: "Connection", value: "close" }]
      : response.headers;
  return { ...plain, headers, body: request.method === "HEAD" ? new Uint8Array(0) : response.body };
}

/** RFC 7230 6.3 */
function wantsClose(request: HttpRequest): boolean {
  const options = (httpHeader(request, "Connection") ?? "")
    .toLowerCase()
    .split(",")
    .map((option) => option.trim());
  if (options.includes("close")) return true;
  return request.version === "1.0" && !options.includes("keep-alive");
}
