import { describe, expect, it } from "vitest";
import type { UnplacedEvent } from "./recorder.ts";
import { encodeEvent, readRunBytes, RunRecordError } from "./ndjson.ts";
import { readScenarioTraces } from "./scenario-trace-reader.ts";
import type { ScenarioTrace } from "./scenario-trace.ts";
import {
  closing,
  crossed,
  opening,
  placed,
  requestText,
  responseText,
  runOpened,
} from "./testdata/events.ts";
import { read, story } from "./testdata/story.ts";

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
  const membersOf = (view: object): object =>
    Object.fromEntries(Object.entries(view).filter(([, member]) => typeof member !== "function"));
  const dataOf = (trace: ScenarioTrace): unknown => ({
    ...membersOf(trace),
    sessionMode: membersOf(trace.sessionMode),
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
