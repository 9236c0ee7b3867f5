import { describe, expect, it } from "vitest";
import { aggregationStarted, noAggregationWithoutRequest } from "./8.3.1.1-aggregation-timer.ts";
import { notificationForwarded, notificationHeld } from "./8.3.1.2-notifications.ts";
import {
  aggregateSentToRequester,
  aggregationRestarted,
  notificationsAggregated,
} from "./8.3.1.3-aggregate.ts";
import {
  failureNotificationAfterTimer,
  failureNotificationHeld,
  failureNotificationOnlyOnRequest,
  failureNotificationSent,
} from "./8.3.1.4-failures.ts";
import type { Check } from "./check.ts";
import { failedCopies, reportedMessages } from "./group-notifications.ts";
import {
  bob,
  copyFor,
  groupStory,
  notificationOf,
  notified,
  ted,
  TS2_MS,
  type Moment,
} from "./testdata/group-story.ts";

const END = TS2_MS + 5;
const LATE = 2 * TS2_MS;
const delivered = [...copyFor(bob, 2, [4, "200 OK"]), ...copyFor(ted, 2, [4, "200 OK"])];
const busyBob = (at: number): readonly Moment[] => [
  ...copyFor(bob, 2, [at, "486 Busy Here"]),
  ...copyFor(ted, 2, [4, "200 OK"]),
];
/** Long enough for anything that was gathered to have come, whenever it was. */
const silence = (from: number): readonly Moment[] => [
  [from, { type: "window-opened", scenario: "s1", window: "w", purpose: "absence", of: "x", lengthMs: LATE }],
  [from + LATE, { type: "window-closed", scenario: "s1", window: "w", how: "elapsed" }],
];

const resultsOf = (check: Check, asked: string, moments: readonly Moment[]) =>
  check.run(groupStory(asked, ...moments)).map(({ result }) => result);

describe("notifications of a group message", () => {
  it.each<[string, Check, string, readonly Moment[], readonly string[]]>([
    [
      "held to the end of Ts2",
      aggregationStarted,
      "positive-delivery",
      [...delivered, notificationOf(bob, 5), notified([bob], END)],
      ["pass"],
    ],
    [
      "sent while others are missing",
      aggregationStarted,
      "positive-delivery",
      [...delivered, notificationOf(bob, 5), notified([bob], 7)],
      ["miss"],
    ],
    [
      "sent when all are in",
      aggregationStarted,
      "positive-delivery",
      [...delivered, notificationOf(bob, 5), notificationOf(ted, 6), notified([bob, ted], 7)],
      ["pass"],
    ],
    [
      "sent when the last recipient failed",
      aggregationStarted,
      "positive-delivery",
      [...busyBob(5), notificationOf(ted, 6), notified([ted], 7)],
      ["pass"],
    ],
    [
      "come after Ts2 only",
      aggregationStarted,
      "positive-delivery",
      [...delivered, notificationOf(bob, LATE), notified([bob], LATE + 2)],
      [],
    ],
    ["none, nothing asked for", noAggregationWithoutRequest, "", [...delivered, ...silence(10)], ["pass"]],
    ["none, but it was not waited for", noAggregationWithoutRequest, "", delivered, []],
    ["one, nothing asked for", noAggregationWithoutRequest, "", [...delivered, notified([bob], 7)], ["miss"]],
    [
      "held, then in the aggregate",
      notificationHeld,
      "positive-delivery",
      [...delivered, notificationOf(bob, 5), notified([bob], END)],
      ["pass"],
    ],
    [
      "lost from the aggregate",
      notificationHeld,
      "positive-delivery",
      [...delivered, notificationOf(bob, 5), notificationOf(ted, 6), notified([ted], 8), ...silence(10)],
      ["miss", "pass"],
    ],
    [
      "late, forwarded at once",
      notificationForwarded,
      "positive-delivery",
      [...delivered, notificationOf(bob, LATE), notified([bob], LATE + 2)],
      ["pass"],
    ],
    [
      "late, held once more",
      notificationForwarded,
      "positive-delivery",
      [...delivered, notificationOf(bob, LATE), notified([bob], LATE + TS2_MS)],
      ["noted"],
    ],
    [
      "late, lost",
      notificationForwarded,
      "positive-delivery",
      [...delivered, notificationOf(bob, LATE), ...silence(LATE + 1)],
      ["miss"],
    ],
    [
      "late, and the trace ends",
      notificationForwarded,
      "positive-delivery",
      [...delivered, notificationOf(bob, LATE)],
      [],
    ],
    [
      "two in one message",
      notificationsAggregated,
      "positive-delivery",
      [...delivered, notificationOf(bob, 5), notificationOf(ted, 6), notified([bob, ted], 8)],
      ["pass"],
    ],
    [
      "two in two messages",
      notificationsAggregated,
      "positive-delivery",
      [...delivered, notificationOf(bob, 5), notificationOf(ted, 6), notified([bob], 8), notified([ted], 9)],
      ["miss"],
    ],
    [
      "an aggregate that never went",
      aggregateSentToRequester,
      "positive-delivery",
      [...delivered, notificationOf(bob, 5), ...silence(10)],
      ["miss"],
    ],
    [
      "Ts2 that ran once",
      aggregationRestarted,
      "positive-delivery",
      [...delivered, notificationOf(bob, LATE), notified([bob], LATE + 2)],
      ["noted"],
    ],
  ])("%s", (_name, check, asked, moments, results) => {
    expect(resultsOf(check, asked, moments)).toEqual(results);
  });
});

