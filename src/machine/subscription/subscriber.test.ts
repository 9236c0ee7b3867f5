import { describe, expect, it } from "vitest";
import { parseSubscriptionState } from "../../wire/sip/event-fields.ts";
import {
  createSubscriber,
  type SubscriberAction,
  type SubscriberEvent,
  subscriberStep,
  usualRefresh,
} from "./subscriber.ts";

const RULES = { timerNMs: 32_000, refreshAfterMs: usualRefresh };

const asked = (expiresS: number | undefined): SubscriberEvent => ({ type: "asked", expiresS });
const answered = (
  status: number,
  more: { expiresS?: number; minExpiresS?: number } = {},
): SubscriberEvent => ({
  type: "answered",
  status,
  ...more,
});
const notify = (value: string): SubscriberEvent => ({ type: "notify", state: parseSubscriptionState(value) });
const time: SubscriberEvent = { type: "time" };

function shown(action: SubscriberAction): string {
  if (action.type === "ask") return `ask ${action.expiresS} ${action.why}`;
  if (action.type === "answer") return `answer ${action.status}`;
  if (action.type === "changed") return action.state;
  const { end, again } = action;
  const detail = "reason" in end ? ` ${end.reason}` : "status" in end ? ` ${end.status}` : "";
  return `ended by ${end.by}${detail}, again ${again.when}${"seconds" in again ? ` ${again.seconds}` : ""}`;
}

/** A line for each event: what is done, and the next deadline. */
function play(script: readonly (readonly [at: number, event: SubscriberEvent])[]): string[] {
  let subscriber = createSubscriber(RULES);
  return script.map(([at, event]) => {
    const step = subscriberStep(subscriber, event, at);
    subscriber = step.subscriber;
    return `${step.actions.map(shown).join("; ") || "-"} | ${step.deadline ?? "never"}`;
  });
}

const ACTIVE = [
  [0, asked(3600)],
  [10, answered(200, { expiresS: 3600 })],
  [20, notify("active;expires=600")],
] as const;

describe("a subscription", () => {
  it("is asked for, granted, told, and refreshed a minute before its end", () => {
    expect(
      play([...ACTIVE, [540_020, time], [540_020, asked(3600)], [540_030, answered(200, { expiresS: 600 })]]),
    ).toEqual([
      "- | 32000",
      "- | 32000",
      "answer 200; active | 540020",
      "ask 3600 refresh | 600020",
      "- | never",
      "- | 1080030",
    ]);
  });

  it("is told before the 2xx comes: the NOTIFY has the last word on the time", () => {
    expect(
      play([
        [0, asked(3600)],
        [5, notify("active;expires=200")],
        [10, answered(200, { expiresS: 3600 })],
      ]),
    ).toEqual(["- | 32000", "answer 200; active | never", "- | 140005"]);
  });

  it("is pending, then active", () => {
    expect(
      play([
        [0, asked(60)],
        [1, answered(202, { expiresS: 60 })],
        [2, notify("pending;expires=60")],
        [3, notify("active;expires=57")],
      ]),
    ).toEqual(["- | 32000", "- | 30001", "answer 200; pending | 30002", "answer 200; active | 28503"]);
  });

  it("of which nothing is told has failed (Timer N)", () => {
    expect(
      play([
        [0, asked(600)],
        [1, answered(200, { expiresS: 600 })],
        [32_000, time],
      ]).at(-1),
    ).toBe("ended by no-notify, again now | never");
  });

  it("runs out when it is not refreshed", () => {
    const script = [...ACTIVE, [540_020, time], [600_020, time]] as const;
    expect(play(script).at(-1)).toBe("ended by expiry, again now | never");
  });

  it("is left with a last NOTIFY", () => {
    expect(
      play([
        ...ACTIVE,
        [100, asked(0)],
        [110, answered(200, { expiresS: 0 })],
        [120, notify("terminated;reason=timeout")],
      ]).slice(3),
    ).toEqual(["- | 32100", "- | 32100", "answer 200; ended by notifier timeout, again never | never"]);
  });

  it("is left although the last NOTIFY is lost", () => {
    const script = [...ACTIVE, [100, asked(0)], [110, answered(200)], [32_100, time]] as const;
    expect(play(script).at(-1)).toBe("ended by expiry, again never | never");
  });

  it("for once ends with its only NOTIFY", () => {
    expect(
      play([
        [0, asked(0)],
        [1, answered(200, { expiresS: 0 })],
        [2, notify("terminated;reason=timeout")],
      ]).at(-1),
    ).toBe("answer 200; ended by notifier timeout, again never | never");
  });
});

