import { afterEach, describe, expect, it } from "vitest";
import type { MessageAction } from "../../spec/actions.ts";
import { withBody, withHeader, withoutHeader } from "../../wire/sip/edit.ts";
import { header, headerValues, warningsOf } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { readResourceLists } from "../../wire/xml/resource-lists.ts";
import type { Group } from "../../wire/xml/group.ts";
import type { ImClient } from "../im-client/client.ts";
import { defaultSettings } from "../im-client/config.ts";
import { deliveryNotificationOf, deliveryRequestOf, readableImdn } from "../im/delivery.ts";
import { ENDED_SESSION, FACTORY, GROUP, SESSION, SYSTEM, addressOf, createPagerRig } from "../im/test-rig.ts";
import type { Name, PagerRig, PagerRigOptions } from "../im/test-rig.ts";
import { referencePolicy } from "./config.ts";

let rig: PagerRig;
const start = async (options?: PagerRigOptions): Promise<PagerRig> => (rig = await createPagerRig(options));
afterEach(() => rig.close());

const alice = addressOf("alice");
const bob = addressOf("bob");
const carol = addressOf("carol");
const dave = addressOf("dave");
const ted = addressOf("ted");

const message = (to: readonly string[], more: Partial<MessageAction> = {}): MessageAction => ({
  action: "send-message",
  to,
  toKind: "user",
  text: "hello",
  ...more,
});

type Edit = (request: SipRequest) => SipRequest;

/** Sends and gives the final response. */
async function ask(client: ImClient, action: MessageAction, edit?: Edit): Promise<SipResponse> {
  const outcome = await rig.until(client.sendMessage(action, edit ? { edit } : {}));
  if (outcome?.kind !== "response") throw new Error("no response");
  return outcome.response;
}

const code = (response: SipResponse): string | undefined => warningsOf(response)[0]?.text.slice(0, 3);
const configure = (set: string) => rig.server.perform({ action: "configure", set });

function group(more: Partial<Group> = {}): void {
  const document: Group = {
    uri: GROUP,
    members: [{ uri: alice }, { uri: bob }, { uri: carol }],
    rules: [{ id: "members", conditions: { isListMember: true }, actions: { "allow-anonymity": false } }],
    supportedServices: { services: [{ featureTag: "+g.oma.sip-im" }] },
    ...more,
  };
  rig.xdms.putGroup(alice, document);
}

function rejectFrom(owner: string, media: string, sender: string): void {
  const conditions = { identity: { one: [sender] }, media: { media: [media] } };
  rig.xdms.putAccessRules(owner, { rules: [{ id: "r", conditions, actions: { allowRejectInvite: true } }] });
}

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
    await configure(set);
    const [sender] = await rig.registered("alice", "bob");
    const response = await ask(sender, message([bob], more), edit);
    expect(response.status).toBe(status);
    expect(code(response)).toBe(warning);
    expect(header(response, "Server")).toBe("IM-serv/OMA1.0");
    expect(headerValues(response, "Accept").includes("text/plain")).toBe(status === 415);
    expect(header(response, "Error-Info") !== undefined).toBe(set === "release-required");
    expect(rig.requests("bob", "in")).toEqual([]);
  });

  it("takes a supported release, and a message that has not expired yet", async () => {
    await start();
    await configure("release-required");
    const [sender] = await rig.registered("alice", "bob");
    const response = await ask(sender, message([bob]), (r) =>
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
    expect((await ask(sender, message([bob]))).status).toBe(200);
    await rig.settle(2500);
    const refused = await ask(sender, message([bob]));
    expect(refused.status).toBe(403);
    expect(header(refused, "Error-Info")).toBeDefined();
    expect((await ask(other, message([alice]))).status).toBe(200);
    expect((await ask(sender, message([SYSTEM]))).status).toBe(200);
    expect((await ask(sender, message([bob]))).status).toBe(200);
  });
});

