/** An MSRP endpoint over a {@link Network}: listens, connects, shares connections between sessions, and finds the session of what comes. */
import { type Agenda, createAgenda } from "../../net/agenda.ts";
import type { Address, Connection, Hop } from "../../net/network.ts";
import { msrpReadable } from "../../wire/msrp/error.ts";
import { toPathOf } from "../../wire/msrp/headers.ts";
import { newIdent } from "../../wire/msrp/ident.ts";
import type { MsrpRequestHead } from "../../wire/msrp/message.ts";
import { formatMsrpUri, sameMsrpUri } from "../../wire/msrp/uri.ts";
import type { MsrpUri } from "../../wire/msrp/uri.ts";
import { bindHops } from "../listening.ts";
import type { BoundHops } from "../listening.ts";
import { warnOfHandler } from "../users.ts";
import { authorityOf, Link } from "./link.ts";
import type { LinkHost } from "./link.ts";
import type { RequestReader } from "./link-reader.ts";
import { authorize } from "./relay.ts";
import type { RelayOptions, RelayPath } from "./relay.ts";
import { Session } from "./session.ts";
import type { MsrpSession, MsrpSessionOptions } from "./msrp-session.ts";
import type { SessionHost } from "./session.ts";
import { DEFAULT_WHOLE_MESSAGE_OCTETS, MSRP_PORT } from "./settings.ts";
import type { LinkSettings, MsrpEndpointOptions } from "./settings.ts";

export interface MsrpEndpoint {
  /** What it listens on, ports resolved. */
  readonly hops: readonly Hop[];
  /** Connections that are open. */
  readonly connections: number;
  session(options?: MsrpSessionOptions): MsrpSession;
  /**
   * Asks relays for URIs for the session, the nearest relay first (RFC 4976 5.1), and asks again before they expire. `localPath` of the session
   * is complete when it settles. Fails with `MsrpRelayError`.
   */
  useRelays(session: MsrpSession, relays: readonly RelayOptions[]): Promise<RelayPath>;
  /** Ends all sessions and connections, and listens no more. */
  close(): Promise<void>;
}

const FIRST_REQUEST_MS = 30_000;
const CONNECTIONS = 4096;
/** RFC 4145 4.1: the port of an end that cannot be connected to. */
const DISCARD_PORT = 9;

/** Fails with `PortInUseError`. */
export async function createMsrpEndpoint(options: MsrpEndpointOptions): Promise<MsrpEndpoint> {
  const endpoint = new Endpoint(options);
  await endpoint.listen();
  return endpoint;
}

class Endpoint implements MsrpEndpoint, LinkHost, SessionHost {
  readonly settings: LinkSettings;
  readonly wholeMessageOctets: number;
  readonly #options: MsrpEndpointOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #links = new Set<Link>();
  /** Those that were made from here: only who made a connection knows that it will last until its next session has begun. */
  readonly #dialled = new WeakSet<Link>();
  readonly #timeouts: Agenda<Link>;
  /** Connections that came in and have no session: none yet, or none any more. */
  readonly #unbound: Agenda<Link>;
  #bound: BoundHops | undefined = undefined;

  constructor(options: MsrpEndpointOptions) {
    const { name, clock, ids, tap, edge, limits = {}, onHandlerError = warnOfHandler } = options;
    this.#options = options;
    this.wholeMessageOctets = limits.wholeMessageOctets ?? DEFAULT_WHOLE_MESSAGE_OCTETS;
    const guard = (call: () => void): void => {
      try {
        call();
      } catch (error) {
        onHandlerError(error);
      }
    };
    const { wire: wireLimits, turnOctets, transactionTimeoutMs, waitingFrames } = limits;
    const limited = { wireLimits, turnOctets, transactionTimeoutMs, waitingFrames };
    this.settings = { name, clock, ids, tap, edge, guard, ...limited };
    this.#timeouts = createAgenda<Link>(clock, (link, now) => link.time(now));
    this.#unbound = createAgenda<Link>(clock, (link) => link.destroy());
  }

  readonly token = (length: number): string => this.#options.ids.token(length);
  readonly guard = (call: () => void): void => this.settings.guard(call);

  get hops(): readonly Hop[] {
    return this.#bound?.hops ?? [];
  }

  get connections(): number {
    return this.#links.size;
  }

