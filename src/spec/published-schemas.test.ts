import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ACTION_NAMES, actionAnswerSchema, actionSchema } from "./actions-schema.ts";
import { publishedSchemas } from "./published-schemas.ts";

describe("published schemas", () => {
  test.each(publishedSchemas())(
    "$path is current (node --import tsx src/spec/write-schemas.ts)",
    ({ path, schema }) => {
      const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(schema)));
    },
  );

  test("the SUT file explains what cannot be guessed", () => {
    const [sutFile] = publishedSchemas();
    expect(JSON.stringify(sutFile?.schema)).toContain("Where the core sends originating requests");
  });
});

const settings = {
  barSessions: false,
  barMessages: true,
  invisible: false,
  offlineDelivery: true,
  recordSessions: false,
  recordMessages: false,
};

describe("the action vocabulary", () => {
  test.each([
    [{ action: "register" }],
    [{ action: "reset" }],
    [{ action: "publish-settings", settings }],
    [{ action: "send-message", to: ["sip:b@h"], toKind: "user", text: "" }],
    [
      {
        action: "send-message",
        to: ["sip:g@h"],
        toKind: "group",
        text: "x",
        anonymous: true,
        report: ["display"],
      },
    ],
    [{ action: "configure", set: "no-anonymity" }],
    [{ action: "send-system-message", to: ["sip:b@h"], text: "x", responseRequired: true }],
  ])("%j is an action", (action) => {
    expect(actionSchema.parse(action)).toEqual(action);
  });

  test.each([
    [{ action: "dance" }],
    [{ action: "register", now: true }],
    [{ action: "send-message", to: [], toKind: "user", text: "x" }],
    [{ action: "send-message", to: ["sip:b@h"], toKind: "friend", text: "x" }],
    [{ action: "publish-settings", settings: { ...settings, invisible: "no" } }],
    [{ action: "configure" }],
    ["register"],
  ])("%j is none", (action) => {
    expect(actionSchema.safeParse(action).success).toBe(false);
  });

  test.each([
    [{ version: 1, ok: true }, true],
    [{ version: 1, ok: false, code: "unsupported", says: "no camera" }, true],
    [{ version: 1, ok: true, inbox: [{ from: "sip:a@h", kind: "message", text: "hi" }] }, true],
    [{ version: 2, ok: true }, false],
    [{ ok: true }, false],
    [{ version: 1, ok: true, inbox: [{ from: "sip:a@h", kind: "letter", text: "hi" }] }, false],
  ])("%j is an answer: %j", (answer, expected) => {
    expect(actionAnswerSchema.safeParse(answer).success).toBe(expected);
  });

  test("has a name for each action of the schema, once", () => {
    expect(new Set(ACTION_NAMES).size).toBe(ACTION_NAMES.length);
  });
});
