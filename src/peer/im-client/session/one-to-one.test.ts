import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withHeader } from "../../../wire/sip/edit.ts";
import { header } from "../../../wire/sip/headers.ts";
import type { ClientAlteration, ImClient } from "../client.ts";
import { addressOf, createSessionRig, type SessionRig } from "./test-rig.ts";

let rig: SessionRig;
let alice: ImClient;
let bob: ImClient;
beforeEach(async () => {
  rig = await createSessionRig();
  alice = await rig.client("alice");
  bob = await rig.client("bob");
});
afterEach(() => rig.close());

const start = { action: "start-session", to: [addressOf("bob")], toKind: "user" } as const;

describe("a one-to-one session", () => {
  it("is started, talked in both ways, and left", async () => {
    expect(await rig.until(alice.perform(start))).toMatchObject({ ok: true, says: "200 OK" });
    await rig.until(alice.perform({ action: "send-in-session", text: "hello" }));
    await rig.until(bob.perform({ action: "send-in-session", text: "well" }));
    await rig.settle();
    expect(bob.inbox.map(({ kind, text }) => [kind, text])).toEqual([
      ["invitation", bob.sessions[0]?.peer.identity],
      ["session-message", "hello"],
    ]);
    expect(alice.inbox.map(({ from, text }) => [from, text])).toEqual([[addressOf("bob"), "well"]]);
    expect(await rig.until(bob.perform({ action: "leave-session" }))).toMatchObject({ says: "200 OK" });
    expect([alice.sessions[0]?.state, bob.sessions[0]?.state]).toEqual(["ended", "ended"]);
    expect([alice.sessions[0]?.media?.msrp.state, bob.sessions[0]?.media?.msrp.state]).toEqual([
      "closed",
      "closed",
    ]);
  });

  it("is left by both, one of whom has not seen the ACK yet", async () => {
    const withoutAck: ClientAlteration = {
      onSend: {
        when: (message) => message.kind === "request" && message.method === "ACK",
        rewrite: () => [],
      },
    };
    const carol = await rig.client("carol", { faults: [withoutAck] });
    await rig.until(carol.perform(start));
    const left = bob.perform({ action: "leave-session" });
    await rig.until(carol.perform({ action: "leave-session" }));
    expect(await rig.until(left)).toMatchObject({ ok: true, says: "bye" });
    expect(rig.requests("bob", "out", "BYE")).toEqual([]);
  });

  it("has the fields of 7.1.1.1 in its INVITE", async () => {
    await rig.until(alice.perform(start));
    const [invite] = rig.requests("alice", "out", "INVITE");
    expect(invite?.uri).toBe(addressOf("bob"));
    const field = (name: string) => header(invite!, name);
    expect([
      field("Accept-Contact"),
      field("User-Agent"),
      field("Session-Expires"),
      field("Privacy"),
    ]).toEqual(["*;+g.oma.sip-im", "IM-client/OMA1.0", "1800;refresher=uac", undefined]);
    expect(field("Contact")).toContain(";+g.oma.sip-im");
    expect(field("Supported")).toContain("timer");
    expect(field("Allow")).toContain("INVITE");
    expect(Buffer.from(invite!.body).toString()).toContain("a=accept-types:message/cpim *\r\n");
  });

  it("hides who asks for it, to the BYE", async () => {
    await rig.until(alice.perform({ ...start, anonymous: true, alias: "The Fox" }));
    await rig.until(alice.perform({ action: "leave-session" }));
    const [invite] = rig.requests("alice", "out", "INVITE");
    expect(header(invite!, "From")).toContain('"The Fox" <sip:anonymous@anonymous.invalid>');
    expect(header(invite!, "Privacy")).toBe("id");
    expect(header(rig.requests("alice", "out", "BYE")[0]!, "Privacy")).toBe("id");
  });

  it.each([
    [{ answer: "refuse" }, 480],
    [{ answer: "refuse", status: 486 }, 486],
    [{ answer: "ring", ringMs: 500 }, 408],
    [{ answer: "refuse", ringMs: 500 }, 480],
    [{ answer: "accept", ringMs: 500 }, 200],
  ] as const)("is answered as told: %j", async (how, status) => {
    await bob.perform({ action: "answer-invitations", ...how });
    const answer = await rig.until(alice.perform(start));
    expect(answer.says).toMatch(new RegExp(`^${status} `));
    expect(rig.responses("bob", "out", 180)).toHaveLength("ringMs" in how ? 1 : 0);
    expect(alice.sessions[0]?.state).toBe(status === 200 ? "open" : "ended");
  });

  it("is refused by whoever does not talk to strangers", async () => {
    await bob.perform({ action: "answer-invitations", answer: "accept", refuseAnonymous: true });
    expect((await rig.until(alice.perform({ ...start, anonymous: true }))).says).toMatch(/^480/);
    expect((await rig.until(alice.perform(start))).says).toBe("200 OK");
  });

  it("is cancelled while it rings", async () => {
    await bob.perform({ action: "answer-invitations", answer: "ring" });
    const started = alice.perform(start);
    await rig.settle();
    expect((await rig.until(alice.perform({ action: "cancel-session" }))).says).toMatch(/^487/);
    expect((await rig.until(started)).says).toMatch(/^487/);
    expect(bob.sessions[0]?.state).toBe("ended");
  });

  it("is accepted and refused by hand", async () => {
    await bob.perform({ action: "answer-invitations", answer: "ring" });
    const started = alice.perform(start);
    await rig.settle();
    expect(await bob.perform({ action: "accept-invitation" })).toMatchObject({ ok: true });
    expect((await rig.until(started)).says).toBe("200 OK");
    expect(await bob.perform({ action: "refuse-invitation" })).toMatchObject({ ok: false });
  });

  it("takes 408 for an answer", async () => {
    await bob.perform({ action: "answer-invitations", answer: "silence" });
    const started = alice.perform(start);
    await rig.settle(40_000);
    await rig.until(alice.perform({ action: "cancel-session" }));
    expect((await rig.until(started)).says).toBeDefined();
  });

  it("is modified, and refused when nothing suits", async () => {
    await bob.perform({ action: "answer-invitations", answer: "accept", acceptTypes: ["message/cpim"] });
    await rig.until(alice.perform(start));
    expect((await rig.until(alice.perform({ action: "modify-session", maxSize: 5000 }))).says).toBe("200 OK");
    expect(bob.sessions[0]?.media?.peer?.maxSize).toBe(5000);
    const answers = rig.responses("bob", "out", 200).filter((one) => header(one, "CSeq") === "2 INVITE");
    expect(header(answers[0]!, "Session-Expires")).toContain("refresher=uac");
    const answer = await rig.until(alice.perform({ action: "modify-session", acceptTypes: ["audio/x"] }));
    expect(answer.says).toMatch(/^488/);
    await rig.until(alice.perform({ action: "send-in-session", text: "still here" }));
    await rig.settle();
    expect(bob.inbox.at(-1)?.text).toBe("still here");
  });

  it("is refreshed by re-INVITE at half time", async () => {
    const dave = await rig.client("carol", { config: { sessionExpiresS: 100 } });
    await rig.until(dave.perform(start));
    await rig.settle(51_000);
    const invites = rig.requests("carol", "out", "INVITE");
    expect(invites).toHaveLength(2);
    expect(header(invites[1]!, "Session-Expires")).toBe("100;refresher=uac");
    expect(invites[1]!.body.length).toBeGreaterThan(0);
    await rig.settle(100_000);
    expect(dave.sessions[0]?.state).toBe("open");
  });

  it("is changed by a tester on its way", async () => {
    await rig.until(
      alice.perform(start, {
        edit: (request) => withHeader(request, "Subject", "changed"),
        stimulus: "s1",
      }),
    );
    expect(header(rig.requests("alice", "out", "INVITE")[0]!, "Subject")).toBe("changed");
    expect(rig.requests("alice", "out", "ACK").map((ack) => header(ack, "Subject"))).toEqual([undefined]);
  });
});

