/** The rules of a group as a feature writes them: a table of `rule`, `value`, and for whom. */
import {
  defaultGroupRules,
  GROUP_ACTIONS,
  isGroupAction,
  type GroupActionName,
  type GroupRules,
} from "../spec/group-rules.ts";
import { nearest } from "../spec/nearest.ts";

export interface RuleRow {
  /** Name of the element, such as `allow-private-message`. */
  readonly rule: string;
  readonly value: string;
  /** Actors; `others` for those who are no members; empty: all members. */
  readonly for?: string;
}

interface Reading {
  readonly members: readonly string[];
  readonly addressOf: (actor: string) => string;
}

type Mutable = { -readonly [K in keyof GroupRules]: GroupRules[K] };
type Reader = (rules: Mutable, row: RuleRow, reading: Reading) => void;

const READERS: Readonly<Record<string, Reader>> = {
  "invite-members": (rules, row) => void (rules.inviteMembers = booleanIn(row)),
  "max-participant-count": (rules, row) => void (rules.maxParticipantCount = countIn(row)),
  "age-restrictions": (rules, row) => void (rules.age = ageIn(row)),
  "supported-services": (rules, { value }) => void (rules.media = listIn(value)),
  "max-duration": (rules, row) => void (rules.maxDurationS = countIn(row)),
  "min-participant-count": (rules, row) => void (rules.minParticipantCount = countIn(row)),
  "required-participants-list": (rules, { value }, { addressOf }) =>
    void (rules.requiredParticipants = listIn(value).map(addressOf)),
  "display-name": (rules, row, { addressOf }) => {
    const named = actorsIn(row).map((actor) => [addressOf(actor), row.value] as const);
    rules.displayNames = { ...rules.displayNames, ...Object.fromEntries(named) };
  },
};

/** Rows are taken in their order, a later one over an earlier one. Throws on what is no rule. */
export function groupRulesFrom(
  rows: readonly RuleRow[],
  reading: Reading,
  given: { readonly allowAnonymity: boolean } = { allowAnonymity: true },
): GroupRules {
  const rules: Mutable = defaultGroupRules(reading.members, given);
  for (const row of rows) {
    const reader = READERS[row.rule];
    if (isGroupAction(row.rule)) grant(rules, row.rule, row, reading);
    else if (reader !== undefined) reader(rules, row, reading);
    else throw new Error(`${row.rule} is no rule of a group${hint(row.rule)}`);
  }
  return rules;
}

function hint(rule: string): string {
  const near = nearest(rule, [...GROUP_ACTIONS, ...Object.keys(READERS)]);
  return near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`;
}

function grant(rules: Mutable, action: GroupActionName, row: RuleRow, reading: Reading): void {
  const granted = booleanIn(row);
  if (row.for === "others") {
    const without = rules.grantedToOthers.filter((name) => name !== action);
    rules.grantedToOthers = granted ? [...without, action] : without;
    return;
  }
  const actors = actorsIn(row);
  const meant = actors.length === 0 ? reading.members : actors.map(reading.addressOf);
  const isGranted = (member: string): boolean =>
    meant.includes(member) ? granted : rules.granted[action].includes(member);
  // Who is named without being a member has a rule of the own.
  const all = [...new Set([...reading.members, ...rules.granted[action], ...meant])];
  rules.granted = { ...rules.granted, [action]: all.filter(isGranted) };
}

function actorsIn(row: RuleRow): readonly string[] {
  return listIn(row.for ?? "");
}

function listIn(text: string): readonly string[] {
  return text.split(/\s*,\s*|\s+and\s+/u).filter((word) => word !== "");
}

function booleanIn({ rule, value }: RuleRow): boolean {
  if (value === "true" || value === "false") return value === "true";
  throw new Error(`${rule} is ${value}; it is "true" or "false"`);
}

function countIn({ rule, value }: RuleRow): number {
  if (/^\d{1,9}$/u.test(value)) return Number(value);
  throw new Error(`${rule} is ${value}; it is a number`);
}

/** `from 18`, `until 12`, `13 to 17`. */
function ageIn({ rule, value }: RuleRow): { readonly from?: number; readonly until?: number } {
  const [, one, bound] = /^(from|until) (\d{1,3})$/u.exec(value) ?? [];
  const [, low, high] = /^(\d{1,3}) to (\d{1,3})$/u.exec(value) ?? [];
  if (one === "from") return { from: Number(bound) };
  if (one === "until") return { until: Number(bound) };
  if (low !== undefined) return { from: Number(low), until: Number(high) };
  throw new Error(`${rule} is ${value}; it is "from 18", "until 12" or "13 to 17"`);
}
