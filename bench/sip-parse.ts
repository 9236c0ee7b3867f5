/**
 * Reading SIP, against the packages `sip` and `drachtio-sip`: octets to a message with every header field typed at once, addresses down to
 * their URIs, on every side. Scrim does so without loss: it checks the grammar as it reads, and keeps the octets, the order and the place
 * of each field.
 */
import drachtio from "drachtio-sip/lib/parser.js";
import { parseSip } from "../src/wire/sip/parse.ts";
import { serializeSip } from "../src/wire/sip/serialize.ts";
import { violations } from "../src/wire/sip/validate.ts";
import type { Benchmark, Measurement } from "./benchmark.ts";
import { compared } from "./measure.ts";
import type { Contestant } from "./measure.ts";
import { SIP_MESSAGES } from "./sip-messages.ts";
import type { BenchMessage } from "./sip-messages.ts";
import { DRACHTIO, readWith, SIP, typedByPeer } from "./sip-peers.ts";
import { typedFields } from "./typed-fields.ts";

export const benchmark: Benchmark = {
  about: "octets to a SIP message, every header field typed, against sip and drachtio-sip",
  run: measure,
};

function measure(): Measurement[] {
  for (const message of SIP_MESSAGES) checkMessage(message);
  const all = SIP_MESSAGES.flatMap(({ variants }) => variants);
  return [
    // The mixture first: that is what comes, and code that has seen one message only is faster than it ever is at work.
    ...typed("all five", all),
    ...SIP_MESSAGES.flatMap(({ name, variants }) => typed(name, variants)),
    ...compared("SIP parse, fields left as text: all five", "messages/s", all.length, textReaders(all)),
  ];
}

/** Only conforming messages are measured, and only a lossless reader. */
function checkMessage({ name, variants }: BenchMessage): void {
  for (const bytes of variants) {
    const message = parseSip(bytes);
    const [wrong] = violations(message);
    if (wrong !== undefined) throw new Error(`${name}: ${wrong.message} (${wrong.clause})`);
    const { received: _received, ...unread } = message;
    if (Buffer.compare(serializeSip(unread), bytes) !== 0)
      throw new Error(`${name}: written otherwise than read`);
  }
}

function typed(name: string, messages: readonly Buffer[]): Measurement[] {
  return compared(`SIP parse: ${name}`, "messages/s", messages.length, [
    { name: "scrim", run: each(messages, (bytes) => typedFields(parseSip(bytes))) },
    ...[SIP, DRACHTIO].map((peer) => ({
      name: peer.name,
      run: each(messages, (bytes) => typedByPeer(peer, readWith(peer, bytes))),
    })),
  ]);
}

/** What a proxy does with most messages; `sip` has no such way. */
function textReaders(messages: readonly Buffer[]): Contestant[] {
  return [
    { name: "scrim", run: each(messages, (bytes) => parseSip(bytes)) },
    { name: DRACHTIO.name, run: each(messages, (bytes) => drachtio.parseSipMessage(bytes, true)) },
  ];
}

/** Messages are let go of as they are at work. */
function each(messages: readonly Buffer[], read: (bytes: Buffer) => unknown): () => unknown {
  return () => {
    let last: unknown;
    for (const bytes of messages) last = read(bytes);
    return last;
  };
}
