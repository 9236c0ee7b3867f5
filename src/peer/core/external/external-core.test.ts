import { afterEach, describe, expect, it } from "vitest";
import type { Hop } from "../../../net/network.ts";
import { sipResponse } from "../../../wire/sip/build.ts";
import { withHeader } from "../../../wire/sip/edit.ts";
import { assertedIdentities, header, headerValues } from "../../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../../wire/sip/message.ts";
import type { ApplicationServer, CoreConfig } from "../config.ts";
import { createCore, type Core } from "../core.ts";
import { withRoutes } from "../route-set.ts";
import {
  accept,
  CORE,
  createRig,
  homeConfig,
  imServer,
  passOn,
  register,
  request,
  SERVER,
  type Party,
  type Rig,
} from "../test-rig.ts";
import { createExternalCore } from "./external-core.ts";

/** The core of the lab. Scrim is at CORE, where the server looks for its core. */
const LAB: Hop = { host: "10.0.0.9", port: 5060, transport: "udp" };
const AT_ALICE: Hop = { host: "10.0.1.1", port: 5060, transport: "udp" };
const AT_BOB: Hop = { host: "10.0.1.2", port: 5060, transport: "udp" };
const ALICE = "sip:alice@home.example";
const BOB = "sip:bob@home.example";

/** As the core of the lab is set up: Scrim is its application server. */
const scrim: ApplicationServer = {
  ...imServer,
  originating: "sip:originating@10.0.0.1:5060",
  terminating: "sip:terminating@10.0.0.1:5060",
  psi: "sip:psi@10.0.0.1:5060",
};

let rig: Rig;
let lab: Core;
afterEach(async () => {
  await Promise.all([rig.close(), lab.close()]);
});

interface Cast {
  readonly alice: Party;
  readonly bob: Party;
  readonly server: Party;
}

async function cast(config: Partial<CoreConfig> = {}): Promise<Cast> {
  rig = await createRig(config, 1, {}, (options) =>
    createExternalCore({ ...options, address: "sip:10.0.0.9:5060", serverSide: "sip:10.0.0.9:5060" }),
  );
  const { network, clock, ids } = rig.net;
  lab = await createCore({
    config: { ...homeConfig, servers: [scrim] },
    name: "lab",
    network,
    clock,
    ids,
    listen: [LAB, { ...LAB, transport: "tcp" }],
  });
  const [alice, bob, server] = [
    await rig.party("alice", AT_ALICE),
    await rig.party("bob", AT_BOB),
    await rig.server(),
  ];
  return { alice, bob, server };
}

/** Both are registered at the core of the lab, where they are or by way of Scrim. */
async function registered({ alice, bob }: Cast, to = LAB): Promise<readonly string[]> {
  const response = await alice.ask(register(ALICE, AT_ALICE), to);
  await bob.ask(register(BOB, AT_BOB), to);
  await rig.settle();
  rig.crossings.length = 0;
  return headerValues(response!, "Service-Route");
}

const sent = (from: string, method: string, to: string, routes: readonly string[]): SipRequest =>
  withRoutes(request(method, to, from, [], { body: "hello" }), routes);

/** Function and direction of each request that crossed Scrim, and whether it belongs to a passage. */
const legs = (method: string): readonly string[] =>
  rig.crossings.flatMap(({ message, direction, annotation }) =>
    message?.kind === "request" && message.method === method
      ? [`${direction} ${annotation?.serverFunction ?? "-"}${annotation?.passage === undefined ? "" : " *"}`]
      : [],
  );

const THROUGH_BOTH = [
  ["in -", "out originating *"],
  ["in originating *", "out -"],
  ["in -", "out terminating *"],
  ["in terminating *", "out -"],
].flat();

