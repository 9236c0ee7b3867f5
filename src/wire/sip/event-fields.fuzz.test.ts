/** Fields of events, REFER, privacy and charging, message/sipfrag, and nonces of AKA, mutated. */
import { describeBadInput } from "../../testdata/bad-input.ts";
import { AkaError } from "../aka/error.ts";
import { formatAkaNonce, parseAkaNonce } from "./aka-digest.ts";
import { formatChargingVector, parseChargingVector } from "./charging-vector.ts";
import { SipParseError } from "./error.ts";
import { formatEvent, formatSubscriptionState, parseEvent, parseSubscriptionState } from "./event-fields.ts";
import { formatPrivacy, parsePrivacy } from "./privacy.ts";
import { formatReferredBy, parseReferredBy, parseReferTo, referUri, targetOf } from "./refer-fields.ts";
import { formatSipfrag, parseSipfrag } from "./sipfrag.ts";

const errors = [SipParseError];
const text = (bytes: Buffer): string => bytes.toString("utf8");

/** What is read is written, and read again as the same. */
function roundTrip<T>(parse: (value: string) => T, format: (value: T) => string) {
  return (bytes: Buffer): string | undefined => {
    const first = format(parse(text(bytes)));
    return format(parse(first)) === first ? undefined : `reads ${first} otherwise`;
  };
}

describeBadInput("Event", {
  corpus: ["conference", "presence.winfo;id=7", 'refer;id=93809824;x="a b"'],
  errors,
  read: roundTrip(parseEvent, formatEvent),
});

describeBadInput("Subscription-State", {
  corpus: ["active;expires=3600", "terminated;reason=probation;retry-after=30", "pending"],
  errors,
  read: roundTrip(parseSubscriptionState, formatSubscriptionState),
});

describeBadInput("P-Charging-Vector", {
  corpus: ['icid-value="a b";icid-generated-at=[2001:db8::1];orig-ioi=home1.net;transit-ioi="x.1,y.2";z'],
  errors,
  read: roundTrip(parseChargingVector, formatChargingVector),
});

describeBadInput("Privacy", {
  corpus: ["header;session;critical", "none", "id"],
  errors,
  read: roundTrip(parsePrivacy, formatPrivacy),
});

describeBadInput("Referred-By", {
  corpus: ['"R" <sip:referror@referror.example>;cid="20398823.2UWQFN309shb3@referror.example"'],
  errors,
  read: roundTrip(parseReferredBy, formatReferredBy),
});

describeBadInput("Refer-To", {
  corpus: [
    "<sip:dave@denver.example.org;method=BYE?Replaces=12345%40192.168.118.3%3Bto-tag%3D12345&X=%c3%a4>",
    "Bob <cid:cn35t8jf02@example.com>",
  ],
  morsels: ["%", "%zz", "?", "&", "=", ";method="],
  errors,
  read: (bytes) => {
    const { requestUri, method, headers, contentId } = parseReferTo(text(bytes));
    if (contentId !== undefined || method === "" || !/^sips?:/i.test(requestUri)) return undefined;
    const again = targetOf(referUri(requestUri, { headers }));
    const same = JSON.stringify(again.headers) === JSON.stringify(headers);
    return same ? undefined : `reads ${JSON.stringify(again.headers)} otherwise`;
  },
});

describeBadInput("message/sipfrag", {
  corpus: ["SIP/2.0 200 OK\r\n", "INVITE sip:a@b SIP/2.0\r\nFrom: <sip:a@b>\r\nSubject: a\r\n b\r\n\r\nbody"],
  errors,
  read: (bytes) => {
    const read = parseSipfrag(bytes);
    const again = parseSipfrag(formatSipfrag(read));
    return again.headers.length === read.headers.length ? undefined : "fields came or went";
  },
});

describeBadInput("a nonce of AKA", {
  corpus: [formatAkaNonce({ rand: new Uint8Array(16).fill(1), autn: new Uint8Array(16).fill(254) })],
  errors: [AkaError],
  read: (bytes) => {
    parseAkaNonce(text(bytes));
  },
});
