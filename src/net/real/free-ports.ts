import { type Address, PortInUseError } from "../network.ts";

/**
 * Below those that the platform gives to connections: a peer that looks for a connection by address and port, to use it again for a large
 * request, must not find one that somebody else made from the same number.
 */
const [LOWEST, COUNT] = [16_000, 16_768];

/** Then the platform chooses. */
const ATTEMPTS = 20;

/** Binds a socket; where any port will do, to one that no connection comes from. */
export async function onFreePort<Socket>(
  local: Address,
  bind: (local: Address) => Promise<Socket>,
): Promise<Socket> {
  if (local.port !== 0) return bind(local);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      return await bind({ ...local, port: LOWEST + Math.floor(Math.random() * COUNT) });
    } catch (error) {
      if (!(error instanceof PortInUseError)) throw error;
    }
  }
  return bind(local);
}
