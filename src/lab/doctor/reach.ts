/** Whether the server under test can be reached: TCP connections, and OPTIONS from the socket that the core will have. */
import { createSipEndpoint } from "../../endpoint/sip-endpoint.ts";
import { type Hop, formatHop } from "../../net/network.ts";
import { hopOf } from "../../peer/core/hops.ts";
import { probe } from "../../peer/core/probe.ts";
import { coreListening } from "../../spec/core-addresses.ts";
import type { ServerSut } from "../../spec/sut-file.ts";
import { externalCoreOf } from "../open-core.ts";
import type { RigOptions } from "../rig.ts";
import type { Findings } from "./finding.ts";

/** A node that answers at all does so within this, however long its guard is. Milliseconds. */
const PROBE_LIMIT_MS = 4_000;

interface Entrance {
  /** Entry of the SUT file. */
  readonly key: string;
  readonly uri: string;
  readonly hop: Hop | undefined;
}

type Surroundings = Pick<RigOptions, "sutFile" | "network" | "clock" | "ids" | "driver" | "locator">;

/** Gives whether the server answered on any of its addresses. Ports of the core must be free. */
export async function examineReach(
  server: ServerSut,
  options: Surroundings,
  findings: Findings,
): Promise<boolean> {
  const entrances = await options.driver.drive(entrancesOf(server, options.locator));
  for (const { key, uri, hop } of entrances) {
    if (hop === undefined)
      findings.problem(
        "server",
        `the name in ${uri} leads to no address`,
        `Put an IP address into ${key}, or let a name server know the name (dns.servers).`,
      );
  }
  const answered = await askAll(entrances, options);
  const alive = answered.filter(({ answers }) => answers);
  if (alive.length === 0) {
    const where = [...new Set(answered.map(({ hop }) => formatHop(hop)))].join(", ");
    findings.problem(
      "server",
      `nothing answers OPTIONS at ${where === "" ? "the server's addresses" : where}`,
      "Start the server, or change server.originating, server.terminating and server.psi to where it listens; look for a firewall between.",
    );
    return false;
  }
  for (const { key, hop, answers } of answered) {
    if (answers) findings.ok("server", `${formatHop(hop)} (${key}) answers OPTIONS`);
    else
      findings.problem(
        "server",
        `${formatHop(hop)} does not answer OPTIONS, though the server answers elsewhere`,
        `Change ${key} to where that function listens, or server.transport.`,
      );
  }
  await examineTcp(alive[0]?.hop, options, findings);
  return true;
}

/** Gives whether the core of the lab, where Scrim does not play it, answers: without it nothing gets anywhere. */
export async function examineExternalCore(options: Surroundings, findings: Findings): Promise<boolean> {
  const external = externalCoreOf(options.sutFile);
  if (external === undefined) return true;
  const { uri, hop } = external;
  if (hop === undefined) {
    findings.problem(
      "core",
      `the host of ${uri} is a name, and Scrim asks no DNS`,
      "Put an IP address into core.address.",
    );
    return false;
  }
  const [answered] = await askAll([{ key: "core.address", uri, hop }], options);
  if (answered?.answers === true) findings.ok("core", `the core at ${formatHop(hop)} answers OPTIONS`);
  else
    findings.problem(
      "core",
      `the core at ${formatHop(hop)} does not answer OPTIONS`,
      "Start the core, or change core.address to where it listens.",
    );
  return answered?.answers === true;
}

/** A name is looked at where it leads first. */
async function entrancesOf(
  { originating, terminating, psi, transport }: ServerSut,
  locator: Surroundings["locator"],
): Promise<readonly Entrance[]> {
  const entrances = Object.entries({ originating, terminating, psi });
  return Promise.all(
    entrances.map(async ([name, uri]) => {
      const named = hopOf(uri, { transport, names: locator !== undefined });
      const located = named === undefined ? undefined : locator?.locateHop(named);
      const hop = located === undefined ? named : (await located)[0];
      return { key: `server.${name}`, uri, hop };
    }),
  );
}

interface Answered {
  readonly key: string;
  readonly hop: Hop;
  readonly answers: boolean;
}

async function askAll(entrances: readonly Entrance[], options: Surroundings): Promise<readonly Answered[]> {
  const { sutFile, network, clock, ids, driver } = options;
  const endpoint = await createSipEndpoint({
    name: "core",
    network,
    clock,
    ids,
    listen: coreListening(sutFile),
    advertisedHost: sutFile.core.advertised,
  });
  const from = `sip:${sutFile.core.advertised}:${sutFile.core.port}`;
  const limit = Math.min(sutFile.guards.responseMs, PROBE_LIMIT_MS);
  endpoint.onRequest(() => undefined);
  try {
    const asked = entrances.flatMap(({ key, uri, hop }) =>
      hop === undefined
        ? []
        : [probe({ endpoint, clock, ids, from }, uri, hop, limit).then((answers) => ({ key, hop, answers }))],
    );
    return await driver.drive(Promise.all(asked));
  } finally {
    await endpoint.close();
  }
}

/** RFC 3261 18.1.1: a request that is too large for UDP goes over TCP to the same address. */
async function examineTcp(
  hop: Hop | undefined,
  { sutFile, network, clock, driver }: Surroundings,
  findings: Findings,
): Promise<void> {
  if (hop === undefined || hop.transport === "tls") return;
  const connection = network.connect("tcp", hop);
  const refused = new Promise<string | undefined>((resolve) => {
    connection.onClose((error) => resolve(error?.message ?? "it is closed at once"));
    // Nothing tells that a connection stands; a refusal comes well within this.
    clock.callAt(clock.now() + Math.min(sutFile.guards.responseMs, 500), () => resolve(undefined));
  });
  const why = await driver.drive(refused);
  connection.destroy();
  const where = formatHop({ ...hop, transport: "tcp" });
  if (why === undefined) findings.ok("server", `${where} takes connections`);
  else
    findings.note(
      "server",
      `${where} takes no connection (${why}); requests of more than ${sutFile.core.udpLimitBytes} bytes go over TCP`,
      "Let the server listen on TCP at the same port, or raise core.udpLimitBytes.",
    );
}
