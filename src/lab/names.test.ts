import { describe, expect, it, onTestFinished } from "vitest";
import { createSipEndpoint } from "../endpoint/sip-endpoint.ts";
import type { Hop } from "../net/network.ts";
import { createVirtualNet, type VirtualNet } from "../net/virtual/virtual-net.ts";
import { createDnsPeer } from "../peer/dns/dns-peer.ts";
import { readSutFileText } from "../spec/sut-file-reader.ts";
import { sutFileTemplate } from "../spec/sut-file-template.ts";
import { zonesOf, type Zone } from "../spec/zones.ts";
import { sipRequest, sipResponse } from "../wire/sip/build.ts";
import { locatedServer, locatorOf } from "./names.ts";

const NAME_SERVER = { host: "10.0.0.53", port: 53 };
const ttl = 60;

/** A server with two places, of which the first is preferred. */
const LAB: Zone = {
  origin: "lab.example",
  records: [
    {
      name: "_sip._udp.im.lab.example",
      ttl,
      type: "SRV",
      data: { priority: 1, weight: 1, port: 5071, target: "one.lab.example" },
    },
    {
      name: "_sip._udp.im.lab.example",
      ttl,
      type: "SRV",
      data: { priority: 2, weight: 1, port: 5072, target: "two.lab.example" },
    },
    { name: "one.lab.example", ttl, type: "A", data: "10.0.0.1" },
    { name: "two.lab.example", ttl, type: "A", data: "10.0.0.2" },
  ],
};

function sutFile(servers: readonly string[]) {
  const text = sutFileTemplate("server").replaceAll("192.0.2.20:5080", "im.lab.example");
  return readSutFileText(`${text}\ndns: { servers: ${JSON.stringify(servers)} }`);
}

async function named(net: VirtualNet, zones: readonly Zone[]): Promise<void> {
  const peer = await createDnsPeer({ ...net, listen: NAME_SERVER, zones });
  onTestFinished(() => peer.close());
}

async function finished<T>(net: VirtualNet, promise: Promise<T>): Promise<T> {
  let done = false;
  const watched = promise.finally(() => (done = true));
  await net.run(() => done);
  return watched;
}

async function responder(net: VirtualNet, hop: Hop): Promise<string[]> {
  const got: string[] = [];
  const endpoint = await createSipEndpoint({ name: "server", ...net, listen: [hop] });
  endpoint.onRequest((incoming) => {
    got.push(incoming.message.method);
    incoming.respond(sipResponse(incoming.message, 200));
  });
  return got;
}

function options(uri: string) {
  return sipRequest({
    method: "OPTIONS",
    uri,
    headers: [
      ["From", "<sip:a@x>;tag=1"],
      ["To", "<sip:b@x>"],
      ["Call-ID", "1"],
      ["CSeq", "1 OPTIONS"],
    ],
  });
}

describe("names in a SUT file", () => {
  it.each([["10.0.0.53"], ["10.0.0.53:53"]])("are asked of the name server %s", async (server) => {
    const net = createVirtualNet({ seed: 1 });
    await named(net, [LAB]);
    const sut = sutFile([server]);
    const locator = locatorOf(sut, { ...net, system: false });
    if (locator === undefined || sut.server === undefined) throw new Error("the file has both");
    const places = await finished(net, locatedServer(sut.server, locator));
    expect([...new Set(places.map(({ host, port }) => `${host}:${port}`))]).toEqual([
      "10.0.0.1:5071",
      "10.0.0.2:5072",
    ]);
  });

  it("are nobody's to ask about on a network in memory without name servers", () => {
    const net = createVirtualNet({ seed: 1 });
    expect(locatorOf(sutFile([]), { ...net, system: false })).toBeUndefined();
  });
});

describe("an endpoint with a locator", () => {
  async function sent(net: VirtualNet, to: Hop): Promise<string> {
    const locator = locatorOf(sutFile(["10.0.0.53"]), { ...net, system: false });
    const endpoint = await createSipEndpoint({
      name: "core",
      ...net,
      listen: [{ host: "10.0.0.9", port: 5060, transport: "udp" }],
      ...(locator === undefined ? {} : { locate: locator.locateHop }),
    });
    let outcome = "";
    endpoint.send(options("sip:im.lab.example"), {
      to,
      onResponse: ({ status }) => (outcome = String(status)),
      onFailure: (reason) => (outcome = reason),
    });
    await net.run(() => outcome !== "");
    return outcome;
  }

  const NAMED: Hop = { host: "im.lab.example", port: 0, transport: "udp" };

  it("sends to the first place of a name, and to the next when that is silent", async () => {
    for (const [silent, expected] of [
      [false, [1, 0]],
      [true, [0, 1]],
    ] as const) {
      const net = createVirtualNet({ seed: 1 });
      await named(net, [LAB]);
      const one = silent ? [] : await responder(net, { host: "10.0.0.1", port: 5071, transport: "udp" });
      const two = await responder(net, { host: "10.0.0.2", port: 5072, transport: "udp" });
      expect(await sent(net, NAMED)).toBe("200");
      expect([one.length, two.length]).toEqual(expected);
    }
  });

  it("fails as a transport does where a name leads nowhere", async () => {
    const net = createVirtualNet({ seed: 1 });
    await named(net, []);
    expect(await sent(net, NAMED)).toBe("transport");
  });

  it("finds Scrim's core by the domain of its users, in Scrim's own zones", async () => {
    const net = createVirtualNet({ seed: 1 });
    const text = sutFileTemplate("server").replace(/ {2}bind: .*/, "  bind: 10.0.0.7");
    await named(net, zonesOf(readSutFileText(text)));
    const core = await responder(net, { host: "10.0.0.7", port: 5060, transport: "udp" });
    expect(await sent(net, { host: "home.example", port: 0, transport: "udp" })).toBe("200");
    expect(core).toEqual(["OPTIONS"]);
  });
});
