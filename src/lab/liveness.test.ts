/** Whether the SUT is alive, behind a core that is not Scrim's. */
import { afterEach, expect, it } from "vitest";
import { randomIds } from "../net/real/random-ids.ts";
import { realClock } from "../net/real/real-clock.ts";
import { createRealNetwork } from "../net/real/real-network.ts";
import type { SutFile } from "../spec/sut-file.ts";
import { createRecorder } from "../trace/recorder.ts";
import type { RunEvent } from "../trace/event.ts";
import { freePorts, openPeers, rigOn, smallSutFile } from "./doctor/testdata/small-lab.ts";
import { openRig } from "./rig.ts";
import { openLabCore } from "./testdata/lab-core.ts";

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const surroundings = { network: createRealNetwork(), clock: realClock, ids: randomIds() };

it.each(["server", "client"] as const)("a core that is gone is no fault of the %s", async (kind) => {
  const [ports, others] = [await freePorts(), await freePorts()];
  const small = smallSutFile(ports);
  const address = `sip:127.0.0.1:${others.core}`;
  const sutFile: SutFile = { ...small, core: { ...small.core, kind: "external", address } };
  open.push(await openPeers(sutFile));
  const core = await openLabCore(sutFile, surroundings);
  const events: RunEvent[] = [];
  const recorder = createRecorder({ clock: realClock, sink: { write: (event) => void events.push(event) } });
  const rig = await openRig({ ...rigOn(sutFile), recorder, onClosed: () => undefined });
  open.push(rig);

  expect(await rig.checkAlive(kind)).toBe(true);
  expect(rig.obstacle(kind)).toBeUndefined();
  await core.close();
  expect(await rig.checkAlive(kind)).toBe(false);
  expect(rig.obstacle(kind)).toBe(
    `the SIP/IP Core at 127.0.0.1:${others.core}/udp does not answer OPTIONS within 1200 ms`,
  );
  expect(events).toContainEqual(
    expect.objectContaining({ type: "sut-life", node: "core", state: "unreachable" }),
  );
});
