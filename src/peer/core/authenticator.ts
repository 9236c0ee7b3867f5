/** Digest authentication of REGISTER: which nonces were given out, and what an Authorization is worth (RFC 3261 22, RFC 7616 3). */
import type { Ids } from "../../net/ids.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import { formatDigestChallenge, verifyDigest } from "../../wire/sip/digest.ts";
import { headerFields } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import type { DigestAlgorithm, UserProfile } from "./config.ts";

export type AuthenticationVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly status: 401; readonly challenges: readonly HeaderPair[] }
  | { readonly ok: false; readonly status: 403 };

export interface Authenticator {
  check(request: SipRequest, user: UserProfile, now: number): AuthenticationVerdict;
}

interface GivenNonce {
  readonly givenAt: number;
  /** The highest count seen with it: a count that does not grow is a replay. */
  count: number;
}

/** How long a nonce may be used. Milliseconds. */
const NONCE_LIFETIME_MS = 300_000;

export function createAuthenticator(
  realm: string,
  algorithms: readonly DigestAlgorithm[],
  ids: Ids,
): Authenticator {
  const nonces = new Map<string, GivenNonce>();

  function forgetOld(now: number): void {
    for (const [nonce, { givenAt }] of nonces) {
      if (now - givenAt <= NONCE_LIFETIME_MS) return;
      nonces.delete(nonce);
    }
  }

  function challenge(now: number, stale: boolean): AuthenticationVerdict {
    forgetOld(now);
    const nonce = ids.token(26);
    nonces.set(nonce, { givenAt: now, count: 0 });
    const challenges = algorithms.map((algorithm): HeaderPair => {
      const value = formatDigestChallenge({
        realm,
        nonce,
        algorithm,
        qop: ["auth"],
        ...(stale ? { stale } : {}),
      });
      return ["WWW-Authenticate", value];
    });
    return { ok: false, status: 401, challenges };
  }

  /** Whether the nonce is one that was given, fresh, and used with a count that grows. */
  function isFresh(nonce: string, count: number | undefined, now: number): boolean {
    const given = nonces.get(nonce);
    if (given === undefined || now - given.givenAt > NONCE_LIFETIME_MS) return false;
    if (count === undefined) return true;
    if (count <= given.count) return false;
    given.count = count;
    return true;
  }

  return {
    check(request, user, now) {
      const password = (username: string) => (username === user.impi ? user.password : undefined);
      const verdicts = headerFields(request, "Authorization").map((field) =>
        verifyDigest(field.value, { method: request.method, realm, password, body: request.body }),
      );
      const good = verdicts.find((verdict) => verdict.ok);
      if (good?.ok === true)
        return isFresh(good.nonce, good.nonceCount, now) ? { ok: true } : challenge(now, true);
      const stranger = verdicts.some((verdict) => !verdict.ok && verdict.reason === "unknown-user");
      // A client that sends its name with an empty response has not been asked yet (3GPP TS 24.229 5.1.1.2).
      return stranger ? { ok: false, status: 403 } : challenge(now, false);
    },
  };
}
