/* oxlint-disable no-control-regex -- what a frame cannot carry is left out of inputs */
/** What holds of any input whatever. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sipRequest, sipResponse } from "./build.ts";
import { digestCredentials, parseDigestChallenge, verifyDigest } from "./digest.ts";
import { appendHeader, withoutHeader } from "./edit.ts";
import { readOrError, SipParseError } from "./error.ts";
import {
  parseAcceptContact,
  parseAuthentication,
  parseCSeq,
  parseMediaType,
  parseProducts,
  parseVia,
  parseWarning,
} from "./fields.ts";
import * as headers from "./headers.ts";
import { formatNameAddr, parseNameAddr } from "./name-addr.ts";
import { parseSip } from "./parse.ts";
import { serializeSip } from "./serialize.ts";
import { escapeUser, formatSipUri, parseSipUri, parseTelUri, sameAddressOfRecord, sameUri } from "./uri.ts";
import { violations } from "./validate.ts";

const anyBytes = fc.uint8Array({ maxLength: 200 });

/** Rubbish alone seldom gets past the start line: pieces of messages, with rubbish between them. */
const PIECES = [
  "MESSAGE sip:bob@example.com SIP/2.0\r\n",
  "SIP/2.0 200 OK\r\n",
  "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\n",
  'From: "A" <sip:a@h>;tag=1\r\n',
  "Content-Length: 1\r\n",
  'Warning: 399 a "b"\r\n',
  "Privacy: none\r\n",
  "Contact: *\r\n",
  "CSeq: 1 MESSAGE\r\n",
  'Authorization: Digest realm="\r\n',
  "P-Asserted-Identity: <tel:+1>, <sip:",
  "Accept-Contact: *;",
  "\r\n",
  "\r\n\r\n",
  "\r\n ",
  "\r",
  "\n",
  ":",
  "<",
  ">",
  '"',
  "\\",
  ";",
  ",",
  "=",
  "%",
  "\u0000",
  "ä",
];
const almostSip = fc
  .array(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ maxLength: 8 })), {
    maxLength: 25,
  })
  .map((pieces) => Buffer.from(`MESSAGE sip:bob@example.com SIP/2.0\r\n${pieces.join("")}\r\n\r\n`));

test.each([
  ["any bytes", anyBytes],
  ["bytes that are almost SIP", almostSip],
])("%s give a message, and the same bytes again, or a SipParseError", (_name, bytes) => {
  fc.assert(
    fc.property(bytes, fc.boolean(), (input, stream) => {
      const message = readOrError(() => parseSip(input, { stream }));
      const failed = message instanceof SipParseError;
      const end = failed || !stream ? input.length : message.received?.length;
      const written = failed ? input : serializeSip(message);
      expect(Buffer.compare(written, input.subarray(0, end))).toBe(0);
      expect(failed ? message.offset : 0).toBeLessThanOrEqual(input.length);
    }),
    { numRuns: 2000 },
  );
});

test("a message that was read says the same when it is written from its parts", () => {
  fc.assert(
    fc.property(almostSip, (input) => {
      const message = readOrError(() => parseSip(input));
      if (message instanceof SipParseError) return;
      // Content-Length may be missing or smaller than the datagram: take it out, so that the body is all that follows.
      const edited = withoutHeader(message, "Content-Length");
      const again = parseSip(serializeSip(edited));
      const shape = ({ name, value }: { name: string; value: string }): string[] => [name, value];
      expect(again.headers.map(shape)).toEqual(edited.headers.map(shape));
      expect(Buffer.from(again.body)).toEqual(Buffer.from(edited.body));
    }),
    { numRuns: 1000 },
  );
});

test("whatever was read can be looked at, validated and answered", () => {
  const views = Object.values({
    ...headers,
    header: undefined,
    headerFields: undefined,
    headerValues: undefined,
    addressesOf: undefined,
    tokensOf: undefined,
    userAgentProducts: undefined,
  });
  fc.assert(
    fc.property(almostSip, (input) => {
      const message = readOrError(() => parseSip(input));
      if (message instanceof SipParseError) return;
      for (const view of views) view?.(message);
      for (const violation of violations(message)) expect(violation.offset).toBeLessThanOrEqual(input.length);
      if (message.kind === "request") sipResponse(message, 400);
    }),
    { numRuns: 1000 },
  );
});

