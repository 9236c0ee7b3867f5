import { describe, expect, it } from "vitest";
import { defaultGroupRules } from "../spec/group-rules.ts";
import type { ProvisionedItem } from "./event.ts";
import { ageAt, groupAt, isGranted, type GroupItem } from "./group-facts.ts";
import type { UnplacedEvent } from "./recorder.ts";
import { traceEvents } from "./testdata/events.ts";

const uri = "sip:friends@home.test";
const [alice, bob, zoe] = ["sip:alice@home.test", "sip:bob@home.test", "sip:zoe@home.test"] as const;
const group = (members: readonly string[]): GroupItem => ({
  kind: "group",
  uri,
  members,
  allowAnonymity: true,
  supportsIm: true,
  rules: defaultGroupRules(members, { allowAnonymity: true }),
});
const item = (one: ProvisionedItem): UnplacedEvent => ({ type: "provisioned", scenario: "s1", item: one });
const events = traceEvents([
  item(group([alice, bob])),
  item({ kind: "profile", owner: bob, age: 15 }),
  item(group([alice])),
  item({ kind: "profile", owner: bob, age: 16 }),
  item({ kind: "group-deleted", uri }),
]);

describe("a group", () => {
  it.each([
    ["before it was arranged", 1, undefined],
    ["as arranged", 2, [alice, bob]],
    ["as changed", 4, [alice]],
    ["when it is deleted", 6, undefined],
  ])("%s", (_, seq, members) => {
    expect(groupAt(events, `${uri};user=x`, seq)?.members).toEqual(members);
  });

  it("grants what its rules say", () => {
    const friends = group([alice]);
    expect(isGranted(friends, "join-handling", alice)).toBe(true);
    expect(isGranted(friends, "join-handling", zoe)).toBe(false);
    expect(isGranted(friends, "is-key-participant", alice)).toBe(false);
    const rules = defaultGroupRules([alice], { allowAnonymity: false });
    const open: GroupItem = { ...friends, rules: { ...rules, grantedToOthers: ["allow-anonymity"] } };
    expect(isGranted(open, "allow-anonymity", zoe)).toBe(true);
    expect(isGranted(open, "allow-anonymity", alice)).toBe(false);
  });

  it("of a record of before does not tell", () => {
    const before: GroupItem = {
      kind: "group",
      uri,
      members: [alice],
      allowAnonymity: true,
      supportsIm: true,
    };
    expect(isGranted(before, "join-handling", alice)).toBeUndefined();
  });
});

it.each([
  [2, undefined],
  [3, 15],
  [6, 16],
])("an age before event %i", (seq, age) => {
  expect(ageAt(events, bob, seq)).toBe(age);
});
