import { describe, expect, it } from "vitest";
import type { Hop } from "../../net/network.ts";
import { randomIds } from "../../net/real/random-ids.ts";
import { realClock } from "../../net/real/real-clock.ts";
import { createRealNetwork } from "../../net/real/real-network.ts";
import type { ActionAnswer } from "../../spec/actions.ts";
import { actionAnswerSchema } from "../../spec/actions-schema.ts";
import { createCore } from "../core/core.ts";
import { createImClient } from "../im-client/client.ts";
import { defaultSettings } from "../im-client/config.ts";
import { referenceConfigurationSets, referencePolicy } from "../im-server/config.ts";
import { createImServer } from "../im-server/server.ts";

const network = createRealNetwork();
const real = { network, clock: realClock, ids: randomIds() };
const HOST = "127.0.0.1";

/** A port that was free a moment ago: core and server have to know each other's before either listens. */
async function freePort(): Promise<number> {
  const listener = await network.listen("tcp", { host: HOST, port: 0 }, () => undefined);
  const { port } = listener.local;
  await listener.close();
  return port;
}

const both = (port: number): readonly Hop[] => [
  { host: HOST, port, transport: "udp" },
  { host: HOST, port, transport: "tcp" },
];

async function post(port: number, action: object): Promise<ActionAnswer> {
  const response = await fetch(`http://${HOST}:${port}/`, {
    method: "POST",
    body: JSON.stringify({ version: 1, ...action }),
  });
  return actionAnswerSchema.parse(await response.json());
}

async function startLoopback() {
  const [corePort, serverPort] = [await freePort(), await freePort()];
  const uri = (name: string): string => `sip:${name}@${HOST}:${serverPort};lr`;
  const functions = { originating: uri("orig"), terminating: uri("term"), psi: uri("psi") };
  const core = await createCore({
    ...real,
    listen: both(corePort),
    config: {
      domains: [{ domain: "home.example", registrationExpiresS: 600, digest: { algorithms: ["SHA-256"] } }],
      servers: [{ name: "im", ...functions, originalDialogToken: true, thirdPartyRegister: true }],
      users: ["alice", "bob"].map((name) => ({
        impi: name,
        password: name,
        identities: [`sip:${name}@home.example`],
        server: "im",
      })),
      psis: [{ uri: "sip:factory@home.example", server: "im" }],
    },
  });
  const [coreHop] = both(corePort);
  const server = await createImServer({
    ...real,
    config: {
      node: "im",
      listen: both(serverPort),
      functions,
      core: coreHop!,
      homeDomain: "home.example",
      users: [
        { uri: "sip:alice@home.example", properties: [] },
        { uri: "sip:bob@home.example", properties: [] },
      ],
      serviceUris: {
        conferenceFactory: "sip:factory@home.example",
        exploder: "sip:factory@home.example",
        unallocatedFactory: "sip:no-factory@home.example",
        unallocatedGroup: "sip:no-group@home.example",
        endedSession: "sip:ended@home.example",
        systemSender: "sip:home.example",
      },
      policy: referencePolicy,
      configurationSets: referenceConfigurationSets,
      timers: { ts1Ms: 1000, ts2Ms: 1000 },
      thirdPartyRegister: true,
      control: { host: HOST, port: 0 },
    },
  });
  const clients = await Promise.all(
    ["alice", "bob"].map((name) =>
      createImClient({
        ...real,
        config: {
          node: name,
          listen: both(0),
          core: coreHop!,
          homeDomain: "home.example",
          imAddress: `sip:${name}@home.example`,
          privateIdentity: name,
          password: name,
          registrationExpiresS: 600,
          conferenceFactory: "sip:factory@home.example",
          congestionSafe: true,
          settings: defaultSettings,
          trigger: { host: HOST, port: 0 },
        },
      }),
    ),
  );
  return { core, server, clients };
}

describe("core, server and clients on loopback", () => {
  it("carry short messages by UDP, long ones by TCP, and system messages, by their HTTP hooks", async () => {
    const { core, server, clients } = await startLoopback();
    const [alice, bob] = [clients[0]!.trigger!.port, clients[1]!.trigger!.port];
    try {
      for (const port of [alice, bob])
        expect(await post(port, { action: "register" })).toMatchObject({ ok: true });
      for (const text of ["short", "long ".repeat(400)]) {
        const sent = await post(alice, {
          action: "send-message",
          to: ["sip:bob@home.example"],
          toKind: "user",
          text,
        });
        expect(sent).toMatchObject({ ok: true, says: "200 OK" });
      }
      const told = await post(server.control!.port, {
        action: "send-system-message",
        to: ["sip:bob@home.example"],
        text: "be kind",
        responseRequired: false,
      });
      expect(told).toMatchObject({ ok: true });
      const { inbox } = await post(bob, { action: "report-inbox" });
      expect(inbox!.map((entry) => [entry.kind, entry.text.slice(0, 5)])).toEqual([
        ["message", "short"],
        ["message", "long "],
        ["system-message", "be ki"],
      ]);
    } finally {
      await Promise.all([...clients.map((client) => client.close()), server.close(), core.close()]);
    }
  });
});
