/** Which scenario a message belongs to, and what is no message. */
import { describe, expect, it } from "vitest";
import { identitiesIn } from "../peer/core/identities-in.ts";
import { sipRequest } from "../wire/sip/build.ts";
import { Attribution } from "./attribution.ts";

function attribution(): Attribution {
  const made = new Attribution(identitiesIn);
  made.claim("sip:alice@home.example;user=phone", "s001");
  made.claim("sip:bob@home.example", "s002");
  return made;
}

function message(headers: readonly (readonly [string, string])[]): ReturnType<typeof sipRequest> {
  return sipRequest({ method: "MESSAGE", uri: "sip:somebody@elsewhere.example", headers: [...headers] });
}

const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");

describe("a message", () => {
  it("belongs to the scenario of whom it names, and so does its call from then on", () => {
    const known = attribution();
    const first = message([
      ["From", "<sip:alice@home.example>;tag=1"],
      ["Call-ID", "call-1"],
      ["CSeq", "1 MESSAGE"],
    ]);
    expect(known.ofMessage(first)).toBe("s001");
    const later = message([
      ["From", "<sip:bob@home.example>;tag=2"],
      ["Call-ID", "call-1"],
      ["CSeq", "2 MESSAGE"],
    ]);
    expect(known.ofMessage(later)).toBe("s001");
  });

  it.each([
    ["a broken From", [["From", '"<<;;']]],
    ["no header field at all", []],
    ["a Call-ID of sixty thousand characters", [["Call-ID", "x".repeat(60_000)]]],
  ] as const)("with %s belongs to nobody", (_name, headers) => {
    expect(attribution().ofMessage(message([...headers]))).toBeUndefined();
  });
});

describe("what is no message", () => {
  const calls = attribution();
  calls.ofMessage(
    message([
      ["From", "<sip:bob@home.example>;tag=1"],
      ["Call-ID", "call-7"],
      ["CSeq", "1 MESSAGE"],
    ]),
  );

  it.each([
    ["a Call-ID that is known", "SIP/2.0 200 OK\r\nVia: \u0000\r\nCall-ID: call-7\r\n", "s002"],
    ["the compact form of it", "\u00ff\r\ni:call-7\r\n", "s002"],
    ["somebody's name", "MESSAGE sip:Alice@Home.example SIP/9", "s001"],
    ["a Call-ID that nobody knows", "SIP/2.0 200 OK\r\nCall-ID: call-8\r\n", undefined],
    ["nothing", "\u00ff\u00fe\u0000", undefined],
  ])("but has %s", (_name, text, scenario) => {
    expect(calls.ofRuins(bytes(text))).toBe(scenario);
  });
});
