/** Sessions through the participating functions as B2BUA: hand-driven user agents on either side. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { header, headerValues } from "../../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../../wire/sip/message.ts";
import { makerOf, pathIn, createSessionRig, sdp, sessionOf, type SessionRig } from "./test-rig.ts";

let rig: SessionRig;
beforeEach(async () => {
  rig = await createSessionRig();
});
afterEach(() => rig.close());

const requests = (method: string): SipRequest[] =>
  rig.sent("im", method).filter((message) => message.kind === "request");
const responses = (status: number, method = "INVITE"): SipResponse[] =>
  rig
    .sent("im", status)
    .filter((message) => message.kind === "response")
    .filter((message) => header(message, "CSeq")?.endsWith(method));

describe("a session", () => {
  it("goes through both functions, each with a dialog of its own, and ends for both", async () => {
    const invite = rig.call();
    await rig.pass();
    expect(requests("INVITE").map(({ uri }) => uri)).toEqual([
      "sip:bob@home.example",
      "sip:bob@home.example",
    ]);
    expect(rig.alice.events).toContain("accepted 200");
    expect(invite.callId).not.toBe(rig.bob.incoming[0]?.dialog.callId);
    sessionOf(invite).bye();
    await rig.pass();
    expect(rig.bob.events).toContain("ended: remote bye");
    expect(requests("BYE")).toHaveLength(2);
  });

  it("is ended by the callee", async () => {
    rig.call();
    await rig.pass();
    rig.bob.incoming[0]?.bye();
    await rig.pass();
    expect(rig.alice.events).toContain("ended: remote bye");
  });

  it("has descriptions with the server's own path on both sides", async () => {
    const invite = rig.call();
    await rig.pass();
    const { local, remote } = sessionOf(invite);
    expect(pathIn(local)).toBe("10.0.1.1:7654");
    expect(pathIn(remote)).toMatch(/^10\.0\.0\.2:/);
    expect(makerOf(remote)).toBe("bob 1 2");
    expect(pathIn(rig.bob.incoming[0]?.remote)).toMatch(/^10\.0\.0\.2:/);
    expect(makerOf(rig.bob.incoming[0]?.remote)).toBe("alice 1 1");
  });

  it("keeps who it is from, and who asked for privacy", async () => {
    rig.call({
      headers: [
        ["Privacy", "id"],
        ["Subject", "tea"],
      ],
    });
    await rig.pass();
    const [, towardsBob] = requests("INVITE");
    const [, towardsAlice] = responses(200);
    expect(towardsBob && header(towardsBob, "P-Asserted-Identity")).toBe("<sip:alice@home.example>");
    expect(towardsBob && header(towardsBob, "Privacy")).toBe("id");
    expect(towardsBob && header(towardsBob, "Subject")).toBe("tea");
    expect(towardsBob && header(towardsBob, "User-Agent")).toBe("IM-serv/OMA1.0");
    expect(towardsBob && header(towardsBob, "Session-Expires")).toBe("1800;refresher=uas");
    expect(towardsBob && header(towardsBob, "Contact")).toMatch(/^<sip:via-[^>]+>;\+g\.oma\.sip-im$/);
    expect(towardsAlice && header(towardsAlice, "Server")).toBe("IM-serv/OMA1.0");
    expect(towardsAlice && header(towardsAlice, "P-Asserted-Identity")).toBe("<sip:bob@home.example>");
    const [ofTerminating] = responses(200);
    expect(ofTerminating && header(ofTerminating, "Privacy")).toBe("id");
    expect(ofTerminating && header(ofTerminating, "Require")).toBe("timer");
    expect(ofTerminating && header(ofTerminating, "Session-Expires")).toMatch(/refresher=uas$/);
    expect(ofTerminating && headerValues(ofTerminating, "Allow")).toContain("REFER");
  });

  it("has a focus at its other end that shows in both directions", async () => {
    rig.bob.answer = (incoming) => {
      incoming.contact = "<sip:session-7@im.example>;isfocus";
      incoming.accept();
    };
    rig.call();
    await rig.pass();
    for (const response of responses(200)) expect(header(response, "Contact")).toContain(";isfocus");
    rig.bob.agent.invite({
      to: { host: "10.0.0.1", port: 5060, transport: "udp" },
      uri: "sip:alice@home.example",
      from: "<sip:bob@home.example>",
      contact: "<sip:focus@10.0.1.2:5060>;isfocus",
      headers: [["Accept-Contact", "*;+g.oma.sip-im;require;explicit"]],
      body: sdp("bob"),
    });
    await rig.pass();
    for (const request of requests("INVITE").slice(2))
      expect(header(request, "Contact")).toContain(";isfocus");
  });
});

describe("an INVITE without offer", () => {
  it("gets the offer in the 200, and the answer goes with the ACK", async () => {
    const invite = rig.alice.agent.invite({
      to: { host: "10.0.0.1", port: 5060, transport: "udp" },
      uri: "sip:bob@home.example",
      from: "<sip:alice@home.example>",
      headers: [["Accept-Contact", "*;+g.oma.sip-im;require;explicit"]],
    });
    await rig.pass();
    const { local, remote } = sessionOf(invite);
    expect([makerOf(local), makerOf(remote)]).toEqual(["alice 1 2", "bob 1 2"]);
    expect(makerOf(rig.bob.incoming[0]?.remote)).toBe("alice 1 2");
    expect(pathIn(rig.bob.incoming[0]?.remote)).toMatch(/^10\.0\.0\.2:/);
  });
});

describe("what comes before the answer", () => {
  it("provisional responses, reliable ones as such", async () => {
    rig.bob.answer = (incoming) => {
      incoming.ring();
      incoming.ring({ status: 183, reliable: true, body: sdp("bob", { version: 9 }) });
      incoming.accept();
    };
    const rung: string[] = [];
    const invite = rig.call({
      on: (event) => {
        if (event.type === "provisional" && event.response.status > 100)
          rung.push(`${event.response.status}${event.reliable ? " reliable" : ""}`);
      },
    });
    await rig.pass(5000);
    expect(rung).toEqual(["180", "183 reliable"]);
    expect(makerOf(sessionOf(invite).remote)).toBe("bob 1 9");
    expect(rig.alice.events).toContain("accepted 200");
    expect(requests("PRACK")).toHaveLength(2);
  });

  it("a refusal, with what it says", async () => {
    rig.bob.answer = (incoming) =>
      incoming.reject(486, {
        reason: "Not Now",
        headers: [["Warning", '399 x "119 Anonymity not allowed"']],
      });
    rig.call();
    await rig.pass();
    expect(rig.alice.events).toContain("rejected 486");
    const [, last] = responses(486);
    expect(last?.reason).toBe("Not Now");
    expect(last && header(last, "Warning")).toContain("119 Anonymity");
    expect(last && header(last, "Server")).toBe("IM-serv/OMA1.0");
  });

  it("CANCEL, on both legs", async () => {
    rig.bob.answer = (incoming) => incoming.ring();
    const invite = rig.call();
    await rig.pass();
    invite.cancel();
    await rig.pass();
    expect(rig.bob.events).toContain("ended: remote cancelled");
    expect(rig.alice.events).toContain("cancelled");
    expect(requests("CANCEL")).toHaveLength(2);
  });

  it("CANCEL that crosses the 200 leaves no session behind", async () => {
    let taken: (() => void) | undefined;
    rig.bob.answer = (incoming) => {
      incoming.ring();
      taken = () => incoming.accept();
    };
    const invite = rig.call();
    await rig.pass();
    taken?.();
    invite.cancel();
    await rig.pass(5000);
    expect(rig.alice.agent.sessions).toHaveLength(0);
    expect(rig.bob.agent.sessions).toHaveLength(0);
  });
});

describe("a change of the session", () => {
  it("goes from the caller to the callee, with the answer back", async () => {
    const invite = rig.call();
    await rig.pass();
    sessionOf(invite).reinvite({ body: sdp("alice", { version: 5 }) });
    await rig.pass();
    expect(makerOf(rig.bob.incoming[0]?.remote)).toBe("alice 1 5");
    expect(makerOf(sessionOf(invite).remote)).toBe("bob 1 3");
  });

  it("goes from the callee to the caller", async () => {
    rig.call();
    await rig.pass();
    rig.bob.incoming[0]?.reinvite({ body: sdp("bob", { version: 5 }) });
    await rig.pass();
    expect(rig.alice.events).toContain("modified: remote INVITE");
    expect(makerOf(rig.bob.incoming[0]?.remote)).toBe("alice 1 2");
  });

  it("without an offer gets one from the far end", async () => {
    const invite = rig.call();
    await rig.pass();
    sessionOf(invite).reinvite();
    await rig.pass();
    expect(makerOf(sessionOf(invite).remote)).toBe("bob 1 3");
    expect(makerOf(rig.bob.incoming[0]?.remote)).toMatch(/^alice/);
  });

  it("that the other end refuses is refused, and the session goes on", async () => {
    rig.bob.answer = (incoming) => {
      incoming.accept();
      incoming.onOffer = () => ({ status: 488 });
    };
    const invite = rig.call();
    await rig.pass();
    sessionOf(invite).reinvite({ body: sdp("alice", { version: 5 }) });
    await rig.pass();
    expect(rig.alice.events).toContain("refused: INVITE 488");
    expect(rig.alice.agent.sessions).toHaveLength(1);
  });

  it("by UPDATE goes on as well", async () => {
    const invite = rig.call();
    await rig.pass();
    sessionOf(invite).update({ body: sdp("alice", { version: 5 }) });
    await rig.pass();
    expect(makerOf(rig.bob.incoming[0]?.remote)).toBe("alice 1 5");
  });

  it("from both ends at once is settled", async () => {
    const invite = rig.call();
    await rig.pass();
    sessionOf(invite).reinvite({ body: sdp("alice", { version: 5 }) });
    rig.bob.incoming[0]?.reinvite({ body: sdp("bob", { version: 7 }) });
    await rig.pass(20_000);
    expect(rig.alice.events.filter((line) => line.startsWith("modified"))).toHaveLength(2);
    expect(rig.bob.events.filter((line) => line.startsWith("modified"))).toHaveLength(2);
  });
});

describe("the session timer", () => {
  it("of each leg is refreshed by itself", async () => {
    rig.call();
    await rig.pass();
    await rig.pass(4_000_000);
    expect(rig.alice.agent.sessions).toHaveLength(1);
    expect(rig.bob.agent.sessions).toHaveLength(1);
  });

  it("that runs out on one leg ends the session for both", async () => {
    await rig.close();
    rig = await createSessionRig({}, {}, { without: ["refresh", "expiry"] });
    rig.call();
    await rig.pass();
    expect(rig.bob.agent.sessions).toHaveLength(1);
    await rig.pass(4_000_000);
    expect(rig.alice.events).toContain("ended: remote bye");
    expect(rig.bob.events).toContain("ended: remote bye");
  });
});

describe("nothing is left at the server", () => {
  it.each([
    ["after BYE", () => rig.call({ on: (event) => void (event.type === "accepted" && event.session.bye()) })],
    [
      "after a refusal",
      () => {
        rig.bob.answer = (incoming) => incoming.reject(486);
        rig.call();
      },
    ],
    [
      "after CANCEL",
      () => {
        rig.bob.answer = (incoming) => incoming.ring();
        const invite = rig.call();
        invite.on(
          (event) => event.type === "provisional" && event.response.status === 180 && invite.cancel(),
        );
      },
    ],
    [
      "when nobody answers",
      () => {
        rig.bob.agent.onInvite(() => undefined);
        rig.call();
      },
    ],
  ])("%s", async (_what, act) => {
    act();
    // Longer than a proxy waits for an answer (RFC 3261 16.6, item 11).
    await rig.pass(400_000);
    const state = await rig.server.perform({ action: "dump-state" });
    expect(JSON.parse(state.says ?? "{}")).toMatchObject({ calls: 0 });
    expect(rig.alice.agent.sessions).toHaveLength(0);
  });
});

describe("races", () => {
  /** Sessions at both ends, and calls at the server, when all is quiet again. */
  const left = async (): Promise<readonly unknown[]> => {
    await rig.pass(60_000);
    const state = await rig.server.perform({ action: "dump-state" });
    expect(JSON.parse(state.says ?? "{}")).toMatchObject({ calls: 0 });
    return [...rig.alice.agent.sessions, ...rig.bob.agent.sessions];
  };

  it("BYE from both ends at once", async () => {
    const invite = rig.call();
    await rig.pass();
    sessionOf(invite).bye();
    rig.bob.incoming[0]?.bye();
    expect(await left()).toEqual([]);
  });

  it("BYE against a re-INVITE of the other end, and of the same", async () => {
    for (const same of [true, false]) {
      const invite = rig.call();
      await rig.pass();
      const near = sessionOf(invite);
      const far = rig.bob.incoming.at(-1);
      near.reinvite({ body: sdp("alice", { version: 5 }) });
      if (same) near.bye({ force: true });
      else far?.bye();
      expect(await left()).toEqual([]);
    }
  });

  it("BYE as soon as the 200 is there, before the ACK has come through", async () => {
    rig.bob.answer = (incoming) => {
      incoming.accept();
      incoming.bye();
    };
    rig.call();
    expect(await left()).toEqual([]);
  });

  it("an offer in UPDATE before the answer", async () => {
    let taken: (() => void) | undefined;
    rig.bob.answer = (incoming) => {
      incoming.ring({ status: 183, reliable: true, body: sdp("bob", { version: 3 }) });
      taken = () => incoming.accept();
    };
    const invite = rig.call();
    await rig.pass();
    sessionOf(invite).update({ body: sdp("alice", { version: 5 }) });
    await rig.pass();
    expect(makerOf(rig.bob.incoming[0]?.remote)).toBe("alice 1 5");
    taken?.();
    await rig.pass();
    expect(rig.alice.events).toContain("accepted 200");
  });

  it("a re-INVITE that is cancelled leaves the session as it was", async () => {
    const invite = rig.call();
    await rig.pass();
    let refuse: (() => void) | undefined;
    const far = rig.bob.incoming[0];
    if (far !== undefined) far.onOffer = () => "later";
    far?.on((event) => {
      if (event.type === "offered") refuse = () => event.modification.reject(488);
    });
    const change = sessionOf(invite).reinvite({ body: sdp("alice", { version: 5 }) });
    await rig.pass();
    change.cancel();
    await rig.pass();
    expect(requests("CANCEL")).toHaveLength(2);
    refuse?.();
    await rig.pass();
    expect(rig.alice.agent.sessions).toHaveLength(1);
    far?.reinvite({ body: sdp("bob", { version: 8 }) });
    await rig.pass(20_000);
    expect(rig.alice.events).toContain("modified: remote INVITE");
  });
});
