/** Private messages (clause 7.2.3.4) and announcements (7.2.3.5). */
import { describe, expect, it } from "vitest";
import { sipResponse } from "../../../wire/sip/build.ts";
import { sipRequest } from "../../../wire/sip/build.ts";
import { parseCpim } from "../../../wire/cpim/parse.ts";
import { msrpHeader } from "../../../wire/msrp/headers.ts";
import { namesRelease } from "./decisions/private-message.ts";
import { cpim, createConference, GROUP, SESSION, textOf } from "./test-rig.ts";

const [ANN, BEN, CAT, DAN] = ["ann", "ben", "cat", "dan"].map((id) => `sip:${id}@home.example`);

describe("a private message", () => {
  it.each([
    ["one", [BEN!], ["ben"]],
    ["two", [BEN!, CAT!], ["ben", "cat"]],
    ["everybody, where the session is among several", [BEN!, SESSION], ["ben", "cat", "dan"]],
  ])("goes to %s, unaltered", async (_, to, receivers) => {
    const { guests, run } = await createConference(["ann", "ben", "cat", "dan"], { delay: 2 });
    guests[0]!.say("hush", { to, messageId: "p1abcd" });
    await run();
    const got = guests.filter((guest) => guest.got.length > 0);
    expect(got.map(({ id }) => id)).toEqual(receivers);
    for (const guest of got) {
      expect(guest.got).toEqual([cpim("hush", { from: ANN, to })]);
      expect(guest.messageIds).toEqual(["p1abcd"]);
    }
  });

  it("reaches an anonymous participant by its alias, and not by its address", async () => {
    const { guests, run, enter } = await createConference(["ann"]);
    const bob = await enter("bob", { alias: { uri: "sip:anonymous-2@anonymous.invalid" } });
    const sendings = [
      guests[0]!.say("1", { to: ["sip:anonymous-2@anonymous.invalid"] }),
      guests[0]!.say("2", { to: [bob.address] }),
    ];
    await run();
    expect(bob.got.map(textOf)).toEqual(["1"]);
    expect(sendings.map(({ outcome }) => outcome)).toMatchObject([{ kind: "sent" }, { status: 404 }]);
  });

  it.each([
    ["the sender may not write privately", { mayWritePrivately: false }, {}, [BEN!], 403],
    ["the recipient's node is of no release", {}, { knowsPrivateMessages: false }, [BEN!], 403],
    ["one of two nodes is of no release", {}, { knowsPrivateMessages: false }, [CAT!, BEN!], 403],
    ["nobody has the address", {}, {}, [DAN!], 404],
    ["there is no address", {}, {}, [], 404],
  ])("is refused when %s", async (_, sender, recipient, to, status) => {
    const { run, enter } = await createConference([]);
    const [ann, ben, cat] = [await enter("ann", sender), await enter("ben", recipient), await enter("cat")];
    const sendings = [ann.say("hush", { to }), ann.say("all")];
    await run();
    expect(sendings.map(({ outcome }) => outcome)).toMatchObject([
      { kind: "failed", status },
      { kind: "sent" },
    ]);
    expect([ben.got, cat.got].map((got) => got.map(textOf))).toEqual([["all"], ["all"]]);
  });

  it("is refused by a server that supports none", async () => {
    const { guests, run } = await createConference(["ann", "ben"], {
      conference: { privateMessages: false },
    });
    const sending = guests[0]!.say("hush", { to: [BEN!] });
    await run();
    expect(sending.outcome).toMatchObject({ status: 403 });
  });

  it("is judged by what holds when it is sent", async () => {
    const { guests, run, hub } = await createConference(["ann", "ben"]);
    hub.change("ann", { mayWritePrivately: false });
    const sending = guests[0]!.say("hush", { to: [BEN!] });
    await run();
    expect(sending.outcome).toMatchObject({ status: 403 });
  });
});

it.each([
  ["User-Agent", "IM-client/OMA1.0 Acme/1", true],
  ["Server", "IM-serv/OMA1.0", true],
  ["User-Agent", "im-SERV/OMA2.0", true],
  ["User-Agent", "Acme/1 IM-client/OMA1.0", false],
  ["User-Agent", "IM-thing/OMA1.0", false],
  ["Subject", "IM-client/OMA1.0", false],
])("%s: %s names a release: %s", (name, value, expected) => {
  const request = sipRequest({ method: "INVITE", uri: SESSION, headers: [[name, value]] });
  expect(namesRelease(request)).toBe(expected);
  const bare = sipRequest({
    method: "INVITE",
    uri: SESSION,
    headers: [
      ["Via", "SIP/2.0/TCP a.example;branch=z9hG4bKx"],
      ["From", "<sip:a@b>;tag=1"],
      ["To", "<sip:c@d>"],
      ["Call-ID", "1"],
      ["CSeq", "1 INVITE"],
    ],
  });
  expect(namesRelease(sipResponse(bare, 200, "OK", { headers: [[name, value]] }))).toBe(expected);
});

describe("an announcement", () => {
  it.each([
    ["announcement", "Announcement"],
    ["system-message", "SysAdmin"],
    ["advertisement", "Advertisement"],
  ] as const)("of the kind %s comes from the conference to each by its own address", async (kind, name) => {
    const { guests, hub, run, enter } = await createConference(["ann"]);
    const bob = await enter("bob", { alias: { uri: "sip:anonymous@anonymous.invalid" } });
    const outcome = hub.announce({ kind, text: "five minutes" });
    await run();
    expect(await outcome).toEqual([
      { id: "ann", status: 200 },
      { id: "bob", status: 200 },
    ]);
    for (const guest of [guests[0]!, bob]) {
      const message = parseCpim(Buffer.from(guest.got[0]!));
      expect(message.headers.map((header) => [header.name, header.value])).toEqual([
        ["From", `"${name}" <${GROUP}>`],
        ["To", `<${guest.address}>`],
      ]);
      expect(message.contentType.type).toBe("text/plain");
      expect(Buffer.from(message.body).toString()).toBe("five minutes");
      expect(msrpHeader(guest.heads[0]!, "Content-Type")).toBe("message/cpim");
    }
  });

  it("goes to those that are meant, and refers to what lies elsewhere", async () => {
    const { guests, hub, run } = await createConference(["ann", "ben"]);
    void hub.announce({ kind: "advertisement", externalContent: "http://ads.example/1" }, ["ben"]);
    await run();
    expect(guests[0]!.got).toEqual([]);
    const message = parseCpim(Buffer.from(guests[1]!.got[0]!));
    expect(message.contentType.type).toBe("message/external-body");
  });

  it("tells of those whom it did not reach", async () => {
    const { guests, hub, run } = await createConference(["ann", "ben"]);
    const outcome = hub.announce("bye");
    guests[1]!.session.destroyConnection();
    await run();
    expect(await outcome).toEqual([
      { id: "ann", status: 200 },
      { id: "ben", status: 481 },
    ]);
  });
});
