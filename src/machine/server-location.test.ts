import { describe, expect, it } from "vitest";
import type { DnsRecord } from "../wire/dns/message.ts";
import {
  inOrderOfTrial,
  locateServer,
  type LocationPreferences,
  type LocationTarget,
} from "./server-location.ts";

const ttl = 60;
const a = (name: string, data: string): DnsRecord => ({ name, ttl, type: "A", data });
const aaaa = (name: string, data: string): DnsRecord => ({ name, ttl, type: "AAAA", data });
const srv = (name: string, priority: number, weight: number, port: number, target: string): DnsRecord => ({
  name,
  ttl,
  type: "SRV",
  data: { priority, weight, port, target },
});
const naptr = (
  order: number,
  preference: number,
  services: string,
  replacement: string,
  flags = "s",
): DnsRecord => ({
  name: "x.example",
  ttl,
  type: "NAPTR",
  data: { order, preference, flags, services, regexp: "", replacement },
});

/** What RFC 3263 4.1 prints, in small. */
const WHOLE: readonly DnsRecord[] = [
  naptr(50, 50, "SIPS+D2T", "_sips._tcp.x.example"),
  naptr(90, 50, "SIP+D2T", "_sip._tcp.x.example"),
  naptr(100, 50, "SIP+D2U", "_sip._udp.x.example"),
  srv("_sips._tcp.x.example", 0, 1, 5061, "tls.x.example"),
  srv("_sip._tcp.x.example", 0, 1, 5060, "one.x.example"),
  srv("_sip._tcp.x.example", 1, 1, 5062, "two.x.example"),
  srv("_sip._udp.x.example", 0, 1, 5060, "one.x.example"),
  a("tls.x.example", "192.0.2.9"),
  a("one.x.example", "192.0.2.1"),
  aaaa("one.x.example", "2001:db8::1"),
  a("two.x.example", "192.0.2.2"),
  a("x.example", "192.0.2.7"),
];

/** What is asked, and the hops as `host:port/transport`. */
function located(
  target: LocationTarget,
  records: readonly DnsRecord[],
  preferences: Partial<LocationPreferences> = {},
): { asked: string[]; hops: string[]; domains: (string | undefined)[] } {
  const asked: string[] = [];
  const location = locateServer(target, { random: () => 0, ...preferences });
  let step = location.next();
  while (step.done !== true) {
    const { name, type } = step.value;
    asked.push(`${type} ${name}`);
    step = location.next(records.filter((record) => record.name === name && record.type === type));
  }
  return {
    asked,
    hops: step.value.map(({ host, port, transport }) => `${host}:${port}/${transport}`),
    domains: step.value.map(({ domain }) => domain),
  };
}

describe("an address is where the request goes, and nobody is asked", () => {
  it.each([
    [{ host: "192.0.2.4" }, "192.0.2.4:5060/udp"],
    [{ host: "192.0.2.4", port: 5070 }, "192.0.2.4:5070/udp"],
    [{ host: "192.0.2.4", transport: "tcp" as const }, "192.0.2.4:5060/tcp"],
    [{ host: "192.0.2.4", transport: "tls" as const }, "192.0.2.4:5061/tls"],
    [{ host: "192.0.2.4", secure: true }, "192.0.2.4:5061/tls"],
    [{ host: "[2001:db8::4]", port: 5070 }, "2001:db8::4:5070/udp"],
  ])("%o", (target, hop) => {
    expect(located(target, WHOLE)).toMatchObject({ asked: [], hops: [hop] });
  });
});

