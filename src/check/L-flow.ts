/** Flow L: a session between two users becomes a conference (Appendix L, informative). There is no message 4. */
import type { Check } from "./check.ts";
import { flowStep } from "./flow-step.ts";

export const flowL: readonly Check[] = [1, 2, 3, 5].map((message) => flowStep("L", `L-${message}`));
