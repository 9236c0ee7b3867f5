/** A small lab on loopback: a SUT file on free ports, and the reference peers in this process. */
import { createServer } from "node:net";
import { randomIds } from "../../../net/real/random-ids.ts";
import { realClock } from "../../../net/real/real-clock.ts";
import { createRealNetwork } from "../../../net/real/real-network.ts";
import type { ServerAlteration } from "../../../peer/im-server/server.ts";
import type { SutFile } from "../../../spec/sut-file.ts";
import { readSutFileText } from "../../../spec/sut-file-reader.ts";
import { openTrigger } from "../../../target/open-trigger.ts";
import { openReferenceClient, openReferenceServer } from "../../../target/reference.ts";
import type { RigOptions } from "../../rig.ts";
import { realDriver } from "../../waiting.ts";
import { diagnose } from "../doctor.ts";
import type { Finding } from "../finding.ts";

const HOST = "127.0.0.1";
const network = createRealNetwork();
const surroundings = { network, clock: realClock, ids: randomIds() };

export interface Ports {
  readonly core: number;
  readonly xdm: number;
  readonly server: number;
  readonly control: number;
  readonly trigger: number;
}

/** Ports that were free a moment ago, for UDP and TCP. */
export async function freePorts(): Promise<Ports> {
  const [core = 0, xdm = 0, server = 0, control = 0, trigger = 0] = await findFree(5);
  return { core, xdm, server, control, trigger };
}

/** The platform's choice: Scrim's own sockets take theirs from elsewhere, and cannot be faster. */
async function findFree(count: number): Promise<readonly number[]> {
  const held = Array.from({ length: count }, () => createServer());
  try {
    await Promise.all(
      held.map((server) => new Promise<void>((resolve) => server.listen(0, HOST, () => resolve()))),
    );
    return held.map((server) => {
      const address = server.address();
      return typeof address === "object" && address !== null ? address.port : 0;
    });
  } finally {
    await Promise.all(
      held.map((server) => new Promise<void>((resolve) => void server.close(() => resolve()))),
    );
  }
}

export interface Changes {
  readonly originalDialogToken?: boolean;
  readonly client?: boolean;
}

export function smallSutFile(ports: Ports, { originalDialogToken = true, client = true }: Changes = {}): SutFile {
  const at = (user: string): string => `sip:${user}@${HOST}:${ports.server};lr`;
  const text = `
scrim: 1
identification: { product: small, version: "1" }
core: { bind: ${HOST}, port: ${ports.core}, homeDomain: home.example }
xdm: { port: ${ports.xdm} }
server:
  originating: ${at("originating")}
  terminating: ${at("terminating")}
  psi: ${at("psi")}
  originalDialogToken: ${originalDialogToken}
  serviceUris: { conferenceFactory: "sip:factory@home.example", systemSender: "sip:im@home.example" }
  policy: { adHocMaximum: 5 }
  control: { kind: http, url: "http://${HOST}:${ports.control}/" }
  configurationSets:
    - { name: default, description: as it is, by: control }
    - { name: no-anonymity, description: nobody may hide, by: control }
${
  client
    ? `client:
  trigger: { kind: http, url: "http://${HOST}:${ports.trigger}/", timeoutMs: 1500 }
  user: sip:klara@home.example
  conferenceFactory: sip:client-factory@home.example`
    : ""
}
users:
  - { impu: "sip:alice@home.example", password: a }
  - { impu: "sip:bob@home.example", password: b }
  - { impu: "sip:carol@home.example", password: c }
  - { impu: "sip:dave@home.example", password: d }
  - { impu: "sip:klara@home.example", password: k }
  - { impu: "sip:ursula@home.example", password: u, properties: [unauthorised] }
groups:
  - { uri: "sip:group-1@home.example" }
guards: { responseMs: 1200, quietMs: 100, actionMs: 800, notifyMs: 800, scenarioMs: 10000 }
`;
  return readSutFileText(text, "small.yaml");
}

export interface Opened {
  close(): Promise<void>;
}

/** The peers of a file; `described` may differ from what the doctor is told. */
export async function openPeers(
  described: SutFile,
  faults: readonly ServerAlteration[] = [],
): Promise<Opened> {
  const server = await openReferenceServer(described, surroundings, faults);
  const client = described.client === undefined ? undefined : await openReferenceClient(described, surroundings);
  return {
    async close() {
      await Promise.all([server.close(), client?.close()]);
    },
  };
}

/** What a rig on the sockets of this machine needs. */
export function rigOn(sutFile: SutFile): Omit<RigOptions, "recorder" | "onClosed" | "mayStart"> {
  const { client, server } = sutFile;
  const terminal = {
    write: () => undefined,
    onKey: () => () => undefined,
    everySecond: () => () => undefined,
  };
  return {
    ...surroundings,
    sutFile,
    driver: realDriver(realClock),
    triggers: {
      ...(client === undefined ? {} : { client: openTrigger(client.trigger, { terminal }) }),
      ...(server?.control === undefined ? {} : { server: openTrigger(server.control, { terminal }) }),
    },
  };
}

export function examine(sutFile: SutFile): Promise<readonly Finding[]> {
  return diagnose({ ...rigOn(sutFile), realSockets: true });
}

export function problemsIn(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ level }) => level === "problem");
}
