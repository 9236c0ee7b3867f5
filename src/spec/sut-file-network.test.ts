/** The entries about TLS, names and addresses. */
import { describe, expect, it } from "vitest";
import { coreAdvertised, coreListening } from "./core-addresses.ts";
import { SutFileError } from "./sut-file-error.ts";
import { readSutFileText } from "./sut-file-reader.ts";
import { sutFileTemplate } from "./sut-file-template.ts";

const TEMPLATE = sutFileTemplate("server");
const OVER_TLS = TEMPLATE.replace("transport: udp", "transport: tls");

/** `path: expected` of each problem. */
function problems(text: string): readonly string[] {
  try {
    readSutFileText(text);
    return [];
  } catch (error) {
    if (error instanceof SutFileError)
      return error.problems.map(({ path, expected }) => `${path}: ${expected}`);
    throw error;
  }
}

describe("TLS", () => {
  it.each([
    [
      "asked for by a transport",
      OVER_TLS,
      { port: 5061, verify: "none", mutual: false, minVersion: "TLSv1.2", keys: "ec" },
    ],
    [
      "asked for by itself",
      `${TEMPLATE}\ntls: { port: 5999, ca: a.pem }`,
      { port: 5999, verify: "identity", ca: "a.pem" },
    ],
    ["with less trust", `${TEMPLATE}\ntls: { ca: a.pem, verify: chain }`, { verify: "chain" }],
  ])("is %s", (_name, text, tls) => {
    expect(readSutFileText(text).tls).toMatchObject(tls);
  });

  it("is not spoken unless it is asked for", () => {
    expect(readSutFileText(TEMPLATE).tls).toBeUndefined();
  });

  it.each([
    ["a certificate without its key", "certificate: a.pem", ["tls.certificate: tls.key beside it"]],
    ["a key without its certificate", "key: a.key", ["tls.key: tls.certificate beside it"]],
    ["certificates asked for that nobody vouches for", "mutual: true", ["tls.mutual: tls.ca beside it"]],
    ["a look at certificates without an authority", "verify: chain", ["tls.verify: tls.ca beside it"]],
  ])("%s is a problem", (_name, entry, expected) => {
    expect(problems(`${TEMPLATE}\ntls: { ${entry} }`)).toEqual(expected);
  });

  it("has a port of its own at the core", () => {
    const sutFile = readSutFileText(OVER_TLS);
    expect(coreListening(sutFile).map(({ port, transport }) => `${port}/${transport}`)).toEqual([
      "5060/udp",
      "5060/tcp",
      "5061/tls",
    ]);
    expect(coreAdvertised(sutFile, "tls").port).toBe(5061);
  });
});

describe("addresses and names", () => {
  it("who listens everywhere says where the SUT reaches it", () => {
    const everywhere = TEMPLATE.replace(/ {2}bind: .*/, "  bind: 0.0.0.0");
    expect(problems(everywhere)).toEqual(["core.advertised: the address at which the SUT reaches Scrim"]);
    expect(problems(everywhere.replace("0.0.0.0", "0.0.0.0\n  advertised: 192.0.2.1"))).toEqual([]);
  });

  it("name servers are addresses; Scrim's own listens where the core does unless told", () => {
    const { dns } = readSutFileText(
      `${TEMPLATE}\ndns: { servers: ["192.0.2.53", "[2001:db8::53]:5353"], serve: {} }`,
    );
    expect(dns).toEqual({
      servers: ["192.0.2.53", "[2001:db8::53]:5353"],
      serve: { bind: "127.0.0.1", port: 53 },
    });
    expect(problems(`${TEMPLATE}\ndns: { servers: [ns.example] }`).length).toBe(1);
  });
});
