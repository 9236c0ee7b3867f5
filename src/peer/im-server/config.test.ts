import { describe, expect, it } from "vitest";
import { CONFIGURATION_SETS } from "../../spec/configuration-sets.ts";
import { readSutFileText } from "../../spec/sut-file-reader.ts";
import { imClientConfig } from "../im-client/config.ts";
import { imServerConfig, mainIdentity } from "./config.ts";

const sutFile = (terminating = "sip:term@127.0.0.1:5070;lr", transport = "udp") =>
  readSutFileText(`
scrim: 1
identification: { product: P, version: "1", vendor: V, tester: T }
core: { bind: 127.0.0.1, port: 5060, homeDomain: home.example, remoteDomain: visited.example }
xdm: { port: 8080 }
server:
  node: im
  functions: [participating, controlling]
  originating: sip:orig@127.0.0.1:5070;lr
  terminating: ${terminating}
  psi: sip:psi@127.0.0.1:5070;lr
  transport: ${transport}
  serviceUris: { conferenceFactory: "sip:factory@home.example", systemSender: "sip:im@home.example" }
  policy: { adHocMaximum: 4, originatorCounts: true, refusedTypes: [application/x-no], maximumBytes: 500, uriListService: false }
  control: { kind: http, url: "http://127.0.0.1:9001/control" }
client:
  node: phone
  trigger: { kind: http, url: "http://127.0.0.1:9002/" }
  user: sip:bob@home.example
  conferenceFactory: sip:factory@home.example
users:
  - { impu: "sip:alice@home.example", password: a, tel: "tel:+1-555-0100" }
  - { impu: "sip:bob@home.example", password: b }
groups: []
`);

const serverConfig = (...uris: [terminating?: string, transport?: string]) => {
  const sut = sutFile(...uris);
  return imServerConfig(sut, sut.server!);
};

describe("the server's configuration from a SUT file", () => {
  it.each<[string, [string?, string?], readonly string[]]>([
    ["one address for all functions", [], ["5070/udp", "5070/tcp"]],
    ["a port for each", ["sip:127.0.0.1:5071;lr", "tcp"], ["5070/tcp", "5070/udp", "5071/tcp", "5071/udp"]],
  ])("listens at %s", (_, uris, expected) => {
    const { listen } = serverConfig(...uris);
    expect(listen.map(({ port, transport }) => `${port}/${transport}`)).toEqual(expected);
  });

  it("takes policy, hook and core from it", () => {
    const config = serverConfig();
    expect(config.policy).toMatchObject({
      adHocMaximum: 4,
      originatorCounts: true,
      uriListService: false,
      maximumBytes: 500,
    });
    expect(config.control).toEqual({ host: "127.0.0.1", port: 9001 });
    expect(config.core).toEqual({ host: "127.0.0.1", port: 5060, transport: "udp" });
  });

  it("knows a user by telephone number", () => {
    expect(mainIdentity(serverConfig(), "tel:+15550100")).toBe("sip:alice@home.example");
    expect(mainIdentity(serverConfig(), "sip:x@y.example")).toBe("sip:x@y.example");
  });
});

describe("the client's configuration from a SUT file", () => {
  it("is that of the user in the pool", () => {
    const sut = sutFile();
    expect(imClientConfig(sut, sut.client!)).toMatchObject({
      imAddress: "sip:bob@home.example",
      privateIdentity: "bob@home.example",
      password: "b",
      homeDomain: "home.example",
      trigger: { host: "127.0.0.1", port: 9002 },
    });
    expect(imClientConfig(sut, { ...sut.client!, user: "sip:nobody@home.example" })).toBeUndefined();
  });
});

it("brings the reference into every configuration set that features may name", () => {
  const known = Object.keys(serverConfig().configurationSets);
  expect(CONFIGURATION_SETS.filter((set) => !known.includes(set))).toEqual([]);
});
