/** Fields of sessions, reliable responses and publication, mutated. */
import { describeBadInput } from "../../testdata/bad-input.ts";
import { SipParseError } from "./error.ts";
import { parseEntityTag } from "./publication-fields.ts";
import { parseReferSub } from "./refer-fields.ts";
import {
  formatReplaces,
  formatRetryAfter,
  formatSessionExpires,
  parseMinSe,
  parseRAck,
  parseReplaces,
  parseRetryAfter,
  parseRSeq,
  parseSessionExpires,
} from "./session-fields.ts";

const errors = [SipParseError];
const text = (bytes: Buffer): string => bytes.toString("utf8");

/** What is read is written, and read again as the same. */
function roundTrip<T>(parse: (value: string) => T, format: (value: T) => string) {
  return (bytes: Buffer): string | undefined => {
    const first = format(parse(text(bytes)));
    return format(parse(first)) === first ? undefined : `reads ${first} otherwise`;
  };
}

/** A number that no octets of the wire can hold is none. */
function number(parse: (value: string) => number) {
  return (bytes: Buffer): string | undefined => {
    const value = parse(text(bytes));
    return Number.isSafeInteger(value) && value >= 0 ? undefined : `reads ${value}`;
  };
}

describeBadInput("Session-Expires", {
  corpus: ["1800;refresher=uac", "90", '4294967295;x="a b";refresher=uas'],
  errors,
  read: roundTrip(parseSessionExpires, formatSessionExpires),
});

describeBadInput("Min-SE", { corpus: ["90;x=y", "4294967295"], errors, read: number(parseMinSe) });

describeBadInput("RSeq", { corpus: ["988789", "4294967295"], errors, read: number(parseRSeq) });

describeBadInput("RAck", {
  corpus: ["776656 1 INVITE", "4294967295\t4294967295 x"],
  errors,
  read: roundTrip(parseRAck, ({ response, sequence, method }) => `${response} ${sequence} ${method}`),
});

describeBadInput("Replaces", {
  corpus: [
    "98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff;early-only",
    '<a>"b"@[c];to-tag=1;from-tag=2;x',
  ],
  morsels: [";to-tag=", ";from-tag=", ";early-only", "@"],
  errors,
  read: roundTrip(parseReplaces, formatReplaces),
});

describeBadInput("Retry-After", {
  corpus: ["18000;duration=3600", "120 (I'm in a (long\\) meeting) today)", "5"],
  morsels: ["(", ")", "\\"],
  errors,
  read: roundTrip(parseRetryAfter, formatRetryAfter),
});

describeBadInput("Refer-Sub", {
  corpus: ["false", "true;x=y"],
  errors,
  read: (bytes) => {
    parseReferSub(text(bytes));
  },
});

describeBadInput("SIP-ETag", { corpus: ["dx200xyz"], errors, read: roundTrip(parseEntityTag, (tag) => tag) });
