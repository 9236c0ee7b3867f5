/** Actions of a driver, mutated: each line is answered, and nothing is performed that is no action. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { mutatorOf, randomFrom, SEED } from "../../testdata/mutation.ts";
import { performerOf, performLine } from "./action-lines.ts";

const ACTIONS = [
  '{"version":1,"action":"send-message","to":["sip:a@h"],"toKind":"user","text":"hi"}',
  '{"action":"register"}',
];
const schema = z.looseObject({ action: z.enum(["send-message", "register"]) });

describe("lines with actions", () => {
  test(`are answered whatever they hold (seed ${SEED})`, async () => {
    const performed: string[] = [];
    const performer = performerOf(schema, async ({ action }) => {
      performed.push(action);
      return { version: 1, ok: true };
    });
    const mutated = mutatorOf(ACTIONS, ["null", "[]", '"version":2', '"__proto__":{}', "{}"]);
    for (let round = 0; round < 1500; round += 1) {
      const line = mutated(randomFrom(SEED + round)).toString("utf8");
      const before = performed.length;
      const answer = await performLine(performer, line);
      expect([line, answer.ok, answer.version]).toEqual([line, performed.length > before, 1]);
    }
    expect(new Set(performed)).toEqual(new Set(["send-message", "register"]));
  });

  test("an action that fails is answered", async () => {
    const performer = performerOf(schema, () => Promise.reject(new Error("no such user")));
    expect(await performLine(performer, '{"action":"register"}')).toEqual({
      version: 1,
      ok: false,
      code: "failed",
      says: "no such user",
    });
  });
});
