import { Resolver } from "node:dns/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDnsClient, DnsFailure } from "../../endpoint/dns/dns-client.ts";
import { createLocator } from "../../endpoint/dns/locator.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { Network } from "../../net/network.ts";
import { randomIds } from "../../net/real/random-ids.ts";
import { realClock } from "../../net/real/real-clock.ts";
import { createRealNetwork } from "../../net/real/real-network.ts";
import { createVirtualNet } from "../../net/virtual/virtual-net.ts";
import type { Zone, ZoneRecord } from "../../spec/zones.ts";
import { dnsQuery, parseDns, RCODE, serializeDns } from "../../wire/dns/message.ts";
import { answerFrom } from "./answer.ts";
import { createDnsPeer, type DnsPeer } from "./dns-peer.ts";

const ttl = 60;
const soa: ZoneRecord = {
  name: "x.example",
  ttl,
  type: "SOA",
  data: {
    mname: "ns.x.example",
    rname: "h.x.example",
    serial: 1,
    refresh: 1,
    retry: 1,
    expire: 1,
    minimum: 1,
  },
};

/** So many servers that an answer does not fit into 512 octets. */
const MANY = Array.from({ length: 30 }, (_, index): readonly ZoneRecord[] => [
  {
    name: "_sip._tcp.x.example",
    ttl,
    type: "SRV",
    data: { priority: index, weight: 0, port: 5060, target: `s${index}.x.example` },
  },
  { name: `s${index}.x.example`, ttl, type: "A", data: `192.0.2.${index}` },
]).flat();

const ZONE: Zone = {
  origin: "x.example",
  records: [
    soa,
    { name: "x.example", ttl, type: "NS", data: "ns.x.example" },
    {
      name: "x.example",
      ttl,
      type: "NAPTR",
      data: {
        order: 1,
        preference: 1,
        flags: "s",
        services: "SIP+D2U",
        regexp: "",
        replacement: "_sip._udp.x.example",
      },
    },
    {
      name: "_sip._udp.x.example",
      ttl,
      type: "SRV",
      data: { priority: 0, weight: 1, port: 5099, target: "ns.x.example" },
    },
    { name: "ns.x.example", ttl, type: "A", data: "192.0.2.53" },
    { name: "ns.x.example", ttl, type: "AAAA", data: "2001:db8::53" },
    { name: "www.x.example", ttl, type: "CNAME", data: "ns.x.example" },
    { name: "round.x.example", ttl, type: "CNAME", data: "round.x.example" },
    ...MANY,
  ],
};

describe("the answer to a question", () => {
  const ask = (name: string, type: string) =>
    answerFrom([ZONE], { ...dnsQuery(7, name, "A"), questions: [{ name, type }] });

  it("has the records, and what the asker will want next", () => {
    const { rcode, authoritative, answers, additionals } = ask("X.example", "NAPTR");
    expect([rcode, authoritative, answers.length]).toEqual([RCODE.noError, true, 1]);
    expect(additionals.map(({ name, type }) => `${type} ${name}`)).toEqual([
      "SRV _sip._udp.x.example",
      "A ns.x.example",
      "AAAA ns.x.example",
    ]);
  });

  it("follows aliases, and no circle for ever", () => {
    expect(ask("www.x.example", "A").answers.map(({ type }) => type)).toEqual(["CNAME", "A"]);
    expect(ask("round.x.example", "A").answers.length).toBeLessThan(10);
  });

  it.each([
    ["a name without records of the type", "ns.x.example", "NAPTR", RCODE.noError, ["SOA"]],
    ["a name with names below it", "_tcp.x.example", "A", RCODE.noError, ["SOA"]],
    ["a name that is not there", "nobody.x.example", "A", RCODE.nameError, ["SOA"]],
    ["a name of somebody else's", "other.example", "A", RCODE.refused, []],
    ["a name that only ends alike", "yx.example", "A", RCODE.refused, []],
  ])("to %s is an empty one", (_name, name, type, rcode, authorities) => {
    const answer = ask(name, type);
    expect([answer.rcode, answer.answers, answer.authorities.map((record) => record.type)]).toEqual([
      rcode,
      [],
      authorities,
    ]);
  });

  it("refuses what is no standard query", () => {
    const query = dnsQuery(7, "x.example", "A");
    expect(answerFrom([ZONE], { ...query, opcode: 4 }).rcode).toBe(RCODE.notImplemented);
    expect(answerFrom([ZONE], { ...query, questions: [] }).rcode).toBe(RCODE.formatError);
  });
});

interface Place {
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
  run<T>(promise: Promise<T>): Promise<T>;
}

function virtualPlace(): Place {
  const net = createVirtualNet({ seed: 1 });
  return {
    ...net,
    async run(promise) {
      let done = false;
      const watched = promise.finally(() => (done = true));
      watched.catch(() => undefined);
      await net.run(() => done);
      return watched;
    },
  };
}

const PLACES: readonly (readonly [string, string, () => Place])[] = [
  ["virtual", "10.0.0.53", virtualPlace],
  [
    "real",
    "127.0.0.1",
    () => ({ network: createRealNetwork(), clock: realClock, ids: randomIds(), run: (promise) => promise }),
  ],
  [
    "real, IP version 6",
    "::1",
    () => ({ network: createRealNetwork(), clock: realClock, ids: randomIds(), run: (promise) => promise }),
  ],
];

