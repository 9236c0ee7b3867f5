/** What the sender is told: reports of MSRP (7.2.3.3) and the Final Delivery Report (5.7.3, Appendix O). */
import { describe, expect, it } from "vitest";
import type { SendOptions } from "../../../endpoint/msrp/sending.ts";
import { createSharedSource } from "../../../endpoint/msrp/source.ts";
import { msrpHeader } from "../../../wire/msrp/headers.ts";
import { readFinalReport } from "../../../wire/xml/final-report.ts";
import { cpim, createConference, type Guest, sendRaw } from "./test-rig.ts";

const TYPE = "application/vnd.oma.final-report+xml";
const address = (id: string): string => `sip:${id}@home.example`;

const told = (guest: Guest): string[] =>
  guest.reports.map(({ head }) => `${msrpHeader(head, "Message-ID")} ${msrpHeader(head, "Status")}`);

function legsIn(guest: Guest): unknown {
  const [body] = [...guest.reports.map((report) => report.body), ...guest.got].filter((text) =>
    text?.includes("<final"),
  );
  if (body === undefined) return undefined;
  const { messageId, last, legs } = readFinalReport(Buffer.from(body));
  return { messageId, last, legs: legs.map(({ uri, status, maxSize }) => [uri, status, maxSize]) };
}

describe("a recipient's max-size", () => {
  it.each<[string, Partial<SendOptions>, boolean]>([
    ["the size of the message", {}, true],
    ["the size of a message in small chunks", { chunkOctets: 20 }, true],
    ["what comes of a message of unknown size", { hideSize: true, chunkOctets: 20 }, true],
    ["nothing when it is not smaller", {}, false],
  ])("is compared with %s", async (_, options, smaller) => {
    const { guests, run, enter } = await createConference(["ann", "ben"], { delay: 2 });
    const [ann, ben] = guests;
    const text = "x".repeat(200);
    const size = cpim(text, { from: ann!.address }).length;
    const cat = await enter("cat", { maxSize: smaller ? size - 1 : size });
    ann!.say(text, { ...options, messageId: "m1abcd" });
    await run();
    expect(ben!.got).toHaveLength(1);
    expect(cat.got).toHaveLength(smaller ? 0 : 1);
    expect(told(ann!)).toEqual(smaller ? ["m1abcd 000 413"] : []);
  });

  it("leads to no report that the sender did not want", async () => {
    const { guests, run, enter } = await createConference(["ann", "ben"]);
    await enter("cat", { maxSize: 10 });
    const sending = guests[0]!.say("hello", { failureReport: "no" });
    await run();
    expect([sending.outcome, told(guests[0]!), guests[1]!.got.length]).toEqual([{ kind: "sent" }, [], 1]);
  });

  it("holds for the message that is sent after a change", async () => {
    const { guests, run, hub } = await createConference(["ann", "ben"]);
    hub.change("ben", { maxSize: 10 });
    guests[0]!.say("hello");
    await run();
    expect(guests[1]!.got).toEqual([]);
  });
});

describe("without a Final Report", () => {
  it("a success report tells of the switch when there are several recipients", async () => {
    const { guests, run } = await createConference(["ann", "ben", "cat"]);
    const sending = guests[0]!.say("hello", { successReport: true, messageId: "m1abcd" });
    await run();
    expect([sending.outcome, told(guests[0]!)]).toEqual([{ kind: "delivered" }, ["m1abcd 000 200"]]);
    expect(msrpHeader(guests[1]!.heads[0]!, "Success-Report")).toBe("yes");
  });

  it.each([
    ["its report", "whole", 200, { kind: "delivered" }],
    ["its silence", "none", 408, { kind: "failed", status: 408, via: "report" }],
  ] as const)(
    "the report tells of the recipient when there is one: of %s",
    async (_, reports, status, outcome) => {
      const { guests, run, enter } = await createConference(["ann"]);
      await enter("ben", {}, { reports });
      const sending = guests[0]!.say("hello", { successReport: true, messageId: "m1abcd" });
      await run();
      expect(told(guests[0]!)).toEqual([`m1abcd 000 ${status}`]);
      expect(sending.outcome).toEqual(outcome);
    },
  );

  it.each([413, 415])("a recipient's refusal with %d is reported when there is one", async (status) => {
    const { guests, run } = await createConference(["ann", "ben"]);
    guests[1]!.session.onIncoming((incoming) => incoming.refuse(status));
    guests[0]!.say("hello", { messageId: "m1abcd" });
    await run();
    expect(told(guests[0]!)).toEqual([`m1abcd 000 ${status}`]);
  });

  it("what becomes of it at one of several is not reported", async () => {
    const { guests, run } = await createConference(["ann", "ben", "cat"]);
    guests[1]!.session.onIncoming((incoming) => incoming.refuse(413));
    guests[0]!.say("hello");
    await run();
    expect([told(guests[0]!), guests[2]!.got.length]).toEqual([[], 1]);
  });
});