describe("settings (6.1.1.5)", () => {
  const publish = async (client: ImClient, edit: Edit): Promise<SipResponse> => {
    const outcome = await rig.until(client.publish(defaultSettings, { edit }));
    if (outcome.kind !== "response") throw new Error("no response");
    return outcome.response;
  };

  it.each<[string, Edit, number]>([
    ["an entity tag that nobody gave", (r) => withHeader(r, "SIP-If-Match", "unknown"), 412],
    [
      "a body that is not the document",
      (r) => withBody(r, "application/poc-settings+xml", new TextEncoder().encode("<a/>")),
      400,
    ],
    ["another type", (r) => withBody(r, "text/plain", new TextEncoder().encode("on")), 415],
    [
      "no body in a first publication",
      (r) => withoutHeader(withBody(r, "", new Uint8Array(0)), "SIP-If-Match"),
      400,
    ],
    ["a lifetime that is too short", (r) => withHeader(r, "Expires", "5"), 423],
  ])("refuses %s and keeps what it had", async (_, edit, status) => {
    await start();
    const [client] = await rig.registered("alice");
    expect((await publish(client, edit)).status).toBe(status);
    expect(rig.responses("alice", "in", status)).not.toEqual([]);
    expect(JSON.parse((await rig.server.perform({ action: "dump-state" })).says!)).toMatchObject({
      publications: 1,
    });
  });

  it("refuses somebody else's settings", async () => {
    await start();
    const [client] = await rig.registered("alice");
    const response = await publish(client, (r) => ({ ...r, uri: bob }));
    expect([response.status, code(response)]).toEqual([403, "127"]);
  });

  it("refuses another event (RFC 3903 6)", async () => {
    await start();
    const [client] = await rig.registered("alice");
    const direct: Edit = (r) =>
      withHeader(withHeader(r, "Event", "presence"), "P-Asserted-Identity", `<${alice}>`);
    const response = await publish(client, direct);
    expect(response.status).toBe(489);
  });

  it("refuses who may not publish", async () => {
    await start({ users: [{ uri: alice, properties: ["not-authorised-to-publish"] }] });
    await rig.registered("alice");
    expect(code(rig.responses("alice", "in", 403)[0]!)).toBe("127");
  });

  it("forgets what is removed or expires", async () => {
    await start();
    const [client, sender] = await rig.registered("alice", "bob");
    const bar = { ...defaultSettings, barMessages: true };
    await rig.until(client.publish(bar));
    expect((await ask(sender, message([alice]))).status).toBe(403);
    await rig.until(client.publish(bar, { edit: (r) => withHeader(r, "Expires", "0") }));
    expect((await ask(sender, message([alice]))).status).toBe(200);
  });
});

describe("what else comes to the server", () => {
  it.each<[string, Edit, number]>([
    ["a request that may go no further", (r) => withHeader(r, "Max-Forwards", "1"), 483],
    [
      "a method that it does not serve",
      (r) => withHeader({ ...r, method: "INFO", uri: FACTORY }, "CSeq", "1 INFO"),
      405,
    ],
    ["OPTIONS", (r) => withHeader({ ...r, method: "OPTIONS", uri: FACTORY }, "CSeq", "1 OPTIONS"), 200],
  ])("%s is answered", async (_, edit, status) => {
    await start();
    const [sender] = await rig.registered("alice", "bob");
    const response = await ask(sender, message([bob]), edit);
    expect(response.status).toBe(status);
  });

  it("a configuration set that there is not is refused", async () => {
    await start();
    expect(await configure("no-such-set")).toMatchObject({ ok: false, code: "unsupported" });
  });

  it("a behaviour that breaks is answered with 500 and told", async () => {
    await start({
      serverFaults: [
        {
          decisions: {
            admission: {
              mayOriginate: () => {
                throw new Error("broken");
              },
            },
          },
        },
      ],
    });
    const [sender] = await rig.registered("alice", "bob");
    const response = await ask(sender, message([bob]));
    expect(response.status).toBe(500);
    expect(rig.takeErrors()).toMatchObject([{ message: "broken" }]);
  });
});

describe("third-party registration (5.3)", () => {
  it("echoes Expires", async () => {
    await start();
    await rig.registered("alice");
    const [request] = rig.requests("im", "in", "REGISTER");
    const [response] = rig.responses("im", "out", 200);
    expect(header(response!, "Expires")).toBe(header(request!, "Expires"));
  });
});

