import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cpimHeader, cpimHeaders } from "../../../wire/cpim/cpim.ts";
import { parseCpim } from "../../../wire/cpim/parse.ts";
import { header, headerValues } from "../../../wire/sip/headers.ts";
import { CONFERENCE_INFO_TYPE, writeConferenceInfo } from "../../../wire/xml/conference-info.ts";
import {
  FINAL_REPORT_NAMESPACE,
  FINAL_REPORT_TYPE,
  writeFinalReport,
} from "../../../wire/xml/final-report.ts";
import { buildCpim } from "../../../wire/cpim/build.ts";
import { recipientListOf } from "../../../wire/uri-list/recipient-list.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";
import { offerSessions } from "../../../endpoint/msrp/negotiation.ts";
import { serializeSdp } from "../../../wire/sdp/serialize.ts";
import { sdpBody } from "../../../wire/sip/session-description.ts";
import type { ReceivedRefer } from "../../../endpoint/events/refer-receiver.ts";
import type { ImClient } from "../client.ts";
import { addressOf, CONFERENCE, createSessionRig, FACTORY, GROUP, type SessionRig } from "./test-rig.ts";

let rig: SessionRig;
let alice: ImClient;
beforeEach(async () => {
  rig = await createSessionRig();
  alice = await rig.client("alice", { config: { maxAdHocGroupSize: 3 } });
});
afterEach(() => rig.close());

const users = (...names: string[]) => names.map(addressOf);
const adHoc = { action: "start-session", to: users("bob", "carol"), toKind: "list" } as const;
const OWN = "sip:anonymous-1@im.home.example";

function serveConference(): void {
  rig.server.events.serve({
    name: "conference",
    contentTypes: [CONFERENCE_INFO_TYPE],
    admit: () => ({ admit: "active" }),
    content: () => ({
      body: {
        contentType: CONFERENCE_INFO_TYPE,
        bytes: writeConferenceInfo({
          entity: CONFERENCE,
          state: "full",
          version: 1,
          users: {
            state: "full",
            list: [
              { entity: OWN, state: "full", yourOwn: true, endpoints: [] },
              { entity: addressOf("bob"), state: "full", endpoints: [] },
            ],
          },
        }),
      },
    }),
  });
}

async function inConference(action: Parameters<ImClient["perform"]>[0] = adHoc): Promise<void> {
  const started = alice.perform(action);
  await rig.settle();
  rig.server.accept();
  await rig.until(started);
  await rig.settle();
}

const sent = (method: string): SipRequest => rig.requests("alice", "out", method).at(-1)!;
const said = (at = -1) => parseCpim(rig.server.messages.at(at)!.body);
const list = (request: SipRequest): readonly string[] => {
  const found = recipientListOf(request);
  return found.kind === "list" ? found.entries.map(({ uri }) => uri) : [];
};

