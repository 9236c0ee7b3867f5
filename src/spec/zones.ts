/** The DNS zones of a SUT file: how the SUT finds its core by the domains of its users (RFC 3263). */
import { coreAdvertised } from "./core-addresses.ts";
import type { SutFile, Transport } from "./sut-file.ts";

/** Names are without the dot at the end; `ttl` in seconds. */
export type ZoneRecord = { readonly name: string; readonly ttl: number } & (
  | { readonly type: "A" | "AAAA" | "NS" | "CNAME"; readonly data: string }
  | {
      readonly type: "SRV";
      readonly data: {
        readonly priority: number;
        readonly weight: number;
        readonly port: number;
        readonly target: string;
      };
    }
  | {
      readonly type: "NAPTR";
      readonly data: {
        readonly order: number;
        readonly preference: number;
        readonly flags: string;
        readonly services: string;
        readonly regexp: string;
        readonly replacement: string;
      };
    }
  | {
      readonly type: "SOA";
      readonly data: {
        readonly mname: string;
        readonly rname: string;
        readonly serial: number;
        readonly refresh: number;
        readonly retry: number;
        readonly expire: number;
        readonly minimum: number;
      };
    }
);

export interface Zone {
  readonly origin: string;
  /** The first is the SOA. */
  readonly records: readonly ZoneRecord[];
}

/** Short: what a SUT remembers must not outlive a change of the lab. */
const TTL_S = 60;

const SERVICE: Readonly<Record<Transport, { readonly naptr: string; readonly srv: string }>> = {
  udp: { naptr: "SIP+D2U", srv: "_sip._udp" },
  tcp: { naptr: "SIP+D2T", srv: "_sip._tcp" },
  tls: { naptr: "SIPS+D2T", srv: "_sips._tcp" },
};

/** One of each domain that Scrim's core serves. */
export function zonesOf(sutFile: SutFile): readonly Zone[] {
  const { homeDomain, remoteDomain } = sutFile.core;
  return [...new Set([homeDomain, remoteDomain])].map((origin) => zoneOf(origin, sutFile));
}

function zoneOf(origin: string, sutFile: SutFile): Zone {
  const { advertised } = sutFile.core;
  const address = addressType(advertised);
  // Where the core is known by a name already, that name is somebody else's to resolve.
  const core = address === undefined ? advertised : `core.${origin}`;
  const record = <R extends Omit<ZoneRecord, "ttl">>(made: R): R & { readonly ttl: number } => ({
    ...made,
    ttl: TTL_S,
  });
  const ofAddress =
    address === undefined
      ? []
      : [origin, core].map((name) => record({ name, type: address, data: advertised }));
  const transports = transportsInOrder(sutFile);
  return {
    origin,
    records: [
      record({ name: origin, type: "SOA", data: soa(origin, core) }),
      record({ name: origin, type: "NS", data: core }),
      ...transports.map((transport, index) =>
        record({ name: origin, type: "NAPTR", data: naptr(origin, transport, index) }),
      ),
      ...transports.map((transport) => {
        const { port } = coreAdvertised(sutFile, transport);
        const name = `${SERVICE[transport].srv}.${origin}`;
        return record({ name, type: "SRV", data: { priority: 10, weight: 100, port, target: core } });
      }),
      ...ofAddress,
    ],
  };
}

/** What the SUT is to use comes first. */
function transportsInOrder({ server, client, tls }: SutFile): readonly Transport[] {
  const wanted = [server?.transport, client?.transport].filter((transport) => transport !== undefined);
  const spoken: readonly Transport[] = ["udp", "tcp", ...(tls === undefined ? [] : ["tls" as const])];
  return [...new Set([...wanted, ...spoken])];
}

function soa(origin: string, mname: string): Extract<ZoneRecord, { type: "SOA" }>["data"] {
  return {
    mname,
    rname: `hostmaster.${origin}`,
    serial: 1,
    refresh: 3600,
    retry: 600,
    expire: 86_400,
    minimum: TTL_S,
  };
}

function naptr(
  origin: string,
  transport: Transport,
  index: number,
): Extract<ZoneRecord, { type: "NAPTR" }>["data"] {
  const { naptr: services, srv } = SERVICE[transport];
  const preference = 10 * (index + 1);
  return { order: 10, preference, flags: "s", services, regexp: "", replacement: `${srv}.${origin}` };
}

function addressType(host: string): "A" | "AAAA" | undefined {
  if (host.includes(":")) return "AAAA";
  return /^\d+(?:\.\d+){3}$/.test(host) ? "A" : undefined;
}
