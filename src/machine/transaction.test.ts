import { describe, expect, it } from "vitest";
import { inviteClient } from "./invite-client.ts";
import { inviteServer } from "./invite-server.ts";
import { nonInviteClient } from "./non-invite-client.ts";
import { nonInviteServer } from "./non-invite-server.ts";
import { shown } from "./play.ts";
import { DEFAULT_TIMERS, TIMER_PURPOSES } from "./timers.ts";
import { createTransaction, step } from "./transaction.ts";

describe("the tables", () => {
  const machines = [inviteClient, nonInviteClient, inviteServer, nonInviteServer];

  it.each(machines.map((machine) => [machine.name, machine] as const))(
    "%s: timers and states fit",
    (_name, machine) => {
      const rows = Object.entries(machine.table).flatMap(([state, inputs]) =>
        Object.entries(inputs).map(([input, transition]) => ({ state, input, transition })),
      );
      const started = new Set(rows.flatMap(({ transition }) => transition.starts ?? []));
      const awaited = rows.flatMap(({ input }) =>
        input.startsWith("timer ") ? [input.slice("timer ".length)] : [],
      );
      expect(new Set(awaited)).toEqual(started);
      expect(new Set(Object.keys(machine.timers))).toEqual(started);
      expect([...started].filter((name) => !(name in TIMER_PURPOSES))).toEqual([]);
      const reached = new Set<string>([machine.initial, ...rows.map(({ transition }) => transition.to)]);
      expect(new Set([...Object.keys(machine.table), "terminated"])).toEqual(reached);
      expect(machine.table.terminated).toBeUndefined();
    },
  );

  it("refuses timers that would never let go", () => {
    expect(() => createTransaction(inviteClient, { t1: 0, t2: 4000, t4: 5000 }, false)).toThrow(RangeError);
  });

  it("fires one repetition after a long sleep, not all that were missed", () => {
    const started = step(createTransaction(nonInviteClient, DEFAULT_TIMERS, false), { type: "start" }, 0);
    const woken = step(started.transaction, { type: "time" }, 20_000);
    expect(woken.actions.map(shown)).toEqual(["send-request again"]);
    expect(woken.deadline).toBe(21_000);
  });
});
