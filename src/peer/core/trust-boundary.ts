/**
 * The edge of the trust domain (RFC 3325, RFC 3323, RFC 7315 4.6; P-CSCF of an IMS). What comes in from a client gets the identity that the
 * network vouches for; what goes out to a client loses what is the network's own business.
 */
import { type ChargingVector, formatChargingVector } from "../../wire/sip/charging-vector.ts";
import { appendHeader, prependHeader, withoutHeader } from "../../wire/sip/edit.ts";
import { fromOf, header, preferredIdentities, privacyOf, toOf } from "../../wire/sip/headers.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { privacyIn } from "../../wire/sip/privacy.ts";
import { formatNameAddr } from "../../wire/sip/name-addr.ts";
import type { UserProfile } from "./config.ts";
import { assertedSetOf, hasIdentity } from "./subscribers.ts";

/** Headers that no client may bring in and none is shown (RFC 7315 4.4.4, 4.5.3, 4.6). */
const NETWORK_HEADERS = ["P-Charging-Vector", "P-Charging-Function-Addresses"] as const;

interface Preference {
  readonly uri: string;
  readonly displayName?: string;
}

/**
 * The identity to assert for a user: the one preferred, else that of From, if it is one of the registered set, else the default one
 * (RFC 3325 6, 3GPP TS 24.229 5.2.6.3). The display name goes along with a preference that was good.
 */
export function chooseIdentity(message: SipMessage, user: UserProfile): Preference {
  const inSet = (preference: Preference) => hasIdentity(user, preference.uri);
  const preferred = preferredIdentities(message).find(inSet);
  const named = message.kind === "request" ? fromOf(message) : toOf(message);
  const chosen = preferred ?? (named !== undefined && inSet(named) ? named : undefined);
  const uri = user.identities.find(
    (identity) => chosen !== undefined && hasIdentity({ ...user, identities: [identity] }, chosen.uri),
  );
  const displayName = preferred?.displayName ?? user.displayName;
  return { uri: uri ?? user.identities[0] ?? "", ...(displayName === undefined ? {} : { displayName }) };
}

/** Values of P-Asserted-Identity for the chosen identity: sip and tel where the user has both. */
export function assertedValues(user: UserProfile, chosen: Preference): readonly string[] {
  return assertedSetOf(user, chosen.uri).map((uri) =>
    formatNameAddr({ uri, displayName: chosen.displayName }),
  );
}

function withoutAll<M extends SipMessage>(message: M, names: readonly string[]): M {
  return names.reduce((stripped, name) => withoutHeader(stripped, name), message);
}

/** What a client sent, stripped of what only the network may say. */
export function fromUntrusted<M extends SipMessage>(message: M): M {
  return withoutAll(message, ["P-Asserted-Identity", "P-Preferred-Identity", ...NETWORK_HEADERS]);
}

/** A message of a client with the identity that the network asserts for it. */
export function withAssertedIdentity<M extends SipMessage>(message: M, values: readonly string[]): M {
  return values.reduce((asserted, value) => appendHeader(asserted, "P-Asserted-Identity", value), message);
}

/** Adds the charging vector where there is none (RFC 7315 4.6.2.2). */
export function withChargingVector(request: SipRequest, vector: ChargingVector | undefined): SipRequest {
  if (vector === undefined || header(request, "P-Charging-Vector") !== undefined) return request;
  return appendHeader(request, "P-Charging-Vector", formatChargingVector(vector));
}

/** A response on its way into the network: the vector of the request, with the network that answered (RFC 7315 4.6.2.2, 3GPP TS 24.229 5.4.3.3). */
export function withAnsweredVector(
  response: SipResponse,
  vector: ChargingVector | undefined,
  termIoi: string | undefined,
): SipResponse {
  if (vector === undefined) return response;
  const answered = termIoi === undefined ? vector : { ...vector, termIoi };
  const bare = withoutHeader(response, "P-Charging-Vector");
  return appendHeader(bare, "P-Charging-Vector", formatChargingVector(answered));
}

/** What the core does for privacy: it keeps the asserted identity (RFC 3325 9.3). `history`: there is none to keep. */
const PROVIDED_PRIVACY: ReadonlySet<string> = new Set(["id", "history"]);

/** Kinds of privacy without which the sender would rather not have the request sent, and which nobody here provides (RFC 3323 4.2, 5: 500). */
export function missingPrivacy(request: SipRequest): readonly string[] {
  const { critical, values } = privacyIn(request);
  return critical ? values.filter((value) => !PROVIDED_PRIVACY.has(value)) : [];
}

/** Whether the sender asked that its asserted identity stay within the trust domain (RFC 3325 7). */
function wantsIdWithheld(message: SipMessage): boolean {
  return privacyOf(message).includes("id");
}

/** A message as a client may see it. */
export function toUntrusted<M extends SipMessage>(message: M): M {
  const stripped = withoutAll(message, NETWORK_HEADERS);
  return wantsIdWithheld(message) ? withoutHeader(stripped, "P-Asserted-Identity") : stripped;
}

/** The identity that the request was sent to, for a client that has several (RFC 7315 4.2). */
export function withCalledParty(request: SipRequest, identity: string): SipRequest {
  return prependHeader(withoutHeader(request, "P-Called-Party-ID"), "P-Called-Party-ID", `<${identity}>`);
}
