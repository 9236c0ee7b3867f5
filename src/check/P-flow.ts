/** Flow P, first figure: REFER has a user invited, and removed (Appendix P, informative). */
import type { Check } from "./check.ts";
import { flowStep } from "./flow-step.ts";

export const flowP: readonly Check[] = [flowStep("P", "P-1")];
