/** How invitations to sessions are answered, rung and given up, and how sessions are changed. */
import { Given, Then, When } from "@cucumber/cucumber";
import type { DataTable } from "@cucumber/cucumber";
import type { ScrimWorld } from "./world.ts";

Given("{actor} lets invitations ring", async function (this: ScrimWorld, name: string) {
  await this.lab.invite.answers(name, { answer: "ring" });
});

Given("{actor} says nothing to invitations", async function (this: ScrimWorld, name: string) {
  await this.lab.invite.answers(name, { answer: "silence" });
});

Given(
  "{actor} refuses invitations with {int}",
  async function (this: ScrimWorld, name: string, status: number) {
    await this.lab.invite.answers(name, { answer: "refuse", status });
  },
);

Given(
  "{actor} takes only content of type {word} in sessions",
  async function (this: ScrimWorld, name: string, type: string) {
    await this.lab.invite.answers(name, { answer: "accept", acceptTypes: [type] });
  },
);

// The session is not there yet when the step is over.
When("{actor} begins to invite {actor}", async function (this: ScrimWorld, name: string, other: string) {
  await this.lab.invite.begin(name, [other], "one-to-one");
});

When(
  "{actor} begins to invite {actors} to an ad-hoc session",
  async function (this: ScrimWorld, name: string, others: string[]) {
    await this.lab.invite.begin(name, others, "ad-hoc");
  },
);

When(
  "{actor} starts a one-to-one session with {actor}, altered so:",
  async function (this: ScrimWorld, name: string, other: string, table: DataTable) {
    await this.lab.invite.startAltered(name, [other], "one-to-one", table.raw());
  },
);

When(
  "{actor} starts an ad-hoc session with {actors}, altered so:",
  async function (this: ScrimWorld, name: string, others: string[], table: DataTable) {
    await this.lab.invite.startAltered(name, others, "ad-hoc", table.raw());
  },
);

When("{actor} gives the invitation up", async function (this: ScrimWorld, name: string) {
  await this.lab.invite.cancel(name);
});

When("{actor} accepts the invitation", async function (this: ScrimWorld, name: string) {
  await this.lab.invite.accept(name);
});

When(
  "{actor} refuses the invitation with {int}",
  async function (this: ScrimWorld, name: string, status: number) {
    await this.lab.invite.refuse(name, status);
  },
);

When(
  "{actor} accepts the invitation while {actor} gives it up",
  async function (this: ScrimWorld, accepting: string, leaving: string) {
    await this.lab.invite.atOnce([leaving, "cancel"], [accepting, "accept"]);
  },
);

When(
  "{actor} offers content of type {word} in the session",
  async function (this: ScrimWorld, name: string, type: string) {
    await this.lab.invite.modify(name, { acceptTypes: [type] });
  },
);

When(
  "{actor} offers to take messages of {int} bytes in the session",
  async function (this: ScrimWorld, name: string, bytes: number) {
    await this.lab.invite.modify(name, { maxSize: bytes });
  },
);

When("{actor} refreshes the session", async function (this: ScrimWorld, name: string) {
  await this.lab.invite.refresh(name);
});

When(
  "{actor} and {actor} leave the session at the same time",
  async function (this: ScrimWorld, one: string, other: string) {
    await this.lab.invite.atOnce([one, "leave"], [other, "leave"]);
  },
);

When(
  "{actor} refreshes the session while {actor} leaves it",
  async function (this: ScrimWorld, one: string, other: string) {
    await this.lab.invite.atOnce([one, "refresh"], [other, "leave"]);
  },
);

When(
  "{actor} and {actor} refresh the session at the same time",
  async function (this: ScrimWorld, one: string, other: string) {
    await this.lab.invite.atOnce([one, "refresh"], [other, "refresh"]);
  },
);

Then("{actor} rings", async function (this: ScrimWorld, name: string) {
  await this.lab.invite.rings(name);
});

Then("{actor} hears it ring", async function (this: ScrimWorld, name: string) {
  await this.lab.invite.hearsRinging(name);
});

Given("{actor} changes sessions by UPDATE", function (this: ScrimWorld, name: string) {
  this.lab.talk.misbehave(name, { updates: true });
});
