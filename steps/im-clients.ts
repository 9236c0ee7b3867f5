/** Who takes part: simulated IM Clients, users who are not registered, and the IM Client under test. */
import { Given, When } from "@cucumber/cucumber";
import type { UserProperty } from "../src/spec/sut-file.ts";
import type { ScrimWorld } from "./world.ts";

/** How the features speak of what a user is not, or may not. */
const PROPERTIES: Readonly<Record<string, UserProperty>> = {
  "is not authorised": "unauthorised",
  "may not publish settings": "not-authorised-to-publish",
  "may not be anonymous": "anonymity-not-allowed",
  "belongs to another domain": "remote",
};

Given("a registered IM Client {actor}", async function (this: ScrimWorld, name: string) {
  await this.lab.arrange.register(name);
});

Given("registered IM Clients {actors}", async function (this: ScrimWorld, names: string[]) {
  for (const name of names) await this.lab.arrange.register(name);
});

Given(
  /^a registered IM Client ([A-Z][a-z]+), whose user (is not authorised|may not publish settings|may not be anonymous|belongs to another domain)$/u,
  async function (this: ScrimWorld, name: string, phrase: string) {
    const property = PROPERTIES[phrase];
    await this.lab.arrange.register(name, property === undefined ? {} : { property });
  },
);

Given(
  "a registered IM Client {actor} of another domain, whose user is not authorised",
  async function (this: ScrimWorld, name: string) {
    await this.lab.arrange.register(name, { property: ["remote", "unauthorised"] });
  },
);

Given("an IM User {actor} who is not registered", async function (this: ScrimWorld, name: string) {
  await this.lab.arrange.lease(name);
});

Given(
  "the IM Client under test of {actor}, not yet registered",
  async function (this: ScrimWorld, name: string) {
    await this.lab.arrange.leaseClientUnderTest(name);
  },
);

Given("the registered IM Client under test of {actor}", async function (this: ScrimWorld, name: string) {
  await this.lab.arrange.leaseClientUnderTest(name);
  await this.lab.cause.act(name, { action: "register" });
  await this.lab.wait.mustSettle(name, "REGISTER");
  await this.lab.wait.mustSettle(name, "PUBLISH");
});

Given("{actor} answers messages with {int}", function (this: ScrimWorld, name: string, status: number) {
  this.lab.arrange.script(name, { answer: status });
});

Given("{actor} sends no delivery notifications", function (this: ScrimWorld, name: string) {
  this.lab.arrange.script(name, { notifications: false });
});

Given(
  "{actor} answers messages with {int}, after the time to gather notifications is over",
  function (this: ScrimWorld, name: string, status: number) {
    this.lab.arrange.script(name, { answer: status, answerAfterMs: this.lab.arrange.afterAggregationMs });
  },
);

Given(
  "{actor} sends delivery notifications after the time to gather them is over",
  function (this: ScrimWorld, name: string) {
    this.lab.arrange.script(name, { notifyAfterMs: this.lab.arrange.afterAggregationMs });
  },
);

When("{actor} registers", async function (this: ScrimWorld, name: string) {
  await this.lab.cause.act(name, { action: "register" });
  await this.lab.wait.settled(name, "REGISTER");
});

When("{actor} refreshes the registration", async function (this: ScrimWorld, name: string) {
  await this.lab.cause.act(name, { action: "refresh-registration" });
  await this.lab.wait.settled(name, "REGISTER");
});

When("{actor} leaves the IM service", async function (this: ScrimWorld, name: string) {
  await this.lab.cause.act(name, { action: "leave-im-service" });
  await this.lab.wait.settled(name, "REGISTER");
});

When("{actor} deregisters", async function (this: ScrimWorld, name: string) {
  await this.lab.cause.act(name, { action: "deregister" });
  await this.lab.wait.settled(name, "REGISTER");
});
