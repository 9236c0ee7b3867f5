/** Values of header fields, each read whole. Every reader throws SipParseError with the place in the value. */
import { lowerCase } from "./characters.ts";
import { FieldReader, unquoted } from "./grammar.ts";
import { usualParams } from "./params.ts";
import type { Params } from "./params.ts";
import { USUAL_PARAMS, USUAL_TOKEN } from "./usual-forms.ts";

export { parseVia } from "./via.ts";
export type { Via } from "./via.ts";

export interface CSeq {
  /** Below 2^31 in a conforming message (RFC 3261 8.1.1.5). */
  readonly number: number;
  readonly method: string;
}

/** RFC 3261 25.1 `CSeq = "CSeq" HCOLON 1*DIGIT LWS Method` */
export function parseCSeq(value: string): CSeq {
  const reader = new FieldReader(value, "RFC 3261 20.16 CSeq");
  const number = Number(reader.digits("a sequence number"));
  reader.lws("the method");
  const method = reader.token("a method");
  reader.end();
  return { number, method };
}

export interface Warning {
  readonly code: number;
  readonly agent: string;
  /** Without quotes and escapes. */
  readonly text: string;
}

/** RFC 3261 25.1 `warn-agent = hostport / pseudonym`, `pseudonym = token`; `host` or token, with a port after a host only. */
const WARN_AGENT = /\[[0-9A-Fa-f:.]+\](?::[0-9]+)?|[A-Za-z0-9\-.!%*_+`'~]+(?::[0-9]+)?/y;

/** RFC 3261 25.1 `warning-value = warn-code SP warn-agent SP warn-text`, `warn-code = 3DIGIT`, `warn-text = quoted-string` */
export function parseWarning(value: string): Warning {
  const reader = new FieldReader(value, "RFC 3261 20.43 Warning");
  const code = reader.need(/[0-9]{3}(?![0-9])/y, "a warn-code of three digits");
  oneSpace(reader, "warn-agent");
  const agent = reader.need(WARN_AGENT, "a warn-agent (host with port, or token)");
  oneSpace(reader, "warn-text");
  const text = unquoted(reader.quotedString("a warn-text"));
  reader.end();
  return { code: Number(code), agent, text };
}

/** `SP`, not `LWS`; `quoted-string` brings white space of its own, so more of it is let through before warn-text. */
function oneSpace(reader: FieldReader, before: string): void {
  if (reader.peek() !== " ") throw reader.fail(`a space before ${before}`);
  reader.space();
}

/** A value with parameters: a media type, an event package, a disposition. */
export interface ParameterizedValue {
  /** In lower case. */
  readonly type: string;
  readonly params: Params;
}

/**
 * RFC 3261 25.1 `media-type = m-type SLASH m-subtype *(SEMI m-parameter)`, `m-parameter = m-attribute EQUAL m-value`. Names of types are
 * compared without regard to case (RFC 2045 5.1), so the type is given in lower case.
 */
export function parseMediaType(value: string): ParameterizedValue {
  return usualMediaType(value) ?? anyMediaType(value);
}

const USUAL_MEDIA_TYPE = new RegExp(`^(${USUAL_TOKEN}/${USUAL_TOKEN})${USUAL_PARAMS}$`);

function usualMediaType(value: string): ParameterizedValue | undefined {
  const found = USUAL_MEDIA_TYPE.exec(value);
  const params = found === null ? undefined : usualParams(found, 2);
  if (params === undefined) return undefined;
  for (const parameter of params.values()) if (parameter === undefined) return undefined;
  return { type: lowerCase(found?.[1] ?? ""), params };
}

function anyMediaType(value: string): ParameterizedValue {
  const reader = new FieldReader(value, "RFC 3261 20.15 Content-Type");
  const type = reader.token("a type");
  reader.expect("/");
  const subtype = reader.token("a subtype");
  const params = reader.params();
  reader.end("a parameter or the end of the value");
  for (const [attribute, parameter] of params) {
    if (parameter === undefined) throw reader.fail(`a value of parameter ${attribute}`);
  }
  return { type: lowerCase(`${type}/${subtype}`), params };
}

/** `token *( SEMI generic-param )`: Event (RFC 6665 8.4, case-sensitive), Content-Disposition, Session-Expires, option tags. */
export function parseTokenWithParams(value: string, clause: string): ParameterizedValue {
  const found = USUAL_TOKEN_WITH_PARAMS.exec(value);
  const params = found === null ? undefined : usualParams(found, 2);
  return params === undefined ? anyTokenWithParams(value, clause) : { type: found?.[1] ?? "", params };
}

const USUAL_TOKEN_WITH_PARAMS = new RegExp(`^(${USUAL_TOKEN})${USUAL_PARAMS}$`);

function anyTokenWithParams(value: string, clause: string): ParameterizedValue {
  const reader = new FieldReader(value, clause);
  const type = reader.token("a name");
  const params = reader.params();
  reader.end("a parameter or the end of the value");
  return { type, params };
}

/** RFC 3841 10 `ac-value = "*" *(SEMI ac-params)`; RFC 3840 9: a tag stands only once. */
export interface AcceptContact {
  /** Feature tags and other parameters but `require` and `explicit`; values without quotes. */
  readonly features: Params;
  readonly require: boolean;
  readonly explicit: boolean;
}

export function parseAcceptContact(value: string): AcceptContact {
  const reader = new FieldReader(value, "RFC 3841 10 Accept-Contact");
  if (reader.peek() !== "*") throw reader.fail('"*"');
  reader.at += 1;
  const params = reader.params();
  reader.end("a parameter or the end of the value");
  const features = new Map<string, string | undefined>();
  for (const [name, tag] of params) {
    if (name !== "require" && name !== "explicit")
      features.set(name, tag === undefined ? undefined : unquoted(tag));
  }
  return { features, require: params.has("require"), explicit: params.has("explicit") };
}

export interface Product {
  readonly name: string;
  readonly version?: string;
}

/**
 * RFC 3261 25.1 `server-val = product / comment`, `product = token [SLASH product-version]`, `server-val *(LWS server-val)`. Comments are
 * checked and left out.
 */
export function parseProducts(value: string, clause = "RFC 3261 20.41 User-Agent"): Product[] {
  const reader = new FieldReader(value, clause);
  const products: Product[] = [];
  let first = true;
  while (!reader.done) {
    if (!first) reader.lws("the next product or comment");
    if (reader.done) break;
    if (reader.peek() === "(") skipComment(reader);
    else products.push(readProduct(reader));
    first = false;
  }
  if (first) throw reader.fail("a product or a comment");
  return products;
}

function readProduct(reader: FieldReader): Product {
  const name = reader.token("a product");
  return reader.takes("/") ? { name, version: reader.token("a product version") } : { name };
}

/** RFC 3261 25.1 `comment = LPAREN *(ctext / quoted-pair / comment) RPAREN` */
export function skipComment(reader: FieldReader): void {
  const from = reader.at;
  let depth = 0;
  do {
    if (reader.done) throw reader.fail("a closing parenthesis", "field-syntax", from);
    if (reader.peek() === "(") depth += 1;
    else if (reader.peek() === ")") depth -= 1;
    else if (reader.peek() === "\\") reader.at += 1;
    reader.at += 1;
  } while (depth > 0);
}

export interface Challenge {
  /** As sent: `Digest`. */
  readonly scheme: string;
  /** Names in lower case, values without quotes. */
  readonly params: ReadonlyMap<string, string>;
}

/**
 * RFC 3261 25.1 `challenge = ("Digest" LWS digest-cln *(COMMA digest-cln)) / other-challenge`, and `credentials`, which have the same
 * shape: a scheme and `auth-param = auth-param-name EQUAL ( token / quoted-string )`, none of them twice (RFC 7616 3.3, 3.4).
 */
export function parseAuthentication(
  value: string,
  clause = "RFC 3261 25.1 challenge, credentials",
): Challenge {
  const reader = new FieldReader(value, clause);
  const scheme = reader.token("an authentication scheme");
  reader.lws("the first parameter");
  const raw = readAuthParams(reader);
  reader.end("a comma or the end of the value");
  return { scheme, params: new Map([...raw].map(([name, param]) => [name, unquoted(param)])) };
}

/** `auth-param *(COMMA auth-param)`: names in lower case, values as sent. */
export function readAuthParams(reader: FieldReader): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  do {
    const from = reader.at;
    const name = reader.token("a parameter name").toLowerCase();
    if (params.has(name)) throw reader.fail(`parameter ${name} only once`, "duplicate-parameter", from);
    reader.expect("=");
    params.set(name, reader.genValue(name));
  } while (reader.takes(","));
  return params;
}
