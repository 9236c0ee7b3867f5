import { describe, expect, it } from "vitest";
import type { UnplacedEvent } from "./recorder.ts";
import { crossed, requestText } from "./testdata/events.ts";
import { story } from "./testdata/story.ts";

const stimulus = (id: string, more: object = {}): UnplacedEvent => ({
  type: "stimulated",
  scenario: "s1",
  id,
  actor: "Alice",
  action: "send-message",
  intent: {},
  deviations: [],
  ...more,
});

describe("stimuli", () => {
  const multipart = [
    "--b",
    "Content-Type: message/cpim",
    "",
    "From: <a>",
    "",
    "Content-Type: text/plain",
    "",
    "hello tok-2 you",
    "--b--",
    "",
  ].join("\r\n");

  it("are found by id, then by the token in the body, at any depth", () => {
    const trace = story(
      stimulus("1", { token: "tok-1" }),
      stimulus("2", { token: "tok-2" }),
      crossed("alice", "core", "core", requestText({ branches: ["z9hG4bK-1"], body: "tok-2" }), {
        stimulus: "1",
      }),
      crossed("server", "core", "core", requestText({ branches: ["z9hG4bK-2"], body: "a tok-1" })),
      crossed(
        "server",
        "core",
        "core",
        requestText({ branches: ["z9hG4bK-3"], type: "multipart/mixed;boundary=b", body: multipart }),
      ),
      crossed("server", "core", "core", requestText({ branches: ["z9hG4bK-4"], body: "nothing" })),
    );
    expect(trace.exchanges().map((exchange) => trace.stimulusOf(exchange)?.id)).toEqual([
      "1",
      "1",
      "2",
      undefined,
    ]);
    const one = trace.stimuli[0]!;
    expect(trace.carriersOf(one).map(({ request }) => request.seq)).toEqual(
      trace
        .exchanges()
        .slice(0, 2)
        .map(({ request }) => request.seq),
    );
  });

  it("of a client under test are found by the actor, where no body carries a token", () => {
    const trace = story(
      {
        type: "leased",
        scenario: "s1",
        user: {
          actor: "Alice",
          node: "server",
          played: "sut",
          imAddress: "sip:alice@home.test",
          properties: [],
        },
      },
      crossed("server", "core", "core", requestText({ method: "REGISTER", branches: ["z9hG4bK-0"] })),
      stimulus("1", { action: "register" }),
      crossed("server", "core", "core", requestText({ method: "REGISTER", branches: ["z9hG4bK-1"] })),
      crossed(
        "server",
        "core",
        "core",
        requestText({ method: "REGISTER", branches: ["z9hG4bK-2"], from: "sip:bob@home.test" }),
      ),
      crossed("server", "core", "core", requestText({ method: "PUBLISH", branches: ["z9hG4bK-3"] })),
      stimulus("2", { action: "publish-settings" }),
      crossed("server", "core", "core", requestText({ method: "PUBLISH", branches: ["z9hG4bK-4"] })),
    );
    expect(trace.exchanges().map((exchange) => trace.stimulusOf(exchange)?.id)).toEqual([
      undefined,
      "1",
      undefined,
      undefined,
      "2",
    ]);
  });
});

describe("the passage through an application server", () => {
  const into = (passage: string, branch: string): UnplacedEvent =>
    crossed("core", "server", "core", requestText({ branches: [branch] }), {
      passage,
      serverFunction: "originating",
    });
  const out = (passage: string | undefined, branch: string, method = "MESSAGE"): UnplacedEvent =>
    crossed(
      "server",
      "core",
      "core",
      requestText({ method, branches: [branch] }),
      passage === undefined ? {} : { passage },
    );

  it.each<[string, readonly UnplacedEvent[], string | undefined]>([
    [
      "is the next request of the SUT with its token",
      [into("p", "i"), out("q", "x"), out("p", "y"), out("p", "z")],
      "y",
    ],
    ["is not one from before", [out("p", "x"), into("p", "i")], undefined],
    ["is not one of another method", [into("p", "i"), out("p", "x", "PUBLISH")], undefined],
    ["is not one without a token", [into("p", "i"), out(undefined, "x")], undefined],
  ])("%s", (_name, events, branch) => {
    const trace = story(...events);
    const given = trace.exchanges({ way: "to-sut" })[0]!;
    const via = trace.onwardOf(given)?.request.message.headers[0]?.value;
    expect(via?.split("branch=")[1]).toBe(branch);
  });
});
