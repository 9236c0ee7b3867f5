/** P-Charging-Vector (RFC 7315 4.6, 5.6). */
import { readable } from "./error.ts";
import { FieldReader, formatParams, isToken, type Params, quoted, unquoted } from "./grammar.ts";
import { header } from "./headers.ts";
import type { SipMessage } from "./message.ts";

/** Values without quotes. */
export interface ChargingVector {
  /** Unique in all networks for as long as charging data are kept. */
  readonly icid: string;
  /** Host that made the icid. */
  readonly generatedAt?: string;
  /** Inter-operator identifiers of the network of the caller, and of the called user. */
  readonly origIoi?: string;
  readonly termIoi?: string;
  readonly transitIoi?: string;
  readonly relatedIcid?: string;
  readonly relatedGeneratedAt?: string;
  /** All that are not named above, as sent. */
  readonly others?: Params;
}

const ICID = "icid-value";
const NAMES = {
  "icid-generated-at": "generatedAt",
  "orig-ioi": "origIoi",
  "term-ioi": "termIoi",
  "transit-ioi": "transitIoi",
  "related-icid": "relatedIcid",
  "related-icid-generated-at": "relatedGeneratedAt",
} as const;
/** `host` may stand without quotes although an IPv6 address is no token. */
const BARE: ReadonlySet<string> = new Set(["icid-generated-at", "related-icid-generated-at"]);

/** RFC 7315 5.6 `P-Charging-Vector = "P-Charging-Vector" HCOLON icid-value *(SEMI charge-params)`; throws SipParseError. */
export function parseChargingVector(value: string): ChargingVector {
  const reader = new FieldReader(value, "RFC 7315 5.6 P-Charging-Vector");
  if (reader.token("icid-value").toLowerCase() !== ICID)
    throw reader.fail("icid-value first", "field-syntax", 0);
  reader.expect("=");
  const icid = reader.genValue(ICID);
  const params = new Map(reader.params());
  reader.end("a parameter or the end of the value");
  if (params.has(ICID)) throw reader.fail("icid-value only once", "duplicate-parameter", 0);
  const known: { -readonly [Name in (typeof NAMES)[keyof typeof NAMES]]?: string } = {};
  for (const [name, property] of Object.entries(NAMES)) {
    const found = params.get(name);
    if (found !== undefined) known[property] = unquoted(found);
    params.delete(name);
  }
  return { icid: unquoted(icid), ...known, ...(params.size === 0 ? {} : { others: params }) };
}

export function formatChargingVector(vector: ChargingVector): string {
  const params = Object.entries(NAMES).flatMap(([name, property]) => {
    const value = vector[property];
    return value === undefined ? [] : [`;${name}=${BARE.has(name) ? value : genValue(value)}`];
  });
  return `icid-value=${genValue(vector.icid)}${params.join("")}${formatParams(vector.others ?? new Map())}`;
}

export function chargingVectorOf(message: SipMessage): ChargingVector | undefined {
  const value = header(message, "P-Charging-Vector");
  return value === undefined ? undefined : readable(() => parseChargingVector(value));
}

function genValue(text: string): string {
  return isToken(text) ? text : quoted(text);
}