describe("a message of one user to another", () => {
  it("goes by the server on both sides, leg by leg as with Scrim's core", async () => {
    const parties = await cast();
    const route = await registered(parties);
    const response = await parties.alice.ask(sent(ALICE, "MESSAGE", BOB, route), LAB);
    expect(response?.status).toBe(200);
    expect(legs("MESSAGE")).toEqual(THROUGH_BOTH);
    expect(parties.bob.received).toHaveLength(1);
  });

  it("shows the server a Route of its own and one of Scrim's, and nothing of the core's", async () => {
    const parties = await cast();
    const route = await registered(parties);
    await parties.alice.ask(sent(ALICE, "MESSAGE", BOB, route), LAB);
    const [first] = parties.server.received.filter(({ message }) => message.method === "MESSAGE");
    expect(headerValues(first!.message, "Route")).toEqual([
      "<sip:10.0.0.2:5070;lr>",
      expect.stringMatching(/^<sip:odi-\w+@10\.0\.0\.1:5060;lr>$/u),
    ]);
    expect(assertedIdentities(first!.message).map(({ uri }) => uri)).toEqual([ALICE, "tel:+15550001"]);
  });

  it("finds its way back though the server keeps no Route", async () => {
    const parties = await cast({ servers: [{ ...imServer, originalDialogToken: false }] });
    const route = await registered(parties);
    parties.server.answer = (incoming) =>
      void parties.server.endpoint.forward(incoming, withRoutes(incoming.message, []), { to: CORE });
    const response = await parties.alice.ask(sent(ALICE, "MESSAGE", BOB, route), LAB);
    expect(response?.status).toBe(200);
    expect(legs("MESSAGE")).toEqual(THROUGH_BOTH);
  });

  it("loses its asserted identity where a scenario wants that", async () => {
    const parties = await cast();
    const route = await registered(parties);
    const end = rig.core.deviate({ user: ALICE, assertedIdentity: "none" });
    await parties.alice.ask(sent(ALICE, "MESSAGE", BOB, route), LAB);
    end();
    await parties.alice.ask(sent(ALICE, "MESSAGE", BOB, route), LAB);
    const identities = parties.server.received
      .filter(({ message }) => message.method === "MESSAGE")
      .map(({ message }) => assertedIdentities(message).length);
    expect(identities).toEqual([0, 0, 2, 2]);
  });
});

describe("requests that are for the server, or from it", () => {
  it("go to the server by its service identity", async () => {
    const parties = await cast();
    const route = await registered(parties);
    parties.server.answer = (incoming) => accept(incoming, { ...SERVER, toTag: "as" });
    const to = "sip:factory@im.home.example";
    const response = await parties.alice.ask(sent(ALICE, "MESSAGE", to, route), LAB);
    expect(response?.status).toBe(200);
    expect(legs("MESSAGE")).toEqual(["in -", "out originating *"]);
    rig.crossings.length = 0;
    parties.server.answer = (incoming) => passOn(parties.server, incoming);
    const answered = parties.alice.ask(sent(ALICE, "MESSAGE", to, route), LAB);
    await rig.settle();
    await answered;
    expect(legs("MESSAGE").slice(0, 6)).toEqual([...THROUGH_BOTH.slice(0, 4), "in -", "out controlling"]);
  });

  it("that the server sends of its own accord go to the core", async () => {
    const parties = await cast();
    await registered(parties);
    const own = withHeader(
      request("MESSAGE", BOB, "sip:im@home.example", [], { body: "notice" }),
      "P-Asserted-Identity",
      "<sip:im@home.example>",
    );
    expect((await parties.server.ask(own))?.status).toBe(200);
    expect(legs("MESSAGE")).toEqual(["in controlling", "out -", ...THROUGH_BOTH.slice(4)]);
  });

  it("tell the server of registrations, and Scrim what it answered", async () => {
    const { alice, server } = await cast();
    const told: string[] = [];
    rig.core.onThirdPartyRegister(({ user, expiresS, response }) =>
      told.push(`${user.impi} ${expiresS} ${response?.status}`),
    );
    await alice.ask(register(ALICE, AT_ALICE), LAB);
    await rig.settle();
    expect(told).toEqual(["alice@home.example 600 200"]);
    const [{ message } = { message: undefined }] = server.received;
    expect(message).toMatchObject({ method: "REGISTER", uri: "sip:10.0.0.2:5070" });
    expect(legs("REGISTER")).toEqual(["in -", "out registration"]);
  });

  it("can be told of a registration that there is none of", async () => {
    const { server } = await cast();
    rig.core.setRegistered(ALICE, {
      contact: "<sip:10.0.1.1>;+g.oma.sip-im",
      expiresS: 77,
      tellServer: true,
    });
    expect(rig.core.isRegistered(ALICE)).toBe(true);
    rig.core.setUnregistered(ALICE, { tellServer: true });
    await rig.settle();
    expect(rig.core.isRegistered(ALICE)).toBe(false);
    expect(server.received.map(({ message }) => header(message, "Expires"))).toEqual(["77", "0"]);
  });

  it.each([
    ["a user whom nobody leased", `<sip:terminating@10.0.0.1:5060;lr>`, "sip:nobody@home.example", 404],
    ["a service of nobody", `<sip:psi@10.0.0.1:5060;lr>`, "sip:nothing@home.example", 404],
  ])("that name %s are refused", async (_what, route, uri, status) => {
    const { alice } = await cast();
    const response = await alice.ask(withRoutes(request("MESSAGE", uri, ALICE), [route]));
    expect(response?.status).toBe(status);
  });

  it("within no dialog that is known get 481, and OPTIONS to Scrim 200", async () => {
    const { alice } = await cast();
    const late = withHeader(request("BYE", BOB, ALICE), "To", `<${BOB}>;tag=gone`);
    expect((await alice.ask(late))?.status).toBe(481);
    expect((await alice.ask(request("OPTIONS", "sip:10.0.0.1:5060", ALICE)))?.status).toBe(200);
  });
});

