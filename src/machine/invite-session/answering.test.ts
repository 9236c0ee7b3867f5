import { describe, expect, it } from "vitest";
import { DEFAULT_TIMERS } from "../timers.ts";
import {
  type Answering,
  type AnsweringAction,
  answeringDeadline,
  type AnsweringEvent,
  startAnswering,
  stepAnswering,
} from "./answering.ts";
import { startRepetition, stepRepetition } from "./repetition.ts";

type Row = readonly [at: number, event: keyof typeof PLAIN | AnsweringEvent, ...actions: string[]];

const PLAIN = {
  provisional: { type: "provisional", reliable: false },
  accept: { type: "accept" },
  reject: { type: "reject" },
  cancel: { type: "cancel" },
  ack: { type: "ack" },
  time: { type: "time" },
} as const satisfies Record<string, AnsweringEvent>;

const wordOf = (action: AnsweringAction): string =>
  action.type === "send reliable" ? `send reliable ${action.number}` : action.type;

/** Plays events at their times and compares what each sets off. */
function play(rows: readonly Row[]): Answering {
  let answering = startAnswering(DEFAULT_TIMERS, 100);
  for (const [at, given, ...expected] of rows) {
    const event: AnsweringEvent = typeof given === "string" ? PLAIN[given] : given;
    const step = stepAnswering(answering, event, at);
    expect([at, event.type, ...step.actions.map(wordOf)]).toEqual([at, event.type, ...expected]);
    answering = step.answering;
  }
  return answering;
}

const reliable = (described = false): AnsweringEvent => ({ type: "provisional", reliable: true, described });
const prack = (number: number): AnsweringEvent => ({ type: "prack", number });

describe("an INVITE that is answered", () => {
  it.each<[string, readonly Row[], Answering["state"]]>([
    [
      "rings, is accepted and acknowledged",
      [
        [0, "provisional", "send provisional"],
        [10, "accept", "send 2xx"],
        [20, "ack", "report acknowledged"],
        [30, "ack"],
        [600, "time"],
      ],
      "acknowledged",
    ],
    [
      "repeats its 2xx until ACK",
      [
        [0, "accept", "send 2xx"],
        [499, "time"],
        [500, "time", "repeat 2xx"],
        [1499, "time"],
        [1500, "time", "repeat 2xx"],
        [3500, "time", "repeat 2xx"],
        [7500, "time", "repeat 2xx"],
        [11_500, "time", "repeat 2xx"],
        [11_600, "ack", "report acknowledged"],
        [15_500, "time"],
      ],
      "acknowledged",
    ],
    [
      "gives up after 64 * T1",
      [
        [0, "accept", "send 2xx"],
        [32_000, "time", "report no ACK"],
        [40_000, "ack"],
      ],
      "unacknowledged",
    ],
    [
      "is refused once",
      [
        [0, "reject", "send rejection"],
        [1, "accept"],
        [2, "reject"],
        [3, "provisional"],
      ],
      "rejected",
    ],
    [
      "is cancelled",
      [
        [0, "cancel", "send 487"],
        [1, "accept"],
        [2, "cancel"],
      ],
      "cancelled",
    ],
    [
      "is not cancelled after its 2xx",
      [
        [0, "accept", "send 2xx"],
        [1, "cancel"],
        [2, "reject"],
      ],
      "accepted",
    ],
    ["no PRACK fits", [[0, prack(100), "refuse PRACK"]], "proceeding"],
    [
      "repeats a reliable response without an upper bound",
      [
        [0, reliable(), "send reliable 100"],
        [500, "time", "repeat reliable"],
        [1500, "time", "repeat reliable"],
        [3500, "time", "repeat reliable"],
        [7500, "time", "repeat reliable"],
        [11_500, "time"],
        [15_500, "time", "repeat reliable"],
        [31_500, "time", "repeat reliable"],
        [32_000, "time", "report no PRACK"],
      ],
      "proceeding",
    ],
    [
      "sends reliable responses one after the other, in order",
      [
        [0, reliable(), "send reliable 100"],
        [1, reliable()],
        [2, "provisional", "send provisional"],
        [3, prack(99), "refuse PRACK"],
        [4, prack(100), "answer PRACK", "send reliable 101"],
        [5, prack(100), "refuse PRACK"],
        [6, prack(101), "answer PRACK"],
      ],
      "proceeding",
    ],
    [
      "does not accept before a described response has its PRACK",
      [
        [0, reliable(true), "send reliable 100"],
        [1, "accept"],
        [500, "time", "repeat reliable"],
        [600, prack(100), "answer PRACK", "send 2xx"],
      ],
      "accepted",
    ],
    [
      "accepts at once where it does not, and still takes the PRACK",
      [
        [0, reliable(), "send reliable 100"],
        [1, "accept", "send 2xx"],
        [2, prack(100), "answer PRACK"],
        [3, "ack", "report acknowledged"],
      ],
      "acknowledged",
    ],
    [
      "a cancel comes before the PRACK that its 2xx waits for",
      [
        [0, reliable(true), "send reliable 100"],
        [1, "accept"],
        [2, "cancel", "send 487"],
        [3, prack(100), "answer PRACK"],
      ],
      "cancelled",
    ],
  ])("%s", (_, rows, state) => {
    expect(play(rows).state).toBe(state);
  });

  it("says when to come again", () => {
    expect(answeringDeadline(play([[0, "provisional", "send provisional"]]))).toBeUndefined();
    expect(answeringDeadline(play([[0, reliable(), "send reliable 100"]]))).toBe(500);
    expect(answeringDeadline(play([[7, "accept", "send 2xx"]]))).toBe(507);
    expect(
      answeringDeadline(
        play([
          [0, "accept", "send 2xx"],
          [1, "ack", "report acknowledged"],
        ]),
      ),
    ).toBeUndefined();
  });
});

it("a repetition never goes beyond its end", () => {
  let repetition = startRepetition("2xx", DEFAULT_TIMERS, 0);
  const times: number[] = [];
  for (;;) {
    const step = stepRepetition(repetition, repetition.deadline);
    times.push(repetition.deadline);
    if (step.action === "give up") break;
    repetition = step.repetition;
  }
  expect(times).toEqual([500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500, 32_000]);
});
