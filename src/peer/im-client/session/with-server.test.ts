import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addressOf, createPagerRig, type PagerRig } from "../../im/test-rig.ts";
import type { ImClient } from "../client.ts";

let rig: PagerRig;
let alice: ImClient;
let bob: ImClient;
let carol: ImClient;
beforeEach(async () => {
  rig = await createPagerRig();
  [alice, bob, carol] = await rig.registered("alice", "bob", "carol");
});
afterEach(() => rig.close());

const texts = (client: ImClient) =>
  client.inbox
    .filter(({ kind }) => kind !== "invitation")
    .map(({ kind, from, text }) => `${kind} ${from} ${text}`);

describe("with the reference server", () => {
  it("a one-to-one session is talked in", async () => {
    const started = await rig.until(
      alice.perform({ action: "start-session", to: [addressOf("bob")], toKind: "user" }),
    );
    expect(started.says).toBe("200 OK");
    await rig.until(alice.perform({ action: "send-in-session", text: "hello" }));
    await rig.until(bob.perform({ action: "send-in-session", text: "well" }));
    await rig.settle();
    expect([texts(alice), texts(bob)]).toEqual([
      [expect.stringContaining("well")],
      [expect.stringContaining("hello")],
    ]);
    await rig.until(bob.perform({ action: "leave-session" }));
    await rig.settle();
    expect(alice.sessions[0]?.state).toBe("ended");
  });

  it("an ad-hoc conference is set up, talked in, left and joined again", async () => {
    const to = [addressOf("bob"), addressOf("carol")];
    const started = await rig.until(alice.perform({ action: "start-session", to, toKind: "list" }));
    expect(started.says).toBe("200 OK");
    await rig.settle(3000);
    expect([bob.sessions[0]?.state, carol.sessions[0]?.state]).toEqual(["open", "open"]);
    expect([...alice.sessions[0]!.participants.keys()].sort()).toEqual([
      addressOf("alice"),
      addressOf("bob"),
      addressOf("carol"),
    ]);
    await rig.until(alice.perform({ action: "send-in-session", text: "hello" }));
    await rig.until(bob.perform({ action: "send-in-session", text: "well", to: [addressOf("carol")] }));
    await rig.settle();
    expect([texts(alice), texts(bob), texts(carol)]).toEqual([
      [],
      [`session-message ${addressOf("alice")} hello`],
      [`session-message ${addressOf("alice")} hello`, `private-message ${addressOf("bob")} well`],
    ]);
    await rig.until(carol.perform({ action: "leave-session" }));
    await rig.settle(2000);
    expect([...alice.sessions[0]!.participants.keys()]).not.toContain(addressOf("carol"));
    expect((await rig.until(carol.perform({ action: "rejoin-session" }))).says).toBe("200 OK");
    await rig.until(alice.perform({ action: "remove-participant", user: addressOf("bob") }));
    await rig.settle(2000);
    expect(bob.sessions[0]?.state).toBe("ended");
    await rig.until(alice.perform({ action: "add-participants", to: [addressOf("bob")] }));
    await rig.settle(2000);
    expect(bob.sessions.map(({ state }) => state)).toEqual(["ended", "open"]);
  });

  it("a Final Delivery Report comes back", async () => {
    const to = [addressOf("bob"), addressOf("carol")];
    await rig.until(alice.perform({ action: "start-session", to, toKind: "list" }));
    await rig.settle(3000);
    await rig.until(alice.perform({ action: "send-in-session", text: "hello", report: ["final"] }));
    await rig.settle(40_000);
    const reports = alice.inbox
      .filter(({ kind }) => kind === "final-report")
      .map(({ text }) => text)
      .join();
    expect(reports).toContain(`${addressOf("bob")} 200`);
    expect(reports).toContain(`${addressOf("carol")} 200`);
  });

  it("a one-to-one session becomes a conference", async () => {
    await rig.until(alice.perform({ action: "start-session", to: [addressOf("bob")], toKind: "user" }));
    const extended = await rig.until(alice.perform({ action: "extend-session", to: [addressOf("carol")] }));
    expect(extended.says).toBe("200 OK");
    await rig.settle(3000);
    expect([alice, bob, carol].map((one) => one.sessions.map(({ state }) => state))).toEqual([
      ["ended", "open"],
      ["ended", "open"],
      ["open"],
    ]);
  });
});
