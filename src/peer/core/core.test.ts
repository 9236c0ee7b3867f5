import { afterEach, describe, expect, it } from "vitest";
import type { Hop } from "../../net/network.ts";
import { sipResponse, type HeaderPair } from "../../wire/sip/build.ts";
import { appendHeader } from "../../wire/sip/edit.ts";
import { assertedIdentities, header, headerValues, maxForwardsOf } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import type { CoreConfig } from "./config.ts";
import {
  accept,
  alice,
  bob,
  createRig,
  imServer,
  passOn,
  register,
  request,
  SERVER,
  type Rig,
} from "./test-rig.ts";

const AT_ALICE: Hop = { host: "10.0.1.1", port: 5060, transport: "udp" };
const AT_BOB: Hop = { host: "10.0.1.2", port: 5060, transport: "udp" };
const AT_CAROL: Hop = { host: "10.0.1.3", port: 5060, transport: "udp" };
const ALICE = "sip:alice@home.example";
const BOB = "sip:bob@home.example";

let rig: Rig;
afterEach(() => rig.close());

async function twoClientsAndServer(config: Partial<CoreConfig> = {}) {
  rig = await createRig(config);
  const [alice, bob, server] = [
    await rig.party("alice", AT_ALICE),
    await rig.party("bob", AT_BOB),
    await rig.server(),
  ];
  await alice.ask(register(ALICE, AT_ALICE));
  await bob.ask(register(BOB, AT_BOB));
  await rig.settle();
  server.received.length = 0;
  rig.crossings.length = 0;
  return { alice, bob, server };
}

const uris = (message: SipRequest) => assertedIdentities(message).map(({ uri }) => uri);

describe("a MESSAGE from client to client", () => {
  it("passes the server once in each session case and reaches the binding", async () => {
    const { alice, bob, server } = await twoClientsAndServer();
    const response = await alice.ask(request("MESSAGE", BOB, ALICE, [], { body: "hi" }));
    expect(response?.status).toBe(200);
    expect(server.received.map(({ message }) => [message.method, message.uri])).toEqual([
      ["MESSAGE", BOB],
      ["MESSAGE", BOB],
    ]);
    expect(bob.received.map(({ message }) => message.uri)).toEqual(["sip:bob@10.0.1.2:5060"]);
    expect(header(bob.received[0]!.message, "P-Called-Party-ID")).toBe("<sip:bob@home.example>");
    expect(headerValues(bob.received[0]!.message, "Route")).toEqual([]);
    expect(maxForwardsOf(bob.received[0]!.message)).toBe(65);
  });

  it("is annotated on both legs of each passage, requests and responses alike", async () => {
    const { alice } = await twoClientsAndServer();
    await alice.ask(request("MESSAGE", BOB, ALICE));
    const legs = rig.crossings.map(({ direction, message, annotation }) => [
      direction,
      message?.kind,
      annotation?.serverFunction,
      annotation?.passage,
    ]);
    const tokens = [...new Set(legs.map((leg) => leg[3]).filter((token) => token !== undefined))];
    expect(tokens).toHaveLength(2);
    const [first, second] = tokens;
    expect(legs).toEqual([
      ["in", "request", undefined, undefined],
      ["out", "request", "originating", first],
      ["in", "request", "originating", first],
      ["out", "request", "terminating", second],
      ["in", "request", "terminating", second],
      ["out", "request", undefined, undefined],
      ["in", "response", undefined, undefined],
      ["out", "response", "terminating", second],
      ["in", "response", "terminating", second],
      ["out", "response", "originating", first],
      ["in", "response", "originating", first],
      ["out", "response", undefined, undefined],
    ]);
  });

  it("keeps what the server did to it, and the addressee that the server chose", async () => {
    const { alice, bob, server } = await twoClientsAndServer();
    server.answer = (incoming) => {
      const { message } = incoming;
      const routed = appendHeader(message, "P-Seen", "by the server");
      passOn(server, { ...incoming, message: routed, respond: (response) => incoming.respond(response) });
    };
    await alice.ask(request("MESSAGE", BOB, ALICE));
    expect(headerValues(bob.received[0]!.message, "P-Seen")).toEqual(["by the server", "by the server"]);
  });

  it.each([
    ["refused by the server", 403],
    ["answered by the server", 202],
  ])("%s goes no further", async (_what, status) => {
    const { alice, bob, server } = await twoClientsAndServer();
    server.answer = (incoming) =>
      incoming.respond(sipResponse(incoming.message, status, undefined, { toTag: "x" }));
    expect((await alice.ask(request("MESSAGE", BOB, ALICE)))?.status).toBe(status);
    expect([server.received.length, bob.received.length]).toEqual([1, 0]);
  });

  it("goes over TCP too", async () => {
    const { alice, bob } = await twoClientsAndServer();
    const long = request("MESSAGE", BOB, ALICE, [], { body: "x".repeat(2000) });
    expect((await alice.ask(long))?.status).toBe(200);
    expect(bob.received[0]!.source.transport).toBe("tcp");
  });

  it("is sent again by its transactions when datagrams are lost, and arrives once", async () => {
    rig = await createRig({}, 7, { loss: 0.3 });
    const [alice, bob] = [await rig.party("alice", AT_ALICE), await rig.party("bob", AT_BOB)];
    await rig.server();
    rig.core.setRegistered(ALICE, { contact: "<sip:alice@10.0.1.1:5060>;+g.oma.sip-im" });
    rig.core.setRegistered(BOB, { contact: "<sip:bob@10.0.1.2:5060>;+g.oma.sip-im" });
    expect((await alice.ask(request("MESSAGE", BOB, ALICE)))?.status).toBe(200);
    expect(bob.received).toHaveLength(1);
    expect(rig.crossings.some((crossing) => crossing.retransmission)).toBe(true);
  });
});

