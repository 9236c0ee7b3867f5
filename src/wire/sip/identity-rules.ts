/** Rules of the header fields that say who sends, and what of that is to be hidden (RFC 3325, RFC 3323). */
import { excerpt } from "./error.ts";
import { assertedIdentities, headerValues, preferredIdentities, privacyOf } from "./headers.ts";
import type { SipMessage } from "./message.ts";
import { uriScheme } from "./uri.ts";
import { inFirst } from "./violation.ts";
import type { Violation } from "./violation.ts";

export function identityViolations(message: SipMessage): Violation[] {
  return [
    ...identities(
      message,
      "P-Asserted-Identity",
      assertedIdentities(message).map((identity) => identity.uri),
    ),
    ...identities(
      message,
      "P-Preferred-Identity",
      preferredIdentities(message).map((identity) => identity.uri),
    ),
    ...privacy(message),
  ];
}

/** RFC 3325 9.1, 9.2: one sip, sips or tel URI, or two: one sip or sips, one tel. */
function identities(message: SipMessage, name: string, uris: readonly string[]): Violation[] {
  const clause = `RFC 3325 ${name === "P-Asserted-Identity" ? "9.1" : "9.2"} ${name}`;
  const count = headerValues(message, name).length;
  if (count > 2)
    return inFirst(message, name, "identity-count", clause, `expected at most two identities, got ${count}`);
  const kinds = uris.map((uri) => uriScheme(uri).replace("sips", "sip"));
  const known = kinds.every((kind) => kind === "sip" || kind === "tel");
  if (known && new Set(kinds).size === kinds.length) return [];
  const what = `expected a sip, sips or tel URI, of two one sip or sips and one tel, got ${kinds.join(" and ")}`;
  return inFirst(message, name, "identity-scheme", clause, what);
}

/** RFC 3323 4.2: each value once, nothing beside `none`. */
function privacy(message: SipMessage): Violation[] {
  const values = privacyOf(message);
  const alone = !values.includes("none") || values.length === 1;
  if (alone && new Set(values).size === values.length) return [];
  const what = `expected each value once and none alone, got ${excerpt(values.join(";"))}`;
  return inFirst(message, "Privacy", "privacy-value", "RFC 3323 4.2 Privacy", what);
}
