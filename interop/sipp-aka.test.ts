/** SIPp as a client with a USIM: its own Milenage against that of Scrim's core (RFC 3310). */
import { createHash } from "node:crypto";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Ids } from "../src/net/ids.ts";
import { createCore } from "../src/peer/core/core.ts";
import { authenticationVector } from "../src/wire/aka/agreement.ts";
import { type AkaSubscription, akaSubscription } from "../src/wire/aka/subscription.ts";
import { TEST_SETS, type TestSet } from "../src/wire/aka/testdata/test-sets.ts";
import { areMissing } from "./peers.ts";
import { everyTransport, hopOf, networkWithTls, recordCrossings, surroundings } from "./scrim-side.ts";
import { expectAllWell, startSipp } from "./sipp.ts";

const HOST = "127.0.0.1";
const IMPI = "judy@home.example";

/** SIPp takes keys for texts: an octet 00 ends one, and 5b, a bracket, begins a keyword. */
const USABLE = TEST_SETS.filter(
  ({ k, op, amf }) => !Buffer.from(`${k}${op}${amf}`, "hex").some((octet) => octet === 0 || octet === 0x5b),
);

/** SIPp takes RES for a text too, and cuts it off at an octet 00: it would be wrong about one challenge in thirty. */
function idsWithout00(subscription: AkaSubscription): Ids {
  const token = (length?: number): string => {
    const drawn = surroundings.ids.token(length);
    // Of which RAND is made (src/peer/core/aka-home.ts).
    const rand = createHash("sha256").update(drawn).digest().subarray(0, 16);
    const { xres } = authenticationVector(subscription, rand, 0, subscription.amf);
    return length === 32 && xres.includes(0) ? token(length) : drawn;
  };
  return { token };
}

/** A core that has one subscriber, with the keys of a test set. */
async function openCore({ k, opc, amf }: TestSet) {
  const crossings = recordCrossings();
  const aka = akaSubscription({ k, opc, amf });
  const core = await createCore({
    ...surroundings,
    ids: idsWithout00(aka),
    network: await networkWithTls(),
    listen: everyTransport(HOST),
    config: {
      domains: [{ domain: "home.example", registrationExpiresS: 600, digest: { algorithms: ["MD5"] } }],
      servers: [],
      users: [{ impi: IMPI, identities: [`sip:${IMPI}`], aka }],
    },
    timers: { t1: 2000 },
    tap: crossings.tap,
  });
  onTestFinished(() => core.close());
  return { core, crossings };
}

function registering(transport: "udp" | "tcp", { k, op, amf }: TestSet, hops: Parameters<typeof hopOf>[0]) {
  const keys = `aka_OP=0x${op} aka_K=0x${k} aka_AMF=0x${amf}`;
  return startSipp({
    scenario: "register-uac",
    transport,
    host: HOST,
    calls: 1,
    remote: hopOf(hops, transport),
    fields: [`judy;[authentication username=${IMPI} ${keys}]`],
  });
}

describe.skipIf(areMissing("sipp"))("REGISTER with AKAv1-MD5", () => {
  test.each(USABLE)("with the keys of test set $set of TS 35.208", async (keys) => {
    const { core, crossings } = await openCore(keys);
    const sipp = await registering(keys.set % 2 === 0 ? "tcp" : "udp", keys, core.hops);
    expectAllWell(await sipp.result, 1);
    expect(crossings.count("out", 401).first).toBe(2);
    expect(core.isRegistered(`sip:${IMPI}`)).toBe(false);
  });

  test("with the key of another nobody is registered", async () => {
    const [keys, other] = USABLE;
    const { core } = await openCore(keys!);
    const sipp = await registering("udp", { ...other!, amf: keys!.amf }, core.hops);
    expect(await sipp.result).toMatchObject({ successful: 0 });
    expect(core.isRegistered(`sip:${IMPI}`)).toBe(false);
  });
});