describe("filter criteria", () => {
  it.each<[string, string, HeaderPair[], number]>([
    ["INVITE", BOB, [["Accept-Contact", "*;+g.oma.sip-im"]], 2],
    ["MESSAGE", BOB, [["Accept-Contact", "*;explicit;+g.oma.sip-im;require"]], 2],
    ["MESSAGE", BOB, [["a", "*;require;+G.OMA.SIP-IM;explicit"]], 2],
    ["MESSAGE", BOB, [["Accept-Contact", "*;+g.oma.poc, *;+g.oma.sip-im"]], 2],
    [
      "REFER",
      BOB,
      [
        ["Accept-Contact", "*;+g.oma.sip-im"],
        ["Refer-To", "<sip:x@home.example>"],
      ],
      2,
    ],
    [
      "SUBSCRIBE",
      BOB,
      [
        ["Accept-Contact", "*;+g.oma.sip-im"],
        ["Event", "conference"],
      ],
      2,
    ],
    [
      "PUBLISH",
      ALICE,
      [
        ["Accept-Contact", "*;+g.oma.sip-im"],
        ["Event", "poc-settings"],
      ],
      1,
    ],
    [
      "PUBLISH",
      ALICE,
      [
        ["Accept-Contact", "*;+g.oma.sip-im"],
        ["Event", "presence"],
      ],
      0,
    ],
    ["PUBLISH", ALICE, [["Event", "poc-settings"]], 0],
    ["MESSAGE", BOB, [], 0],
    ["MESSAGE", BOB, [["Accept-Contact", "*;+g.oma.poc"]], 0],
    ["MESSAGE", BOB, [["Accept-Contact", "*;+g.oma.sip-im.system-message"]], 0],
    ["OPTIONS", BOB, [["Accept-Contact", "*;+g.oma.sip-im"]], 0],
  ])("%s to %s with %j passes the server %i times", async (method, uri, headers, times) => {
    const { alice, server } = await twoClientsAndServer();
    server.answer = (incoming) => {
      if (incoming.message.method === "PUBLISH") accept(incoming, { ...SERVER, toTag: "x" });
      else passOn(server, incoming);
    };
    await alice.ask(request(method, uri, ALICE, headers, { tagged: false }));
    expect(server.received).toHaveLength(times);
  });

  it("do not apply to users whom no server serves", async () => {
    rig = await createRig({
      users: [
        { ...alice, server: "other" },
        { impi: "bob", identities: [BOB] },
      ],
    });
    const [sender, addressee, server] = [
      await rig.party("alice", AT_ALICE),
      await rig.party("bob", AT_BOB),
      await rig.server(),
    ];
    await sender.ask(register(ALICE, AT_ALICE));
    await addressee.ask(register(BOB, AT_BOB));
    expect((await sender.ask(request("MESSAGE", BOB, ALICE)))?.status).toBe(200);
    expect([server.received.length, addressee.received.length]).toEqual([0, 1]);
  });

  it("ask the terminating server of a user who is not registered, and answer 480 after it", async () => {
    const { alice, server } = await twoClientsAndServer();
    rig.core.setUnregistered(BOB);
    expect((await alice.ask(request("MESSAGE", BOB, ALICE)))?.status).toBe(480);
    expect(server.received).toHaveLength(2);
  });
});

