import { describe, expect, it } from "vitest";
import { indexFeatures } from "../run/feature-index.ts";
import { PROJECT_ROOT } from "../spec/project-root.ts";
import { subjectOf, UnknownSubjectError } from "./subject.ts";

const scenarios = indexFeatures(PROJECT_ROOT);
const copies = scenarios.find(({ tags }) => tags.includes("@8.3.2.1-6"))!;

describe("what is to be explained", () => {
  it.each([
    ["a statement", "8.3.2.1-6", { kind: "statement", statement: { id: "8.3.2.1-6" } }],
    ["a universal statement", "SIP-readable", { kind: "statement", statement: { id: "SIP-readable" } }],
    ["a place", copies.location, { kind: "scenario", location: copies.location }],
    ["a place from here", `./${copies.location}`, { kind: "scenario", location: copies.location }],
    ["a name", copies.name, { kind: "scenario", location: copies.location }],
  ])("%s", (_what, word, expected) => {
    expect(subjectOf(word, scenarios, [])).toMatchObject(expected);
  });

  it.each([
    ["8.3.2.1-66", /Did you mean 8\.3\.2\.1-6/u],
    ["zzzzzz", /neither a statement nor a scenario/u],
    ["s999", /neither/u],
    ["message", /means \d+ scenarios.*Name one of them/u],
  ])("%s is not known", (word, says) => {
    const ask = () => subjectOf(word, scenarios, []);
    expect(ask).toThrow(UnknownSubjectError);
    expect(ask).toThrow(says);
  });
});
