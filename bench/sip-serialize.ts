/**
 * Writing SIP, against the packages `sip` and `drachtio-sip`: a message, in the form in which its own parser gives it, to octets. Scrim's is
 * one that was edited, for of an unedited one it has the octets. `drachtio-sip` writes only what it left as text.
 */
import drachtio from "drachtio-sip/lib/parser.js";
import * as sip from "sip";
import { withHeader } from "../src/wire/sip/edit.ts";
import { parseSip } from "../src/wire/sip/parse.ts";
import { serializeSip } from "../src/wire/sip/serialize.ts";
import type { Benchmark, Measurement } from "./benchmark.ts";
import { compared } from "./measure.ts";
import { SIP_MESSAGES } from "./sip-messages.ts";
import { DRACHTIO, messageOf, SIP } from "./sip-peers.ts";

export const benchmark: Benchmark = {
  about: "an edited SIP message to octets, against sip and drachtio-sip",
  run: measure,
};

function measure(): Measurement[] {
  const all = SIP_MESSAGES.flatMap(({ variants }) => variants);
  return [
    ...written("all five", all),
    ...SIP_MESSAGES.flatMap(({ name, variants }) => written(name, variants)),
  ];
}

function written(name: string, octets: readonly Buffer[]): Measurement[] {
  const scrim = octets.map((bytes) => withHeader(parseSip(bytes), "Max-Forwards", "60"));
  const sips = octets.map((bytes) => messageOf(SIP.name, sip.parse(bytes)));
  const drachtios = octets.map((bytes) => messageOf(DRACHTIO.name, drachtio.parseSipMessage(bytes, true)));
  return compared(`SIP serialize: ${name}`, "messages/s", octets.length, [
    { name: "scrim", run: () => scrim.map((message) => serializeSip(message)) },
    { name: SIP.name, run: () => sips.map((message) => Buffer.from(sip.stringify(message), "latin1")) },
    {
      name: DRACHTIO.name,
      run: () => drachtios.map((message) => Buffer.from(drachtio.stringifySipMessage(message), "utf8")),
    },
  ]);
}
