/**
 * Reading and writing SIP, against the packages `sip` and `drachtio-sip`.
 *
 * Read: octets to a message, every header field typed at once, addresses down to their URIs. The peers type what they have readers for and
 * leave the rest as text; Scrim types all of it, checks the grammar as it does, and keeps the octets and the place of each field.
 *
 * Write: a message in the form in which its own parser gives it to octets. Scrim's is one that was edited, for of an unedited one it has
 * the octets. `drachtio-sip` writes only what it left as text.
 */
import drachtio from "drachtio-sip/lib/parser.js";
import * as sip from "sip";
import { typedAddresses } from "./peer-addresses.ts";
import { typedFields } from "./typed-fields.ts";
import { parseSip } from "../src/wire/sip/parse.ts";
import { serializeSip } from "../src/wire/sip/serialize.ts";
import { violations } from "../src/wire/sip/validate.ts";
import type { SipMessage } from "../src/wire/sip/message.ts";
import { runsPerSecond } from "./measure.ts";
import type { Contestant, Measurement } from "./measure.ts";
import { SIP_MESSAGES } from "./sip-messages.ts";

export function sipCodec(): Measurement[] {
  for (const { name, bytes } of SIP_MESSAGES) checkMessage(name, bytes);
  const all = SIP_MESSAGES.map(({ bytes }) => bytes);
  const sets = [
    ...SIP_MESSAGES.map(({ name, bytes }) => ({ name, bytes: [bytes] })),
    { name: "all five", bytes: all },
  ];
  return [
    ...sets.flatMap(({ name, bytes }) => compared(`SIP parse: ${name}`, bytes.length, readers(bytes))),
    ...compared("SIP parse, fields left as text: all five", all.length, textReaders(all)),
    ...sets.flatMap(({ name, bytes }) => compared(`SIP serialize: ${name}`, bytes.length, writers(bytes))),
  ];
}

/** Only conforming messages are measured, and only a lossless reader. */
function checkMessage(name: string, bytes: Buffer): void {
  const message = parseSip(bytes);
  const [wrong] = violations(message);
  if (wrong !== undefined) throw new Error(`${name}: ${wrong.message} (${wrong.clause})`);
  const untyped = message.headers.length - typedFields(message).length;
  if (untyped !== 0) throw new Error(`${name}: ${untyped} header fields without typed value`);
  if (Buffer.compare(serializeSip(edited(message)), bytes) !== 0)
    throw new Error(`${name}: written otherwise than read`);
}

/** The same message without the octets from which it was read. */
function edited(message: SipMessage): SipMessage {
  const { received: _received, ...parts } = message;
  return parts;
}

function readers(messages: readonly Buffer[]): Contestant[] {
  const each = (read: (bytes: Buffer) => unknown) => () => messages.map((bytes) => read(bytes));
  return [
    { name: "scrim", run: each((bytes) => typedFields(parseSip(bytes))) },
    {
      name: "sip 0.0.6",
      run: each((bytes) => typedAddresses(readOf("sip", sip.parse(bytes)), SIP_READERS)),
    },
    {
      name: "drachtio-sip 0.6.3",
      run: each((bytes) =>
        typedAddresses(readOf("drachtio-sip", drachtio.parseSipMessage(bytes, false)), DRACHTIO_READERS),
      ),
    },
  ];
}

/** What a proxy does with most messages; `sip` has no such way. */
function textReaders(messages: readonly Buffer[]): Contestant[] {
  return [
    { name: "scrim", run: () => messages.map((bytes) => parseSip(bytes)) },
    {
      name: "drachtio-sip 0.6.3",
      run: () => messages.map((bytes) => drachtio.parseSipMessage(bytes, true)),
    },
  ];
}

const SIP_READERS = {
  address: (text: string) => sip.parseAOR({ s: text, i: 0 }),
  uri: (text: string) => sip.parseUri(text),
};
const readDrachtioAddress = drachtio.getParser("to");
const DRACHTIO_READERS = {
  address: (text: string) => readDrachtioAddress({ s: text, i: 0 }),
  uri: (text: string) => drachtio.parseUri(text),
};

function writers(octets: readonly Buffer[]): Contestant[] {
  const scrim = octets.map((bytes) => edited(parseSip(bytes)));
  const sips = octets.map((bytes) => readOf("sip", sip.parse(bytes)));
  const drachtios = octets.map((bytes) => readOf("drachtio-sip", drachtio.parseSipMessage(bytes, true)));
  return [
    { name: "scrim", run: () => scrim.map((message) => serializeSip(message)) },
    { name: "sip 0.0.6", run: () => sips.map((message) => Buffer.from(sip.stringify(message), "latin1")) },
    {
      name: "drachtio-sip 0.6.3",
      run: () => drachtios.map((message) => Buffer.from(drachtio.stringifySipMessage(message), "utf8")),
    },
  ];
}

function readOf<T extends object>(peer: string, message: T | undefined): T {
  if (message === undefined) throw new Error(`${peer} could not read a message`);
  return message;
}

function compared(name: string, messages: number, contestants: readonly Contestant[]): Measurement[] {
  const rates = runsPerSecond(contestants);
  const value = (rates.get("scrim") ?? Number.NaN) * messages;
  return [...rates]
    .filter(([peer]) => peer !== "scrim")
    .map(([peer, rate]) => {
      const peerValue = rate * messages;
      return { name, value, unit: "messages/s", peer, peerValue, ratio: value / peerValue };
    });
}
