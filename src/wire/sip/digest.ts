/**
 * Digest authentication (RFC 3261 22, RFC 2617, RFC 7616, RFC 8760, RFC 3310): MD5, SHA-256, SHA-512-256 and AKAv1-MD5, with and without session
 * keys, qop `auth`, `auth-int` or none. Nonces are the caller's business: this file computes and compares. `userhash` (RFC 7616 3.4.4) is not
 * supported: RFC 8760 does not bring it to SIP.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { readOrError, SipParseError } from "./error.ts";
import { parseAuthentication } from "./fields.ts";
import type { Challenge } from "./fields.ts";
import { quoted } from "./grammar.ts";

const ALGORITHMS = [
  "MD5",
  "MD5-sess",
  "SHA-256",
  "SHA-256-sess",
  "SHA-512-256",
  "SHA-512-256-sess",
  "AKAv1-MD5",
  "AKAv1-MD5-sess",
] as const;
export type DigestAlgorithm = (typeof ALGORITHMS)[number];
export type DigestQop = "auth" | "auth-int";

export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  /** MD5 when the challenge names none (RFC 7616 3.3). */
  readonly algorithm: DigestAlgorithm;
  /** Empty in a challenge of RFC 2069, which has no `qop`. */
  readonly qop: readonly string[];
  readonly opaque?: string;
  /** The nonce was old, name and password were right (RFC 7616 3.3). */
  readonly stale: boolean;
}

/**
 * Reads the value of WWW-Authenticate or Proxy-Authenticate.
 *
 * @throws SipParseError when it is malformed, not Digest, lacks realm or nonce, or names an algorithm that is not supported
 */
export function parseDigestChallenge(value: string): DigestChallenge {
  const { params } = digestParams(value, CHALLENGE);
  const opaque = params.get("opaque");
  return {
    realm: need(value, params, "realm", CHALLENGE),
    nonce: need(value, params, "nonce", CHALLENGE),
    algorithm: algorithmOf(value, params, CHALLENGE),
    qop: (params.get("qop") ?? "")
      .split(",")
      .flatMap((option) => (option.trim() === "" ? [] : [option.trim()])),
    stale: params.get("stale")?.toLowerCase() === "true",
    ...(opaque === undefined ? {} : { opaque }),
  };
}

/** The value of WWW-Authenticate or Proxy-Authenticate (RFC 3261 25.1 `challenge`). */
export function formatDigestChallenge(challenge: {
  readonly realm: string;
  readonly nonce: string;
  readonly algorithm?: DigestAlgorithm;
  readonly qop?: readonly DigestQop[];
  readonly opaque?: string;
  readonly stale?: boolean;
  /** Keys for the P-CSCF, in hexadecimal digits (3GPP TS 24.229 5.4.1.2.1); it takes them out before a client sees them. */
  readonly keys?: { readonly ik: string; readonly ck: string };
}): string {
  const params = [`realm=${quoted(challenge.realm)}`, `nonce=${quoted(challenge.nonce)}`];
  if (challenge.opaque !== undefined) params.push(`opaque=${quoted(challenge.opaque)}`);
  if (challenge.stale === true) params.push("stale=true");
  params.push(`algorithm=${challenge.algorithm ?? "MD5"}`);
  if (challenge.qop !== undefined && challenge.qop.length > 0)
    params.push(`qop="${challenge.qop.join(",")}"`);
  if (challenge.keys !== undefined)
    params.push(`ik=${quoted(challenge.keys.ik)}`, `ck=${quoted(challenge.keys.ck)}`);
  return `Digest ${params.join(", ")}`;
}

/** Text, or the octets of RES (RFC 3310 3.3). */
export type DigestPassword = string | Uint8Array;

/** What the key of a session was made with: nonce and cnonce of its first request (RFC 7616 3.4.2). */
export interface DigestSession {
  readonly nonce: string;
  readonly cnonce: string;
}

export interface DigestInput {
  readonly username: string;
  readonly password: DigestPassword;
  readonly realm: string;
  readonly nonce: string;
  readonly method: string;
  /** The digest-uri, as it stands in the credentials. */
  readonly uri: string;
  readonly algorithm?: DigestAlgorithm;
  readonly qop?: DigestQop;
  /** Eight hexadecimal digits; counts with `qop` only. */
  readonly nonceCount?: string;
  readonly cnonce?: string;
  /** Counts with `auth-int` only. */
  readonly body?: Uint8Array;
  /** Counts with session keys only; default: this request is the first. */
  readonly session?: DigestSession;
}