describe("reset", () => {
  it("ends what is open, and forgets how invitations were answered", async () => {
    await bob.perform({ action: "answer-invitations", answer: "accept", session: "one" });
    await rig.until(alice.perform(start));
    expect(bob.sessions[0]?.name).toBe("one");
    const [held] = bob.sessions;
    await alice.perform({ action: "reset" });
    await rig.settle();
    expect([held?.state, alice.sessions.length]).toEqual(["ended", 0]);
    expect(rig.requests("alice", "out", "BYE")).toHaveLength(1);
  });

  it("gives up what rings", async () => {
    await bob.perform({ action: "answer-invitations", answer: "ring" });
    const started = alice.perform(start);
    await rig.settle();
    await alice.perform({ action: "reset" });
    expect((await rig.until(started)).says).toMatch(/^487/);
    expect(rig.requests("alice", "out", "CANCEL")).toHaveLength(1);
  });
});

describe("what arrives wrong", () => {
  it("gets 606 and a warning for a session that is not there", async () => {
    await rig.until(alice.perform(start));
    const unknown = "<sip:bob@home.example>;tag=unknown";
    await rig.until(
      alice.perform(
        { action: "modify-session", maxSize: 5000 },
        { edit: (request) => withHeader(request, "To", unknown) },
      ),
    );
    const [refusal] = rig.responses("bob", "out", 606);
    expect(header(refusal!, "Warning")).toMatch(/^399 home.example "123 /);
  });

  it("of 413 and 415", async () => {
    await bob.perform({
      action: "answer-invitations",
      answer: "accept",
      acceptTypes: ["message/cpim"],
      maxSize: 2000,
    });
    await rig.until(alice.perform(start));
    const big = await rig.until(alice.perform({ action: "send-in-session", text: "x", bytes: 3000 }));
    expect(big.says).toMatch(/^413/);
    const raw = await rig.until(
      alice.perform(
        { action: "send-in-session", text: "x" },
        { message: (message) => ({ ...message, contentType: "text/plain" }) },
      ),
    );
    expect(raw.says).toMatch(/^415/);
  });
});

describe("misbehaviour", () => {
  it("keeps the ACK back", async () => {
    alice.scriptSessions({ withoutAck: true });
    await rig.until(alice.perform(start));
    await rig.settle();
    expect(rig.requests("alice", "out", "ACK")).toHaveLength(0);
  });

  it("does not refresh, and does not end", async () => {
    const carol = await rig.client("carol", { config: { sessionExpiresS: 100 } });
    carol.scriptSessions({ withoutRefresh: true });
    await rig.until(carol.perform(start));
    await rig.settle(120_000);
    expect([
      rig.requests("carol", "out", "INVITE").length,
      rig.requests("carol", "out", "BYE").length,
    ]).toEqual([1, 0]);
    expect(rig.requests("bob", "out", "BYE")).toHaveLength(1);
  });

  it("says that it is a focus", async () => {
    alice.scriptSessions({ contactParameters: "isfocus" });
    await rig.until(alice.perform(start));
    expect(header(rig.requests("alice", "out", "INVITE")[0]!, "Contact")).toMatch(/;isfocus$/);
  });

  it.each(["abort", "hold", "drop-connection"] as const)("sends half of a message: %s", async (ends) => {
    await rig.until(alice.perform(start));
    const action = { action: "send-in-session", text: "x", bytes: 10_000, ends } as const;
    expect((await rig.until(alice.perform(action))).ok).toBe(true);
    await rig.settle();
    expect(bob.inbox.filter(({ kind }) => kind === "session-message")).toEqual([]);
    expect(alice.sessions[0]?.media?.msrp.state).toBe(ends === "drop-connection" ? "closed" : "bound");
  });

  it.each([
    ["slow", 1],
    ["never", 0],
  ] as const)("reads %s", async (reading, shown) => {
    bob.scriptSessions({ reading, pauseMs: 2000 });
    await rig.until(alice.perform(start));
    void alice.perform({ action: "send-in-session", text: "x", bytes: 100_000 });
    await rig.settle(500);
    expect(bob.inbox.filter(({ kind }) => kind === "session-message")).toHaveLength(0);
    await rig.settle(20_000);
    expect(bob.inbox.filter(({ kind }) => kind === "session-message")).toHaveLength(shown);
  });

  it("breaks its connection off in the middle of what it receives", async () => {
    bob.scriptSessions({ dropAfterOctets: 5000 });
    await rig.until(alice.perform(start));
    const answer = await rig.until(alice.perform({ action: "send-in-session", text: "x", bytes: 100_000 }));
    expect(answer.ok).toBe(false);
  });
});
