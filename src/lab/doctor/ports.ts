/** Whether the ports that the rig needs are free. Asked before anything is opened, so that each one that is not is named. */
import { check as connects } from "tcp-port-used";
import { type Hop, type Network, formatHop } from "../../net/network.ts";
import { coreListening } from "../../spec/core-addresses.ts";
import type { SutFile } from "../../spec/sut-file.ts";
import type { Findings } from "./finding.ts";

interface NeededPort extends Hop {
  /** Entries of the SUT file that name address and port. */
  readonly bind: string;
  readonly key: string;
  readonly what: string;
}

function neededPorts(sutFile: SutFile): readonly NeededPort[] {
  const { xdm } = sutFile;
  const ofCore = coreListening(sutFile).map((hop) => ({
    ...hop,
    bind: "core.bind",
    key: hop.transport === "tls" ? "tls.port" : "core.port",
    what: "the core",
  }));
  const ofXdms = { host: xdm.bind, port: xdm.port, bind: "xdm.bind", key: "xdm.port", what: "the XDMS" };
  const served = xdm.kind === "scrim" ? [{ ...ofXdms, transport: "tcp" as const }] : [];
  return [...ofCore, ...served, ...portsOfDns(sutFile)];
}

function portsOfDns({ dns }: SutFile): readonly NeededPort[] {
  if (dns?.serve === undefined) return [];
  const { bind: host, port } = dns.serve;
  const named = { bind: "dns.serve.bind", key: "dns.serve.port", what: "the name server" };
  return (["udp", "tcp"] as const).map((transport) => ({ host, port, transport, ...named }));
}

/** Gives whether all are free. `real`: sockets of this machine, so that who accepts connections can be asked as well. */
export async function examinePorts(
  sutFile: SutFile,
  network: Network,
  findings: Findings,
  real: boolean,
): Promise<boolean> {
  let free = true;
  for (const port of neededPorts(sutFile)) {
    const obstacle = await obstacleAt(port, network, real);
    if (obstacle === undefined) findings.ok("ports", `${formatHop(port)} is free for ${port.what}`);
    else {
      free = false;
      findings.problem("ports", obstacle.says, obstacle.change);
    }
  }
  return free;
}

interface Obstacle {
  readonly says: string;
  readonly change: string;
}

async function obstacleAt(port: NeededPort, network: Network, real: boolean): Promise<Obstacle | undefined> {
  const taken = {
    says: `${formatHop(port)}, which ${port.what} of Scrim listens on, is in use by another process`,
    change: `End that process, or change ${port.key}.`,
  };
  // Another process may hold the port at all addresses at once, which a bind to one of them does not always notice.
  if (real && port.transport !== "udp" && (await accepts(port))) return taken;
  try {
    await tryPort(port, network);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "port-in-use") return taken;
    const why = error instanceof Error ? error.message : String(error);
    return {
      says: `Scrim cannot listen on ${formatHop(port)}: ${why}`,
      change: `Let ${port.bind} be an address of this machine and ${port.key} a port that it may use.`,
    };
  }
}

async function accepts({ host, port }: NeededPort): Promise<boolean> {
  const everywhere = host === "0.0.0.0" || host === "::";
  return connects(port, everywhere ? "127.0.0.1" : host).catch(() => false);
}

async function tryPort({ host, port, transport }: NeededPort, network: Network): Promise<void> {
  if (transport === "udp") {
    const socket = await network.bindUdp({ host, port }, () => undefined);
    await socket.close();
    return;
  }
  const listener = await network.listen(transport, { host, port }, (connection) => connection.destroy());
  await listener.close();
}
