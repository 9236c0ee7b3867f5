/** DNS messages, mutated: read or refused, and whatever can be read is answered. */
import { expect, test } from "vitest";
import type { Zone } from "../../spec/zones.ts";
import { describeBadInput } from "../../testdata/bad-input.ts";
import { piecesOf, randomFrom } from "../../testdata/mutation.ts";
import {
  DnsFormatError,
  type DnsMessage,
  type DnsRecord,
  dnsQuery,
  forDnsStream,
  parseDns,
  serializeDns,
  splitDnsStream,
} from "../../wire/dns/message.ts";
import { answerFrom } from "./answer.ts";

const RECORDS: readonly DnsRecord[] = [
  {
    name: "home.example",
    ttl: 60,
    type: "NAPTR",
    data: {
      order: 10,
      preference: 50,
      flags: "S",
      services: "SIP+D2T",
      regexp: "",
      replacement: "_sip._tcp.home.example",
    },
  },
  {
    name: "_sip._tcp.home.example",
    ttl: 60,
    type: "SRV",
    data: { priority: 1, weight: 2, port: 5060, target: "core.home.example" },
  },
  { name: "core.home.example", ttl: 60, type: "A", data: "127.0.0.1" },
  { name: "core.home.example", ttl: 60, type: "AAAA", data: "::1" },
  { name: "alias.home.example", ttl: 60, type: "CNAME", data: "core.home.example" },
];
const ZONES: readonly Zone[] = [{ origin: "home.example", records: RECORDS }];
const response: DnsMessage = { ...dnsQuery(7, "home.example", "NAPTR"), kind: "response", answers: RECORDS };

const CORPUS = [
  serializeDns(dnsQuery(1, "home.example", "NAPTR")),
  serializeDns(dnsQuery(2, "_sip._tcp.home.example", "SRV")),
  serializeDns(dnsQuery(3, "alias.home.example", "A")),
  serializeDns(response),
];
/** Pointers, long labels, counts, types. */
const MORSELS = [
  "\xc0\x0c",
  "\xc0\x00",
  "\xff\xff",
  "\x3f",
  "\x00\x29",
  "\x00\xff",
  "\x04home",
  "\x07example\x00",
];

function read(bytes: Buffer): string | undefined {
  const message = parseDns(bytes);
  return faultOfAnswer(answerFrom(ZONES, { ...message, kind: "query" }));
}

/** What could be read is answered by what can be read. */
function faultOfAnswer(answer: DnsMessage): string | undefined {
  try {
    return parseDns(serializeDns(answer)).id === answer.id ? undefined : "an answer to something else";
  } catch (error) {
    return `no answer: ${String(error)}`;
  }
}

describeBadInput(
  "a DNS message",
  { corpus: CORPUS, morsels: MORSELS, errors: [DnsFormatError], read },
  {
    rounds: 4000,
    around: [
      ["", ""],
      ["\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00", "\x00\x00\x01\x00\x01"],
      ["\x00\x01\x80\x00\x00\x00\xff\xff\x00\x00\x00\x00", ""],
    ],
    repeated: [
      "\x01a",
      "\xc0\x0c",
      "\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00",
      "\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x00\x00\x04abcd",
    ],
  },
);

test("a question whose name is no text is refused: its answer would have to repeat it", () => {
  const label = Buffer.concat([Buffer.from([63]), Buffer.alloc(63, 0xff)]);
  const [query = Buffer.alloc(0)] = CORPUS;
  const asked = Buffer.concat([query.subarray(0, 12), label, query.subarray(12)]);
  expect(() => parseDns(asked)).toThrow(DnsFormatError);
});

test("a stream gives the same messages however it is cut", () => {
  const stream = Buffer.concat(CORPUS.map(forDnsStream));
  for (let seed = 0; seed < 200; seed += 1) {
    let held: Uint8Array = Buffer.alloc(0);
    const found = piecesOf(stream, randomFrom(seed), 90).flatMap((piece) => {
      const { messages, rest } = splitDnsStream(Buffer.concat([held, piece]));
      held = rest;
      return messages.map((message) => Buffer.from(message));
    });
    expect([found, held.length]).toEqual([CORPUS, 0]);
  }
});
