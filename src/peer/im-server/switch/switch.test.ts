/** Who gets what a participant sends (clauses 7.2.3.1, 7.2.3.3). */
import { describe, expect, it } from "vitest";
import { createSharedSource } from "../../../endpoint/msrp/source.ts";
import { msrpHeader } from "../../../wire/msrp/headers.ts";
import { cpim, createConference, GROUP, sendRaw, SESSION, textOf } from "./test-rig.ts";

describe("distribution", () => {
  it.each([[SESSION], [GROUP], [`${SESSION};transport=tcp`]])(
    "to %s goes to all but the sender, unaltered",
    async (to) => {
      const { guests, run } = await createConference(["ann", "ben", "cat"], { delay: 2 });
      const [ann, ben, cat] = guests;
      const sending = ann!.say("hello", {
        to: [to],
        messageId: "m1abcd",
        headers: [["Content-Disposition", "attachment"]],
      });
      await run();
      const sent = cpim("hello", { from: ann!.address, to: [to] });
      expect([ann!.got, ben!.got, cat!.got]).toEqual([[], [sent], [sent]]);
      expect(ben!.messageIds).toEqual(["m1abcd"]);
      expect(msrpHeader(ben!.heads[0]!, "Content-Disposition")).toBe("attachment");
      expect(msrpHeader(ben!.heads[0]!, "Content-Type")).toBe("message/cpim");
      expect(sending.outcome).toEqual({ kind: "sent" });
    },
  );

  it("begins before the message is complete", async () => {
    const { guests, run } = await createConference(["ann", "ben", "cat"]);
    const [ann, ben] = guests;
    const text = cpim("0123456789", { from: ann!.address });
    const seen: number[] = [];
    ben!.session.onIncoming((incoming) => incoming.onOctets(() => seen.push(incoming.received)));
    const source = createSharedSource(text.length);
    sendRaw(ann!, source.reader());
    const cut = text.indexOf("\r\n\r\n") - 3;
    source.push(Buffer.from(text.slice(0, cut)));
    await run();
    expect(seen).toEqual([]);
    source.push(Buffer.from(text.slice(cut, -2)));
    await run();
    expect(seen.at(-1)).toBe(text.length - 2);
    source.push(Buffer.from(text.slice(-2)));
    await run();
    expect(ben!.got).toEqual([text]);
  });

  it.each([
    ["another's From", { from: "sip:ben@home.example" }, "message/cpim", 403],
    ["no From", { from: undefined }, "message/cpim", 403],
    ["another type", {}, "text/plain", 415],
  ])("refuses %s", async (_, talk, contentType, status) => {
    const { guests, run } = await createConference(["ann", "ben"]);
    const [ann, ben] = guests;
    const sending = sendRaw(ann!, cpim("x", { from: ann!.address, ...talk }), { contentType });
    await run();
    expect(sending.outcome).toMatchObject({ kind: "failed", status });
    expect(ben!.got).toEqual([]);
  });

  it("refuses what has no headers, and who may not send", async () => {
    const { guests, run, enter } = await createConference(["ann", "ben"]);
    const mute = await enter("mute", { maySend: false });
    const sendings = [
      sendRaw(guests[0]!, "From: <sip:ann@home.example>"),
      mute.say("x"),
      sendRaw(guests[0]!, "::::\r\n\r\n"),
    ];
    await run();
    expect(sendings.map(({ outcome }) => outcome)).toMatchObject([
      { status: 403 },
      { status: 403 },
      { status: 403 },
    ]);
    expect(guests[1]!.got).toEqual([]);
  });

  it("knows an anonymous participant by its alias alone", async () => {
    const { guests, run, enter } = await createConference(["ann"]);
    const alias = { displayName: "bob-2", uri: "sip:anonymous-2@anonymous.invalid" };
    const bob = await enter("bob", { alias });
    const [hidden, shown] = [bob.say("1"), bob.say("2", { from: bob.address })];
    await run();
    expect([hidden.outcome, shown.outcome]).toMatchObject([{ kind: "sent" }, { status: 403 }]);
    expect(guests[0]!.got.map(textOf)).toEqual(["1"]);
  });
});

it("50 participants and 100 messages: everybody has every message once, in each sender's order", async () => {
  const names = Array.from({ length: 50 }, (_, index) => `p${index}`);
  const { guests, run, hub } = await createConference(names, { delay: 5 });
  const sendings = Array.from({ length: 100 }, (_, index) =>
    guests[(index * 7) % 50]!.say(`${(index * 7) % 50} ${index}`),
  );
  await run();
  expect(sendings.every(({ outcome }) => outcome?.kind === "sent")).toBe(true);
  for (const [own, guest] of guests.entries()) {
    const got = guest.got.map(textOf).map((text) => text.split(" ").map(Number));
    expect(new Set(got.map(([, index]) => index)).size).toBe(got.length);
    expect(got).toHaveLength(98);
    for (let sender = 0; sender < 50; sender += 1) {
      const order = got.filter(([from]) => from === sender).map(([, index]) => index!);
      expect(order).toEqual([...order].sort((a, b) => a - b));
      expect(order).toHaveLength(sender === own ? 0 : 2);
    }
  }
  hub.close();
});

it.each([1, 2])(
  "connections that break, and delays of all kinds (seed %d): who stays has each message of who stays once, in order, unaltered",
  async (seed) => {
    const names = Array.from({ length: 30 }, (_, index) => `p${index}`);
    const { guests, rig, run, lost } = await createConference(names, {
      seed,
      delay: [1, 60],
      segmentBytes: 700,
    });
    const gone = new Set(guests.filter((_, index) => index % 7 === 3).map(({ id }) => id));
    const said = Array.from({ length: 100 }, (_, index) => {
      const sender = guests[(index * 7) % 30]!;
      return { sender, index, text: `${sender.id} ${index} ${"y".repeat((index * 397) % 5000)}` };
    });
    const start = rig.net.clock.now();
    for (const { sender, index, text } of said)
      rig.net.clock.callAt(start + index * 3, () => void sender.say(text));
    for (const [index, { id, session }] of guests.entries())
      if (gone.has(id)) rig.net.clock.callAt(start + 40 + index * 5, () => session.destroyConnection());
    await run();
    expect(new Set(lost)).toEqual(new Set([...gone].map((id) => `${id} session`)));
    const stays = ({ id }: { readonly id: string }): boolean => !gone.has(id);
    for (const guest of guests.filter(stays)) {
      for (const sender of guests) {
        const sent = said.filter((one) => one.sender === sender && sender !== guest).map(({ text }) => text);
        const got = guest.got.map(textOf).filter((text) => text.startsWith(`${sender.id} `));
        // Of one who is gone there may be less, and nothing twice or out of its order.
        expect(got).toEqual(stays(sender) ? sent : sent.slice(0, got.length));
      }
    }
  },
);
