/** Participants that read slowly or not at all, come late, or go in mid message: what it means for them, and that it means nothing for others. */
import { describe, expect, it } from "vitest";
import type { IncomingStream } from "../../../endpoint/msrp/incoming.ts";
import { createSharedSource } from "../../../endpoint/msrp/source.ts";
import type { MsrpSending } from "../../../endpoint/msrp/sending.ts";
import { readFinalReport } from "../../../wire/xml/final-report.ts";
import { type Conference, cpim, createConference, type Guest, sendRaw, textOf } from "./test-rig.ts";

const KIB = 1024;
const MIB = KIB * KIB;

/** Never reads again once a message has begun. */
function neverReads({ session }: Guest): void {
  session.onIncoming((incoming) => incoming.pause());
}

/** Reads what lies in buffers once in `everyMs`. */
function readsSlowly({ rig }: Conference, { session }: Guest, everyMs: number): void {
  const { clock } = rig.net;
  let reading = true;
  session.onIncoming((incoming) => {
    incoming.onOctets(() => {
      if (!reading) return;
      reading = false;
      incoming.pause();
      clock.callAt(clock.now() + everyMs, () => {
        reading = true;
        incoming.resume();
      });
    });
  });
}

/** A message of so many octets behind its headers, taken piece by piece; `read` tells how many have been. */
function large(
  guest: Guest,
  octets: number,
  options: { finalReport?: boolean; messageId?: string } = {},
): { sending: MsrpSending; readonly read: number } {
  const head = Buffer.from(cpim("", { from: guest.address, finalReport: options.finalReport ?? false }));
  const piece = Buffer.alloc(64 * KIB, "x");
  let read = 0;
  const sending = sendRaw(
    guest,
    {
      size: head.length + octets,
      read: () => {
        if (read === 0) {
          read = head.length;
          return head;
        }
        const next = piece.subarray(0, head.length + octets - read);
        read += next.length;
        return next.length === 0 ? undefined : next;
      },
    },
    options.messageId === undefined ? {} : { messageId: options.messageId },
  );
  return {
    sending,
    get read() {
      return read;
    },
  };
}

/** Counts octets in place of holding them. */
function counts({ session }: Guest): { octets: number; readonly ends: string[] } {
  const seen = { octets: 0, ends: [] as string[] };
  session.onIncoming((incoming) => {
    incoming.onOctets((bytes) => (seen.octets += bytes.length));
    incoming.onEnd((end) => seen.ends.push(end));
  });
  return seen;
}

describe("a participant that never reads", () => {
  it("delays nobody, and is given up after a while", async () => {
    const conference = await createConference(["ann", "ben", "deaf"], { delay: 1 });
    const { guests, lost, rig, hub } = conference;
    const [ann, ben, deaf] = guests;
    neverReads(deaf!);
    const start = rig.net.clock.now();
    for (let count = 0; count < 500; count += 1) ann!.say("z".repeat(2000));
    await rig.net.run(() => ben!.got.length === 500);
    expect(rig.net.clock.now() - start).toBeLessThan(1000);
    expect(lost).toEqual([]);
    await conference.run();
    expect(lost).toEqual(["deaf unread"]);
    expect(rig.net.clock.now() - start).toBeLessThan(61_000);
    expect(hub.participants.map(({ id }) => id)).toEqual(["ann", "ben"]);
    expect(deaf!.session.state).toBe("closed");
  });

  it("is sent no more than is held for it", async () => {
    const conference = await createConference(["ann", "ben", "deaf"], {
      decisions: { pace: { waitingMessages: 20 } },
    });
    const { guests } = conference;
    const [ann, ben, deaf] = guests;
    neverReads(deaf!);
    const outcomes: number[] = [];
    for (let count = 0; count < 200; count += 1) ann!.say("z".repeat(2000), { finalReport: true });
    await conference.rig.net.run(() => ben!.got.length === 200);
    await conference.run();
    for (const report of ann!.got) {
      const { legs } = readFinalReport(Buffer.from(report));
      outcomes.push(...legs.filter(({ uri }) => uri === deaf!.address).map(({ status }) => status ?? 0));
    }
    expect(outcomes).toHaveLength(200);
    // What was in the piece that it stopped at it has read; what follows lies in the buffers of the connection, or is not sent.
    expect(outcomes.filter((status) => status === 408).length).toBeGreaterThan(100);
    expect(deaf!.inside.outstanding).toBe(0);
  });

  it("has nobody wait for a large message either", async () => {
    const conference = await createConference(["ann", "ben", "deaf"]);
    const { guests, rig } = conference;
    const [ann, ben, deaf] = guests;
    neverReads(deaf!);
    const seen = counts(ben!);
    const start = rig.net.clock.now();
    const message = large(ann!, 30 * MIB);
    await rig.net.run(() => message.sending.outcome !== undefined);
    expect(message.sending.outcome).toEqual({ kind: "sent" });
    expect(seen.octets).toBeGreaterThan(30 * MIB);
    expect(rig.net.clock.now() - start).toBeLessThan(1000);
    expect(deaf!.inside.outstanding).toBe(0);
    ann!.say("next");
    await conference.run();
    expect(conference.lost).toEqual(["deaf unread"]);
  });

  it("has the sender wait when there is nobody else, and no longer than it takes part", async () => {
    const conference = await createConference(["ann", "deaf"]);
    const { guests, rig } = conference;
    neverReads(guests[1]!);
    const message = large(guests[0]!, 50 * MIB);
    await rig.net.run(undefined, rig.net.clock.now() + 20_000);
    expect(message.read).toBeLessThan(4 * MIB);
    await conference.run();
    expect(message.read).toBeGreaterThan(50 * MIB);
  });
});

