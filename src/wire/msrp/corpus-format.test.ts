/** The form of testdata/cases.json, published beside it as a JSON Schema for those who use the corpus elsewhere. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const file = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`testdata/${name}`, import.meta.url), "utf8"));

const count = z.int().min(0);
const text = z.string().min(1);

const readable = z
  .strictObject({
    transactionId: text,
    startLine: text.describe("What stands behind the identifier in the first line"),
    content: z.enum(["none", "body", "empty-line"]),
    bodyBytes: count.describe("Octets of the body"),
    flag: z.enum(["$", "+", "#"]),
    violations: z.array(text).describe("Codes of what is wrong with it, in any order"),
  })
  .describe("A message that can be read");

const broken = z
  .strictObject({
    error: text.describe("Code of the error"),
    offset: count.describe("Bytes from the start of the file"),
    transactionId: text
      .optional()
      .describe("Where the first line told it: what follows its end-line is read on"),
  })
  .describe("What cannot be read");

const one = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: text,
  file: z
    .string()
    .regex(/^cases\/[a-z0-9-]+\.msrp$/)
    .describe("The bytes that one end sends, nothing escaped"),
  split: z
    .enum(["every", "sampled"])
    .describe("Where to cut the stream: everywhere, or at some hundred places"),
  outcome: z.enum(["conforming", "violations", "rejected"]),
  messages: z.array(z.union([readable, broken])).describe("What comes out, in order"),
  answers: z
    .array(z.strictObject({ transactionId: text, status: z.int().min(100).max(999) }))
    .optional()
    .describe("What the receiver answers"),
  replies: z.string().optional().describe("A file with what the receiver sends back"),
  conversation: z
    .array(z.strictObject({ direction: z.enum(["sent", "reply"]), message: count, code: text }))
    .optional()
    .describe("What is wrong in the light of both directions"),
  clause: text,
  reason: text,
});

const corpus = z.strictObject({
  session: text.describe("URI of the one session that the receiver has"),
  limits: z
    .strictObject({ headBytes: count, lineBytes: count, headers: count })
    .describe("What the cases about limits go beyond"),
  cases: z.array(one),
});

describe("testdata/cases.json", () => {
  test("has the form that it is published with", () => {
    expect(corpus.safeParse(file("cases.json")).error?.issues).toBeUndefined();
  });

  test("testdata/cases.schema.json is that form", () => {
    expect(file("cases.schema.json")).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(corpus))));
  });
});
