import { describe, expect, it } from "vitest";
import { readGroupAdvertisement, writeGroupAdvertisement } from "./advertisement.ts";
import { groupAllows, isMember } from "./group-permission.ts";
import { writeGroup } from "./group-write.ts";
import { readGroup } from "./group.ts";
import type { Group } from "./group.ts";
import { validateXml } from "./validate.ts";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));
const document = (content: string): Uint8Array =>
  bytes(
    '<group xmlns="urn:oma:xml:poc:list-service" xmlns:cp="urn:ietf:params:xml:ns:common-policy" xmlns:e="urn:oma:xml:xdm:extensions">' +
      `<list-service uri="sip:team@example.com">${content}</list-service></group>`,
  );
const team: Group = {
  uri: "sip:team@example.com",
  displayName: "Team <1>",
  members: [{ uri: "sip:ann@example.com", displayName: "Ann" }, { uri: "tel:+15550100" }],
  inviteMembers: true,
  maxParticipantCount: 5,
  rules: [
    {
      id: "members",
      conditions: { isListMember: true },
      actions: { "join-handling": true, "allow-initiate-conference": true, "allow-anonymity": false },
    },
    {
      id: "ben",
      conditions: { identity: { one: ["sip:ben@example.com"], many: [] } },
      actions: { "allow-anonymity": true, "allow-private-message": true },
    },
    { id: "others", conditions: { otherIdentity: true }, actions: { "allow-conference-state": true } },
  ],
  subject: "Plans",
  searchable: false,
  automaticGroupAdvertisement: true,
  ageRestrictions: { mustUnderstand: true, from: 18 },
  supportedServices: {
    services: [{ featureTag: "+g.oma.sip-im", attribute: "enabler", media: { media: ["message-session"] } }],
  },
};

describe("a group document", () => {
  it.each([
    ["full", team],
    ["least", { uri: "sip:g@example.com", members: [], rules: [] }],
  ])("is written, valid, and read again: %s", (_, group) => {
    const wire = writeGroup(group);
    expect(validateXml("group", wire)).toEqual([]);
    expect(readGroup(wire)).toEqual(group);
  });

  it("is read with the join-handling of before 2006, and services by exception", () => {
    const read = readGroup(
      document(
        '<cp:ruleset><cp:rule id="r"><cp:actions><join-handling>allow</join-handling></cp:actions></cp:rule></cp:ruleset>' +
          '<e:supported-services><e:all-services-except><e:service enabler="x"/></e:all-services-except></e:supported-services>',
      ),
    );
    expect(read.rules).toEqual([{ id: "r", conditions: {}, actions: { "join-handling": true } }]);
    expect(read.supportedServices).toEqual({
      services: [{ featureTag: "x", attribute: "enabler" }],
      allExcept: true,
    });
  });

  it.each([
    ["no list-service", bytes('<group xmlns="urn:oma:xml:poc:list-service"/>'), "missing-element"],
    [
      "no uri",
      bytes('<group xmlns="urn:oma:xml:poc:list-service"><list-service/></group>'),
      "missing-attribute",
    ],
    ["a member without uri", document("<list><entry/></list>"), "missing-attribute"],
    ["a maximum in words", document("<max-participant-count>ten</max-participant-count>"), "bad-value"],
    ["invite-members perhaps", document("<invite-members>perhaps</invite-members>"), "bad-value"],
  ])("is refused with %s", (_, wire, code) => {
    expect(() => readGroup(wire)).toThrow(expect.objectContaining({ code }));
  });
});

describe("what a group allows", () => {
  it.each([
    ["a member", "sip:ann@example.com", "join-handling", true],
    ["a member by telephone number", "tel:+1-555-0100", "join-handling", true],
    ["no stranger", "sip:zoe@example.com", "join-handling", false],
    ["no member whose rule says false", "sip:ann@example.com", "allow-anonymity", false],
    ["whom a rule names", "sip:ben@example.com", "allow-anonymity", true],
    ["everybody else", "sip:zoe@example.com", "allow-conference-state", true],
    ["nobody, without a rule", "sip:ann@example.com", "is-key-participant", false],
  ] as const)("%s", (_, sender, action, expected) => {
    expect(groupAllows(team, action, { sender })).toBe(expected);
  });

  it("knows members by any of their identities", () => {
    expect(isMember(team, ["sip:zoe@example.com", "tel:+15550100"])).toBe(true);
    expect(isMember(team, "sip:ben@example.com")).toBe(false);
  });
});

describe("a group advertisement", () => {
  it("is written and read again", () => {
    const advertisement = {
      note: "Join & see",
      groups: [{ uri: "sip:team@example.com", displayName: "Team" }],
    };
    expect(readGroupAdvertisement(writeGroupAdvertisement(advertisement))).toEqual(advertisement);
  });

  it("is read in any namespace", () => {
    const wire = bytes(
      '<x:group-advertisement xmlns:x="urn:x"><x:group><x:uri> sip:g </x:uri></x:group></x:group-advertisement>',
    );
    expect(readGroupAdvertisement(wire)).toEqual({ groups: [{ uri: "sip:g" }] });
  });

  it.each([
    ["another root", "<advertisement/>", "wrong-root"],
    ["a group without uri", "<group-advertisement><group/></group-advertisement>", "missing-element"],
  ])("is refused with %s", (_, text, code) => {
    expect(() => readGroupAdvertisement(bytes(text))).toThrow(expect.objectContaining({ code }));
  });
});
