import { afterEach, describe, expect, it } from "vitest";
import type { Hop } from "../../net/network.ts";
import { sipResponse, type HeaderPair } from "../../wire/sip/build.ts";
import { digestCredentials, parseDigestChallenge } from "../../wire/sip/digest.ts";
import { header, headerValues } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { withHeader } from "../../wire/sip/edit.ts";
import { readTree } from "../../wire/xml/tree.ts";
import type { RegistrationChanged } from "./announcements.ts";
import type { CoreConfig } from "./config.ts";
import { alice, createRig, imServer, register, request, type Party, type Rig } from "./test-rig.ts";
import type { ThirdPartyRegisterResult } from "./third-party-register.ts";

const AT_ALICE: Hop = { host: "10.0.1.1", port: 5060, transport: "udp" };
const AT_WATCHER: Hop = { host: "10.0.1.9", port: 5060, transport: "udp" };
const ALICE = "sip:alice@home.example";
const TAGGED = "<sip:alice@10.0.1.1:5060>;+g.oma.sip-im";

let rig: Rig;
afterEach(() => rig.close());

async function clientAndServer(config: Partial<CoreConfig> = {}) {
  rig = await createRig(config);
  return { client: await rig.party("alice", AT_ALICE), server: await rig.server() };
}

describe("REGISTER", () => {
  it("is answered with all that was registered, the identities of the set, and the way for later requests", async () => {
    const { client } = await clientAndServer();
    const contact =
      '"Al" <sip:alice@10.0.1.1:5060;transport=udp>;+g.oma.sip-im;methods="MESSAGE,INVITE";x=Y;q=0.7';
    const response = await client.ask(register(ALICE, AT_ALICE, [["Expires", "120"]], contact));
    expect(response?.status).toBe(200);
    expect(headerValues(response!, "Contact")).toEqual([
      '"Al" <sip:alice@10.0.1.1:5060;transport=udp>;+g.oma.sip-im;methods="MESSAGE,INVITE";x=Y;q=0.7;expires=120',
    ]);
    expect(header(response!, "P-Associated-URI")).toBe(
      "<sip:alice@home.example>, <tel:+15550001>, <sip:al@home.example>",
    );
    expect(header(response!, "Service-Route")).toMatch(/^<sip:orig-[0-9a-z]{13}@10\.0\.0\.1:5060;lr>$/);
  });

  it.each<[string, readonly HeaderPair[], string | undefined, number]>([
    ["to an unknown option", [["Require", "gruu"]], undefined, 420],
    ["to * that does not end", [["Expires", "60"]], "*", 400],
    ["to a Contact that is none", [], "<<sip:alice", 400],
  ])("objects %s", async (_what, headers, contact, status) => {
    const { client } = await clientAndServer();
    expect((await client.ask(register(ALICE, AT_ALICE, headers, contact)))?.status).toBe(status);
    expect(rig.core.isRegistered(ALICE)).toBe(false);
  });

  it("objects to an unknown user, and to a time too short where the domain has a minimum", async () => {
    const { client } = await clientAndServer();
    expect((await client.ask(register("sip:nobody@home.example", AT_ALICE)))?.status).toBe(404);
    const brief = await client.ask(register("sip:carol@visited.example", AT_ALICE, [["Expires", "30"]]));
    expect([brief?.status, header(brief!, "Min-Expires")]).toEqual([423, "60"]);
  });

  it("of any identity of the set registers them all", async () => {
    const { client } = await clientAndServer();
    await client.ask(register("sip:al@home.example", AT_ALICE));
    for (const identity of alice.identities) expect(rig.core.isRegistered(identity)).toBe(true);
  });

  it("keeps the Path and sends requests along it", async () => {
    const { client } = await clientAndServer({ servers: [] });
    const edge = await rig.party("edge", AT_WATCHER);
    const path = "<sip:edge@10.0.1.9:5060;lr>";
    const response = await client.ask(
      register(ALICE, AT_ALICE, [
        ["Path", path],
        ["Supported", "path"],
      ]),
    );
    expect(header(response!, "Path")).toBe(path);
    await client.ask(request("MESSAGE", ALICE, ALICE));
    expect(edge.received.map(({ message }) => [message.uri, header(message, "Route")])).toEqual([
      ["sip:alice@10.0.1.1:5060", path],
    ]);
  });

  it("ends one binding or all", async () => {
    const { client } = await clientAndServer();
    await client.ask(register(ALICE, AT_ALICE));
    await client.ask(register(ALICE, AT_ALICE, [], "<sip:alice@10.0.1.1:5061>;+g.oma.sip-im"));
    const one = await client.ask(register(ALICE, AT_ALICE, [], "<sip:alice@10.0.1.1:5061>;expires=0"));
    expect(headerValues(one!, "Contact")).toHaveLength(1);
    const none = await client.ask(register(ALICE, AT_ALICE, [["Expires", "0"]], "*"));
    expect(headerValues(none!, "Contact")).toEqual([]);
    expect(rig.core.isRegistered(ALICE)).toBe(false);
  });

  it("runs out", async () => {
    const { client } = await clientAndServer();
    const changes: RegistrationChanged[] = [];
    rig.core.onRegistered((change) => changes.push(change));
    await client.ask(register(ALICE, AT_ALICE, [["Expires", "100"]]));
    await rig.settle(99_000);
    expect(rig.core.isRegistered(ALICE)).toBe(true);
    await rig.settle(2_000);
    expect(rig.core.isRegistered(ALICE)).toBe(false);
    expect(changes.flatMap(({ changes }) => changes.map(({ event }) => event))).toEqual([
      "registered",
      "expired",
    ]);
  });
});

