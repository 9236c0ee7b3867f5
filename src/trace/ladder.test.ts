import { describe, expect, it } from "vitest";
import { ladderOf } from "./ladder.ts";
import { renderLadderText } from "./ladder-text.ts";
import type { UnplacedEvent } from "./recorder.ts";
import { crossed, requestText, responseText } from "./testdata/events.ts";
import { story } from "./testdata/story.ts";

const scenario = "s1";

const request = requestText({ body: "hello" });
const passed = requestText({ branches: ["z9hG4bK-2", "z9hG4bK-1"], body: "hello" });
const usual: readonly UnplacedEvent[] = [
  {
    type: "stimulated",
    scenario,
    id: "1",
    actor: "Alice",
    action: "send-message",
    intent: {},
    deviations: ["no Max-Forwards"],
  },
  crossed("alice", "core", "alice", request, { stimulus: "1" }),
  crossed("alice", "core", "core", request),
  crossed("core", "server", "core", passed, { serverFunction: "originating" }),
  crossed("core", "server", "core", passed, { serverFunction: "originating" }),
  crossed("server", "core", "core", responseText("202 Accepted", { branches: ["z9hG4bK-2", "z9hG4bK-1"] }), {
    serverFunction: "originating",
  }),
  { type: "phase", scenario, phase: "postamble" },
  crossed("server", "core", "core", "garbage"),
  crossed("server", "core", "core", "GET /x HTTP/1.1\r\nHost: a\r\n\r\n", {
    protocol: "http",
    transport: "tcp",
  }),
];

describe("a ladder", () => {
  it("has one arrow for each message, also where both ends saw it", () => {
    const { arrows } = ladderOf(story(...usual));
    expect(arrows.map(({ from, to, label, retransmission }) => [from, to, label, retransmission])).toEqual([
      ["alice", "core", "MESSAGE", false],
      ["core", "server", "MESSAGE", false],
      ["core", "server", "MESSAGE", true],
      ["server", "core", "202 Accepted", false],
      ["server", "core", "malformed", false],
      ["server", "core", "GET", false],
    ]);
    expect(arrows[0]).toMatchObject({
      arrivalSeq: (arrows[0]?.seq ?? 0) + 1,
      stimulus: "1",
      phase: "body",
      kind: "request",
    });
    expect(arrows.slice(3).map(({ kind, phase }) => [kind, phase])).toEqual([
      ["response", "body"],
      ["malformed", "postamble"],
      ["http", "postamble"],
    ]);
  });

  it("says what a message is for and what it carries", () => {
    const warned = responseText("403 Forbidden", {
      branches: ["z9hG4bK-2"],
      headers: ['Warning: 399 server "122 Function not allowed"'],
    });
    const { arrows } = ladderOf(
      story(crossed("core", "server", "core", passed), crossed("server", "core", "core", warned)),
    );
    expect(arrows.map(({ summary }) => summary)).toEqual([
      "to sip:bob@home.test, from sip:alice@home.test, text/plain (5 bytes)",
      'to MESSAGE, 399 server "122 Function not allowed"',
    ]);
  });

  it.each([
    [false, ["alice", "core", "server"]],
    [true, ["alice", "core", "server (originating)", "server"]],
  ])("gives functions of the server under test columns of their own: %j", (functionsApart, ids) => {
    const { columns } = ladderOf(story(...usual), { functionsApart });
    expect(columns.map(({ id }) => id)).toEqual(ids);
    expect(columns.filter(({ node }) => node === "server").every(({ kind }) => kind === "sut")).toBe(true);
  });

  it("puts other clients on the far side", () => {
    const { columns } = ladderOf(
      story(
        crossed("alice", "core", "core", request),
        crossed("core", "bob", "core", passed),
        crossed("core", "bob", "bob", passed),
        crossed("core", "server", "core", passed),
      ),
    );
    expect(columns.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      "alice unknown",
      "core core",
      "server sut",
      "bob client",
    ]);
  });

  it("can be of some phases only", () => {
    const { arrows, notes } = ladderOf(story(...usual), { phases: ["postamble"] });
    expect(arrows).toHaveLength(2);
    expect(notes.map(({ text }) => text)).toEqual(["postamble", "complete"]);
  });

  it.each<[UnplacedEvent, string, string | undefined]>([
    [
      {
        type: "stimulated",
        scenario,
        id: "1",
        actor: "Alice",
        action: "register",
        intent: {},
        deviations: ["no tag"],
      },
      "Alice: register, on purpose: no tag",
      "alice",
    ],
    [
      { type: "window-opened", scenario, window: "w", purpose: "absence", of: "MESSAGE", lengthMs: 50 },
      "waits for absence of MESSAGE, at most 50 ms",
      undefined,
    ],
    [
      { type: "driver-answered", scenario, node: "alice", ok: false, says: "cannot" },
      "not done: cannot",
      "alice",
    ],
    [
      { type: "sut-life", node: "server", state: "unreachable", detail: "refused" },
      "unreachable: refused",
      undefined,
    ],
    [
      { type: "step", scenario, text: "Bob waits", status: "failed", reason: "nothing came" },
      "Bob waits (failed: nothing came)",
      undefined,
    ],
    [{ type: "noted", scenario, about: "dirty", text: "Bob" }, "dirty: Bob", undefined],
  ])("notes %j", (event, text, column) => {
    const { notes } = ladderOf(story(crossed("alice", "core", "alice", request), event));
    expect(notes.find((note) => note.text === text)?.column).toBe(column);
    expect(notes.map((note) => note.text)).toContain(text);
  });

  it("notes how a window ended, by what it waited for", () => {
    const { notes } = ladderOf(
      story(
        { type: "window-opened", scenario, window: "w", purpose: "absence", of: "MESSAGE", lengthMs: 50 },
        { type: "window-closed", scenario, window: "w", how: "fence" },
      ),
    );
    expect(notes.map(({ text }) => text)).toContain("no longer waits for MESSAGE: a later message arrived");
  });
});

describe("a ladder as text", () => {
  it("is drawn", () => {
    expect(renderLadderText(ladderOf(story(...usual)), { columnWidth: 22 })).toMatchSnapshot();
  });

  it("shows what could act on the terminal", () => {
    const hostile = requestText({ branches: ["z9hG4bK-9"], from: "sip:a\u202eb@home.test" });
    const text = renderLadderText(
      ladderOf(
        story(crossed("server", "core", "core", hostile), {
          type: "noted",
          scenario,
          about: "rig",
          text: "a\nb\u001b[2J",
        }),
      ),
    );
    expect(text).toContain("sip:a\\u202eb");
    expect(text).toContain("a\\u000ab\\u001b[2J");
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it("of nothing is a line", () => {
    expect(renderLadderText({ columns: [], arrows: [], notes: [] })).toBe("\n");
  });
});
