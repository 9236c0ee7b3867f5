/** How long sessions last: refreshed or not, and what goes on when somebody has left. */
import { Given, Then, When } from "@cucumber/cucumber";
import type { ScrimWorld } from "./world.ts";

Given("{actor} does not refresh sessions", function (this: ScrimWorld, name: string) {
  this.lab.last.neverRefreshes(name);
});

Given("{actor} holds the media open after leaving", function (this: ScrimWorld, name: string) {
  this.lab.last.holdsMedia(name);
});

When("{int} seconds of the session pass", async function (this: ScrimWorld, seconds: number) {
  await this.lab.last.pass(seconds);
});

Then(
  "{actor} is released from the session within {int} seconds",
  async function (this: ScrimWorld, name: string, seconds: number) {
    await this.lab.last.releasedWithin(name, seconds);
  },
);