describe("an ad-hoc conference", () => {
  it("goes to the factory, with the list beside the SDP", async () => {
    serveConference();
    await inConference();
    const invite = sent("INVITE");
    expect([invite.uri, header(invite, "Require")]).toEqual([FACTORY, "recipient-list-invite"]);
    expect(header(invite, "Content-Type")).toMatch(/^multipart\/mixed/);
    expect(list(invite)).toEqual(users("bob", "carol"));
    const [session] = alice.sessions;
    expect([session?.state, session?.peer.identity, session?.peer.isFocus]).toEqual([
      "open",
      CONFERENCE,
      true,
    ]);
  });

  it("of more users than may be is not sent", async () => {
    const answer = await alice.perform({ ...adHoc, to: users("bob", "carol", "dave", "ted") });
    expect(answer).toMatchObject({ ok: false, code: "failed" });
    expect(rig.requests("alice", "out", "INVITE")).toEqual([]);
  });

  it("is subscribed to in a dialog of its own, and its people are known", async () => {
    serveConference();
    await inConference();
    const subscribe = sent("SUBSCRIBE");
    const field = (name: string) => header(subscribe, name);
    expect([subscribe.uri, field("Event"), field("Accept"), field("Accept-Contact")]).toEqual([
      CONFERENCE,
      "conference",
      CONFERENCE_INFO_TYPE,
      "*;+g.oma.sip-im",
    ]);
    expect(field("Call-ID")).not.toBe(header(sent("INVITE"), "Call-ID"));
    const [session] = alice.sessions;
    expect([...session!.participants.keys()]).toEqual([OWN, addressOf("bob")]);
    expect(session!.ownEntity).toBe(OWN);
    await rig.until(alice.perform({ action: "unsubscribe-participants" }));
    await rig.settle();
    expect(header(sent("SUBSCRIBE"), "Expires")).toBe("0");
    await rig.until(alice.perform({ action: "subscribe-participants" }));
    expect(header(sent("SUBSCRIBE"), "Expires")).toBe("3600");
  });

  it("has messages for everybody, privately, and with a Final Delivery Report", async () => {
    serveConference();
    await inConference();
    await rig.until(alice.perform({ action: "send-in-session", text: "all" }));
    expect(
      said()
        .headers.map(({ name, value }) => [name, value])
        .slice(0, 2),
    ).toEqual([
      ["From", `<${OWN}>`],
      ["To", `<${CONFERENCE}>`],
    ]);
    const more = { to: users("bob", "carol"), report: ["final"] } as const;
    await rig.until(alice.perform({ action: "send-in-session", text: "two", ...more }));
    expect(cpimHeaders(said(), "To").map(({ value }) => value)).toEqual(
      users("bob", "carol").map((uri) => `<${uri}>`),
    );
    expect(cpimHeader(said(), "Final-Report", FINAL_REPORT_NAMESPACE)?.value).toBe("yes");
    await rig.until(alice.perform({ action: "show-composing", state: "active" }));
    expect(said().contentType.type).toBe("application/im-iscomposing+xml");
  });

  it("takes private messages from an IM Server only", async () => {
    const started = alice.perform(adHoc);
    await rig.settle();
    rig.server.accept();
    await rig.until(started);
    alice.sessions[0]!.peer.products = ["something else"];
    const answer = await alice.perform({ action: "send-in-session", text: "x", to: users("bob") });
    expect(answer).toMatchObject({ ok: false });
  });

  it("shows what is for all, what is private, who writes, and final reports", async () => {
    serveConference();
    await inConference();
    const [server] = rig.server.sessions;
    const say = (to: string, text: string, contentType = "text/plain") =>
      server!.send(
        buildCpim({
          headers: [
            ["From", `<${addressOf("bob")}>`],
            ["To", `<${to}>`],
          ],
          contentType,
          body: text,
        }),
        { contentType: "message/cpim" },
      );
    say(
      CONFERENCE,
      "<isComposing xmlns='urn:ietf:params:xml:ns:im-iscomposing'><state>active</state></isComposing>",
      "application/im-iscomposing+xml",
    );
    await rig.settle();
    expect([...alice.sessions[0]!.composing]).toEqual([addressOf("bob")]);
    say(CONFERENCE, "all");
    say(OWN, "you");
    server!.send(writeFinalReport({ messageId: "m1", legs: [{ uri: addressOf("bob"), status: 200 }] }), {
      contentType: FINAL_REPORT_TYPE,
    });
    await rig.settle();
    expect(alice.inbox.map(({ kind, text }) => [kind, text])).toEqual([
      ["session-message", "all"],
      ["private-message", "you"],
      ["final-report", `m1: ${addressOf("bob")} 200`],
    ]);
    expect([...alice.sessions[0]!.composing]).toEqual([]);
  });

  it("has a sender that is not the user", async () => {
    await inConference();
    alice.scriptSessions({ cpimFrom: addressOf("carol") });
    await rig.until(alice.perform({ action: "send-in-session", text: "x" }));
    expect(cpimHeader(said(), "From")?.value).toBe(`<${addressOf("carol")}>`);
  });
});

