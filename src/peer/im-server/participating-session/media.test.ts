/** MSRP through the participating functions, four sessions of the server between the two clients (clauses 6.1.3, 6.1.4). */
import { afterEach, describe, expect, it } from "vitest";
import { takeAnswer } from "../../../endpoint/msrp/negotiation.ts";
import type { MsrpSession } from "../../../endpoint/msrp/msrp-session.ts";
import type { ReceivedMessage } from "../../../endpoint/msrp/whole-message.ts";
import type { IncomingInvite } from "../../../endpoint/user-agent/session-events.ts";
import { statusOf } from "../../../wire/msrp/headers.ts";
import { parseSdp } from "../../../wire/sdp/parse.ts";
import type { Body } from "../../../wire/sip/session-description.ts";
import type { ServerAlteration } from "../server.ts";
import { createSessionRig, sdp, sessionOf, type SessionRig } from "./test-rig.ts";
import type { ImServerPolicy } from "../config.ts";

let rig: SessionRig;
afterEach(() => rig.close());

interface Talk {
  readonly alice: MsrpSession;
  readonly bob: MsrpSession;
  readonly heard: Record<"alice" | "bob", ReceivedMessage[]>;
  readonly end: () => Promise<void>;
}

interface TalkOptions {
  readonly policy?: Partial<ImServerPolicy>;
  readonly faults?: readonly ServerAlteration[];
  readonly server?: string;
  readonly contact?: string;
}

const read = (body: Body | undefined) => parseSdp(body?.bytes ?? new Uint8Array());

async function talk({ policy = {}, faults, server, contact }: TalkOptions = {}): Promise<Talk> {
  rig = await createSessionRig(policy, faults === undefined ? {} : { serverFaults: faults });
  const alice = rig.alice.msrp.session();
  const bob = rig.bob.msrp.session();
  rig.bob.answer = (incoming: IncomingInvite) => {
    if (contact !== undefined) incoming.contact = contact;
    const path = /a=path:(\S+)/.exec(Buffer.from(incoming.offer?.bytes ?? []).toString())?.[1];
    bob.connect(path ?? "", { role: "passive" });
    incoming.accept({
      body: sdp("bob", { path: bob.localPath }),
      headers: server === undefined ? [] : [["Server", server]],
    });
  };
  const offer = sdp("alice", { path: alice.localPath });
  const invite = rig.call({ body: offer });
  await rig.pass();
  takeAnswer(alice, read(offer), read(sessionOf(invite).remote));
  await rig.pass();
  const heard: Talk["heard"] = { alice: [], bob: [] };
  alice.onMessage((message) => heard.alice.push(message));
  bob.onMessage((message) => heard.bob.push(message));
  return {
    alice,
    bob,
    heard,
    end: async () => {
      sessionOf(invite).bye();
      await rig.pass();
    },
  };
}

const text = (message: ReceivedMessage | undefined): string => Buffer.from(message?.body ?? []).toString();

describe("messages", () => {
  it("go through in both directions with their identifiers, and delivery is reported back", async () => {
    const { alice, bob, heard } = await talk();
    const sending = alice.send("hello", {
      contentType: "text/plain",
      successReport: true,
      messageId: "message-1",
    });
    const other = bob.send("and you", { contentType: "text/plain" });
    await rig.pass();
    expect(heard.bob.map((message) => [message.messageId, text(message)])).toEqual([["message-1", "hello"]]);
    expect(heard.alice.map(text)).toEqual(["and you"]);
    expect(await sending.done).toEqual({ kind: "delivered" });
    expect((await other.done).kind).toBe("sent");
  });

  it("go on before they are complete, octet for octet", async () => {
    const { alice, bob } = await talk();
    const begun: number[] = [];
    bob.onIncoming((incoming) => incoming.onOctets(() => void begun.push(incoming.received)));
    let more: (piece: Uint8Array | undefined) => void = () => undefined;
    const pieces = [new Uint8Array(5000).fill(65)];
    const sending = alice.send(
      { size: 5100, read: () => pieces.shift() ?? new Promise((resolve) => (more = resolve)) },
      { contentType: "text/plain" },
    );
    await rig.pass();
    expect(begun.length).toBeGreaterThan(0);
    expect(sending.outcome).toBeUndefined();
    more(new Uint8Array(100).fill(66));
    await rig.pass();
    more(undefined);
    await rig.pass();
    expect(sending.outcome?.kind).toBe("sent");
    expect(begun.at(-1)).toBe(5100);
  });

  it("that the far end refuses fail for whoever sent them", async () => {
    const { alice, bob } = await talk();
    bob.onIncoming((incoming) => incoming.refuse(413));
    const reported: (number | undefined)[] = [];
    alice.onReport((report) => reported.push(statusOf(report)?.code));
    alice.send("too much", { contentType: "text/plain" });
    await rig.pass();
    // A short message was complete, and answered, at the server before the far end had it.
    expect(reported).toEqual([413]);
  });

  it("end with the session: the server lets go of its own", async () => {
    const { alice, bob, end } = await talk();
    await end();
    // What Alice made is left to her for a moment: she could begin another session on it.
    await rig.pass(31_000);
    expect([alice.state, bob.state]).toEqual(["closed", "closed"]);
  });

  it("go past the server where it does not stay in the media path", async () => {
    const { alice, bob, heard } = await talk({ policy: { mediaPath: false } });
    alice.send("straight", { contentType: "text/plain" });
    await rig.pass();
    expect(heard.bob.map(text)).toEqual(["straight"]);
    expect(alice.remotePath).toBe(bob.localPath);
  });
});

describe("private messages in a conference", () => {
  const cpim = (to: string): string =>
    `From: <sip:alice@home.example>\r\nTo: <${to}>\r\n\r\nContent-Type: text/plain\r\n\r\nsecret`;
  const FOCUS = "<sip:session-7@im.home.example>;isfocus;+g.oma.sip-im";

  it.each([
    ["go on to a server of the enabler", "IM-serv/OMA1.0", "sip:carol@home.example", []],
    ["get 403 where the next node is unknown", "Acme/1", "sip:carol@home.example", [403]],
    ["are told from those to everybody", "Acme/1", "sip:session-7@im.home.example", []],
  ])("%s", async (_what, server, to, failures) => {
    const { alice, heard } = await talk({ server, contact: FOCUS });
    const reported: (number | undefined)[] = [];
    alice.onReport((report) => reported.push(statusOf(report)?.code));
    alice.send(cpim(to), { contentType: "message/cpim" });
    await rig.pass();
    expect(reported).toEqual(failures);
    expect(heard.bob).toHaveLength(failures.length === 0 ? 1 : 0);
  });
});
