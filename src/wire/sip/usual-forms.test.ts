/** What the patterns of usual forms read, the rules of RFC 3261 25.1 read alike: a change that means nothing keeps a pattern from matching. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readOrError, SipParseError } from "./error.ts";
import { parseAcceptContact, parseMediaType, parseTokenWithParams, parseVia } from "./fields.ts";
import { parseNameAddr } from "./name-addr.ts";
import { parseSipUri } from "./uri.ts";

/** In white space at the end no pattern ends; the rules let it be. */
const spaced = (text: string): string => `${text} `;
/** No pattern takes a scheme in capitals. */
const shouted = (text: string): string => text.replace(/^sips?:/, (scheme) => scheme.toUpperCase());

const READERS: [string, string[], (text: string) => unknown, (text: string) => string][] = [
  [
    "SIP/2.0/UDP ",
    ["h", "a-b", "a.b.", "1.2.3.4", "256.1.1.1", "-", ":5060", "received=::1"],
    parseVia,
    spaced,
  ],
  [
    "",
    ['"A \\" B"', '"A;=<>" ', "A B ", " ", "<sip:a@h;x=y>", "<h:>", "sip:a@h"],
    (text) => parseNameAddr(text),
    spaced,
  ],
  [
    "sip:",
    ["a;b=c@", "a:b@", "%41", "h", "[::1]", ":0", ":65536", ";x-Y=[a]", "?a=b&c=", "1.2.3.4"],
    parseSipUri,
    shouted,
  ],
  ["sips:", ["h.h", "1h", "h1", "h-", "..", ";lr", ";lr=", ";;", "@"], parseSipUri, shouted],
  ["text/", ["plain", ";charset=utf-8", ';boundary="a;b=c"', ";x"], parseMediaType, spaced],
  ["*", [";+g.oma.sip-im", ';+a="<x;y=z>"', ";require", ";explicit", ";Require"], parseAcceptContact, spaced],
  [
    "presence",
    [";id=1", ";id", ";ID=2", '="é"', ";a=[::1]"],
    (text) => parseTokenWithParams(text, "clause"),
    spaced,
  ],
];
const ANYWHERE = [";a", ";b=c", ";a=d", ';q="1;=2"', ";", "=", '"', " ", "é", "A", "0"];

test.each(READERS)("%j and what may follow: %j", (beginning, pieces, read, unusual) => {
  const text = fc
    .array(fc.constantFrom(...pieces, ...pieces, ...ANYWHERE), { maxLength: 6 })
    .map((parts) => beginning + parts.join(""));
  let good = 0;
  fc.assert(
    fc.property(text, (usual) => {
      const [one, other] = [usual, unusual(usual)].map((value) => readOrError(() => read(value)));
      if (one instanceof SipParseError && other instanceof SipParseError) return;
      good += 1;
      expect(one).toEqual(other);
    }),
    { numRuns: 3000 },
  );
  expect(good).toBeGreaterThan(100);
});
