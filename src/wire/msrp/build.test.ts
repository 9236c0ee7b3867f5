import { describe, expect, test } from "vitest";
import { LARGEST_FIXED_CHUNK, msrpChunks, msrpReport, msrpRequest, msrpResponse } from "./build.ts";
import { createMsrpConversation } from "./conversation.ts";
import { createEndLineSearch } from "./end-line.ts";
import { readOrMsrpError } from "./error.ts";
import { parseMsrp } from "./frame.ts";
import { isIdent, newIdent, newTransactionIdFor } from "./ident.ts";
import type { MsrpFrame, MsrpHead } from "./message.ts";
import { serializeMsrp, serializeMsrpHead } from "./serialize.ts";
import { msrpViolations } from "./validate.ts";

const BOB = "msrp://bob.example.com:8888/9di4eae923wzd;tcp";
const ALICE = "msrp://alice.example.com:7777/iau39soe2843z;tcp";
const RELAY = "msrp://relay.example.com:2855/r1;tcp";

const send = (headers: [string, string][] = [], fromPath = ALICE): ReturnType<typeof msrpRequest> =>
  msrpRequest({
    method: "SEND",
    transactionId: "d93kswow",
    toPath: BOB,
    fromPath,
    headers: [["Message-ID", "12339sdqwer"], ...headers],
  });

const bare = (head: MsrpHead): MsrpFrame => ({ head, content: "none", bodyBytes: 0, flag: "$" });
const text = (head: MsrpHead): string => Buffer.from(serializeMsrpHead(head, "none")).toString();

describe("responses and reports", () => {
  test.each([
    [
      "to a SEND, one hop",
      msrpResponse(send([], `${RELAY} ${ALICE}`), 200),
      `MSRP d93kswow 200 OK\r\nTo-Path: ${RELAY}\r\nFrom-Path: ${BOB}\r\n`,
    ],
    [
      "to another request, the whole path",
      msrpResponse({ ...send([], `${RELAY} ${ALICE}`), method: "AUTH" }, 501),
      `MSRP d93kswow 501 Method not understood\r\nTo-Path: ${RELAY} ${ALICE}\r\nFrom-Path: ${BOB}\r\n`,
    ],
    [
      "of a code without words",
      msrpResponse(send(), 999),
      `MSRP d93kswow 999\r\nTo-Path: ${ALICE}\r\nFrom-Path: ${BOB}\r\n`,
    ],
    [
      "with words of its own",
      msrpResponse(send(), 401, {
        comment: "No",
        fromPath: RELAY,
        headers: [["WWW-Authenticate", "Digest x"]],
      }),
      `MSRP d93kswow 401 No\r\nTo-Path: ${ALICE}\r\nFrom-Path: ${RELAY}\r\nWWW-Authenticate: Digest x\r\n`,
    ],
    [
      "a report, the whole path",
      msrpReport(send([], `${RELAY} ${ALICE}`), {
        transactionId: "dkei38sd",
        status: { namespace: "000", code: 200, comment: "OK" },
        byteRange: { start: 1, end: 12, total: 12 },
      }),
      `MSRP dkei38sd REPORT\r\nTo-Path: ${RELAY} ${ALICE}\r\nFrom-Path: ${BOB}\r\nMessage-ID: 12339sdqwer\r\nByte-Range: 1-12/12\r\nStatus: 000 200 OK\r\n`,
    ],
  ])("%s", (_name, head, expected) => {
    expect(text(head)).toBe(expected);
    expect(msrpViolations(bare(head))).toEqual([]);
    expect(parseMsrp(serializeMsrp(bare(head))).head).toMatchObject({
      kind: head.kind,
      transactionId: head.transactionId,
    });
  });
});

describe("identifiers", () => {
  const counting = (): ((length: number) => string) => {
    let next = 0;
    return (length) => String((next += 1)).padStart(length, "a");
  };
  test.each([
    ["abcd", true],
    ["a.-+%=", true],
    ["a".repeat(32), true],
    ["abc", false],
    ["a".repeat(33), false],
    [".abc", false],
    ["ab_cd", false],
    ["", false],
  ])("%s: %s", (ident, good) => {
    expect(isIdent(ident)).toBe(good);
  });
  test("a new one follows the grammar", () => {
    expect(isIdent(newIdent(counting()))).toBe(true);
  });
  test("the one for a body has no end-line in it", () => {
    const [first, second] = [newIdent(counting()), `${"a".repeat(15)}2`];
    expect(newTransactionIdFor(Buffer.from(`x -------${first}$`), counting())).toBe(second);
    expect(newTransactionIdFor(Buffer.from(`x ------${first}$`), counting())).toBe(first);
  });
});

