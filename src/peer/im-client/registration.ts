/** Registration of the IM service with the core, and its renewal (clause 5.2). */
import { digestCredentials, parseDigestChallenge } from "../../wire/sip/digest.ts";
import { withHeader } from "../../wire/sip/edit.ts";
import { addressesOf, contactsOf, cseqOf, expiresOf, header, headerValues } from "../../wire/sip/headers.ts";
import { formatNameAddr } from "../../wire/sip/name-addr.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { SipParseError } from "../../wire/sip/error.ts";
import { sameUri } from "../../wire/sip/uri.ts";
import type { RegistrationKind } from "./decisions/registering.ts";
import type { ClientParts } from "./parts.ts";
import { buildRequest, send, succeeded } from "./requesting.ts";
import type { Outcome, RequestChanges } from "./requesting.ts";

/** Registers, renews or ends; answers one challenge and one 423 on the way. */
export async function register(
  client: ClientParts,
  kind: RegistrationKind,
  changes: RequestChanges = {},
): Promise<Outcome> {
  const first = registerRequest(client, kind);
  let outcome = await send(client, first, changes);
  const retry = retryAfter(client, kind, outcome);
  if (retry) outcome = await send(client, retry, changes);
  const again = retry && retryAfter(client, kind, outcome, first);
  if (again) outcome = await send(client, again, changes);
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
    ],
  });
}

/** The same request with what the refusal asked for; `undefined` when there is nothing to mend. `before`: an attempt that was mended already. */
function retryAfter(
  client: ClientParts,
  kind: RegistrationKind,
  outcome: Outcome,
  before?: SipRequest,
): SipRequest | undefined {
  if (outcome.kind !== "response") return undefined;
  const { response, request } = outcome;
  const { registering } = client.decisions;
  const numbered = (): SipRequest =>
    withHeader(request, "CSeq", `${registering.cseq(client, kind)} REGISTER`);
  const minimum = header(response, "Min-Expires");
  // RFC 3261 10.2.8
  if (response.status === 423 && minimum !== undefined) return withHeader(numbered(), "Expires", minimum);
  if (response.status !== 401 && response.status !== 407) return undefined;
  const challenged = before !== undefined && header(request, credentialsName(response)) !== undefined;
  if (challenged || !registering.answersChallenge(client)) return undefined;
  const credentials = credentialsFor(client, request, response);
  return credentials === undefined
    ? undefined
    : withHeader(numbered(), credentialsName(response), credentials);
}

function credentialsName(response: SipResponse): string {
  return response.status === 401 ? "Authorization" : "Proxy-Authorization";
}

/** `undefined` when the challenge is none that can be answered. */
function credentialsFor(
  { config, ids }: ClientParts,
  request: SipRequest,
  response: SipResponse,
): string | undefined {
  const value = header(response, response.status === 401 ? "WWW-Authenticate" : "Proxy-Authenticate");
  if (value === undefined || config.password === undefined) return undefined;
  try {
    return digestCredentials(parseDigestChallenge(value), {
      username: config.privateIdentity,
      password: config.password,
      method: request.method,
      uri: request.uri,
      cnonce: ids.token(16),
    });
  } catch (error) {
    if (error instanceof SipParseError) return undefined;
    throw error;
  }
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
