/** How contestants are timed. */

export interface Contestant {
  /** The package with its version; `scrim` for Scrim's own. */
  readonly name: string;
  /** Does the work once. What it returns is kept, so that the work cannot be optimised away. */
  readonly run: () => unknown;
}

/** One line of the table, and one entry of `--json`. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: string;
  readonly peerValue: number;
  /** `value / peerValue`: above 1 Scrim is the faster. */
  readonly ratio: number;
}

/** Milliseconds that one turn of a contestant takes. */
const TURN = 12;
const WARM_UP_TURNS = 6;
const TURNS = 50;

/**
 * Times each contestant in turns, one after the other, so that a machine that gets slower does so for all of them; gives the best turn, in
 * runs per second: what else the machine does makes a turn slower, never faster.
 */
export function runsPerSecond(contestants: readonly Contestant[]): Map<string, number> {
  const turns = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  const batches = new Map(contestants.map((contestant) => [contestant.name, batchOf(contestant)]));
  for (let turn = 0; turn < WARM_UP_TURNS + TURNS; turn += 1) {
    for (const contestant of contestants) {
      const rate = oneTurn(contestant, batches.get(contestant.name) ?? 1);
      if (turn >= WARM_UP_TURNS) turns.get(contestant.name)?.push(rate);
    }
  }
  return new Map([...turns].map(([name, rates]) => [name, Math.max(...rates)]));
}

/** Scrim against each of the others; a run of a contestant does `work` pieces of work. */
export function compared(
  name: string,
  unit: string,
  work: number,
  contestants: readonly Contestant[],
): Measurement[] {
  const rates = runsPerSecond(contestants);
  const value = (rates.get("scrim") ?? Number.NaN) * work;
  return [...rates]
    .filter(([peer]) => peer !== "scrim")
    .map(([peer, rate]) => {
      const peerValue = rate * work;
      return { name, value, unit, peer, peerValue, ratio: value / peerValue };
    });
}

let kept: unknown;

function oneTurn({ run }: Contestant, batch: number): number {
  const start = performance.now();
  for (let count = 0; count < batch; count += 1) kept = run();
  return (batch * 1000) / (performance.now() - start);
}

/** How many runs fill a turn, found when the code is warm. */
function batchOf(contestant: Contestant): number {
  let batch = 1;
  for (;;) {
    const rate = oneTurn(contestant, batch);
    if (batch * 1000 >= rate * TURN) return Math.max(1, Math.round((rate * TURN) / 1000));
    batch *= 2;
  }
}

/** What was kept last; reading it is what keeps it. */
export function lastResult(): unknown {
  return kept;
}
