/** Which node stands behind an address: Scrim's own nodes as they open, those of the SUT from its file and from what they send. */
import type { Hop, Transport } from "../net/network.ts";
import type { SutFile } from "../spec/sut-file.ts";
import { sameAddressOfRecord, parseSipUri, sipUriOf } from "../wire/sip/uri.ts";
import { contactsOf, fromOf, viaOf } from "../wire/sip/headers.ts";
import type { SipMessage } from "../wire/sip/message.ts";

export interface NodeName {
  readonly name: string;
  readonly isSut: boolean;
}

const TRANSPORTS: readonly Transport[] = ["udp", "tcp", "tls"];

export class AddressBook {
  /** Who listens where. */
  readonly #listeners = new Map<string, NodeName>();
  /** Whose connections come from where, until another request tells otherwise: ports are used again. */
  readonly #callers = new Map<string, NodeName>();
  /** Where the client under test says that it is reached: its core may open connections to it. */
  readonly #homes = new Map<string, NodeName>();
  readonly #clientUnderTest: { readonly node: string; readonly user: string } | undefined;

  readonly #own: SutFile["core"];

  constructor(sutFile: SutFile) {
    this.#own = sutFile.core;
    this.#clientUnderTest = sutFile.client;
    for (const uri of serverUris(sutFile)) {
      const { host, port } = parseSipUri(uri);
      const node = { name: sutFile.server?.node ?? "server", isSut: true };
      for (const transport of TRANSPORTS)
        this.enter({ host, port: port ?? defaultPort(transport), transport }, node);
    }
  }

  enter(hop: Hop, node: NodeName): void {
    for (const face of this.#facesOf(hop)) this.#listeners.set(keyOf(face), node);
  }

  /** Nobody listens there any more, and somebody else may come from there. */
  leave(hop: Hop): void {
    for (const face of this.#facesOf(hop)) this.#listeners.delete(keyOf(face));
  }

  /** Who listens on Scrim's address is also known by the one that is advertised, and who listens everywhere by that of the machine itself. */
  #facesOf(hop: Hop): readonly Hop[] {
    const { bind, advertised } = this.#own;
    if (hop.host !== bind) return [hop];
    const loopback = bind === "0.0.0.0" ? ["127.0.0.1"] : bind === "::" ? ["::1", "127.0.0.1"] : [];
    return [bind, advertised, ...loopback].map((host) => ({ ...hop, host }));
  }

  /**
   * The node at the other end of a crossing; an unknown one is named by its address. On a connection what its requests tell of the sender
   * counts, and holds for all of it: it may come from a port that somebody else listens on.
   */
  peerOf(remote: Hop, direction: "in" | "out", message: SipMessage | undefined, local?: Hop): NodeName {
    const connection = `${keyOf(remote)} ${local === undefined ? "" : keyOf(local)}`;
    const told =
      direction === "in" && message?.kind === "request" ? this.#bySender(message, remote) : undefined;
    const listener = this.#listeners.get(keyOf(remote));
    if (remote.transport === "udp" && listener !== undefined) return listener;
    if (told !== undefined) this.#callers.set(connection, told);
    return (
      told ??
      this.#callers.get(connection) ??
      listener ??
      this.#homes.get(keyOf(remote)) ?? { name: `${remote.host}:${remote.port}`, isSut: false }
    );
  }

  #bySender(request: SipMessage, { transport }: Hop): NodeName | undefined {
    const via = viaOf(request);
    const home =
      via === undefined
        ? undefined
        : keyOf({ host: via.host, port: via.port ?? defaultPort(transport), transport });
    const byVia = home === undefined ? undefined : (this.#listeners.get(home) ?? this.#homes.get(home));
    if (byVia !== undefined) return byVia;
    const client = this.#clientUnderTest;
    const sender = fromOf(request)?.uri;
    if (client === undefined || sender === undefined || !sameAddressOfRecord(sender, client.user))
      return undefined;
    const node = { name: client.node, isSut: true };
    for (const home of homesIn(request)) this.#homes.set(keyOf(home), node);
    return node;
  }
}

/** By any transport: sent-by of the topmost Via, and the Contact of a REGISTER. */
function homesIn(request: SipMessage): readonly Hop[] {
  const via = viaOf(request);
  const contacts = contactsOf(request).flatMap(({ uri }) => sipUriOf(uri) ?? []);
  return [...(via === undefined ? [] : [via]), ...contacts].flatMap(({ host, port }) =>
    TRANSPORTS.map((transport) => ({ host, port: port ?? defaultPort(transport), transport })),
  );
}

/** RFC 3261 19.1.2 */
function defaultPort(transport: Transport): number {
  return transport === "tls" ? 5061 : 5060;
}

function serverUris(sutFile: SutFile): readonly string[] {
  const { server } = sutFile;
  return server === undefined ? [] : [server.originating, server.terminating, server.psi];
}

/** In a URI or a Via an address of IP version 6 stands in brackets, at a socket it does not. */
function keyOf({ host, port, transport }: Hop): string {
  return `${transport} ${host.toLowerCase().replaceAll(/^\[|\]$/g, "")}:${port}`;
}
