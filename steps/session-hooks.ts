/** What only the server can start in a session, by its control hook; and what clients answer to its INVITEs otherwise than plainly. */
import { Given, Then, When } from "@cucumber/cucumber";
import type { DataTable } from "@cucumber/cucumber";
import type { ScrimWorld } from "./world.ts";

When("the IM Server cancels the invitations", async function (this: ScrimWorld) {
  await this.lab.steer.ask({ action: "cancel-invitations" });
});

When("the session reaches its maximum length in {int} s", async function (this: ScrimWorld, seconds: number) {
  await this.lab.steer.ask({ action: "limit-session", seconds });
});

When(
  /^the IM Server offers content of type ([^ ,]+\/[^ ,]+(?: and [^ ,]+\/[^ ,]+)*) in the session$/u,
  async function (this: ScrimWorld, types: string) {
    await this.lab.steer.ask({ action: "change-session-media", acceptTypes: types.split(" and ") });
  },
);

// What both send may cross on its way.
When(
  "the IM Server cancels the invitations while {actor} accepts",
  async function (this: ScrimWorld, name: string) {
    await this.lab.invite.setOut(name, "accept");
    await this.lab.steer.ask({ action: "cancel-invitations" });
  },
);

Given(
  "{actor} accepts invitations, altered so:",
  function (this: ScrimWorld, name: string, table: DataTable) {
    this.lab.respond.alter(name, "accepts", table.raw());
  },
);

Given("{actor} rings, altered so:", function (this: ScrimWorld, name: string, table: DataTable) {
  this.lab.respond.alter(name, "rings", table.raw());
});

Then("{actors} are offered other parameters", async function (this: ScrimWorld, names: string[]) {
  await this.lab.steer.offered(names);
});

Given("{actor} lets invitations ring reliably", async function (this: ScrimWorld, name: string) {
  await this.lab.respond.ringReliably(name);
});
