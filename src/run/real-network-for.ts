/** The sockets of a run; its TLS from the SUT file, with certificates from its files, or made now. */
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { Network } from "../net/network.ts";
import { createCertificateAuthority, type CertifiedKey } from "../net/real/certificates.ts";
import { createRealNetwork } from "../net/real/real-network.ts";
import type { TlsOptions } from "../net/real/tls-options.ts";
import type { SutFile } from "../spec/sut-file.ts";

/** What is in the files is looked at when TLS begins; a person wants to hear of it before. */
function checkContents({ certificate, key, ca }: TlsOptions): void {
  try {
    createSecureContext({ cert: certificate, key, ca });
  } catch (error) {
    throw new TlsFileError("certificate, tls.key, tls.ca", "what they name", error);
  }
}

/** A file of the group `tls` cannot be read. */
export class TlsFileError extends Error {
  readonly code = "tls-file";
  constructor(entry: string, file: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`tls.${entry}: ${file} cannot be read: ${why}. Paths are relative to where Scrim is started.`, {
      cause,
    });
    this.name = "TlsFileError";
  }
}

/** `onTlsFailure` is told of connections to Scrim that did not get through the handshake. Fails with {@link TlsFileError}. */
export async function realNetworkFor(
  sutFile: SutFile,
  onTlsFailure?: (failure: Error) => void,
): Promise<Network> {
  const { tls } = sutFile;
  if (tls === undefined) return createRealNetwork();
  const options = await tlsOptions(sutFile, tls);
  checkContents(options);
  return createRealNetwork({
    tls: { ...options, ...(onTlsFailure === undefined ? {} : { onHandshakeFailure: onTlsFailure }) },
  });
}

async function tlsOptions(sutFile: SutFile, tls: NonNullable<SutFile["tls"]>): Promise<TlsOptions> {
  const { verify, mutual, minVersion, servername } = tls;
  return {
    ...(await certifiedKey(sutFile, tls)),
    ...(tls.ca === undefined ? {} : { ca: textOf("ca", tls.ca) }),
    verify,
    mutual,
    minVersion,
    ...(servername === undefined ? {} : { servername }),
  };
}

async function certifiedKey({ core }: SutFile, tls: NonNullable<SutFile["tls"]>): Promise<CertifiedKey> {
  if (tls.certificate !== undefined && tls.key !== undefined)
    return { certificate: textOf("certificate", tls.certificate), key: textOf("key", tls.key) };
  const authority = await createCertificateAuthority("Scrim", { algorithm: tls.keys });
  const own = await authority.issue({
    commonName: core.homeDomain,
    hosts: [core.advertised, core.bind, "localhost"],
    sipDomains: [core.homeDomain, core.remoteDomain],
  });
  return { certificate: own.certificate + authority.certificate, key: own.key };
}

function textOf(entry: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new TlsFileError(entry, file, error);
  }
}
