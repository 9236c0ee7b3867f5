/** The person at the terminal: keys, countdown, and traffic that speaks for itself. */
import { describe, expect, it } from "vitest";
import type { Action } from "../spec/actions.ts";
import { manualTrigger, type Terminal } from "./manual-trigger.ts";

interface Desk {
  readonly terminal: Terminal;
  readonly shown: string[];
  press(key: string): void;
  tick(): void;
  /** Keys and clocks that are still listened to. */
  readonly open: number;
}

function desk(): Desk {
  const shown: string[] = [];
  const keys = new Set<(key: string) => void>();
  const clocks = new Set<() => void>();
  const entered = <T>(set: Set<T>, item: T): (() => void) => {
    set.add(item);
    return () => void set.delete(item);
  };
  return {
    shown,
    terminal: {
      write: (text) => void shown.push(text),
      onKey: (handler) => entered(keys, handler),
      everySecond: (tick) => entered(clocks, tick),
    },
    press: (key) => [...keys].forEach((handler) => handler(key)),
    tick: () => [...clocks].forEach((tick) => tick()),
    get open() {
      return keys.size + clocks.size;
    },
  };
}

const register: Action = { action: "register" };
const deregister: Action = { action: "deregister" };

describe("a person is asked", () => {
  it.each([
    ["\r", { ok: true, says: "the tester says that it is done" }],
    ["\n", { ok: true }],
    ["s", { ok: false, code: "unsupported", says: "the tester skipped it" }],
    ["S\n", { ok: false, code: "unsupported" }],
    ["f", { ok: false, code: "failed", says: "the tester says that the SUT cannot do it" }],
  ])("and answers by %j", async (key, expected) => {
    const table = desk();
    const asked = manualTrigger({ timeoutMs: 3_000 }, table.terminal).perform(register);
    table.press("x");
    table.press(key);
    expect(await asked).toMatchObject(expected);
    expect(table.open).toBe(0);
    expect(table.shown.join("")).toContain("Start the IM client");
  });

  it("for so long, and the seconds are shown", async () => {
    const table = desk();
    const asked = manualTrigger({ timeoutMs: 2_500 }, table.terminal).perform(register);
    for (let second = 1; second <= 3; second += 1) table.tick();
    expect(await asked).toMatchObject({ ok: false, code: "failed", says: "nothing was done within 2.5 s" });
    expect(table.shown.filter((text) => text.includes("s left"))).toEqual([
      "\r  2 s left ",
      "\r  1 s left ",
      "\r  0 s left ",
    ]);
    expect(table.open).toBe(0);
  });

  it("no longer when the expected traffic is seen", async () => {
    const table = desk();
    const trigger = manualTrigger({ timeoutMs: 3_000 }, table.terminal);
    const asked = trigger.perform(register);
    trigger.seen?.(deregister);
    expect(table.open).toBe(2);
    trigger.seen?.(register);
    expect(await asked).toMatchObject({ ok: true, says: "the expected traffic was seen" });
    trigger.seen?.(register);
    expect(table.open).toBe(0);
  });

  it("for one thing at a time, and each answer is for what was asked", async () => {
    const table = desk();
    const trigger = manualTrigger({ timeoutMs: 3_000 }, table.terminal);
    const [first, second] = [trigger.perform(register), trigger.perform(deregister)];
    expect(table.shown.join("")).not.toContain("Log out");
    table.press("s");
    expect(table.shown.join("")).toContain("Log out");
    table.press("\r");
    expect(await first).toMatchObject({ ok: false, code: "unsupported" });
    expect(await second).toMatchObject({ ok: true });
  });

  it("nothing more when the run is stopped", async () => {
    const table = desk();
    const trigger = manualTrigger({ timeoutMs: 3_000 }, table.terminal);
    const asked = [trigger.perform(register), trigger.perform(deregister)];
    trigger.cut?.();
    const answers = await Promise.all([...asked, trigger.perform(register)]);
    expect(answers.map(({ says }) => says)).toEqual(Array(3).fill("the run was stopped"));
    expect(table.open).toBe(0);
  });
});
