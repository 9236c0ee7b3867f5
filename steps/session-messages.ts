/** Messages in sessions beyond the plain one: asked about, altered, broken off, refused, announced by the server. */
import { Given, Then, When } from "@cucumber/cucumber";
import type { DataTable } from "@cucumber/cucumber";
import type { SendInSessionAction } from "../src/spec/actions.ts";
import type { ScrimWorld } from "./world.ts";

type Report = NonNullable<SendInSessionAction["report"]>;

const REPORTS: Readonly<Record<string, Report>> = {
  "a Final Report": ["final"],
  "a success report": ["success"],
  "a Final Report and a success report": ["final", "success"],
};

const ENDS: Readonly<Record<string, NonNullable<SendInSessionAction["ends"]>>> = {
  "gives it up": "abort",
  "is cut off": "drop-connection",
  "sends no more": "hold",
};

When(
  /^([A-Z][a-z]+) sends a message(?: of (\d+) bytes)? in the session(?:, in chunks of (\d+) bytes)?, asking for (a Final Report and a success report|a Final Report|a success report)$/u,
  async function (
    this: ScrimWorld,
    name: string,
    bytes: number | null,
    chunkBytes: number | null,
    report: string,
  ) {
    await this.lab.talk.say(name, {
      ...(typeof bytes === "number" ? { bytes } : {}),
      ...(typeof chunkBytes === "number" ? { chunkBytes } : {}),
      report: REPORTS[report] ?? [],
    });
  },
);

When(
  "{actor} sends a message of {int} bytes in the session, in chunks of {int} bytes",
  async function (this: ScrimWorld, name: string, bytes: number, chunkBytes: number) {
    await this.lab.talk.say(name, { bytes, chunkBytes });
  },
);

When(
  "{actor} sends a private message to {actors} in the session, asking for a Final Report",
  async function (this: ScrimWorld, name: string, privately: string[]) {
    await this.lab.talk.say(name, { privately, report: ["final"] });
  },
);

When(
  /^([A-Z][a-z]+) begins a message of (\d+) bytes in the session(?:, to ([A-Z][a-z]+) alone)?, and after (\d+) bytes (gives it up|is cut off|sends no more)$/u,
  async function (
    this: ScrimWorld,
    name: string,
    bytes: number,
    other: string | null,
    afterBytes: number,
    end: string,
  ) {
    const ends = ENDS[end];
    if (ends === undefined) throw new Error(`a message does not end so: ${end}`);
    await this.lab.talk.say(name, {
      bytes,
      afterBytes,
      ends,
      ...(typeof other === "string" ? { privately: [other] } : {}),
    });
  },
);

/** Rows: fields of the wrapper, and Content-Type and Message-ID of the SEND. */
When(
  "{actor} sends a message in the session, altered so:",
  async function (this: ScrimWorld, name: string, table: DataTable) {
    await this.lab.talk.say(name, { alter: table.raw() });
  },
);

When(
  "{actor} sends a private message to {actors} in the session, altered so:",
  async function (this: ScrimWorld, name: string, privately: string[], table: DataTable) {
    await this.lab.talk.say(name, { privately, alter: table.raw() });
  },
);

Given(
  "{actor} takes messages of at most {int} bytes in sessions",
  async function (this: ScrimWorld, name: string, maxSize: number) {
    await this.lab.cause.act(name, { action: "answer-invitations", answer: "accept", maxSize });
  },
);

Given(
  "{actor} refuses messages in sessions with {int}",
  function (this: ScrimWorld, name: string, status: number) {
    this.lab.talk.misbehave(name, { refusesWith: status });
  },
);

Given("{actor} reads nothing in sessions", function (this: ScrimWorld, name: string) {
  this.lab.talk.misbehave(name, { reading: "never" });
});

Given("{actor} reads slowly in sessions", function (this: ScrimWorld, name: string) {
  this.lab.talk.misbehave(name, { reading: "slow", pauseMs: 20 });
});

Given(
  "the media connection of {actor} breaks after {int} bytes of a message",
  function (this: ScrimWorld, name: string, dropAfterOctets: number) {
    this.lab.talk.misbehave(name, { dropAfterOctets });
  },
);

When(
  /^the IM Server sends (an announcement|an advertisement|a system message)( about external content)? into the session of the group ([A-Z][a-z]+)(?:, to ([A-Z][a-z]+) alone)?$/u,
  async function (
    this: ScrimWorld,
    words: string,
    external: string | null,
    group: string,
    name: string | null,
  ) {
    const kind = words === "a system message" ? "system-message" : words.replace(/^an? /u, "");
    if (kind !== "system-message" && kind !== "announcement" && kind !== "advertisement")
      throw new Error(`the server sends no ${kind}`);
    await this.lab.talk.announce(group, kind, {
      ...(typeof name === "string" ? { to: [name] } : {}),
      external: typeof external === "string",
    });
  },
);

Then("{actor} receives a Final Report", async function (this: ScrimWorld, name: string) {
  await this.lab.talk.reported(name);
});

Then("{actor} is told that the message has arrived", async function (this: ScrimWorld, name: string) {
  await this.lab.talk.succeeded(name);
});

Then("{actor} is told that the message failed", async function (this: ScrimWorld, name: string) {
  await this.lab.talk.failed(name);
});

Then("{actors} receive the beginning of the message", async function (this: ScrimWorld, names: string[]) {
  await this.lab.talk.begun(names);
});

Given(
  "{actor} writes {int} bytes of a message at a time, {int} ms apart",
  function (this: ScrimWorld, name: string, octets: number, pauseMs: number) {
    this.lab.talk.misbehave(name, { writing: { octets, pauseMs } });
  },
);

Given(
  "a running session of a Pre-defined Group of {int} users",
  async function (this: ScrimWorld, count: number) {
    await this.lab.crowd.gather(count);
  },
);

When("they send {int} messages in the session", async function (this: ScrimWorld, messages: number) {
  await this.lab.crowd.talk(messages);
});

When(
  "{actor} sends a private message of {int} bytes to {actors} in the session",
  async function (this: ScrimWorld, name: string, bytes: number, privately: string[]) {
    await this.lab.talk.say(name, { bytes, privately });
  },
);
