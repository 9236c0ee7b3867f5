/** The answer of an authoritative server to a question (RFC 1034 4.3.2), out of its zones. */
import { type DnsMessage, type DnsRecord, RCODE } from "../../wire/dns/message.ts";
import type { Zone } from "../../spec/zones.ts";

/** How far aliases are followed. */
const ALIASES = 8;

export function answerFrom(zones: readonly Zone[], query: DnsMessage): DnsMessage {
  const nothing = {
    ...query,
    kind: "response",
    rcode: RCODE.noError,
    authoritative: false,
    truncated: false,
    answers: [],
    authorities: [],
    additionals: [],
  } as const;
  if (query.opcode !== 0) return { ...nothing, rcode: RCODE.notImplemented };
  const [question, ...others] = query.questions;
  if (question === undefined || others.length > 0) return { ...nothing, rcode: RCODE.formatError };
  const zone = zoneOf(zones, question.name);
  // Whoever asks for other names asks the wrong server.
  if (zone === undefined) return { ...nothing, rcode: RCODE.refused };
  const answers = answersIn(zone, question.name, question.type);
  const soa = zone.records.filter(({ type }) => type === "SOA");
  const exists = zone.records.some(({ name }) => isWithin(name, question.name));
  return {
    ...nothing,
    authoritative: true,
    rcode: exists ? RCODE.noError : RCODE.nameError,
    answers,
    // RFC 2308 2: what does not exist is told with the SOA.
    authorities: answers.length === 0 ? soa : [],
    additionals: addressesOf(zones, answers),
  };
}

/** The zone with the longest origin that the name is in. */
function zoneOf(zones: readonly Zone[], name: string): Zone | undefined {
  return zones
    .filter(({ origin }) => isWithin(name, origin))
    .sort((a, b) => b.origin.length - a.origin.length)[0];
}

function isWithin(name: string, origin: string): boolean {
  const [inner, outer] = [name.toLowerCase(), origin.toLowerCase()];
  return inner === outer || inner.endsWith(`.${outer}`);
}

function answersIn({ records }: Zone, name: string, type: string): readonly DnsRecord[] {
  const chain: DnsRecord[] = [];
  let owner = name.toLowerCase();
  for (let alias = 0; alias < ALIASES; alias++) {
    const own = records.filter((record) => record.name.toLowerCase() === owner);
    const wanted = type === "ANY" ? own : own.filter((record) => record.type === type);
    const cname = own.find((record) => record.type === "CNAME");
    if (wanted.length > 0 || cname?.type !== "CNAME") return [...chain, ...wanted];
    chain.push(cname);
    owner = cname.data.toLowerCase();
  }
  return chain;
}

/** RFC 2782, RFC 3403 4.1: addresses of the servers, and servers of the services, that the answer names. */
function addressesOf(zones: readonly Zone[], answers: readonly DnsRecord[]): readonly DnsRecord[] {
  const all = zones.flatMap(({ records }) => records);
  const named = (name: string, types: readonly string[]): readonly DnsRecord[] =>
    all.filter((record) => record.name === name && types.includes(record.type));
  const services = answers.flatMap((record) =>
    record.type === "NAPTR" ? named(record.data.replacement, ["SRV"]) : [],
  );
  const hosts = [...answers, ...services].flatMap((record) => {
    if (record.type === "SRV") return [record.data.target];
    return record.type === "NS" ? [record.data] : [];
  });
  return [...services, ...[...new Set(hosts)].flatMap((host) => named(host, ["A", "AAAA"]))];
}
