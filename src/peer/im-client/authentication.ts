/** How the client proves who it is: digest with a password (RFC 7616), or AKA with a USIM (RFC 3310). */
import { AkaError } from "../../wire/aka/error.ts";
import { akaCredentials, isAka } from "../../wire/sip/aka-digest.ts";
import {
  digestCredentials,
  parseDigestChallenge,
  type DigestAnswer,
  type DigestChallenge,
} from "../../wire/sip/digest.ts";
import { readable } from "../../wire/sip/error.ts";
import { headerFields } from "../../wire/sip/headers.ts";
import { quoted } from "../../wire/sip/grammar.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { ClientParts } from "./parts.ts";

export function credentialsName(response: SipResponse): string {
  return response.status === 401 ? "Authorization" : "Proxy-Authorization";
}

/** Answers the topmost challenge that the client can answer (RFC 8760 2.4); `undefined` when there is none. */
export function credentialsFor(
  client: ClientParts,
  request: SipRequest,
  response: SipResponse,
): string | undefined {
  const name = response.status === 401 ? "WWW-Authenticate" : "Proxy-Authenticate";
  for (const { value } of headerFields(response, name)) {
    const challenge = readable(() => parseDigestChallenge(value));
    const credentials = challenge && answerTo(client, request, challenge);
    if (credentials !== undefined) return credentials;
  }
  return undefined;
}

function answerTo(client: ClientParts, request: SipRequest, challenge: DigestChallenge): string | undefined {
  const { config, ids } = client;
  const answer = (): Omit<DigestAnswer, "password"> => ({
    username: config.privateIdentity,
    method: request.method,
    uri: request.uri,
    cnonce: ids.token(16),
    body: request.body,
  });
  if (isAka(challenge.algorithm)) return config.aka && akaAnswer(client, challenge, answer());
  return config.password === undefined
    ? undefined
    : digestCredentials(challenge, { ...answer(), password: config.password });
}

function akaAnswer(
  { config, registration }: ClientParts,
  challenge: DigestChallenge,
  request: Omit<DigestAnswer, "password">,
): string | undefined {
  if (config.aka === undefined) return undefined;
  try {
    const { credentials, answer } = akaCredentials(challenge, config.aka, registration.usim, request);
    if (answer.kind === "response") registration.usim = answer.memory;
    return credentials;
  } catch (error) {
    if (error instanceof AkaError) return undefined;
    throw error;
  }
}

/** Whether these credentials ask for a challenge with another sequence number (RFC 3310 3.4), so that one more comes. */
export function isResynchronisation(credentials: string): boolean {
  return /[,\s]auts\s*=/i.test(credentials);
}

/** A client with a USIM says whom it is before it is asked (3GPP TS 24.229 5.1.1.2). */
export function firstCredentials({ config }: ClientParts, uri: string): string | undefined {
  if (config.aka === undefined) return undefined;
  const { privateIdentity, homeDomain } = config;
  return `Digest username=${quoted(privateIdentity)}, realm=${quoted(homeDomain)}, nonce="", uri=${quoted(uri)}, response=""`;
}