describe("participants", () => {
  let refers: ReceivedRefer[];
  beforeEach(() => {
    refers = [];
    rig.server.events.onRefer((refer) => {
      refers.push(refer);
      refer.accept();
    });
  });

  it("are added: one without a list", async () => {
    await inConference();
    const answer = await rig.until(alice.perform({ action: "add-participants", to: users("dave") }));
    expect(answer.says).toMatch(/^202/);
    const refer = sent("REFER");
    expect([
      refer.uri,
      header(refer, "Refer-To"),
      header(refer, "Refer-Sub"),
      header(refer, "Require"),
    ]).toEqual([CONFERENCE, `<${addressOf("dave")}>`, "false", undefined]);
    expect(rig.requests("alice", "in", "NOTIFY").filter((one) => header(one, "Event") === "refer")).toEqual(
      [],
    );
  });

  it("are added: several by a list, anonymously", async () => {
    await inConference();
    await rig.until(alice.perform({ action: "add-participants", to: users("dave", "ted"), anonymous: true }));
    const refer = sent("REFER");
    expect(header(refer, "Refer-To")).toMatch(/^<cid:/);
    expect(headerValues(refer, "Require").join()).toMatch(/multiple-refer.*norefersub/);
    expect([header(refer, "Refer-Sub"), header(refer, "Privacy")]).toEqual(["false", "id"]);
    expect(list(refer)).toEqual(users("dave", "ted"));
    expect(refers[0]?.targets).toHaveLength(2);
  });

  it("are removed", async () => {
    await inConference();
    await rig.until(alice.perform({ action: "remove-participant", user: addressOf("bob") }));
    expect(header(sent("REFER"), "Refer-To")).toBe(`<${addressOf("bob")};method=BYE>`);
  });
});

describe("a session of a group", () => {
  it("is joined by its address, left, and joined again by its session", async () => {
    serveConference();
    await inConference({ action: "start-session", to: [GROUP], toKind: "group" });
    expect([sent("INVITE").uri, sent("SUBSCRIBE").uri]).toEqual([GROUP, GROUP]);
    await rig.until(alice.perform({ action: "send-in-session", text: "x" }));
    expect(cpimHeader(said(), "To")?.value).toBe(`<${GROUP}>`);
    await rig.until(alice.perform({ action: "leave-session" }));
    expect(sent("BYE").uri).toBe(CONFERENCE);
    expect(header(sent("SUBSCRIBE"), "Expires")).toBe("0");
    await inConference({ action: "rejoin-session" });
    expect(sent("INVITE").uri).toBe(CONFERENCE);
    expect(alice.sessions.map(({ state }) => state)).toEqual(["ended", "open"]);
  });

  it("is not joined again when it is not known any more", async () => {
    expect(await alice.perform({ action: "rejoin-session" })).toMatchObject({ ok: false });
  });
});

describe("a one-to-one session that becomes a conference", () => {
  it("is replaced for its other user", async () => {
    const bob = await rig.client("bob");
    await rig.until(
      alice.perform({ action: "start-session", to: users("bob"), toKind: "user", session: "two" }),
    );
    const own = alice.sessions[0]!.dialog!.dialog;
    await inConference({ action: "extend-session", session: "two", to: users("carol"), as: "three" });
    const invite = sent("INVITE");
    expect(list(invite)).toEqual([
      `${addressOf("bob")};method=INVITE?Replaces=${encodeURIComponent(own.callId)}%3Bto-tag%3D${own.remoteTag}%3Bfrom-tag%3D${own.localTag}`,
      addressOf("carol"),
    ]);
    // What the server does about the list.
    const session = rig.server.msrp.session();
    const offer = offerSessions([{ session, terms: { acceptTypes: ["message/cpim"] } }], { sessionId: "9" });
    rig.server.agent.invite({
      to: { host: "10.0.0.1", port: 5060, transport: "udp" },
      uri: addressOf("bob"),
      from: `<${CONFERENCE}>`,
      replaces: { callId: own.callId, toTag: own.remoteTag, fromTag: own.localTag, earlyOnly: false },
      body: sdpBody(serializeSdp(offer)),
      headers: [["Accept-Contact", "*;+g.oma.sip-im"]],
    });
    await rig.settle(3000);
    expect(bob.sessions.map(({ state, peer }) => [state, peer.isFocus])).toEqual([
      ["ended", false],
      ["open", true],
    ]);
    expect(alice.sessions.map(({ name, state }) => [name, state])).toEqual([
      ["two", "ended"],
      ["three", "open"],
    ]);
  });
});