describe("a server's own requests", () => {
  const fromServer = (uri: string, headers: readonly HeaderPair[] = [], tagged = true) =>
    request(
      "MESSAGE",
      uri,
      "sip:group@im.home.example",
      [["P-Asserted-Identity", "<sip:group@im.home.example>"], ...headers],
      { tagged },
    );

  it("get terminating treatment only", async () => {
    const { server, bob } = await twoClientsAndServer();
    expect((await server.ask(fromServer(BOB)))?.status).toBe(200);
    expect(server.received).toHaveLength(1);
    expect(uris(bob.received[0]!.message)).toEqual(["sip:group@im.home.example"]);
    const [arrival, passage] = rig.crossings.filter((crossing) => crossing.message?.kind === "request");
    expect(arrival?.annotation).toEqual({ serverFunction: "controlling" });
    expect(passage?.annotation?.serverFunction).toBe("terminating");
  });

  it("that carry a client's identity do not loop through the originating side", async () => {
    const { server, bob } = await twoClientsAndServer();
    await server.ask(request("MESSAGE", BOB, ALICE, [["P-Asserted-Identity", `<${ALICE}>`]]));
    expect([server.received.length, bob.received.length]).toEqual([1, 1]);
  });

  it("of the system message tag pass the addressee's server", async () => {
    const { server, bob } = await twoClientsAndServer();
    await server.ask(fromServer(BOB, [["Accept-Contact", "*;+g.oma.sip-im.system-message"]], false));
    expect([server.received.length, bob.received.length]).toEqual([1, 1]);
  });

  it.each([
    ["tell their function by the port that they come from", false, "originating"],
    ["are of the controlling function, whose token would be there otherwise", true, "controlling"],
  ] as const)("%s, where the ports differ", async (_, originalDialogToken, serverFunction) => {
    const ports = {
      ...imServer,
      terminating: "sip:10.0.0.2:5071",
      psi: "sip:10.0.0.2:5072",
      originalDialogToken,
    };
    const { server } = await twoClientsAndServer({ servers: [ports] });
    await server.ask(fromServer(BOB, [], false));
    expect(rig.crossings[0]?.annotation?.serverFunction).toBe(serverFunction);
  });

  it("continue a passage without its token where the server does not keep it", async () => {
    const { alice, bob, server } = await twoClientsAndServer({
      servers: [{ ...imServer, originalDialogToken: false }],
    });
    server.answer = (incoming) => {
      const { message } = incoming;
      const anew = message.headers.filter(({ name }) => !["Route", "Via", "Call-ID"].includes(name));
      server.endpoint.send(
        {
          ...message,
          headers: [...anew, { name: "Call-ID", value: `new-${server.received.length}`, offset: -1 }],
        },
        {
          to: rig.core.hops[0]!,
          onResponse: ({ status }) =>
            status >= 200 && incoming.respond(sipResponse(message, status, undefined, { toTag: "b" })),
        },
      );
    };
    for (const times of [1, 2]) {
      const response = await alice.ask(request("MESSAGE", BOB, ALICE, [], { body: "token" }));
      expect(response?.status).toBe(200);
      expect([server.received.length, bob.received.length]).toEqual([2 * times, times]);
    }
  });

  it("continue that passage of two, open at the same time, which asks for the same", async () => {
    const { alice, server } = await twoClientsAndServer({
      servers: [{ ...imServer, originalDialogToken: false }],
    });
    const held: SipRequest[] = [];
    server.answer = ({ message }) => void held.push(message);
    const [ted, carol] = ["sip:ted@home.example", "sip:carol@home.example"];
    for (const uri of [ted, carol]) void alice.ask(request("REFER", BOB, ALICE, [["Refer-To", `<${uri}>`]]));
    await rig.settle();
    for (const [index, { headers, ...message }] of held.splice(0).entries()) {
      const kept = headers.filter(({ name }) => !["Route", "Via", "Call-ID"].includes(name));
      const callId = { name: "Call-ID", value: `new-${index}`, offset: -1 };
      server.endpoint.send(
        { ...message, headers: [...kept, callId] },
        { to: rig.core.hops[0]!, onResponse: () => undefined },
      );
    }
    await rig.settle();
    const passages = (direction: "in" | "out", about?: string) =>
      rig.crossings
        .filter((crossing) => crossing.direction === direction && crossing.message?.kind === "request")
        .filter(({ message }) => header(message!, "Refer-To") === `<${about}>`)
        .flatMap(({ annotation }) => annotation?.passage ?? []);
    for (const uri of [ted, carol]) {
      const [toServer] = passages("out", uri);
      expect(toServer).toBeDefined();
      expect(passages("in", uri)[0]).toBe(toServer);
    }
    expect(passages("out", ted)[0]).not.toBe(passages("out", carol)[0]);
  });
});

