/** `scrim certificates`: an authority and a certificate for Scrim, in files that outlive a run, so that a SUT can be given the authority. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Argv, CommandModule } from "yargs";
import { REFERENCE_FILE } from "../project.ts";

interface CertificateArguments {
  readonly folder: string;
  readonly sut: string;
  readonly also: readonly string[];
}

export const certificatesCommand: CommandModule<object, CertificateArguments> = {
  command: "certificates <folder>",
  describe: "make an authority (unless it is there) and a certificate of Scrim for TLS",
  builder: (yargs: Argv<object>) =>
    yargs
      .positional("folder", { type: "string", demandOption: true, describe: "where the files go" })
      .option("sut", {
        type: "string",
        default: REFERENCE_FILE,
        describe: "the SUT file: addresses, domains, kind of keys",
      })
      .option("also", {
        type: "string",
        array: true,
        default: [],
        describe: "make a certificate for these hosts too, such as the SUT's",
      }),
  handler: async ({ folder, sut, also }) => {
    const { readSutFile } = await import("../../spec/sut-file-reader.ts");
    const certificates = await import("../../net/real/certificates.ts");
    const { core, tls } = readSutFile(sut);
    const options = { algorithm: tls?.keys ?? "ec" } as const;
    mkdirSync(folder, { recursive: true });
    const authority = existsSync(path.join(folder, "authority.key"))
      ? await certificates.readCertificateAuthority(readPair(folder, "authority"), options)
      : await certificates.createCertificateAuthority("Scrim test authority", options);
    writePair(folder, "authority", authority);
    const scrim = {
      commonName: core.homeDomain,
      hosts: [core.advertised, core.bind, "localhost"],
      sipDomains: [core.homeDomain, core.remoteDomain],
    };
    writePair(folder, "scrim", await authority.issue(scrim));
    for (const host of also)
      writePair(
        folder,
        host.replaceAll(":", "-"),
        await authority.issue({ commonName: host, hosts: [host] }),
      );
    const file = (name: string): string => path.join(folder, name);
    process.stdout.write(
      `For the SUT file:\ntls: { certificate: ${file("scrim.pem")}, key: ${file("scrim.key")}, ca: ${file("authority.pem")} }\n` +
        `For the SUT: let it believe ${file("authority.pem")}.\n`,
    );
  },
};

interface Pair {
  readonly certificate: string;
  readonly key: string;
}

function readPair(folder: string, name: string): Pair {
  const read = (end: string): string => readFileSync(path.join(folder, `${name}.${end}`), "utf8");
  return { certificate: read("pem"), key: read("key") };
}

/** Keys are for their owner only. */
function writePair(folder: string, name: string, { certificate, key }: Pair): void {
  writeFileSync(path.join(folder, `${name}.pem`), certificate);
  writeFileSync(path.join(folder, `${name}.key`), key, { mode: 0o600 });
}
