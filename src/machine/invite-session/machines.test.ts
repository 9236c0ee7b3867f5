import { describe, expect, it } from "vitest";
import { DEFAULT_TIMERS } from "../timers.ts";
import { CALLING, type CallingEvent, type CallingState, stepCalling } from "./calling.ts";
import {
  admitInvite,
  admitUpdate,
  glareDelay,
  type InProgress,
  maySend,
  retryAfterSeconds,
} from "./glare.ts";
import {
  type Carrier,
  type Exchange,
  exchanged,
  inviteBegins,
  mayOffer,
  type Meaning,
  noExchange,
  offerDropped,
  type Side,
} from "./offer-answer.ts";
import { takeReliable } from "./reliable-receipt.ts";
import { judgeReplaces } from "./replacement.ts";
import {
  agreedTimer,
  answerTimer,
  askTimer,
  startTimer,
  stepTimer,
  timerDeadline,
  type TimerRequest,
  type SessionTimerPolicy,
} from "./session-timer.ts";

describe("calling", () => {
  it.each<[string, readonly (readonly [number, CallingEvent, ...string[]])[], CallingState]>([
    [
      "answered",
      [
        [0, "1xx", "report provisional"],
        [1, "2xx", "report accepted"],
      ],
      "accepted",
    ],
    [
      "a second fork",
      [
        [0, "2xx", "report accepted"],
        [1, "2xx", "report accepted"],
      ],
      "accepted",
    ],
    [
      "refused",
      [
        [0, "1xx", "report provisional"],
        [1, "3xx-6xx", "report rejected"],
        [2, "1xx"],
      ],
      "ended",
    ],
    ["nobody there", [[0, "failure", "report failure"]], "ended"],
    [
      "cancelled",
      [
        [0, "1xx", "report provisional"],
        [1, "cancel", "send CANCEL"],
        [2, "cancel"],
        [3, "3xx-6xx", "report cancelled"],
      ],
      "ended",
    ],
    [
      "cancelled before anything came",
      [
        [0, "cancel"],
        [1, "1xx", "send CANCEL", "report provisional"],
        [2, "3xx-6xx", "report cancelled"],
      ],
      "ended",
    ],
    [
      "cancel wanted, answered at once",
      [
        [0, "cancel"],
        [1, "2xx", "hang up", "report cancelled"],
      ],
      "ended",
    ],
    [
      "CANCEL crosses the 2xx of two forks",
      [
        [0, "1xx", "report provisional"],
        [1, "cancel", "send CANCEL"],
        [2, "2xx", "hang up", "report cancelled"],
        [3, "2xx", "hang up"],
      ],
      "ended",
    ],
    [
      "CANCEL without an answer",
      [
        [0, "1xx", "report provisional"],
        [100, "cancel", "send CANCEL"],
        [200, "1xx", "report provisional"],
        [32_099, "time"],
        [32_100, "time", "report cancelled"],
        [40_000, "2xx", "hang up"],
      ],
      "abandoned",
    ],
    [
      "too late to cancel",
      [
        [0, "2xx", "report accepted"],
        [1, "cancel"],
      ],
      "accepted",
    ],
  ])("%s", (_, rows, state) => {
    let calling = CALLING;
    for (const [now, event, ...expected] of rows) {
      const step = stepCalling(calling, event, now, DEFAULT_TIMERS);
      expect([now, event, ...step.actions]).toEqual([now, event, ...expected]);
      calling = step.calling;
    }
    expect(calling.state).toBe(state);
  });
});

