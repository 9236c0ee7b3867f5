import { When } from "@cucumber/cucumber";
import type { ScrimWorld } from "./world.ts";

When(
  "{actor} extends the session to {actors}",
  async function (this: ScrimWorld, name: string, others: string[]) {
    await this.lab.converse.extend(name, others);
  },
);