describe("a Final Report", () => {
  it.each<[string, Partial<SendOptions>, "report" | "send"]>([
    ["SEND", {}, "send"],
    ["REPORT where reports were asked for", { successReport: true, failureReport: "yes" }, "report"],
  ])("comes by %s, with everybody's status", async (_, options, way) => {
    const { guests, run, enter } = await createConference(["ann", "ben"], { delay: 2 });
    const [ann, ben] = guests;
    const cat = await enter("cat", { maxSize: 50 });
    const dan = await enter("dan", { alias: { uri: "sip:anonymous@anonymous.invalid" } });
    const eve = await enter("eve");
    eve.session.onIncoming((incoming) => incoming.refuse(413));
    const sending = ann!.say("hello", { ...options, finalReport: true, messageId: "m1abcd" });
    await run();
    expect(legsIn(ann!)).toEqual({
      messageId: "m1abcd",
      last: true,
      legs: [
        [ben!.address, 200, undefined],
        [cat.address, 9999, 50],
        ["sip:anonymous@anonymous.invalid", 200, undefined],
        [eve.address, 413, undefined],
      ],
    });
    const carrier = way === "report" ? ann!.reports[0]!.head : ann!.heads[0]!;
    expect(msrpHeader(carrier, "Content-Type")).toBe(TYPE);
    expect([ann!.reports.length, ann!.got.length]).toEqual(way === "report" ? [1, 0] : [0, 1]);
    expect(sending.outcome).toEqual({ kind: way === "report" ? "delivered" : "sent" });
    for (const { heads, got } of [ben!, dan]) {
      expect(msrpHeader(heads[0]!, "Success-Report")).toBe("yes");
      expect(msrpHeader(heads[0]!, "Failure-Report")).toBe("yes");
      expect(got[0]).toContain("FR.Final-Report: yes\r\n");
    }
  });

  it("does not wait for ever for a report", async () => {
    const { guests, run, enter } = await createConference(["ann", "ben"]);
    await enter("cat", {}, { reports: "none" });
    guests[0]!.say("hello", { finalReport: true, messageId: "m1abcd" });
    await run();
    expect(legsIn(guests[0]!)).toEqual({
      messageId: "m1abcd",
      last: true,
      legs: [
        [address("ben"), 200, undefined],
        [address("cat"), 408, undefined],
      ],
    });
  });

  it("tells of one whose connection breaks in mid message", async () => {
    const { guests, run } = await createConference(["ann", "ben", "cat"]);
    const [ann, ben] = guests;
    const text = cpim("y".repeat(5000), { from: ann!.address, finalReport: true });
    const source = createSharedSource(text.length);
    sendRaw(ann!, source.reader(), { messageId: "m1abcd" });
    source.push(Buffer.from(text.slice(0, 4000)));
    await run();
    ben!.session.destroyConnection();
    await run();
    source.push(Buffer.from(text.slice(4000)));
    await run();
    expect(legsIn(ann!)).toMatchObject({
      legs: [
        [ben!.address, 481, undefined],
        [address("cat"), 200, undefined],
      ],
    });
  });

  it.each([
    [
      "a spelling that the sender takes",
      ["message/cpim", "application/vnd.oma.poc.final-report+xml"],
      "application/vnd.oma.poc.final-report+xml",
    ],
    ["that of 5.7.3 where any is taken", ["*"], TYPE],
    ["that of 5.7.3 where none is taken", ["message/cpim"], TYPE],
  ])("has %s", async (_, acceptTypes, expected) => {
    const { run, enter } = await createConference(["ben"]);
    const ann = await enter("ann", { acceptTypes });
    ann.say("hello", { finalReport: true });
    await run();
    expect(msrpHeader(ann.heads[0]!, "Content-Type")).toBe(expected);
  });

  it("is sent where there is nobody to tell of, and for private messages", async () => {
    const { guests, run, enter } = await createConference(["ann"]);
    guests[0]!.say("hello", { finalReport: true, messageId: "m1abcd" });
    await run();
    expect(legsIn(guests[0]!)).toEqual({ messageId: "m1abcd", last: true, legs: [] });
    const ben = await enter("ben");
    ben.say("hush", { finalReport: true, to: [guests[0]!.address], messageId: "m2abcd" });
    await run();
    expect(legsIn(ben)).toMatchObject({ messageId: "m2abcd", legs: [[guests[0]!.address, 200, undefined]] });
  });

  it("is not asked for by other headers, or by no", async () => {
    const { guests, run } = await createConference(["ann", "ben"]);
    const [ann] = guests;
    const head = `From: <${ann!.address}>\r\nTo: <sip:session-1@im.example>\r\n`;
    for (const lines of [
      "Final-Report: yes\r\n",
      "NS: FR <urn:oma:xml:poc:final-report>\r\nFR.Final-Report: no\r\n",
    ])
      sendRaw(ann!, `${head}${lines}\r\nContent-Type: text/plain\r\n\r\nx`);
    await run();
    expect([guests[1]!.got.length, ann!.got, ann!.reports]).toEqual([2, [], []]);
  });
});