describe("offer and answer", () => {
  type Row = readonly [side: Side, carrier: Carrier, meaning: Meaning];

  function play(rows: readonly Row[], from: Exchange<string> = noExchange()): Exchange<string> {
    let current = from;
    for (const [index, [side, carrier, expected]] of rows.entries()) {
      const { exchange, meaning } = exchanged(current, side, carrier, `${side} ${index}`);
      expect([index, carrier, meaning]).toEqual([index, carrier, expected]);
      current = exchange;
    }
    return current;
  }

  const established = play([
    ["local", "INVITE", "offer"],
    ["remote", "2xx INVITE", "answer"],
  ]);

  it.each<[string, readonly Row[], Exchange<string>["state"]]>([
    [
      "INVITE, 2xx",
      [
        ["local", "INVITE", "offer"],
        ["remote", "2xx INVITE", "answer"],
      ],
      "complete",
    ],
    [
      "2xx, ACK",
      [
        ["remote", "2xx INVITE", "offer"],
        ["local", "ACK", "answer"],
      ],
      "complete",
    ],
    [
      "INVITE, 18x, 2xx says it again",
      [
        ["local", "INVITE", "offer"],
        ["remote", "1xx", "preview"],
        ["remote", "reliable 1xx", "answer"],
        ["remote", "2xx INVITE", "preview"],
      ],
      "complete",
    ],
    [
      "INVITE, reliable 18x, PRACK offers again, 2xx to PRACK",
      [
        ["local", "INVITE", "offer"],
        ["remote", "reliable 1xx", "answer"],
        ["local", "PRACK", "offer"],
        ["remote", "2xx PRACK", "answer"],
        ["remote", "UPDATE", "offer"],
        ["local", "2xx UPDATE", "answer"],
      ],
      "complete",
    ],
    [
      "reliable 18x offers, PRACK answers, 2xx has nothing new",
      [
        ["remote", "reliable 1xx", "offer"],
        ["local", "PRACK", "answer"],
        ["remote", "2xx INVITE", "preview"],
      ],
      "complete",
    ],
    [
      "UPDATE against an open offer",
      [
        ["local", "INVITE", "offer"],
        ["remote", "UPDATE", "violation"],
      ],
      "local offer",
    ],
    ["an ACK answers nothing that was not offered in a 2xx", [["remote", "ACK", "violation"]], "none"],
    ["a 2xx to UPDATE without an offer", [["remote", "2xx UPDATE", "violation"]], "none"],
    [
      "the answer of another transaction",
      [
        ["local", "INVITE", "offer"],
        ["remote", "2xx UPDATE", "violation"],
      ],
      "local offer",
    ],
    [
      "nobody answers an own offer",
      [
        ["local", "INVITE", "offer"],
        ["local", "ACK", "violation"],
      ],
      "local offer",
    ],
  ])("%s", (_, rows, state) => {
    expect(play(rows).state).toBe(state);
  });

  it("notes whose description is whose", () => {
    expect(established).toMatchObject({ local: "local 0", remote: "remote 1", offer: undefined });
    const turned = play(
      [
        ["remote", "INVITE", "offer"],
        ["local", "2xx INVITE", "answer"],
      ],
      inviteBegins(established),
    );
    expect(turned).toMatchObject({ local: "local 1", remote: "remote 0" });
  });

  it("a re-INVITE begins anew: without an offer its 2xx offers", () => {
    const again = inviteBegins(established);
    expect(
      play(
        [
          ["remote", "2xx INVITE", "offer"],
          ["local", "ACK", "answer"],
        ],
        again,
      ),
    ).toMatchObject({
      remote: "remote 0",
      local: "local 1",
    });
  });

  it("an offer that is refused leaves what was agreed on", () => {
    const open = play([["local", "UPDATE", "offer"]], established);
    expect(mayOffer(open)).toBe(false);
    expect(offerDropped(open)).toMatchObject({ state: "complete", local: "local 0", remote: "remote 1" });
    expect(offerDropped(play([["local", "INVITE", "offer"]])).state).toBe("none");
  });
});

