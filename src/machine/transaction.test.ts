import { describe, expect, it } from "vitest";
import { inviteClient } from "./invite-client.ts";
import { inviteServer } from "./invite-server.ts";
import { nonInviteClient } from "./non-invite-client.ts";
import { nonInviteServer } from "./non-invite-server.ts";
import { requestWith, responseTo } from "./testdata.ts";
import { DEFAULT_TIMERS, TIMER_PURPOSES } from "./timers.ts";
import {
  createTransaction,
  type Machine,
  step,
  type TransactionAction,
  type TransactionEvent,
} from "./transaction.ts";

const invite = requestWith("INVITE", ["SIP/2.0/UDP a;branch=z9hG4bK1"]);

/** `start`, a status (a response), `request`, `ACK`, `error`, or `time`. */
type Happening = "start" | "request" | "ACK" | "error" | "time" | number;

function eventOf(happening: Happening): TransactionEvent {
  if (typeof happening === "number") return { type: "response", response: responseTo(invite, happening) };
  if (happening === "request") return { type: "request", request: invite };
  if (happening === "ACK") return { type: "request", request: requestWith("ACK", []) };
  if (happening === "error") return { type: "transport-error" };
  return { type: happening };
}

function shown(action: TransactionAction): string {
  const repeated = "retransmission" in action && action.retransmission ? " again" : "";
  const status = "response" in action ? ` ${action.response.status}` : "";
  const reason = action.type === "report" ? ` ${action.reason}` : "";
  return `${action.type}${status}${reason}${repeated}`;
}

/** One line for each thing that happens at its time: what is done, the state then, the next deadline. */
function play(
  machine: Machine,
  reliable: boolean,
  script: readonly (readonly [at: number, happening: Happening])[],
): string[] {
  let transaction = createTransaction(machine, DEFAULT_TIMERS, reliable);
  return script.map(([at, happening]) => {
    const next = step(transaction, eventOf(happening), at);
    transaction = next.transaction;
    const deeds = next.actions.map(shown).join(", ") || "nothing";
    return `${at} ${happening}: ${deeds} -> ${transaction.state}, next ${next.deadline ?? "never"}`;
  });
}

/** Lets a transaction alone: each time it wants to be woken it is, until it wants no more. */
function sleepThrough(
  machine: Machine,
  reliable: boolean,
  script: readonly (readonly [number, Happening])[],
): string[] {
  let transaction = createTransaction(machine, DEFAULT_TIMERS, reliable);
  const log: string[] = [];
  const happen = (at: number, event: TransactionEvent): number | undefined => {
    const next = step(transaction, event, at);
    transaction = next.transaction;
    log.push(...next.actions.map((action) => `${at} ${shown(action)}`));
    return next.deadline;
  };
  const wakeUntil = (deadline: number | undefined, end: number): void => {
    for (let at = deadline; at !== undefined && at <= end;) at = happen(at, { type: "time" });
  };
  script.forEach(([at, happening], index) => {
    wakeUntil(happen(at, eventOf(happening)), (script[index + 1]?.[0] ?? Infinity) - 1);
  });
  return [...log, transaction.state];
}

describe("non-INVITE client transaction (RFC 3261 17.1.2.2)", () => {
  it("repeats at 0.5, 1, 2, 4, 4… s over UDP and gives up after 32 s", () => {
    const times = [500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500];
    expect(sleepThrough(nonInviteClient, false, [[0, "start"]])).toEqual([
      "0 send-request",
      ...times.map((at) => `${at} send-request again`),
      "32000 report timeout",
      "terminated",
    ]);
  });

  it("repeats every T2 once a provisional response came", () => {
    expect(
      sleepThrough(nonInviteClient, false, [
        [0, "start"],
        [100, 100],
        [9000, 200],
      ]),
    ).toEqual([
      "0 send-request",
      "100 pass-response 100",
      "500 send-request again",
      "4500 send-request again",
      "8500 send-request again",
      "9000 pass-response 200",
      "terminated",
    ]);
  });

  it("sends once over TCP and waits as long", () => {
    expect(sleepThrough(nonInviteClient, true, [[0, "start"]])).toEqual([
      "0 send-request",
      "32000 report timeout",
      "terminated",
    ]);
  });

  it.each([
    [
      "absorbs repeated finals for T4 over UDP",
      false,
      [
        [0, "start"],
        [10, 200],
        [20, 200],
        [5010, "time"],
      ],
      [
        "0 start: send-request -> trying, next 500",
        "10 200: pass-response 200 -> completed, next 5010",
        "20 200: nothing -> completed, next 5010",
        "5010 time: nothing -> terminated, next never",
      ],
    ],
    [
      "is over at once with a final over TCP",
      true,
      [
        [0, "start"],
        [10, 404],
        [20, 404],
      ],
      [
        "0 start: send-request -> trying, next 32000",
        "10 404: pass-response 404 -> terminated, next never",
        "20 404: nothing -> terminated, next never",
      ],
    ],
    [
      "passes every provisional",
      true,
      [
        [0, "start"],
        [10, 100],
        [20, 183],
        [30, 200],
      ],
      [
        "0 start: send-request -> trying, next 32000",
        "10 100: pass-response 100 -> proceeding, next 32000",
        "20 183: pass-response 183 -> proceeding, next 32000",
        "30 200: pass-response 200 -> terminated, next never",
      ],
    ],
    [
      "reports an error of the transport",
      false,
      [
        [0, "start"],
        [10, "error"],
      ],
      ["0 start: send-request -> trying, next 500", "10 error: report transport -> terminated, next never"],
    ],
  ] as const)("%s", (_name, reliable, script, expected) => {
    expect(play(nonInviteClient, reliable, script)).toEqual(expected);
  });
});

