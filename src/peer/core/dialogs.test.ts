import { afterEach, describe, expect, it } from "vitest";
import type { Hop } from "../../net/network.ts";
import { sipResponse } from "../../wire/sip/build.ts";
import { withHeader } from "../../wire/sip/edit.ts";
import { assertedIdentities, header, headerValues } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { withRoutes } from "./route-set.ts";
import { CORE, createRig, passOn, request, SERVER, type Party, type Rig } from "./test-rig.ts";

const AT_ALICE: Hop = { host: "10.0.1.1", port: 5060, transport: "udp" };
const AT_BOB: Hop = { host: "10.0.1.2", port: 5060, transport: "udp" };

let rig: Rig;
afterEach(() => rig.close());

/** A session from Alice to Bob whose server stays on the path. */
async function session() {
  rig = await createRig();
  const [alice, bob, server] = [
    await rig.party("alice", AT_ALICE),
    await rig.party("bob", AT_BOB),
    await rig.server(),
  ];
  rig.core.setRegistered("sip:alice@home.example", { contact: "<sip:alice@10.0.1.1:5060>;+g.oma.sip-im" });
  rig.core.setRegistered("sip:bob@home.example", { contact: "<sip:bob@10.0.1.2:5060>;+g.oma.sip-im" });
  server.answer = (incoming) => {
    const { message } = incoming;
    if (message.method !== "INVITE") return forwardWithin(server, message, incoming);
    const recorded = withHeader(
      message,
      "Record-Route",
      `<sip:10.0.0.2:5070;lr>, ${headerValues(message, "Record-Route").join(", ")}`,
    );
    return passOn(server, {
      ...incoming,
      message: recorded,
      respond: (response) => incoming.respond(response),
    });
  };
  bob.answer = (incoming) => {
    const headers = [["Contact", "<sip:bob@10.0.1.2:5060>"]] as const;
    incoming.respond(sipResponse(incoming.message, 200, undefined, { toTag: "bob", headers }));
  };
  const invite = request("INVITE", "sip:bob@home.example", "sip:alice@home.example", [
    ["Contact", "<sip:alice@10.0.1.1:5060>"],
  ]);
  const response = await alice.ask(invite);
  rig.crossings.length = 0;
  return { alice, bob, server, invite, response: response! };
}

/** Along the rest of the route, whichever way the dialog goes. */
function forwardWithin(server: Party, message: SipRequest, incoming: Parameters<Party["answer"]>[0]): void {
  const routed = withRoutes(message, headerValues(message, "Route").slice(1));
  if (message.method === "ACK") server.endpoint.send(routed, { to: CORE });
  else server.endpoint.forward(incoming, routed, { to: CORE });
}

/** A later request of the caller, along the recorded route. */
function within(method: string, invite: SipRequest, response: SipResponse): SipRequest {
  const addressed = {
    ...request(method, "sip:bob@10.0.1.2:5060", "sip:alice@home.example"),
    headers: invite.headers,
  };
  const cseq = method === "ACK" ? "1 ACK" : `2 ${method}`;
  const tagged = withHeader(withHeader(addressed, "To", header(response, "To")!), "CSeq", cseq);
  return withRoutes(tagged, headerValues(response, "Record-Route").toReversed());
}

describe("a dialog", () => {
  it("has the core on its path for each passage", async () => {
    const { response } = await session();
    expect(response.status).toBe(200);
    const hosts = headerValues(response, "Record-Route").map(
      (value) => /@?(10\.[\d.]+:\d+)/.exec(value)?.[1],
    );
    expect(hosts).toEqual([CORE, SERVER, CORE, SERVER, CORE].map(({ host, port }) => `${host}:${port}`));
  });

  it("takes the ACK and later requests of the caller along", async () => {
    const { alice, bob, invite, response } = await session();
    alice.endpoint.send(within("ACK", invite, response), { to: CORE });
    await rig.settle();
    expect((await alice.ask(within("BYE", invite, response)))?.status).toBe(200);
    expect(bob.received.map(({ message }) => message.method)).toEqual(["INVITE", "ACK", "BYE"]);
    expect(headerValues(bob.received.at(-1)!.message, "Route")).toEqual([]);
  });

  it("is annotated on every leg in both directions", async () => {
    const { alice, bob, invite, response } = await session();
    await alice.ask(within("BYE", invite, response));
    const forth = rig.crossings
      .filter(({ message }) => message?.kind === "request")
      .map(({ annotation }) => annotation?.serverFunction);
    const expected = [undefined, "originating", "originating", "terminating", "terminating", undefined];
    expect(forth).toEqual(expected);
    rig.crossings.length = 0;
    const { message } = bob.received[0]!;
    const bye = withRoutes(
      request("BYE", "sip:alice@10.0.1.1:5060", "sip:bob@home.example"),
      headerValues(message, "Record-Route"),
    );
    const reversed: Readonly<Record<string, string>> = {
      From: `${header(message, "To")};tag=bob`,
      To: header(message, "From")!,
      "Call-ID": header(message, "Call-ID")!,
    };
    const headers = bye.headers.map((field) => ({
      ...field,
      value: reversed[field.name] ?? field.value,
    }));
    expect((await bob.ask({ ...bye, headers }))?.status).toBe(200);
    const back = rig.crossings
      .filter((crossing) => crossing.message?.kind === "request")
      .map(({ annotation }) => annotation?.serverFunction);
    expect(back).toEqual(expected.toReversed());
  });

  it("has the core on its path too when a NOTIFY makes it", async () => {
    const { alice, bob, response } = await session();
    const path = headerValues(bob.received[0]!.message, "Record-Route");
    const fields = [
      ["Contact", "<sip:bob@10.0.1.2:5060>"],
      ["Event", "conference"],
      ["Subscription-State", "active;expires=600"],
    ] as const;
    const notify = withRoutes(
      request("NOTIFY", "sip:alice@10.0.1.1:5060", "sip:bob@home.example", fields),
      path,
    );
    const tagged = withHeader(
      withHeader(notify, "To", header(response, "From")!),
      "From",
      header(response, "To")!,
    );
    expect((await bob.ask(tagged))?.status).toBe(200);
    const core = headerValues(response, "Record-Route").filter((value) => value.includes("rr-"));
    const seen = headerValues(alice.received.at(-1)!.message, "Record-Route");
    expect(seen).toEqual(core.toReversed());
  });

  it("strips what a client asserts within it", async () => {
    const { alice, bob, invite, response } = await session();
    await alice.ask(
      withHeader(within("BYE", invite, response), "P-Asserted-Identity", "<sip:forged@home.example>"),
    );
    expect(assertedIdentities(bob.received.at(-1)!.message)).toEqual([]);
  });
});
