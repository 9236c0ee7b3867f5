/**
 * Locating SIP servers (RFC 3263): from the host of a URI to the places where a request may go, best first. A generator without I/O: it yields
 * questions for the DNS and is given the records, and returns hops.
 */
import type { DnsRecord, DnsType, NaptrData, SrvData } from "../wire/dns/message.ts";
import { isIPv4Address, isIPv6Address } from "../wire/sip/grammar.ts";

export type LocatedTransport = "udp" | "tcp" | "tls";

export interface LocationTarget {
  /** Name or address; an address of IP version 6 with or without brackets. The `maddr` of the URI where it has one (RFC 3263 4). */
  readonly host: string;
  readonly port?: number | undefined;
  /** What the URI asks for. */
  readonly transport?: LocatedTransport | undefined;
  /** A `sips` URI: nothing but TLS. */
  readonly secure?: boolean;
}

export interface LocationPreferences {
  /** What this end speaks, best first; where neither the URI nor NAPTR says. Default UDP, TCP, TLS. */
  readonly transports?: readonly LocatedTransport[];
  /** Which addresses it can reach, best first. Default IP version 4, then 6. */
  readonly families?: readonly ("A" | "AAAA")[];
  /** A number in [0, 1), for the choice by weight (RFC 2782). */
  readonly random: () => number;
}

export interface LocationQuestion {
  readonly name: string;
  readonly type: DnsType;
}

export interface LocatedHop {
  readonly host: string;
  readonly port: number;
  readonly transport: LocatedTransport;
  /** What a certificate must be for (RFC 5922 7.3): the domain that was asked about. */
  readonly domain?: string;
}

export type Location = Generator<LocationQuestion, readonly LocatedHop[], readonly DnsRecord[]>;

const TRANSPORTS: readonly LocatedTransport[] = ["udp", "tcp", "tls"];

/** RFC 3263 4.1: services of NAPTR records. */
const SERVICES: Readonly<Record<string, LocatedTransport>> = {
  "SIP+D2U": "udp",
  "SIP+D2T": "tcp",
  "SIPS+D2T": "tls",
};

const SRV_PREFIX: Readonly<Record<LocatedTransport, string>> = {
  udp: "_sip._udp.",
  tcp: "_sip._tcp.",
  tls: "_sips._tcp.",
};

/** No hop: nothing is known of the name, or its owner says that there is no such service. */
export function* locateServer(target: LocationTarget, preferences: LocationPreferences): Location {
  const host = target.host.replaceAll(/^\[|\]$/g, "").replace(/\.$/, "");
  const secure = target.secure === true;
  const transport =
    secure && (target.transport !== undefined || target.port !== undefined) ? "tls" : target.transport;
  if (isIPv4Address(host) || isIPv6Address(host)) {
    const over = secure ? "tls" : (transport ?? "udp");
    return [{ host, port: target.port ?? defaultPort(over), transport: over }];
  }
  const asked: Asked = { domain: host, ...preferences };
  // 4.1: with a port and no transport it is UDP, and nobody is asked.
  if (target.port !== undefined) return yield* addresses(host, target.port, transport ?? "udp", asked);
  if (transport !== undefined) return yield* byTransport(transport, asked);
  // 4.1: of the services that NAPTR names, a sips URI takes those over TLS only.
  return yield* byNaptr(secure ? { ...asked, transports: ["tls"] } : asked);
}

interface Asked extends LocationPreferences {
  readonly domain: string;
}

function* byNaptr(asked: Asked): Location {
  const spoken = asked.transports ?? TRANSPORTS;
  const records = yield { name: asked.domain, type: "NAPTR" };
  const usable = naptrOf(records).flatMap((data) => {
    const transport = SERVICES[data.services.toUpperCase()];
    const leadsToSrv = data.flags.toUpperCase() === "S" && data.replacement !== "";
    return transport !== undefined && leadsToSrv && spoken.includes(transport) ? [{ data, transport }] : [];
  });
  const hops: LocatedHop[] = [];
  for (const { data, transport } of usable)
    hops.push(...((yield* byService(data.replacement, transport, asked)) ?? []));
  if (usable.length > 0) return hops;
  return yield* withoutNaptr(spoken, asked);
}

/** 4.1: the services of all transports that this end speaks; 4.2: the addresses of the name itself if there are none. */
function* withoutNaptr(spoken: readonly LocatedTransport[], asked: Asked): Location {
  const found: LocatedHop[] = [];
  let known = false;
  for (const transport of spoken) {
    const hops = yield* byService(SRV_PREFIX[transport] + asked.domain, transport, asked);
    known ||= hops !== undefined;
    found.push(...(hops ?? []));
  }
  if (known) return found;
  const first = spoken.includes("udp") ? "udp" : (spoken[0] ?? "udp");
  return yield* addresses(asked.domain, defaultPort(first), first, asked);
}

function* byTransport(transport: LocatedTransport, asked: Asked): Location {
  const hops = yield* byService(SRV_PREFIX[transport] + asked.domain, transport, asked);
  return hops ?? (yield* addresses(asked.domain, defaultPort(transport), transport, asked));
}

/** Undefined: there are no SRV records. Those whose target is the root say that there is no such service (RFC 2782). */
function* byService(
  service: string,
  transport: LocatedTransport,
  asked: Asked,
): Generator<LocationQuestion, readonly LocatedHop[] | undefined, readonly DnsRecord[]> {
  const records = yield { name: service.replace(/\.$/, ""), type: "SRV" };
  const servers = records.flatMap((record) => (record.type === "SRV" ? [record.data] : []));
  if (servers.length === 0) return undefined;
  const hops: LocatedHop[] = [];
  for (const { target, port } of inOrderOfTrial(servers, asked.random)) {
    const name = target.replace(/\.$/, "");
    if (name !== "") hops.push(...(yield* addresses(name, port, transport, asked)));
  }
  return hops;
}

function* addresses(name: string, port: number, transport: LocatedTransport, asked: Asked): Location {
  const hops: LocatedHop[] = [];
  for (const family of asked.families ?? (["A", "AAAA"] as const)) {
    const records = yield { name, type: family };
    for (const record of records)
      if (record.type === family)
        hops.push({
          host: record.data,
          port,
          transport,
          ...(transport === "tls" ? { domain: asked.domain } : {}),
        });
  }
  return hops;
}

function naptrOf(records: readonly DnsRecord[]): readonly NaptrData[] {
  return records
    .flatMap((record) => (record.type === "NAPTR" ? [record.data] : []))
    .sort((a, b) => a.order - b.order || a.preference - b.preference);
}

/** RFC 2782: by priority; within one, each next server is drawn with the chance that its weight gives it, those without weight first in the list. */
export function inOrderOfTrial(servers: readonly SrvData[], random: () => number): readonly SrvData[] {
  const priorities = [...new Set(servers.map(({ priority }) => priority))].sort((a, b) => a - b);
  return priorities.flatMap((priority) =>
    drawn(
      servers.filter((server) => server.priority === priority),
      random,
    ),
  );
}

function drawn(servers: readonly SrvData[], random: () => number): readonly SrvData[] {
  const left = servers.toSorted((a, b) => Number(a.weight > 0) - Number(b.weight > 0));
  const order: SrvData[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, { weight }) => sum + weight, 0);
    const mark = Math.floor(random() * (total + 1));
    let sum = 0;
    const index = left.findIndex(({ weight }) => (sum += weight) >= mark);
    order.push(...left.splice(Math.max(0, index), 1));
  }
  return order;
}

function defaultPort(transport: LocatedTransport): number {
  return transport === "tls" ? 5061 : 5060;
}
