import { describe, expect, it } from "vitest";
import { createPublisher, type PublisherAction, type PublisherEvent, publisherStep } from "./publisher.ts";

const RULES = { expiresS: 600, refreshAfterMs: (grantedS: number) => grantedS * 500 };

const publish: PublisherEvent = { type: "publish" };
const remove: PublisherEvent = { type: "remove" };
const time: PublisherEvent = { type: "time" };
const ok = (entityTag?: string, expiresS = 600): PublisherEvent => ({
  type: "answered",
  status: 200,
  entityTag,
  expiresS,
});
const refused = (status: number, minExpiresS?: number): PublisherEvent => ({
  type: "answered",
  status,
  minExpiresS,
});

function shown(action: PublisherAction): string {
  if (action.type === "send") {
    const { kind, ifMatch = "-", expiresS, body } = action.publish;
    return `${kind} ${ifMatch} ${expiresS}${body ? " body" : ""}`;
  }
  if (action.type === "published") return `published ${action.entityTag}`;
  return action.type === "failed" ? `failed ${action.kind} ${action.status}` : action.type;
}

function play(script: readonly (readonly [at: number, event: PublisherEvent])[]): string[] {
  let publisher = createPublisher(RULES);
  return script.map(([at, event]) => {
    const step = publisherStep(publisher, event, at);
    publisher = step.publisher;
    return `${step.actions.map(shown).join("; ") || "-"} | ${step.deadline ?? "never"}`;
  });
}

const PUBLISHED = [
  [0, publish],
  [1, ok("t1")],
] as const;

describe("a publication", () => {
  it("is made, refreshed, modified and removed, each under the tag of the last answer", () => {
    const script = [
      ...PUBLISHED,
      [300_001, time],
      [300_002, ok("t2")],
      [300_003, publish],
      [300_004, ok("t3")],
      [300_005, remove],
      [300_006, ok()],
    ] as const;
    expect(play(script)).toEqual([
      "initial - 600 body | never",
      "published t1 | 300001",
      "refresh t1 600 | never",
      "published t2 | 600002",
      "modify t2 600 body | never",
      "published t3 | 600004",
      "remove t3 0 | never",
      "removed | never",
    ]);
  });

  it.each([
    ["a refresh", [300_001, time] as const, "initial - 600 body | never"],
    ["a change", [300_001, publish] as const, "initial - 600 body | never"],
    ["a removal", [300_001, remove] as const, "removed | never"],
  ])("whose tag is unknown at %s (412)", (_what, asked, expected) => {
    expect(play([...PUBLISHED, asked, [300_002, refused(412)]]).at(-1)).toBe(expected);
  });

  it("for too short a time is asked for again with the minimum (423), which then counts", () => {
    const script = [
      [0, publish],
      [1, refused(423, 1800)],
      [2, ok("t1", 1800)],
      [3, publish],
    ] as const;
    expect(play(script)).toEqual([
      "initial - 600 body | never",
      "initial - 1800 body | never",
      "published t1 | 900002",
      "modify t1 1800 body | never",
    ]);
  });

  it("is not asked for again and again by a compositor that never has enough", () => {
    const script = [
      [0, publish],
      [1, refused(423, 1800)],
      [2, refused(423, 3600)],
    ] as const;
    expect(play(script).at(-1)).toBe("failed initial 423 | never");
  });

  it.each([
    [refused(412), "failed initial 412 | never"],
    [refused(489), "failed initial 489 | never"],
    [refused(403), "failed initial 403 | never"],
    [refused(423), "failed initial 423 | never"],
    [refused(423, 600), "failed initial 423 | never"],
    [{ type: "not-answered" } as const, "failed initial undefined | never"],
    [ok(), "failed initial 200 | never"],
  ])("%j", (event, expected) =>
    expect(
      play([
        [0, publish],
        [1, event],
      ]).at(-1),
    ).toBe(expected),
  );

  it("stays what it was when a change is refused", () => {
    expect(play([...PUBLISHED, [5, publish], [6, refused(500)], [7, publish]]).slice(2)).toEqual([
      "modify t1 600 body | never",
      "failed modify 500 | 600001",
      "modify t1 600 body | never",
    ]);
  });

  it("is over when it was not refreshed", () => {
    const script = [
      ...PUBLISHED,
      [300_001, time],
      [332_000, { type: "not-answered" }],
      [600_001, time],
    ] as const;
    expect(play(script).at(-1)).toBe("expired | never");
  });

  it("takes one PUBLISH at a time; the last want counts", () => {
    const script = [
      [0, publish],
      [1, publish],
      [2, remove],
      [3, ok("t1")],
      [4, ok()],
    ] as const;
    expect(play(script)).toEqual([
      "initial - 600 body | never",
      "- | never",
      "- | never",
      "published t1; remove t1 0 | never",
      "removed | never",
    ]);
  });

  it("that was never made is removed at once", () =>
    expect(play([[0, remove]])).toEqual(["removed | never"]));
});
