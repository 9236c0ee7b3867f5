/** Sessions through the participating functions as proxies (clauses 6.1.1.2.2, 6.1.1.2.4, 6.1.2.2). */
import { afterEach, beforeEach, expect, it } from "vitest";
import { header, headerValues } from "../../../wire/sip/headers.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";
import { createSessionRig, makerOf, pathIn, sdp, sessionOf, type SessionRig } from "./test-rig.ts";

let rig: SessionRig;
beforeEach(async () => {
  rig = await createSessionRig({ sessionMode: "proxy", mediaPath: false });
});
afterEach(() => rig.close());

const requests = (method: string): SipRequest[] =>
  rig.sent("im", method).filter((message) => message.kind === "request");

it("the dialog is that of the clients, and the server stays on its path to the end", async () => {
  const invite = rig.call();
  await rig.pass();
  expect(rig.bob.incoming[0]?.dialog.callId).toBe(invite.callId);
  expect(rig.bob.incoming[0]?.dialog.remoteTarget).toBe("sip:alice@10.0.1.1:5060");
  expect(pathIn(sessionOf(invite).remote)).toBe("10.0.1.2:7654");
  const route = headerValues(requests("INVITE")[1] ?? sessionOf(invite).invite, "Record-Route").join();
  expect(route).toContain("path-originating");
  expect(route).toContain("path-terminating");
  sessionOf(invite).reinvite({ body: sdp("alice", { version: 5 }) });
  await rig.pass();
  rig.bob.incoming[0]?.reinvite({ body: sdp("bob", { version: 5 }) });
  await rig.pass();
  expect(makerOf(rig.bob.incoming[0]?.remote)).toMatch(/^alice/);
  rig.bob.incoming[0]?.bye();
  await rig.pass();
  expect(rig.alice.events).toContain("ended: remote bye");
  expect(requests("INVITE")).toHaveLength(6);
  expect(requests("ACK")).toHaveLength(6);
  expect(requests("BYE")).toHaveLength(2);
});

it("CANCEL, reliable responses and refusals pass", async () => {
  rig.bob.answer = (incoming) =>
    incoming.ring({ status: 183, reliable: true, body: sdp("bob", { version: 3 }) });
  const invite = rig.call();
  await rig.pass();
  expect(requests("PRACK")).toHaveLength(2);
  invite.cancel();
  await rig.pass();
  expect(rig.bob.events).toContain("ended: remote cancelled");
  rig.bob.answer = (incoming) => incoming.reject(603);
  rig.call();
  await rig.pass();
  expect(rig.alice.events).toContain("rejected 603");
});

it("the Contact of a focus passes as it is", async () => {
  rig.bob.answer = (incoming) => {
    incoming.contact = "<sip:focus@10.0.1.2:5060>;isfocus";
    incoming.accept();
  };
  rig.call();
  await rig.pass();
  const [ok] = rig.sent("im", 200).filter((message) => header(message, "CSeq")?.endsWith("INVITE"));
  expect(ok && header(ok, "Contact")).toBe("<sip:focus@10.0.1.2:5060>;isfocus");
});
