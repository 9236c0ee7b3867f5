import { type Address, PortInUseError, type Transport } from "../network.ts";

const FIRST_FREE_PORT = 49152;

/** Near ends of connections have a range of their own: who takes a port for UDP takes the same for TCP, which no connection may come from. */
const FIRST_CONNECTION_PORT = 20_000;
const WILDCARDS = ["0.0.0.0", "::"];

/** Who listens where on one transport of a virtual network. */
export interface Ports<Holder> {
  /** Takes the address, or a free port of the host if the port is 0; throws {@link PortInUseError}. */
  take(local: Address, holder: (local: Address) => Holder): Holder;
  release(local: Address): void;
  /** Who hears what is sent to the address, also by a wildcard address. */
  holderOf(address: Address): Holder | undefined;
  /** A port that nobody listens on, nor will when asking for a free one, for the near end of a connection. */
  connectionPort(host: string): number;
}

export function createPorts<Holder>(transport: Transport): Ports<Holder> {
  const holders = new Map<string, Holder>();
  let next = FIRST_FREE_PORT;
  let nextConnection = FIRST_CONNECTION_PORT;
  const isTaken = (host: string, port: number): boolean => holders.has(keyOf({ host, port }));
  const freePort = (host: string): number => {
    while (isTaken(host, next)) next += 1;
    return next++;
  };
  return {
    connectionPort: (host) => {
      while (isTaken(host, nextConnection) || nextConnection >= FIRST_FREE_PORT)
        nextConnection = nextConnection + 1 < FIRST_FREE_PORT ? nextConnection + 1 : FIRST_CONNECTION_PORT;
      return nextConnection++;
    },
    take: (local, holder) => {
      const address = local.port === 0 ? { host: local.host, port: freePort(local.host) } : local;
      if (holders.has(keyOf(address))) throw new PortInUseError(address, transport);
      const taken = holder(address);
      holders.set(keyOf(address), taken);
      return taken;
    },
    release: (local) => void holders.delete(keyOf(local)),
    holderOf: (address) =>
      holders.get(keyOf(address)) ??
      WILDCARDS.map((host) => holders.get(keyOf({ host, port: address.port }))).find(
        (holder) => holder !== undefined,
      ),
  };
}

function keyOf(address: Address): string {
  return `${address.host} ${address.port}`;
}

/** What the other end sees of an address; a wildcard has no face of its own. */
export function visibleHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}
