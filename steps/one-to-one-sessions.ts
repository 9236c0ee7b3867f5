/** One-to-one sessions that users want otherwise than plainly, and what operators have against them. */
import { Then, When } from "@cucumber/cucumber";
import type { Terms } from "../src/lab/scenario/inviting.ts";
import type { ScrimWorld } from "./world.ts";

const WAYS =
  "hiding the identity|with content alone that the operator refuses|taking messages above the operator's size|taking content of type [^, ]+(?: and [^, ]+)*";

function termsIn({ lab }: ScrimWorld, words: string): Terms {
  if (words === "hiding the identity") return { anonymous: true };
  const [, types] = /^taking content of type (.+)$/u.exec(words) ?? [];
  if (types !== undefined) return { acceptTypes: types.split(" and ") };
  return words.startsWith("taking")
    ? { maxSize: lab.invite.tooLarge }
    : { acceptTypes: [lab.invite.refusedType] };
}

When(
  new RegExp(`^([A-Z][a-z]+) starts a one-to-one session with ([A-Z][a-z]+), (${WAYS})$`, "u"),
  async function (this: ScrimWorld, name: string, other: string, words: string) {
    await this.lab.invite.startOn(name, [other], "one-to-one", termsIn(this, words));
  },
);

When(
  "{actor} offers content alone that the operator refuses in the session",
  async function (this: ScrimWorld, name: string) {
    await this.lab.invite.modify(name, { acceptTypes: [this.lab.invite.refusedType] });
  },
);

Then("{actor} is told that the invitation was given up", async function (this: ScrimWorld, name: string) {
  await this.lab.invite.toldOfCancel(name);
});

Then("nothing more comes to {actor} in the session", async function (this: ScrimWorld, name: string) {
  await this.lab.invite.hearsNothing(name);
});
