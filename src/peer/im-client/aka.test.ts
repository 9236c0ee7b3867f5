import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WireCrossing } from "../../endpoint/crossing.ts";
import { createSipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { Hop } from "../../net/network.ts";
import { createVirtualNet, type VirtualNet } from "../../net/virtual/virtual-net.ts";
import { akaSubscription, type AkaConfig } from "../../wire/aka/subscription.ts";
import { TEST_SETS } from "../../wire/aka/testdata/test-sets.ts";
import { mapHeader, prependHeader } from "../../wire/sip/edit.ts";
import { credentialsOf, header } from "../../wire/sip/headers.ts";
import { challengesOf } from "../../wire/sip/headers.ts";
import { createCore } from "../core/core.ts";
import { createImClient, type ImClient } from "./client.ts";
import { defaultSettings } from "./config.ts";

const CORE: Hop = { host: "10.0.0.1", port: 5060, transport: "udp" };
const EDGE: Hop = { host: "10.0.0.9", port: 5060, transport: "udp" };
const CLIENT: Hop = { host: "10.0.1.1", port: 5060, transport: "udp" };
const [SET] = TEST_SETS;
const USIM: AkaConfig = { k: SET!.k, op: SET!.op, amf: SET!.amf, sqn: "000000001000" };

let net: VirtualNet;
let crossings: WireCrossing[];
const open: { close(): Promise<void> }[] = [];

beforeEach(() => {
  net = createVirtualNet({ seed: 3 });
  crossings = [];
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function core(aka: AkaConfig, password?: string): Promise<void> {
  const user = { impi: "alice@home.example", identities: ["sip:alice@home.example"] };
  open.push(
    await createCore({
      ...net,
      listen: [CORE, { ...CORE, transport: "tcp" }],
      config: {
        domains: [{ domain: "home.example", registrationExpiresS: 600, digest: { algorithms: ["SHA-256"] } }],
        servers: [],
        users: [{ ...user, aka: akaSubscription(aka), ...(password === undefined ? {} : { password }) }],
      },
    }),
  );
}

/** Stands for an external P-CSCF: adds the Path, and keeps the keys to itself. */
async function edge(): Promise<void> {
  const endpoint = await createSipEndpoint({
    ...net,
    name: "p-cscf",
    listen: [EDGE, { ...EDGE, transport: "tcp" }],
  });
  endpoint.onRequest((incoming) => {
    const onward = prependHeader(incoming.message, "Path", "<sip:10.0.0.9:5060;lr>");
    endpoint.forward(incoming, onward, {
      to: CORE,
      onFinal: (response) =>
        mapHeader(response, "WWW-Authenticate", (value) => value.replace(/, (?:ik|ck)="[0-9a-f]+"/g, "")),
    });
  });
  open.push(endpoint);
}

async function client(aka: AkaConfig | undefined, via: Hop, password?: string): Promise<ImClient> {
  const made = await createImClient({
    ...net,
    tap: (crossing) => crossings.push(crossing),
    config: {
      node: "alice",
      listen: [CLIENT, { ...CLIENT, transport: "tcp" }],
      core: via,
      homeDomain: "home.example",
      imAddress: "sip:alice@home.example",
      privateIdentity: "alice@home.example",
      ...(password === undefined ? {} : { password }),
      ...(aka === undefined ? {} : { aka: akaSubscription(aka) }),
      registrationExpiresS: 600,
      conferenceFactory: "sip:factory@home.example",
      congestionSafe: true,
      settings: defaultSettings,
    },
  });
  open.push(made);
  return made;
}

/** Statuses in the order in which they came. */
async function registering(alice: ImClient): Promise<number[]> {
  let done = false;
  void alice.register("register").then(() => (done = true));
  await net.run(() => done, net.clock.now() + 60_000);
  return crossings.flatMap(({ direction, message }) =>
    direction === "in" && message?.kind === "response" && header(message, "CSeq")?.endsWith("REGISTER")
      ? [message.status]
      : [],
  );
}

const messages = (direction: "in" | "out") =>
  crossings.flatMap((each) => (each.direction === direction ? (each.message ?? []) : []));

describe("a client with a USIM", () => {
  it("says whom it is, and answers the challenge with RES", async () => {
    await core(USIM);
    expect(await registering(await client(USIM, CORE))).toEqual([401, 200]);
    const [first, second] = messages("out").map((each) => credentialsOf(each)[0]?.params);
    expect([first?.get("username"), first?.get("nonce"), first?.get("response")]).toEqual([
      "alice@home.example",
      "",
      "",
    ]);
    expect([second?.get("algorithm"), second?.get("nc")]).toEqual(["AKAv1-MD5", "00000001"]);
  });

  it("registers behind an external P-CSCF, which keeps the keys", async () => {
    await core(USIM);
    await edge();
    expect(await registering(await client(USIM, EDGE))).toEqual([401, 200]);
    const [challenge] = messages("in").flatMap((each) => challengesOf(each));
    expect(challenge?.params.has("ck")).toBe(false);
  });

  it("whose numbers are ahead of the network's makes it synchronise", async () => {
    await core(USIM);
    expect(await registering(await client({ ...USIM, sqn: "000000ffff00" }, CORE))).toEqual([401, 401, 200]);
    const auts = messages("out").map((each) => credentialsOf(each)[0]?.params.has("auts"));
    expect(auts).toEqual([false, true, false]);
  });

  it("registers again and again", async () => {
    await core(USIM);
    const alice = await client(USIM, CORE);
    await registering(alice);
    crossings.length = 0;
    expect(await registering(alice)).toEqual([401, 200]);
  });

  it.each([
    ["of another key", { ...USIM, k: "0".repeat(32) }],
    ["of another operator", { ...USIM, op: "0".repeat(32) }],
  ])("does not answer a network %s", async (_what, other) => {
    await core(other);
    const alice = await client(USIM, CORE);
    expect(await registering(alice)).toEqual([401, 401]);
    expect(alice.registered).toBe("none");
    expect(messages("out").map((each) => credentialsOf(each)[0]?.params.get("response"))).toEqual(["", ""]);
  });

  it("takes AKA where a password would do as well", async () => {
    await core(USIM, "secret");
    expect(await registering(await client(USIM, CORE, "secret"))).toEqual([401, 200]);
    expect(credentialsOf(messages("out")[1]!)[0]?.params.get("algorithm")).toBe("AKAv1-MD5");
  });
});

describe("a client with a password only", () => {
  it.each([
    ["answers the challenge that it can answer", "secret", [401, 200]],
    ["is not asked twice", "wrong", [401, 401]],
  ])("%s", async (_what, password, statuses) => {
    await core(USIM, "secret");
    expect(await registering(await client(undefined, CORE, password))).toEqual(statuses);
  });

  it("cannot answer AKA", async () => {
    await core(USIM);
    expect(await registering(await client(undefined, CORE, "secret"))).toEqual([401]);
  });
});