describe("service identities", () => {
  it.each([
    "sip:factory@im.home.example",
    "sip:session-4711@im.home.example",
    "sip:factory@im.home.example;sessiontype=adhoc",
  ])("%s is routed to its server by the sender's", async (uri) => {
    const { alice, server } = await twoClientsAndServer();
    const answered: string[] = [];
    server.answer = (incoming) => {
      const { annotation } = rig.crossings.at(-1)!;
      answered.push(annotation?.serverFunction ?? "");
      if (answered.length === 2)
        incoming.respond(sipResponse(incoming.message, 202, undefined, { toTag: "f" }));
      else passOn(server, incoming);
    };
    expect((await alice.ask(request("MESSAGE", uri, ALICE)))?.status).toBe(202);
    expect(answered).toEqual(["originating", "controlling"]);
    expect(headerValues(server.received[1]!.message, "Route")).toEqual(["<sip:10.0.0.2:5070;lr>"]);
    expect(server.received[1]!.message.uri).toBe(uri);
  });

  it("come and go as the run goes on", async () => {
    const { alice, server } = await twoClientsAndServer();
    const uri = "sip:team@groups.example";
    const ask = async () => (await alice.ask(request("MESSAGE", uri, ALICE)))?.status;
    expect(await ask()).toBe(404);
    rig.core.addService({ uri, server: "im" });
    server.answer = (incoming) =>
      incoming.message.headers.some(({ value }) => value.includes("odi-"))
        ? passOn(server, incoming)
        : incoming.respond(sipResponse(incoming.message, 202, undefined, { toTag: "g" }));
    expect(await ask()).toBe(202);
    rig.core.removeService(uri);
    expect(await ask()).toBe(404);
  });
});

