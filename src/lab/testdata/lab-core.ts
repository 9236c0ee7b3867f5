/** A core of the lab, for Scrim to stand before: played by Scrim's own, at the address that the SUT file names. */
import type { Edge } from "../../endpoint/crossing.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { Network } from "../../net/network.ts";
import { createCore, type Core } from "../../peer/core/core.ts";
import type { CoreConfig } from "../../peer/core/config.ts";
import { hopOf } from "../../peer/core/hops.ts";
import { serviceUris } from "../../spec/service-uris.ts";
import type { SutFile } from "../../spec/sut-file.ts";

interface Surroundings {
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** As an operator would set up a core for Scrim: users, services, and Scrim as the application server of all. */
function labCoreConfig(sutFile: SutFile): CoreConfig {
  const { core, users } = sutFile;
  const border = `${core.advertised}:${core.port};lr`;
  // A wildcarded public service identity: sessions have theirs from the server, when they begin.
  const sessions = `sip:im-session-*@${core.homeDomain}`;
  const services = [...serviceUris(sutFile), sessions];
  const digest = { algorithms: ["MD5"] as const };
  return {
    domains: [core.homeDomain, core.remoteDomain].map((domain) => ({
      domain,
      registrationExpiresS: core.registrationExpiresS,
      digest,
    })),
    servers: [
      {
        name: "im",
        originating: `sip:originating@${border}`,
        terminating: `sip:terminating@${border}`,
        psi: `sip:psi@${border}`,
        originalDialogToken: true,
        thirdPartyRegister: true,
      },
    ],
    users: users.map(({ impi, impu, tel, password, properties }) => ({
      impi,
      identities: [impu, ...(tel === undefined ? [] : [tel])],
      ...(password === undefined ? {} : { password }),
      ...(properties.includes("remote") ? {} : { server: "im" }),
    })),
    psis: [...new Set(services)].map((uri) => ({ uri, server: "im" })),
    toleratedEvents: ["presence"],
  };
}

/** `edge` rewrites what it sends. `changes`: how the operator set it up otherwise than was asked for. */
export function openLabCore(
  sutFile: SutFile,
  { network, clock, ids }: Surroundings,
  changes: Partial<CoreConfig> = {},
  edge?: Edge,
): Promise<Core> {
  const hop = hopOf(sutFile.core.address ?? "");
  if (hop === undefined) throw new Error("the SUT file names no external core");
  return createCore({
    config: { ...labCoreConfig(sutFile), ...changes },
    name: "lab-core",
    network,
    clock,
    ids,
    ...(edge === undefined ? {} : { edge }),
    listen: (["udp", "tcp"] as const).map((transport) => ({ ...hop, transport })),
  });
}
