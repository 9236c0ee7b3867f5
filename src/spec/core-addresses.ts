/** Where the SIP/IP Core of a SUT file is found, by transport: TLS has a port of its own, UDP and TCP share one. */
import type { SutFile, Transport } from "./sut-file.ts";

interface CoreHop {
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
}

/** What Scrim's core listens on: UDP and TCP always, TLS where the SUT file speaks of it. */
export function coreListening(sutFile: SutFile): readonly CoreHop[] {
  const transports: readonly Transport[] = [
    "udp",
    "tcp",
    ...(sutFile.tls === undefined ? [] : ["tls" as const]),
  ];
  return transports.map((transport) => ({
    host: sutFile.core.bind,
    port: corePort(sutFile, transport),
    transport,
  }));
}

/** Where the SUT finds its core. */
export function coreAdvertised(sutFile: SutFile, transport: Transport): CoreHop {
  return { host: sutFile.core.advertised, port: corePort(sutFile, transport), transport };
}

function corePort({ core, tls }: SutFile, transport: Transport): number {
  return transport === "tls" ? (tls?.port ?? core.port + 1) : core.port;
}
