/** Via (RFC 3261 20.42). */
import { lowerCase } from "./characters.ts";
import { FieldReader } from "./grammar.ts";
import { usualParams } from "./params.ts";
import type { Params } from "./params.ts";
import { USUAL_HOST, USUAL_PARAMS } from "./usual-forms.ts";

export interface Via {
  /** `SIP/2.0/UDP`: name, version and transport as sent. */
  readonly protocol: string;
  readonly version: string;
  /** In capitals. */
  readonly transport: string;
  readonly host: string;
  readonly port?: number;
  readonly params: Params;
  readonly branch?: string;
}

/**
 * RFC 3261 25.1 `via-parm = sent-protocol LWS sent-by *( SEMI via-params )`,
 * `sent-protocol = protocol-name SLASH protocol-version SLASH transport`, `sent-by = host [ COLON port ]`,
 * `via-received = "received" EQUAL (IPv4address / IPv6address)`: an IPv6 address without brackets, which no generic-param may be
 *
 * @throws SipParseError
 */
export function parseVia(value: string): Via {
  return usualVia(value) ?? anyVia(value);
}

const USUAL_VIA = new RegExp(`^SIP/2\\.0/(UDP|TCP|TLS) (${USUAL_HOST})(?::([0-9]+))?${USUAL_PARAMS}$`);

function usualVia(value: string): Via | undefined {
  const found = USUAL_VIA.exec(value);
  if (found === null) return undefined;
  const [, transport = "", host = "", port] = found;
  const params = usualParams(found, 4);
  return params && via("SIP", "2.0", transport, host, port, params);
}

function anyVia(value: string): Via {
  const reader = new FieldReader(value, "RFC 3261 20.42 Via");
  const protocol = reader.token("a protocol name");
  reader.expect("/");
  const version = reader.token("a protocol version");
  reader.expect("/");
  const transport = reader.token("a transport").toUpperCase();
  reader.lws("sent-by");
  const host = reader.host("sent-by");
  const port = reader.takes(":") ? reader.digits("a port") : undefined;
  const params = viaParams(reader);
  reader.end("a parameter or the end of the value");
  return via(protocol, version, transport, host, port, params);
}

function via(
  protocol: string,
  version: string,
  transport: string,
  host: string,
  port: string | undefined,
  params: Params,
): Via {
  const via: { -readonly [Name in keyof Via]: Via[Name] } = { protocol, version, transport, host, params };
  if (port !== undefined) via.port = Number(port);
  const branch = params.get("branch");
  if (branch !== undefined) via.branch = branch;
  return via;
}

/** `IPv6address` without brackets */
const BARE_IPV6 = /[0-9A-Fa-f]*:[0-9A-Fa-f:.]+/y;

function viaParams(reader: FieldReader): Params {
  const params = new Map<string, string | undefined>();
  while (reader.takes(";")) {
    const name = lowerCase(reader.token("a parameter name"));
    if (params.has(name)) throw reader.fail(`parameter ${name} only once`, "duplicate-parameter");
    params.set(name, reader.takes("=") ? viaValue(reader, name) : undefined);
  }
  return params;
}

function viaValue(reader: FieldReader, name: string): string {
  if (name !== "received" || !reader.text.includes(":", reader.at)) return reader.genValue(name);
  return reader.match(BARE_IPV6) ?? reader.genValue(name);
}
