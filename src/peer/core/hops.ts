/** From URIs to the next hop, and which URIs are the core's own. */
import type { Address, Hop, Transport } from "../../net/network.ts";
import { sipUriOf, type SipUri } from "../../wire/sip/uri.ts";

const DEFAULT_PORT = 5060;
const DEFAULT_TLS_PORT = 5061;

function transportOf(uri: SipUri): Transport | undefined {
  const value = uri.params.get("transport")?.toLowerCase();
  if (uri.scheme === "sips" || value === "tls") return "tls";
  return value === "tcp" || value === "udp" ? value : undefined;
}

function bareHost(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}

function isAddress(host: string): boolean {
  return host.startsWith("[") || /^\d+(\.\d+){3}$/.test(host) || host.toLowerCase() === "localhost";
}

/** Where a request for this URI goes (RFC 3263 4, without DNS). Undefined: its host is a name that nobody here can resolve. */
export function hopOf(
  uriText: string,
  otherwise: {
    readonly host?: string | undefined;
    readonly transport?: Transport | undefined;
    /** Whether a name is a hop too, for an endpoint that locates it; port 0 where the URI has none. */
    readonly names?: boolean | undefined;
  } = {},
): Hop | undefined {
  const uri = sipUriOf(uriText);
  if (uri === undefined) return undefined;
  const maddr = uri.params.get("maddr");
  const named = maddr ?? uri.host;
  const host = isAddress(named) ? bareHost(named) : otherwise.host;
  const transport = transportOf(uri) ?? otherwise.transport ?? "udp";
  if (host === undefined)
    return otherwise.names === true ? { host: named, port: uri.port ?? 0, transport } : undefined;
  // RFC 3261 19.1.2
  return { host, port: uri.port ?? (transport === "tls" ? DEFAULT_TLS_PORT : DEFAULT_PORT), transport };
}

export function sameAddressAndPort(a: Address, b: Address): boolean {
  return a.port === b.port && bareHost(a.host).toLowerCase() === bareHost(b.host).toLowerCase();
}

/** The core's own URIs: what it puts into Route, Record-Route, Service-Route and Contact. */
export interface OwnUris {
  /** A URI of the core with this user part, reached by `transport`. */
  uri(user: string | undefined, transport?: Transport): string;
  /** The same for Route and its like: with `lr`. */
  route(user: string | undefined, transport?: Transport): string;
  /** Whether a URI leads here: an address that the core listens on, or one of its domains. */
  isOwn(uri: string): boolean;
  readonly host: string;
}

export function createOwnUris(
  advertisedHost: string,
  listening: readonly Hop[],
  domains: readonly string[],
): OwnUris {
  const host =
    advertisedHost.includes(":") && !advertisedHost.startsWith("[") ? `[${advertisedHost}]` : advertisedHost;
  const own = new Set([host.toLowerCase(), ...listening.map((hop) => hop.host.toLowerCase())]);
  const ports = new Set(listening.map((hop) => hop.port));
  const named = new Set(domains.map((domain) => domain.toLowerCase()));

  function uri(user: string | undefined, transport: Transport = "udp"): string {
    const hop = listening.find((candidate) => candidate.transport === transport) ?? listening[0];
    const parameter = (hop?.transport ?? "udp") === "udp" ? "" : `;transport=${hop?.transport}`;
    return `sip:${user === undefined ? "" : `${user}@`}${host}:${hop?.port ?? DEFAULT_PORT}${parameter}`;
  }

  function isOwn(text: string): boolean {
    const parsed = sipUriOf(text);
    if (parsed === undefined) return false;
    const name = parsed.host.toLowerCase();
    return (
      named.has(name) ||
      ((own.has(name) || own.has(bareHost(name))) && ports.has(parsed.port ?? DEFAULT_PORT))
    );
  }

  return { uri, route: (user, transport) => `<${uri(user, transport)};lr>`, isOwn, host };
}
