/** What was arranged of a group and of ages, as it stood at a place of the record: documents change while sessions run. */
import type { GroupActionName } from "../spec/group-rules.ts";
import { sameAddressOfRecord } from "../wire/sip/same-uri.ts";
import type { Provisioned, ProvisionedItem, TraceEvent } from "./event.ts";

export type GroupItem = Extract<ProvisionedItem, { readonly kind: "group" }>;

/** The document of the group before the event `seq`; undefined: there was none, or it had been deleted. */
export function groupAt(events: readonly TraceEvent[], uri: string, seq: number): GroupItem | undefined {
  const item = itemsBefore(events, seq).findLast(
    (one) => (one.kind === "group" || one.kind === "group-deleted") && sameAddressOfRecord(one.uri, uri),
  );
  return item?.kind === "group" ? item : undefined;
}

/** Whether the document grants the action to the user; undefined: the record does not tell. */
export function isGranted(
  { members, rules }: GroupItem,
  action: GroupActionName,
  user: string,
): boolean | undefined {
  if (rules === undefined) return undefined;
  const isOneOf = (addresses: readonly string[]): boolean =>
    addresses.some((address) => sameAddressOfRecord(address, user));
  if (isOneOf(rules.granted[action])) return true;
  // Whom a rule names, as a member or not, is nobody else.
  const isNamed = isOneOf([...members, ...Object.values(rules.granted).flat()]);
  return !isNamed && rules.grantedToOthers.includes(action);
}

/** Years, by the profile of the user before the event `seq`. */
export function ageAt(events: readonly TraceEvent[], user: string, seq: number): number | undefined {
  const item = itemsBefore(events, seq).findLast(
    (one) => one.kind === "profile" && sameAddressOfRecord(one.owner, user),
  );
  return item?.kind === "profile" ? item.age : undefined;
}

/** Few of many events; asked for with each message. */
const provisionedIn = new WeakMap<readonly TraceEvent[], readonly Provisioned[]>();

function itemsBefore(events: readonly TraceEvent[], seq: number): readonly ProvisionedItem[] {
  const known = provisionedIn.get(events) ?? events.filter((event) => event.type === "provisioned");
  provisionedIn.set(events, known);
  return known.flatMap((event) => (event.seq < seq ? [event.item] : []));
}
