/**
 * Every identity that a SIP message names, so that a message can be told to belong to the scenario that leased one of them: Request-URI,
 * From, To, asserted and preferred identities, Referred-By, Refer-To, called party, and the entries of URI-lists in the body.
 */
import { headerValues } from "../../wire/sip/headers.ts";
import type { SipMessage } from "../../wire/sip/message.ts";
import { addressKey } from "./address-key.ts";
import { uriIn } from "./route-set.ts";

const IDENTITY_HEADERS = [
  "From",
  "To",
  "P-Asserted-Identity",
  "P-Preferred-Identity",
  "Referred-By",
  "Refer-To",
  "P-Called-Party-ID",
  "P-Associated-URI",
] as const;

/** `entry` and its like in a resource list, whatever its namespace prefix; `uri` is an attribute of no other element of a list. */
const LIST_ENTRY = /<(?:[\w.-]+:)?entry\b[^<>]*?\suri\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const RESOURCE_LISTS = "urn:ietf:params:xml:ns:resource-lists";
const ANONYMOUS_HOST = "@anonymous.invalid";

function unescapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (whole, name: string) => named[name] ?? whole);
}

/** The URIs of URI-list entries in a body, wherever in a multipart it stands and whatever else is wrong with it. */
function listEntriesIn(body: Uint8Array): readonly string[] {
  if (body.length === 0) return [];
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  if (!text.includes(RESOURCE_LISTS)) return [];
  return [...text.matchAll(LIST_ENTRY)].map((match) => unescapeXml(match[1] ?? match[2] ?? ""));
}

/** Each identity once, in the order found; URIs as sent. An anonymous From names nobody. */
export function identitiesIn(message: SipMessage): string[] {
  const uris = [
    ...(message.kind === "request" ? [message.uri] : []),
    ...IDENTITY_HEADERS.flatMap((name) => headerValues(message, name).map(uriIn)),
    ...listEntriesIn(message.body),
  ];
  const found = new Map<string, string>();
  for (const uri of uris) {
    const key = addressKey(uri);
    if (!/^[a-z][a-z0-9+.-]*:/i.test(uri) || key.endsWith(ANONYMOUS_HOST) || found.has(key)) continue;
    found.set(key, uri);
  }
  return [...found.values()];
}