test.each([
  [0, 10, ["1-0/0$"]],
  [12, 2048, ["1-12/12$"]],
  [5, 2, ["1-2/5+", "3-4/5+", "5-5/5$"]],
  [LARGEST_FIXED_CHUNK + 1, 4096, [`1-*/${LARGEST_FIXED_CHUNK + 1}$`]],
])("%i octets in chunks of %i", (length, size, ranges) => {
  let next = 0;
  const token = (count: number): string => String((next += 1)).padStart(count, "t");
  const message = {
    messageId: "mess1",
    toPath: BOB,
    fromPath: ALICE,
    contentType: "text/plain",
    body: Buffer.alloc(length, "x"),
  };
  const chunks = [...msrpChunks({ ...message, headers: [["Success-Report", "yes"]] }, token, size)];
  expect(chunks.map(({ head, flag }) => `${head.headers[3]?.value}${flag}`)).toEqual(ranges);
  expect(chunks.flatMap(msrpViolations)).toEqual([]);
});

describe("one message and nothing else", () => {
  const bytes = Buffer.from(serializeMsrp(bare(send())));
  test.each([
    ["nothing", Buffer.of(), "empty", 0],
    ["two", Buffer.concat([bytes, bytes]), "trailing-bytes", bytes.length],
    ["one and a byte", Buffer.concat([bytes, Buffer.from("x")]), "trailing-bytes", bytes.length],
    ["less than one", bytes.subarray(0, -1), "head-incomplete", bytes.length - 1],
    ["none", Buffer.from("SIP/2.0 200 OK\r\n"), "protocol", 0],
  ])("%s", (_name, given, code, offset) => {
    expect(readOrMsrpError(() => parseMsrp(given))).toMatchObject({ code, offset });
  });
});

test.each([
  ["found in what is sent", ["ab\r\n-----", "--abcd$\r\nrest"], "ab", "$"],
  ["not found", ["ab\r\n-----", "--abce$\r\nrest"], "ab\r\n-------abce$\r\nrest", undefined],
])("an end-line is %s", (_name, pieces, before, flag) => {
  const search = createEndLineSearch("abcd");
  const steps = pieces.map((piece) => search.push(Buffer.from(piece)));
  expect(Buffer.concat(steps.flatMap(({ body }) => body)).toString()).toBe(before);
  expect(steps.at(-1)?.flag).toBe(flag);
});

test("a frame that a fault made is validated as well", () => {
  const frame = bare({ ...send(), transactionId: "a b" });
  expect(msrpViolations(frame).map(({ code }) => code)).toEqual(["transaction-id"]);
});

test("a conversation forgets what is old", () => {
  const conversation = createMsrpConversation();
  conversation.observe("a", bare(send()));
  for (let count = 0; count < 10_000; count += 1)
    conversation.observe("a", bare({ ...send([["X", "y"]]), transactionId: `t${count}` }));
  const late = conversation.observe("b", bare(msrpResponse(send(), 200)));
  expect(late.map(({ code }) => code)).toEqual(["response-unmatched"]);
});

test("a chunk behind a 413 is told of, an abort is not", () => {
  const chunk = (transactionId: string, range: string, flag: "+" | "#"): MsrpFrame => ({
    head: { ...send([["Byte-Range", range]]), transactionId },
    content: "body",
    bodyBytes: 4,
    flag,
  });
  const conversation = createMsrpConversation();
  const first = chunk("aaaa", "1-4/12", "+");
  const { head } = first;
  expect(conversation.observe("a", first)).toEqual([]);
  const refusal = head.kind === "request" ? msrpResponse(head, 413) : head;
  expect(conversation.observe("b", bare(refusal))).toEqual([]);
  expect(conversation.observe("a", chunk("bbbb", "5-8/12", "+")).map(({ code }) => code)).toEqual([
    "message-refused",
  ]);
  expect(conversation.observe("a", chunk("cccc", "9-12/12", "#")).map(({ code }) => code)).toEqual([]);
});
