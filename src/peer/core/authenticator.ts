/**
 * Digest authentication of REGISTER: what it is challenged with, and what an Authorization is worth (RFC 3261 22, RFC 7616 3); for a
 * subscriber with a USIM, AKA (RFC 3310).
 */
import type { Ids } from "../../net/ids.ts";
import type { AkaSubscription } from "../../wire/aka/subscription.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import { isAka } from "../../wire/sip/aka-digest.ts";
import { formatDigestChallenge, verifyDigest, type DigestVerdict } from "../../wire/sip/digest.ts";
import { credentialsOf, header, headerFields } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { createAkaHome } from "./aka-home.ts";
import type { DigestAlgorithm, UserProfile } from "./config.ts";
import { createGivenNonces } from "./given-nonces.ts";

export type AuthenticationVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly status: 401; readonly challenges: readonly HeaderPair[] }
  | { readonly ok: false; readonly status: 403 };

export interface Authenticator {
  check(request: SipRequest, user: UserProfile, now: number): AuthenticationVerdict;
}

export function createAuthenticator(
  realm: string,
  algorithms: readonly DigestAlgorithm[],
  ids: Ids,
): Authenticator {
  const nonces = createGivenNonces();
  const akaHome = createAkaHome(ids);

  function passwordChallenges(now: number, stale: boolean): readonly string[] {
    const nonce = ids.token(26);
    nonces.give(nonce, now);
    const more = stale ? { stale } : {};
    return algorithms.map((algorithm) =>
      formatDigestChallenge({ realm, nonce, algorithm, qop: ["auth"], ...more }),
    );
  }

  function akaChallenge(
    request: SipRequest,
    impi: string,
    subscription: AkaSubscription,
    now: number,
  ): string {
    const { nonce, xres, ik, ck } = akaHome.challenge(impi, subscription);
    nonces.give(nonce, now, xres);
    // A P-CSCF is in between and takes the keys out (3GPP TS 24.229 5.4.1.2.1, 5.2.2).
    const keys = header(request, "Path") === undefined ? {} : { keys: { ik, ck } };
    return formatDigestChallenge({ realm, nonce, algorithm: "AKAv1-MD5", qop: ["auth"], ...keys });
  }

  /** RFC 3310 3.4: the challenge that follows has a number that the USIM takes. */
  function takeResynchronisation(request: SipRequest, { impi, aka }: UserProfile): void {
    if (aka === undefined) return;
    for (const { params } of credentialsOf(request)) {
      const [auts, nonce = ""] = [params.get("auts"), params.get("nonce")];
      if (auts === undefined || params.get("username") !== impi || !nonces.end(nonce)) continue;
      akaHome.resynchronise(impi, aka, nonce, auts);
    }
  }

  /** What cannot be proven in this way is a wrong response, and no unknown user. */
  function proofOf({ password }: UserProfile, nonce: string, aka: boolean): string | Uint8Array {
    return (aka ? nonces.xresOf(nonce) : password) ?? ids.token(26);
  }

  function verdictsOn(request: SipRequest, user: UserProfile): readonly DigestVerdict[] {
    const { method, body } = request;
    return headerFields(request, "Authorization").map(({ value }) =>
      verifyDigest(value, {
        method,
        realm,
        body,
        password: (username, { nonce, algorithm }) =>
          username === user.impi ? proofOf(user, nonce, isAka(algorithm)) : undefined,
      }),
    );
  }

  return {
    check(request, user, now) {
      takeResynchronisation(request, user);
      const verdicts = verdictsOn(request, user);
      const good = verdicts.find((verdict) => verdict.ok);
      if (good?.ok === true && nonces.use(good.nonce, good.nonceCount, now)) return { ok: true };
      // A client that sends its name with an empty response has not been asked yet (3GPP TS 24.229 5.1.1.2).
      if (verdicts.some((verdict) => !verdict.ok && verdict.reason === "unknown-user") && good === undefined)
        return { ok: false, status: 403 };
      const challenges = [
        ...(user.aka === undefined ? [] : [akaChallenge(request, user.impi, user.aka, now)]),
        ...(user.password === undefined ? [] : passwordChallenges(now, good !== undefined)),
      ].map((value): HeaderPair => ["WWW-Authenticate", value]);
      return { ok: false, status: 401, challenges };
    },
  };
}
