/** Flow D.3: a message to a group, its delivery notifications, and a member who comes later (Appendix D.3, informative). */
import type { Check } from "./check.ts";
import { flowStep } from "./flow-step.ts";

export const flowD3: readonly Check[] = Array.from({ length: 19 }, (_, index) =>
  flowStep("D.3", `D.3-${index + 1}`),
);
