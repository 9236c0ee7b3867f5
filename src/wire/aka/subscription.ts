/** What a USIM and the home network hold about one subscriber, read from configuration. */
import { AMF_BYTES, KEY_BYTES, opcFrom, SQN_BYTES, type MilenageKeys } from "./milenage.ts";
import { octetsFromHex } from "./octets.ts";
import { sqnFrom } from "./sequence-number.ts";

/** All in hexadecimal digits; one of `op` and `opc`. */
export interface AkaConfig {
  readonly k: string;
  readonly op?: string;
  readonly opc?: string;
  readonly amf?: string;
  readonly sqn?: string;
}

export interface AkaSubscription extends MilenageKeys {
  readonly amf: Uint8Array;
  /** The sequence number that was used last. */
  readonly sqn: number;
}

/** 3GPP TS 33.102 Annex H: the separation bit is 0 outside EPS. */
const DEFAULT_AMF = "0000";
const DEFAULT_SQN = "000000000000";

/** Throws {@link AkaError} `encoding` or `length`; without `opc`, OP is that given or zero. */
export function akaSubscription(config: AkaConfig): AkaSubscription {
  const k = octetsFromHex("k", config.k, KEY_BYTES);
  const opc =
    config.opc === undefined
      ? opcFrom(k, octetsFromHex("op", config.op ?? "0".repeat(2 * KEY_BYTES), KEY_BYTES))
      : octetsFromHex("opc", config.opc, KEY_BYTES);
  return {
    k,
    opc,
    amf: octetsFromHex("amf", config.amf ?? DEFAULT_AMF, AMF_BYTES),
    sqn: sqnFrom(octetsFromHex("sqn", config.sqn ?? DEFAULT_SQN, SQN_BYTES)),
  };
}
