/** What scenarios arrange of groups and ages reaches the reference: its documents are read, and obeyed. */
import { beforeAll, describe, expect, it } from "vitest";
import type { ProvisionedItem, RunEvent } from "../trace/event.ts";
import { readRunBytes } from "../trace/ndjson.ts";
import { outputOf } from "./testdata/program.ts";

let events: readonly RunEvent[];

beforeAll(async () => {
  const record = readRunBytes(
    await outputOf("record-features.ts", "src/run/testdata/features/group-policies.feature"),
  );
  if (record.problems.length > 0) throw new Error("the record cannot be read");
  ({ events } = record);
}, 600_000);

function scenarioNamed(name: string): string {
  const opened = events.find((event) => event.type === "scenario-opened" && event.name === name);
  if (opened?.scenario === undefined) throw new Error(`there is no scenario ${name}`);
  return opened.scenario;
}

const provisionedIn = (name: string): readonly ProvisionedItem[] =>
  events.flatMap((event) =>
    event.type === "provisioned" && event.scenario === scenarioNamed(name) ? [event.item] : [],
  );

const responsesIn = (name: string, status: string): readonly string[] =>
  events.flatMap((event) =>
    event.type === "crossed" &&
    event.scenario === scenarioNamed(name) &&
    "text" in event.bytes &&
    event.bytes.text.startsWith(`SIP/2.0 ${status}`)
      ? [event.bytes.text]
      : [],
  );

describe("policies of groups", () => {
  it("are arranged and obeyed: every step comes to its end", () => {
    const steps = events.filter((event) => event.type === "step");
    expect(steps.length).toBeGreaterThan(40);
    expect(steps.filter(({ status }) => status !== "passed")).toEqual([]);
  });

  it("keep out who is too young, by the profile", () => {
    const name = "a member who is too young";
    expect(provisionedIn(name)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: "group", rules: expect.objectContaining({ age: { from: 18 } }) }),
        expect.objectContaining({ kind: "profile", age: 15 }),
      ]),
    );
    const refusals = responsesIn(name, "403");
    expect(refusals.length).toBeGreaterThan(0);
    expect(
      refusals.every((refusal) => refusal.includes("124 Service not allowed due to the age limit")),
    ).toBe(true);
  });

  it("are in the record with every change", () => {
    const kinds = (name: string) => provisionedIn(name).map(({ kind }) => kind);
    expect(kinds("a group is deleted while its session runs")).toEqual(["group", "group-deleted"]);
    const changed = provisionedIn("a participant is no longer a member of the group");
    expect(changed.map((item) => (item.kind === "group" ? item.members.length : 0))).toEqual([3, 2]);
  });
});
