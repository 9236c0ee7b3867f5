import { describe, expect, it } from "vitest";
import { formatSubscriptionState } from "../../wire/sip/event-fields.ts";
import {
  createNotifier,
  type NotifierAction,
  type NotifierEvent,
  type NotifierRules,
  notifierStep,
} from "./notifier.ts";

const RULES: NotifierRules = { defaultS: 3600, maximumS: 7200, minimumS: 60, paceMs: 0, oneByOne: true };

const subscribe = (expiresS?: number): NotifierEvent => ({ type: "subscribe", expiresS });
const ok: NotifierEvent = { type: "answered", status: 200 };
const change: NotifierEvent = { type: "change" };
const time: NotifierEvent = { type: "time" };
const end = (reason?: string, retryAfterS?: number): NotifierEvent => ({
  type: "terminate",
  reason,
  retryAfterS,
});

function shown(action: NotifierAction): string {
  if (action.type === "accept") return `accept ${action.expiresS}`;
  if (action.type === "too-brief") return `too brief, ${action.minExpiresS}`;
  if (action.type === "forget") return `forget, ${action.why}`;
  return `${action.cause}: ${formatSubscriptionState(action.state)}`;
}

function play(
  script: readonly (readonly [at: number, event: NotifierEvent])[],
  rules: Partial<NotifierRules> = {},
  state: "pending" | "active" = "active",
): string[] {
  let notifier = createNotifier({ ...RULES, ...rules }, state);
  return script.map(([at, event]) => {
    const step = notifierStep(notifier, event, at);
    notifier = step.notifier;
    return `${step.actions.map(shown).join("; ") || "-"} | ${step.deadline ?? "never"}`;
  });
}

describe("SUBSCRIBE", () => {
  it.each([
    [undefined, "accept 3600; subscribed: active;expires=3600 | 3600000"],
    [600, "accept 600; subscribed: active;expires=600 | 600000"],
    [9000, "accept 7200; subscribed: active;expires=7200 | 7200000"],
    [0, "accept 0; ended: terminated;reason=timeout | never"],
    [30, "too brief, 60 | 0"],
  ])("for %s seconds", (expiresS, expected) => expect(play([[0, subscribe(expiresS)]])).toEqual([expected]));

  it("that is shorter than the minimum is taken when the minimum is above an hour and it is not shorter than that", () => {
    expect(play([[0, subscribe(3600)]], { minimumS: 5000 })[0]).toContain("accept 3600");
  });

  it("waits for leave", () => {
    expect(
      play(
        [
          [0, subscribe(600)],
          [1, ok],
          [2, change],
          [3, { type: "allow" }],
          [4, ok],
          [5, change],
        ],
        {},
        "pending",
      ),
    ).toEqual([
      "accept 600; subscribed: pending;expires=600 | 600000",
      "- | 600000",
      "- | 600000",
      "allowed: active;expires=600 | 600000",
      "- | 600000",
      "changed: active;expires=600 | 600000",
    ]);
  });

  it("refreshes, and ends", () => {
    expect(
      play([
        [0, subscribe(600)],
        [1, ok],
        [100_000, subscribe(300)],
        [100_001, ok],
        [150_000, subscribe(0)],
        [150_001, ok],
      ]),
    ).toEqual([
      "accept 600; subscribed: active;expires=600 | 600000",
      "- | 600000",
      "accept 300; refreshed: active;expires=300 | 400000",
      "- | 400000",
      "accept 0; ended: terminated;reason=timeout | never",
      "forget, done | never",
    ]);
  });
});

describe("NOTIFY", () => {
  it("waits for the answer to the one before; changes in between become one", () => {
    const script = [
      [0, subscribe(600)],
      [1, change],
      [2, change],
      [3, ok],
      [4, ok],
    ] as const;
    expect(play(script).slice(1)).toEqual([
      "- | 600000",
      "- | 600000",
      "changed: active;expires=600 | 600000",
      "- | 600000",
    ]);
  });

  it("does not wait where it need not", () => {
    expect(
      play(
        [
          [0, subscribe(600)],
          [1, change],
        ],
        { oneByOne: false },
      )[1],
    ).toBe("changed: active;expires=600 | 600000");
  });

  it("comes no faster than the package says, but for the first and the last", () => {
    const script = [
      [0, subscribe(600)],
      [10, ok],
      [1000, change],
      [2000, change],
      [5000, time],
      [5001, ok],
      [6000, change],
      [7000, end("noresource")],
    ] as const;
    expect(play(script, { paceMs: 5000 }).slice(2)).toEqual([
      "- | 5000",
      "- | 5000",
      "changed: active;expires=595 | 600000",
      "- | 600000",
      "- | 10000",
      "ended: terminated;reason=noresource | never",
    ]);
  });

  it.each([
    [481, "forget, gone"],
    [489, "forget, gone"],
    [404, "forget, gone"],
    [500, "-"],
    [503, "-"],
  ])("answered with %i", (status, expected) => {
    expect(
      play([
        [0, subscribe(600)],
        [1, { type: "answered", status }],
      ]).at(-1),
    ).toContain(expected);
  });

  it("that is not answered ends it", () => {
    expect(
      play([
        [0, subscribe(600)],
        [32_000, { type: "not-answered" }],
      ]).at(-1),
    ).toBe("forget, gone | never");
  });
});

describe("the end", () => {
  it("comes when the time is over", () => {
    expect(
      play([
        [0, subscribe(60)],
        [1, ok],
        [60_000, time],
        [60_001, ok],
      ]).slice(2),
    ).toEqual(["ended: terminated;reason=timeout | never", "forget, done | never"]);
  });

  it.each([
    [end("probation", 30), "terminated;reason=probation;retry-after=30"],
    [end("noresource"), "terminated;reason=noresource"],
    [end(), "terminated"],
  ])("by the notifier: %j", (event, expected) => {
    expect(
      play([
        [0, subscribe(600)],
        [1, ok],
        [2, event],
        [3, change],
        [4, ok],
      ]).slice(2),
    ).toEqual([`ended: ${expected} | never`, "- | never", "forget, done | never"]);
  });

  it("takes what was waiting with it", () => {
    expect(
      play([
        [0, subscribe(600)],
        [1, change],
        [2, end("rejected")],
        [3, ok],
        [4, ok],
      ]).slice(2),
    ).toEqual(["- | never", "ended: terminated;reason=rejected | never", "forget, done | never"]);
  });
});
