/** SUBSCRIBE, NOTIFY and REFER through the participating functions, within sessions and beside them (clauses 6.1.1.2.5, 6.1.1.2.6, 6.1.2.5). */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEventAgent, type EventAgent } from "../../../endpoint/events/event-agent.ts";
import type { IncomingRequest } from "../../../endpoint/incoming.ts";
import { header, routesOf } from "../../../wire/sip/headers.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";
import { referUri } from "../../../wire/sip/refer-fields.ts";
import type { InviteSession } from "../../../endpoint/user-agent/session-events.ts";
import { createSessionRig, sessionOf, TAGS, type Phone, type SessionRig } from "./test-rig.ts";

let rig: SessionRig;
let alice: EventAgent;
let bob: EventAgent;
let atBob: SipRequest[];
let session: InviteSession;

function eventsOf(phone: Phone): EventAgent {
  const { clock, ids } = rig.net;
  const contact = `<sip:events@${phone.hop.host}:${phone.hop.port}>`;
  const { endpoint, agent } = phone;
  const events = createEventAgent({ endpoint, clock, ids, contact, dialogs: agent.dialogs });
  phone.other = (incoming: IncomingRequest) => {
    if (phone === rig.bob) atBob.push(incoming.message);
    if (!events.receiveOutside(incoming)) agent.refuse(incoming);
  };
  return events;
}

beforeEach(async () => {
  rig = await createSessionRig();
  atBob = [];
  alice = eventsOf(rig.alice);
  bob = eventsOf(rig.bob);
  bob.serve({
    name: "conference",
    contentTypes: ["text/plain"],
    admit: () => ({ admit: "active" }),
    content: () => ({ body: { contentType: "text/plain", bytes: Buffer.from("state") } }),
  });
  rig.bob.answer = (incoming) => incoming.accept();
  const invite = rig.call();
  await rig.pass();
  session = sessionOf(invite);
});
afterEach(async () => {
  alice.close();
  bob.close();
  await rig.close();
});

const CORE = { host: "10.0.0.1", port: 5060, transport: "udp" } as const;
const sentBy = (method: string): SipRequest[] =>
  rig.sent("im", method).filter((message) => message.kind === "request");

describe("within the session", () => {
  it("a subscription lives, and outlives the session", async () => {
    const seen: string[] = [];
    const watching = alice.subscribe({
      within: session.handle,
      event: "conference",
      expiresS: 600,
      on: {
        onNotify: ({ state }) => seen.push(state?.state ?? "none"),
        onEnd: (end) => seen.push(`end ${JSON.stringify(end)}`),
      },
    });
    await rig.pass();
    expect(seen).toEqual(["active"]);
    session.bye();
    await rig.pass();
    bob.notifier.subscriptions("conference").forEach((each) => each.changed());
    await rig.pass();
    expect(seen).toEqual(["active", "active"]);
    watching.end();
    await rig.pass(5000);
    expect(seen.at(-1)).toMatch(/^end/);
  });

  it("a REFER goes on, and what becomes of it comes back; a second one is told apart", async () => {
    const progress: string[] = [];
    bob.onRefer((refer) => {
      const report = refer.accept();
      report.tell(refer.targets[0]?.uri.includes("carol") === true ? 200 : 404, "x");
    });
    for (const who of ["carol", "dave"])
      alice.refer({
        within: session.handle,
        referTo: referUri(`sip:${who}@home.example`, { method: "INVITE" }),
        onProgress: ({ status }) => progress.push(`${who} ${status}`),
      });
    await rig.pass(10_000);
    expect(progress.filter((line) => !line.endsWith(" 100"))).toEqual(["carol 200", "dave 404"]);
  });
});

describe("beside the session", () => {
  it("a SUBSCRIBE to the Contact of the B2BUA reaches whoever is behind it, and NOTIFY comes back that way", async () => {
    const seen: string[] = [];
    alice.subscribe({
      to: CORE,
      uri: session.dialog.remoteTarget ?? "",
      from: "<sip:alice@home.example>",
      event: "conference",
      expiresS: 600,
      headers: [TAGS],
      on: { onNotify: ({ state }) => seen.push(state?.state ?? "none") },
    });
    await rig.pass();
    const [subscribe] = sentBy("SUBSCRIBE");
    expect(subscribe?.uri).toMatch(/^sip:via-/);
    expect(subscribe?.uri).not.toBe(session.dialog.remoteTarget);
    expect(subscribe && header(subscribe, "Record-Route")).toContain("path-originating");
    expect(atBob.map(({ method }) => method)).toEqual(["SUBSCRIBE"]);
    expect(seen).toEqual(["active"]);
    expect(sentBy("NOTIFY")).toHaveLength(2);
  });

  it("Replaces in Refer-To names the dialog of the other leg", async () => {
    const { callId, localTag, remoteTag } = session.dialog;
    alice.refer({
      to: CORE,
      uri: session.dialog.remoteTarget ?? "",
      from: "<sip:alice@home.example>",
      referTo: `<sip:carol@home.example?Replaces=${encodeURIComponent(`${callId};to-tag=${remoteTag};from-tag=${localTag}`)}>`,
      headers: [TAGS],
    });
    await rig.pass();
    const [refer] = sentBy("REFER");
    const named = decodeURIComponent(
      /Replaces=([^>]+)/.exec((refer && header(refer, "Refer-To")) ?? "")?.[1] ?? "",
    );
    const [invite] = sentBy("INVITE");
    const otherLeg = invite && header(invite, "Call-ID");
    expect(named).toContain(`${otherLeg};to-tag=`);
    expect(named).not.toContain(callId);
    expect(routesOf(refer ?? { ...session.invite }).length).toBeGreaterThan(0);
  });
});
