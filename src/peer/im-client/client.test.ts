import { afterEach, describe, expect, it } from "vitest";
import { withHeader } from "../../wire/sip/edit.ts";
import { header, headerValues } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { readSettings } from "../../wire/xml/settings.ts";
import { addressOf, createPagerRig } from "../im/test-rig.ts";
import type { PagerRig, PagerRigOptions } from "../im/test-rig.ts";
import { defaultSettings } from "./config.ts";

let rig: PagerRig;
const start = async (options?: PagerRigOptions): Promise<PagerRig> => (rig = await createPagerRig(options));
afterEach(() => rig.close());

const text = (to: readonly string[], more = {}) =>
  ({ action: "send-message", to, toKind: "user", text: "hello", ...more }) as const;

describe("registration (5.2)", () => {
  it("answers the challenge, then publishes all six settings", async () => {
    await start();
    await rig.registered("alice");
    const registers = rig.requests("alice", "out", "REGISTER");
    expect(registers.map((request) => header(request, "CSeq"))).toEqual(["1 REGISTER", "2 REGISTER"]);
    expect(new Set(registers.map((request) => header(request, "Call-ID"))).size).toBe(1);
    const last = registers.at(-1)!;
    expect(header(last, "Contact")).toBe("<sip:alice@10.0.1.1:5060>;+g.oma.sip-im");
    expect(header(last, "Require")).toBe("pref");
    expect(header(last, "User-Agent")).toBe("IM-client/OMA1.0");
    expect(rig.core.isRegistered(addressOf("alice"))).toBe(true);
    const [publish, ...more] = rig.requests("alice", "out", "PUBLISH");
    expect(more).toEqual([]);
    expect(publish!.uri).toBe(addressOf("alice"));
    expect(header(publish!, "Event")).toBe("poc-settings");
    expect(header(publish!, "Expires")).toBe("600");
    expect(readSettings(publish!.body).settings).toEqual(defaultSettings);
    expect(rig.responses("alice", "in", 200)).toHaveLength(2);
  });

  it("renews before the registration expires, on the same Call-ID", async () => {
    await start();
    await rig.registered("alice");
    await rig.settle(400_000);
    const registers = rig.requests("alice", "out", "REGISTER");
    expect(registers.length).toBeGreaterThan(2);
    expect(new Set(registers.map((request) => header(request, "Call-ID"))).size).toBe(1);
    expect(rig.core.isRegistered(addressOf("alice"))).toBe(true);
    expect(rig.requests("alice", "out", "PUBLISH").at(-1)!.body).toHaveLength(0);
  });

  it.each([
    ["leave-im-service", "core-only", "600", true],
    ["deregister", "none", "0", false],
  ] as const)("%s", async (action, state, expires, registered) => {
    await start();
    const [alice] = await rig.registered("alice");
    expect((await rig.until(alice.perform({ action }))).ok).toBe(true);
    expect(alice.registered).toBe(state);
    const last = rig.requests("alice", "out", "REGISTER").at(-1)!;
    expect(header(last, "Expires")).toBe(expires);
    expect(header(last, "Contact")!.includes("+g.oma.sip-im")).toBe(action === "deregister");
    expect(rig.core.isRegistered(addressOf("alice"))).toBe(registered);
  });

  it("updates its settings by entity tag", async () => {
    await start();
    const [alice] = await rig.registered("alice");
    const answer = await rig.until(
      alice.perform({ action: "publish-settings", settings: { ...defaultSettings, barMessages: true } }),
    );
    expect(answer).toMatchObject({ ok: true, says: "200 OK" });
    const [first] = rig
      .responses("alice", "in", 200)
      .filter((response) => header(response, "SIP-ETag") !== undefined);
    expect(header(rig.requests("alice", "out", "PUBLISH").at(-1)!, "SIP-If-Match")).toBe(
      header(first!, "SIP-ETag"),
    );
  });
});

