import { describe, expect, it } from "vitest";
import type { UnplacedEvent } from "./recorder.ts";
import type { Exchange, ScenarioTrace } from "./scenario-trace.ts";
import { crossed, requestText, responseText } from "./testdata/events.ts";
import { story } from "./testdata/story.ts";

/** An exchange in short: way, method, statuses, number of retransmissions. */
const brief = ({ way, request, responses, retransmissions }: Exchange): string =>
  `${way} ${request.message.method} ${responses.map(({ message }) => message.status).join(" ")} +${retransmissions.length}`;

describe("exchanges", () => {
  const request = requestText();
  it.each<[string, readonly UnplacedEvent[], readonly string[]]>([
    [
      "a request and its answer",
      [crossed("core", "server", "core", request), crossed("server", "core", "core", responseText("200 OK"))],
      ["to-sut MESSAGE 200 +0"],
    ],
    [
      "retransmissions on both sides",
      [
        crossed("core", "server", "core", request),
        crossed("core", "server", "core", request),
        crossed("server", "core", "core", responseText("100 Trying")),
        crossed("core", "server", "core", request),
        crossed("server", "core", "core", responseText("202 Accepted")),
        crossed("server", "core", "core", responseText("202 Accepted")),
      ],
      ["to-sut MESSAGE 100 202 202 +2"],
    ],
    [
      "a request of the SUT, and one among Scrim's own, seen at both ends",
      [
        crossed("server", "core", "core", request),
        crossed("core", "bob", "core", requestText({ branches: ["z9hG4bK-2", "z9hG4bK-1"] })),
        crossed("core", "bob", "bob", requestText({ branches: ["z9hG4bK-2", "z9hG4bK-1"] })),
        crossed("bob", "core", "bob", responseText("200 OK", { branches: ["z9hG4bK-2", "z9hG4bK-1"] })),
        crossed("bob", "core", "core", responseText("200 OK", { branches: ["z9hG4bK-2", "z9hG4bK-1"] })),
        crossed("core", "server", "core", responseText("200 OK")),
      ],
      ["from-sut MESSAGE 200 +0", "within MESSAGE 200 +0", "within MESSAGE 200 +0"],
    ],
    [
      "copies for which the SUT used one branch",
      [
        crossed("server", "core", "core", requestText({ uri: "sip:bob@home.test", callId: "c1" })),
        crossed("server", "core", "core", requestText({ uri: "sip:ted@home.test", callId: "c2" })),
        crossed(
          "core",
          "server",
          "core",
          responseText("404 Not Found", { uri: "sip:ted@home.test", callId: "c2" }),
        ),
        crossed("core", "server", "core", responseText("200 OK", { uri: "sip:bob@home.test", callId: "c1" })),
      ],
      ["from-sut MESSAGE 200 +0", "from-sut MESSAGE 404 +0"],
    ],
    [
      "copies that differ in the Request-URI only",
      [
        crossed("server", "core", "core", requestText({ uri: "sip:bob@home.test", to: "sip:g@home.test" })),
        crossed("server", "core", "core", requestText({ uri: "sip:ted@home.test", to: "sip:g@home.test" })),
        crossed("core", "server", "core", responseText("200 OK", { to: "sip:g@home.test" })),
        crossed("core", "server", "core", responseText("404 Not Found", { to: "sip:g@home.test" })),
      ],
      ["from-sut MESSAGE 200 +0", "from-sut MESSAGE 404 +0"],
    ],
    [
      "one branch on two hops of a proxy",
      [
        crossed("alice", "core", "core", request),
        crossed("core", "server", "core", request),
        crossed("server", "core", "core", responseText("202 Accepted")),
      ],
      ["within MESSAGE  +0", "to-sut MESSAGE 202 +0"],
    ],
    [
      "an ACK and a CANCEL on the branch of their INVITE",
      [
        crossed("server", "core", "core", requestText({ method: "INVITE" })),
        crossed("server", "core", "core", requestText({ method: "CANCEL" })),
        crossed("core", "server", "core", responseText("200 OK", { method: "CANCEL" })),
        crossed("core", "server", "core", responseText("487 Request Terminated", { method: "INVITE" })),
        crossed("server", "core", "core", requestText({ method: "ACK" })),
      ],
      ["from-sut INVITE 487 +0", "from-sut CANCEL 200 +0", "from-sut ACK  +0"],
    ],
    [
      "a response to nothing, and one with another method in CSeq",
      [
        crossed("server", "core", "core", responseText("200 OK")),
        crossed("core", "server", "core", request),
        crossed("server", "core", "core", responseText("200 OK", { method: "PUBLISH" })),
      ],
      ["to-sut MESSAGE  +0"],
    ],
    [
      "a request without Via",
      [
        crossed("server", "core", "core", requestText({ branches: [] })),
        crossed("core", "server", "core", responseText("400 Bad", { branches: [] })),
      ],
      ["from-sut MESSAGE 400 +0"],
    ],
  ])("%s", (_name, events, expected) => {
    expect(
      story(...events)
        .exchanges()
        .map(brief),
    ).toEqual(expected);
  });

  it("are found by method, way, function and phase", () => {
    const trace = story(
      crossed("core", "server", "core", requestText({ branches: ["z9hG4bK-1"] }), {
        serverFunction: "originating",
      }),
      crossed("server", "core", "core", requestText({ branches: ["z9hG4bK-2"], method: "PUBLISH" })),
      { type: "phase", scenario: "s1", phase: "postamble" },
      crossed("core", "server", "core", requestText({ branches: ["z9hG4bK-3"], method: "REGISTER" }), {
        serverFunction: "registration",
      }),
    );
    const methods = (filter: Parameters<ScenarioTrace["exchanges"]>[0]): readonly string[] =>
      trace.exchanges(filter).map(({ request }) => request.message.method);
    expect(methods({ method: "PUBLISH" })).toEqual(["PUBLISH"]);
    expect(methods({ method: ["PUBLISH", "REGISTER"] })).toEqual(["PUBLISH", "REGISTER"]);
    expect(methods({ way: "to-sut" })).toEqual(["MESSAGE", "REGISTER"]);
    expect(methods({ way: "to-sut", phase: "body" })).toEqual(["MESSAGE"]);
    expect(methods({ phase: ["preamble", "postamble"] })).toEqual(["REGISTER"]);
    expect(methods({ function: "originating" })).toEqual(["MESSAGE"]);
  });
});
