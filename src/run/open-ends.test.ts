import { afterEach, describe, expect, it } from "vitest";
import { freePorts, openPeers, rigOn, smallSutFile, type Opened } from "../lab/doctor/testdata/small-lab.ts";
import { recover } from "../lab/recovery.ts";
import { openLabCore } from "../lab/testdata/lab-core.ts";
import { openRig } from "../lab/rig.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { RunEvent } from "../trace/event.ts";
import { createRecorder } from "../trace/recorder.ts";
import { randomIds } from "../net/real/random-ids.ts";
import { createRealNetwork } from "../net/real/real-network.ts";
import { realClock } from "../net/real/real-clock.ts";
import { nothingIsOpen, openEndsIn } from "./open-ends.ts";

let open: Opened[] = [];

afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

/** Two users and the client under test register, and then the run is gone. */
async function breakOff(sutFile: SutFile): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  const recorder = createRecorder({ clock: realClock, sink: { write: (event) => void events.push(event) } });
  const rig = await openRig({ ...rigOn(sutFile), recorder, onClosed: () => undefined });
  const description = {
    name: "",
    feature: "",
    location: "",
    tags: [],
    purpose: [],
    configurationSet: "default",
  };
  const server = await rig.openScenario({ ...description, sut: "server" }, 1);
  await server?.arrange.register("Alice");
  await server?.arrange.register("Bob");
  const client = await rig.openScenario({ ...description, sut: "client" }, 1);
  await client?.arrange.leaseClientUnderTest("Klara");
  await client?.cause.act("Klara", { action: "register" });
  await client?.wait.settled("Klara", "REGISTER");
  await rig.close();
  return events;
}

describe("what a killed run left open", () => {
  it("is found in the record, and ended at the SUT", async () => {
    const sutFile = smallSutFile(await freePorts());
    open.push(await openPeers(sutFile));
    const before = await breakOff(sutFile);
    const ends = openEndsIn(before, sutFile);
    expect(ends).toMatchObject({
      registrations: ["sip:alice@home.example", "sip:bob@home.example"],
      publications: [{ user: "sip:alice@home.example" }, { user: "sip:bob@home.example" }],
      client: true,
    });
    const after: RunEvent[] = [];
    const said: string[] = [];
    await recover(ends, { ...rigOn(sutFile), sink: { write: (event) => void after.push(event) } }, (ended) =>
      said.push(`${ended.ok ? "" : "NOT "}${ended.says}`),
    );
    expect(said).toEqual([
      "sip:alice@home.example is deregistered, its settings withdrawn",
      "sip:bob@home.example is deregistered, its settings withdrawn",
      "the server is reset",
      "the server is brought into the configuration set default",
      "the client is deregistered (sip:klara@home.example)",
      "the client is reset",
    ]);
    expect(nothingIsOpen(openEndsIn(after, sutFile))).toBe(true);
    const given = after.flatMap((event) =>
      event.type === "crossed" && event.direction === "out" && "text" in event.bytes
        ? [event.bytes.text]
        : [],
    );
    const ended = given.filter(
      (text) => text.startsWith("REGISTER sip:127") && /^Expires: 0\r$/mu.test(text),
    );
    expect(ended).toHaveLength(2);
    expect(JSON.stringify(after)).toMatch(/SIP-If-Match/u);
  });

  it("is ended at a core of the lab too", async () => {
    const [ports, others] = [await freePorts(), await freePorts()];
    const small = smallSutFile(ports);
    const address = `sip:127.0.0.1:${others.core}`;
    const sutFile: SutFile = { ...small, core: { ...small.core, kind: "external", address } };
    const core = await openLabCore(sutFile, {
      network: createRealNetwork(),
      clock: realClock,
      ids: randomIds(),
    });
    open.push(core, await openPeers(sutFile));
    const ends = openEndsIn(await breakOff(sutFile), sutFile);
    expect(ends).toMatchObject({
      registrations: ["sip:alice@home.example", "sip:bob@home.example"],
      client: true,
    });
    const users = ["alice", "bob", "klara"].map((user) => `sip:${user}@home.example`);
    expect(users.map((user) => core.isRegistered(user))).toEqual([true, true, true]);
    const ended: boolean[] = [];
    await recover(ends, rigOn(sutFile), ({ ok }) => ended.push(ok));
    expect(ended.every(Boolean)).toBe(true);
    expect(users.map((user) => core.isRegistered(user))).toEqual([false, false, false]);
  });

  it("cannot be ended where nobody is", async () => {
    const sutFile = smallSutFile(await freePorts());
    const ends = { registrations: ["sip:alice@home.example"], publications: [], client: true };
    const ended: boolean[] = [];
    await recover(ends, rigOn(sutFile), ({ ok }) => ended.push(ok));
    expect(ended).toEqual([false, false]);
  });
});