describe("sending (8.1)", () => {
  it("reaches the other user through both participating functions", async () => {
    await start();
    const [alice, bob] = await rig.registered("alice", "bob");
    expect(await rig.until(alice.perform(text([addressOf("bob")])))).toMatchObject({
      ok: true,
      says: "200 OK",
    });
    expect(bob.inbox).toEqual([{ from: addressOf("alice"), kind: "message", text: "hello" }]);
    const [arrived] = rig.requests("bob", "in");
    expect(header(arrived!, "Server")).toBe("IM-serv/OMA1.0");
    expect(header(arrived!, "User-Agent")).toBe("IM-client/OMA1.0");
    expect(rig.requests("im", "in")).toHaveLength(2);
    const [response] = rig
      .responses("bob", "out", 200)
      .filter((each) => header(each, "CSeq")?.endsWith("MESSAGE"));
    expect(header(response!, "User-Agent")).toBe("IM-client/OMA1.0");
    expect(header(response!, "P-Preferred-Identity")).toBe("<sip:bob@home.example>");
  });

  it("hides the sender on request", async () => {
    await start();
    const [alice, bob] = await rig.registered("alice", "bob");
    await rig.until(alice.perform(text([addressOf("bob")], { anonymous: true })));
    const [sent] = rig.requests("alice", "out");
    expect(header(sent!, "Privacy")).toBe("id");
    expect(header(sent!, "From")).toMatch(/^"Anonymous" <sip:anonymous@anonymous\.invalid>;tag=/);
    expect(bob.inbox[0]?.from).toBe("sip:anonymous@anonymous.invalid");
  });

  it("refers to content elsewhere", async () => {
    await start();
    const [alice, bob] = await rig.registered("alice", "bob");
    await rig.until(alice.perform(text([addressOf("bob")], { externalContent: "http://content.example/1" })));
    expect(bob.inbox[0]?.text).toBe("http://content.example/1");
    expect(header(bob.received[0]!, "Content-Type")).toMatch(/^message\/external-body;ACCESS-TYPE=URL/);
  });

  it("keeps large messages back where transport is not known to be safe", async () => {
    await start({ client: { congestionSafe: false } });
    const [alice] = await rig.registered("alice");
    const answer = await rig.until(alice.perform(text([addressOf("bob")], { text: "x".repeat(1300) })));
    expect(answer).toMatchObject({ ok: false, code: "unsupported" });
    expect(rig.requests("alice", "out")).toEqual([]);
  });

  it("lets a tester change what goes out", async () => {
    await start();
    const [alice] = await rig.registered("alice", "bob");
    await rig.until(
      alice.perform(text([addressOf("bob")]), {
        edit: (request) => ({
          ...request,
          headers: request.headers.filter(({ name }) => name !== "User-Agent"),
        }),
      }),
    );
    expect(header(rig.requests("alice", "out")[0]!, "User-Agent")).toBeUndefined();
  });
});

describe("receiving (8.2.1)", () => {
  it("reports delivery where it was asked for, and only then", async () => {
    await start();
    const [alice, bob] = await rig.registered("alice", "bob");
    await rig.until(alice.perform(text([addressOf("bob")])));
    await rig.settle();
    expect(rig.requests("bob", "out")).toEqual([]);
    await rig.until(alice.perform(text([addressOf("bob")], { report: ["positive-delivery"] })));
    await rig.settle();
    expect(rig.requests("bob", "out")).toHaveLength(1);
    expect(alice.inbox[0]).toMatchObject({ kind: "delivery-report", from: addressOf("bob") });
    expect(alice.inbox[0]!.text).toMatch(/^delivered sip:bob@home\.example /);
    expect(bob.inbox.map((entry) => entry.text)).toEqual(["hello", "hello"]);
  });

  it("answers as scripted, and stores nothing that it refused", async () => {
    await start();
    const [alice, bob] = await rig.registered("alice", "bob");
    bob.answerWith(486);
    expect(await rig.until(alice.perform(text([addressOf("bob")])))).toMatchObject({
      ok: true,
      says: "486 Busy Here",
    });
    expect(bob.inbox).toEqual([]);
    expect(headerValues(bob.received[0]!, "P-Asserted-Identity")).toContain("<sip:alice@home.example>");
  });

  it("refuses what is compressed, and says what it takes (RFC 3261 8.2.3)", async () => {
    await start();
    const [alice, bob] = await rig.registered("alice", "bob");
    const compressed = { edit: (request: SipRequest) => withHeader(request, "Content-Encoding", "deflate") };
    expect(await rig.until(alice.perform(text([addressOf("bob")]), compressed))).toMatchObject({
      says: "415 Unsupported Media Type",
    });
    expect(bob.inbox).toEqual([]);
    const [refusal] = rig.responses("bob", "out", 415);
    expect(header(refusal!, "Accept-Encoding")).toBe("identity");
  });

  it("hands its inbox out once", async () => {
    await start();
    const [alice, bob] = await rig.registered("alice", "bob");
    await rig.until(alice.perform(text([addressOf("bob")])));
    expect((await bob.perform({ action: "report-inbox" })).inbox).toHaveLength(1);
    expect((await bob.perform({ action: "report-inbox" })).inbox).toEqual([]);
  });
});
