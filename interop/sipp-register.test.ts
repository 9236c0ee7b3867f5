/** SIPp as a client of Scrim's core: REGISTER with digest, and a subscription to the registration state. */
import { describe, expect, test } from "vitest";
import { type CoreSide, openCore } from "./core-side.ts";
import { areMissing } from "./peers.ts";
import { hopOf } from "./scrim-side.ts";
import { expectAllWell, startSipp } from "./sipp.ts";

const DOMAIN = "home.example";
const USERS = Array.from({ length: 5 }, (_, number) => `user${number}`);

const open = (host: string): Promise<CoreSide> =>
  openCore({ host, domain: DOMAIN, users: USERS, algorithms: ["MD5"] });

/** User name, and the keyword that SIPp answers a challenge for. */
const credentials = (user: string, password: string): string =>
  `${user};[authentication username=${user}@${DOMAIN} password=${password}]`;

const isRegistered = ({ core }: CoreSide): boolean[] =>
  USERS.map((user) => core.isRegistered(`sip:${user}@${DOMAIN}`));

describe.skipIf(areMissing("sipp", "openssl"))("REGISTER with digest, SUBSCRIBE and NOTIFY", () => {
  test.each([
    ["udp", "127.0.0.1"],
    ["udp", "::1"],
    ["tcp", "127.0.0.1"],
    ["tcp", "::1"],
    ["tls", "127.0.0.1"],
    ["tls", "::1"],
  ] as const)("over %s to %s", async (transport, host) => {
    const side = await open(host);
    const { core, crossings } = side;
    const registered = new Set<string>();
    core.onRegistered(({ user, bindings }) => void (bindings.length > 0 && registered.add(user.impi)));
    const sipp = await startSipp({
      scenario: "register-uac",
      transport,
      host,
      calls: USERS.length,
      remote: hopOf(core.hops, transport),
      fields: USERS.map((user) => credentials(user, `secret-${user}`)),
    });
    const result = await sipp.result;
    expectAllWell(result, USERS.length);
    expect(registered).toEqual(new Set(USERS.map((user) => `${user}@${DOMAIN}`)));
    expect(isRegistered(side)).not.toContain(true);
    expect(crossings.count("out", 401).first).toBe(2 * USERS.length);
    expect(crossings.count("in", "SUBSCRIBE").first).toBe(USERS.length);
    expect(crossings.count("out", "NOTIFY").first).toBe(2 * USERS.length);
  });

  test("with a wrong password nobody is registered", async () => {
    const side = await open("127.0.0.1");
    const { core } = side;
    const sipp = await startSipp({
      scenario: "register-uac",
      transport: "udp",
      host: "127.0.0.1",
      calls: USERS.length,
      remote: hopOf(core.hops, "udp"),
      fields: USERS.map((user) => credentials(user, "guessed")),
    });
    const result = await sipp.result;
    expect(result).toMatchObject({ status: 1, successful: 0, failed: USERS.length });
    expect(result.errors).toContain("SIP/2.0 401");
    expect(isRegistered(side)).not.toContain(true);
  });
});
