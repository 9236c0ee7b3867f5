/**
 * Writing SIP, against the packages `sip` and `drachtio-sip`: a message, in the form in which its own parser gives it, to octets. Scrim's was
 * changed in one field, as a proxy does; of the others it has the octets. Also measured is one of which nothing is left but its parts.
 * `drachtio-sip` writes only what it left as text.
 */
import drachtio from "drachtio-sip/lib/parser.js";
import * as sip from "sip";
import { withHeader } from "../src/wire/sip/edit.ts";
import type { SipMessage } from "../src/wire/sip/message.ts";
import { parseSip } from "../src/wire/sip/parse.ts";
import { serializeSip } from "../src/wire/sip/serialize.ts";
import type { Benchmark, Measurement } from "./benchmark.ts";
import { compared } from "./measure.ts";
import { SIP_MESSAGES } from "./sip-messages.ts";
import { DRACHTIO, messageOf, SIP } from "./sip-peers.ts";

export const benchmark: Benchmark = {
  about: "a SIP message to octets, against sip and drachtio-sip",
  run: measure,
};

function measure(): Measurement[] {
  const all = SIP_MESSAGES.flatMap(({ variants }) => variants);
  return [
    ...written("SIP serialize, one field changed: all five", all, changed),
    ...written("SIP serialize, made of its parts: all five", all, partsOf),
    ...SIP_MESSAGES.flatMap(({ name, variants }) =>
      written(`SIP serialize, one field changed: ${name}`, variants, changed),
    ),
  ];
}

function changed(message: SipMessage): SipMessage {
  return withHeader(message, "Max-Forwards", "60");
}

/** Nothing is left of the octets from which it was read. */
function partsOf({ received: _received, ...parts }: SipMessage): SipMessage {
  return parts;
}

function written(
  name: string,
  octets: readonly Buffer[],
  prepared: (message: SipMessage) => SipMessage,
): Measurement[] {
  const scrim = octets.map((bytes) => prepared(parseSip(bytes)));
  const sips = octets.map((bytes) => messageOf(SIP.name, sip.parse(bytes)));
  const drachtios = octets.map((bytes) => messageOf(DRACHTIO.name, drachtio.parseSipMessage(bytes, true)));
  return compared(name, "messages/s", octets.length, [
    { name: "scrim", run: each(scrim, serializeSip) },
    { name: SIP.name, run: each(sips, (message) => Buffer.from(sip.stringify(message), "latin1")) },
    {
      name: DRACHTIO.name,
      run: each(drachtios, (message) => Buffer.from(drachtio.stringifySipMessage(message), "utf8")),
    },
  ]);
}

/** Octets are let go of as they are at work. */
function each<Message>(messages: readonly Message[], write: (message: Message) => unknown): () => unknown {
  return () => {
    let last: unknown;
    for (const message of messages) last = write(message);
    return last;
  };
}