describe.each(PLACES)("on the network that is %s", (_name, host, placeOf) => {
  async function peer(place: Place): Promise<DnsPeer> {
    const opened = await createDnsPeer({ network: place.network, listen: { host, port: 0 }, zones: [ZONE] });
    onTestFinished(() => opened.close());
    return opened;
  }

  it("a client is answered over UDP, and over TCP where UDP is too small", async () => {
    const place = placeOf();
    const { local } = await peer(place);
    const client = createDnsClient({ ...place, servers: [local] });
    expect(await place.run(client.ask("ns.x.example", "AAAA"))).toMatchObject([{ data: "2001:db8::53" }]);
    expect((await place.run(client.ask("_sip._tcp.x.example", "SRV"))).length).toBe(30);
    expect(await place.run(client.ask("www.x.example", "A"))).toMatchObject([{ name: "ns.x.example" }]);
    expect(await place.run(client.ask("nobody.x.example", "A"))).toEqual([]);
  });

  it("a SIP server is located by NAPTR, SRV and addresses", async () => {
    const place = placeOf();
    const { local } = await peer(place);
    const client = createDnsClient({ ...place, servers: [local] });
    const locator = createLocator({ ask: (name, type) => client.ask(name, type), random: () => 0 });
    expect(await place.run(locator.locate({ host: "x.example" }))).toEqual([
      { host: "192.0.2.53", port: 5099, transport: "udp" },
      { host: "2001:db8::53", port: 5099, transport: "udp" },
    ]);
  });

  it("what is no question gets FORMERR or nothing, and the next is answered", async () => {
    const place = placeOf();
    const { local } = await peer(place);
    const got: number[] = [];
    let heard: () => void = () => undefined;
    const enough = new Promise<void>((resolve) => (heard = resolve));
    const socket = await place.network.bindUdp({ host, port: 0 }, (bytes) => {
      got.push(parseDns(bytes).rcode);
      if (got.length === 2) heard();
    });
    onTestFinished(() => socket.close());
    const query = serializeDns(dnsQuery(7, "ns.x.example", "A"));
    socket.send(query.subarray(0, 1), local);
    socket.send(query.subarray(0, 20), local);
    socket.send(query, local);
    await place.run(enough);
    expect(got).toEqual([RCODE.formatError, RCODE.noError]);
  });
});

describe("the resolver of the platform", () => {
  it("reads the same", async () => {
    const opened = await createDnsPeer({
      network: createRealNetwork(),
      listen: { host: "127.0.0.1", port: 0 },
      zones: [ZONE],
    });
    onTestFinished(() => opened.close());
    const resolver = new Resolver({ timeout: 5000, tries: 1 });
    resolver.setServers([`127.0.0.1:${opened.local.port}`]);
    expect(await resolver.resolveNaptr("x.example")).toEqual([
      {
        order: 1,
        preference: 1,
        flags: "s",
        service: "SIP+D2U",
        regexp: "",
        replacement: "_sip._udp.x.example",
      },
    ]);
    expect(await resolver.resolveSrv("_sip._udp.x.example")).toEqual([
      { priority: 0, weight: 1, port: 5099, name: "ns.x.example" },
    ]);
    expect((await resolver.resolveSrv("_sip._tcp.x.example")).length).toBe(30);
    expect(await resolver.resolve4("www.x.example")).toEqual(["192.0.2.53"]);
    expect(await resolver.resolve6("ns.x.example")).toEqual(["2001:db8::53"]);
    expect(await resolver.resolveSoa("x.example")).toMatchObject({ nsname: "ns.x.example", serial: 1 });
    await expect(resolver.resolve4("nobody.x.example")).rejects.toMatchObject({ code: "ENOTFOUND" });
    await expect(resolver.resolveNaptr("ns.x.example")).rejects.toMatchObject({ code: "ENODATA" });
  });
});

describe("a client of name servers", () => {
  it("turns to the next server when one is silent or refuses, and remembers answers for their time", async () => {
    const place = virtualPlace();
    const asked: string[] = [];
    const open = (hostname: string, zones: readonly Zone[]) =>
      createDnsPeer({
        network: place.network,
        listen: { host: hostname, port: 53 },
        zones,
        onAnswer: ({ name }, rcode) => asked.push(`${hostname} ${name} ${rcode}`),
      });
    await open("10.0.0.2", []);
    await open("10.0.0.3", [ZONE]);
    const servers = ["10.0.0.1", "10.0.0.2", "10.0.0.3"].map((hostname) => ({ host: hostname, port: 53 }));
    const client = createDnsClient({ ...place, servers });
    for (let i = 0; i < 3; i++) await place.run(client.ask("ns.x.example", "A"));
    expect(asked).toEqual(["10.0.0.2 ns.x.example 5", "10.0.0.3 ns.x.example 0"]);
    await place.run(new Promise<void>((resolve) => place.clock.callAt(place.clock.now() + 61_000, resolve)));
    await place.run(client.ask("ns.x.example", "A"));
    expect(asked.length).toBe(4);
  });

  it("says when nobody answers", async () => {
    const place = virtualPlace();
    const client = createDnsClient({ ...place, servers: [{ host: "10.0.0.1", port: 53 }] });
    await expect(place.run(client.ask("x.example", "A"))).rejects.toThrow(DnsFailure);
  });
});
