/**
 * Scrim before a SIP/IP Core that is not its own: to the system under test it is the core, to the core it is the application server. It
 * stands on ISC, between the core and the IM Server, and, for a client under test, between the client and the core as a P-CSCF does. Every
 * leg that crosses it is told apart by function and passage just as with Scrim's own core.
 */
import type { Hop } from "../../../net/network.ts";
import type { Core, CoreOptions } from "../core.ts";
import { CoreError } from "../core-error.ts";
import { commonControls, createCoreParts, needUser } from "../core-parts.ts";
import { hopOf } from "../hops.ts";
import { createAccessSide } from "./access-side.ts";
import { createIscHandling } from "./isc-handling.ts";

export interface ExternalCoreOptions extends CoreOptions {
  /** Where clients register and send to: a SIP URI with an address for a host. */
  readonly address: string;
  /** Where the core takes what a server starts by itself; default: `address`. */
  readonly serverSide?: string;
}

/**
 * Fails with `PortInUseError`, and with `CoreError` `no-address` where the core is named by what nobody here can resolve. Of registrations it
 * knows those of the client under test, from what passed, and those that scenarios made believe the server in. Whether a simulated client
 * is registered with the core, it knows itself.
 */
export async function createExternalCore(options: ExternalCoreOptions): Promise<Core> {
  const external = externalHop(options.address);
  const serverSide = externalHop(options.serverSide ?? options.address);
  // The domains are those of the core: what is addressed to them is not for Scrim.
  const parts = await createCoreParts(options, []);
  const { subscribers, registration: forced, deviations, thirdParty } = parts;
  const access = createAccessSide({ ...options, ...parts, external });
  parts.serve(
    createIscHandling({
      ...options,
      ...parts,
      external,
      serverSide,
      access,
      onThirdPartyRegister: (result) => thirdParty.tell(result),
    }),
  );
  return {
    ...commonControls(options, parts),
    forget(identity) {
      const user = subscribers.forget(identity);
      if (user === undefined) return;
      forced.forget(user);
      access.forget(user);
      deviations.forget(user);
    },
    setUnregistered(identity, { tellServer = false } = {}) {
      const user = needUser(subscribers, identity);
      forced.unbind(user, tellServer);
      access.forget(user);
    },
    bindingsOf: (identity) => forced.bindingsOf(needUser(subscribers, identity).impi),
    isRegistered(identity) {
      const user = subscribers.byIdentity(identity);
      return user !== undefined && (forced.bindingsOf(user.impi).length > 0 || access.isRegistered(user));
    },
  };
}

function externalHop(address: string): Hop {
  const hop = hopOf(address);
  if (hop !== undefined) return hop;
  throw new CoreError("no-address", `the host of ${address} is a name: give the address of the core`);
}
