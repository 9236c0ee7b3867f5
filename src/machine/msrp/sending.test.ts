import { array, assert, constantFrom, integer, property, record, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";
import { msrpField } from "../../wire/msrp/build.ts";
import { readMsrpStream } from "../../wire/msrp/frame.ts";
import type { MsrpFrame } from "../../wire/msrp/message.ts";
import { byteRangeOf, messageIdOf } from "../../wire/msrp/headers.ts";
import { serializeMsrp, serializeMsrpHead, msrpEndLine } from "../../wire/msrp/serialize.ts";
import { msrpViolations } from "../../wire/msrp/validate.ts";
import { createCollisionScan } from "./collision.ts";
import { createInterleaving, type Interleaving, type LaneParts } from "./interleaving.ts";
import { createOctetRanges } from "./octet-ranges.ts";
import { createOutgoingMessage, type OutgoingEvent } from "./outgoing-message.ts";
import { createMsrpTransactions } from "./transactions.ts";

/** Identifiers that count up. */
function counting(): (length: number) => string {
  let count = 0;
  return (length) => `t${String((count += 1)).padStart(length - 1, "0")}`;
}

const PARTS: LaneParts = {
  messageId: "message1",
  toPath: "msrp://b.example:2855/bbbb;tcp",
  fromPath: "msrp://a.example:2855/aaaa;tcp",
  contentType: "text/plain",
  total: "*",
};

/** Writes until there is nothing to write. */
function drain(writing: Interleaving): Uint8Array {
  const out: Uint8Array[] = [];
  for (let step = writing.next(); step !== undefined; step = writing.next()) {
    if (step.kind === "frame") out.push(serializeMsrp(step.frame));
    if (step.kind === "open") out.push(serializeMsrpHead(step.head, "body"));
    if (step.kind === "body") out.push(step.bytes);
    if (step.kind === "close") out.push(msrpEndLine(step.head.transactionId, step.flag, "body"));
  }
  return Buffer.concat(out);
}

function framesIn(bytes: Uint8Array): MsrpFrame[] {
  return readMsrpStream(bytes).map((outcome) => {
    if ("error" in outcome) throw outcome.error;
    return outcome.frame;
  });
}

const lineOf = ({ head, bodyBytes, flag }: MsrpFrame): string => {
  const range = byteRangeOf(head);
  return `${messageIdOf(head) ?? head.kind} ${range?.start}-${range?.end}/${range?.total} ${bodyBytes}${flag}`;
};

describe("chunks", () => {
  it.each([
    ["a small message at hand has a range-end", 5, 5, undefined, ["message1 1-5/5 5$"]],
    ["so has one of 2048 octets", 2048, 2048, undefined, ["message1 1-2048/2048 2048$"]],
    ["a larger one can be interrupted", 2049, 2049, undefined, ["message1 1-*/2049 2049$"]],
    ["an empty body is one chunk", 0, 0, undefined, ["message1 1-0/0 0$"]],
    ["what is at hand at its end has its total known", 5, "*", undefined, ["message1 1-5/5 5$"]],
    [
      "chunks of a size that was asked for",
      5000,
      5000,
      2048,
      ["message1 1-2048/5000 2048+", "message1 2049-4096/5000 2048+", "message1 4097-5000/5000 904$"],
    ],
    ["large chunks have none", 9000, 9000, 5000, ["message1 1-*/9000 5000+", "message1 5001-*/9000 4000$"]],
    [
      "a last chunk that is full is the last",
      4096,
      4096,
      2048,
      ["message1 1-2048/4096 2048+", "message1 2049-4096/4096 2048$"],
    ],
  ] as const)("%s", (_what, octets, total, chunkOctets, expected) => {
    const writing = createInterleaving(counting());
    const lane = writing.add({ ...PARTS, total, ...(chunkOctets === undefined ? {} : { chunkOctets }) });
    lane.offer(Buffer.alloc(octets, "x"));
    lane.end();
    const frames = framesIn(drain(writing));
    expect(frames.map(lineOf)).toEqual(expected);
    expect(frames.flatMap((frame) => msrpViolations(frame))).toEqual([]);
    expect(lane.finished).toBe(true);
  });

  it("take turns; small frames go before them", () => {
    const writing = createInterleaving(counting(), { turnOctets: 3000 });
    const lanes = ["one1", "two2"].map((messageId) => writing.add({ ...PARTS, messageId }));
    for (const lane of lanes) for (let piece = 0; piece < 4; piece += 1) lane.offer(Buffer.alloc(1500, "x"));
    for (const lane of lanes) lane.end();
    expect(framesIn(drain(writing)).map(lineOf)).toEqual([
      "one1 1-*/6000 3000+",
      "two2 1-*/6000 3000+",
      "one1 3001-*/6000 3000$",
      "two2 3001-*/6000 3000$",
    ]);
  });

  it("keep to their turns when large pieces are offered, and to 2048 octets when a response waits", () => {
    const writing = createInterleaving(counting(), { turnOctets: 4000 });
    const lanes = ["one1", "two2"].map((messageId) => writing.add({ ...PARTS, messageId }));
    for (const lane of lanes) lane.offer(Buffer.alloc(7000, "x"));
    const begun = [writing.next(), writing.next()];
    expect(begun.map((step) => step?.kind)).toEqual(["open", "body"]);
    const headers = [msrpField("To-Path", PARTS.toPath), msrpField("From-Path", PARTS.fromPath)];
    const head = { kind: "response", transactionId: "resp1234", status: 200, headers } as const;
    for (const lane of lanes) lane.end();
    const written: string[] = [];
    for (let step = writing.next(); step !== undefined; step = writing.next()) {
      if (step.kind === "open" && written.length === 2)
        writing.post({ head, content: "none", bodyBytes: 0, flag: "$" });
      if (step.kind === "close") written.push(`${step.lane.parts.messageId} ${step.octets}${step.flag}`);
      if (step.kind === "frame") written.push("response");
    }
    expect(written).toEqual([
      "one1 4000+",
      "two2 4000+",
      "one1 2048+",
      "response",
      "two2 3000$",
      "one1 952$",
    ]);
  });

  it("end before their end-line would stand in the body", () => {
    const writing = createInterleaving(counting());
    const lane = writing.add(PARTS);
    lane.offer(Buffer.from("harmless "));
    const first = Buffer.from(drain(writing));
    const [, transactionId = ""] = /^MSRP (\S+)/.exec(first.toString()) ?? [];
    const body = `and now -------${transactionId}$\r\n and more`;
    for (const piece of [body.slice(0, 12), body.slice(12)]) lane.offer(Buffer.from(piece));
    lane.end();
    const frames = framesIn(Buffer.concat([first, drain(writing)]));
    expect(frames.map(({ flag }) => flag)).toEqual(["+", "$"]);
    expect(Buffer.concat(frames.map((frame) => frame.body!)).toString()).toBe(`harmless ${body}`);
  });

  it("carry every octet once and in order, whatever is offered when", () => {
    const orders = array(
      record({
        lane: integer({ min: 0, max: 2 }),
        bytes: uint8Array({ maxLength: 5000 }),
        act: constantFrom("offer", "interrupt", "frame", "drain"),
      }),
      { maxLength: 30 },
    );
    assert(
      property(orders, constantFrom(1, 100, 2048, 3000, undefined), (all, chunkOctets) => {
        const writing = createInterleaving(counting(), { turnOctets: 2048 });
        const lanes = ["m0", "m1", "m2"].map((id) =>
          writing.add({
            ...PARTS,
            messageId: `${id}xx`,
            ...(chunkOctets === undefined ? {} : { chunkOctets }),
          }),
        );
        const sent = lanes.map((): Uint8Array[] => []);
        const out: Uint8Array[] = [];
        for (const { lane, bytes, act } of all) {
          if (act === "interrupt") lanes[lane]?.interrupt();
          if (act === "drain") out.push(drain(writing));
          if (act !== "offer") continue;
          lanes[lane]?.offer(bytes);
          sent[lane]?.push(bytes);
        }
        for (const lane of lanes) lane.end();
        const frames = framesIn(Buffer.concat([...out, drain(writing)]));
        for (const [index, pieces] of sent.entries()) {
          const own = frames.filter(({ head }) => messageIdOf(head) === `m${index}xx`);
          expect(Buffer.concat(own.map((frame) => frame.body!)).equals(Buffer.concat(pieces))).toBe(true);
          expect(own.map(({ flag }) => flag).join("")).toMatch(/^\+*\$$/);
          let next = 1;
          for (const frame of own) {
            expect(byteRangeOf(frame.head)?.start).toBe(next);
            next += frame.bodyBytes;
          }
        }
        expect(frames.flatMap((frame) => msrpViolations(frame))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe("collisions", () => {
  it("are found wherever pieces are cut", () => {
    const text = "ab-------tidX---------tid7-------tid";
    const at = text.indexOf("-------tid7");
    for (let cut = 0; cut <= text.length; cut += 1) {
      const scan = createCollisionScan("tid7");
      const pieces = [text.slice(0, cut), text.slice(cut)].map((piece) => Buffer.from(piece));
      let written = 0;
      for (const piece of pieces) {
        const safe = scan.push(piece);
        written += safe;
        if (safe < piece.length) break;
      }
      expect(written).toBeGreaterThanOrEqual(at);
      expect(written).toBeLessThan(at + "-------tid7".length);
    }
  });
});

describe("what becomes of a message", () => {
  const opened: OutgoingEvent = { type: "opened" };
  const closed = (octets: number, last: boolean): OutgoingEvent => ({ type: "closed", octets, last });
  const response = (status: number): OutgoingEvent => ({ type: "response", status });
  const report = (code: number, start: number, end: number): OutgoingEvent => ({
    type: "report",
    status: { namespace: "000", code },
    range: { start, end },
  });
  it.each([
    [
      "yes: answered in the end",
      {},
      [opened, closed(4, false), opened, response(200), closed(4, true), response(200)],
      { kind: "sent" },
    ],
    ["yes: not answered yet", {}, [opened, closed(4, true)], undefined],
    ["no: written is sent", { failureReport: "no" }, [opened, closed(4, true)], { kind: "sent" }],
    ["partial: written is sent", { failureReport: "partial" }, [opened, closed(4, true)], { kind: "sent" }],
    [
      "partial: a failure in mid message",
      { failureReport: "partial" },
      [opened, closed(4, false), opened, response(413)],
      { kind: "failed", status: 413, via: "response" },
    ],
    [
      "a timeout is a 408",
      {},
      [opened, closed(4, true), { type: "timeout" }],
      { kind: "failed", status: 408, via: "timeout" },
    ],
    [
      "success reports piece by piece",
      { successReport: true },
      [opened, closed(8, true), report(200, 5, 8), response(200), report(200, 1, 4)],
      { kind: "delivered" },
    ],
    [
      "success reports with a hole",
      { successReport: true },
      [opened, closed(8, true), response(200), report(200, 5, 8)],
      undefined,
    ],
    ["a success report nobody asked for", {}, [opened, report(200, 1, 8), closed(8, true)], undefined],
    [
      "a report of another namespace says nothing",
      {},
      [opened, { type: "report", status: { namespace: "001", code: 413 }, range: undefined }],
      undefined,
    ],
    [
      "a failure report",
      {},
      [opened, closed(8, true), report(403, 1, 8)],
      { kind: "failed", status: 403, via: "report" },
    ],
    [
      "lost before it was answered",
      {},
      [opened, closed(8, true), { type: "lost" }],
      { kind: "failed", status: 481, via: "connection" },
    ],
    [
      "lost before it was reported",
      { successReport: true },
      [opened, closed(8, true), response(200), { type: "lost" }],
      { kind: "unreported" },
    ],
    ["given up", {}, [opened, { type: "abort" }, closed(3, false)], { kind: "aborted" }],
  ] as const)("%s", (_what, options, events, outcome) => {
    const message = createOutgoingMessage({ messageId: "message1", ...options });
    const actions = events.flatMap((event) => message.on(event));
    expect(message.outcome).toEqual(outcome);
    expect(actions.filter(({ type }) => type === "ended")).toEqual(
      outcome === undefined ? [] : [{ type: "ended", outcome }],
    );
  });

  it.each([
    [413, ["stop", "ended"]],
    [481, ["stop", "ended", "session-failed"]],
    [506, ["stop", "ended", "session-failed"]],
  ])("%d has the sender stop", (status, types) => {
    const message = createOutgoingMessage({ messageId: "message1" });
    message.on(opened);
    expect(message.on(response(status)).map(({ type }) => type)).toEqual(types);
  });
});

describe("success reports with a hole each", () => {
  it("are counted up to a thousand, and none after", () => {
    const message = createOutgoingMessage({ messageId: "message1", successReport: true });
    for (let at = 1; at < 100_000; at += 2)
      message.on({ type: "report", status: { namespace: "000", code: 200 }, range: { start: at, end: at } });
    expect(message.reported).toBe(1025);
    expect(message.outcome).toBeUndefined();
  });
});

describe("transactions", () => {
  it("are due 30 s after they were sent, and not once answered", () => {
    const transactions = createMsrpTransactions<string>();
    for (const name of ["one1", "two2", "tre3"]) transactions.open(name, name);
    expect([transactions.deadline, transactions.due(1e9)]).toEqual([undefined, []]);
    transactions.sent("two2", 1000);
    transactions.sent("one1", 2000);
    transactions.sent("tre3", 3000);
    expect(transactions.deadline).toBe(31_000);
    expect(transactions.answer("one1")).toBe("one1");
    expect(transactions.answer("one1")).toBeUndefined();
    expect(transactions.due(30_999)).toEqual([]);
    expect(transactions.due(31_000)).toEqual(["two2"]);
    expect([transactions.deadline, transactions.clear(), transactions.size]).toEqual([33_000, ["tre3"], 0]);
  });
});

describe("octet ranges", () => {
  it("are a set of octets", () => {
    const spans = array(
      record({ start: integer({ min: 1, max: 40 }), length: integer({ min: 0, max: 10 }) }),
    );
    assert(
      property(spans, (all) => {
        const ranges = createOctetRanges();
        const model = new Set<number>();
        for (const { start, length } of all) {
          ranges.add(start, start + length - 1);
          for (let at = start; at < start + length; at += 1) model.add(at);
          expect(ranges.octets).toBe(model.size);
        }
        for (let from = 1; from <= 50; from += 1)
          expect(ranges.covers(from, from + 2)).toBe([0, 1, 2].every((more) => model.has(from + more)));
        const gaps = ranges.spans.slice(1).map(({ start }, index) => start - ranges.spans[index]!.end);
        expect(gaps.every((gap) => gap > 1)).toBe(true);
      }),
    );
  });
});
