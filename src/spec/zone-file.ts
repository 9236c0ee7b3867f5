/** Zones as master files (RFC 1035 5), for the name server of a lab. */
import type { Zone, ZoneRecord } from "./zones.ts";

/** One zone after the other, each with its own `$ORIGIN`; every name is written out. */
export function zoneFileText(zones: readonly Zone[]): string {
  return zones.map(oneZone).join("\n");
}

function oneZone({ origin, records }: Zone): string {
  const names = records.map(({ name }) => `${name}.`);
  const width = Math.max(...names.map((name) => name.length));
  const lines = records.map((record, index) => {
    const name = (names[index] ?? "").padEnd(width);
    return `${name} ${record.ttl} IN ${record.type.padEnd(5)} ${dataOf(record)}`;
  });
  return [`$ORIGIN ${origin}.`, ...lines, ""].join("\n");
}

function dataOf(record: ZoneRecord): string {
  if (record.type === "SRV") {
    const { priority, weight, port, target } = record.data;
    return `${priority} ${weight} ${port} ${target}.`;
  }
  if (record.type === "NAPTR") {
    const { order, preference, flags, services, regexp, replacement } = record.data;
    return `${order} ${preference} "${flags}" "${services}" "${regexp}" ${replacement}.`;
  }
  if (record.type === "SOA") {
    const { mname, rname, serial, refresh, retry, expire, minimum } = record.data;
    return `${mname}. ${rname}. ( ${serial} ${refresh} ${retry} ${expire} ${minimum} )`;
  }
  return record.type === "NS" || record.type === "CNAME" ? `${record.data}.` : record.data;
}
