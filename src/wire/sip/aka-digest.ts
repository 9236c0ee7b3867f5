/**
 * AKAv1-MD5 (RFC 3310): the challenge of AKA in the nonce of digest, RES in place of the password, AUTS in a parameter.
 */
import { AUTN_BYTES, usimAnswer, type UsimAnswer } from "../aka/agreement.ts";
import { AkaError } from "../aka/error.ts";
import { RAND_BYTES, type MilenageKeys } from "../aka/milenage.ts";
import { base64Of, octetsFromBase64 } from "../aka/octets.ts";
import type { SqnMemory } from "../aka/sequence-number.ts";
import { digestCredentials, type DigestAnswer, type DigestChallenge } from "./digest.ts";
import { quoted } from "./grammar.ts";

export function isAka(algorithm: string): boolean {
  return /^akav1-md5(?:-sess)?$/i.test(algorithm);
}

export interface AkaNonce {
  readonly rand: Uint8Array;
  readonly autn: Uint8Array;
  readonly serverData: Uint8Array;
}

/** RFC 3310 3.2: base64 of `RAND || AUTN || server specific data`. */
export function formatAkaNonce(nonce: {
  readonly rand: Uint8Array;
  readonly autn: Uint8Array;
  readonly serverData?: Uint8Array;
}): string {
  return base64Of(Uint8Array.of(...nonce.rand, ...nonce.autn, ...(nonce.serverData ?? [])));
}

/** Throws {@link AkaError} `encoding` or `length`. */
export function parseAkaNonce(text: string): AkaNonce {
  const octets = octetsFromBase64("nonce", text);
  const end = RAND_BYTES + AUTN_BYTES;
  if (octets.length < end)
    throw new AkaError("length", `RAND and AUTN in the nonce, ${end} bytes`, `${octets.length} bytes`);
  return {
    rand: octets.slice(0, RAND_BYTES),
    autn: octets.slice(RAND_BYTES, end),
    serverData: octets.slice(end),
  };
}

/** `auts` of credentials (RFC 3310 3.4). Throws {@link AkaError} `encoding`. */
export function parseAuts(text: string): Uint8Array {
  return octetsFromBase64("auts", text);
}

export interface AkaCredentials {
  /** Value of Authorization. */
  readonly credentials: string;
  readonly answer: UsimAnswer;
}

/**
 * What a client with a USIM answers: a response made with RES, or AUTS, or, to a challenge that is not from its home network, an empty response
 * (3GPP TS 24.229 5.1.1.5.3). Throws {@link AkaError} where the nonce is no AKA challenge.
 */
export function akaCredentials(
  challenge: DigestChallenge,
  keys: MilenageKeys,
  memory: SqnMemory,
  request: Omit<DigestAnswer, "password" | "auts">,
): AkaCredentials {
  const { rand, autn } = parseAkaNonce(challenge.nonce);
  const answer = usimAnswer(keys, memory, rand, autn);
  return { answer, credentials: credentialsFor(answer, challenge, request) };
}

function credentialsFor(
  answer: UsimAnswer,
  challenge: DigestChallenge,
  request: Omit<DigestAnswer, "password" | "auts">,
): string {
  if (answer.kind === "response") return digestCredentials(challenge, { ...request, password: answer.res });
  if (answer.kind === "synchronisation-failure")
    return digestCredentials(challenge, { ...request, password: "", auts: base64Of(answer.auts) });
  const { realm, nonce, algorithm, opaque } = challenge;
  const params = [
    `username=${quoted(request.username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(request.uri)}`,
    'response=""',
    `algorithm=${algorithm}`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
  ];
  return `Digest ${params.join(", ")}`;
}
