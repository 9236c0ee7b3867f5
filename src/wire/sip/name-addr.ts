/** Addresses in header fields: `Contact`, `From`, `To`, `Route`, `P-Asserted-Identity` and their like (RFC 3261 20.10, 25.1). */
import { readable } from "./error.ts";
import { FieldReader, quoted, unquoted } from "./grammar.ts";
import { formatParams, usualParams } from "./params.ts";
import type { Params } from "./params.ts";
import { USUAL_PARAMS } from "./usual-forms.ts";

export interface NameAddr {
  /** Without quotes and escapes. */
  readonly displayName?: string;
  /** As sent, without angle brackets; `uri.ts` reads it. */
  readonly uri: string;
  /** Parameters of the header field, not of the URI. */
  readonly params: Params;
}

/**
 * Reads `( name-addr / addr-spec ) *( SEMI generic-param )`, the whole of `value`.
 *
 * @throws SipParseError
 */
export function parseNameAddr(value: string, clause = "RFC 3261 25.1 name-addr, addr-spec"): NameAddr {
  return usualNameAddr(value) ?? anyNameAddr(value, clause);
}

/** Behind a display name, in quotes or not, a URI in angle brackets. */
const USUAL_NAME_ADDR = new RegExp(
  `^(?:"([\\t !#-\\[\\]-~\\x80-\\uffff]*)" ?|([!%'*+\\-.0-9A-Z_\`a-z~][!%'*+\\-.0-9A-Z_\`a-z~ ]*)?)` +
    `<([A-Za-z][A-Za-z0-9+\\-.]*:[!-;=?-~]+)>${USUAL_PARAMS}$`,
);

function usualNameAddr(value: string): NameAddr | undefined {
  const found = USUAL_NAME_ADDR.exec(value);
  if (found === null) return undefined;
  const [, quotedName, tokens, uri = ""] = found;
  const params = usualParams(found, 4);
  const displayName = quotedName ?? tokens?.trimEnd();
  return params && (displayName === undefined ? { uri, params } : { displayName, uri, params });
}

function anyNameAddr(value: string, clause: string): NameAddr {
  const reader = new FieldReader(value, clause);
  reader.space();
  const { displayName, uri } = readAddress(reader);
  const params = reader.params();
  reader.end("a parameter or the end of the value");
  return displayName === undefined ? { uri, params } : { displayName, uri, params };
}

/** `parseNameAddr` for places where something else may stand: undefined instead of an error. */
export function nameAddrOf(value: string): NameAddr | undefined {
  return readable(() => parseNameAddr(value));
}

function readAddress(reader: FieldReader): Pick<NameAddr, "displayName" | "uri"> {
  const name = readDisplayName(reader);
  if (reader.peek() !== "<")
    return {
      uri: reader.bareUri("a URI, in angle brackets if it has a comma, a question mark or a semicolon"),
    };
  const uri = reader.enclosedUri("a URI in angle brackets");
  return name === undefined ? { uri } : { displayName: name, uri };
}

/** `display-name = *(token LWS)`; RFC 4475 3.1.1.6: no white space before the bracket is accepted too. */
const DISPLAY_TOKENS = /[A-Za-z0-9\-.!%*_+`'~ \t]*(?=<)/y;

/** `display-name = *(token LWS)/ quoted-string` */
function readDisplayName(reader: FieldReader): string | undefined {
  if (reader.peek() === '"') {
    const name = unquoted(reader.quotedString("a display name"));
    reader.space();
    if (reader.peek() !== "<") throw reader.fail("a URI in angle brackets after the display name");
    return name;
  }
  const tokens = reader.peek() === "<" ? undefined : reader.match(DISPLAY_TOKENS)?.trimEnd();
  return tokens === "" ? undefined : tokens;
}

/** `name-addr *( SEMI generic-param )`; a display name is always quoted. */
export function formatNameAddr(address: {
  displayName?: string | undefined;
  uri: string;
  params?: Params;
}): string {
  const name = address.displayName === undefined ? "" : `${quoted(address.displayName)} `;
  return `${name}<${address.uri}>${formatParams(address.params ?? new Map())}`;
}
