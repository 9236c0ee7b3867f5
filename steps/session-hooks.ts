/** What only the server can start in a session, by its control hook. */
import { When } from "@cucumber/cucumber";
import type { ScrimWorld } from "./world.ts";

When("the IM Server cancels the invitations", async function (this: ScrimWorld) {
  await this.lab.steer.ask({ action: "cancel-invitations" });
});

When("the session reaches its maximum length in {int} s", async function (this: ScrimWorld, seconds: number) {
  await this.lab.steer.ask({ action: "limit-session", seconds });
});

When(
  "the IM Server offers content of type {word} in the session",
  async function (this: ScrimWorld, type: string) {
    await this.lab.steer.ask({ action: "change-session-media", acceptTypes: [type] });
  },
);

// What both send may cross on its way.
When(
  "the IM Server cancels the invitations while {actor} accepts",
  async function (this: ScrimWorld, name: string) {
    await this.lab.invite.atOnce([name, "accept"]);
    await this.lab.steer.ask({ action: "cancel-invitations" });
  },
);