describe("a client under test", () => {
  it("registers with the core by way of Scrim, which stays on its way", async () => {
    const { alice } = await cast();
    const response = await alice.ask(register(ALICE, AT_ALICE));
    expect(response?.status).toBe(200);
    expect(rig.core.isRegistered(ALICE)).toBe(true);
    const [binding] = lab.bindingsOf(ALICE);
    expect(binding?.path).toEqual([expect.stringMatching(/^<sip:access-\w+@10\.0\.0\.1:5060;lr>$/u)]);
    await alice.ask(register(ALICE, AT_ALICE, [["Expires", "0"]]));
    expect(rig.core.isRegistered(ALICE)).toBe(false);
  });

  it("sends and receives by way of Scrim, and asserts nothing itself", async () => {
    const parties = await cast();
    const route = await registered(parties, CORE);
    const forged = withHeader(
      sent(ALICE, "MESSAGE", BOB, route),
      "P-Asserted-Identity",
      "<sip:boss@home.example>",
    );
    const response = await parties.alice.ask(forged);
    expect(response?.status).toBe(200);
    expect(legs("MESSAGE")).toEqual(["in -", "out -", ...THROUGH_BOTH, "in -", "out -"]);
    const { message } = parties.bob.received.at(-1)!;
    expect(message.uri).toBe("sip:bob@10.0.1.2:5060");
    expect(assertedIdentities(message).map(({ uri }) => uri)).toEqual([ALICE, "tel:+15550001"]);
    expect([header(message, "Route"), header(message, "P-Charging-Vector")]).toEqual([undefined, undefined]);
  });

  it("is known by its registration though it forgets the Service-Route", async () => {
    const parties = await cast();
    await registered(parties, CORE);
    const response = await parties.alice.ask(sent(ALICE, "MESSAGE", BOB, []));
    expect(response?.status).toBe(200);
    expect(parties.bob.received.map(({ message }) => message.method)).toEqual(["MESSAGE"]);
  });

  it("whom nobody leased cannot register", async () => {
    const { alice } = await cast();
    rig.core.forget(ALICE);
    expect((await alice.ask(register(ALICE, AT_ALICE)))?.status).toBe(404);
  });
});

describe("a dialog", () => {
  /** A session of Alice with Bob by way of Scrim, whose server is not on its path. */
  async function session(): Promise<Cast & { invite: SipRequest; response: SipResponse }> {
    const parties = await cast();
    const route = await registered(parties, CORE);
    parties.bob.answer = (incoming) => {
      const headers = [["Contact", "<sip:bob@10.0.1.2:5060>"]] as const;
      incoming.respond(sipResponse(incoming.message, 200, undefined, { toTag: "bob", headers }));
    };
    const contact = [["Contact", "<sip:alice@10.0.1.1:5060>"]] as const;
    const invite = withRoutes(request("INVITE", BOB, ALICE, contact), route);
    const response = await parties.alice.ask(invite);
    rig.crossings.length = 0;
    return { ...parties, invite, response: response! };
  }

  function within(method: string, invite: SipRequest, response: SipResponse): SipRequest {
    const cseq = method === "ACK" ? "1 ACK" : `2 ${method}`;
    const again = { ...request(method, "sip:bob@10.0.1.2:5060", ALICE), headers: invite.headers };
    const tagged = withHeader(withHeader(again, "To", header(response, "To")!), "CSeq", cseq);
    return withRoutes(tagged, headerValues(response, "Record-Route").toReversed());
  }

  it("takes later requests over every leg again, annotated as before", async () => {
    const { alice, bob, invite, response } = await session();
    expect(response.status).toBe(200);
    alice.endpoint.send(within("ACK", invite, response), { to: CORE });
    await rig.settle();
    rig.crossings.length = 0;
    expect((await alice.ask(within("BYE", invite, response)))?.status).toBe(200);
    expect(bob.received.map(({ message }) => message.method)).toEqual(["INVITE", "ACK", "BYE"]);
    expect(legs("BYE").filter((leg) => leg.startsWith("out"))).toContain("out originating *");
  });
});
