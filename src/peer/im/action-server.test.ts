import { describe, expect, it } from "vitest";
import { httpRequest } from "../../endpoint/http-client.ts";
import { createVirtualNet } from "../../net/virtual/virtual-net.ts";
import type { ActionAnswer, ServerAction } from "../../spec/actions.ts";
import { serverActionSchema } from "../../spec/actions-schema.ts";
import { performerOf, serveLines } from "./action-lines.ts";
import { createActionServer } from "./action-server.ts";

const LISTEN = { host: "10.0.0.9", port: 9000 };
const performer = performerOf<ServerAction>(serverActionSchema, (action) => {
  if (action.action === "reset") throw new Error("nothing to reset");
  return Promise.resolve({ version: 1, ok: true, says: action.action });
});

const cases: readonly (readonly [string, string, Partial<ActionAnswer>])[] = [
  [
    "an action with its version",
    '{"version":1,"action":"configure","set":"default"}',
    { ok: true, says: "configure" },
  ],
  ["an action without it", '{"action":"dump-state"}', { ok: true, says: "dump-state" }],
  ["another version", '{"version":2,"action":"dump-state"}', { ok: false, code: "unsupported" }],
  ["an unknown action", '{"action":"dance"}', { ok: false, code: "unsupported" }],
  ["what is no JSON", "configure", { ok: false, code: "failed" }],
  ["what is no object", "[1]", { ok: false, code: "failed" }],
  [
    "an action that goes wrong",
    '{"action":"reset"}',
    { ok: false, code: "failed", says: "nothing to reset" },
  ],
];

describe("actions over HTTP", () => {
  it.each(cases)("answers %s", async (_, body, expected) => {
    const net = createVirtualNet({ seed: 1 });
    const { network, clock } = net;
    const server = await createActionServer({ name: "hook", network, clock, listen: LISTEN, ...performer });
    let answer: unknown;
    void httpRequest({
      name: "tester",
      network,
      clock,
      method: "POST",
      url: "http://10.0.0.9:9000/",
      body,
    }).then((response) => {
      answer = JSON.parse(Buffer.from(response.body).toString());
    });
    await net.run(() => answer !== undefined, clock.now() + 1000);
    expect(answer).toMatchObject(expected);
    await server.close();
  });
});

describe("actions as lines", () => {
  it("are answered in order, empty lines passed over", async () => {
    const lines: string[] = [];
    async function* input(): AsyncGenerator<string> {
      for (const [, line] of cases) yield* [line, ""];
    }
    await serveLines(performer, input(), (line) => lines.push(line));
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject(
      cases.map(([, , expected]) => expected),
    );
  });
});
