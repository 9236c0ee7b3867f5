import { expect, it } from "vitest";
import { decodeBytes, isCut, lengthOf } from "../../trace/bytes.ts";
import { parseMsrp } from "../../wire/msrp/frame.ts";
import { serializeMsrp } from "../../wire/msrp/serialize.ts";
import { msrpCrossed } from "./crossed.ts";
import { createRig, pair } from "./test-rig.ts";

it("what crosses is recorded as bytes, whole or cut, with its annotation", async () => {
  const rig = createRig();
  const annotation = { stimulus: "stimulus-1", serverFunction: "controlling" as const };
  const [alice, bob] = pair(await rig.endpoint("a"), await rig.endpoint("b"), { b: { annotation } });
  bob.onMessage(() => undefined);
  const small = alice.send("small", { contentType: "text/plain", annotation: { stimulus: "stimulus-2" } });
  await rig.net.run(() => small.outcome !== undefined);
  alice.send(Buffer.alloc(200_000, "x"), { contentType: "text/plain" });
  await rig.net.run();
  const place = { nodeKind: "tester" as const, peer: "peer", peerIsSut: false, scenario: "s-1" };
  const events = rig.crossings.map((crossing) => ({ crossing, event: msrpCrossed(crossing, place) }));
  expect(events.every(({ event }) => event.protocol === "msrp" && event.scenario === "s-1")).toBe(true);
  const whole = events
    .filter(({ event }) => !isCut(event.bytes))
    .map(({ event }) => decodeBytes(event.bytes));
  for (const bytes of whole) expect(Buffer.from(serializeMsrp(parseMsrp(bytes))).equals(bytes)).toBe(true);
  const cut = events.filter(({ event }) => isCut(event.bytes));
  expect(
    cut.map(({ crossing, event }) => [crossing.frame?.bodyBytes, lengthOf(event.bytes) > 200_000]),
  ).toEqual([
    [200_000, true],
    [200_000, true],
  ]);
  const stimuli = events.map(({ event }) => `${event.node} ${event.direction} ${event.stimulus ?? "-"}`);
  expect(new Set(stimuli)).toEqual(
    new Set([
      "a out -",
      "a in -",
      "a out stimulus-2",
      "a in stimulus-2",
      "b in stimulus-1",
      "b out stimulus-1",
    ]),
  );
});
