/** Flow D.1: a participant subscribes to the state of a conference (Appendix D.1, informative). What the cores pass on is not the SUT's. */
import type { Check } from "./check.ts";
import { flowStep } from "./flow-step.ts";

const STEPS: readonly number[] = [1, 3, 7, 10, 12, 15, 18, 20, 24, 27, 30, 32];

export const flowD1: readonly Check[] = STEPS.map((step) => flowStep("D.1", `D.1-${step}`));
