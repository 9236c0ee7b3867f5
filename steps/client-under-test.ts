/** What only the IM Client under test is waited for. */
import { Then, When } from "@cucumber/cucumber";
import type { ScrimWorld } from "./world.ts";

When("the registration of {actor} is about to expire", async function (this: ScrimWorld, name: string) {
  await this.lab.wait.registrationRenewed(name);
});

Then("{actor} has published the IM Service Settings", async function (this: ScrimWorld, name: string) {
  await this.lab.wait.settled(name, "PUBLISH");
});