describe("glare", () => {
  const complete: Exchange<string> = { ...noExchange(), state: "complete" };
  const ours: Exchange<string> = { ...complete, state: "local offer" };
  const theirs: Exchange<string> = { ...complete, state: "remote offer" };
  const none: InProgress = { invite: undefined, update: undefined };
  const of = (kind: keyof InProgress, who: "local" | "remote"): InProgress => ({ ...none, [kind]: who });

  it.each<[string, InProgress, Exchange<string>, number | "yes"]>([
    ["INVITE", none, complete, "yes"],
    ["INVITE", of("invite", "local"), complete, 491],
    ["INVITE", of("invite", "remote"), complete, 500],
    ["INVITE", of("update", "local"), ours, 491],
    ["INVITE", of("update", "remote"), theirs, 500],
    ["UPDATE with offer", none, complete, "yes"],
    ["UPDATE with offer", of("update", "remote"), complete, 500],
    ["UPDATE with offer", of("update", "local"), ours, 491],
    ["UPDATE with offer", of("invite", "local"), ours, 491],
    ["UPDATE with offer", of("invite", "remote"), theirs, 500],
    ["UPDATE", of("invite", "remote"), theirs, "yes"],
    ["UPDATE", of("update", "remote"), complete, 500],
  ])("%s while %j, %s", (what, inProgress, exchange, expected) => {
    const admission =
      what === "INVITE"
        ? admitInvite(inProgress, exchange)
        : admitUpdate(inProgress, exchange, what === "UPDATE with offer");
    expect(admission.admitted ? "yes" : admission.status).toBe(expected);
  });

  it.each<["INVITE" | "UPDATE", boolean, InProgress, Exchange<string>, boolean]>([
    ["INVITE", true, none, complete, true],
    ["INVITE", true, of("invite", "remote"), complete, false],
    ["INVITE", true, of("invite", "local"), complete, false],
    ["INVITE", false, none, theirs, false],
    ["UPDATE", true, none, noExchange(), false],
    ["UPDATE", false, none, noExchange(), true],
    ["UPDATE", true, of("invite", "local"), complete, true],
    ["UPDATE", true, of("update", "local"), complete, false],
    ["UPDATE", false, none, ours, true],
  ])("%s (offer: %s) while %j, %s may go: %s", (method, offer, inProgress, exchange, expected) => {
    expect(maySend(method, offer, inProgress, exchange)).toBe(expected);
  });

  it("tries again after 2.1 to 4 s, or 0 to 2 s, in steps of 10 ms", () => {
    const almost = 1 - 2 ** -30;
    expect([glareDelay(true, 0), glareDelay(true, almost)]).toEqual([2100, 4000]);
    expect([glareDelay(false, 0), glareDelay(false, almost)]).toEqual([0, 2000]);
    expect(glareDelay(true, 0.3333) % 10).toBe(0);
    expect([retryAfterSeconds(0), retryAfterSeconds(almost)]).toEqual([0, 10]);
  });
});

it("reliable responses are taken once and in order (RFC 3262 4)", () => {
  let receipt: number | undefined;
  const verdicts = [7, 7, 9, 8, 7, 9].map((number) => {
    const taken = takeReliable(receipt, number);
    receipt = taken.receipt;
    return taken.verdict;
  });
  expect(verdicts).toEqual(["new", "repetition", "out of order", "new", "repetition", "new"]);
});

it.each([
  [{ state: "none" }, false, { refuse: 481 }],
  [{ state: "other" }, false, { refuse: 481 }],
  [{ state: "terminated" }, false, { refuse: 603 }],
  [{ state: "confirmed" }, false, { replace: "BYE" }],
  [{ state: "confirmed" }, true, { refuse: 486 }],
  [{ state: "early", role: "uac" }, false, { replace: "CANCEL" }],
  [{ state: "early", role: "uac" }, true, { replace: "CANCEL" }],
  [{ state: "early", role: "uas" }, false, { refuse: 481 }],
] as const)("Replaces of %j, early-only %s: %j (RFC 3891 3)", (target, earlyOnly, verdict) => {
  expect(judgeReplaces(target, earlyOnly)).toEqual(verdict);
});

