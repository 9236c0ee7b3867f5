/** What participants ask of a conference: to be let in again, to have others added and removed, also in ways of their own. */
import { Given, Then, When } from "@cucumber/cucumber";
import type { DataTable } from "@cucumber/cucumber";
import type { ScrimWorld } from "./world.ts";

Given(
  "{actor} refuses invitations as a conference of another focus does",
  async function (this: ScrimWorld, name: string) {
    await this.lab.confer.refusesAsFocus(name);
  },
);

When("{actor} rejoins the session", async function (this: ScrimWorld, name: string) {
  await this.lab.confer.rejoin(name);
});

When("{actor} rejoins the session anonymously", async function (this: ScrimWorld, name: string) {
  await this.lab.confer.rejoin(name, { anonymous: true });
});

When("{actor} rejoins the session of {actor}", async function (this: ScrimWorld, name: string, of: string) {
  await this.lab.confer.rejoin(name, { of });
});

When(
  "{actor} rejoins the session, offering to speak and not to write",
  async function (this: ScrimWorld, name: string) {
    await this.lab.confer.rejoinToSpeak(name);
  },
);

When(
  "{actor} offers to speak and not to write in the session",
  async function (this: ScrimWorld, name: string) {
    await this.lab.confer.offerToSpeak(name);
  },
);

// What both send may cross on its way.
When(
  /^([A-Z][a-z]+) (refreshes|leaves) the session while the IM Server offers content of type ([^ ]+\/[^ ]+)$/u,
  async function (this: ScrimWorld, name: string, does: string, type: string) {
    await this.lab.confer.settled();
    await this.lab.invite.setOut(name, does === "leaves" ? "leave" : "refresh");
    await this.lab.steer.ask({ action: "change-session-media", acceptTypes: [type] });
  },
);

When("{actor} offers a file in the session", async function (this: ScrimWorld, name: string) {
  await this.lab.confer.offerFile(name);
});

Then(
  "{actor} is offered the file of {actor}, if the IM Server takes it",
  async function (this: ScrimWorld, name: string, by: string) {
    await this.lab.confer.offeredFile(name, by);
  },
);

Then("everybody's session is acknowledged", async function (this: ScrimWorld) {
  await this.lab.confer.settled();
});

Then("{actor} is out of the session", async function (this: ScrimWorld, name: string) {
  await this.lab.confer.out(name);
});

When("{actor} rejoins a session that is over", async function (this: ScrimWorld, name: string) {
  await this.lab.confer.rejoinEnded(name);
});

When(
  /^([A-Z][a-z]+) rejoins the session, offering ([^ ,]+\/[^ ,]+(?:, [^ ,]+)*)$/u,
  async function (this: ScrimWorld, name: string, types: string) {
    await this.lab.confer.rejoin(name, { acceptTypes: types.split(", ") });
  },
);

When(
  /^([A-Z][a-z]+) rejoins the session under the name ([A-Z][a-z]+)$/u,
  async function (this: ScrimWorld, name: string, alias: string) {
    await this.lab.confer.rejoin(name, { alias });
  },
);

When(
  "{actor} rejoins the session, altered so:",
  async function (this: ScrimWorld, name: string, table: DataTable) {
    await this.lab.confer.rejoin(name, { alter: table.raw() });
  },
);

When(
  "{actor} adds {actors} to the session, altered so:",
  async function (this: ScrimWorld, name: string, others: string[], table: DataTable) {
    await this.lab.confer.add(name, others, { alter: table.raw() });
  },
);

When(
  "{actor} adds {actors} to the session anonymously",
  async function (this: ScrimWorld, name: string, others: string[]) {
    await this.lab.confer.add(name, others, { anonymous: true });
  },
);

When(
  "{actor} adds {actors} to the session of {actor}",
  async function (this: ScrimWorld, name: string, others: string[], of: string) {
    await this.lab.confer.add(name, others, { of });
  },
);

When(
  "{actor} adds {actor} and more users than may take part",
  async function (this: ScrimWorld, name: string, other: string) {
    await this.lab.confer.addTooMany(name, other);
  },
);

When(
  "{actor} adds {actor} to the session while {actor} adds {actor}",
  async function (this: ScrimWorld, name: string, other: string, name2: string, other2: string) {
    const { confer } = this.lab;
    await confer.atOnce([name, confer.addition([other])], [name2, confer.addition([other2])]);
  },
);

When(
  "{actor} removes {actor} from the session, altered so:",
  async function (this: ScrimWorld, name: string, other: string, table: DataTable) {
    await this.lab.confer.remove(name, other, { alter: table.raw() });
  },
);

When(
  "{actor} removes {actor} from the session of {actor}",
  async function (this: ScrimWorld, name: string, other: string, of: string) {
    await this.lab.confer.remove(name, other, { of });
  },
);

When(
  "{actor} removes {actor} from the session while {actor} leaves it",
  async function (this: ScrimWorld, name: string, other: string, leaving: string) {
    const { confer } = this.lab;
    await confer.atOnce([name, confer.removal(other)], [leaving, { action: "leave-session" }]);
  },
);

When(
  "{actor} adds {actor} to the session while {actor} leaves it",
  async function (this: ScrimWorld, name: string, other: string, leaving: string) {
    const { confer } = this.lab;
    await confer.atOnce([name, confer.addition([other])], [leaving, { action: "leave-session" }]);
  },
);

Then("{actor} is told what came of the REFER", async function (this: ScrimWorld, name: string) {
  await this.lab.confer.toldOfReferral(name);
});

Then("{actor} is not told what came of the REFER", async function (this: ScrimWorld, name: string) {
  await this.lab.confer.notToldOfReferral(name);
});

When(
  "{actor} removes {actor} from the session while {actor} removes {actor}",
  async function (this: ScrimWorld, name: string, other: string, name2: string, other2: string) {
    const { confer } = this.lab;
    await confer.atOnce([name, confer.removal(other)], [name2, confer.removal(other2)]);
  },
);
