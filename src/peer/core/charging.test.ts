import { afterEach, describe, expect, it } from "vitest";
import type { Hop } from "../../net/network.ts";
import { sipResponse, type HeaderPair } from "../../wire/sip/build.ts";
import { withHeader } from "../../wire/sip/edit.ts";
import { assertedIdentities, header, headerValues } from "../../wire/sip/headers.ts";
import type { SipMessage } from "../../wire/sip/message.ts";
import { withRoutes } from "./route-set.ts";
import { createRig, register, request, type Party, type Rig } from "./test-rig.ts";

const AT_ALICE: Hop = { host: "10.0.1.1", port: 5060, transport: "udp" };
const AT_BOB: Hop = { host: "10.0.1.2", port: 5060, transport: "udp" };
const ALICE = "sip:alice@home.example";
const BOB = "sip:bob@home.example";

let rig: Rig;
afterEach(() => rig.close());

async function parties() {
  rig = await createRig();
  const alice = await rig.party("alice", AT_ALICE);
  const bob = await rig.party("bob", AT_BOB);
  const server = await rig.server();
  await alice.ask(register(ALICE, AT_ALICE));
  await bob.ask(register(BOB, AT_BOB));
  await rig.settle();
  server.received.length = 0;
  rig.crossings.length = 0;
  return { alice, bob, server };
}

const vector = (message: SipMessage) => header(message, "P-Charging-Vector");

/** What the core sent to the server and to clients. */
function sentTo(host: string, kind: SipMessage["kind"]): SipMessage[] {
  return rig.crossings.flatMap(({ direction, remote, message }) =>
    direction === "out" && remote.host === host && message?.kind === kind ? [message] : [],
  );
}

function answering(bob: Party, headers: readonly HeaderPair[]): void {
  bob.answer = (incoming) =>
    incoming.respond(sipResponse(incoming.message, 200, undefined, { toTag: "bob", headers }));
}

describe("P-Charging-Vector (RFC 7315 4.6)", () => {
  it("of a response is that of its request, with the network that answered", async () => {
    const { alice, bob, server } = await parties();
    answering(bob, [["P-Charging-Vector", "icid-value=forged"]]);
    await alice.ask(request("MESSAGE", BOB, ALICE));
    const [asked] = server.received.map(({ message }) => vector(message));
    const answers = sentTo("10.0.0.2", "response").map(vector);
    expect(answers).toEqual([`${asked};term-ioi=home.example`, `${asked};term-ioi=home.example`]);
    expect(sentTo("10.0.1.1", "response").map(vector)).toEqual([undefined]);
  });

  it("of a dialog is that of its first request; no client is shown it, and none brings one in", async () => {
    const { alice, bob, server } = await parties();
    answering(bob, [
      ["Contact", "<sip:bob@10.0.1.2:5060>"],
      ["P-Asserted-Identity", "<sip:forged@home.example>"],
    ]);
    const contact: HeaderPair = ["Contact", "<sip:alice@10.0.1.1:5060>"];
    const invite = request("INVITE", BOB, ALICE, [contact]);
    const response = await alice.ask(invite);
    const [first] = server.received.map(({ message }) => vector(message));
    server.received.length = 0;
    rig.crossings.length = 0;
    const info = withHeader(
      withHeader(
        { ...request("INFO", "sip:bob@10.0.1.2:5060", ALICE), headers: invite.headers },
        "CSeq",
        "2 INFO",
      ),
      "To",
      header(response!, "To")!,
    );
    const forged = withHeader(info, "P-Charging-Vector", "icid-value=forged");
    await alice.ask(withRoutes(forged, headerValues(response!, "Record-Route").toReversed()));
    const between = sentTo("10.0.0.2", "request").filter((message) => header(message, "CSeq") === "2 INFO");
    expect(between.map(vector).filter((each) => each !== first)).toEqual([]);
    expect(bob.received.map(({ message }) => vector(message))).toEqual([undefined, undefined]);
    expect(sentTo("10.0.1.1", "response").flatMap((message) => assertedIdentities(message))).toEqual([]);
  });
});

describe("Privacy (RFC 3323)", () => {
  it.each<[string, number]>([
    ["id;critical", 200],
    ["header;id", 200],
    ["header;critical", 500],
    ["user;id;critical", 500],
    ["none", 200],
  ])("%s: %i", async (privacy, status) => {
    const { alice } = await parties();
    expect((await alice.ask(request("MESSAGE", BOB, ALICE, [["Privacy", privacy]])))?.status).toBe(status);
  });

  it("none shows the asserted identity", async () => {
    const { alice, bob } = await parties();
    await alice.ask(request("MESSAGE", BOB, ALICE, [["Privacy", "none"]]));
    expect(assertedIdentities(bob.received[0]!.message).length).toBeGreaterThan(0);
  });
});

it("Request-Disposition: sequential tries contacts of one q-value one after the other", async () => {
  const { alice, bob } = await parties();
  const other = await rig.party("bob2", { host: "10.0.1.4", port: 5060, transport: "udp" });
  await other.ask(register(BOB, other.hop));
  const refuse =
    (party: Party): Party["answer"] =>
    (incoming) =>
      void rig.net.clock.callAt(rig.net.clock.now() + 500, () => {
        expect(party.received.length).toBe(1);
        incoming.respond(sipResponse(incoming.message, 486, undefined, { toTag: "x" }));
      });
  bob.answer = refuse(bob);
  other.answer = refuse(other);
  const before = rig.net.clock.now();
  await alice.ask(request("MESSAGE", BOB, ALICE, [["Request-Disposition", "sequential"]]));
  expect(rig.net.clock.now() - before).toBeGreaterThanOrEqual(1000);
  expect([bob.received.length, other.received.length]).toEqual([1, 1]);
});
