/** The participants of a conference are watched: by those in it, by others, and until the end. */
import { Given, Then, When } from "@cucumber/cucumber";
import type { DataTable } from "@cucumber/cucumber";
import type { ScrimWorld } from "./world.ts";

When(
  "{actor} subscribes to the participants of the group {actor}",
  async function (this: ScrimWorld, name: string, group: string) {
    await this.lab.watch.subscribe(name, { watched: { group } });
  },
);

When(
  "{actor} subscribes to the participants of the session of {actor}",
  async function (this: ScrimWorld, name: string, sessionOf: string) {
    await this.lab.watch.subscribe(name, { watched: { sessionOf } });
  },
);

When(
  "{actor} subscribes to the participants of a session that is over",
  async function (this: ScrimWorld, name: string) {
    await this.lab.watch.subscribe(name, { watched: "session-over" });
  },
);

When(
  "{actor} subscribes to the participants of an unallocated group",
  async function (this: ScrimWorld, name: string) {
    await this.lab.watch.subscribe(name, { watched: "unallocated-group" });
  },
);

When(
  "{actor} subscribes to the participants, altered so:",
  async function (this: ScrimWorld, name: string, table: DataTable) {
    await this.lab.watch.subscribe(name, { alter: table.raw() });
  },
);

Given("{actor} hides the identity when invited", function (this: ScrimWorld, name: string) {
  this.lab.watch.hidesWhenInvited(name);
});

When("{actor} unsubscribes from the participants", async function (this: ScrimWorld, name: string) {
  await this.lab.watch.unsubscribe(name);
});

Then("{actor} is told of {actor}", async function (this: ScrimWorld, name: string, other: string) {
  await this.lab.watch.toldOf(name, other);
});

Then("{actor} is told that {actor} has left", async function (this: ScrimWorld, name: string, other: string) {
  await this.lab.watch.toldOfLeaving(name, other);
});

Then(
  "{actor} is notified {int} times of the participants",
  async function (this: ScrimWorld, name: string, count: number) {
    await this.lab.watch.notified(name, count);
  },
);

Then("{actor} is told that the subscription is over", async function (this: ScrimWorld, name: string) {
  await this.lab.watch.ended(name);
});
