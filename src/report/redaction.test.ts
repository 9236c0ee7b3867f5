import { expect, test } from "vitest";
import { decodeBytes, encodeBytes } from "../trace/bytes.ts";
import { credentialRanges, withoutCredentials } from "./redaction.ts";

test.each([
  ['Authorization: Digest username="a", response="0123", uri="sip:x"', ['"0123"']],
  ["Proxy-Authorization:Digest response=0123,uri=x", ["0123"]],
  ['AUTHORIZATION : Digest a=b,\r\n response = "01\\"23"', ['"01\\"23"']],
  ["Authorization: Basic QWxhZGRpbg==", ["QWxhZGRpbg=="]],
  ["authorization: token", ["token"]],
  ['Authentication-Info: nextnonce="n", rspauth="99"', ['"99"']],
  ["Cookie: a=b; c=d", ["a=b; c=d"]],
  ['WWW-Authenticate: Digest realm="home", nonce="n"', []],
  ["Subject: Authorization: Basic x", []],
])("%s", (header, secrets) => {
  const text = `MESSAGE sip:é SIP/2.0\r\nVia: x\r\n${header}\r\nTo: y\r\n\r\n`;
  const bytes = Buffer.from(text);
  const found = credentialRanges(bytes).map(({ from, to }) => bytes.subarray(from, to).toString());
  expect(found).toEqual(secrets);
});

test.each([
  ["a body", 64 * 1024],
  ["b".repeat(10_000), 100],
])("overwriting keeps the length", (body, limit) => {
  const bytes = Buffer.from(`M s SIP/2.0\r\nAuthorization: Digest response="0123"\r\n\r\n${body}`);
  const recorded = encodeBytes(bytes, limit);
  const kept = Buffer.from(decodeBytes(withoutCredentials(recorded))).toString();
  const hidden = Buffer.from(decodeBytes(withoutCredentials(recorded, true))).toString();
  expect(kept).toHaveLength(bytes.length);
  expect(kept).toContain("response=xxxxxx");
  expect(kept).toContain(body.slice(0, 5));
  expect(hidden).toHaveLength(bytes.length);
  expect(hidden).not.toMatch(/a body|b{5}/);
});
