/**
 * Certificates for a test bed: an authority of its own, and leaf certificates that name hosts, addresses and SIP domains (RFC 5922 4). They are
 * made at start where the SUT file names none, and by `scrim certificates` where a phone has to be given the authority beforehand.
 */
import { isIP } from "node:net";
import { randomBytes, webcrypto } from "node:crypto";

/** `ec` is P-256; phones that are older than elliptic curves in TLS need `rsa` (2048 bits). */
export type KeyAlgorithm = "ec" | "rsa";

/** PEM texts. */
export interface CertifiedKey {
  /** The certificate of the subject. */
  readonly certificate: string;
  /** PKCS#8. */
  readonly key: string;
}

export interface CertificateSubject {
  readonly commonName: string;
  /** Host names and IP addresses under which the subject is reached. */
  readonly hosts?: readonly string[];
  /** Domains that the subject may speak for in SIP: each becomes a URI `sip:domain` and a DNS name (RFC 5922 4, 7.1). */
  readonly sipDomains?: readonly string[];
}

export interface CertificateAuthority extends CertifiedKey {
  /** For both ends of a connection: extended key usages of a server and of a client. */
  issue(subject: CertificateSubject): Promise<CertifiedKey>;
}

export interface CertificateOptions {
  /** Default `ec`. */
  readonly algorithm?: KeyAlgorithm;
  /** Days from now until the certificates expire. Default 825, the most that common devices take. */
  readonly days?: number;
}

const DAYS = 825;
const DAY_MS = 86_400_000;
/** Clocks of phones in a lab are seldom right. */
const BACKDATED_DAYS = 2;

const ALGORITHMS = {
  ec: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  rsa: {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  },
} as const;

/** Loaded when the first certificate is made: most runs need none. */
async function x509(): Promise<typeof import("@peculiar/x509")> {
  await import("reflect-metadata");
  return import("@peculiar/x509");
}

export async function createCertificateAuthority(
  commonName: string,
  options: CertificateOptions = {},
): Promise<CertificateAuthority> {
  const library = await x509();
  const keys = await newKeys(options);
  const certificate = await library.X509CertificateGenerator.createSelfSigned({
    ...validity(options),
    name: nameOf(commonName),
    keys,
    signingAlgorithm: ALGORITHMS[options.algorithm ?? "ec"],
    extensions: [
      new library.BasicConstraintsExtension(true, undefined, true),
      new library.KeyUsagesExtension(library.KeyUsageFlags.keyCertSign | library.KeyUsageFlags.cRLSign, true),
      await library.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const own = await certified(certificate.toString("pem"), keys);
  return { ...own, issue: (subject) => issue(subject, own.certificate, keys, options) };
}

/** An authority that was made before, to issue further certificates. Throws what webcrypto throws at a key that is none. */
export async function readCertificateAuthority(
  { certificate, key }: CertifiedKey,
  options: CertificateOptions = {},
): Promise<CertificateAuthority> {
  const library = await x509();
  const algorithm = ALGORITHMS[options.algorithm ?? "ec"];
  const der = library.PemConverter.decodeFirst(key);
  const privateKey = await webcrypto.subtle.importKey("pkcs8", der, algorithm, true, ["sign"]);
  const publicKey = await new library.X509Certificate(certificate).publicKey.export();
  const keys = { privateKey, publicKey };
  return { certificate, key, issue: (subject) => issue(subject, certificate, keys, options) };
}

async function issue(
  subject: CertificateSubject,
  authority: string,
  authorityKeys: webcrypto.CryptoKeyPair,
  options: CertificateOptions,
): Promise<CertifiedKey> {
  const library = await x509();
  const issuer = new library.X509Certificate(authority);
  const keys = await newKeys(options);
  const usage = [library.ExtendedKeyUsage.serverAuth, library.ExtendedKeyUsage.clientAuth];
  const certificate = await library.X509CertificateGenerator.create({
    ...validity(options),
    subject: nameOf(subject.commonName),
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHMS[options.algorithm ?? "ec"],
    extensions: [
      new library.BasicConstraintsExtension(false, undefined, true),
      new library.KeyUsagesExtension(
        library.KeyUsageFlags.digitalSignature | library.KeyUsageFlags.keyEncipherment,
        true,
      ),
      new library.ExtendedKeyUsageExtension(usage),
      new library.SubjectAlternativeNameExtension(alternativeNames(subject)),
      await library.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return certified(certificate.toString("pem"), keys);
}

type AlternativeName = { readonly type: "dns" | "ip" | "url"; readonly value: string };

function alternativeNames({ hosts = [], sipDomains = [] }: CertificateSubject): AlternativeName[] {
  const names = [...new Set([...hosts, ...sipDomains])].filter((host) => host !== "");
  return [
    ...names.map((value): AlternativeName => ({ type: isIP(value) === 0 ? "dns" : "ip", value })),
    ...[...new Set(sipDomains)].map((domain): AlternativeName => ({ type: "url", value: `sip:${domain}` })),
  ];
}

function nameOf(commonName: string): string {
  return `CN=${commonName.replace(/[\\,+"<>;=#]/g, "\\$&")}`;
}

function validity({ days = DAYS }: CertificateOptions): {
  notBefore: Date;
  notAfter: Date;
  serialNumber: string;
} {
  const now = Date.now();
  return {
    // The first octet is 01: a serial number is positive and does not begin with zeros (RFC 5280 4.1.2.2).
    serialNumber: `01${randomBytes(15).toString("hex")}`,
    notBefore: new Date(now - BACKDATED_DAYS * DAY_MS),
    notAfter: new Date(now + days * DAY_MS),
  };
}

function newKeys({ algorithm = "ec" }: CertificateOptions): Promise<webcrypto.CryptoKeyPair> {
  return algorithm === "rsa"
    ? webcrypto.subtle.generateKey(ALGORITHMS.rsa, true, ["sign", "verify"])
    : webcrypto.subtle.generateKey(ALGORITHMS.ec, true, ["sign", "verify"]);
}

async function certified(
  certificate: string,
  { privateKey }: webcrypto.CryptoKeyPair,
): Promise<CertifiedKey> {
  const { PemConverter } = await x509();
  const der = await webcrypto.subtle.exportKey("pkcs8", privateKey);
  return { certificate: `${certificate}\n`, key: `${PemConverter.encode(der, "PRIVATE KEY")}\n` };
}
