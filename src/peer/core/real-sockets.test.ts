import { afterEach, expect, it } from "vitest";
import { createSipEndpoint, type SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import { randomIds } from "../../net/real/random-ids.ts";
import { realClock } from "../../net/real/real-clock.ts";
import { createRealNetwork } from "../../net/real/real-network.ts";
import { sipResponse } from "../../wire/sip/build.ts";
import { headerValues, assertedIdentities } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { createCore, type Core } from "./core.ts";
import { withRoutes } from "./route-set.ts";
import { alice, bob, imServer, register, request } from "./test-rig.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const system = { network: createRealNetwork(), clock: realClock, ids: randomIds() };
const loopback = (transport: "udp" | "tcp") => ({ host: "127.0.0.1", port: 0, transport });

async function endpoint(name: string): Promise<SipEndpoint> {
  const made = await createSipEndpoint({ ...system, name, listen: [loopback("udp"), loopback("tcp")] });
  open.push(made);
  return made;
}

function ask(
  from: SipEndpoint,
  core: Core,
  message: SipRequest,
  transport: "udp" | "tcp",
): Promise<SipResponse> {
  const to = core.hops.find((hop) => hop.transport === transport)!;
  return new Promise((resolve, reject) => {
    from.send(message, {
      to,
      onResponse: (response) => response.status >= 200 && resolve(response),
      onFailure: reject,
    });
  });
}

it.each(["udp", "tcp"] as const)(
  "a MESSAGE passes the server on real sockets over %s, all on one host",
  async (transport) => {
    const server = await endpoint("im");
    const uri = `sip:127.0.0.1:${server.hops[0]!.port};transport=${transport}`;
    const core = await createCore({
      ...system,
      config: {
        domains: [{ domain: "home.example", registrationExpiresS: 600 }],
        servers: [{ ...imServer, originating: uri, terminating: uri, psi: uri }],
        users: [alice, bob],
      },
      listen: [loopback("udp"), loopback("tcp")],
    });
    open.push(core);
    const coreHop = core.hops.find((hop) => hop.transport === transport)!;
    const passed: string[] = [];
    server.onRequest((incoming) => {
      const { message } = incoming;
      passed.push(message.method);
      if (message.method === "REGISTER")
        incoming.respond(sipResponse(message, 200, undefined, { toTag: "s" }));
      else
        server.forward(incoming, withRoutes(message, headerValues(message, "Route").slice(1)), {
          to: coreHop,
        });
    });
    const [sender, addressee] = [await endpoint("alice"), await endpoint("bob")];
    const received: SipRequest[] = [];
    addressee.onRequest((incoming) => {
      received.push(incoming.message);
      incoming.respond(sipResponse(incoming.message, 200, undefined, { toTag: "b" }));
    });
    for (const [identity, client] of [
      ["sip:alice@home.example", sender],
      ["sip:bob@home.example", addressee],
    ] as const) {
      const hop = client.hops.find((each) => each.transport === transport)!;
      const contact = `<sip:u@127.0.0.1:${hop.port};transport=${transport}>;+g.oma.sip-im`;
      expect((await ask(client, core, register(identity, hop, [], contact), transport)).status).toBe(200);
    }
    const response = await ask(
      sender,
      core,
      request("MESSAGE", "sip:bob@home.example", "sip:alice@home.example"),
      transport,
    );
    expect(response.status).toBe(200);
    expect(passed.toSorted()).toEqual(["MESSAGE", "MESSAGE", "REGISTER", "REGISTER"]);
    expect(received.flatMap((message) => assertedIdentities(message).map(({ uri }) => uri))).toEqual([
      "sip:alice@home.example",
      "tel:+15550001",
    ]);
  },
);
