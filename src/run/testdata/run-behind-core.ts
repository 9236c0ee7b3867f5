/**
 * The suite on the virtual network with Scrim before a core that is not its own, played by one of Scrim's at another address. How each
 * scenario ended goes to standard output as JSON: `node --import tsx run-behind-core.ts [BEGINNING OF LOCATIONS]`.
 */
import path from "node:path";
import { loadRules } from "../../judge/rules.ts";
import { createCore } from "../../peer/core/core.ts";
import type { CoreConfig } from "../../peer/core/config.ts";
import { hopOf } from "../../peer/core/hops.ts";
import type { VirtualNet } from "../../net/virtual/virtual-net.ts";
import { readSutFile } from "../../spec/sut-file-reader.ts";
import type { SutFile } from "../../spec/sut-file.ts";
import type { RunEvent } from "../../trace/event.ts";
import { loadCucumber, readFeatures } from "../cucumber.ts";
import { planRun } from "../plan.ts";
import { runVirtually } from "../virtual-run.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const CORE = "sip:127.0.0.1:15061";
const [only = ""] = process.argv.slice(2);

/** How each scenario of a run ended, by place and name. */
export type Ends = Readonly<Record<string, { readonly verdict: string; readonly reason?: string }>>;

function endsOf(events: readonly RunEvent[]): Ends {
  const opened = new Map(
    events.flatMap((event) =>
      event.type === "scenario-opened" ? [[event.scenario, `${event.location} ${event.name}`] as const] : [],
    ),
  );
  return Object.fromEntries(
    events.flatMap((event) => {
      if (event.type !== "scenario-judged") return [];
      const { scenario, verdict, reason } = event;
      return [[opened.get(scenario) ?? scenario, { verdict, ...(reason === undefined ? {} : { reason }) }]];
    }),
  );
}

/** As an operator would set up a core for Scrim: users, services, and Scrim as the application server of all. */
function externalConfig({ core, users, groups, server, client }: SutFile): CoreConfig {
  const border = `${core.advertised}:${core.port};lr`;
  const { conferenceFactory, exploder, unallocatedFactory, unallocatedGroup, endedSession, ongoingSession } =
    server?.serviceUris ?? {};
  const services = [
    conferenceFactory,
    exploder,
    unallocatedFactory,
    unallocatedGroup,
    endedSession,
    ongoingSession?.uri,
    client?.conferenceFactory,
    client?.ongoingSession,
    ...groups.map(({ uri }) => uri),
  ].filter((uri) => uri !== undefined);
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

function openExternal(sutFile: SutFile, { network, clock, ids }: VirtualNet): Promise<{ close(): Promise<void> }> {
  const hop = hopOf(CORE);
  if (hop === undefined) throw new Error(CORE);
  return createCore({
    config: externalConfig(sutFile),
    name: "external",
    network,
    clock,
    ids,
    listen: [hop, { ...hop, transport: "tcp" }],
  });
}

const cucumber = await loadCucumber();
const reference = readSutFile(path.join(ROOT, "scenarios", "sut", "reference.yaml"));
const sutFile: SutFile = { ...reference, core: { ...reference.core, kind: "external", address: CORE } };
const plan = planRun(await readFeatures(cucumber), sutFile, {
  selects: ({ location, tags }) => location.startsWith(only) && !tags.includes("@slow"),
});
const events = await runVirtually({
  cucumber,
  plan,
  rules: await loadRules(),
  sutFile,
  seed: 7,
  beside: (net) => openExternal(sutFile, net),
});
process.stdout.write(JSON.stringify(endsOf(events)));
