/** Each decision about sessions can be another one: what a fault changes shows on the wire. */
import { afterEach, describe, expect, it } from "vitest";
import { header, headerValues } from "../../../wire/sip/headers.ts";
import type { SipMessage } from "../../../wire/sip/message.ts";
import { sdpBody, sessionDescriptionOf } from "../../../wire/sip/session-description.ts";
import type { ParticipatingDecisions } from "./decisions.ts";
import { createSessionRig, makerOf, sdp, sessionOf, type SessionRig } from "./test-rig.ts";

let rig: SessionRig;
afterEach(() => rig.close());

type Group = "originatingSession" | "terminatingSession";

async function faulty(group: Group, decisions: Partial<ParticipatingDecisions>): Promise<void> {
  rig = await createSessionRig({}, { serverFaults: [{ decisions: { [group]: decisions } }] });
}

/** What the function sent for the first INVITE: its own INVITE, and the 200 that it gave. */
async function exchange(): Promise<Readonly<Record<"invite" | "ok", Readonly<Record<Group, SipMessage>>>>> {
  rig.call({ headers: [["Privacy", "id"]] });
  await rig.pass();
  const [first, second] = rig.sent("im", "INVITE");
  const [last, beforeLast] = rig
    .sent("im", 200)
    .filter((message) => header(message, "CSeq")?.endsWith("INVITE"));
  if (!first || !second || !last || !beforeLast) throw new Error("no exchange");
  return {
    invite: { originatingSession: first, terminatingSession: second },
    ok: { originatingSession: beforeLast, terminatingSession: last },
  };
}

const nothing = (): undefined => undefined;
type Shows = (message: SipMessage) => boolean;
const without =
  (name: string): Shows =>
  (message) =>
    header(message, name) === undefined;
const lacks =
  (name: string, value: string): Shows =>
  (message) =>
    !headerValues(message, name).join().includes(value);

const inInvite: readonly (readonly [Group, Partial<ParticipatingDecisions>, Shows])[] = [
  [
    "originatingSession",
    { requestUri: () => "sip:carol@home.example" },
    ({ kind, ...message }) =>
      kind === "request" && "uri" in message && message.uri === "sip:carol@home.example",
  ],
  ["originatingSession", { inviteAllow: nothing }, without("Allow")],
  ["originatingSession", { inviteContactTag: nothing }, lacks("Contact", "+g.oma.sip-im")],
  ["originatingSession", { offer: nothing }, (message) => sessionDescriptionOf(message) === undefined],
  ["terminatingSession", { invitePrivacy: nothing }, without("Privacy")],
  ["terminatingSession", { acceptContact: nothing }, without("Accept-Contact")],
  ["terminatingSession", { inviteUserAgent: nothing }, without("User-Agent")],
  ["terminatingSession", { inviteSessionExpires: nothing }, without("Session-Expires")],
  ["terminatingSession", { inviteSupported: () => "100rel" }, lacks("Supported", "timer")],
  ["terminatingSession", { inviteAllow: nothing }, without("Allow")],
  ["terminatingSession", { inviteContactTag: nothing }, lacks("Contact", "+g.oma.sip-im")],
  ["terminatingSession", { inviteContactUri: () => "sip:else@10.0.0.2:5070" }, lacks("Contact", "sip:via-")],
  ["terminatingSession", { originator: () => [] }, without("P-Asserted-Identity")],
];

const inOk: readonly (readonly [Group, Partial<ParticipatingDecisions>, Shows])[] = [
  ["originatingSession", { server: nothing }, without("Server")],
  ["originatingSession", { okAllow: nothing }, without("Allow")],
  ["originatingSession", { okContactUri: () => "sip:else@10.0.0.2:5070" }, lacks("Contact", "sip:via-")],
  [
    "originatingSession",
    { answer: () => sdpBody("v=0\r\n") },
    (message) => makerOf(sessionDescriptionOf(message)) === undefined,
  ],
  ["terminatingSession", { okIdentity: () => [] }, without("P-Asserted-Identity")],
  ["terminatingSession", { okPrivacy: nothing }, without("Privacy")],
  ["terminatingSession", { okRequire: nothing }, without("Require")],
  ["terminatingSession", { okSessionExpires: nothing }, without("Session-Expires")],
  ["terminatingSession", { okAllow: nothing }, without("Allow")],
  ["terminatingSession", { server: nothing }, without("Server")],
  ["terminatingSession", { okContactTag: nothing }, lacks("Contact", "+g.oma.sip-im")],
];

const named = (decisions: object): string => Object.keys(decisions).join();

describe("the INVITE that goes on", () => {
  it.each(inInvite.map((row) => [row[0], named(row[1]), row] as const))("%s %s", async (_g, _n, row) => {
    const [group, decisions, shows] = row;
    await faulty(group, decisions);
    rig.call({ headers: [["Privacy", "id"]] });
    await rig.pass();
    const message = rig.sent("im", "INVITE")[group === "originatingSession" ? 0 : 1];
    expect(message && shows(message)).toBe(true);
  });
});

describe("the 200 that comes back", () => {
  it.each(inOk.map((row) => [row[0], named(row[1]), row] as const))("%s %s", async (_g, _n, row) => {
    const [group, decisions, shows] = row;
    await faulty(group, decisions);
    const { ok } = await exchange();
    expect(shows(ok[group])).toBe(true);
  });
});

describe("what goes on later", () => {
  it.each([
    ["BYE", { passesBye: () => false }],
    ["CANCEL", { passesCancel: () => false }],
    ["INVITE", { passesModification: () => false }],
  ] as const)("%s is held back", async (method, decisions) => {
    await faulty("originatingSession", decisions);
    if (method === "CANCEL") rig.bob.answer = (incoming) => incoming.ring();
    const invite = rig.call();
    await rig.pass();
    const before = rig.sent("im", method).length;
    if (method === "CANCEL") invite.cancel();
    if (method === "INVITE") sessionOf(invite).reinvite({ body: sdp("alice", { version: 4 }) });
    if (method === "BYE") sessionOf(invite).bye();
    await rig.pass();
    expect(rig.sent("im", method)).toHaveLength(before);
  });

  it("another status than the far end gave", async () => {
    await faulty("originatingSession", { finalStatus: () => 480 });
    rig.bob.answer = (incoming) => incoming.reject(486);
    rig.call();
    await rig.pass();
    expect(rig.alice.events).toContain("rejected 480");
  });
});