describe("identities", () => {
  const SIP_AND_TEL = ["sip:alice@home.example", "tel:+15550001"];
  it.each<[string, HeaderPair[], readonly string[]]>([
    ["the default identity, sip and tel", [], SIP_AND_TEL],
    [
      "a preferred identity of the set",
      [["P-Preferred-Identity", "<sip:al@home.example>"]],
      ["sip:al@home.example", "tel:+15550001"],
    ],
    ["a preferred tel identity of the set", [["P-Preferred-Identity", "<tel:+1-555-0001>"]], SIP_AND_TEL],
    ["not the identity of another", [["P-Preferred-Identity", `<${BOB}>`]], SIP_AND_TEL],
    ["not what the client asserts", [["P-Asserted-Identity", `<${BOB}>`]], SIP_AND_TEL],
    ["not what cannot be read", [["P-Preferred-Identity", "<<>>"]], SIP_AND_TEL],
  ])("%s is asserted", async (_what, headers, asserted) => {
    const { alice, bob, server } = await twoClientsAndServer();
    await alice.ask(request("MESSAGE", BOB, "sip:anonymous@anonymous.invalid", headers));
    for (const { message } of [...server.received, ...bob.received]) {
      expect(uris(message)).toEqual(asserted);
      expect(header(message, "P-Preferred-Identity")).toBeUndefined();
    }
  });

  it("From counts as preference where none is stated", async () => {
    const { alice, server } = await twoClientsAndServer();
    await alice.ask(request("MESSAGE", BOB, "sip:al@home.example"));
    expect(uris(server.received[0]!.message)).toEqual(["sip:al@home.example", "tel:+15550001"]);
  });

  it("the display name goes along with a preference that was good", async () => {
    const { alice, server } = await twoClientsAndServer();
    await alice.ask(request("MESSAGE", BOB, ALICE, [["P-Preferred-Identity", '"Al" <sip:al@home.example>']]));
    expect(assertedIdentities(server.received[0]!.message)[0]?.displayName).toBe("Al");
  });

  it("Privacy: id hides the asserted identity from the client and not from the server", async () => {
    const { alice, bob, server } = await twoClientsAndServer();
    await alice.ask(request("MESSAGE", BOB, "sip:anonymous@anonymous.invalid", [["Privacy", "header; id"]]));
    expect(server.received.map(({ message }) => uris(message).length)).toEqual([2, 2]);
    expect(uris(bob.received[0]!.message)).toEqual([]);
  });

  it("a charging vector stays within the trust domain", async () => {
    const { alice, bob, server } = await twoClientsAndServer();
    await alice.ask(request("MESSAGE", BOB, ALICE, [["P-Charging-Vector", "icid-value=forged"]]));
    const vectors = server.received.map(({ message }) => header(message, "P-Charging-Vector"));
    expect(vectors[0]).toMatch(
      /^icid-value=[0-9a-z]{20};icid-generated-at=10\.0\.0\.1;orig-ioi=home\.example$/,
    );
    expect(vectors[1]).toBe(vectors[0]);
    expect(header(bob.received[0]!.message, "P-Charging-Vector")).toBeUndefined();
  });

  it("a response carries the identity of the user that answered", async () => {
    const { alice, bob } = await twoClientsAndServer();
    bob.answer = (incoming) =>
      incoming.respond(
        sipResponse(incoming.message, 200, undefined, {
          toTag: "b",
          headers: [["P-Asserted-Identity", `<${ALICE}>`]],
        }),
      );
    const response = await alice.ask(request("MESSAGE", BOB, ALICE));
    expect(assertedIdentities(response!).map(({ uri }) => uri)).toEqual([BOB]);
  });

  it("clients that share an address are told apart by Service-Route", async () => {
    rig = await createRig();
    const [both, server] = [await rig.party("both", AT_ALICE), await rig.server()];
    const routes = new Map<string, string>();
    for (const identity of [ALICE, BOB]) {
      const registered = await both.ask(register(identity, AT_ALICE));
      routes.set(identity, header(registered!, "Service-Route")!);
    }
    await rig.settle();
    for (const identity of [BOB, ALICE]) {
      server.received.length = 0;
      await both.ask(
        request("MESSAGE", "sip:carol@visited.example", "sip:anonymous@anonymous.invalid", [
          ["Route", routes.get(identity)!],
        ]),
      );
      expect(uris(server.received[0]!.message)[0]).toBe(identity);
    }
    const unnamed = await both.ask(
      request("MESSAGE", "sip:carol@visited.example", "sip:anonymous@anonymous.invalid"),
    );
    expect(unnamed?.status).toBe(403);
  });
});

describe("deviations", () => {
  it.each([
    ["none", "none" as const, []],
    ["another", ["<sip:mallory@home.example>"], ["sip:mallory@home.example"]],
    ["the client's own", "as-sent" as const, ["sip:forged@home.example"]],
  ])("assert %s, for one request of one user", async (_what, assertedIdentity, expected) => {
    const { alice, bob, server } = await twoClientsAndServer();
    rig.core.deviate({ user: "tel:+15550001", assertedIdentity, once: true });
    const send = (party: typeof alice, from: string, to: string) =>
      party.ask(request("MESSAGE", to, from, [["P-Asserted-Identity", "<sip:forged@home.example>"]]));
    await send(bob, BOB, ALICE);
    await send(alice, ALICE, BOB);
    await send(alice, ALICE, BOB);
    expect(server.received.filter((_, index) => index % 2 === 0).map(({ message }) => uris(message))).toEqual(
      [[BOB], expected, ["sip:alice@home.example", "tel:+15550001"]],
    );
  });

  it("let a client in that is not registered, until they are ended", async () => {
    const { server } = await twoClientsAndServer();
    rig.core.setUnregistered(ALICE);
    const stranger = await rig.party("stranger", AT_CAROL);
    const ask = async () => (await stranger.ask(request("MESSAGE", BOB, ALICE)))?.status;
    expect(await ask()).toBe(403);
    const end = rig.core.deviate({ user: ALICE, assertedIdentity: "none", admitUnregistered: true });
    expect(await ask()).toBe(200);
    expect(uris(server.received[0]!.message)).toEqual([]);
    end();
    expect(await ask()).toBe(403);
  });
});

