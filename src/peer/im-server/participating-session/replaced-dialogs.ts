/**
 * Replaces where a client names a dialog of its own: in the URI of Refer-To, in entries of URI-lists (Appendix L), in Target-Dialog. What goes on
 * names the dialog of the other leg (6.1.1.2.6, 3a).
 */
import { mapHeader, withBody } from "../../../wire/sip/edit.ts";
import { header } from "../../../wire/sip/headers.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";
import { parseReplaces, type Replaces } from "../../../wire/sip/session-fields.ts";
import { SipParseError } from "../../../wire/sip/error.ts";
import type { DialogName } from "./call.ts";
import { nameOnOtherLeg, type ParticipatingState } from "./sessions.ts";

/** `Replaces=` among the headers of a URI, in a header field or, with `&` escaped, in XML. */
const IN_URI = /((?:[?&]|&amp;)Replaces=)([^&"'<>\s]+)/gi;

export function withMappedReplaces(state: ParticipatingState, request: SipRequest): SipRequest {
  const referred = mapHeader(request, "Refer-To", (value) => mappedUris(state, value));
  const targeted = mapHeader(referred, "Target-Dialog", (value) => mappedTarget(state, value));
  const text = Buffer.from(targeted.body).toString("latin1");
  const mapped = mappedUris(state, text);
  return mapped === text
    ? targeted
    : withBody(targeted, header(request, "Content-Type") ?? "", Buffer.from(mapped, "latin1"));
}

function mappedUris(state: ParticipatingState, text: string): string {
  return text.replace(IN_URI, (whole, before: string, escaped: string) => {
    const named = readable(() => parseReplaces(decodeURIComponent(escaped)));
    const name = named && nameOnOtherLeg(state, named);
    return named === undefined || name === undefined ? whole : `${before}${escapedName(name, named)}`;
  });
}

/** RFC 3261 25.1, hnv-unreserved: `@`, `;` and `=` are escaped in a header of a URI. */
function escapedName({ callId, toTag, fromTag }: DialogName, { earlyOnly }: Replaces): string {
  const value = `${callId};to-tag=${toTag};from-tag=${fromTag}${earlyOnly ? ";early-only" : ""}`;
  return encodeURIComponent(value);
}

/** RFC 4538 7: `callid;local-tag=…;remote-tag=…`. */
function mappedTarget(state: ParticipatingState, value: string): string {
  const [callId = "", ...params] = value.split(";").map((part) => part.trim());
  const tag = (name: string): string =>
    params.find((param) => param.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  const name = nameOnOtherLeg(state, { callId, toTag: tag("remote-tag"), fromTag: tag("local-tag") });
  return name === undefined ? value : `${name.callId};local-tag=${name.fromTag};remote-tag=${name.toTag}`;
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SipParseError || error instanceof URIError) return undefined;
    throw error;
  }
}
