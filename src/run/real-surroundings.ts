/** What a rig needs of this machine: sockets, clock, randomness, and the triggers that the SUT file asks for. */
import type { RigOptions } from "../lab/rig.ts";
import { locatorOf } from "../lab/names.ts";
import { realDriver } from "../lab/waiting.ts";
import { randomIds } from "../net/real/random-ids.ts";
import { realClock } from "../net/real/real-clock.ts";
import { realNetworkFor } from "./real-network-for.ts";
import type { SutFile } from "../spec/sut-file.ts";
import { manualTrigger, type Terminal } from "../target/manual-trigger.ts";
import { openTrigger } from "../target/open-trigger.ts";

/** How long a person may take to change the configuration of a server. */
const BY_HAND_MS = 600_000;

/** `onTlsFailure`: see {@link realNetworkFor}. Fails with `TlsFileError`. */
export async function realSurroundings(
  sutFile: SutFile,
  terminal: Terminal,
  onTlsFailure?: (failure: Error) => void,
): Promise<Pick<RigOptions, "network" | "clock" | "ids" | "driver" | "locator" | "triggers">> {
  const { client, server } = sutFile;
  const system = { network: await realNetworkFor(sutFile, onTlsFailure), clock: realClock, ids: randomIds() };
  return {
    ...system,
    locator: locatorOf(sutFile, { ...system, system: true }),
    driver: realDriver(realClock),
    triggers: {
      hand: manualTrigger({ timeoutMs: BY_HAND_MS }, terminal),
      ...(client === undefined ? {} : { client: openTrigger(client.trigger, { terminal }) }),
      ...(server?.control === undefined ? {} : { server: openTrigger(server.control, { terminal }) }),
    },
  };
}