describe("what nobody serves", () => {
  it.each<[string, string, HeaderPair[], number]>([
    ["OPTIONS", "sip:home.example", [], 200],
    ["OPTIONS", "sip:10.0.0.1:5060", [], 200],
    ["MESSAGE", "sip:home.example", [], 404],
    ["MESSAGE", "sip:nobody@home.example", [], 404],
    ["MESSAGE", "sip:nobody@elsewhere.example", [], 404],
    ["MESSAGE", "tel:+19999999", [], 404],
    ["MESSAGE", "sip:carol@visited.example", [], 480],
    ["MESSAGE", "sip:+15550001@home.example;user=phone", [], 200],
    ["SUBSCRIBE", BOB, [["Event", "presence"]], 489],
    ["PUBLISH", ALICE, [["Event", "presence"]], 489],
    ["PUBLISH", ALICE, [["Event", "dialog"]], 200],
    ["SUBSCRIBE", BOB, [["Event", "reg"]], 403],
    ["NOTIFY", "sip:10.0.0.1:5060", [["Event", "reg"]], 481],
  ])("%s %s %j: %i", async (method, uri, headers, status) => {
    const { alice } = await twoClientsAndServer({ toleratedEvents: ["dialog"] });
    const response = await alice.ask(request(method, uri, ALICE, headers, { tagged: false }));
    expect(response?.status).toBe(status);
    expect(header(response!, "Allow-Events")).toBe(status === 489 ? "reg" : undefined);
  });

  it("within a dialog gets 481", async () => {
    const { alice } = await twoClientsAndServer();
    const bye = request("BYE", BOB, ALICE);
    const tagged = {
      ...bye,
      headers: bye.headers.map((field) =>
        field.name === "To" ? { ...field, value: `${field.value};tag=q` } : field,
      ),
    };
    expect((await alice.ask(tagged))?.status).toBe(481);
  });

  it("has no hops left: 483", async () => {
    const { alice } = await twoClientsAndServer();
    const spent = request("MESSAGE", BOB, ALICE);
    const headers = spent.headers.map((field) =>
      field.name === "Max-Forwards" ? { ...field, value: "0" } : field,
    );
    expect((await alice.ask({ ...spent, headers }))?.status).toBe(483);
  });

  it("is a server that cannot be reached: 503", async () => {
    const away = "sip:10.0.0.99:5070;transport=tcp";
    const { alice } = await twoClientsAndServer({ servers: [{ ...imServer, originating: away }] });
    expect((await alice.ask(request("MESSAGE", BOB, ALICE)))?.status).toBe(503);
  });

  it("is a server whose name nobody can resolve: 503", async () => {
    const { alice } = await twoClientsAndServer({
      servers: [{ ...imServer, originating: "sip:im.home.example" }],
    });
    expect((await alice.ask(request("MESSAGE", BOB, ALICE)))?.status).toBe(503);
  });
});