describe("digest", () => {
  const withPassword = { ...alice, password: "secret" };
  const digested = (algorithms: ("MD5" | "SHA-256")[]): Partial<CoreConfig> => ({
    users: [withPassword],
    domains: [{ domain: "home.example", registrationExpiresS: 600, digest: { algorithms } }],
  });

  async function challenged(client: Party, which = 0) {
    const response = await client.ask(register(ALICE, AT_ALICE));
    expect(response?.status).toBe(401);
    return parseDigestChallenge(headerValues(response!, "WWW-Authenticate")[which]!);
  }

  function answering(
    challenge: ReturnType<typeof parseDigestChallenge>,
    who: { username?: string; password?: string; nonceCount?: number } = {},
  ) {
    const answer = {
      username: alice.impi,
      password: "secret",
      method: "REGISTER",
      uri: "sip:home.example",
      cnonce: "abc",
      ...who,
    };
    return register(ALICE, AT_ALICE, [["Authorization", digestCredentials(challenge, answer)]]);
  }

  it.each([
    ["MD5", 0],
    ["SHA-256", 1],
  ] as const)("%s lets the owner of the password in", async (algorithm, which) => {
    const { client } = await clientAndServer(digested(["MD5", "SHA-256"]));
    const challenge = await challenged(client, which);
    expect(challenge).toMatchObject({ algorithm, realm: "home.example", qop: ["auth"], stale: false });
    expect((await client.ask(answering(challenge)))?.status).toBe(200);
  });

  it.each([
    ["a wrong password", { password: "guess" }, 401],
    ["another's name", { username: "bob@home.example" }, 403],
  ])("%s does not", async (_what, who, status) => {
    const { client } = await clientAndServer(digested(["MD5"]));
    expect((await client.ask(answering(await challenged(client), who)))?.status).toBe(status);
    expect(rig.core.isRegistered(ALICE)).toBe(false);
  });

  it("a nonce may be used again with a count that grows, but not with the same, and not for ever", async () => {
    const { client } = await clientAndServer(digested(["MD5"]));
    const challenge = await challenged(client);
    expect((await client.ask(answering(challenge)))?.status).toBe(200);
    expect((await client.ask(answering(challenge, { nonceCount: 2 })))?.status).toBe(200);
    const replayed = await client.ask(answering(challenge, { nonceCount: 2 }));
    expect([replayed?.status, parseDigestChallenge(header(replayed!, "WWW-Authenticate")!).stale]).toEqual([
      401,
      true,
    ]);
    await rig.settle(301_000);
    expect((await client.ask(answering(challenge, { nonceCount: 3 })))?.status).toBe(401);
  });

  it("is not asked of a user without a password", async () => {
    const { client } = await clientAndServer({ ...digested(["MD5"]), users: [alice] });
    expect((await client.ask(register(ALICE, AT_ALICE)))?.status).toBe(200);
  });
});

