/** What the SIP/IP Core sends to the server by itself, and what the server is asked to start. */
import { Then, When } from "@cucumber/cucumber";
import type { ScrimWorld } from "./world.ts";

When(
  "the SIP\\/IP Core registers {actor} with the IM Server for {int} seconds",
  async function (this: ScrimWorld, name: string, seconds: number) {
    await this.lab.cause.thirdPartyRegister(name, seconds);
  },
);

When(
  "the SIP\\/IP Core tells the IM Server that {actor} is no longer registered",
  async function (this: ScrimWorld, name: string) {
    await this.lab.cause.thirdPartyRegister(name, 0);
  },
);

When(
  "a message of {actor} to {actor} reaches the IM Server without an asserted identity",
  async function (this: ScrimWorld, sender: string, recipient: string) {
    await this.lab.cause.sendWithoutAssertedIdentity(sender, recipient);
  },
);

When(
  "an anonymous message of {actor} to {actor} reaches the IM Server without an asserted identity",
  async function (this: ScrimWorld, sender: string, recipient: string) {
    await this.lab.cause.sendWithoutAssertedIdentity(sender, recipient, { anonymous: true });
  },
);

When(
  "{actor} receives a Group Advertisement from {actor}",
  async function (this: ScrimWorld, recipient: string, sender: string) {
    await this.lab.cause.advertiseGroup(sender, [recipient]);
  },
);

When(
  "{actor} sends a Group Advertisement to {actors}",
  async function (this: ScrimWorld, sender: string, recipients: string[]) {
    await this.lab.cause.advertiseGroup(sender, recipients);
  },
);

When(
  /^the IM Server sends a system message to (.+?)(, to which a response is required)?$/u,
  async function (this: ScrimWorld, to: string, required: string | null) {
    await this.lab.cause.systemMessage(to.split(/, | and /u), {
      responseRequired: required !== null,
      large: false,
    });
  },
);

When(
  "the IM Server sends a system message of more than 1300 bytes to {actor}",
  async function (this: ScrimWorld, name: string) {
    await this.lab.cause.systemMessage([name], { responseRequired: false, large: true });
  },
);

When("the time to respond to the system message is over", async function (this: ScrimWorld) {
  await this.lab.wait.systemMessageOverdue();
});

Then("the IM Server has answered the SIP\\/IP Core", async function (this: ScrimWorld) {
  await this.lab.wait.coreAnswered();
});