describe("the session timer (RFC 4028)", () => {
  const asked = (
    interval: number,
    refresher?: "uac" | "uas",
    supported = true,
    minSe?: number,
  ): TimerRequest => ({
    supported,
    expires: refresher === undefined ? { interval } : { interval, refresher },
    minSe,
  });
  const agreed = (interval: number, refresher: "uac" | "uas", require = true): unknown => ({
    expires: { interval, refresher },
    require,
  });

  it.each<[string, TimerRequest, SessionTimerPolicy, unknown]>([
    ["nobody wants one", { supported: true }, {}, undefined],
    ["only the UAS wants one", { supported: true }, { interval: 600 }, agreed(600, "uac")],
    ["the UAC does not know it", { supported: false }, { interval: 600 }, undefined],
    ["a proxy asked", asked(600, undefined, false), {}, agreed(600, "uas", false)],
    ["UAC asks", asked(600), {}, agreed(600, "uac")],
    ["UAS would rather refresh", asked(600), { refresher: "uas" }, agreed(600, "uas")],
    ["UAC has chosen", asked(600, "uac"), { refresher: "uas" }, agreed(600, "uac")],
    ["UAC has chosen the UAS", asked(600, "uas"), {}, agreed(600, "uas")],
    ["shortened", asked(1800), { interval: 600 }, agreed(600, "uac")],
    ["not below Min-SE", asked(1800, undefined, true, 900), { interval: 600 }, agreed(900, "uac")],
    ["never lengthened", asked(100), { interval: 600 }, agreed(100, "uac")],
    ["too small", asked(100), { minSe: 120 }, { minSe: 120 }],
    ["too small for anybody", asked(60), {}, { minSe: 90 }],
    ["too small, and 422 would be of no use", asked(60, undefined, false), {}, agreed(60, "uas", false)],
  ])("%s", (_, request, policy, expected) => {
    expect(answerTimer(request, policy)).toEqual(expected);
  });

  it.each<[SessionTimerPolicy, Parameters<typeof askTimer>[1], unknown]>([
    [{}, { learntMinSe: undefined, current: undefined }, { expires: undefined, minSe: undefined }],
    [
      { interval: 600 },
      { learntMinSe: undefined, current: undefined },
      { expires: { interval: 600 }, minSe: undefined },
    ],
    [
      { interval: 90, refresher: "uas" },
      { learntMinSe: 120, current: undefined },
      { expires: { interval: 120, refresher: "uas" }, minSe: 120 },
    ],
    [
      { interval: 90, minSe: 200 },
      { learntMinSe: 120, current: undefined },
      { expires: { interval: 200 }, minSe: 200 },
    ],
    [
      {},
      { learntMinSe: undefined, current: startTimer(300, true, 0) },
      { expires: { interval: 300, refresher: "uac" }, minSe: undefined },
    ],
    [
      {},
      { learntMinSe: 400, current: startTimer(300, false, 0) },
      { expires: { interval: 400, refresher: "uas" }, minSe: 400 },
    ],
  ])("asks with %j, %j", (policy, context, expected) => {
    expect(askTimer(policy, context)).toEqual(expected);
  });

  it("agrees on what the 2xx says, or goes on alone (7.2)", () => {
    expect(agreedTimer({ interval: 600 }, { interval: 300, refresher: "uas" })).toEqual({
      interval: 300,
      refresher: "uas",
    });
    expect(agreedTimer(undefined, { interval: 300, refresher: "uac" })).toEqual({
      interval: 300,
      refresher: "uac",
    });
    expect(agreedTimer({ interval: 600 }, undefined)).toEqual({ interval: 600, refresher: "uac" });
    expect(agreedTimer(undefined, undefined)).toBeUndefined();
  });

  it.each<[number, boolean, readonly (readonly [number, string])[]]>([
    [
      90,
      true,
      [
        [45_000, "refresh"],
        [90_000, "expire"],
      ],
    ],
    [90, false, [[60_000, "expire"]]],
    [1800, false, [[1_768_000, "expire"]]],
  ])("%i s, refreshing: %s", (interval, refreshes, rows) => {
    let timer = startTimer(interval, refreshes, 0);
    for (const [at, action] of rows) {
      expect(timerDeadline(timer)).toBe(at);
      expect(stepTimer(timer, at - 1).action).toBe("wait");
      const step = stepTimer(timer, at);
      expect(step.action).toBe(action);
      timer = step.timer;
    }
  });
});
