import { expect, test } from "vitest";
import { readOrMsrpError } from "./error.ts";
import {
  formatMsrpPath,
  formatMsrpUri,
  isNumericHost,
  parseMsrpPath,
  parseMsrpUri,
  sameMsrpHost,
  sameMsrpUri,
} from "./uri.ts";
import type { MsrpUri } from "./uri.ts";

test.each<[string, MsrpUri]>([
  [
    "msrp://host.example.com:8493/asfd34;tcp",
    {
      scheme: "msrp",
      host: "host.example.com",
      port: 8493,
      sessionId: "asfd34",
      transport: "tcp",
      params: [],
    },
  ],
  [
    "msrps://alice@intra.example.com;tcp",
    { scheme: "msrps", user: "alice", host: "intra.example.com", transport: "tcp", params: [] },
  ],
  [
    "msrp://[::1]:9/a/b+=;tcp;x;y=z",
    {
      scheme: "msrp",
      host: "[::1]",
      port: 9,
      sessionId: "a/b+=",
      transport: "tcp",
      params: [{ name: "x" }, { name: "y", value: "z" }],
    },
  ],
  [
    "msrp://a;b:c@h%41:1/s;tcp",
    { scheme: "msrp", user: "a;b:c", host: "h%41", port: 1, sessionId: "s", transport: "tcp", params: [] },
  ],
])("%s is read and written", (text, uri) => {
  expect(parseMsrpUri(text)).toEqual(uri);
  expect(formatMsrpUri(uri)).toBe(text);
});

test.each<[string, number, string]>([
  ["http://a", 0, "msrp"],
  ["msrp:a:1/s;tcp", 0, "msrp://"],
  ["msrp://:1/s;tcp", 7, "host"],
  ["msrp://a:/s;tcp", 9, "port"],
  ["msrp://a:65536/s;tcp", 9, "port"],
  ["msrp://a b:1/s;tcp", 7, "host"],
  ["msrp://a:1/;tcp", 11, "session-id"],
  ["msrp://a:1/s", 12, "transport"],
  ["msrp://a:1/s;", 13, "transport"],
  ["msrp://a:1/s;t-p", 13, "transport"],
  ["msrp://a:1/s;tcp;", 17, "parameter"],
  ["msrp://a:1/s;tcp;x=", 17, "parameter"],
  ['msrp://a"@h:1/s;tcp', 7, "userinfo"],
  ["msrp://a:1;tcp/s", 11, "transport"],
])("%s is wrong at %i", (text, offset, expected) => {
  const error = readOrMsrpError(() => parseMsrpUri(text));
  expect(error).toMatchObject({ code: "uri-syntax", offset });
  expect(error).toHaveProperty("expected", expect.stringContaining(expected));
});

/** RFC 4975 6.1, rule by rule. */
test.each([
  ["msrp://a:1/s;tcp", "MSRP://A:1/s;TCP", true],
  ["msrp://a:1/s;tcp", "msrps://a:1/s;tcp", false],
  ["msrp://a:1/s;tcp", "msrp://b:1/s;tcp", false],
  ["msrp://a:1/s;tcp", "msrp://user@a:1/s;tcp", true],
  ["msrp://%61:1/s;tcp", "msrp://a:1/s;tcp", true],
  ["msrp://a%2Cb:1/s;tcp", "msrp://a,b:1/s;tcp", false],
  ["msrp://[2001:db8::1]:1/s;tcp", "msrp://[2001:0DB8:0:0:0:0:0:1]:1/s;tcp", true],
  ["msrp://[::ffff:192.0.2.1]:1/s;tcp", "msrp://[::ffff:c000:201]:1/s;tcp", true],
  ["msrp://[::1]:1/s;tcp", "msrp://[::2]:1/s;tcp", false],
  ["msrp://a:1/s;tcp", "msrp://a:2/s;tcp", false],
  ["msrp://a:2855/s;tcp", "msrp://a/s;tcp", false],
  ["msrp://a/s;tcp", "msrp://a/s;tcp", true],
  ["msrp://a:1/s;tcp", "msrp://a:1/S;tcp", false],
  ["msrp://a:1;tcp", "msrp://a:1/s;tcp", false],
  ["msrp://a:1/s;tcp", "msrp://a:1/s;udp", false],
  ["msrp://a:1/s;tcp", "msrp://a:1/s;tcp;x=y", true],
  ["no URI", "no URI", true],
  ["no URI", "msrp://a:1/s;tcp", false],
])("%s and %s: %s", (a, b, same) => {
  expect([sameMsrpUri(a, b), sameMsrpUri(b, a)]).toEqual([same, same]);
});

test.each([
  ["192.0.2.1", true],
  ["[::1]", true],
  ["a.example.com", false],
  ["192.0.2.example", false],
])("%s is a numeric host: %s", (host, numeric) => {
  expect(isNumericHost(host)).toBe(numeric);
  expect(sameMsrpHost(host, host.toUpperCase())).toBe(true);
});

test("a path is read and written, its errors have their place in it", () => {
  const text = "msrp://a:1/s;tcp msrps://b:2/t;tcp";
  expect(parseMsrpPath(text).map(({ host }) => host)).toEqual(["a", "b"]);
  expect(formatMsrpPath(parseMsrpPath(text))).toBe(text);
  expect(readOrMsrpError(() => parseMsrpPath(`${text} msrp://c:x/u;tcp`))).toMatchObject({
    code: "uri-syntax",
    offset: 42,
  });
});