describe("INVITE client transaction (RFC 3261 17.1.1.2, RFC 6026)", () => {
  it("repeats with doubling intervals over UDP and gives up after 32 s", () => {
    expect(sleepThrough(inviteClient, false, [[0, "start"]])).toEqual([
      "0 send-request",
      ...[500, 1500, 3500, 7500, 15500, 31500].map((at) => `${at} send-request again`),
      "32000 report timeout",
      "terminated",
    ]);
  });

  it.each([
    [
      "stops repeating when it rings, however long",
      false,
      [
        [0, "start"],
        [100, 180],
        [90_000, "time"],
        [90_001, 200],
      ],
      [
        "0 start: send-request -> calling, next 500",
        "100 180: pass-response 180 -> proceeding, next never",
        "90000 time: nothing -> proceeding, next never",
        "90001 200: pass-response 200 -> accepted, next 122001",
      ],
    ],
    [
      "acknowledges a refusal, again when it is repeated, for 32 s",
      false,
      [
        [0, "start"],
        [10, 486],
        [20, 486],
        [32_010, "time"],
      ],
      [
        "0 start: send-request -> calling, next 500",
        "10 486: send-ack 486, pass-response 486 -> completed, next 32010",
        "20 486: send-ack 486 again -> completed, next 32010",
        "32010 time: nothing -> terminated, next never",
      ],
    ],
    [
      "acknowledges a refusal over TCP and is over",
      true,
      [
        [0, "start"],
        [10, 603],
      ],
      [
        "0 start: send-request -> calling, next 32000",
        "10 603: send-ack 603, pass-response 603 -> terminated, next never",
      ],
    ],
    [
      "passes each 2xx for 64 T1 and acknowledges none",
      false,
      [
        [0, "start"],
        [10, 200],
        [20, 200],
        [30, 486],
        [32_010, "time"],
      ],
      [
        "0 start: send-request -> calling, next 500",
        "10 200: pass-response 200 -> accepted, next 32010",
        "20 200: pass-response 200 -> accepted, next 32010",
        "30 486: nothing -> accepted, next 32010",
        "32010 time: nothing -> terminated, next never",
      ],
    ],
    [
      "reports that the ACK could not be sent",
      false,
      [
        [0, "start"],
        [10, 486],
        [20, "error"],
      ],
      [
        "0 start: send-request -> calling, next 500",
        "10 486: send-ack 486, pass-response 486 -> completed, next 32010",
        "20 error: report transport -> terminated, next never",
      ],
    ],
  ] as const)("%s", (_name, reliable, script, expected) => {
    expect(play(inviteClient, reliable, script)).toEqual(expected);
  });
});