  async listen(): Promise<void> {
    const { network, listen } = this.#options;
    this.#bound = await bindHops(network, listen, {
      datagram: () => undefined,
      connection: (connection) => this.#accept(connection),
    });
  }

  #accept(connection: Connection): void {
    const { limits = {} } = this.#options;
    if (this.#links.size >= (limits.connections ?? CONNECTIONS)) return connection.destroy();
    const remote = { ...connection.remote, transport: connection.transport };
    const link = this.#add(connection, remote);
    this.#leaveTime(link);
    link.start();
  }

  /** Until a session is on it. */
  #leaveTime(link: Link): void {
    const { limits = {}, clock } = this.#options;
    this.#unbound.set(link, clock.now() + (limits.firstRequestMs ?? FIRST_REQUEST_MS));
  }

  #add(connection: Connection, remote: Hop): Link {
    const listening = this.hops.find(({ transport }) => transport === connection.transport);
    const link = new Link(this, connection, { remote, listening });
    this.#links.add(link);
    return link;
  }

  session(options: MsrpSessionOptions = {}): MsrpSession {
    const session = new Session(this, formatMsrpUri(this.#uriFor(options)), options);
    this.#sessions.set(session.parsedUri.sessionId ?? "", session);
    return session;
  }

  #uriFor({ transport, sessionId }: MsrpSessionOptions): MsrpUri {
    const hop = this.hops.find((one) => transport === undefined || one.transport === transport);
    const host = this.#options.advertisedHost ?? hop?.host ?? "127.0.0.1";
    return {
      scheme: (transport ?? hop?.transport) === "tls" ? "msrps" : "msrp",
      host: host.includes(":") && !host.startsWith("[") ? `[${host}]` : host,
      port: hop?.port ?? DISCARD_PORT,
      sessionId: sessionId ?? newIdent(this.token),
      transport: "tcp",
      params: [],
    };
  }

  async useRelays(session: MsrpSession, relays: readonly RelayOptions[]): Promise<RelayPath> {
    if (!(session instanceof Session)) throw new TypeError("not a session of this endpoint");
    const { clock } = this.#options;
    return authorize({ session, relays, clock, token: this.token, linkTo: (uri) => this.linkTo(uri, true) });
  }

  linkTo(uri: MsrpUri, share: boolean): Link {
    const authority = authorityOf(uri);
    const known = share
      ? [...this.#links].find(
          (link) => link.open && this.#dialled.has(link) && link.authorities.has(authority),
        )
      : undefined;
    return known ?? this.#dial(uri, authority);
  }

  #dial(uri: MsrpUri, authority: string): Link {
    const { network, resolve = addressIn } = this.#options;
    const transport = uri.scheme === "msrps" ? "tls" : "tcp";
    const address = resolve(uri);
    const link = this.#add(network.connect(transport, address, undefined, uri.host), {
      ...address,
      transport,
    });
    this.#dialled.add(link);
    link.authorities.add(authority);
    link.start();
    return link;
  }

  joined(session: Session, link: Link, peer: MsrpUri | undefined): void {
    this.#unbound.set(link, undefined);
    link.sessions.add(session);
    if (peer !== undefined) link.authorities.add(authorityOf(peer));
  }

  left(session: Session, link: Link | undefined): void {
    this.#sessions.delete(session.parsedUri.sessionId ?? "");
    if (link === undefined) return;
    link.sessions.delete(session);
    if (link.sessions.size > 0 || !link.open) return;
    // Who made it closes it: the other end cannot know whether a session is about to begin on it, and gives as much time as for the first.
    if (this.#dialled.has(link)) link.close();
    else this.#leaveTime(link);
  }

  readerFor(link: Link, head: MsrpRequestHead): RequestReader | number {
    const toPath = msrpReadable(() => toPathOf(head));
    if (toPath === undefined) return 400;
    const [uri, ...others] = toPath;
    const session =
      uri === undefined || others.length > 0 ? undefined : this.#sessions.get(uri.sessionId ?? "");
    if (uri === undefined || session === undefined || !sameMsrpUri(session.parsedUri, uri)) return 481;
    return session.readerFor(link, head);
  }

  ended(link: Link, error: Error | undefined): void {
    this.#links.delete(link);
    this.#unbound.set(link, undefined);
    for (const session of link.sessions) if (session instanceof Session) session.lost(error);
    link.sessions.clear();
  }

  arm(link: Link, at: number | undefined): void {
    this.#timeouts.set(link, at);
  }

  async close(): Promise<void> {
    for (const session of this.#sessions.values()) session.close();
    for (const link of this.#links) link.close();
    this.#timeouts.close();
    this.#unbound.close();
    await this.#bound?.close();
  }
}

function addressIn(uri: MsrpUri): Address {
  return { host: uri.host.replace(/^\[(.*)\]$/, "$1"), port: uri.port ?? MSRP_PORT };
}
