/** Ad-hoc sessions: asked for otherwise than plainly. */
import { Given, When } from "@cucumber/cucumber";
import type { DataTable } from "@cucumber/cucumber";
import type { GatheringOptions } from "../src/lab/scenario/gathering.ts";
import type { ScrimWorld } from "./world.ts";

const STARTS =
  "^([A-Z][a-z]+) starts an ad-hoc session with ([A-Z][a-z]+(?:, [A-Z][a-z]+)*(?: and [A-Z][a-z]+)?)";

const WAYS = [
  "hiding the identity",
  "hiding the identity, under the name [A-Za-z ]+",
  "under the name [A-Za-z ]+",
  "with content alone that the operator refuses",
  "taking content of type .+",
].join("|");

function how(world: ScrimWorld, words: string): GatheringOptions {
  if (words === "with content alone that the operator refuses")
    return { acceptTypes: [world.lab.gather.refusedType] };
  const [, types] = /^taking content of type (.+)$/u.exec(words) ?? [];
  if (types !== undefined) return { acceptTypes: types.split(" and ") };
  const [, alias] = /under the name (.+)$/u.exec(words) ?? [];
  return {
    anonymous: words.startsWith("hiding the identity"),
    ...(alias === undefined ? {} : { alias }),
  };
}

When(
  new RegExp(`${STARTS}, (${WAYS})$`, "u"),
  async function (this: ScrimWorld, name: string, others: string[], words: string) {
    await this.lab.gather.start(name, others, how(this, words));
  },
);

When(
  new RegExp(`${STARTS}, under the name ([A-Za-z]+), altered so:$`, "u"),
  async function (this: ScrimWorld, name: string, others: string[], alias: string, table: DataTable) {
    await this.lab.gather.start(name, others, { alias, alter: table.raw() });
  },
);

Given(
  /^([A-Z][a-z]+) tells the name ([A-Za-z]+) when invited$/u,
  function (this: ScrimWorld, name: string, alias: string) {
    this.lab.gather.namesItself(name, alias);
  },
);

When(
  "{actor} starts an ad-hoc session with more users than the IM Server allows",
  async function (this: ScrimWorld, name: string) {
    await this.lab.gather.startTooLarge(name);
  },
);

When(
  "{actor} asks an unallocated conference factory for a session with {actors}",
  async function (this: ScrimWorld, name: string, others: string[]) {
    await this.lab.gather.startUnallocated(name, others);
  },
);