describe("non-INVITE server transaction (RFC 3261 17.2.2)", () => {
  it.each([
    [
      "absorbs repetitions until there is something to say",
      false,
      [
        [0, "start"],
        [10, "request"],
        [20, 100],
        [30, "request"],
      ],
      [
        "0 start: nothing -> trying, next never",
        "10 request: nothing -> trying, next never",
        "20 100: send-response 100 -> proceeding, next never",
        "30 request: send-response 100 again -> proceeding, next never",
      ],
    ],
    [
      "answers repetitions for 64 T1 over UDP",
      false,
      [
        [0, "start"],
        [10, 200],
        [20, "request"],
        [32_010, "time"],
        [32_011, "request"],
      ],
      [
        "0 start: nothing -> trying, next never",
        "10 200: send-response 200 -> completed, next 32010",
        "20 request: send-response 200 again -> completed, next 32010",
        "32010 time: nothing -> terminated, next never",
        "32011 request: nothing -> terminated, next never",
      ],
    ],
    [
      "drops a second final response",
      false,
      [
        [0, "start"],
        [10, 200],
        [20, 500],
        [30, "request"],
      ],
      [
        "0 start: nothing -> trying, next never",
        "10 200: send-response 200 -> completed, next 32010",
        "20 500: nothing -> completed, next 32010",
        "30 request: send-response 200 again -> completed, next 32010",
      ],
    ],
    [
      "is over with the final response over TCP",
      true,
      [
        [0, "start"],
        [10, 200],
      ],
      ["0 start: nothing -> trying, next never", "10 200: send-response 200 -> terminated, next never"],
    ],
    [
      "stays when a response could not be sent",
      false,
      [
        [0, "start"],
        [10, 200],
        [20, "error"],
      ],
      [
        "0 start: nothing -> trying, next never",
        "10 200: send-response 200 -> completed, next 32010",
        "20 error: report transport -> completed, next 32010",
      ],
    ],
  ] as const)("%s", (_name, reliable, script, expected) => {
    expect(play(nonInviteServer, reliable, script)).toEqual(expected);
  });
});

describe("INVITE server transaction (RFC 3261 17.2.1, RFC 6026)", () => {
  it("repeats a refusal at 0.5, 1, 2, 4, 4… s over UDP until it gives up after 32 s", () => {
    const times = [600, 1600, 3600, 7600, 11600, 15600, 19600, 23600, 27600, 31600];
    expect(
      sleepThrough(inviteServer, false, [
        [0, "start"],
        [100, 486],
      ]),
    ).toEqual([
      "100 send-response 486",
      ...times.map((at) => `${at} send-response 486 again`),
      "32100 report timeout",
      "terminated",
    ]);
  });

  it.each([
    [
      "wants 100 after 200 ms of silence",
      false,
      [
        [0, "start"],
        [200, "time"],
      ],
      ["0 start: nothing -> proceeding, next 200", "200 time: want-100 -> proceeding, next never"],
    ],
    [
      "wants no 100 once it rings",
      false,
      [
        [0, "start"],
        [100, 180],
        [200, "time"],
        [300, "request"],
      ],
      [
        "0 start: nothing -> proceeding, next 200",
        "100 180: send-response 180 -> proceeding, next never",
        "200 time: nothing -> proceeding, next never",
        "300 request: send-response 180 again -> proceeding, next never",
      ],
    ],
    [
      "stops with the ACK and absorbs further ones for T4",
      false,
      [
        [0, "start"],
        [10, 486],
        [20, "ACK"],
        [30, "ACK"],
        [40, "request"],
        [5020, "time"],
      ],
      [
        "0 start: nothing -> proceeding, next 200",
        "10 486: send-response 486 -> completed, next 510",
        "20 ACK: nothing -> confirmed, next 5020",
        "30 ACK: nothing -> confirmed, next 5020",
        "40 request: nothing -> confirmed, next 5020",
        "5020 time: nothing -> terminated, next never",
      ],
    ],
    [
      "is over with the ACK over TCP, having repeated nothing",
      true,
      [
        [0, "start"],
        [10, 486],
        [20, "ACK"],
      ],
      [
        "0 start: nothing -> proceeding, next 200",
        "10 486: send-response 486 -> completed, next 32010",
        "20 ACK: nothing -> terminated, next never",
      ],
    ],
    [
      "absorbs an accepted INVITE for 64 T1 and lets the user repeat its 2xx",
      true,
      [
        [0, "start"],
        [10, 200],
        [20, "request"],
        [30, 200],
        [40, "ACK"],
        [32_010, "time"],
      ],
      [
        "0 start: nothing -> proceeding, next 200",
        "10 200: send-response 200 -> accepted, next 32010",
        "20 request: nothing -> accepted, next 32010",
        "30 200: send-response 200 -> accepted, next 32010",
        "40 ACK: pass-ack -> accepted, next 32010",
        "32010 time: nothing -> terminated, next never",
      ],
    ],
  ] as const)("%s", (_name, reliable, script, expected) => {
    expect(play(inviteServer, reliable, script)).toEqual(expected);
  });
});

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
