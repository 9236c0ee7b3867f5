/**
 * How the values of header fields are checked against their grammar. A reader returns when the value follows the rule, and throws
 * SipParseError at the first character that does not.
 */
import { parseVia, readAuthParams } from "./fields.ts";
import { FieldReader, isHost, isIPv4Address, isIPv6Address } from "./grammar.ts";
import { parseNameAddr } from "./name-addr.ts";
import { parseSipUri, parseTelUri, uriScheme } from "./uri.ts";

export interface FieldGrammar {
  readonly clause: string;
  readonly read: (value: string) => void;
  /** The list may have no entry: `[ value *(COMMA value) ]`. */
  readonly mayBeEmpty?: boolean;
  /** The field may stand in several lines although it is no list (RFC 3261 7.3.1 names the authentication fields). */
  readonly mayRepeat?: boolean;
}

/** Reads a whole value with one function over a reader. */
export function whole(clause: string, read: (reader: FieldReader) => void): FieldGrammar {
  return {
    clause,
    read: (value) => {
      const reader = new FieldReader(value, clause);
      read(reader);
      reader.end();
    },
  };
}

export function pattern(clause: string, rule: RegExp, expected: string): FieldGrammar {
  return whole(clause, (reader) => reader.need(rule, expected));
}

export const anyToken = (clause: string): FieldGrammar => whole(clause, (reader) => reader.token("a token"));

export const tokenWithParams = (clause: string): FieldGrammar =>
  whole(clause, (reader) => {
    reader.token("a token");
    reader.params();
  });

/** `delta-seconds = 1*DIGIT`, below 2**32 (RFC 3261 20.19) */
export const seconds = (clause: string): FieldGrammar => whole(clause, readSeconds);

export function readSeconds(reader: FieldReader): void {
  reader.number("seconds");
}

export const secondsWithParams = (clause: string): FieldGrammar =>
  whole(clause, (reader) => {
    readSeconds(reader);
    reader.params();
  });

/** `( name-addr / addr-spec ) *( SEMI generic-param )`, and the URI by the rules of its scheme */
export const address = (clause: string): FieldGrammar => ({
  clause,
  read: (value) => readAddress(value, clause),
});

/** `name-addr *( SEMI generic-param )`: angle brackets are not left out */
export const nameAddr = (clause: string): FieldGrammar => ({
  clause,
  read: (value) => {
    if (/^[A-Za-z][A-Za-z0-9+\-.]*:/.test(value))
      throw new FieldReader(value, clause).fail("a URI in angle brackets");
    readAddress(value, clause);
  },
});

function readAddress(value: string, clause: string): void {
  checkUri(parseNameAddr(value, clause).uri);
}

/** A URI by the rules of its scheme; of other schemes only the characters were looked at. */
export function checkUri(uri: string): void {
  const scheme = uriScheme(uri);
  if (scheme === "sip" || scheme === "sips") parseSipUri(uri);
  else if (scheme === "tel") parseTelUri(uri);
}

/**
 * RFC 3325 9.1 `PAssertedID-value = name-addr / addr-spec`: nothing behind the bracket. Without brackets the parameters may be the URI's:
 * RFC 3261 20 asks for brackets then in Contact, From and To only.
 */
export const identity = (clause: string): FieldGrammar => ({
  clause,
  read: (value) => {
    readAddress(value, clause);
    const bracket = value.lastIndexOf(">");
    if (bracket === -1 || value.slice(bracket + 1).trim() === "") return;
    throw new FieldReader(value, clause).fail("no parameter after the address", "field-syntax", bracket + 1);
  },
});

/** `accept-range = media-range *(SEMI accept-param)`, `media-range = ( "*" "/" "*" / ( m-type SLASH "*" ) / ( m-type SLASH m-subtype ) )` */
export const acceptRange = (clause: string): FieldGrammar =>
  whole(clause, (reader) => {
    reader.token("a type");
    reader.expect("/");
    reader.token("a subtype");
    checkQ(reader);
  });

/** `qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )` */
export function checkQ(reader: FieldReader): void {
  const from = reader.at;
  const q = reader.params().get("q");
  if (q !== undefined && !/^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/.test(q))
    throw reader.fail("q from 0 to 1", "field-syntax", from);
}

/** `contact-param = (name-addr / addr-spec) *(SEMI contact-params)`, or `STAR` */
export const contact: FieldGrammar = { clause: "RFC 3261 20.10 Contact", read: readContact };

function readContact(value: string): void {
  if (value === "*") return;
  readAddress(value, contact.clause);
  const { params } = parseNameAddr(value);
  const expires = params.get("expires");
  const reader = new FieldReader(value, contact.clause);
  // 20.10, 20.19: seconds below 2**32.
  if (params.has("expires") && !(/^[0-9]+$/.test(expires ?? "") && Number(expires) < 2 ** 32))
    throw reader.fail("expires in seconds below 2**32");
  reader.at = value.lastIndexOf(">") + 1;
  if (reader.at > 0) checkQ(reader);
}

