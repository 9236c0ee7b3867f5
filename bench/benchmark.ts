/** What a file of a benchmark exports, as `benchmark`. */
import type { Measurement } from "./measure.ts";

export interface Benchmark {
  /** What is measured against what, in one sentence. */
  readonly about: string;
  /**
   * Measures. Every peer is measured in the same run, by turns with Scrim where that can be. A peer that is not on this machine is told of
   * with `note`, and left out.
   */
  readonly run: (note: Note) => readonly Measurement[] | Promise<readonly Measurement[]>;
}

/** Says something for people, on standard error. */
export type Note = (text: string) => void;

export type { Measurement } from "./measure.ts";