const READERS: [string, (text: string) => unknown][] = [
  ["parseNameAddr", (text) => parseNameAddr(text)],
  ["parseSipUri", (text) => parseSipUri(`sip:${text}`)],
  ["parseTelUri", (text) => parseTelUri(`tel:${text}`)],
  ["parseVia", (text) => parseVia(`SIP/2.0/UDP ${text}`)],
  ["parseCSeq", parseCSeq],
  ["parseWarning", (text) => parseWarning(`399 ${text}`)],
  ["parseMediaType", parseMediaType],
  ["parseAcceptContact", (text) => parseAcceptContact(`*${text}`)],
  ["parseProducts", (text) => parseProducts(text)],
  ["parseAuthentication", (text) => parseAuthentication(`Digest ${text}`)],
  ["parseDigestChallenge", (text) => parseDigestChallenge(`Digest realm="", nonce="", ${text}`)],
];
const fieldText = fc.array(
  fc.oneof(
    fc.constantFrom(
      '"',
      "<",
      ">",
      "sip:a@h",
      ";",
      "=",
      ",",
      "\\",
      "(",
      ")",
      "[",
      "::1",
      "]",
      "/",
      "a",
      "1",
      " ",
      "%41",
      "?",
      "&",
    ),
    fc.string({ maxLength: 3 }),
  ),
  { maxLength: 12 },
);

test.each(READERS)("%s throws nothing but SipParseError", (_name, read) => {
  fc.assert(
    fc.property(fieldText, (pieces) => {
      const outcome = readOrError(() => read(pieces.join("")));
      expect(outcome instanceof SipParseError ? outcome.clause : "read").not.toBe("");
    }),
    { numRuns: 500 },
  );
});

test.each(READERS)("%s is linear", (_name, read) => {
  for (const piece of [
    '"',
    "a ",
    "\\",
    "(",
    ";a",
    "a.",
    ":",
    "%41",
    "<",
    "1",
    " ",
    ",",
    "a=b,",
    ';a="',
    "[",
    "-",
  ]) {
    const started = performance.now();
    readOrError(() => read(piece.repeat(50_000)));
    expect(performance.now() - started).toBeLessThan(2000);
  }
});

test("a display name survives being written and read", () => {
  const name = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\u0000-\u001f\u007f]/g, ""));
  fc.assert(
    fc.property(name, (displayName) => {
      expect(parseNameAddr(formatNameAddr({ displayName, uri: "sip:a@h" })).displayName).toBe(displayName);
    }),
  );
});

test("a built request survives being written and read", () => {
  const token = fc.stringMatching(/^[A-Za-z0-9\-.!%*_+`'~]{1,10}$/);
  const value = fc
    .string({ unit: "grapheme" })
    .map((text) => text.replace(/[\u0000-\u001f\u007f\\]/g, "").replace(/^[ \t]+|[ \t]+$/g, ""));
  const pair = fc.tuple(
    token.filter((name) => !/^(?:l|content-length)$/i.test(name)),
    value,
  );
  fc.assert(
    fc.property(token, fc.array(pair, { maxLength: 10 }), anyBytes, (method, pairs, body) => {
      const made = sipRequest({ method, uri: "sip:b@h", headers: pairs, body });
      const read = parseSip(serializeSip(made), { stream: true });
      expect(read).toMatchObject({ kind: "request", method, uri: "sip:b@h" });
      expect(read.headers.slice(0, -1).map((field) => [field.name, field.value])).toEqual(pairs);
      expect(Buffer.from(read.body)).toEqual(Buffer.from(body));
    }),
  );
});

test("a user part survives being escaped, and URIs are the same as themselves", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.option(fc.nat(65_535)), (user, port) => {
      const text = `sip:${escapeUser(user)}@example.com${port === null ? "" : `:${port}`};lr`;
      expect(formatSipUri(parseSipUri(text))).toBe(text);
      expect([sameUri(text, `${text};x=1`), sameAddressOfRecord(text, text.replace(";lr", ""))]).toEqual([
        true,
        true,
      ]);
    }),
  );
});

test("adding and removing a header field gives the same message", () => {
  fc.assert(
    fc.property(almostSip, (input) => {
      const message = readOrError(() => parseSip(input));
      if (message instanceof SipParseError) return;
      expect(withoutHeader(appendHeader(message, "X-New", "x"), "x-new").headers).toEqual(message.headers);
    }),
  );
});

test("credentials verify with their password only", () => {
  const challenge = parseDigestChallenge('Digest realm="r", nonce="n", qop="auth"');
  fc.assert(
    fc.property(fc.string(), fc.string(), (password, other) => {
      const value = digestCredentials(challenge, {
        username: "a",
        password,
        method: "REGISTER",
        uri: "sip:h",
        cnonce: "c",
      });
      const verdict = verifyDigest(value, { method: "REGISTER", realm: "r", password: () => other });
      expect(verdict.ok).toBe(password === other);
    }),
  );
});
