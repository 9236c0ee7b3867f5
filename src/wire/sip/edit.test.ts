import { expect, test } from "vitest";
import { sipRequest } from "./build.ts";
import {
  appendHeader,
  mapHeader,
  prependHeader,
  withBody,
  withHeader,
  withoutHeader,
  withRequestUri,
} from "./edit.ts";
import { SipParseError } from "./error.ts";
import type { SipRequest } from "./message.ts";
import { parseSip } from "./parse.ts";
import { serializeSip, startLineOf } from "./serialize.ts";

const SOURCE = "MESSAGE sip:b@h SIP/2.0\r\nv:one\r\nSubject: a\r\n b\r\nVIA :two\r\nl: 2\r\n\r\nhi";
const ORIGINAL = parseSip(Buffer.from(SOURCE));

function source(): SipRequest {
  if (ORIGINAL.kind !== "request") throw new Error("not a request");
  return ORIGINAL;
}

function lines(message: SipRequest): string[] {
  return Buffer.from(serializeSip(message)).toString().split("\r\n");
}

const START = "MESSAGE sip:b@h SIP/2.0";
test.each<[string, SipRequest, string[]]>([
  ["replaces all", withHeader(source(), "Via", "x"), [START, "Via: x", "Subject: a", " b", "l: 2", "", "hi"]],
  [
    "adds",
    withHeader(source(), "Event", "x"),
    [START, "v:one", "Subject: a", " b", "VIA :two", "l: 2", "Event: x", "", "hi"],
  ],
  ["removes all", withoutHeader(source(), "via"), [START, "Subject: a", " b", "l: 2", "", "hi"]],
  [
    "appends after the last",
    appendHeader(source(), "Via", "x"),
    [START, "v:one", "Subject: a", " b", "VIA :two", "Via: x", "l: 2", "", "hi"],
  ],
  [
    "appends at the end",
    appendHeader(source(), "X", "x"),
    [START, "v:one", "Subject: a", " b", "VIA :two", "l: 2", "X: x", "", "hi"],
  ],
  [
    "prepends before the first",
    prependHeader(source(), "Subject", "x"),
    [START, "v:one", "Subject: x", "Subject: a", " b", "VIA :two", "l: 2", "", "hi"],
  ],
  [
    "prepends at the top",
    prependHeader(source(), "Route", "x"),
    [START, "Route: x", "v:one", "Subject: a", " b", "VIA :two", "l: 2", "", "hi"],
  ],
  [
    "maps",
    mapHeader(source(), "Via", (value, index) => (index === 0 ? undefined : `${value}!`)),
    [START, "Subject: a", " b", "VIA: two!", "l: 2", "", "hi"],
  ],
  [
    "changes the Request-URI",
    withRequestUri(source(), "tel:+1"),
    ["MESSAGE tel:+1 SIP/2.0", "v:one", "Subject: a", " b", "VIA :two", "l: 2", "", "hi"],
  ],
  [
    "changes the body",
    withBody(source(), "text/plain", Buffer.from("ä")),
    [
      START,
      "v:one",
      "Subject: a",
      " b",
      "VIA :two",
      "Content-Length: 2",
      "Content-Type: text/plain",
      "",
      "ä",
    ],
  ],
  [
    "removes the body",
    withBody(source(), "", new Uint8Array(0)),
    [START, "v:one", "Subject: a", " b", "VIA :two", "Content-Length: 0", "", ""],
  ],
])("%s", (_name, edited, expected) => {
  expect(lines(edited)).toEqual(expected);
  expect(edited).not.toHaveProperty("received");
});

test("fields that moved, doubled or came from elsewhere are written as they came or from their parts", () => {
  const [via, subject, , length] = source().headers;
  if (via === undefined || subject === undefined || length === undefined) throw new Error("too few fields");
  const made = { name: "X", value: "\u00e4", offset: -1 };
  const edited = {
    ...withRequestUri(source(), "sip:c"),
    headers: [length, made, subject, subject, { ...via }],
  };
  expect(lines(edited)).toEqual([
    "MESSAGE sip:c SIP/2.0",
    "l: 2",
    "X: \u00e4",
    "Subject: a",
    " b",
    "Subject: a",
    " b",
    "v: one",
    "",
    "hi",
  ]);
});

test("an edited datagram ends where its Content-Length says, and has the body that it was given", () => {
  const [start, ...fields] = SOURCE.split("\r\n");
  const read = parseSip(Buffer.from(`${SOURCE} more`));
  const via = withHeader(read, "Via", "x");
  expect(Buffer.from(serializeSip(via)).toString()).toBe(
    `${start ?? ""}\r\nVia: x\r\n${[fields[1], fields[2], fields[4], "", "hi"].join("\r\n")}`,
  );
  const other = { ...via, body: Buffer.from("ho") };
  expect(Buffer.from(serializeSip(other)).toString().endsWith("\r\nl: 2\r\n\r\nho")).toBe(true);
});

test("the original stays what it was", () => {
  withHeader(source(), "Via", "x");
  expect(Buffer.from(serializeSip(ORIGINAL)).toString()).toBe(SOURCE);
});

test.each([
  ["line end in a value", () => withHeader(source(), "Subject", "a\r\nVia: b"), "header-value"],
  ["NUL in a value", () => appendHeader(source(), "Subject", "\0"), "header-value"],
  ["line end in a name", () => prependHeader(source(), "A\r\nB", "c"), "header-name"],
  ["empty name", () => sipRequest({ method: "A", uri: "sip:b", headers: [["", "c"]] }), "header-name"],
])("%s is refused", (_name, edit, code) => {
  expect(edit).toThrow(SipParseError);
  expect(edit).toThrow(expect.objectContaining({ code }));
});

test("start lines", () => {
  expect(startLineOf(source())).toBe(START);
  expect(startLineOf(parseSip(Buffer.from("SIP/2.0 042 a  b\r\n\r\n")))).toBe("SIP/2.0 042 a  b");
});
