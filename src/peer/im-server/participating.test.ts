import { afterEach, describe, expect, it } from "vitest";
import type { MessageAction } from "../../spec/actions.ts";
import { withHeader } from "../../wire/sip/edit.ts";
import { headerValues, header } from "../../wire/sip/headers.ts";
import { defaultSettings } from "../im-client/config.ts";
import { SYSTEM, createPagerRig } from "../im/test-rig.ts";
import type { PagerRig, PagerRigOptions } from "../im/test-rig.ts";
import { referencePolicy } from "./config.ts";
import { alice, bob, ask, code, configure, message, rejectFrom } from "./test-talk.ts";
import type { Edit } from "./test-talk.ts";

let rig: PagerRig;
const start = async (options?: PagerRigOptions): Promise<PagerRig> => (rig = await createPagerRig(options));
afterEach(() => rig.close());

describe("originating function (6.1.1)", () => {
  const users = [{ uri: alice, properties: ["unauthorised"] as const }];
  it.each<
    [string, PagerRigOptions, string, Partial<MessageAction>, Edit | undefined, number, string | undefined]
  >([
    ["an unauthorised sender", { users }, "default", {}, undefined, 403, "127"],
    ["anonymity that is not allowed", {}, "no-anonymity", { anonymous: true }, undefined, 403, "119"],
    [
      "a user without the right to anonymity",
      { users: [{ uri: alice, properties: ["anonymity-not-allowed"] }] },
      "default",
      { anonymous: true },
      undefined,
      403,
      "119",
    ],
    [
      "a release that is not supported",
      {},
      "release-required",
      {},
      (r) => withHeader(r, "User-Agent", "Other/1.0"),
      403,
      undefined,
    ],
    [
      "a refused type",
      {},
      "default",
      {},
      (r) => withHeader(r, "Content-Type", "application/x-refused"),
      415,
      undefined,
    ],
    [
      "a message that is too large",
      { server: { policy: { ...referencePolicy, maximumBytes: 3 } } },
      "default",
      {},
      undefined,
      415,
      undefined,
    ],
    [
      "an expired message",
      {},
      "default",
      {},
      (r) => withHeader(withHeader(r, "Date", "Thu, 16 Aug 2007 00:00:00 GMT"), "Expires", "0"),
      480,
      undefined,
    ],
  ])("refuses %s", async (_, options, set, more, edit, status, warning) => {
    await start(options);
    await configure(rig, set);
    const [sender] = await rig.registered("alice", "bob");
    const response = await ask(rig, sender, message([bob], more), edit);
    expect(response.status).toBe(status);
    expect(code(response)).toBe(warning);
    expect(header(response, "Server")).toBe("IM-serv/OMA1.0");
    expect(headerValues(response, "Accept").includes("text/plain")).toBe(status === 415);
    expect(header(response, "Error-Info") !== undefined).toBe(set === "release-required");
    expect(rig.requests("bob", "in")).toEqual([]);
  });

  it("takes a supported release, and a message that has not expired yet", async () => {
    await start();
    await configure(rig, "release-required");
    const [sender] = await rig.registered("alice", "bob");
    const response = await ask(rig, sender, message([bob]), (r) =>
      withHeader(withHeader(r, "Date", "Thu, 16 Aug 2007 00:00:00 GMT"), "Expires", "3600"),
    );
    expect(response.status).toBe(200);
  });

  it("shuts out who leaves a system message unanswered, until the answer comes", async () => {
    await start();
    const [sender, other] = await rig.registered("alice", "bob");
    const action = {
      action: "send-system-message",
      to: [alice],
      text: "accept the new terms?",
      responseRequired: true,
    } as const;
    expect(await rig.until(rig.server.perform(action))).toMatchObject({ ok: true, says: `${alice}: 200` });
    expect(sender.inbox).toEqual([{ from: SYSTEM, kind: "system-message", text: "accept the new terms?" }]);
    expect((await ask(rig, sender, message([bob]))).status).toBe(200);
    await rig.settle(2500);
    const refused = await ask(rig, sender, message([bob]));
    expect(refused.status).toBe(403);
    expect(header(refused, "Error-Info")).toBeDefined();
    expect((await ask(rig, other, message([alice]))).status).toBe(200);
    expect((await ask(rig, sender, message([SYSTEM]))).status).toBe(200);
    expect((await ask(rig, sender, message([bob]))).status).toBe(200);
  });
});