describe("third-party REGISTER", () => {
  const told = (server: Party) =>
    server.received.map(({ message }) => [
      message.method,
      header(message, "To"),
      Number(header(message, "Expires")),
    ]);

  it("tells the server of registration, refresh and end, in one series", async () => {
    const { client, server } = await clientAndServer();
    const results: ThirdPartyRegisterResult[] = [];
    rig.core.onThirdPartyRegister((result) => results.push(result));
    await client.ask(register("sip:al@home.example", AT_ALICE, [["Expires", "200"]]));
    await client.ask(register(ALICE, AT_ALICE, [["Expires", "500"]]));
    await client.ask(register(ALICE, AT_ALICE, [["Expires", "0"]], "*"));
    await rig.settle();
    expect(told(server)).toEqual(
      [200, 500, 0].map((expires) => ["REGISTER", "<sip:alice@home.example>", expires]),
    );
    const messages = server.received.map(({ message }) => message);
    expect(new Set(messages.map((message) => header(message, "Call-ID"))).size).toBe(1);
    expect(messages.map((message) => header(message, "CSeq"))).toEqual([
      "1 REGISTER",
      "2 REGISTER",
      "3 REGISTER",
    ]);
    expect(messages[0]).toMatchObject({ uri: "sip:10.0.0.2:5070" });
    expect(header(messages[0]!, "Contact")).toBe("<sip:10.0.0.1:5060>");
    expect(header(messages[0]!, "From")).toMatch(/^<sip:10\.0\.0\.1:5060>;tag=/);
    expect(
      results.map(({ response, expiresS }) => [response?.status, header(response!, "Expires"), expiresS]),
    ).toEqual([
      [200, "200", 200],
      [200, "500", 500],
      [200, "0", 0],
    ]);
    const registers = rig.crossings.filter((crossing) => crossing.remote.port === 5070);
    expect(registers.map(({ annotation }) => annotation?.serverFunction)).toEqual(
      Array.from({ length: 6 }, () => "registration"),
    );
  });

  it("tells the server that the user left IM when the terminal stays registered without the tag", async () => {
    const { client, server } = await clientAndServer();
    await client.ask(register(ALICE, AT_ALICE));
    await client.ask(register(ALICE, AT_ALICE, [], "<sip:alice@10.0.1.1:5060>"));
    await rig.settle();
    expect(told(server).map(([, , expires]) => expires)).toEqual([600, 0]);
    expect(rig.core.isRegistered(ALICE)).toBe(true);
  });

  it("says nothing of terminals that were never registered for IM", async () => {
    const { client, server } = await clientAndServer();
    await client.ask(register(ALICE, AT_ALICE, [], "<sip:alice@10.0.1.1:5060>;audio"));
    await client.ask(register(ALICE, AT_ALICE, [["Expires", "0"]], "*"));
    await rig.settle();
    expect(told(server)).toEqual([]);
  });

  it("is sent when a registration runs out", async () => {
    const { client, server } = await clientAndServer();
    await client.ask(register(ALICE, AT_ALICE, [["Expires", "50"]]));
    await rig.settle(51_000);
    expect(told(server).map(([, , expires]) => expires)).toEqual([50, 0]);
  });

  it("goes with the body that the server wants", async () => {
    const wanted = { ...imServer, thirdPartyRegister: { body: "3gpp-ims+xml" as const, serviceInfo: "a<b" } };
    const { client, server } = await clientAndServer({ servers: [wanted] });
    await client.ask(register(ALICE, AT_ALICE));
    await rig.settle();
    const [message] = server.received.map((incoming) => incoming.message);
    expect(header(message!, "Content-Type")).toBe("application/3gpp-ims+xml");
    expect(readTree(message!.body).children.map(({ name, text }) => [name, text])).toEqual([
      ["service-info", "a<b"],
    ]);
  });

  it("is not sent to a server that wants none", async () => {
    const { client, server } = await clientAndServer({
      servers: [{ ...imServer, thirdPartyRegister: false }],
    });
    await client.ask(register(ALICE, AT_ALICE));
    await rig.settle();
    expect(server.received).toEqual([]);
  });

  it("that fails is told to those who listen", async () => {
    const { client, server } = await clientAndServer();
    const results: ThirdPartyRegisterResult[] = [];
    rig.core.onThirdPartyRegister((result) => results.push(result));
    server.answer = () => undefined;
    await client.ask(register(ALICE, AT_ALICE));
    await rig.settle(40_000);
    expect(results.map(({ failure, response }) => [failure, response])).toEqual([["timeout", undefined]]);
    expect(rig.core.isRegistered(ALICE)).toBe(true);
  });

  it.each([
    [true, [600, 0]],
    [false, []],
  ])("of standing registrations is sent if asked for: %s", async (tellServer, expected) => {
    const { server } = await clientAndServer();
    rig.core.setRegistered(ALICE, { contact: TAGGED, tellServer });
    rig.core.setUnregistered(ALICE, { tellServer });
    await rig.settle();
    expect(told(server).map(([, , expires]) => expires)).toEqual(expected);
  });
});

