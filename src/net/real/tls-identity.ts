/** Whom a certificate is for, by the rules of SIP (RFC 5922 7.1, 7.2, 7.3). */
import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";

/** Undefined when the certificate is for `expected`, a domain or an address. */
export function identityProblem(expected: string, certificate: PeerCertificate): Error | undefined {
  if (isIP(expected) !== 0) return checkServerIdentity(expected, certificate);
  const identities = sipIdentities(certificate);
  if (identities.includes(expected.toLowerCase())) return undefined;
  const error: NodeJS.ErrnoException = new Error(
    `the certificate is for ${identities.join(", ") || "nobody"}, not for ${expected}`,
  );
  error.code = "ERR_TLS_CERT_ALTNAME_INVALID";
  return error;
}

/** RFC 5922 7.1: domains of SIP URIs without a user part; without any, DNS names; without any, the common name. No wildcards (7.2). */
export function sipIdentities(certificate: PeerCertificate): readonly string[] {
  const names = (certificate.subjectaltname ?? "").split(/, (?=DNS:|URI:|IP Address:)/);
  const ofUris = names.flatMap((name) => /^URI:sips?:([^@;:?]+)$/i.exec(name)?.[1] ?? []);
  const ofDns = names.flatMap((name) => /^DNS:(.+)$/.exec(name)?.[1] ?? []);
  // OpenSSL gives one common name as a text, several as a list.
  const common = [certificate.subject?.CN ?? []].flat();
  const found = [ofUris, ofDns, common].find((list) => list.length > 0) ?? [];
  return found.map((name) => name.toLowerCase());
}
