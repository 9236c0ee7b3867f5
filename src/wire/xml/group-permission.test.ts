import { describe, expect, it } from "vitest";
import {
  ageFits,
  groupIsFull,
  groupServes,
  memberOf,
  membersToInvite,
  participationIn,
} from "./group-permission.ts";
import { writeGroup } from "./group-write.ts";
import { readGroup } from "./group.ts";
import type { AgeRestrictions, Group } from "./group.ts";
import type { ServiceList } from "./media-list.ts";
import { sessionEndBy } from "./session-active-policy.ts";
import type { SessionActivePolicy } from "./session-active-policy.ts";
import { validateXml } from "./validate.ts";

const [ann, ben, cid] = ["sip:ann@example.com", "sip:ben@example.com", "sip:cid@example.com"] as const;
const bare: Group = { uri: "sip:team@example.com", members: [], rules: [] };
const team: Group = {
  ...bare,
  members: [{ uri: ann, displayName: "Ann of the team" }, { uri: ben }, { uri: cid }],
  rules: [
    { id: "members", conditions: { isListMember: true }, actions: { "join-handling": true } },
    { id: "zoe", conditions: { identity: { one: ["sip:zoe@example.com"], many: [] } }, actions: {} },
  ],
};

describe("members", () => {
  it("have a display name for the group", () => {
    expect(memberOf(team, ["tel:+1", "SIP:ann@EXAMPLE.com"])?.displayName).toBe("Ann of the team");
    expect(memberOf(team, "sip:zoe@example.com")).toBeUndefined();
  });

  it.each([
    ["all but who begins", { inviteMembers: true }, ann, [ben, cid]],
    ["as many as may take part", { inviteMembers: true, maxParticipantCount: 2 }, ann, [ben]],
    [
      "as many, when a stranger begins",
      { inviteMembers: true, maxParticipantCount: 3 },
      "sip:x@h",
      [ann, ben],
    ],
    ["none where nobody but the first may", { inviteMembers: true, maxParticipantCount: 0 }, ann, []],
    ["none to a chat group", { inviteMembers: false }, ann, []],
    ["none where the document does not say", {}, ann, []],
  ] as const)("are invited: %s", (_, rules, originator, expected) => {
    const invited = membersToInvite({ ...team, ...rules }, originator);
    expect(invited.map(({ uri }) => uri)).toEqual(expected);
  });
});

describe("a group serves", () => {
  const im = (media?: readonly string[], allExcept?: true): ServiceList => ({
    services: [{ featureTag: "+g.oma.sip-im", ...(media === undefined ? {} : { media: { media } }) }],
    ...(allExcept === undefined ? {} : { allExcept }),
  });
  it.each([
    ["any service, unless told", undefined, true],
    ["the IM service with all its media", im(), true],
    ["the medium among its media", im(["message-session"]), true],
    ["no medium that is not", im(["pager-mode-message"]), false],
    ["no other service", { services: [{ featureTag: "+g.poc.talkburst" }] }, false],
    ["all but the IM service", im(undefined, true), false],
    ["all but another medium of it", im(["pager-mode-message"], true), true],
    ["all but this medium of it", im(["message-session"], true), false],
    ["all but another service", { services: [{ featureTag: "+g.poc.talkburst" }], allExcept: true }, true],
  ] as const)("%s", (_, supportedServices, expected) => {
    const group = { ...bare, ...(supportedServices === undefined ? {} : { supportedServices }) };
    expect(groupServes(group, "message-session")).toBe(expected);
  });
});

describe("ages", () => {
  const adults: AgeRestrictions = { mustUnderstand: true, from: 18 };
  const young: AgeRestrictions = { mustUnderstand: false, until: 12, others: [{ from: 16, until: 18 }] };
  it.each([
    ["without restriction, even unknown", undefined, undefined, true],
    ["from 18, at 18", adults, 18, true],
    ["from 18, at 17", adults, 17, false],
    ["from 18, unknown", adults, undefined, false],
    ["until 12, at 12", young, 12, true],
    ["between the ranges", young, 15, false],
    ["in the second range", young, 17, true],
  ] as const)("%s", (_, ageRestrictions, age, expected) => {
    expect(ageFits({ ...bare, ...(ageRestrictions === undefined ? {} : { ageRestrictions }) }, age)).toBe(
      expected,
    );
  });

  it("of a participant count behind the rules", () => {
    const group: Group = { ...team, ageRestrictions: adults };
    expect(participationIn(group, { sender: ann }, 30)).toBe("allowed");
    expect(participationIn(group, { sender: ann }, 15)).toBe("age");
    expect(participationIn(group, { sender: "sip:zoe@example.com" }, 15)).toBe("not-allowed");
  });
});

it("a group is full when its maximum is reached", () => {
  expect(groupIsFull(bare, 1000)).toBe(false);
  expect(groupIsFull({ ...bare, maxParticipantCount: 3 }, 2)).toBe(false);
  expect(groupIsFull({ ...bare, maxParticipantCount: 3 }, 3)).toBe(true);
});

describe("a session-active-policy", () => {
  const policy: SessionActivePolicy = {
    mustUnderstand: true,
    maxDurationS: 60,
    requiredParticipants: [ann],
    minParticipantCount: 2,
    schedule: [
      { start: "2008-01-01T08:00:00Z", end: "2008-01-01T18:00:00Z" },
      { start: "2009-01-01T00:00:00Z" },
    ],
  };
  const eight = Date.parse("2008-01-01T08:00:00Z");
  const good = { startedAt: eight, now: eight + 59_999, participants: [[ann], [ben, "tel:+1"]] };

  it.each([
    ["goes on", policy, good, undefined],
    ["is over after its duration", policy, { ...good, now: eight + 60_000 }, "max-duration"],
    [
      "is over without who must be there",
      policy,
      { ...good, participants: [[ben], [cid]] },
      "required-participants",
    ],
    ["is over with too few", policy, { ...good, participants: [[ann]] }, "min-participant-count"],
    ["is over before its time", policy, { ...good, startedAt: 0, now: 1 }, "schedule"],
    ["goes on with nothing said", { mustUnderstand: false }, { ...good, participants: [] }, undefined],
  ] as const)("%s", (_, given, session, expected) => {
    expect(sessionEndBy(given, session)).toBe(expected);
  });

  it("is written, valid, and read again, with ranges of age", () => {
    const group: Group = {
      ...team,
      sessionActivePolicy: policy,
      ageRestrictions: { mustUnderstand: false, until: 12, others: [{ from: 16, until: 18 }] },
    };
    const wire = writeGroup(group);
    expect(validateXml("group", wire)).toEqual([]);
    expect(readGroup(wire)).toEqual(group);
  });

  it.each([
    ["a duration in words", "<oxe:max-duration>long</oxe:max-duration>", "bad-value"],
    [
      "a participant without address",
      "<oxe:required-participants-list><oxe:entry/></oxe:required-participants-list>",
      "missing-attribute",
    ],
    [
      "a time that is none",
      "<oxe:schedule><oxe:time-range><oxe:end-time>2008-13-01T08:00:00Z</oxe:end-time></oxe:time-range></oxe:schedule>",
      "bad-value",
    ],
  ])("is refused with %s", (_, content, code) => {
    const wire = new TextEncoder().encode(
      '<group xmlns="urn:oma:xml:poc:list-service" xmlns:oxe="urn:oma:xml:xdm:extensions">' +
        `<list-service uri="sip:g@h"><oxe:session-active-policy>${content}</oxe:session-active-policy></list-service></group>`,
    );
    expect(() => readGroup(wire)).toThrow(expect.objectContaining({ code }));
  });
});