/** RFC 7616 3.4.1: `KD(H(A1), nonce ":" nc ":" cnonce ":" qop ":" H(A2))`; without qop RFC 2617 3.2.2.1: `KD(H(A1), nonce ":" H(A2))`. */
export function digestResponse(input: DigestInput): string {
  const algorithm = input.algorithm ?? "MD5";
  const hash = (data: string | Uint8Array): string =>
    createHash(hashOf(algorithm)).update(data).digest("hex");
  const { nonce, cnonce = "", qop, nonceCount = "00000001", session = { nonce, cnonce } } = input;
  // RFC 7616 3.4.2
  const user = hash(
    Buffer.concat([Buffer.from(`${input.username}:${input.realm}:`), Buffer.from(input.password)]),
  );
  const ha1 = algorithm.endsWith("-sess") ? hash(`${user}:${session.nonce}:${session.cnonce}`) : user;
  // RFC 7616 3.4.3
  const target = `${input.method}:${input.uri}`;
  const ha2 = hash(qop === "auth-int" ? `${target}:${hash(input.body ?? new Uint8Array(0))}` : target);
  return hash(
    qop === undefined ? `${ha1}:${nonce}:${ha2}` : `${ha1}:${nonce}:${nonceCount}:${cnonce}:${qop}:${ha2}`,
  );
}

function hashOf(algorithm: DigestAlgorithm): string {
  if (algorithm.startsWith("SHA-512-256")) return "sha512-256";
  return algorithm.startsWith("SHA-256") ? "sha256" : "md5";
}

export interface DigestAnswer {
  readonly username: string;
  readonly password: DigestPassword;
  readonly method: string;
  readonly uri: string;
  /** At least 64 bits of randomness; needed with qop and with session keys. */
  readonly cnonce: string;
  /** How often this nonce was used, this time included; from 1. */
  readonly nonceCount?: number;
  readonly body?: Uint8Array;
  readonly session?: DigestSession;
  /** Base64 of the resynchronisation token; the password is empty then (RFC 3310 3.4). */
  readonly auts?: string;
}

