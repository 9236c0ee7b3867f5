import { expect, it } from "vitest";
import { createSipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { Hop } from "../../net/network.ts";
import { createVirtualNet } from "../../net/virtual/virtual-net.ts";
import { sipResponse } from "../../wire/sip/build.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { createCore } from "./core.ts";
import { alice, bob, homeConfig, register, request } from "./test-rig.ts";

const CORE: Hop = { host: "10.0.0.1", port: 5061, transport: "tls" };

/** A client that listens nowhere, and gives a port in its Contact where nobody is. */
async function client(net: ReturnType<typeof createVirtualNet>, host: string) {
  const { network, clock, ids } = net;
  const endpoint = await createSipEndpoint({
    name: host,
    network,
    clock,
    ids,
    listen: [{ host, port: 5061, transport: "tls" }],
  });
  const received: SipRequest[] = [];
  endpoint.onRequest(({ message, ...incoming }) => {
    received.push(message);
    incoming.respond(sipResponse(message, 200, undefined, { toTag: "t" }));
  });
  const ask = async (message: SipRequest): Promise<number | undefined> => {
    let status: number | undefined;
    endpoint.send(message, { to: CORE, onResponse: (response) => (status = response.status) });
    await net.run(() => status !== undefined && status >= 200, clock.now() + 60_000);
    return status;
  };
  return { endpoint, received, ask };
}

it("a client over TLS is reached on the connection that it opened", async () => {
  const net = createVirtualNet({ seed: 1 });
  const { network, clock, ids } = net;
  const config = { ...homeConfig, servers: [], psis: [], users: [withoutServer(alice), withoutServer(bob)] };
  const core = await createCore({ config, network, clock, ids, listen: [CORE] });
  const [sender, addressee] = [await client(net, "10.0.1.1"), await client(net, "10.0.1.2")];
  const contact = (host: string): string => `<sip:u@${host}:5999;transport=tls>`;
  const entered = [
    await sender.ask(register("sip:alice@home.example", CORE, [], contact("10.0.1.1"))),
    await addressee.ask(register("sip:bob@home.example", CORE, [], contact("10.0.1.2"))),
  ];
  expect(entered).toEqual([200, 200]);
  const message = request("MESSAGE", "sip:bob@home.example", "sip:alice@home.example");
  expect(await sender.ask(message)).toBe(200);
  expect(addressee.received.map(({ uri }) => uri)).toEqual(["sip:u@10.0.1.2:5999;transport=tls"]);
  await Promise.all([core.close(), sender.endpoint.close(), addressee.endpoint.close()]);
});

function withoutServer({ impi, identities }: typeof alice) {
  return { impi, identities };
}