describe("its end (RFC 6665 4.1.3)", () => {
  it.each([
    ["terminated;reason=deactivated", "deactivated, again now"],
    ["terminated;reason=deactivated;retry-after=9", "deactivated, again now"],
    ["terminated;reason=timeout", "timeout, again now"],
    ["terminated;reason=probation;retry-after=30", "probation, again after 30"],
    ["terminated;reason=giveup", "giveup, again now"],
    ["terminated;reason=rejected", "rejected, again never"],
    ["terminated;reason=noresource", "noresource, again never"],
    ["terminated;reason=invariant;retry-after=1", "invariant, again never"],
    ["terminated", "undefined, again now"],
    ["terminated;reason=weather;retry-after=5", "weather, again after 5"],
  ])("%s", (value, expected) => {
    expect(play([...ACTIVE, [30, notify(value)], [40, notify("active")]]).slice(3)).toEqual([
      `answer 200; ended by notifier ${expected} | never`,
      "answer 481 | never",
    ]);
  });

  it("an extension state is like active", () => {
    expect(
      play([
        [0, asked(9)],
        [1, notify("waiting;expires=9")],
      ]).at(-1),
    ).toBe("answer 200; active | never");
  });

  it("a NOTIFY without Subscription-State is refused", () => {
    expect(play([...ACTIVE, [30, { type: "notify", state: undefined }]]).at(-1)).toBe("answer 400 | 540020");
  });
});

describe("what is answered to the first SUBSCRIBE", () => {
  it.each([
    [answered(489), "ended by response 489, again never | never"],
    [answered(403), "ended by response 403, again never | never"],
    [answered(503), "ended by response 503, again never | never"],
    [answered(423, { minExpiresS: 3600 }), "ask 3600 too-brief | 32000"],
    [answered(423, { minExpiresS: 30 }), "ended by response 423, again never | never"],
    [answered(423), "ended by response 423, again never | never"],
    [{ type: "not-answered" } as const, "ended by no-answer, again never | never"],
  ])("%j", (event, expected) =>
    expect(
      play([
        [0, asked(60)],
        [1, event],
      ]).at(-1),
    ).toBe(expected),
  );
});

it("is not asked for again and again by a notifier that never has enough", () => {
  const script = [
    [0, asked(60)],
    [1, answered(423, { minExpiresS: 600 })],
    [1, asked(600)],
    [2, answered(423, { minExpiresS: 900 })],
  ] as const;
  expect(play(script).at(-1)).toBe("ended by response 423, again never | never");
});

describe("what is answered to a refresh", () => {
  it.each([
    [answered(481), "ended by response 481, again now | never"],
    [answered(489), "ended by response 489, again never | never"],
    [answered(404), "ended by response 404, again never | never"],
    [answered(500), "- | 600020"],
    [answered(503), "- | 600020"],
    [{ type: "not-answered" } as const, "ended by no-answer, again now | never"],
    [{ type: "dialog-failed", status: 404 } as const, "ended by dialog 404, again now | never"],
  ])("%j", (event, expected) => {
    expect(play([...ACTIVE, [540_020, time], [540_020, asked(3600)], [541_000, event]]).at(-1)).toBe(
      expected,
    );
  });
});

it.each([
  [3600, 3_540_000],
  [120, 60_000],
  [60, 30_000],
])("of %i seconds it is refreshed after %i ms", (granted, after) =>
  expect(usualRefresh(granted)).toBe(after),
);
