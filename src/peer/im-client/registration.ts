/** Registration of the IM service with the core, and its renewal (clause 5.2). */
import { withHeader } from "../../wire/sip/edit.ts";
import { addressesOf, contactsOf, cseqOf, expiresOf, header, headerValues } from "../../wire/sip/headers.ts";
import { formatNameAddr } from "../../wire/sip/name-addr.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { sameUri } from "../../wire/sip/uri.ts";
import { credentialsFor, credentialsName, firstCredentials, isResynchronisation } from "./authentication.ts";
import type { RegistrationKind } from "./decisions/registering.ts";
import type { ClientParts } from "./parts.ts";
import { buildRequest, send, succeeded } from "./requesting.ts";
import type { Outcome, RequestChanges } from "./requesting.ts";

/** 423, a challenge, one more after a resynchronisation (RFC 3310 3.4), and the last try. */
const MOST_ATTEMPTS = 4;

/** Registers, renews or ends; answers one challenge and one 423 on the way. */
export async function register(
  client: ClientParts,
  kind: RegistrationKind,
  changes: RequestChanges = {},
): Promise<Outcome> {
  let outcome = await send(client, registerRequest(client, kind), changes);
  for (let attempts = 1; attempts < MOST_ATTEMPTS; attempts += 1) {
    const next = mended(client, kind, outcome);
    if (next === undefined) break;
    outcome = await send(client, next, changes);
  }
  if (outcome.kind === "response" && succeeded(outcome)) accept(client, kind, outcome.response);
  return outcome;
}

function registerRequest(client: ClientParts, kind: RegistrationKind): SipRequest {
  const { registering } = client.decisions;
  return buildRequest(client, {
    method: "REGISTER",
    uri: registering.requestUri(client, kind),
    from: registering.from(client, kind),
    to: registering.to(client, kind),
    callId: registering.callId(client, kind),
    fromTag: client.registration.fromTag,
    cseq: registering.cseq(client, kind),
    headers: [
      ["Contact", registering.contact(client, kind)],
      ["Expires", registering.expires(client, kind)],
      ["Require", registering.require(client, kind)],
      ["Supported", registering.supported(client, kind)],
      ["User-Agent", registering.userAgent(client, kind)],
      ["Authorization", firstCredentials(client, registering.requestUri(client, kind))],
    ],
  });
}

/** The same request with what the refusal asked for; `undefined` when there is nothing to mend, or it was mended already. */
function mended(client: ClientParts, kind: RegistrationKind, outcome: Outcome): SipRequest | undefined {
  if (outcome.kind !== "response") return undefined;
  const { response, request } = outcome;
  const { registering } = client.decisions;
  const numbered = (): SipRequest =>
    withHeader(request, "CSeq", `${registering.cseq(client, kind)} REGISTER`);
  const minimum = header(response, "Min-Expires");
  // RFC 3261 10.2.8
  if (response.status === 423 && minimum !== undefined && header(request, "Expires") !== minimum)
    return withHeader(numbered(), "Expires", minimum);
  if (response.status !== 401 && response.status !== 407) return undefined;
  const sent = header(request, credentialsName(response)) ?? "";
  if (isAnswer(sent) || !registering.answersChallenge(client)) return undefined;
  const credentials = credentialsFor(client, request, response);
  return credentials === undefined
    ? undefined
    : withHeader(numbered(), credentialsName(response), credentials);
}

/** Whether credentials answered a challenge: one that is refused then is not answered again. */
function isAnswer(credentials: string): boolean {
  return credentials !== "" && !credentials.includes('nonce=""') && !isResynchronisation(credentials);
}

function accept(client: ClientParts, kind: RegistrationKind, response: SipResponse): void {
  const { registration, decisions, clock } = client;
  registration.disarm();
  registration.disarm = () => undefined;
  registration.serviceRoutes = addressesOf(response, "Service-Route").map(formatNameAddr);
  registration.state = kind === "deregister" ? "none" : kind === "leave" ? "core-only" : "im";
  registration.grantedS = grantedSeconds(client, response);
  if (kind === "deregister") {
    registration.serviceRoutes = [];
    return;
  }
  if (client.skipped.has("refresh-registration")) return;
  const renewal: RegistrationKind = kind === "leave" ? "leave" : "refresh";
  const after = decisions.registering.refreshAfterMs(client, registration.grantedS);
  registration.disarm = clock.callAt(clock.now() + after, () => void register(client, renewal));
}

/** RFC 3261 10.2.4: the Contact's own parameter, else Expires, else what was asked for. */
function grantedSeconds(client: ClientParts, response: SipResponse): number {
  const own = contactsOf(response).find((contact) => sameUri(contact.uri, client.contactUri()));
  const seconds = Number(
    own?.params.get("expires") ?? expiresOf(response) ?? client.config.registrationExpiresS,
  );
  return Number.isFinite(seconds) ? seconds : client.config.registrationExpiresS;
}

/** Identities of the implicit registration set, as the core told them last. */
export function associatedIdentities(response: SipResponse): readonly string[] {
  return headerValues(response, "P-Associated-URI");
}

export function sequenceOf(request: SipRequest): number {
  return cseqOf(request)?.number ?? 0;
}
