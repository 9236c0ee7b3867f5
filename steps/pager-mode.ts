/** Pager-mode messages: sent, delivered, refused, reported. */
import { Then, When } from "@cucumber/cucumber";
import type { DataTable } from "@cucumber/cucumber";
import type { MessageAction } from "../src/spec/actions.ts";
import type { ScrimWorld } from "./world.ts";

/**
 * Whom a message goes to, in the words of the features: `Bob`, `a URI-list with Bob and Ted`, `the group Friends`, `the on-going session`,
 * `the ended session`, `an unallocated group`, `an unallocated conference factory with Bob and Ted`.
 */
const TARGET =
  "(?<list>a URI-list with [^,]+?(?:, [A-Z][a-z]+)*(?: and [A-Z][a-z]+)?|the group [A-Z][a-z]+|the on-going session|the ended session|an unallocated group|an unallocated conference factory with [^,]+?|[A-Z][a-z]+)";

const DISPOSITION = "(?:positive-delivery|negative-delivery|display)";
const ASKING = `(?:, asking for (${DISPOSITION}(?: and ${DISPOSITION})*))?`;
const SENDS = new RegExp(
  `^(?!.* that refers to external content)([A-Z][a-z]+) sends (an anonymous|a) pager-mode message to ${TARGET}${ASKING}$`,
  "u",
);
const REFERS = new RegExp(
  `^([A-Z][a-z]+) sends (an anonymous|a) pager-mode message to ${TARGET} that refers to external content${ASKING}$`,
  "u",
);
const SENDS_ALTERED = new RegExp(
  `^([A-Z][a-z]+) sends (an anonymous|a) pager-mode message to ${TARGET}, altered so:$`,
  "u",
);

function dispositions(report: string): NonNullable<MessageAction["report"]> {
  return report.split(" and ").map((word) => {
    if (word === "positive-delivery" || word === "negative-delivery" || word === "display") return word;
    throw new Error(
      `"${word}" is no disposition notification; there are positive-delivery, negative-delivery and display`,
    );
  });
}

When(
  SENDS,
  async function (this: ScrimWorld, sender: string, kind: string, target: string, report: string | null) {
    await this.lab.cause.sendMessage(sender, target, {
      anonymous: kind === "an anonymous",
      ...(report === null ? {} : { report: dispositions(report) }),
    });
  },
);

When(
  SENDS_ALTERED,
  async function (this: ScrimWorld, sender: string, kind: string, target: string, table: DataTable) {
    await this.lab.cause.sendMessage(
      sender,
      target,
      { anonymous: kind === "an anonymous" },
      { alter: table.raw() },
    );
  },
);

// `{token}` ties the reference to the stimulus: the text of such a message lies elsewhere.
When(
  REFERS,
  async function (this: ScrimWorld, sender: string, kind: string, target: string, report: string | null) {
    await this.lab.cause.sendMessage(sender, target, {
      anonymous: kind === "an anonymous",
      externalContent: "http://content.example/{token}.jpg",
      ...(report === null ? {} : { report: dispositions(report) }),
    });
  },
);

When(
  "{actor} sends a pager-mode message of {int} bytes to {actor}",
  async function (this: ScrimWorld, sender: string, bytes: number, recipient: string) {
    await this.lab.cause.sendMessage(sender, recipient, { bytes });
  },
);

When(
  "{actor} sends a pager-mode message to {actor} that is larger than the operator allows",
  async function (this: ScrimWorld, sender: string, recipient: string) {
    await this.lab.cause.sendMessage(sender, recipient, { bytes: this.lab.cause.largestBody + 1 });
  },
);

Then("{actors} receive(s) the message", async function (this: ScrimWorld, names: string[]) {
  await this.lab.wait.delivered(names);
});

Then("{actors} each receive the message", async function (this: ScrimWorld, names: string[]) {
  await this.lab.wait.delivered(names);
});

Then("{actors} do(es) not receive the message", async function (this: ScrimWorld, names: string[]) {
  await this.lab.wait.notDelivered(names);
});

// The words after the number are for the reader: what is permitted is in the statements that the scenario names.
Then(/^([A-Z][a-z]+) is answered (.+)$/u, async function (this: ScrimWorld, name: string, _answer: string) {
  await this.lab.wait.answered(name);
});

Then(
  "{actor} receives {int} delivery notification(s), and no more",
  async function (this: ScrimWorld, name: string, count: number) {
    await this.lab.wait.notified(name, count);
    await this.lab.wait.notifiedNoMore(name, count);
  },
);

Then(
  "{actor} receives {int} delivery notification(s)",
  async function (this: ScrimWorld, name: string, count: number) {
    await this.lab.wait.notified(name, count);
  },
);

Then("{actor} receives no delivery notification", async function (this: ScrimWorld, name: string) {
  await this.lab.wait.notNotified(name);
});

Then("{actor} sends a delivery notification", async function (this: ScrimWorld, name: string) {
  await this.lab.wait.notifies(name);
});

Then("{actor} sends no delivery notification", async function (this: ScrimWorld, name: string) {
  await this.lab.wait.doesNotNotify(name);
});

Then("{actor} is asked what was shown", async function (this: ScrimWorld, name: string) {
  await this.lab.cause.act(name, { action: "report-inbox" });
});
