/**
 * TLS for a peer that has none: `openssl s_client` or `s_server` on the side of Scrim, plain TCP on the side of the peer, and every byte passed
 * on as it is. What is proved is TLS and SIP on it, each by other hands than Scrim's; not that the peer itself knows of TLS.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import path from "node:path";
import { onTestFinished } from "vitest";
import {
  type CertificateAuthority,
  type CertifiedKey,
  createCertificateAuthority,
} from "../src/net/real/certificates.ts";
import type { Address } from "../src/net/network.ts";
import { peer } from "./peers.ts";
import { listening } from "./ports.ts";
import { scratchFolder } from "./processes.ts";

let made: Promise<CertificateAuthority> | undefined;

/** The authority that both sides believe. */
export function authority(): Promise<CertificateAuthority> {
  made ??= createCertificateAuthority("Authority of the tests");
  return made;
}

/** A certificate for both loopback addresses and for the domain of the tests. */
export async function loopbackCertificate(): Promise<CertifiedKey> {
  const hosts = ["127.0.0.1", "::1", "localhost"];
  return (await authority()).issue({ commonName: "loopback", hosts, sipDomains: ["home.example"] });
}

/** PEM files in a folder of the test. */
export async function certificateFiles(): Promise<{ authority: string; certificate: string; key: string }> {
  const folder = scratchFolder();
  const own = await loopbackCertificate();
  const write = (name: string, text: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  return {
    authority: write("authority.pem", (await authority()).certificate),
    certificate: write("certificate.pem", own.certificate),
    key: write("key.pem", own.key),
  };
}

/** OpenSSL's own console must keep out of the way: `-quiet` passes bytes as they are. */
function startOpenssl(args: readonly string[]): ChildProcess {
  const child = spawn(peer("openssl").program, args, { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.on("error", () => undefined);
  onTestFinished(() => void child.kill());
  return child;
}

function join(socket: Socket, { stdin, stdout }: ChildProcess): void {
  if (stdin === null || stdout === null) throw new Error("openssl was started without pipes");
  socket.setNoDelay(true);
  socket.on("error", () => undefined);
  socket.pipe(stdin);
  stdout.pipe(socket);
}

function hostPort({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Takes TCP connections and leads each over TLS to `target`, whose certificate must be good for its address. The one connection comes from
 * port `from` there.
 */
export async function tlsTowards(target: Address, from: number): Promise<Address> {
  const files = await certificateFiles();
  const connecting = `-quiet -nocommands -connect ${hostPort(target)} -bind ${hostPort({ ...target, port: from })}`;
  const believing = `-CAfile ${files.authority} -verify_return_error -verify_ip ${target.host}`;
  const args = ["s_client", ...connecting.split(" "), ...believing.split(" ")];
  const server = createServer((socket) => join(socket, startOpenssl(args)));
  return listen(server, target.host);
}

/** Takes one connection over TLS on `port` and leads it to `target` over TCP. */
export async function tlsInFrontOf(target: Address, port: number): Promise<void> {
  const files = await certificateFiles();
  const outer = { host: target.host, port };
  const accepting = `-quiet -accept ${hostPort(outer)} -naccept 1`;
  const certified = `-cert ${files.certificate} -key ${files.key}`;
  const openssl = startOpenssl(["s_server", ...accepting.split(" "), ...certified.split(" ")]);
  const socket = connect({ host: target.host, port: target.port });
  onTestFinished(() => void socket.destroy());
  join(socket, openssl);
  await listening("tcp", port);
}

async function listen(server: Server, host: string): Promise<Address> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => void server.close());
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server that listens has an address with a port
  const { port } = server.address() as AddressInfo;
  return { host, port };
}
