import { describe, expect, it } from "vitest";
import { defaultGroupRules, GROUP_ACTIONS, hasRules, type FixedGroupRules } from "../spec/group-rules.ts";
import { groupAllows } from "../wire/xml/group-permission.ts";
import { readGroup, type Group } from "../wire/xml/group.ts";
import { validateXml } from "../wire/xml/validate.ts";
import { groupDocument } from "./group-document.ts";
import { groupRulesFrom, type RuleRow } from "./group-rules.ts";

const addressOf = (name: string): string => `sip:${name.toLowerCase()}@home.example`;
const [alice, bob, ted, zoe] = [
  addressOf("Alice"),
  addressOf("Bob"),
  addressOf("Ted"),
  addressOf("Zoe"),
] as const;
const members = [alice, bob, ted];

function documentWith(...rows: readonly RuleRow[]): Group {
  const rules = groupRulesFrom(rows, { members, addressOf });
  const bytes = groupDocument({ uri: "sip:g@home.example", members, supportsIm: true, rules });
  expect(validateXml("group", bytes)).toEqual([]);
  return readGroup(bytes);
}

describe("the rules of a group, written and read again", () => {
  it("let members do all but be key participants, unless the table says more", () => {
    const group = documentWith();
    const allowed = GROUP_ACTIONS.filter((action) => groupAllows(group, action, { sender: bob }));
    expect(allowed).toEqual(GROUP_ACTIONS.filter((action) => action !== "is-key-participant"));
    expect(GROUP_ACTIONS.some((action) => groupAllows(group, action, { sender: zoe }))).toBe(false);
    expect(group).toMatchObject({ inviteMembers: true, maxParticipantCount: 50 });
  });

  it.each([
    ["all members", { rule: "allow-private-message", value: "false" }, [false, false, false, false]],
    ["one member", { rule: "allow-private-message", value: "false", for: "Bob" }, [true, false, true, false]],
    [
      "some",
      { rule: "allow-private-message", value: "false", for: "Alice and Ted" },
      [false, true, false, false],
    ],
    [
      "who is no member",
      { rule: "allow-private-message", value: "true", for: "Zoe" },
      [true, true, true, true],
    ],
    ["others", { rule: "allow-private-message", value: "true", for: "others" }, [true, true, true, true]],
  ] as const)("are for %s", (_, row, expected) => {
    const group = documentWith(row);
    const allowed = [alice, bob, ted, zoe].map((sender) =>
      groupAllows(group, "allow-private-message", { sender }),
    );
    expect(allowed).toEqual(expected);
    expect(groupAllows(group, "join-handling", { sender: zoe })).toBe(false);
    expect(groupAllows(group, "join-handling", { sender: bob })).toBe(true);
  });

  it.each([
    ["invite-members", "false", { inviteMembers: false }],
    ["max-participant-count", "2", { maxParticipantCount: 2 }],
    ["age-restrictions", "from 18", { ageRestrictions: { mustUnderstand: true, from: 18 } }],
    ["age-restrictions", "13 to 17", { ageRestrictions: { mustUnderstand: true, from: 13, until: 17 } }],
    ["max-duration", "3", { sessionActivePolicy: { mustUnderstand: true, maxDurationS: 3 } }],
    ["min-participant-count", "2", { sessionActivePolicy: { minParticipantCount: 2 } }],
    ["required-participants-list", "Alice", { sessionActivePolicy: { requiredParticipants: [alice] } }],
    [
      "supported-services",
      "pager-mode-message",
      {
        supportedServices: {
          services: [{ featureTag: "+g.oma.sip-im", media: { media: ["pager-mode-message"] } }],
        },
      },
    ],
  ])("hold %s: %s", (rule, value, expected) => {
    expect(documentWith({ rule, value })).toMatchObject(expected);
  });

  it("hold display names", () => {
    const group = documentWith({ rule: "display-name", value: "Robert", for: "Bob" });
    expect(group.members).toEqual([{ uri: alice }, { uri: bob, displayName: "Robert" }, { uri: ted }]);
  });

  it.each([
    [
      "an unknown rule",
      { rule: "allow-private-mesage", value: "true" },
      "did you mean allow-private-message",
    ],
    ["a boolean that is none", { rule: "join-handling", value: "yes" }, '"true" or "false"'],
    ["a number that is none", { rule: "max-duration", value: "long" }, "a number"],
    ["an age that is none", { rule: "age-restrictions", value: "old" }, "from 18"],
  ])("are refused with %s", (_, row, says) => {
    expect(() => documentWith(row)).toThrow(says);
  });
});

describe("a group of the SUT's own", () => {
  const fixed: FixedGroupRules = { denies: [], inviteMembers: true };
  const wanted = (...rows: readonly RuleRow[]) => groupRulesFrom(rows, { members, addressOf });
  it.each([
    ["as it is", fixed, [], true],
    ["that denies what is wanted", { ...fixed, denies: ["allow-private-message"] }, [], false],
    [
      "that denies what is not",
      { ...fixed, denies: ["allow-private-message"] },
      [{ rule: "allow-private-message", value: "false" }],
      true,
    ],
    [
      "where one member is to be different",
      fixed,
      [{ rule: "join-handling", value: "false", for: "Bob" }],
      false,
    ],
    [
      "with the maximum",
      { ...fixed, maxParticipantCount: 3 },
      [{ rule: "max-participant-count", value: "3" }],
      true,
    ],
    ["with another maximum", fixed, [{ rule: "max-participant-count", value: "3" }], false],
    [
      "with the ages",
      { ...fixed, age: { from: 18 } },
      [{ rule: "age-restrictions", value: "from 18" }],
      true,
    ],
    ["with ages that are not wanted", { ...fixed, age: { from: 18 } }, [], false],
    [
      "that is a chat group",
      { ...fixed, inviteMembers: false },
      [{ rule: "invite-members", value: "false" }],
      true,
    ],
  ] as const)("%s", (_, group, rows, expected) => {
    expect(hasRules(group, wanted(...rows), members)).toBe(expected);
  });

  it("may forbid anonymity, which is declared apart", () => {
    expect(hasRules(fixed, defaultGroupRules(members, { allowAnonymity: false }), members)).toBe(true);
  });
});
