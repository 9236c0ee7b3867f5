/** What is arranged outside SIP: groups, access policies, sessions, and the configuration of the server. */
import { Given, When } from "@cucumber/cucumber";
import type { DataTable } from "@cucumber/cucumber";
import type { AccessRule } from "../src/lab/documents.ts";
import type { RuleRow } from "../src/lab/group-rules.ts";
import type { ScrimWorld } from "./world.ts";

// The members stand in the very expression of the parameter type `actors`, so that they come as a list.
Given(
  /^a Pre-defined Group ([A-Z][a-z]+) of ([A-Z][a-z]+(?:, [A-Z][a-z]+)*(?: and [A-Z][a-z]+)?)(, which does not allow anonymity|, which is not enabled for IM)?$/u,
  async function (this: ScrimWorld, group: string, members: string[], but: string | null) {
    await this.lab.arrange.group(group, members, {
      allowAnonymity: but !== ", which does not allow anonymity",
      supportsIm: but !== ", which is not enabled for IM",
    });
  },
);

/** `| rule | value | for |`; without `for`, or with an empty cell, for all members; `others`: for who is no member. */
Given(
  /^a Pre-defined Group ([A-Z][a-z]+) of ([A-Z][a-z]+(?:, [A-Z][a-z]+)*(?: and [A-Z][a-z]+)?), with the rules:$/u,
  async function (this: ScrimWorld, group: string, members: string[], table: DataTable) {
    await this.lab.arrange.group(group, members, {}, rowsOf(table));
  },
);

When(
  /^the group ([A-Z][a-z]+) becomes one of ([A-Z][a-z]+(?:, [A-Z][a-z]+)*(?: and [A-Z][a-z]+)?)$/u,
  async function (this: ScrimWorld, group: string, members: string[]) {
    await this.lab.arrange.changeGroup(group, members);
  },
);

When(
  /^the group ([A-Z][a-z]+) becomes one of ([A-Z][a-z]+(?:, [A-Z][a-z]+)*(?: and [A-Z][a-z]+)?), with the rules:$/u,
  async function (this: ScrimWorld, group: string, members: string[], table: DataTable) {
    await this.lab.arrange.changeGroup(group, members, rowsOf(table));
  },
);

When("the group {actor} is deleted", async function (this: ScrimWorld, group: string) {
  await this.lab.arrange.deleteGroup(group);
});

Given("{actor} is {int} years old", function (this: ScrimWorld, name: string, years: number) {
  this.lab.arrange.age(name, years);
});

function rowsOf(table: DataTable): readonly RuleRow[] {
  return table.hashes().map((row) => ({
    rule: row["rule"] ?? "",
    value: row["value"] ?? "",
    ...(row["for"] === undefined ? {} : { for: row["for"] }),
  }));
}

Given("an on-going session of {actors}", async function (this: ScrimWorld, participants: string[]) {
  await this.lab.arrange.ongoingSession(participants);
});

/** `| service | media | sender | action |`; an empty cell is: any. */
Given(
  "the access policy of {actor} has the rules:",
  async function (this: ScrimWorld, owner: string, table: DataTable) {
    const rules = table.hashes().map((row) => ruleFrom(row, (name) => this.lab.actor(name).user.impu));
    await this.lab.arrange.accessRules(owner, rules);
  },
);

Given(
  "the access policy of {actor} rejects pager-mode messages from {actor}",
  async function (this: ScrimWorld, owner: string, sender: string) {
    const rule: AccessRule = {
      services: ["+g.oma.sip-im"],
      media: ["pager-mode-message"],
      senders: [this.lab.actor(sender).user.impu],
      action: "reject",
    };
    await this.lab.arrange.accessRules(owner, [rule]);
  },
);

function ruleFrom(row: Readonly<Record<string, string>>, addressOf: (name: string) => string): AccessRule {
  const cell = (name: string): readonly string[] =>
    row[name] === undefined || row[name] === "" ? [] : [row[name]];
  const action = row["action"];
  if (action !== "reject" && action !== "accept")
    throw new Error(`action is ${action ?? "missing"}; it is "reject" or "accept"`);
  return { services: cell("service"), media: cell("media"), senders: cell("sender").map(addressOf), action };
}

Given(
  /^an IM Server that performs the (Participating|Controlling) IM Function$/u,
  function (this: ScrimWorld, name: string) {
    this.lab.arrange.requireFunction(name === "Participating" ? "participating" : "controlling");
  },
);
