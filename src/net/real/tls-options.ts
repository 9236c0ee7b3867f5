/** What TLS needs beside addresses: who this end is, whom it believes, how far back in time it goes. */

/**
 * How the peer's certificate is looked at. `none`: taken as it is. `chain`: an authority of `ca` must have signed it. `identity`: it must
 * also be for the address that was connected to, or for the SIP domain that led there (RFC 5922 7).
 */
export type PeerVerification = "none" | "chain" | "identity";

export type TlsVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

export interface TlsOptions {
  /** PEM, the own certificate first, then those that lead to the authority. Without it nothing can be listened to. */
  readonly certificate?: string;
  /** PEM, without passphrase. */
  readonly key?: string;
  /** PEM, the authorities that are believed; default: those that node brings along. */
  readonly ca?: string;
  /** Of servers that this end connects to. Default: `identity` with `ca`, else `none`. */
  readonly verify?: PeerVerification;
  /** Ask whoever connects for a certificate that `ca` has signed, and turn others away. Default false. */
  readonly mutual?: boolean;
  /** Default TLSv1.2; below it the old ciphers that such phones need are allowed too. */
  readonly minVersion?: TlsVersion;
  /** Name that a server is asked for (SNI) and that its certificate must be for, in place of the address or domain connected to. */
  readonly servername?: string;
  /** Lines in the form of SSLKEYLOGFILE, with which other tools can read a capture. */
  readonly keyLog?: (line: string) => void;
  /** Told of a peer whose connection came in and did not get through the handshake. */
  readonly onHandshakeFailure?: (failure: TlsFailedError) => void;
}

/** A connection was made, but no security on it. */
export class TlsFailedError extends Error {
  readonly code = "tls-failed";
  /** What OpenSSL or node calls it, such as `DEPTH_ZERO_SELF_SIGNED_CERT` or `ERR_SSL_WRONG_VERSION_NUMBER`. */
  readonly reason: string;
  readonly peer: string;
  constructor(peer: string, reason: string, cause: Error) {
    super(`TLS with ${peer} failed: ${explain(reason, cause.message)} (${reason})`, { cause });
    this.name = "TlsFailedError";
    this.reason = reason;
    this.peer = peer;
  }
}

/** TLS was asked for where nothing is known of a certificate. */
export class NoCertificateError extends Error {
  readonly code = "no-certificate";
  constructor() {
    super("cannot listen for TLS without a certificate and its key; give both, or let them be made at start");
    this.name = "NoCertificateError";
  }
}

const EXPLANATIONS: readonly (readonly [reason: RegExp, text: string])[] = [
  [
    /SELF_SIGNED_CERT|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)|CERT_UNTRUSTED/,
    "no authority that is believed here has signed its certificate; name that authority in tls.ca, or say tls.verify: none",
  ],
  [
    /^ECONNRESET$/,
    "it ended the connection in the handshake; it may not believe the certificate that it was shown",
  ],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, "its certificate is not valid today"],
  [/ALTNAME_INVALID/, "its certificate is for somebody else; mend it, or say tls.verify: chain"],
  [/WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG/, "it does not speak TLS on this port"],
  [
    /UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|VERSION_TOO_LOW/,
    "no version of TLS is common to both; see tls.minVersion",
  ],
  [
    /NO_SHARED_CIPHER|ALERT_HANDSHAKE_FAILURE/,
    "no cipher is common to both; see tls.minVersion and the kind of the keys",
  ],
  [
    /ALERT_UNKNOWN_CA|ALERT_BAD_CERTIFICATE|ALERT_CERTIFICATE_UNKNOWN/,
    "it does not believe the certificate that it was shown",
  ],
  [
    /PEER_DID_NOT_RETURN_A_CERTIFICATE|ALERT_CERTIFICATE_REQUIRED/,
    "a certificate of the connecting side was asked for, and there was none",
  ],
];

function explain(reason: string, otherwise: string): string {
  return EXPLANATIONS.find(([pattern]) => pattern.test(reason))?.[1] ?? otherwise;
}
