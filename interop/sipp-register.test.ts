/** SIPp as a client of Scrim's core: REGISTER with digest, and a subscription to the registration state. */
import { describe, expect, onTestFinished, test } from "vitest";
import { createCore, type Core } from "../src/peer/core/core.ts";
import { areMissing } from "./peers.ts";
import {
  type Crossings,
  everyTransport,
  hopOf,
  networkWithTls,
  recordCrossings,
  surroundings,
} from "./scrim-side.ts";
import { startSipp } from "./sipp.ts";

const USERS = Array.from({ length: 5 }, (_, number) => ({
  impi: `user${number}@home.example`,
  password: `secret-${number}`,
  identities: [`sip:user${number}@home.example`],
}));

async function openCore(host: string): Promise<{ core: Core; crossings: Crossings }> {
  const crossings = recordCrossings();
  const core = await createCore({
    ...surroundings,
    network: await networkWithTls(),
    listen: everyTransport(host),
    config: {
      domains: [{ domain: "home.example", registrationExpiresS: 600, digest: { algorithms: ["MD5"] } }],
      servers: [],
      users: USERS,
    },
    tap: crossings.tap,
  });
  onTestFinished(() => core.close());
  return { core, crossings };
}

/** User name, and the keyword that SIPp answers a challenge for. */
const credentials = (impi: string, password: string): string =>
  `${impi.split("@")[0]};[authentication username=${impi} password=${password}]`;

const isRegistered = (core: Core): boolean[] =>
  USERS.map(({ identities }) => core.isRegistered(identities[0]!));

describe.skipIf(areMissing("sipp", "openssl"))("REGISTER with digest, SUBSCRIBE and NOTIFY", () => {
  test.each([
    ["udp", "127.0.0.1"],
    ["udp", "::1"],
    ["tcp", "127.0.0.1"],
    ["tcp", "::1"],
    ["tls", "127.0.0.1"],
    ["tls", "::1"],
  ] as const)("over %s to %s", async (transport, host) => {
    const { core, crossings } = await openCore(host);
    const registered = new Set<string>();
    core.onRegistered(({ user, bindings }) => void (bindings.length > 0 && registered.add(user.impi)));
    const sipp = await startSipp({
      scenario: "register-uac",
      transport,
      host,
      calls: USERS.length,
      remote: hopOf(core.hops, transport),
      fields: USERS.map(({ impi, password }) => credentials(impi, password)),
    });
    const result = await sipp.result;
    expect(result).toMatchObject({ status: 0, successful: USERS.length, failed: 0, errors: "" });
    expect(registered).toEqual(new Set(USERS.map(({ impi }) => impi)));
    expect(isRegistered(core)).not.toContain(true);
    expect(crossings.count("out", 401).first).toBe(2 * USERS.length);
    expect(crossings.count("in", "SUBSCRIBE").first).toBe(USERS.length);
    expect(crossings.count("out", "NOTIFY").first).toBe(2 * USERS.length);
  });

  test("with a wrong password nobody is registered", async () => {
    const { core } = await openCore("127.0.0.1");
    const sipp = await startSipp({
      scenario: "register-uac",
      transport: "udp",
      host: "127.0.0.1",
      calls: USERS.length,
      remote: hopOf(core.hops, "udp"),
      fields: USERS.map(({ impi }) => credentials(impi, "guessed")),
    });
    const result = await sipp.result;
    expect(result).toMatchObject({ status: 1, successful: 0, failed: USERS.length });
    expect(result.errors).toContain("SIP/2.0 401");
    expect(isRegistered(core)).not.toContain(true);
  });
});
