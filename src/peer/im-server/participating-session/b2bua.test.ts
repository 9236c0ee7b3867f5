/** Sessions through the participating functions as B2BUA: hand-driven user agents on either side. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SipRequest } from "../../../wire/sip/message.ts";
import { createSessionRig, makerOf, pathIn, sessionOf, type SessionRig, wrongIn } from "./test-rig.ts";

let rig: SessionRig;
beforeEach(async () => {
  rig = await createSessionRig();
});
afterEach(async () => {
  expect(wrongIn(rig, "im")).toEqual([]);
  await rig.close();
});

const requests = (method: string): SipRequest[] =>
  rig.sent("im", method).filter((message): message is SipRequest => message.kind === "request");

describe("a session", () => {
  it("goes through both functions, and ends for both", async () => {
    const invite = rig.call();
    await rig.pass();
    const [first, second] = requests("INVITE");
    expect([first?.uri, second?.uri]).toEqual(["sip:bob@home.example", "sip:bob@home.example"]);
    expect(rig.alice.events).toContain("accepted 200");
    expect(new Set([invite.callId, rig.bob.incoming[0]?.dialog.callId]).size).toBe(2);
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
    expect(pathIn(rig.bob.incoming[0]?.remote)).toMatch(/^10\.0\.0\.2:/);
    expect(makerOf(rig.bob.incoming[0]?.remote)).toBe("alice 1 1");
  });
});