describe("a participant that reads slowly", () => {
  it("gets every message while little waits for it", async () => {
    const conference = await createConference(["ann", "ben", "slow"]);
    const { guests } = conference;
    readsSlowly(conference, guests[2]!, 50);
    for (let count = 0; count < 300; count += 1) guests[0]!.say(`${count} ${"z".repeat(3000)}`);
    await conference.run();
    expect(guests[2]!.got.map((text) => Number.parseInt(textOf(text), 10))).toEqual(
      Array.from({ length: 300 }, (_, index) => index),
    );
    expect(conference.lost).toEqual([]);
  });

  it("loses a large message that others read faster, stays, and gets the next", async () => {
    const conference = await createConference(["ann", "ben", "slow"]);
    const { guests, rig } = conference;
    const [ann, ben, slow] = guests;
    const [seen, missed] = [counts(ben!), counts(slow!)];
    readsSlowly(conference, slow!, 1000);
    const start = rig.net.clock.now();
    const { sending } = large(ann!, 30 * MIB, { finalReport: true, messageId: "big1" });
    await rig.net.run(() => sending.outcome !== undefined);
    expect(rig.net.clock.now() - start).toBeLessThan(1000);
    ann!.say("next");
    await conference.run();
    expect([seen.ends, missed.ends]).toEqual([
      ["complete", "complete"],
      ["aborted", "complete"],
    ]);
    const report = readFinalReport(Buffer.from(ann!.got[0]!));
    expect(report.legs.map(({ uri, status }) => [uri, status])).toEqual([
      [ben!.address, 200],
      [slow!.address, 408],
    ]);
    expect(conference.lost).toEqual([]);
  });

  it("sets the pace when all are slow", async () => {
    const conference = await createConference(["ann", "slow"]);
    const { guests, rig } = conference;
    const seen = counts(guests[1]!);
    readsSlowly(conference, guests[1]!, 10);
    const message = large(guests[0]!, 20 * MIB);
    let most = 0;
    while (message.sending.outcome === undefined) {
      await rig.net.run(undefined, rig.net.clock.now() + 5);
      most = Math.max(most, message.read - seen.octets);
    }
    await conference.run();
    expect(message.sending.outcome).toEqual({ kind: "sent" });
    expect(seen.ends).toEqual(["complete"]);
    expect(most).toBeLessThan(3 * MIB);
  });

  it("gets one sender's messages in their order, however large they are", async () => {
    const conference = await createConference(["ann", "slow"]);
    const { guests } = conference;
    readsSlowly(conference, guests[1]!, 100);
    guests[0]!.say(`0 ${"z".repeat(600 * KIB)}`);
    await conference.rig.net.run(() => guests[0]!.session.outstanding === 0);
    for (let count = 1; count < 10; count += 1) guests[0]!.say(`${count}`);
    await conference.run();
    expect(guests[1]!.got.map((text) => Number.parseInt(textOf(text), 10))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
  });
});

describe("in mid message", () => {
  async function midway(
    names: readonly string[],
  ): Promise<Conference & { source: ReturnType<typeof createSharedSource>; text: string; ends: string[] }> {
    const conference = await createConference(names, { delay: 2 });
    const [ann] = conference.guests;
    const ends: string[] = [];
    for (const { id, session } of conference.guests)
      session.onIncoming((incoming: IncomingStream) => incoming.onEnd((end) => ends.push(`${id} ${end}`)));
    const text = cpim("y".repeat(9000), { from: ann!.address });
    const source = createSharedSource(text.length);
    sendRaw(ann!, source.reader());
    source.push(Buffer.from(text.slice(0, 5000)));
    await conference.run();
    return { ...conference, source, text, ends };
  }

  it("a sender goes: the others are told that nothing more comes", async () => {
    const { guests, run, ends, lost } = await midway(["ann", "ben", "cat"]);
    guests[0]!.session.destroyConnection();
    await run();
    expect([...ends].sort()).toEqual(["ben aborted", "cat aborted"]);
    expect(lost).toEqual(["ann session"]);
    guests[1]!.say("still here");
    await run();
    expect(guests[2]!.got.map(textOf)).toEqual(["still here"]);
  });

  it("a sender gives its message up", async () => {
    const { guests, run, ends, source } = await midway(["ann", "ben"]);
    source.fail(new Error("changed its mind"));
    await run();
    expect([ends, guests[0]!.got, guests[0]!.reports]).toEqual([["ben aborted"], [], []]);
  });

  it("a recipient goes: the others have the message", async () => {
    const { guests, run, ends, source, text, lost } = await midway(["ann", "ben", "cat"]);
    guests[1]!.session.destroyConnection();
    await run();
    source.push(Buffer.from(text.slice(5000)));
    await run();
    expect(ends).toEqual(["ben lost", "cat complete"]);
    expect([lost, guests[2]!.got]).toEqual([["ben session"], [text]]);
  });

  it("one joins: it gets the messages that begin from then on", async () => {
    const { guests, run, enter, source, text } = await midway(["ann", "ben"]);
    const late = await enter("late");
    source.push(Buffer.from(text.slice(5000)));
    guests[0]!.say("next");
    await run();
    expect([late.got.map(textOf), guests[1]!.got.length]).toEqual([["next"], 2]);
  });

  it("one leaves and comes back with its session: it has the message whole", async () => {
    const { guests, run, hub, source, text } = await midway(["ann", "ben"]);
    const [ben] = hub.participants.filter(({ id }) => id === "ben");
    hub.leave("ben");
    hub.join({ ...ben!, maxSize: 1_000_000 });
    source.push(Buffer.from(text.slice(5000)));
    await run();
    guests[0]!.say("next");
    await run();
    expect(guests[1]!.got.map((got) => got.length)).toEqual([
      text.length,
      cpim("next", { from: guests[0]!.address }).length,
    ]);
  });

  it("the switch is closed: nothing is left", async () => {
    const { guests, run, hub, source, ends } = await midway(["ann", "ben"]);
    hub.close();
    source.end();
    guests[0]!.say("nobody there");
    await run();
    expect([ends, hub.participants, guests[1]!.inside.outstanding]).toEqual([["ben aborted"], [], 0]);
  });
});

it("many small messages at once reach one who keeps no pace with them: their sender waits", async () => {
  const conference = await createConference(["ann", "slow"], {
    decisions: { pace: { crowdMessages: 20, waitingMessages: 300 } },
  });
  const { guests, lost } = conference;
  readsSlowly(conference, guests[1]!, 100);
  for (let count = 0; count < 2000; count += 1) guests[0]!.say(`${count} ${"z".repeat(1000)}`);
  await conference.run();
  expect(guests[1]!.got.map((text) => Number.parseInt(textOf(text), 10))).toEqual(
    Array.from({ length: 2000 }, (_, index) => index),
  );
  expect(lost).toEqual([]);
});