describe("a name", () => {
  it("with a port goes over UDP to its addresses (4.1, 4.2)", () => {
    const { asked, hops } = located({ host: "one.x.example", port: 5070 }, WHOLE);
    expect(asked).toEqual(["A one.x.example", "AAAA one.x.example"]);
    expect(hops).toEqual(["192.0.2.1:5070/udp", "2001:db8::1:5070/udp"]);
  });

  it("with a transport goes where the service of that transport is", () => {
    const { asked, hops } = located({ host: "x.example", transport: "tcp" }, WHOLE);
    expect(asked[0]).toBe("SRV _sip._tcp.x.example");
    expect(hops).toEqual(["192.0.2.1:5060/tcp", "2001:db8::1:5060/tcp", "192.0.2.2:5062/tcp"]);
  });

  it("with a transport and no service goes to its own address", () => {
    expect(located({ host: "two.x.example", transport: "tls" }, WHOLE)).toMatchObject({
      hops: ["192.0.2.2:5061/tls"],
      domains: ["two.x.example"],
    });
  });

  it("alone asks for NAPTR, and takes what is spoken here by order and preference", () => {
    const { asked, hops, domains } = located({ host: "x.example" }, WHOLE);
    expect(asked[0]).toBe("NAPTR x.example");
    expect(hops).toEqual([
      "192.0.2.9:5061/tls",
      "192.0.2.1:5060/tcp",
      "2001:db8::1:5060/tcp",
      "192.0.2.2:5062/tcp",
      "192.0.2.1:5060/udp",
      "2001:db8::1:5060/udp",
    ]);
    expect(domains[0]).toBe("x.example");
    expect(located({ host: "x.example" }, WHOLE, { transports: ["udp"] }).hops).toEqual([
      "192.0.2.1:5060/udp",
      "2001:db8::1:5060/udp",
    ]);
  });

  it("of a sips URI goes over TLS only", () => {
    const elsewhere = [
      naptr(60, 1, "SIPS+D2T", "tls.y.example"),
      srv("tls.y.example", 0, 0, 5071, "two.x.example"),
    ];
    const { asked, hops } = located({ host: "x.example", secure: true }, [...WHOLE, ...elsewhere]);
    expect(asked[0]).toBe("NAPTR x.example");
    expect(hops).toEqual(["192.0.2.9:5061/tls", "192.0.2.2:5071/tls"]);
    const services = WHOLE.filter(({ type }) => type !== "NAPTR");
    expect(located({ host: "x.example", secure: true }, services).hops).toEqual(["192.0.2.9:5061/tls"]);
    for (const more of [{ port: 5080 }, { transport: "tcp" as const }])
      expect(located({ host: "two.x.example", secure: true, ...more }, WHOLE).hops).toEqual([
        `192.0.2.2:${more.port ?? 5061}/tls`,
      ]);
  });

  it("without usable NAPTR is asked for the services of what is spoken here, best first", () => {
    const records = WHOLE.filter(({ type }) => type !== "NAPTR");
    const { asked, hops } = located({ host: "x.example" }, records, {
      transports: ["tcp", "udp"],
      families: ["A"],
    });
    expect(asked).toEqual([
      "NAPTR x.example",
      "SRV _sip._tcp.x.example",
      "A one.x.example",
      "A two.x.example",
      "SRV _sip._udp.x.example",
      "A one.x.example",
    ]);
    expect(hops).toEqual(["192.0.2.1:5060/tcp", "192.0.2.2:5062/tcp", "192.0.2.1:5060/udp"]);
  });

  it.each([
    ["another service", naptr(1, 1, "E2U+sip", "_sip._udp.x.example")],
    ["another flag", naptr(1, 1, "SIP+D2U", "_sip._udp.x.example", "u")],
    ["no replacement", naptr(1, 1, "SIP+D2U", "")],
  ])("whose NAPTR is of %s is as one without", (_name, record) => {
    const records = [record, a("x.example", "192.0.2.7")];
    expect(located({ host: "x.example" }, records).hops).toEqual(["192.0.2.7:5060/udp"]);
  });

  it("without any service goes to its own address over UDP", () => {
    expect(located({ host: "x.example." }, [a("x.example", "192.0.2.7")]).hops).toEqual([
      "192.0.2.7:5060/udp",
    ]);
  });

  it("whose service is the root has no such service (RFC 2782)", () => {
    const records = [srv("_sip._udp.x.example", 0, 0, 0, "."), a("x.example", "192.0.2.7")];
    expect(located({ host: "x.example", transport: "udp" }, records).hops).toEqual([]);
    expect(located({ host: "x.example" }, records, { transports: ["udp"] }).hops).toEqual([]);
  });

  it("of which nothing is known leads nowhere", () => {
    expect(located({ host: "nobody.example" }, WHOLE).hops).toEqual([]);
  });
});

describe("several servers of one service", () => {
  const server = (priority: number, weight: number, target: string) => ({
    priority,
    weight,
    port: 5060,
    target,
  });

  it("are tried by priority", () => {
    const servers = [server(20, 0, "c"), server(10, 0, "a"), server(20, 0, "d")];
    expect(inOrderOfTrial(servers, () => 0).map(({ target }) => target)).toEqual(["a", "c", "d"]);
  });

  it("of one priority are drawn by weight", () => {
    const servers = [server(1, 10, "small"), server(1, 90, "large")];
    const first = Array.from(
      { length: 1000 },
      (_, index) => inOrderOfTrial(servers, () => index / 1000)[0]?.target,
    );
    const small = first.filter((target) => target === "small").length;
    expect(small).toBeGreaterThan(90);
    expect(small).toBeLessThan(120);
  });

  it("without weight among others come last but for a small chance", () => {
    const servers = [server(1, 0, "none"), server(1, 99, "some")];
    expect(inOrderOfTrial(servers, () => 0.5).map(({ target }) => target)).toEqual(["some", "none"]);
    expect(inOrderOfTrial(servers, () => 0).map(({ target }) => target)).toEqual(["none", "some"]);
  });

  it("are each tried once, whatever is drawn", () => {
    const servers = [server(1, 5, "a"), server(1, 0, "b"), server(2, 7, "c"), server(1, 9, "d")];
    for (const draw of [0, 0.3, 0.6, 0.9999999]) {
      const order = inOrderOfTrial(servers, () => draw).map(({ target }) => target);
      expect(order.toSorted()).toEqual(["a", "b", "c", "d"]);
      expect(order.at(-1)).toBe("c");
    }
  });
});