describe("terminating function (6.1.2)", () => {
  it("bars messages by the settings", async () => {
    await start();
    const [sender, receiver] = await rig.registered("alice", "bob");
    await rig.until(receiver.publish({ ...defaultSettings, barMessages: true }));
    const response = await ask(sender, message([bob]));
    expect([response.status, code(response)]).toEqual([403, "127"]);
    expect(receiver.received).toEqual([]);
  });

  it("asks the access policy", async () => {
    await start();
    const [sender, receiver, other] = await rig.registered("alice", "bob", "carol");
    rejectFrom(bob, "pager-mode-message", alice);
    const response = await ask(sender, message([bob]));
    expect([response.status, code(response)]).toEqual([403, "122"]);
    expect(receiver.received).toEqual([]);
    expect((await ask(other, message([bob]))).status).toBe(200);
  });

  it("refuses content that the receiving side does not take", async () => {
    await start();
    await configure("refused-incoming-type");
    const [sender] = await rig.registered("alice", "bob");
    const response = await ask(sender, message([bob]), (r) =>
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
    rejectFrom(bob, media, alice);
    const advertisement: Edit = (r) =>
      withHeader(
        withHeader(r, "Content-Type", "application/vnd.poc.group-advertisement+xml"),
        "Subject",
        "New group",
      );
    expect((await ask(sender, message([bob]), advertisement)).status).toBe(status);
    expect(
      receiver.inbox.filter((entry) => entry.kind === "group-advertisement" && entry.subject === "New group"),
    ).toHaveLength(arrived);
  });

  it("defers for an absent user and delivers after registration (D.3)", async () => {
    await start();
    const [sender] = await rig.registered("alice");
    expect((await ask(sender, message([bob]))).status).toBe(202);
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
    expect((await ask(sender, message([bob], { anonymous: true }))).status).toBe(202);
    const [receiver] = await rig.registered("bob");
    await rig.settle();
    expect(receiver.received).toHaveLength(1);
    const { headers, body } = receiver.received[0]!;
    expect(JSON.stringify(headers) + Buffer.from(body).toString()).not.toContain("alice");
  });
});

describe("controlling function (8.3)", () => {
  const copies = (): readonly SipRequest[] =>
    rig
      .requests("im", "out")
      .filter(
        (r) =>
          header(r, "User-Agent") === "IM-serv/OMA1.0" &&
          header(r, "Server") === undefined &&
          !deliveryNotificationOf(r),
      );

  it("copies a message to everyone on a list, once", async () => {
    await start();
    const [sender, b, c] = await rig.registered("alice", "bob", "carol");
    expect((await ask(sender, message([bob, carol, bob]))).status).toBe(202);
    await rig.settle();
    expect([b.inbox, c.inbox]).toEqual([
      [{ from: alice, kind: "message", text: "hello" }],
      [{ from: alice, kind: "message", text: "hello" }],
    ]);
    const [copy, ...more] = copies();
    expect(more).toHaveLength(1);
    expect(copy!.uri).toBe(bob);
    expect(header(copy!, "P-Asserted-Identity")).toBe(`<${alice}>`);
    expect(header(copy!, "Accept-Contact")).toBe("*;+g.oma.sip-im");
    expect(header(copy!, "Content-Type")).toBe("text/plain");
    expect(header(copy!, "Require")).toBeUndefined();
    expect(header(copy!, "Referred-By")).toBeUndefined();
  });

  it("tells recipients of each other where the list wants it (RFC 5365 7.3)", async () => {
    await start();
    const [sender, b] = await rig.registered("alice", "bob", "carol");
    await ask(sender, message([bob, carol]), (r) => {
      const document = Buffer.from(r.body)
        .toString()
        .replace(
          `<entry uri="${bob}"`,
          `<entry xmlns:cp="urn:ietf:params:xml:ns:copycontrol" cp:copyControl="to" uri="${bob}"`,
        );
      return withBody(r, header(r, "Content-Type")!, new Uint8Array(Buffer.from(document)));
    });
    await rig.settle();
    const body = Buffer.from(b.received[0]!.body).toString();
    expect(body).toContain("recipient-list-history");
    const list = /<\?xml[^]*<\/resource-lists>/.exec(body)![0];
    expect(readResourceLists(new TextEncoder().encode(list)).entries).toMatchObject([
      { uri: bob, copyControl: "to" },
    ]);
  });

  it.each<[string, "group" | "session", string]>([
    ["the members of a group", "group", GROUP],
    ["the participants of a session", "session", SESSION],
  ])("copies a message to %s", async (_, toKind, uri) => {
    await start();
    group();
    const [sender, b, c] = await rig.registered("alice", "bob", "carol");
    expect((await ask(sender, message([uri], { toKind }))).status).toBe(202);
    await rig.settle();
    expect([sender.received.length, b.received.length, c.received.length]).toEqual([0, 1, 1]);
    for (const copy of copies()) {
      expect(header(copy, "P-Asserted-Identity")).toBe(`<${uri}>`);
      expect(header(copy, "Referred-By")).toBe(`<${alice}>`);
    }
  });

  const UNSUPPORTED: Readonly<Record<string, string>> = {
    "no-uri-list": "recipient-list-message",
    default: "magic",
  };
  const noList: Edit = (r) =>
    withBody(withoutHeader(r, "Require"), "text/plain", new TextEncoder().encode("hello"));
  it.each<
    [string, string, readonly string[], Partial<MessageAction>, Edit | undefined, number, string | undefined]
  >([
    ["too long a list", "default", [bob, carol, dave, ted], {}, undefined, 486, "102"],
    ["a list where the service is not offered", "no-uri-list", [bob, carol], {}, undefined, 420, "122"],
    ["an anonymous list", "no-ad-hoc-anonymity", [bob, carol], { anonymous: true }, undefined, 403, "119"],
    [
      "an anonymous message to a group that forbids it",
      "default",
      [GROUP],
      { toKind: "group", anonymous: true },
      undefined,
      403,
      "119",
    ],
    [
      "an unknown group",
      "default",
      ["sip:nobody@im.home.example"],
      { toKind: "group" },
      undefined,
      404,
      undefined,
    ],
    [
      "a session that has ended",
      "default",
      [ENDED_SESSION],
      { toKind: "session" },
      undefined,
      403,
      undefined,
    ],
    [
      "an unknown factory",
      "default",
      [bob, carol],
      {},
      (r) => ({ ...r, uri: "sip:no-factory@im.home.example" }),
      404,
      undefined,
    ],
    ["a factory without a list", "default", [bob, carol], {}, noList, 400, undefined],
    [
      "an unknown extension",
      "default",
      [bob, carol],
      {},
      (r) => withHeader(r, "Require", "recipient-list-message, magic"),
      420,
      undefined,
    ],
  ])("refuses %s", async (_, set, to, more, edit, status, warning) => {
    await start();
    group();
    await configure(set);
    const [sender] = await rig.registered("alice", "bob");
    const response = await ask(sender, message(to, more), edit);
    expect([response.status, code(response)]).toEqual([status, warning]);
    expect(header(response, "Unsupported")).toBe(UNSUPPORTED[status === 420 ? set : ""]);
    await rig.settle();
    expect(rig.requests("bob", "in")).toEqual([]);
  });

  it("refuses a group without the IM service, and who is not a member where only members may write", async () => {
    await start();
    group({ supportedServices: { services: [{ featureTag: "+g.other" }] } });
    const [sender, stranger] = await rig.registered("alice", "ted");
    expect((await ask(sender, message([GROUP], { toKind: "group" }))).status).toBe(404);
    group();
    await configure("members-only");
    expect((await ask(sender, message([GROUP], { toKind: "group" }))).status).toBe(202);
    const response = await ask(stranger, message([GROUP], { toKind: "group" }));
    expect([response.status, code(response)]).toEqual([403, "127"]);
  });

  it("gives nothing of an anonymous sender away", async () => {
    await start();
    group({
      rules: [{ id: "members", conditions: { isListMember: true }, actions: { "allow-anonymity": true } }],
    });
    const [sender, b, c] = await rig.registered("alice", "bob", "carol");
    expect((await ask(sender, message([GROUP], { toKind: "group", anonymous: true }))).status).toBe(202);
    expect(
      (await ask(sender, message([bob, carol], { anonymous: true, report: ["positive-delivery"] }))).status,
    ).toBe(202);
    await rig.settle();
    expect(b.received).toHaveLength(2);
    for (const { headers, body } of [...b.received, ...c.received]) {
      expect(JSON.stringify(headers) + Buffer.from(body).toString()).not.toContain("alice");
    }
  });
});

describe("aggregation of delivery notifications (8.3.1.2 to 8.3.1.4)", () => {
  const report = ["positive-delivery", "negative-delivery"] as const;
  const reports = (client: ImClient) => client.received.map(deliveryNotificationOf);
  const statuses = (client: ImClient) =>
    reports(client).map((each) =>
      each!.documents.map((document) => readableImdn(document)!.status).toSorted(),
    );
  const ready = async (...names: Name[]) => {
    await start();
    return rig.registered("alice", ...names);
  };

  it("sends one notification when everyone has answered", async () => {
    const [sender] = await ready("bob", "carol");
    await ask(sender, message([bob, carol], { report }));
    await rig.settle();
    expect(statuses(sender)).toEqual([["delivered", "delivered"]]);
    expect(sender.inbox.map((entry) => entry.kind)).toEqual(["delivery-report", "delivery-report"]);
    const [copy] = rig.requests("bob", "in");
    expect(deliveryRequestOf(copy!)!.recordRoutes).toEqual([FACTORY]);
  });

  it("sends what it has when Ts2 expires, and forwards what comes later (D.3)", async () => {
    const [sender] = await ready("bob", "carol");
    await ask(sender, message([bob, carol, dave], { report }));
    await rig.settle(1000);
    expect(sender.received).toEqual([]);
    await rig.settle(5000);
    expect(statuses(sender)).toEqual([["delivered", "delivered"]]);
    await rig.registered("dave");
    await rig.settle();
    expect(statuses(sender)).toEqual([["delivered", "delivered"], ["delivered"]]);
  });

  it("makes a failure notification of a refusal", async () => {
    const [sender, , c] = await ready("bob", "carol");
    c!.answerWith(480);
    await ask(sender, message([bob, carol], { report }));
    await rig.settle();
    expect(statuses(sender)).toEqual([["delivered", "failed"]]);
  });

  it("makes none where none was asked for", async () => {
    const [sender, , c] = await ready("bob", "carol");
    c!.answerWith(480);
    await ask(sender, message([bob, carol], { report: ["positive-delivery"] }));
    await rig.settle(6000);
    expect(statuses(sender)).toEqual([["delivered"]]);
  });

  it("forwards each notification where nothing is gathered", async () => {
    const [sender] = await ready("bob", "carol");
    await configure("no-aggregation");
    await ask(sender, message([bob, carol], { report }));
    await rig.settle();
    expect(statuses(sender)).toEqual([["delivered"], ["delivered"]]);
  });
});

describe("system messages (5.4)", () => {
  it("go to each recipient with the tag and the release", async () => {
    await start();
    const clients = await rig.registered("alice", "bob");
    await rig.until(
      rig.server.perform({
        action: "send-system-message",
        to: [alice, bob],
        text: "",
        externalContent: "http://im.example/terms.html",
        responseRequired: false,
      }),
    );
    for (const client of clients) {
      const [received] = client.received;
      expect(header(received!, "Accept-Contact")).toContain("+g.oma.sip-im.system-message");
      expect(header(received!, "User-Agent")).toBe("IM-serv/OMA1.0");
      expect(header(received!, "Content-Type")).toMatch(/^message\/external-body/);
      expect(client.inbox).toMatchObject([{ kind: "system-message", text: "http://im.example/terms.html" }]);
    }
  });

  it("are not sent when they are too large for one message", async () => {
    await start();
    const answer = await rig.server.perform({
      action: "send-system-message",
      to: [alice],
      text: "x".repeat(1301),
      responseRequired: false,
    });
    expect(answer).toMatchObject({ ok: false, code: "failed" });
  });
});
