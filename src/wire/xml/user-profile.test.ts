import { describe, expect, it } from "vitest";
import { ageIn, readUserProfiles, writeUserProfiles } from "./user-profile.ts";
import { validateXml } from "./validate.ts";

const uri = "sip:ted@home.example";
const at = (date: string): number => Date.parse(`${date}T12:00:00Z`);

describe("profiles", () => {
  it.each([
    ["none", []],
    ["an age", [{ uri, age: 15 }]],
    ["a date of birth and a name", [{ uri, displayName: "Ted & Co", birthDate: "1993-04-30" }]],
  ])("are written, valid, and read again: %s", (_, profiles) => {
    const wire = writeUserProfiles(profiles);
    expect(validateXml("user-profile", wire)).toEqual([]);
    expect(readUserProfiles(wire)).toEqual(profiles);
  });

  it.each([
    ["no address", "<user-profile/>", "missing-attribute"],
    [
      "a month that is none",
      '<user-profile uri="sip:a@b"><birth-date>1993-13-01</birth-date></user-profile>',
      "bad-value",
    ],
    [
      "a day that is none",
      '<user-profile uri="sip:a@b"><birth-date>1993-02-30</birth-date></user-profile>',
      "bad-value",
    ],
    ["an age in words", '<user-profile uri="sip:a@b"><age>ten</age></user-profile>', "bad-value"],
  ])("are refused with %s", (_, content, code) => {
    const wire = new TextEncoder().encode(
      `<user-profiles xmlns="urn:oma:xml:xdm:user-profile">${content}</user-profiles>`,
    );
    expect(() => readUserProfiles(wire)).toThrow(expect.objectContaining({ code }));
    expect(validateXml("user-profile", wire)).not.toEqual([]);
  });
});

describe("an age", () => {
  it.each([
    ["the day before a birthday", { uri, birthDate: "1993-04-30" }, "2008-04-29", 14],
    ["on a birthday", { uri, birthDate: "1993-04-30" }, "2008-04-30", 15],
    ["of a leap day", { uri, birthDate: "1992-02-29" }, "2008-02-28", 15],
    ["with a time zone", { uri, birthDate: "1993-04-30+02:00" }, "2008-05-01", 15],
    ["before birth", { uri, birthDate: "2010-01-01" }, "2008-05-01", 0],
    ["that is written", { uri, age: 15 }, "2008-04-29", 15],
    ["that is written beside a date", { uri, age: 3, birthDate: "1993-04-30" }, "2008-05-01", 15],
    ["that is not known", { uri }, "2008-04-29", undefined],
  ] as const)("%s", (_, profile, today, expected) => {
    expect(ageIn(profile, at(today))).toBe(expected);
  });
});
