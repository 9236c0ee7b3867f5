import { afterEach, describe, expect, it } from "vitest";
import type { MessageAction } from "../../spec/actions.ts";
import { withBody, withHeader, withoutHeader } from "../../wire/sip/edit.ts";
import { header } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { readResourceLists } from "../../wire/xml/resource-lists.ts";
import { deliveryNotificationOf } from "../im/delivery.ts";
import { ENDED_SESSION, GROUP, SESSION, createPagerRig } from "../im/test-rig.ts";
import type { PagerRig, PagerRigOptions } from "../im/test-rig.ts";
import { alice, bob, carol, dave, ted, ask, code, configure, message, putGroup } from "./test-talk.ts";
import type { Edit } from "./test-talk.ts";

let rig: PagerRig;
const start = async (options?: PagerRigOptions): Promise<PagerRig> => (rig = await createPagerRig(options));
afterEach(() => rig.close());

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
    expect((await ask(rig, sender, message([bob, carol, bob]))).status).toBe(202);
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
    await ask(rig, sender, message([bob, carol]), (r) => {
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
    putGroup(rig);
    const [sender, b, c] = await rig.registered("alice", "bob", "carol");
    expect((await ask(rig, sender, message([uri], { toKind }))).status).toBe(202);
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
    putGroup(rig);
    await configure(rig, set);
    const [sender] = await rig.registered("alice", "bob");
    const response = await ask(rig, sender, message(to, more), edit);
    expect([response.status, code(response)]).toEqual([status, warning]);
    expect(header(response, "Unsupported")).toBe(UNSUPPORTED[status === 420 ? set : ""]);
    await rig.settle();
    expect(rig.requests("bob", "in")).toEqual([]);
  });

  it("refuses a group without the IM service, and who is not a member where only members may write", async () => {
    await start();
    putGroup(rig, { supportedServices: { services: [{ featureTag: "+g.other" }] } });
    const [sender, stranger] = await rig.registered("alice", "ted");
    expect((await ask(rig, sender, message([GROUP], { toKind: "group" }))).status).toBe(404);
    putGroup(rig);
    await configure(rig, "members-only");
    expect((await ask(rig, sender, message([GROUP], { toKind: "group" }))).status).toBe(202);
    const response = await ask(rig, stranger, message([GROUP], { toKind: "group" }));
    expect([response.status, code(response)]).toEqual([403, "127"]);
  });

  it("gives nothing of an anonymous sender away", async () => {
    await start();
    putGroup(rig, {
      rules: [{ id: "members", conditions: { isListMember: true }, actions: { "allow-anonymity": true } }],
    });
    const [sender, b, c] = await rig.registered("alice", "bob", "carol");
    expect((await ask(rig, sender, message([GROUP], { toKind: "group", anonymous: true }))).status).toBe(202);
    expect(
      (await ask(rig, sender, message([bob, carol], { anonymous: true, report: ["positive-delivery"] })))
        .status,
    ).toBe(202);
    await rig.settle();
    expect(b.received).toHaveLength(2);
    for (const { headers, body } of [...b.received, ...c.received]) {
      expect(JSON.stringify(headers) + Buffer.from(body).toString()).not.toContain("alice");
    }
  });
});
