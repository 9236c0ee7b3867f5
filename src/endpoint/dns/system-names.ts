/** Names as this machine knows them: services from its name servers, addresses from its hosts file too. */
import { ADDRCONFIG } from "node:dns";
import { lookup, Resolver } from "node:dns/promises";
import type { DnsRecord, DnsType } from "../../wire/dns/message.ts";

/** Most names of a lab have no services: a name server that is silent must not hold every request up. Milliseconds. */
const TIMEOUT_MS = 1000;

/** Gives no records where there are none; fails with the errors of node's `dns` otherwise. */
export async function systemNames(name: string, type: DnsType): Promise<readonly DnsRecord[]> {
  try {
    return await asked(name, type);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOTFOUND" || code === "ENODATA") return [];
    throw error;
  }
}

async function asked(name: string, type: DnsType): Promise<readonly DnsRecord[]> {
  const owner = { name, ttl: 0 };
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
  if (type === "SRV") {
    const servers = await resolver.resolveSrv(name);
    return servers.map(({ name: target, port, priority, weight }) => ({
      ...owner,
      type,
      data: { target, port, priority, weight },
    }));
  }
  if (type === "NAPTR") {
    const pointers = await resolver.resolveNaptr(name);
    return pointers.map(({ service, ...data }) => ({ ...owner, type, data: { ...data, services: service } }));
  }
  if (type !== "A" && type !== "AAAA") return [];
  const addresses = await lookup(name, { all: true, family: type === "A" ? 4 : 6, hints: ADDRCONFIG });
  return addresses.map(({ address }) => ({ ...owner, type, data: address }));
}
