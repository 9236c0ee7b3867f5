/** Who may begin a session through the participating functions, and what it may be (clauses 6.1.1.1, 6.1.2.1). */
import { afterEach, describe, expect, it } from "vitest";
import { header, warningsOf } from "../../../wire/sip/headers.ts";
import type { SipResponse } from "../../../wire/sip/message.ts";
import { createSessionRig, sdp, sessionOf, type SessionRig } from "./test-rig.ts";
import { defaultSettings } from "../../im-client/config.ts";
import { rejectFrom } from "../test-talk.ts";

let rig: SessionRig;
afterEach(() => rig.close());

const refusal = (status: number): SipResponse | undefined =>
  rig.sent("im", status).find((message) => message.kind === "response");

const refused = { lines: ["a=accept-types:message/cpim application/x-refused"] };

describe("an offer against the policies", () => {
  it("gets 488 with what is supported", async () => {
    rig = await createSessionRig();
    rig.call({ body: sdp("alice", refused) });
    await rig.pass();
    expect(rig.alice.events).toEqual(["ended: remote rejected", "rejected 488"].slice(-1));
    const answer = refusal(488);
    expect(answer && header(answer, "Server")).toBe("IM-serv/OMA1.0");
    const said = Buffer.from(answer?.body ?? []).toString();
    expect(said).toContain("a=accept-types:message/cpim");
    expect(said).toContain("a=max-size:");
    expect(rig.bob.incoming).toHaveLength(0);
  });

  it("gets 488 for a size above the operator's", async () => {
    rig = await createSessionRig({ sessionMaximumBytes: 1000 });
    rig.call({ body: sdp("alice", { lines: ["a=accept-types:text/plain", "a=max-size:2000"] }) });
    await rig.pass();
    expect(rig.alice.events).toEqual(["rejected 488"]);
  });

  it("in a re-INVITE of either end gets 488 too, and the session goes on", async () => {
    rig = await createSessionRig();
    const invite = rig.call();
    await rig.pass();
    sessionOf(invite).reinvite({ body: sdp("alice", { ...refused, version: 5 }) });
    await rig.pass();
    rig.bob.incoming[0]?.reinvite({ body: sdp("bob", { ...refused, version: 5 }) });
    await rig.pass();
    expect(rig.alice.events).toContain("refused: INVITE 488");
    expect(rig.bob.events).toContain("refused: INVITE 488");
    expect(rig.alice.agent.sessions).toHaveLength(1);
  });
});

describe("who is served", () => {
  it("an originator who may not gets 403 with 127", async () => {
    rig = await createSessionRig(
      {},
      { users: [{ uri: "sip:alice@home.example", properties: ["unauthorised"] }] },
    );
    rig.call();
    await rig.pass();
    const answer = refusal(403);
    expect(answer && warningsOf(answer)[0]?.text).toContain("127");
  });

  it("what the access policy rejects gets 403 with 122", async () => {
    rig = await createSessionRig();
    rejectFrom(rig, "sip:bob@home.example", "message-session", "sip:alice@home.example");
    rig.call();
    await rig.pass();
    const answer = refusal(403);
    expect(answer && warningsOf(answer)[0]?.text).toContain("122");
    expect(rig.bob.incoming).toHaveLength(0);
  });

  it("a rule for pager mode says nothing of sessions", async () => {
    rig = await createSessionRig();
    rejectFrom(rig, "sip:bob@home.example", "pager-mode-message", "sip:alice@home.example");
    rig.call();
    await rig.pass();
    expect(rig.bob.incoming).toHaveLength(1);
  });

  it("who bars sessions has none: 403 with 127", async () => {
    rig = await createSessionRig();
    const bob = await rig.client("carol");
    await rig.until(bob.perform({ action: "register" }));
    await rig.until(
      bob.perform({ action: "publish-settings", settings: { ...defaultSettings, barSessions: true } }),
    );
    await rig.pass();
    rig.call({ uri: "sip:carol@home.example" });
    await rig.pass();
    const answer = refusal(403);
    expect(answer && warningsOf(answer)[0]?.text).toContain("127");
  });

  it("a CANCEL while the documents are read ends it there", async () => {
    rig = await createSessionRig();
    const invite = rig.call();
    invite.cancel();
    await rig.pass(40_000);
    expect(rig.alice.agent.sessions).toHaveLength(0);
    expect(rig.bob.agent.sessions).toHaveLength(0);
  });
});
