/**
 * A SIP server that misbehaves as it is told, on real sockets: one port, UDP and TCP. What a behaviour leaves alone is answered as a decent
 * server would, so that one thing at a time is wrong.
 */
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import { sipResponse } from "../../wire/sip/build.ts";
import { appendHeader, prependHeader, withHeader, withoutHeader } from "../../wire/sip/edit.ts";
import { SipParseError } from "../../wire/sip/error.ts";
import { createSipFramer } from "../../wire/sip/framer.ts";
import { header, headerValues, viaOf } from "../../wire/sip/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { parseSip } from "../../wire/sip/parse.ts";
import { serializeSip } from "../../wire/sip/serialize.ts";

/** What a behaviour may do with a request, and with the wire that it came on. */
export interface Wire {
  readonly transport: "udp" | "tcp";
  /** How many requests of this method came before this one. */
  readonly earlier: number;
  /** Bytes back to where the request came from. */
  raw(bytes: string | Uint8Array): void;
  answer(status: number, change?: (response: SipResponse) => SipResponse): void;
  /** The request goes on to the core with a Via of the server's own; the answer comes back the same way. */
  forward(change?: (request: SipRequest) => SipRequest): void;
  /** As the request would have gone on, for behaviours that send it otherwise. */
  onward(branch: string): SipRequest;
  later(ms: number, act: () => void): void;
  /** Ends the connection at once; nothing for UDP. */
  hangUp(): void;
  /** The whole server goes away. */
  die(): void;
}

/** Gives true for what it took care of. */
export type Behaviour = (request: SipRequest, wire: Wire) => boolean;

export interface HostileServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Way {
  readonly transport: "udp" | "tcp";
  write(bytes: Uint8Array): void;
  hangUp(): void;
}

export async function openHostileServer(behaviour: Behaviour, port = 0): Promise<HostileServer> {
  const server = new Hostile(behaviour);
  return { port: await server.open(port), close: () => server.close() };
}

class Hostile {
  readonly #behaviour: Behaviour;
  readonly #udp: UdpSocket = createSocket("udp4");
  readonly #tcp: Server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #counts = new Map<string, number>();
  readonly #forwarded = new Map<string, { readonly request: SipRequest; readonly way: Way }>();
  #port = 0;
  #branches = 0;
  #closed: Promise<void> | undefined;

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour;
  }

  async open(port: number): Promise<number> {
    await new Promise<void>((resolve) => this.#tcp.listen(port, "127.0.0.1", resolve));
    const address = this.#tcp.address();
    this.#port = typeof address === "object" && address !== null ? address.port : 0;
    await new Promise<void>((resolve) => this.#udp.bind(this.#port, "127.0.0.1", resolve));
    this.#udp.on("message", (bytes, from) => {
      const way: Way = {
        transport: "udp",
        write: (sent) => this.#udp.send(sent, from.port, from.address),
        hangUp: () => undefined,
      };
      const message = parsed(bytes);
      if (message !== undefined) this.#take(message, way);
    });
    return this.#port;
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([
      new Promise<void>((resolve) => this.#udp.close(() => resolve())),
      new Promise<void>((resolve) => this.#tcp.close(() => resolve())),
    ]);
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
    const way: Way = {
      transport: "tcp",
      write: (bytes) => void (socket.writable && socket.write(bytes)),
      // Closed with something unread, the system would take back what was written as well.
      hangUp: () => socket.end(),
    };
    const framer = createSipFramer();
    socket.on("data", (chunk: Buffer) => {
      for (const item of framer.push(chunk)) if (!(item instanceof SipParseError)) this.#take(item, way);
    });
  }

  #take(message: SipMessage, way: Way): void {
    if (message.kind === "response") return this.#relay(message);
    const earlier = this.#counts.get(message.method) ?? 0;
    this.#counts.set(message.method, earlier + 1);
    const wire = this.#wire(message, way, earlier);
    if (!this.#behaviour(message, wire)) answerDecently(message, wire);
  }

  #wire(request: SipRequest, way: Way, earlier: number): Wire {
    return {
      transport: way.transport,
      earlier,
      raw: (bytes) => way.write(typeof bytes === "string" ? Buffer.from(bytes) : bytes),
      answer: (status, change = (response) => response) =>
        way.write(serializeSip(change(sipResponse(request, status, undefined, { toTag: "hostile" })))),
      forward: (change = (onward) => onward) => {
        this.#branches += 1;
        const branch = `z9hG4bK-hostile-${this.#branches}`;
        this.#forwarded.set(branch, { request, way });
        way.write(serializeSip(change(this.#onward(request, way, branch))));
      },
      onward: (branch) => this.#onward(request, way, branch),
      later: (ms, act) => {
        const timer = setTimeout(() => {
          this.#timers.delete(timer);
          act();
        }, ms);
        this.#timers.add(timer);
      },
      hangUp: () => way.hangUp(),
      die: () => void this.close(),
    };
  }

  /** Its own Route entry has done its duty (RFC 3261 16.4). */
  #onward(request: SipRequest, { transport }: Way, branch: string): SipRequest {
    const [, ...rest] = headerValues(request, "Route");
    const routed = rest.reduce(
      (sofar, route) => appendHeader(sofar, "Route", route),
      withoutHeader(request, "Route"),
    );
    const via = `SIP/2.0/${transport.toUpperCase()} 127.0.0.1:${this.#port};branch=${branch}`;
    return prependHeader(withHeader(routed, "Max-Forwards", "60"), "Via", via);
  }

  #relay(response: SipResponse): void {
    const known = this.#forwarded.get(viaOf(response)?.branch ?? "");
    if (known === undefined) return;
    const [, ...vias] = headerValues(response, "Via");
    const bare = withoutHeader(response, "Via");
    const upstream = vias.toReversed().reduce((sofar, via) => prependHeader(sofar, "Via", via), bare);
    known.way.write(serializeSip(upstream));
  }
}

function answerDecently(request: SipRequest, wire: Wire): void {
  switch (request.method) {
    case "REGISTER":
      return wire.answer(200, (response) => withHeader(response, "Expires", header(request, "Expires") ?? "0"));
    case "OPTIONS":
      return wire.answer(200);
    case "PUBLISH":
      return wire.answer(200, (response) =>
        withHeader(withHeader(response, "SIP-ETag", `etag-${wire.earlier}`), "Expires", "3600"),
      );
    case "MESSAGE":
      return wire.forward();
    case "ACK":
      return undefined;
    default:
      return wire.answer(489);
  }
}

function parsed(bytes: Uint8Array): SipMessage | undefined {
  try {
    return parseSip(bytes);
  } catch {
    return undefined;
  }
}
