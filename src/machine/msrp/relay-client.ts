/**
 * A client of MSRP relays (RFC 4976 5.1): AUTH with the digest that the relay asks for, the path that it gives, and when to ask again. One
 * machine for each relay; the path through the relays before it is where its AUTH goes through.
 */
import { digestCredentials, digestResponseAuth, parseDigestChallenge } from "../../wire/sip/digest.ts";
import type { DigestChallenge } from "../../wire/sip/digest.ts";
import { readOrError, SipParseError } from "../../wire/sip/error.ts";
import { parseAuthentication } from "../../wire/sip/fields.ts";
import { msrpReadable } from "../../wire/msrp/error.ts";
import {
  authenticationInfoOf,
  challengesOf,
  expiresOf,
  maxExpiresOf,
  minExpiresOf,
  usePathOf,
} from "../../wire/msrp/headers.ts";
import type { MsrpResponseHead } from "../../wire/msrp/message.ts";
import { formatMsrpUri } from "../../wire/msrp/uri.ts";

export interface RelayCredentials {
  readonly username: string;
  readonly password: string;
}

export interface RelayClientOptions {
  /** URI of the relay, the last of To-Path; the digest-uri (RFC 4976 9.1). */
  readonly relay: string;
  /** URIs of the relays before it, in the order in which requests pass them; what their Use-Path said. */
  readonly through?: readonly string[];
  readonly credentials: RelayCredentials;
  /** Seconds that are asked for; nothing is asked for when nothing is said. */
  readonly expires?: number;
  /** Gives a cnonce. */
  readonly token: () => string;
}

export type RelayState = "new" | "asking" | "authorized" | "failed";

export type RelayAction =
  /** Send AUTH to these URIs with these header fields behind the paths. */
  | {
      readonly type: "auth";
      readonly toPath: string;
      readonly headers: readonly (readonly [string, string])[];
    }
  /** The path for this end's requests, nearest relay first; `expiresAt` in milliseconds, undefined when the relay said nothing. */
  | {
      readonly type: "authorized";
      readonly usePath: readonly string[];
      readonly expiresAt: number | undefined;
    }
  | { readonly type: "failed"; readonly status: number; readonly reason: string };

export interface RelayClient {
  readonly state: RelayState;
  /** What the relay gave, in the order in which requests pass. */
  readonly usePath: readonly string[];
  /** When to come again with `time`, in milliseconds. */
  readonly deadline: number | undefined;
  start(): RelayAction[];
  response(head: MsrpResponseHead, now: number): RelayAction[];
  /** The relay did not answer, or its connection ended. */
  lost(reason: string): RelayAction[];
  time(now: number): RelayAction[];
}

/** Of the time that a relay gives, the part after which it is asked again. */
const REFRESH_AFTER = 0.8;
/** How often one relay is asked anew after 401 and 423 without success between. */
const ATTEMPTS = 3;

export function createRelayClient(options: RelayClientOptions): RelayClient {
  return new Client(options);
}

class Client implements RelayClient {
  state: RelayState = "new";
  usePath: readonly string[] = [];
  deadline: number | undefined = undefined;
  readonly #options: RelayClientOptions;
  #challenge: DigestChallenge | undefined = undefined;
  #nonceCount = 0;
  #expires: number | undefined;
  #attempts = 0;
  /** The request that is out carries credentials for the challenge at hand. */
  #proven = false;
  /** What the relay has to give back to show that it knows the password; undefined where it was shown none. */
  #proof: string | undefined = undefined;

  constructor(options: RelayClientOptions) {
    this.#options = options;
    this.#expires = options.expires;
  }

  start(): RelayAction[] {
    this.#attempts = 0;
    return this.#ask();
  }

  response(head: MsrpResponseHead, now: number): RelayAction[] {
    if (this.state !== "asking") return [];
    if (head.status === 200) return this.#authorized(head, now);
    if (head.status === 401) return this.#challenged(head);
    if (head.status === 423) return this.#outOfBounds(head);
    return this.#fail(head.status, head.comment ?? `the relay answered ${head.status}`);
  }

  lost(reason: string): RelayAction[] {
    return this.state === "failed" ? [] : this.#fail(408, reason);
  }

  time(now: number): RelayAction[] {
    if (this.deadline === undefined || now < this.deadline) return [];
    return this.start();
  }