describe("failures of copies", () => {
  it.each<[string, Check, string, readonly Moment[], readonly string[]]>([
    [
      "told at the end of Ts2",
      failureNotificationHeld,
      "negative-delivery",
      [...busyBob(5), notified([bob], END, "failed")],
      ["pass"],
    ],
    [
      "told, for success is not told of",
      failureNotificationHeld,
      "negative-delivery",
      [...busyBob(5), notified([bob], 8, "failed")],
      ["pass"],
    ],
    [
      "told while others are missing",
      failureNotificationHeld,
      "positive-delivery, negative-delivery",
      [...busyBob(5), notified([bob], 8, "failed")],
      ["miss"],
    ],
    ["never told", failureNotificationSent, "negative-delivery", [...busyBob(5), ...silence(10)], ["miss"]],
    [
      "told as a success",
      failureNotificationSent,
      "negative-delivery",
      [...busyBob(5), notified([bob], END), ...silence(10)],
      ["miss"],
    ],
    [
      "told to who wanted successes",
      failureNotificationOnlyOnRequest,
      "positive-delivery",
      [...busyBob(5), notified([bob], END, "failed")],
      ["miss"],
    ],
    [
      "kept from who wanted successes",
      failureNotificationOnlyOnRequest,
      "positive-delivery",
      [...busyBob(5), ...silence(10)],
      ["pass"],
    ],
    [
      "late, told at once",
      failureNotificationAfterTimer,
      "negative-delivery",
      [...busyBob(LATE), notified([bob], LATE + 2, "failed")],
      ["pass"],
    ],
    [
      "late, never told",
      failureNotificationAfterTimer,
      "negative-delivery",
      [...busyBob(LATE), ...silence(LATE + 1)],
      ["miss"],
    ],
  ])("%s", (_name, check, asked, moments, results) => {
    expect(resultsOf(check, asked, moments)).toEqual(results);
  });

  it("does not count a failure that was repeated with success", () => {
    const trace = groupStory(
      "negative-delivery",
      ...copyFor(bob, 2, [4, "503 Service Unavailable"]),
      ...copyFor(bob, 6, [8, "200 OK"], bob).map(again),
    );
    expect(reportedMessages(trace).flatMap((message) => failedCopies(message, trace))).toEqual([]);
  });
});

/** The same message in a transaction of its own. */
function again([at, event]: Moment): Moment {
  return [
    at,
    JSON.parse(
      JSON.stringify(event)
        .replaceAll(`z9hG4bK-${bob}`, "z9hG4bK-again")
        .replaceAll(`Call-ID: ${bob}`, "Call-ID: again"),
    ),
  ];
}