/** The value of Authorization or Proxy-Authorization that answers a challenge; qop `auth` where it is offered, else `auth-int`, else none. */
export function digestCredentials(challenge: DigestChallenge, answer: DigestAnswer): string {
  const { realm, nonce, algorithm, opaque } = challenge;
  const { username, uri, cnonce } = answer;
  const input = inputOf(challenge, answer);
  const { qop, nonceCount } = input;
  const response = digestResponse(input);
  const params = [
    `username=${quoted(username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
  ];
  if (opaque !== undefined) params.push(`opaque=${quoted(opaque)}`);
  if (qop !== undefined) params.push(`qop=${qop}`, `nc=${nonceCount}`);
  if (qop !== undefined || algorithm.endsWith("-sess")) params.push(`cnonce=${quoted(cnonce)}`);
  if (answer.auts !== undefined) params.push(`auts=${quoted(answer.auts)}`);
  return `Digest ${params.join(", ")}`;
}

/**
 * `rspauth` of Authentication-Info, by which a server shows that it knows the password too: as the response to the same challenge, but without
 * method (RFC 7616 3.5).
 */
export function digestResponseAuth(
  challenge: DigestChallenge,
  answer: Omit<DigestAnswer, "method" | "auts">,
): string {
  return digestResponse(inputOf(challenge, { ...answer, method: "" }));
}

function inputOf(
  { realm, nonce, algorithm, qop: offered }: DigestChallenge,
  answer: DigestAnswer,
): DigestInput & { readonly nonceCount: string } {
  const qop = chosenQop(offered);
  const nonceCount = (answer.nonceCount ?? 1).toString(16).padStart(8, "0");
  return { ...answer, realm, nonce, algorithm, nonceCount, ...(qop === undefined ? {} : { qop }) };
}

function chosenQop(offered: readonly string[]): DigestQop | undefined {
  const known = offered.map((option) => option.toLowerCase());
  if (known.includes("auth")) return "auth";
  return known.includes("auth-int") ? "auth-int" : undefined;
}

export type DigestVerdict =
  | {
      readonly ok: true;
      readonly username: string;
      readonly nonce: string;
      readonly algorithm: DigestAlgorithm;
      /** Undefined without qop. */
      readonly nonceCount: number | undefined;
    }
  | {
      readonly ok: false;
      readonly reason: "malformed" | "wrong-realm" | "wrong-uri" | "unknown-user" | "wrong-response";
      /** A sentence for people. */
      readonly detail: string;
    };

export interface DigestExpectation {
  readonly method: string;
  readonly realm: string;
  /** The password of a user; undefined when there is no such user. With AKA it is the RES that belongs to the nonce. */
  readonly password: (
    username: string,
    given: { readonly nonce: string; readonly algorithm: DigestAlgorithm },
  ) => DigestPassword | undefined;
  /** When given, the digest-uri must be this text. */
  readonly uri?: string;
  readonly body?: Uint8Array;
  readonly session?: DigestSession;
}

/** Checks the value of Authorization or Proxy-Authorization. Whether the nonce is one that was given out, and fresh, is left to the caller. */
export function verifyDigest(value: string, expectation: DigestExpectation): DigestVerdict {
  const credentials = readOrError(() => credentialsFrom(value, digestParams(value, CREDENTIALS).params));
  if (credentials instanceof SipParseError) return refused("malformed", credentials.message);
  const { username, realm, uri, nonce, response, qop } = credentials;
  if (realm !== expectation.realm)
    return refused("wrong-realm", `realm is ${quoted(realm)}, not ${quoted(expectation.realm)}`);
  if (expectation.uri !== undefined && uri !== expectation.uri) {
    return refused("wrong-uri", `digest-uri is ${uri}, not ${expectation.uri}`);
  }
  const { algorithm = "MD5" } = credentials;
  const password = expectation.password(username, { nonce, algorithm });
  if (password === undefined) return refused("unknown-user", `there is no user ${quoted(username)}`);
  const { method, body, session } = expectation;
  const wanted = digestResponse({
    ...credentials,
    password,
    method,
    ...(body === undefined ? {} : { body }),
    ...(session === undefined ? {} : { session }),
  });
  if (!sameText(response, wanted))
    return refused("wrong-response", "response is not that of the user's password");
  const nonceCount = qop === undefined ? undefined : Number.parseInt(credentials.nonceCount ?? "0", 16);
  return { ok: true, username, nonce, algorithm, nonceCount };
}

interface Credentials extends Omit<DigestInput, "password" | "method" | "body"> {
  readonly response: string;
}

function credentialsFrom(value: string, params: Challenge["params"]): Credentials {
  const qop = params.get("qop")?.toLowerCase();
  if (qop !== undefined && qop !== "auth" && qop !== "auth-int")
    throw fault(value, CREDENTIALS, "qop auth or auth-int");
  const algorithm = algorithmOf(value, params, CREDENTIALS);
  const needsCnonce = qop !== undefined || algorithm.endsWith("-sess");
  return {
    username: need(value, params, "username", CREDENTIALS),
    realm: need(value, params, "realm", CREDENTIALS),
    nonce: need(value, params, "nonce", CREDENTIALS),
    uri: need(value, params, "uri", CREDENTIALS),
    response: need(value, params, "response", CREDENTIALS),
    algorithm,
    ...(qop === undefined ? {} : { qop, nonceCount: need(value, params, "nc", CREDENTIALS) }),
    ...(needsCnonce ? { cnonce: need(value, params, "cnonce", CREDENTIALS) } : {}),
  };
}

const CHALLENGE = "RFC 3261 25.1 challenge, RFC 7616 3.3";
const CREDENTIALS = "RFC 3261 25.1 credentials, RFC 7616 3.4";

function digestParams(value: string, clause: string): Challenge {
  const challenge = parseAuthentication(value, clause);
  if (challenge.scheme.toLowerCase() !== "digest") throw fault(value, clause, "scheme Digest");
  return challenge;
}

function need(value: string, params: Challenge["params"], name: string, clause: string): string {
  const found = params.get(name);
  if (found === undefined) throw fault(value, clause, `parameter ${name}`);
  return found;
}

function algorithmOf(value: string, params: Challenge["params"], clause: string): DigestAlgorithm {
  const named = (params.get("algorithm") ?? "MD5").toLowerCase();
  const known = ALGORITHMS.find((algorithm) => algorithm.toLowerCase() === named);
  if (known === undefined) throw fault(value, clause, `algorithm ${ALGORITHMS.join(", ")}`);
  return known;
}

function fault(value: string, clause: string, expected: string): SipParseError {
  return new SipParseError("field-syntax", {
    offset: 0,
    line: 1,
    column: 1,
    clause,
    expected,
    actual: value,
  });
}

function refused(reason: Extract<DigestVerdict, { ok: false }>["reason"], detail: string): DigestVerdict {
  return { ok: false, reason, detail };
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a.toLowerCase()), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
