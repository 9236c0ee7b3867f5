/** The world of a scenario: its part of the rig. Everything that steps do goes through it. */
import { setWorldConstructor, World } from "@cucumber/cucumber";
import type { ScenarioLab } from "../src/lab/scenario-lab.ts";

/** Which rig and lane the scenario runs in; put there by `src/run`. */
export interface ScrimParameters {
  readonly rig: string;
  readonly lane: number;
}

export class ScrimWorld extends World<ScrimParameters> {
  #lab: ScenarioLab | undefined;

  get lab(): ScenarioLab {
    if (this.#lab === undefined) throw new Error("the scenario has not been opened");
    return this.#lab;
  }

  /** False for a scenario that is not run. */
  get entered(): boolean {
    return this.#lab !== undefined;
  }

  enter(lab: ScenarioLab): void {
    this.#lab = lab;
  }
}

setWorldConstructor(ScrimWorld);
