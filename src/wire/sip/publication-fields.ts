/** Header fields of PUBLISH: SIP-ETag and SIP-If-Match (RFC 3903 11.3). */
import { readable } from "./error.ts";
import { FieldReader } from "./grammar.ts";
import { header, headerFields } from "./headers.ts";
import type { SipMessage } from "./message.ts";

/** `SIP-ETag = entity-tag`, `SIP-If-Match = entity-tag`, `entity-tag = token`; throws SipParseError. */
export function parseEntityTag(value: string): string {
  const reader = new FieldReader(value, "RFC 3903 11.3 entity-tag");
  const tag = reader.token("an entity tag (token)");
  reader.end();
  return tag;
}

export function entityTagOf(response: SipMessage): string | undefined {
  const value = header(response, "SIP-ETag");
  return value === undefined ? undefined : readable(() => parseEntityTag(value));
}

/** `malformed`: more than one, or one that is no token (RFC 3903 6: to be refused with 400). Undefined: there is none. */
export function ifMatchOf(request: SipMessage): { readonly tag: string } | "malformed" | undefined {
  const [field, ...others] = headerFields(request, "SIP-If-Match");
  if (field === undefined) return undefined;
  const tag = others.length > 0 ? undefined : readable(() => parseEntityTag(field.value));
  return tag === undefined ? "malformed" : { tag };
}