describe("terminating function (6.1.2)", () => {
  it("bars messages by the settings", async () => {
    await start();
    const [sender, receiver] = await rig.registered("alice", "bob");
    await rig.until(receiver.publish({ ...defaultSettings, barMessages: true }));
    const response = await ask(rig, sender, message([bob]));
    expect([response.status, code(response)]).toEqual([403, "127"]);
    expect(receiver.received).toEqual([]);
  });

  it("asks the access policy", async () => {
    await start();
    const [sender, receiver, other] = await rig.registered("alice", "bob", "carol");
    rejectFrom(rig, bob, "pager-mode-message", alice);
    const response = await ask(rig, sender, message([bob]));
    expect([response.status, code(response)]).toEqual([403, "122"]);
    expect(receiver.received).toEqual([]);
    expect((await ask(rig, other, message([bob]))).status).toBe(200);
  });

  it("looks into the lists that the access policy names (Appendix R)", async () => {
    await start();
    const [sender, , other] = await rig.registered("alice", "bob", "carol");
    rig.xdms.putResourceLists(bob, { lists: [{ name: "oma_blockedcontacts", entries: [{ uri: alice }] }] });
    const list = "list%5b@name=%22oma_blockedcontacts%22%5d";
    const anchor = `${rig.xdms.root}/resource-lists/users/${bob}/index/~~/resource-lists/${list}`;
    rig.xdms.putAccessRules(bob, {
      rules: [{ id: "r", conditions: { externalLists: [anchor] }, actions: { allowRejectInvite: true } }],
    });
    expect((await ask(rig, sender, message([bob]))).status).toBe(403);
    expect((await ask(rig, other, message([bob]))).status).toBe(200);
  });

  it("refuses content that the receiving side does not take", async () => {
    await start();
    await configure(rig, "refused-incoming-type");
    const [sender] = await rig.registered("alice", "bob");
    const response = await ask(rig, sender, message([bob]), (r) =>
      withHeader(r, "Content-Type", "application/x-refused-incoming"),
    );
    expect(response.status).toBe(415);
    expect(headerValues(response, "Accept")).toContain("text/plain");
  });

  it.each([
    ["passes a group advertisement on", "pager-mode-message", 200, 1],
    ["refuses a group advertisement by its own rule", "group-advertisement", 403, 0],
  ] as const)("%s (6.1.2.6)", async (_, media, status, arrived) => {
    await start();
    const [sender, receiver] = await rig.registered("alice", "bob");
    rejectFrom(rig, bob, media, alice);
    const advertisement: Edit = (r) =>
      withHeader(
        withHeader(r, "Content-Type", "application/vnd.poc.group-advertisement+xml"),
        "Subject",
        "New group",
      );
    expect((await ask(rig, sender, message([bob]), advertisement)).status).toBe(status);
    expect(
      receiver.inbox.filter((entry) => entry.kind === "group-advertisement" && entry.subject === "New group"),
    ).toHaveLength(arrived);
  });

  it("defers for an absent user and delivers after registration (D.3)", async () => {
    await start();
    const [sender] = await rig.registered("alice");
    expect((await ask(rig, sender, message([bob]))).status).toBe(202);
    const [receiver] = await rig.registered("bob");
    await rig.settle();
    expect(receiver.inbox).toMatchObject([{ from: alice, text: "hello" }]);
    expect(header(receiver.received[0]!, "Call-ID")).toBe(
      header(rig.requests("alice", "out")[0]!, "Call-ID"),
    );
  });

  it("delivers what it deferred anonymously without telling whose it is", async () => {
    await start();
    const [sender] = await rig.registered("alice");
    expect((await ask(rig, sender, message([bob], { anonymous: true }))).status).toBe(202);
    const [receiver] = await rig.registered("bob");
    await rig.settle();
    expect(receiver.received).toHaveLength(1);
    const { headers, body } = receiver.received[0]!;
    expect(JSON.stringify(headers) + Buffer.from(body).toString()).not.toContain("alice");
  });
});
