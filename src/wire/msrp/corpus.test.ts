/** Every case of testdata/cases.json: whole, byte by byte, and cut in two at every place (or, of long ones, at many). */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createMsrpConversation } from "./conversation.ts";
import { createMsrpCollector, readMsrpStream } from "./frame.ts";
import type { MsrpOutcome } from "./frame.ts";
import { failureReportOf, msrpHeader } from "./headers.ts";
import { DEFAULT_MSRP_LIMITS } from "./limits.ts";
import { createMsrpParser } from "./parser.ts";
import { serializeMsrp } from "./serialize.ts";
import { sameMsrpUri } from "./uri.ts";
import { msrpReadable } from "./error.ts";
import { msrpViolations } from "./validate.ts";

interface Case {
  readonly id: string;
  readonly file: string;
  readonly replies?: string;
  readonly split: "every" | "sampled";
  readonly outcome: "conforming" | "violations" | "rejected";
  readonly messages: readonly object[];
  readonly answers?: readonly { readonly transactionId: string; readonly status: number }[];
  readonly conversation?: readonly {
    readonly direction: "sent" | "reply";
    readonly message: number;
    readonly code: string;
  }[];
  readonly clause: string;
  readonly reason: string;
}

const TESTDATA = path.join(import.meta.dirname, "testdata");
const bytesOf = (file: string): Buffer => readFileSync(path.join(TESTDATA, file));
const corpus: { readonly session: string; readonly limits: object; readonly cases: readonly Case[] } =
  JSON.parse(bytesOf("cases.json").toString("utf8"));
const { session, cases } = corpus;

/** What the corpus says of a message. */
function described(outcome: MsrpOutcome): object {
  if ("error" in outcome) {
    const { error, at, transactionId } = outcome;
    const told = { error: error.code, offset: at + error.offset };
    return transactionId === undefined ? told : { ...told, transactionId };
  }
  const { head, content, bodyBytes, flag } = outcome.frame;
  const [first = ""] = Buffer.from(serializeMsrp(outcome.frame)).toString("utf8").split("\r\n");
  return {
    transactionId: head.transactionId,
    startLine: first.slice(`MSRP ${head.transactionId} `.length),
    content,
    bodyBytes,
    flag,
    violations: msrpViolations(outcome.frame).map(({ code }) => code),
  };
}

/** The corpus lists the codes without regard to order. */
function unordered(message: object): object {
  return "violations" in message && Array.isArray(message.violations)
    ? { ...message, violations: message.violations.map(String).sort() }
    : message;
}

/** All that comes out of pieces, bodies included. */
function readPieces(pieces: readonly Uint8Array[]): MsrpOutcome[] {
  const parser = createMsrpParser();
  const collector = createMsrpCollector();
  const found = pieces.flatMap((piece) => collector.push(parser.push(piece)));
  const cut = parser.end();
  return cut === undefined ? found : [...found, ...collector.push([cut])];
}

/** For comparing two readings: an error quotes what came, which depends on the pieces. */
function comparable(outcomes: readonly MsrpOutcome[]): readonly unknown[] {
  return outcomes.map((outcome) =>
    "error" in outcome
      ? [outcome.at, outcome.transactionId, outcome.error.code, outcome.error.offset, outcome.error.line]
      : [outcome.at, outcome.frame],
  );
}

/** What an endpoint with that one session answers (RFC 4975 7.2, 7.3, 10). */
function answerTo(outcome: MsrpOutcome): { transactionId: string; status: number }[] {
  if ("error" in outcome) {
    const { transactionId, error } = outcome;
    return transactionId === undefined || error.code.endsWith("incomplete")
      ? []
      : [{ transactionId, status: 400 }];
  }
  const { head } = outcome.frame;
  if (head.kind === "response" || head.method === "REPORT") return [];
  const { transactionId } = head;
  const failureReport = msrpReadable(() => failureReportOf(head));
  if (failureReport === "no") return [];
  if (!sameMsrpUri(msrpHeader(head, "To-Path") ?? "", session)) return [{ transactionId, status: 481 }];
  if (head.method !== "SEND") return [{ transactionId, status: 501 }];
  return failureReport === "partial" ? [] : [{ transactionId, status: 200 }];
}

describe.each(cases)("$id", (one) => {
  const bytes = bytesOf(one.file);
  const whole = readMsrpStream(bytes);

  test("comes out as the corpus says", () => {
    expect(whole.map(described).map(unordered)).toEqual(one.messages.map(unordered));
  });

  test("comes out the same byte by byte", () => {
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(comparable(readPieces(single))).toEqual(comparable(whole));
  });

  test("comes out the same at every split", () => {
    const step = one.split === "every" ? 1 : Math.ceil(bytes.length / 400);
    const expected = JSON.stringify(comparable(whole));
    for (let at = 1; at < bytes.length; at += step) {
      const found = readPieces([bytes.subarray(0, at), bytes.subarray(at)]);
      expect(JSON.stringify(comparable(found)), `split at ${at}`).toBe(expected);
    }
  });

  test("is written as it was read", () => {
    for (const outcome of whole) {
      if ("error" in outcome) continue;
      const written = Buffer.from(serializeMsrp(outcome.frame));
      expect(bytes.subarray(outcome.at, outcome.at + written.length)).toEqual(written);
    }
  });
});

const answered = cases.filter(({ answers }) => answers !== undefined);
test.each(answered)("$id is answered as the corpus says", ({ file, answers }) => {
  expect(readMsrpStream(bytesOf(file)).flatMap(answerTo)).toEqual(answers);
});

const conversations = cases.filter(({ conversation }) => conversation !== undefined);
test.each(conversations)("$id is the conversation that the corpus says", (one) => {
  const conversation = createMsrpConversation();
  const observed = (end: "a" | "b", file: string | undefined): object[] =>
    (file === undefined ? [] : readMsrpStream(bytesOf(file))).flatMap((outcome, message) => {
      if ("error" in outcome) return [];
      const direction = end === "a" ? "sent" : "reply";
      return conversation.observe(end, outcome.frame).map(({ code }) => ({ direction, message, code }));
    });
  expect([...observed("a", one.file), ...observed("b", one.replies)]).toEqual(one.conversation);
});

describe("the corpus", () => {
  test("has every file in one case, and no case twice", () => {
    const named = cases.flatMap(({ file, replies }) => (replies === undefined ? [file] : [file, replies]));
    const files = readdirSync(path.join(TESTDATA, "cases")).map((file) => `cases/${file}`);
    expect([...named].sort()).toEqual([...files].sort());
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  test("goes beyond the limits that this parser has", () => {
    expect(corpus.limits).toEqual(DEFAULT_MSRP_LIMITS);
  });

  test("calls each case what its messages are", () => {
    const outcomeOf = ({ messages, conversation }: Case): string => {
      if (messages.some((one) => "error" in one)) return "rejected";
      const told = messages.flatMap((one) => ("violations" in one ? one.violations : []));
      return [told, conversation ?? []].flat(2).length > 0 ? "violations" : "conforming";
    };
    expect(cases.map((one) => [one.id, outcomeOf(one)])).toEqual(cases.map((one) => [one.id, one.outcome]));
  });

  test("gives a clause and a reason for each", () => {
    expect(cases.filter(({ clause, reason }) => clause === "" || reason === "")).toEqual([]);
  });
});
