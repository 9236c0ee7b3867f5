/**
 * A peer is an ordered list of small behaviours. Each looks at one occasion (a request that arrived, say), and either leaves it to the next or
 * ends it. Names are unique within a peer, so that a fault can leave one out.
 */
export type Step = "next" | "done";

export interface Behaviour<Turn> {
  readonly name: string;
  /** The clause that asks for it. */
  readonly clause: string;
  run(turn: Turn): Step | Promise<Step>;
}

/** Runs the behaviours in order until one ends the occasion. Stays synchronous as long as they are, so that nothing overtakes a request. */
export function runBehaviours<Turn>(
  behaviours: readonly Behaviour<Turn>[],
  turn: Turn,
  skipped: ReadonlySet<string>,
): Step | Promise<Step> {
  for (const [index, behaviour] of behaviours.entries()) {
    if (skipped.has(behaviour.name)) continue;
    const step = behaviour.run(turn);
    if (step === "done") return step;
    if (step !== "next") {
      const rest = behaviours.slice(index + 1);
      return step.then((awaited) => (awaited === "done" ? awaited : runBehaviours(rest, turn, skipped)));
    }
  }
  return "next";
}