  #ask(): RelayAction[] {
    this.state = "asking";
    this.deadline = undefined;
    this.#attempts += 1;
    const { relay, through = [] } = this.#options;
    const headers: [string, string][] = [];
    this.#proven = this.#challenge !== undefined;
    this.#proof = undefined;
    if (this.#challenge !== undefined) headers.push(["Authorization", this.#credentials(this.#challenge)]);
    if (this.#expires !== undefined) headers.push(["Expires", String(this.#expires)]);
    return [{ type: "auth", toPath: [...through, relay].join(" "), headers }];
  }

  #credentials(challenge: DigestChallenge): string {
    const { relay, credentials, token } = this.#options;
    this.#nonceCount += 1;
    const answer = { ...credentials, uri: relay, cnonce: token(), nonceCount: this.#nonceCount };
    this.#proof = digestResponseAuth(challenge, answer);
    return digestCredentials(challenge, { ...answer, method: "AUTH" });
  }

  #challenged(head: MsrpResponseHead): RelayAction[] {
    const challenge = firstDigest(head);
    if (challenge === undefined) return this.#fail(401, "the relay sent no digest challenge that is known");
    // Credentials for the challenge that came just before are not accepted: name or password is wrong.
    const refused = this.#proven && !challenge.stale && this.#attempts > 1;
    if (refused || this.#attempts >= ATTEMPTS) return this.#fail(401, "the relay refuses name and password");
    this.#challenge = challenge;
    this.#nonceCount = 0;
    return this.#ask();
  }

  /** RFC 4976 4.6: what was asked for is too short or too long. */
  #outOfBounds(head: MsrpResponseHead): RelayAction[] {
    const bound = msrpReadable(() => minExpiresOf(head)) ?? msrpReadable(() => maxExpiresOf(head));
    if (bound === undefined || bound === this.#expires || this.#attempts >= ATTEMPTS)
      return this.#fail(423, "the relay gives no time that it would accept");
    this.#expires = bound;
    return this.#ask();
  }

  #authorized(head: MsrpResponseHead, now: number): RelayAction[] {
    const usePath = msrpReadable(() => usePathOf(head))?.map(formatMsrpUri);
    if (usePath === undefined) return this.#fail(200, "the relay gave no Use-Path that can be read");
    const info = infoOf(head);
    if (!this.#isProof(info?.get("rspauth")))
      return this.#fail(200, "rspauth of the relay is not of this password");
    this.state = "authorized";
    this.#attempts = 0;
    this.usePath = usePath;
    this.#takeNextNonce(info?.get("nextnonce"));
    const seconds = msrpReadable(() => expiresOf(head));
    const expiresAt = seconds === undefined ? undefined : now + seconds * 1000;
    this.deadline = seconds === undefined ? undefined : now + seconds * 1000 * REFRESH_AFTER;
    return [{ type: "authorized", usePath, expiresAt }];
  }

  /** RFC 4976 9.1 wants it; some relays give none, and prove nothing then. */
  #isProof(rspauth: string | undefined): boolean {
    return rspauth === undefined || this.#proof === undefined || rspauth === this.#proof;
  }

  #takeNextNonce(next: string | undefined): void {
    if (next === undefined || this.#challenge === undefined) return;
    this.#challenge = { ...this.#challenge, nonce: next };
    this.#nonceCount = 0;
  }

  #fail(status: number, reason: string): RelayAction[] {
    this.state = "failed";
    this.deadline = undefined;
    return [{ type: "failed", status, reason }];
  }
}

/** RFC 2617 3.2.3: what the relay says of this exchange and of the next. */
function infoOf(head: MsrpResponseHead): ReadonlyMap<string, string> | undefined {
  const info = authenticationInfoOf(head);
  const read = readOrError(() => parseAuthentication(`Digest ${info ?? ""}`, "RFC 2617 3.2.3"));
  return read instanceof SipParseError ? undefined : read.params;
}

function firstDigest(head: MsrpResponseHead): DigestChallenge | undefined {
  for (const value of challengesOf(head)) {
    const challenge = readOrError(() => parseDigestChallenge(value));
    if (!(challenge instanceof SipParseError)) return challenge;
  }
  return undefined;
}

/** RFC 4976 5.1: To-Path of requests: through the own relays, then along the path that the peer gave. */
export function pathToPeer(usePath: readonly string[], peer: readonly string[]): readonly string[] {
  return [...usePath, ...peer];
}

/** RFC 4976 5.1: the path for the peer: the relays from the outermost in, then the own URI. */
export function pathForPeer(usePath: readonly string[], own: string): readonly string[] {
  return [...usePath.toReversed(), own];
}
