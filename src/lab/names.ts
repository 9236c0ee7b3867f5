/** How a rig finds hosts that its SUT file names: by the name servers of the file, or as this machine does (RFC 3263). */
import { createDnsClient } from "../endpoint/dns/dns-client.ts";
import { createLocator, type Locator, type LocatorOptions } from "../endpoint/dns/locator.ts";
import { systemNames } from "../endpoint/dns/system-names.ts";
import type { Clock } from "../net/clock.ts";
import type { Ids } from "../net/ids.ts";
import type { Address, Hop, Network } from "../net/network.ts";
import { hopOf } from "../peer/core/hops.ts";
import type { ServerSut, SutFile } from "../spec/sut-file.ts";

export interface NameOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Whether this machine may be asked where the SUT file has no name servers: not on a network in memory. */
  readonly system: boolean;
}

const DNS_PORT = 53;
const DRAWS = 36 ** 8;

/** Undefined: nobody can be asked. */
export function locatorOf({ dns }: SutFile, options: NameOptions): Locator | undefined {
  const { ids, system } = options;
  const random = (): number => Number.parseInt(ids.token(8), 36) / DRAWS;
  const servers = (dns?.servers ?? []).map(addressOf);
  if (servers.length === 0)
    return system ? createLocator({ ask: remembering(systemNames, options.clock), random }) : undefined;
  const client = createDnsClient({ ...options, servers });
  return createLocator({ ask: (name, type) => client.ask(name, type), random });
}

/** How long what the machine says is believed; it does not tell itself. Milliseconds. */
const MEMORY_MS = 30_000;

type Ask = LocatorOptions["ask"];

/** Asks once for many that want to know, and again after a while. */
function remembering(ask: Ask, clock: Clock): Ask {
  const known = new Map<string, { readonly until: number; readonly records: ReturnType<Ask> }>();
  return (name, type) => {
    const key = `${type} ${name.toLowerCase()}`;
    const held = known.get(key);
    if (held !== undefined && held.until > clock.now()) return held.records;
    const records = ask(name, type);
    known.set(key, { until: clock.now() + MEMORY_MS, records });
    return records;
  };
}

/** `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`, `[2001:db8::53]:5353` */
function addressOf(text: string): Address {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+|[^[].*:.*:.*?))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? text;
  return { host, port: port === undefined ? DNS_PORT : Number(port) };
}

/** Where the server under test is, as far as its URIs have names. */
export async function locatedServer(
  { originating, terminating, psi, transport }: ServerSut,
  locator: Locator,
): Promise<readonly Hop[]> {
  const named = [originating, terminating, psi].flatMap((uri) => {
    const hop = hopOf(uri, { transport, names: true });
    const located = hop === undefined ? undefined : locator.locateHop(hop);
    return located === undefined ? [] : [located];
  });
  return (await Promise.all(named)).flat();
}
