import { describe, expect, it } from "vitest";
import type { UnplacedEvent } from "./recorder.ts";
import { readRunBytes, encodeEvent, RunRecordError } from "./ndjson.ts";
import { readScenarioTrace, readScenarioTraces } from "./scenario-trace-reader.ts";
import type { Exchange, ScenarioTrace } from "./scenario-trace.ts";
import {
  closing,
  crossed,
  opening,
  placed,
  requestText,
  responseText,
  runOpened,
  sutFile,
  traceEvents,
} from "./testdata/events.ts";

const read = (events: readonly UnplacedEvent[]): ScenarioTrace =>
  readScenarioTrace(traceEvents(events), sutFile);
const story = (...events: readonly UnplacedEvent[]): ScenarioTrace =>
  read([...opening(), ...events, closing()]);

/** An exchange in short: way, method, statuses, number of retransmissions. */
const brief = ({ way, request, responses, retransmissions }: Exchange): string =>
  `${way} ${request.message.method} ${responses.map(({ message }) => message.status).join(" ")} +${retransmissions.length}`;

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

describe("bytes that are not SIP", () => {
  it("are kept as malformed, whoever noticed", () => {
    const trace = story(
      crossed("server", "core", "core", "MESSAGE sip:b SIP/2.0\r\nno colon\r\n\r\n"),
      crossed("server", "core", "core", requestText(), {
        malformed: { code: "late", offset: 3, message: "said so" },
      }),
      crossed("server", "core", "core", requestText()),
    );
    expect(trace.malformed.map(({ malformed }) => malformed.code)).toEqual(["header-colon", "late"]);
    expect(trace.messages).toHaveLength(1);
  });

  it("are parsed although the middle of the body is not recorded", () => {
    const trace = story(
      crossed("server", "core", "core", requestText({ body: `token${"x".repeat(200_000)}` })),
    );
    expect(trace.malformed).toEqual([]);
    expect(trace.messages[0]?.cut).toBe(true);
    expect(trace.messages[0]?.message.body).toHaveLength(200_005);
  });
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

describe("absence", () => {
  const open = (
    lengthMs: number,
    of = "MESSAGE to Bob",
    purpose: "absence" | "presence" = "absence",
  ): UnplacedEvent => ({
    type: "window-opened",
    scenario: "s1",
    window: "w",
    purpose,
    of,
    lengthMs,
  });
  const close = (how: "elapsed" | "met" | "fence" | "cut"): UnplacedEvent => ({
    type: "window-closed",
    scenario: "s1",
    window: "w",
    how,
  });
  const filler: UnplacedEvent = { type: "noted", scenario: "s1", about: "rig", text: "time passes" };
  // Events are a millisecond apart: a window with n fillers in it lasts n + 1.
  it.each<[string, readonly UnplacedEvent[], number, boolean]>([
    ["is proven by a window that elapsed", [open(1), close("elapsed")], 0, true],
    ["is proven by waiting in vain", [open(1, "x", "presence"), close("elapsed")], 0, true],
    ["is proven by a fence put up later", [open(1), close("fence")], 0, true],
    ["is not proven by a fence put up before", [open(1), filler, close("fence")], 2, false],
    ["is not proven by a window that met something", [open(1), close("met")], 0, false],
    ["is not proven by a window that was cut", [open(1), close("cut")], 0, false],
    ["is not proven by a window that stayed open", [open(1)], 0, false],
    [
      "is proven when nearly all of the window came afterwards",
      [open(19), ...Array.from({ length: 19 }, () => filler), close("elapsed")],
      1,
      true,
    ],
    ["is not proven when half of it did", [open(4), filler, filler, filler, close("elapsed")], 2, false],
  ])("%s", (_name, events, after, proven) => {
    const trace = story(filler, ...events);
    const start = trace.events.find(({ type }) => type === "noted")?.at ?? 0;
    expect(trace.absenceProven(start + 1 + after)).toBe(proven);
  });

  it("is asked by what was waited for", () => {
    const trace = story(open(1), close("elapsed"));
    expect([trace.absenceProven(0, "MESSAGE to Bob"), trace.absenceProven(0, "MESSAGE to Ted")]).toEqual([
      true,
      false,
    ]);
  });

  it("is never proven by a trace that was cut short", () => {
    const trace = read([...opening(), open(1), close("elapsed")]);
    expect(trace.complete).toBe(false);
    expect(trace.absenceProven(0)).toBe(false);
  });
});

describe("what was arranged", () => {
  const group = (uri: string, members: readonly string[]): UnplacedEvent => ({
    type: "provisioned",
    scenario: "s1",
    item: { kind: "group", uri, members, allowAnonymity: true, supportsIm: true },
  });
  const trace = story(
    group("sip:g@home.test", ["sip:old@home.test"]),
    group("sip:g@home.test", ["sip:new@home.test"]),
    { type: "provisioned", scenario: "s1", item: { kind: "configuration-set", name: "no-anonymity" } },
    {
      type: "provisioned",
      scenario: "s1",
      item: { kind: "session", uri: "sip:poc@home.test", participants: [], ongoing: true },
    },
    {
      type: "provisioned",
      scenario: "s1",
      item: {
        kind: "access-rules",
        owner: "sip:bob@home.test",
        rules: [{ services: [], media: [], senders: [], action: "reject" }],
      },
    },
  );

  it.each([
    ["sip:alice@home.test", "Alice"],
    ["sip:alice@HOME.test;transport=tcp", "Alice"],
    ["tel:+1-555", "Alice"],
    ["sip:bob@home.test", "Bob"],
    ["sip:Bob@home.test", undefined],
    ["sip:ted@home.test", undefined],
    ["not a URI", undefined],
  ])("%s is %s", (uri, actor) => {
    expect(trace.userOf(uri)?.actor).toBe(actor);
  });

  it("is the last that was said", () => {
    expect(trace.group("sip:g@home.test;x=y")?.members).toEqual(["sip:new@home.test"]);
    expect(trace.group("sip:h@home.test")).toBeUndefined();
    expect(trace.session("sip:poc@home.test")?.ongoing).toBe(true);
    expect(trace.accessRules("sip:bob@home.test")).toHaveLength(1);
    expect(trace.accessRules("sip:alice@home.test")).toEqual([]);
    expect(trace.configurationSet).toBe("no-anonymity");
    expect(trace.user("Bob")?.node).toBe("bob");
    expect(trace.user("Ted")).toBeUndefined();
  });
});

describe("HTTP", () => {
  it.each([
    ["GET /a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a HTTP/1.1", ""],
    ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "HTTP/1.1 200 OK", "hi"],
    [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n3;x=y\r\nyou\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK",
      "hiyou",
    ],
    ["garbage", "garbage", ""],
  ])("%j", (text, startLine, body) => {
    const [record] = story(
      crossed("server", "core", "core", text, { protocol: "http", transport: "tcp" }),
    ).http;
    expect(record?.startLine).toBe(startLine);
    expect(Buffer.from(record?.body ?? []).toString()).toBe(body);
  });
});

describe("a reading", () => {
  const events = [
    ...opening(),
    stimulus("1", { token: "tok" }),
    crossed("alice", "core", "core", requestText({ body: "tok" }), { stimulus: "1" }),
    crossed("core", "alice", "core", responseText("202 Accepted")),
    closing(),
  ];
  const dataOf = (trace: ScenarioTrace): unknown => ({
    ...Object.fromEntries(Object.entries(trace).filter(([, member]) => typeof member !== "function")),
    exchanges: trace.exchanges(),
    carriers: trace.stimuli.map((one) => trace.carriersOf(one)),
  });

  it("is the same each time, also from the record", () => {
    const record = readRunBytes(
      Buffer.from(
        placed([runOpened, ...events])
          .map(encodeEvent)
          .join(""),
      ),
    );
    const [fromRecord, again] = [readScenarioTraces(record), readScenarioTraces(record)].map((traces) =>
      traces.map(dataOf),
    );
    expect(fromRecord).toHaveLength(1);
    expect(again).toEqual(fromRecord);
  });

  it("leaves out the events of other scenarios", () => {
    const other = crossed("alice", "core", "core", requestText({ callId: "other" }), { scenario: "s2" });
    expect(read([...opening(), other, ...events.slice(4)]).messages).toHaveLength(2);
  });

  it("needs the beginning of the scenario", () => {
    expect(() => read([closing()])).toThrow(RunRecordError);
  });

  it("of a record without its first line finds nothing", () => {
    expect(readScenarioTraces(readRunBytes(new Uint8Array()))).toEqual([]);
  });
});