/** `via-parm`, with `ttl = 1*3DIGIT ; 0 to 255`, `maddr = host`, `received = IPv4address / IPv6address`, `branch = token` */
export const via: FieldGrammar = {
  clause: "RFC 3261 20.42 Via",
  read: (value) => {
    const { params, port } = parseVia(value);
    const reader = new FieldReader(value, via.clause);
    const check = (name: string, good: (param: string) => boolean, expected: string): void => {
      if (params.has(name) && !good(params.get(name) ?? "")) throw reader.fail(`${name}: ${expected}`);
    };
    check("ttl", (ttl) => /^[0-9]{1,3}$/.test(ttl) && Number(ttl) <= 255, "0 to 255");
    check("maddr", isHost, "a host");
    // RFC 5118 4.5: what is received may have brackets; the grammar has none, and a sender puts none.
    check("received", (host) => isIPv4Address(host) || isIPv6Address(host), "an IP address without brackets");
    check("branch", (branch) => /^[^"[]+$/.test(branch), "a token");
    // RFC 3581 3: a request has it without a value.
    check("rport", (rport) => /^[0-9]{0,5}$/.test(rport), "a port");
    if (port !== undefined && port > 65_535) throw reader.fail("a port up to 65535");
  },
};

/** `callid = word [ "@" word ]` */
export const CALL_ID = /[A-Za-z0-9\-.!%*_+`'~()<>:\\"/[\]?{}]+(?:@[A-Za-z0-9\-.!%*_+`'~()<>:\\"/[\]?{}]+)?/y;
/** `rfc1123-date = wkday "," SP date1 SP time SP "GMT"` */
export const DATE =
  /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9] GMT/y;
/** `1*(DIGIT) [ "." *(DIGIT) ] [ LWS delay ]`, `delay = *(DIGIT) [ "." *(DIGIT) ]` */
export const TIMESTAMP = /[0-9]+(?:\.[0-9]*)?(?:[ \t]+[0-9]*(?:\.[0-9]*)?)?/y;
/** `language-tag = primary-tag *( "-" subtag )`, `language-range` with `*`; subtags have digits since RFC 3066 */
export const LANGUAGE = /(?:\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)/y;
/** RFC 6665 8.4 `event-type = event-package *( "." event-template )`, `token-nodot` */
export const EVENT_TYPE = /[A-Za-z0-9\-!%*_+`'~]+(?:\.[A-Za-z0-9\-!%*_+`'~]+)*/y;

export const withQ = (clause: string, rule: RegExp, expected: string): FieldGrammar =>
  whole(clause, (reader) => {
    reader.need(rule, expected);
    checkQ(reader);
  });

export const TOKEN = /[A-Za-z0-9\-.!%*_+`'~]+/y;

/** Which auth-params RFC 3261 25.1 wants in quotes, and which without. */
const QUOTED_IN_CHALLENGE = ["realm", "domain", "nonce", "opaque", "qop"];
const QUOTED_IN_CREDENTIALS = ["username", "realm", "nonce", "uri", "response", "cnonce", "opaque"];
const BARE_IN_CHALLENGE = ["stale", "algorithm"];
const BARE_IN_CREDENTIALS = ["algorithm", "qop", "nc"];

export function authentication(clause: string, challenge: boolean): FieldGrammar {
  const inQuotes = challenge ? QUOTED_IN_CHALLENGE : QUOTED_IN_CREDENTIALS;
  const bare = challenge ? BARE_IN_CHALLENGE : BARE_IN_CREDENTIALS;
  const needed = challenge ? ["realm", "nonce"] : ["username", "realm", "nonce", "uri", "response"];
  const grammar = whole(clause, (reader) => {
    const scheme = reader.token("an authentication scheme");
    reader.lws("the first parameter");
    const from = reader.at;
    const params = readAuthParams(reader);
    if (scheme.toLowerCase() !== "digest") return;
    for (const name of needed) {
      if (!params.has(name)) throw reader.fail(`parameter ${name}`, "field-syntax", from);
    }
    for (const [name, value] of params) {
      const isQuoted = value.startsWith('"');
      if (inQuotes.includes(name) && !isQuoted) throw reader.fail(`${name} in quotes`, "field-syntax", from);
      if (bare.includes(name) && isQuoted) throw reader.fail(`${name} without quotes`, "field-syntax", from);
    }
    checkDigits(reader, params, from);
  });
  return { ...grammar, mayRepeat: true };
}

/** `nc-value = 8LHEX`, `request-digest = LDQUOT 32LHEX RDQUOT`, 64 with SHA-256 (RFC 7616 3.4) */
function checkDigits(reader: FieldReader, params: ReadonlyMap<string, string>, from: number): void {
  const [nc, response] = [params.get("nc"), params.get("response")];
  if (nc !== undefined && !/^[0-9a-f]{8}$/.test(nc))
    throw reader.fail("nc of eight hexadecimal digits", "field-syntax", from);
  if (response !== undefined && !/^"(?:[0-9a-f]{32}|[0-9a-f]{64})?"$/.test(response)) {
    throw reader.fail("response of 32 or 64 hexadecimal digits in lower case", "field-syntax", from);
  }
}

export const text = (clause: string): FieldGrammar => ({ clause, read: () => undefined });