describe("the registration event", () => {
  const subscribe = (from: string, headers: readonly HeaderPair[] = []) =>
    request(
      "SUBSCRIBE",
      ALICE,
      from,
      [["Event", "reg"], ["Contact", "<sip:w@10.0.1.1:5060>"], ["Expires", "300"], ...headers],
      { tagged: false },
    );

  const notified = (party: Party) =>
    party.received
      .map(({ message }) => message)
      .filter(({ method }) => method === "NOTIFY")
      .map((message) => {
        const document = readTree(message.body);
        const [registration] = document.children;
        const attribute = (element: typeof document | undefined, name: string) =>
          element?.attributes.find((candidate) => candidate.name === name)?.value;
        return {
          version: attribute(document, "version"),
          aors: document.children.map((child) => attribute(child, "aor")),
          state: attribute(registration, "state"),
          contacts: registration?.children.map((contact) => [
            attribute(contact, "state"),
            attribute(contact, "event"),
          ]),
          subscription: header(message, "Subscription-State")?.replace(/\d+/, "n"),
          cseq: header(message, "CSeq"),
        };
      });

  it("gives a client the full state at once and at each change, until it ends", async () => {
    const { client } = await clientAndServer();
    await client.ask(register(ALICE, AT_ALICE, [["Expires", "600"]]));
    const response = await client.ask(subscribe(ALICE));
    expect([response?.status, header(response!, "Expires")]).toEqual([200, "300"]);
    await client.ask(register(ALICE, AT_ALICE, [["Expires", "400"]]));
    await client.ask(register(ALICE, AT_ALICE, [["Expires", "0"]]));
    await rig.settle(301_000);
    const aors = alice.identities;
    expect(notified(client)).toEqual([
      {
        version: "0",
        aors,
        state: "active",
        contacts: [["active", "registered"]],
        subscription: "active;expires=n",
        cseq: "1 NOTIFY",
      },
      {
        version: "1",
        aors,
        state: "active",
        contacts: [["active", "shortened"]],
        subscription: "active;expires=n",
        cseq: "2 NOTIFY",
      },
      {
        version: "2",
        aors,
        state: "terminated",
        contacts: [["terminated", "unregistered"]],
        subscription: "active;expires=n",
        cseq: "3 NOTIFY",
      },
      {
        version: "3",
        aors,
        state: "init",
        contacts: [],
        subscription: "terminated;reason=timeout",
        cseq: "4 NOTIFY",
      },
    ]);
  });

  it("is refreshed and ended within its dialog", async () => {
    const { client } = await clientAndServer();
    await client.ask(register(ALICE, AT_ALICE));
    const first = subscribe(ALICE);
    const response = await client.ask(first);
    const within = (expires: string, cseq: string): SipRequest => {
      const renewed = withHeader(
        withHeader(withHeader(first, "Expires", expires), "CSeq", cseq),
        "To",
        header(response!, "To")!,
      );
      return { ...renewed, uri: headerValues(response!, "Contact")[0]!.slice(1, -1) };
    };
    expect(header((await client.ask(within("1000", "2 SUBSCRIBE")))!, "Expires")).toBe("1000");
    expect((await client.ask(within("0", "3 SUBSCRIBE")))?.status).toBe(200);
    expect((await client.ask(within("100", "4 SUBSCRIBE")))?.status).toBe(481);
    await rig.settle();
    expect(notified(client).map(({ subscription }) => subscription)).toEqual([
      "active;expires=n",
      "active;expires=n",
      "terminated;reason=timeout",
    ]);
  });

  it("is given to an application server, annotated as registration", async () => {
    const { server } = await clientAndServer();
    rig.core.setRegistered(ALICE, { contact: TAGGED });
    server.answer = (incoming) =>
      incoming.respond(sipResponse(incoming.message, 200, undefined, { toTag: "n" }));
    const asked = subscribe("sip:im@home.example", [["P-Asserted-Identity", "<sip:im@home.example>"]]);
    expect((await server.ask(withHeader(asked, "Contact", "<sip:10.0.0.2:5070>")))?.status).toBe(200);
    await rig.settle();
    expect(notified(server)).toHaveLength(1);
    expect(rig.crossings.map(({ annotation }) => annotation?.serverFunction)).toEqual(
      Array.from({ length: 4 }, () => "registration"),
    );
  });

  it.each<[string, readonly HeaderPair[], number]>([
    ["a type that it does not have", [["Accept", "text/plain"]], 406],
    ["its own type", [["Accept", "application/reginfo+xml"]], 200],
  ])("asked for in %s", async (_what, headers, status) => {
    const { client } = await clientAndServer();
    await client.ask(register(ALICE, AT_ALICE));
    expect((await client.ask(subscribe(ALICE, headers)))?.status).toBe(status);
  });

  it("ends when the subscriber knows nothing of it", async () => {
    const { client } = await clientAndServer();
    await client.ask(register(ALICE, AT_ALICE));
    client.answer = (incoming) =>
      incoming.respond(sipResponse(incoming.message, 481, undefined, { toTag: "n" }));
    await client.ask(subscribe(ALICE));
    await rig.settle();
    await client.ask(register(ALICE, AT_ALICE));
    await rig.settle();
    expect(notified(client)).toHaveLength(1);
  });
});
