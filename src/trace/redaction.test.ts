import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBytes, encodeBytes } from "./bytes.ts";
import type { RunEvent } from "./event.ts";
import { redactBytes, redactEvent, redactEvents } from "./redaction.ts";
import { readScenarioTrace } from "./scenario-trace-reader.ts";
import {
  closing,
  crossed,
  opening,
  placed,
  requestText,
  runOpenedWith,
  sutFile,
  traceEvents,
} from "./testdata/events.ts";

const redacted = (text: string, bodies = false): string =>
  Buffer.from(redactBytes(new TextEncoder().encode(text), { bodies })).toString();

describe("redaction", () => {
  it.each([
    [
      'Authorization: Digest username="a", response="abc", nc=1',
      'Authorization: Digest username="a", response="***", nc=1',
    ],
    [
      "proxy-authorization : Digest response = abc,uri=x",
      "proxy-authorization : Digest response = ***,uri=x",
    ],
    [
      'Authorization: Digest a=b,\r\n response="abc"\r\nTo: response="abc"',
      'Authorization: Digest a=b,\r\n response="***"\r\nTo: response="abc"',
    ],
    ['Authorization: Digest response="a\\"b", x="y"', 'Authorization: Digest response="****", x="y"'],
    ['Authorization: Digest response="cut', 'Authorization: Digest response="***'],
    ['Authorization: Digest auts="abc"', 'Authorization: Digest auts="***"'],
    ["Authorization: Basic YTpi", "Authorization: Basic ****"],
    ["Authorization: Basic YTpi\r\n  more\r\nTo: x", "Authorization: Basic ****\r\n  ****\r\nTo: x"],
    ["Authorization: secret", "Authorization: ******"],
    ['Authentication-Info: rspauth="abc", nc=1', 'Authentication-Info: rspauth="***", nc=1'],
    ['WWW-Authenticate: Digest nonce="abc"', 'WWW-Authenticate: Digest nonce="abc"'],
    [
      'WWW-Authenticate: Digest nonce="a", ik="00ff", ck="11"',
      'WWW-Authenticate: Digest nonce="a", ik="****", ck="**"',
    ],
    ["To: <sip:bob:pass@home.test>", "To: <sip:bob:****@home.test>"],
    ["To: <sip:home.test:5060;x=y@z>", "To: <sip:home.test:5060;x=y@z>"],
    ["X-Authorization: a b", "X-Authorization: a b"],
  ])("%j", (text, expected) => {
    expect(redacted(text)).toBe(expected);
  });

  it("takes bodies out on request, and keeps their length", () => {
    const text = requestText({ body: "Grüße\r\nan alle" });
    expect(redacted(text)).toBe(text);
    expect(redacted(text, true)).toBe(text.replace("Grüße\r\nan alle", "*******\r\n** ****"));
  });

  it("never changes lengths", () => {
    const piece = fc.constantFrom(
      "Authorization:",
      " Digest ",
      "response=",
      '"',
      "\\",
      "\r\n",
      "sip:a:b@c",
      "ü",
      "x",
      "\r\n\r\n",
      ",",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.boolean(), (pieces, bodies) => {
        const bytes = new TextEncoder().encode(pieces.join(""));
        expect(redactBytes(bytes, { bodies })).toHaveLength(bytes.length);
      }),
    );
  });

  it("is done with megabytes in no time", () => {
    const started = performance.now();
    for (const text of ['response="', "sip:", "a:", "Authorization: \\", " \t"])
      redacted(text.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it.each([
    ["text", requestText({ headers: ['Authorization: Digest response="secret"'], body: "topsecret" })],
    ["base64", new Uint8Array([...new TextEncoder().encode(requestText({ body: "topsecret" })), 0xff])],
    [
      "a cut body",
      requestText({ headers: ['Authorization: Digest response="secret"'], body: "topsecret".repeat(20_000) }),
    ],
  ])("reaches messages recorded as %s", (_name, message) => {
    const event = placed([crossed("alice", "core", "core", message)])[0]!;
    const after = redactEvent(event, { bodies: true });
    const text = after.type === "crossed" ? Buffer.from(decodeBytes(after.bytes)).toString("latin1") : "";
    expect(text).toContain("MESSAGE sip:bob@home.test SIP/2.0");
    expect(text).not.toContain("secret");
  });

  it("reaches the SUT file, findings, stimuli and answers of drivers", () => {
    const client = {
      node: "c",
      trigger: { kind: "http", url: "http://me:secret@host/x", timeoutMs: 1 },
      user: "sip:alice@home.test",
      transport: "udp",
      conferenceFactory: "sip:f@home.test",
      congestionSafe: false,
    } as const;
    const events = placed([
      runOpenedWith({ ...sutFile, client }),
      {
        type: "stimulated",
        scenario: "s1",
        id: "1",
        actor: "Alice",
        action: "send-message",
        intent: { text: "secret", to: ["x"] },
        deviations: [],
      },
      { type: "driver-answered", node: "c", ok: true, says: "shows secret" },
      {
        type: "finding",
        scenario: "s1",
        statement: "x",
        check: "x",
        verdict: "fail",
        blame: "sut",
        purpose: true,
        expected: "response=secret",
        actual: 'Digest response="secret"',
        evidence: [],
        items: [],
      },
    ]);
    const after: readonly RunEvent[] = redactEvents(events, { bodies: true });
    expect(JSON.stringify(events)).toContain("secret");
    expect(JSON.stringify(after)).not.toContain("secret");
    expect(JSON.stringify(after)).toContain('"to":["x"]');
    expect(after.map(({ seq, type }) => [seq, type])).toEqual(events.map(({ seq, type }) => [seq, type]));
  });

  it("leaves a trace that reads as before", () => {
    const events = traceEvents([
      ...opening(),
      crossed(
        "server",
        "core",
        "core",
        requestText({ headers: ['Authorization: Digest response="secret", username="a"'] }),
      ),
      closing(),
    ]);
    const trace = readScenarioTrace(redactEvents(events), sutFile);
    expect(trace.malformed).toEqual([]);
    expect(trace.exchanges()).toHaveLength(1);
  });

  it("gives recorded bytes back that were cut within a character", () => {
    const bytes = encodeBytes(new TextEncoder().encode(`A: b\r\n\r\n${"ü".repeat(40_000)}`));
    const event = placed([crossed("alice", "core", "core", "x", { bytes })])[0]!;
    const after = redactEvent(event);
    expect(after).toEqual(event);
  });
});
