/** IM Service Settings: published, changed, barred. */
import { Given, Then, When } from "@cucumber/cucumber";
import type { DataTable } from "@cucumber/cucumber";
import type { Settings } from "../src/spec/actions.ts";
import type { ScrimWorld } from "./world.ts";

const NEUTRAL: Settings = {
  barSessions: false,
  barMessages: false,
  invisible: false,
  offlineDelivery: false,
  recordSessions: false,
  recordMessages: false,
};

/** The words of clause 5.2.4, in tables. */
const SETTINGS: Readonly<Record<string, keyof Settings>> = {
  "incoming session barring": "barSessions",
  "incoming message barring": "barMessages",
  invisibility: "invisible",
  "offline delivery": "offlineDelivery",
  "storing of sessions": "recordSessions",
  "storing of messages": "recordMessages",
};

/** `| incoming message barring | on |` */
export function settingsFrom(table: DataTable): Settings {
  const chosen: Partial<Record<keyof Settings, boolean>> = {};
  for (const [words = "", value = ""] of table.raw()) {
    const setting = SETTINGS[words];
    if (setting === undefined)
      throw new Error(
        `"${words}" is not an IM Service Setting; one of ${Object.keys(SETTINGS).join(", ")} is`,
      );
    chosen[setting] = value === "on";
  }
  return { ...NEUTRAL, ...chosen };
}

Given("{actor} has barred incoming pager-mode messages", async function (this: ScrimWorld, name: string) {
  await this.lab.cause.act(name, { action: "publish-settings", settings: { ...NEUTRAL, barMessages: true } });
  await this.lab.wait.mustSettle(name, "PUBLISH");
});

Given("{actor} has published settings:", async function (this: ScrimWorld, name: string, table: DataTable) {
  await this.lab.cause.act(name, { action: "publish-settings", settings: settingsFrom(table) });
  await this.lab.wait.settled(name, "PUBLISH");
});

When("{actor} publishes settings:", async function (this: ScrimWorld, name: string, table: DataTable) {
  await this.lab.cause.act(name, { action: "publish-settings", settings: settingsFrom(table) });
  await this.lab.wait.settled(name, "PUBLISH");
});

When("{actor} publishes settings", async function (this: ScrimWorld, name: string) {
  await this.lab.cause.act(name, { action: "publish-settings", settings: NEUTRAL });
  await this.lab.wait.settled(name, "PUBLISH");
});

// A tester must misbehave too: what is altered stands in the table, header by header; `Body` is the body.
When(
  "{actor} publishes settings altered so:",
  async function (this: ScrimWorld, name: string, table: DataTable) {
    await this.lab.cause.act(name, { action: "publish-settings", settings: NEUTRAL }, { alter: table.raw() });
    await this.lab.wait.settled(name, "PUBLISH");
  },
);

// RFC 3903 4.1: a refresh has no body.
When("{actor} refreshes the published settings", async function (this: ScrimWorld, name: string) {
  const alter = [
    ["Body", ""],
    ["Content-Type", ""],
  ];
  await this.lab.cause.act(name, { action: "publish-settings", settings: NEUTRAL }, { alter });
  await this.lab.wait.settled(name, "PUBLISH");
});

// The core would keep it from the server: its filter criteria want poc-settings.
When(
  "{actor} publishes for the event {word}, and the IM Server is given it:",
  async function (this: ScrimWorld, name: string, event: string, table: DataTable) {
    await this.lab.cause.publishForEvent(name, event, settingsFrom(table));
    await this.lab.wait.settled(name, "PUBLISH");
  },
);

// The words are for the reader: what is permitted is in the statements that the scenario names.
Then(
  /^the publication of ([A-Z][a-z]+) is answered (.+)$/u,
  async function (this: ScrimWorld, name: string, _answer: string) {
    await this.lab.wait.settled(name, "PUBLISH");
  },
);