describe("several bindings", () => {
  async function bobTwice(first: string, second: string) {
    const { alice, bob } = await twoClientsAndServer();
    rig.core.setUnregistered(BOB);
    const other = await rig.party("bob2", AT_CAROL);
    rig.core.setRegistered(BOB, { contact: `<sip:bob@10.0.1.2:5060>${first}` });
    rig.core.setRegistered(BOB, { contact: `<sip:bob@10.0.1.3:5060>${second}` });
    return { alice, bob, other };
  }

  it("of the same q-value all get the request, and one answer comes back", async () => {
    const { alice, bob, other } = await bobTwice(";+g.oma.sip-im", ";+g.oma.sip-im");
    bob.answer = (incoming) =>
      incoming.respond(sipResponse(incoming.message, 486, undefined, { toTag: "b" }));
    expect((await alice.ask(request("MESSAGE", BOB, ALICE)))?.status).toBe(200);
    expect([bob.received.length, other.received.length]).toEqual([1, 1]);
  });

  it("of different q-values are tried one after the other", async () => {
    const { alice, bob, other } = await bobTwice(";+g.oma.sip-im;q=0.5", ";+g.oma.sip-im;q=0.9");
    expect((await alice.ask(request("MESSAGE", BOB, ALICE)))?.status).toBe(200);
    expect([bob.received.length, other.received.length]).toEqual([0, 1]);
    other.answer = (incoming) =>
      incoming.respond(sipResponse(incoming.message, 486, undefined, { toTag: "o" }));
    expect((await alice.ask(request("MESSAGE", BOB, ALICE)))?.status).toBe(200);
    expect([bob.received.length, other.received.length]).toEqual([1, 2]);
  });

  it("that all fail give the best of the answers", async () => {
    const { alice, bob, other } = await bobTwice(";+g.oma.sip-im", ";+g.oma.sip-im");
    bob.answer = (incoming) =>
      incoming.respond(sipResponse(incoming.message, 503, undefined, { toTag: "b" }));
    other.answer = (incoming) =>
      incoming.respond(sipResponse(incoming.message, 404, undefined, { toTag: "o" }));
    expect((await alice.ask(request("MESSAGE", BOB, ALICE)))?.status).toBe(404);
  });

  it("are chosen by caller preferences", async () => {
    const { alice, bob, other } = await bobTwice(";+g.oma.poc", ";+g.oma.sip-im");
    expect((await alice.ask(request("MESSAGE", BOB, ALICE)))?.status).toBe(200);
    expect([bob.received.length, other.received.length]).toEqual([0, 1]);
  });

  it("none of which will do: 480", async () => {
    const { alice } = await bobTwice(";+g.oma.poc", ";audio");
    expect((await alice.ask(request("MESSAGE", BOB, ALICE)))?.status).toBe(480);
  });

  it("Request-Disposition: no-fork asks the best only", async () => {
    const { alice, bob, other } = await bobTwice(";+g.oma.sip-im", ";+g.oma.sip-im");
    await alice.ask(request("MESSAGE", BOB, ALICE, [["Request-Disposition", "proxy, no-fork"]]));
    expect([bob.received.length, other.received.length]).toEqual([1, 0]);
  });
});

describe("two domains", () => {
  it("reach each other, each with its own registrar and its own terms", async () => {
    const { alice, server } = await twoClientsAndServer();
    const carol = await rig.party("carol", AT_CAROL);
    const registered = await carol.ask(register("sip:carol@visited.example", AT_CAROL));
    expect(headerValues(registered!, "Contact")[0]).toContain("expires=300");
    expect((await alice.ask(request("MESSAGE", "sip:carol@visited.example", ALICE)))?.status).toBe(200);
    expect((await carol.ask(request("MESSAGE", ALICE, "sip:carol@visited.example")))?.status).toBe(200);
    expect([carol.received.length, alice.received.length, server.received.length]).toEqual([1, 1, 2]);
  });
});

describe("users", () => {
  it("are provisioned and forgotten while the core runs", async () => {
    const { alice } = await twoClientsAndServer();
    const ted = { impi: "ted@home.example", identities: ["sip:ted@home.example"] };
    const ask = async () => (await alice.ask(request("MESSAGE", "sip:ted@home.example", ALICE)))?.status;
    expect(await ask()).toBe(404);
    rig.core.provision(ted);
    expect(await ask()).toBe(480);
    const party = await rig.party("ted", AT_CAROL);
    rig.core.setRegistered("sip:ted@home.example", { contact: "<sip:ted@10.0.1.3:5060>;+g.oma.sip-im" });
    expect(await ask()).toBe(200);
    expect(party.received).toHaveLength(1);
    rig.core.forget("sip:ted@home.example");
    expect(await ask()).toBe(404);
    expect(rig.core.isRegistered("sip:ted@home.example")).toBe(false);
  });

  it("do not share identities", async () => {
    rig = await createRig();
    expect(() =>
      rig.core.provision({ impi: "x", identities: ["sip:x@home.example", "sip:Alice@home.example"] }),
    ).not.toThrow();
    expect(() => rig.core.provision({ impi: "y", identities: [bob.identities[0]!] })).toThrow(
      /belongs to bob@home.example/,
    );
    expect(() => rig.core.setRegistered("sip:nobody@home.example", { contact: "<sip:n@10.0.0.7>" })).toThrow(
      /provision it first/,
    );
  });
});
