/** Session mode: sessions are started, joined, talked in and left, participants are added, removed and watched. */
import { Given, Then, When } from "@cucumber/cucumber";
import type { ScrimWorld } from "./world.ts";

Given("a running ad-hoc session of {actors}", async function (this: ScrimWorld, names: string[]) {
  await this.lab.converse.running("ad-hoc", names);
});

Given("a running one-to-one session of {actors}", async function (this: ScrimWorld, names: string[]) {
  await this.lab.converse.running("one-to-one", names);
});

Given(
  /^a running session of the group ([A-Z][a-z]+), with ([A-Z][a-z]+(?:, [A-Z][a-z]+)*(?: and [A-Z][a-z]+)?)$/u,
  async function (this: ScrimWorld, group: string, names: string[]) {
    await this.lab.converse.runningGroup(group, names);
  },
);

When(
  "{actor} starts an ad-hoc session with {actors}",
  async function (this: ScrimWorld, name: string, others: string[]) {
    await this.lab.converse.start(name, others, "ad-hoc");
  },
);

When(
  "{actor} starts a one-to-one session with {actor}",
  async function (this: ScrimWorld, name: string, other: string) {
    await this.lab.converse.start(name, [other], "one-to-one");
  },
);

When(
  /^([A-Z][a-z]+) (?:starts|joins) the session of the group ([A-Z][a-z]+)$/u,
  async function (this: ScrimWorld, name: string, group: string) {
    await this.lab.converse.startGroup(name, group);
  },
);

When("{actor} sends a message in the session", async function (this: ScrimWorld, name: string) {
  await this.lab.converse.say(name);
});

When(
  "{actor} sends a message of {int} bytes in the session",
  async function (this: ScrimWorld, name: string, bytes: number) {
    await this.lab.converse.say(name, { bytes });
  },
);

When(
  "{actor} sends a private message to {actors} in the session",
  async function (this: ScrimWorld, name: string, privately: string[]) {
    await this.lab.converse.say(name, { privately });
  },
);

When("{actor} leaves the session", async function (this: ScrimWorld, name: string) {
  await this.lab.converse.leave(name);
});

When(
  "{actor} adds {actors} to the session",
  async function (this: ScrimWorld, name: string, others: string[]) {
    await this.lab.confer.add(name, others);
  },
);

When(
  "{actor} removes {actor} from the session",
  async function (this: ScrimWorld, name: string, other: string) {
    await this.lab.confer.remove(name, other);
  },
);

When("{actor} subscribes to the participants", async function (this: ScrimWorld, name: string) {
  await this.lab.watch.subscribe(name);
});

Then("{actor} is invited", async function (this: ScrimWorld, name: string) {
  await this.lab.converse.invited([name]);
});

Then("{actors} are each invited", async function (this: ScrimWorld, names: string[]) {
  await this.lab.converse.invited(names);
});

Then("{actor} is not invited", async function (this: ScrimWorld, name: string) {
  await this.lab.converse.notInvited([name]);
});

Then("{actor} is in the session", async function (this: ScrimWorld, name: string) {
  await this.lab.converse.entered(name);
});

Then("{actors} are all in the session", async function (this: ScrimWorld, names: string[]) {
  for (const name of names) await this.lab.converse.entered(name);
});

Then("{actor} is notified of the participants", async function (this: ScrimWorld, name: string) {
  await this.lab.converse.notified(name);
});

Then("{actor} is released from the session", async function (this: ScrimWorld, name: string) {
  await this.lab.converse.released([name]);
});
