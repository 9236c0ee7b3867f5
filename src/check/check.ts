/**
 * The shape of a check: trace in, findings out. Pure: no clock, no socket, no knowledge of the scenario it runs in.
 *
 *     export const requestUriOfCopy = check("8.3.2.1-6", {
 *       trigger: (trace) => trace.…,                       each occasion on which the statement applies
 *       judge: (occasion, trace) => expectEqual(…),        what the specification permits, what was seen, where
 *     });
 */
import type { Evidence } from "../trace/event.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import type { Facet } from "../spec/types.ts";
import type { SutFile } from "../spec/sut-file.ts";

/** `pass`: positive evidence. `miss`: the statement is not met (the level decides whether that is a failure or a warning). */
export interface Outcome {
  readonly result: "pass" | "miss" | "noted" | "inconclusive";
  /** Every outcome that the specification permits. */
  readonly expected: string;
  readonly actual: string;
  readonly evidence: readonly Evidence[];
  /** Words that the guards of edges to SCR items ask for, such as `uri-list`. */
  readonly facets?: readonly string[];
  /** Reading accepted, successor RFC followed, reason why it cannot be decided. */
  readonly note?: string;
  /** Set where the culprit is not the SUT. */
  readonly blame?: "scrim" | "rig";
}

export interface CheckDefinition<Occasion> {
  /** Whether the SUT plays the part that the statement speaks to; default: by the role of the statement. */
  readonly applies?: (sut: SutFile) => boolean;
  /** Holds of every SUT, server or client, and of what Scrim sends. */
  readonly universal?: true;
  /** Each occasion in the trace on which the statement binds the SUT. None: not exercised. */
  readonly trigger: (trace: ScenarioTrace) => readonly Occasion[];
  /** Facets of all its outcomes. */
  readonly facets?: readonly Facet[];
  readonly judge: (occasion: Occasion, trace: ScenarioTrace) => Outcome | readonly Outcome[];
}

export interface Check {
  readonly statement: string;
  readonly applies: ((sut: SutFile) => boolean) | undefined;
  readonly universal: boolean;
  readonly run: (trace: ScenarioTrace) => readonly Outcome[];
}

/** Binds a check to its statement. */
export function check<Occasion>(statement: string, definition: CheckDefinition<Occasion>): Check {
  return {
    statement,
    applies: definition.applies,
    universal: definition.universal ?? false,
    run: (trace) =>
      definition
        .trigger(trace)
        .flatMap((occasion) => definition.judge(occasion, trace))
        .map((outcome) => withFacetsOf(outcome, definition.facets)),
  };
}

function withFacetsOf(outcome: Outcome, facets: readonly Facet[] | undefined): Outcome {
  return facets === undefined ? outcome : { ...outcome, facets: [...(outcome.facets ?? []), ...facets] };
}
