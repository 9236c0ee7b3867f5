import { describe, expect, it } from "vitest";
import { FlowError, parseFlow, predecessorsOf, readFlow, specifiedFlow } from "./flow.ts";

const HEAD = `flow: X
title: t
participants:
  - { id: a, name: A, role: client }
  - { id: b, name: B, role: participating, serves: a }
steps:
`;
const FIRST = "  - { id: one, from: a, to: b, request: MESSAGE }\n";

function errorOf(text: string): FlowError {
  try {
    parseFlow(text, "x.yaml");
  } catch (error) {
    if (error instanceof FlowError) return error;
    throw error;
  }
  throw new Error("was read");
}

describe("a flow", () => {
  it("is read with its defaults", () => {
    const flow = parseFlow(HEAD + FIRST);
    expect(flow.conditions).toEqual({});
    expect(flow.steps[0]).toEqual({
      id: "one",
      from: "a",
      to: "b",
      request: "MESSAGE",
      compare: "both",
      optional: false,
      unnumbered: false,
    });
  });

  it("orders each entry behind the one above, unless it says otherwise", () => {
    const flow = parseFlow(
      `${HEAD}${FIRST}  - { id: two, at: b, says: x }\\n  - { id: three, at: b, says: x, after: [one] }\\n  - { id: four, at: b, says: x, after: [] }\\n`.replaceAll(
        "\\n",
        "\n",
      ),
    );
    expect(flow.steps.map((step) => predecessorsOf(step, flow))).toEqual([[], ["one"], ["one"], []]);
  });

  it.each([
    ["no YAML", "a: [", "not-yaml", 1],
    ["a key twice", "flow: a\nflow: b", "not-yaml", 2],
    ["another document", "- 1", "wrong-type", 1],
    ["no steps", HEAD, "wrong-type", 6],
    [
      "an unknown member",
      `${HEAD}  - { id: one, from: a, to: b, request: MESSAGE, color: red }\n`,
      "wrong-type",
      7,
    ],
    [
      "a method in small letters",
      `${HEAD}  - { id: one, from: a, to: b, request: message }\n`,
      "wrong-type",
      7,
    ],
    [
      "a status that is none",
      `${HEAD}${FIRST}  - { id: two, from: b, to: a, response: "20", answers: one }\n`,
      "wrong-type",
      8,
    ],
    ["an id twice", HEAD + FIRST + FIRST, "wrong-reference", 8],
    [
      "a conference state in MSRP",
      `${HEAD}  - { id: one, protocol: msrp, from: a, to: b, request: SEND, carries: full-state }\n`,
      "wrong-reference",
      7,
    ],
    [
      "a dialog in MSRP",
      `${HEAD}  - { id: one, protocol: msrp, from: a, to: b, request: SEND, dialog: within }\n`,
      "wrong-reference",
      7,
    ],
    [
      "an MSRP response to a SIP request",
      `${HEAD}${FIRST}  - { id: two, protocol: msrp, from: b, to: a, response: "200", answers: one }\n`,
      "wrong-reference",
      8,
    ],
    [
      "a protocol that is none",
      `${HEAD}  - { id: one, protocol: http, from: a, to: b, request: GET }\n`,
      "wrong-type",
      7,
    ],
    [
      "an unknown participant",
      `${HEAD}  - { id: one, from: a, to: c, request: MESSAGE }\n`,
      "wrong-reference",
      7,
    ],
    ["an unknown participant that acts", `${HEAD}  - { id: one, at: c, says: x }\n`, "wrong-reference", 7],
    ["one that serves nobody known", HEAD.replace("serves: a", "serves: z") + FIRST, "wrong-reference", 5],
    [
      "an order that is not above",
      `${HEAD}  - { id: one, at: a, says: x, after: [two] }\n`,
      "wrong-reference",
      7,
    ],
    [
      "an unknown condition",
      `${HEAD}  - { id: one, at: a, says: x, condition: rain }\n`,
      "wrong-reference",
      7,
    ],
    ["neither request nor response", `${HEAD}  - { id: one, from: a, to: b }\n`, "wrong-reference", 7],
    ["both", `${HEAD}  - { id: one, from: a, to: b, request: X, response: "200" }\n`, "wrong-reference", 7],
    [
      "a request that answers",
      `${HEAD}${FIRST}  - { id: two, from: b, to: a, request: X, answers: one }\n`,
      "wrong-reference",
      8,
    ],
    [
      "a response to nothing",
      `${HEAD}${FIRST}  - { id: two, from: b, to: a, response: "200" }\n`,
      "wrong-reference",
      8,
    ],
    [
      "a response on another way",
      `${HEAD}${FIRST}  - { id: two, from: a, to: b, response: "200", answers: one }\n`,
      "wrong-reference",
      8,
    ],
    ["an alias", `${HEAD}  - &x { id: one, at: a, says: x }\n  - *x\n`, "not-yaml", 0],
  ])("with %s is refused", (_name, text, code, line) => {
    const error = errorOf(text);
    expect([error.code, error.line]).toEqual([code, line]);
    expect(error.message).toMatch(/^x\.yaml: /);
  });

  it.each(["no.such.file", "scenarios"])("that cannot be read is an error: %s", async (path) => {
    await expect(readFlow(path)).rejects.toMatchObject({ name: "FlowError", code: "cannot-read" });
  });

  it.each(["D.99", "../../etc/passwd", ""])(
    "of the specification goes by its clause, not %j",
    async (clause) => {
      await expect(specifiedFlow(clause)).rejects.toMatchObject({ code: "cannot-read" });
    },
  );
});
