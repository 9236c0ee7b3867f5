/**
 * The third-party programs that the tests of this folder drive, and how they are found. With `SCRIM_PEERS=required` a peer that is not
 * there fails its tests; without it they are skipped, and `announce-peers.ts` says so before anything runs.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";

export interface PeerKind {
  /** The Debian packages that bring the program and what the tests need of it. */
  readonly packages: readonly string[];
  readonly command: string;
  readonly versionArgument: string;
  /** Finds the version in what the program prints, on either stream. */
  readonly version: RegExp;
  /** Modules without which the program is not the peer that is meant. */
  readonly modules?: readonly string[];
}

export const PEERS = {
  sipp: {
    packages: ["sip-tester"],
    command: "sipp",
    versionArgument: "-v",
    version: /SIPp v(\S+?)\.?\s/u,
  },
  kamailio: {
    packages: [
      "kamailio",
      "kamailio-presence-modules",
      "kamailio-xml-modules",
      "kamailio-tls-modules",
      "kamailio-extra-modules",
      "kamailio-ims-modules",
    ],
    command: "kamailio",
    versionArgument: "-v",
    version: /version: kamailio (\S+)/u,
    modules: ["presence", "xcap_server", "tls", "uuid", "ims_isc", "msrp"],
  },
  tshark: {
    packages: ["tshark"],
    command: "tshark",
    versionArgument: "--version",
    version: /TShark \(Wireshark\) (\S+?)\.?\s/u,
  },
  linphone: {
    packages: ["linphone-cli"],
    command: "linphonec",
    versionArgument: "--version",
    version: /version: (\S+)/u,
  },
  baresip: { packages: ["baresip"], command: "baresip", versionArgument: "-h", version: /baresip v(\S+)/u },
  openssl: {
    packages: ["openssl"],
    command: "openssl",
    versionArgument: "version",
    version: /OpenSSL (\S+)/u,
  },
  sipsak: { packages: ["sipsak"], command: "sipsak", versionArgument: "--version", version: /sipsak (\S+)/u },
} as const satisfies Record<string, PeerKind>;

export type PeerName = keyof typeof PEERS;

export const PEER_NAMES = [
  "sipp",
  "kamailio",
  "tshark",
  "linphone",
  "baresip",
  "sipsak",
  "openssl",
] as const satisfies PeerName[];

export interface Peer {
  readonly name: PeerName;
  /** Absolute path of the program. */
  readonly program: string;
  readonly version: string;
}

/** Daemons are not on everybody's path. */
const FOLDERS = [...(process.env["PATH"] ?? "").split(path.delimiter), "/usr/sbin", "/usr/local/sbin"];

function programOf(command: string): string | undefined {
  return FOLDERS.map((folder) => path.join(folder, command)).find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function printed(program: string, argument: string): string {
  const { stdout, stderr } = spawnSync(program, [argument], { encoding: "utf8", timeout: 10_000 });
  return `${stdout}\n${stderr}\n`;
}

function hasModules(program: string, modules: readonly string[]): boolean {
  const [, folder = ""] = /paths? to modules: (\S+)/u.exec(printed(program, "-I")) ?? [];
  return modules.every((name) => {
    try {
      accessSync(path.join(folder, `${name}.so`), constants.R_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const found = new Map<PeerName, Peer | undefined>();

/** Looks once for each peer. */
export function findPeer(name: PeerName): Peer | undefined {
  if (!found.has(name)) found.set(name, lookFor(name));
  return found.get(name);
}

function lookFor(name: PeerName): Peer | undefined {
  const kind: PeerKind = PEERS[name];
  const program = programOf(kind.command);
  if (program === undefined) return undefined;
  const [, version] = kind.version.exec(printed(program, kind.versionArgument)) ?? [];
  if (version === undefined || !hasModulesOf(kind, program)) return undefined;
  return { name, program, version };
}

function hasModulesOf({ modules }: PeerKind, program: string): boolean {
  return modules === undefined || hasModules(program, modules);
}

export const peersAreRequired = (): boolean => process.env["SCRIM_PEERS"] === "required";

/** What to install so that the peer is there. */
export function remedyFor(name: PeerName): string {
  return `apt-get install ${PEERS[name].packages.join(" ")}`;
}

/**
 * Whether tests with these peers are to be skipped: `describe.skipIf(areMissing("sipp"))`. Never where peers are required: there the tests run,
 * and {@link peer} fails them.
 */
export function areMissing(...names: readonly PeerName[]): boolean {
  return !peersAreRequired() && names.some((name) => findPeer(name) === undefined);
}

/** The peer; fails with what to install when it is not there. */
export function peer(name: PeerName): Peer {
  const there = findPeer(name);
  if (there === undefined) throw new Error(`${name} is not there: ${remedyFor(name)}`);
  return there;
}
