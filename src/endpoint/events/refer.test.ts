import { describe, expect, it } from "vitest";
import { dialogOfRequest, dialogOfResponse } from "../../machine/dialog/dialog.ts";
import { type HeaderPair, sipResponse } from "../../wire/sip/build.ts";
import { header } from "../../wire/sip/headers.ts";
import { referUri } from "../../wire/sip/refer-fields.ts";
import type { AcceptReferOptions, ReceivedRefer, ReferReporting } from "./refer-receiver.ts";
import type { ReferOptions } from "./referrer.ts";
import { eventWorld, type EventWorld, FROM_ALICE, request, wrongMessages } from "./testdata.ts";

const CAROL = "sip:carol@example.org";

function taking(world: EventWorld, options?: AcceptReferOptions) {
  const received: ReceivedRefer[] = [];
  const reporting: ReferReporting[] = [];
  world.bob.events.onRefer((refer) => {
    received.push(refer);
    reporting.push(refer.accept(options));
  });
  return { received, reporting };
}

function refer(world: EventWorld, more: Partial<ReferOptions> = {}) {
  const told: string[] = [];
  const referring = world.alice.events.refer({
    ...FROM_ALICE,
    ...(more.recipients === undefined ? { referTo: CAROL } : {}),
    onProgress: ({ status, notification }) => told.push(`${status} ${notification.state?.state}`),
    on: { onEnd: (end) => told.push(`ended by ${end.by} ${"reason" in end ? end.reason : ""}`) },
    ...more,
  });
  return { referring, told };
}

describe("REFER outside a dialog", () => {
  it("is accepted, and told of what comes of it", async () => {
    const world = await eventWorld();
    const { received, reporting } = taking(world);
    const { told, referring } = refer(world, {
      referTo: referUri(CAROL, { method: "BYE" }),
      referredBy: "<sip:alice@example.org>",
    });
    await world.pass(100);
    reporting[0]?.tell(180);
    await world.pass(100);
    reporting[0]?.tell(200);
    await world.pass(100);
    expect(told).toEqual(["100 active", "180 active", "200 terminated", "ended by notifier noresource"]);
    expect(received[0]).toMatchObject({
      targets: [{ requestUri: CAROL, method: "BYE" }],
      referredBy: { uri: "sip:alice@example.org" },
      subscriptionWanted: true,
      entries: undefined,
    });
    expect(referring.response?.status).toBe(202);
    expect(header(referring.response!, "Refer-Sub")).toBeUndefined();
    expect(referring.withoutSubscription).toBe(false);
    expect([world.alice.events.dialogs.size, world.bob.events.dialogs.size]).toEqual([0, 0]);
    expect(wrongMessages(world)).toEqual([]);
    expect(world.mistakes).toEqual([]);
  });

  it.each<[string, Partial<ReferOptions>, AcceptReferOptions, string | undefined, boolean]>([
    ["is asked for and granted (Refer-Sub: false)", { subscription: false }, {}, "false", true],
    ["is required", { subscription: false, requireNorefersub: true }, {}, "false", true],
    ["is asked for and not granted", { subscription: false }, { subscription: true }, "true", false],
    ["is not asked for", {}, { subscription: false }, "false", true],
    ["is refused in so many words", { subscription: true }, {}, "true", false],
  ])("no subscription: %s", async (_what, asked, accepted, referSub, without) => {
    const world = await eventWorld();
    const { reporting } = taking(world, accepted);
    const { referring, told } = refer(world, asked);
    await world.pass(100);
    reporting[0]?.tell(200);
    await world.pass(100);
    expect(header(referring.response!, "Refer-Sub")).toBe(referSub);
    expect(referring.withoutSubscription).toBe(without);
    expect(told).toEqual(without ? [] : ["100 active", "200 terminated", "ended by notifier noresource"]);
    expect(world.alice.events.dialogs.size).toBe(0);
    expect(wrongMessages(world)).toEqual([]);
  });

  it("runs out when nothing comes of it, and can be left", async () => {
    const world = await eventWorld();
    taking(world, { expiresS: 60 });
    const first = refer(world);
    const second = refer(world);
    await world.pass(1000);
    second.referring.end();
    await world.pass(1000);
    expect(second.told.at(-1)).toBe("ended by notifier timeout");
    await world.pass(60_000);
    expect(first.told.at(-1)).toMatch(/^ended by (?:notifier timeout|expiry)/);
  });

  it("is refused", async () => {
    const world = await eventWorld();
    world.bob.events.onRefer((received) => received.reject(603, { reason: "No" }));
    const { told, referring } = refer(world);
    await world.pass(100);
    expect(referring.response?.reason).toBe("No");
    expect(told).toEqual(["ended by response "]);
  });
});

describe("REFER with several targets (RFC 5368)", () => {
  const recipients = [
    { uri: CAROL, copyControl: "to" },
    { uri: "sip:dave@example.org;method=BYE", copyControl: "cc" },
    { uri: CAROL },
  ] as const;

  it("points to a list, and makes no subscription", async () => {
    const world = await eventWorld();
    const { received } = taking(world);
    const { referring } = refer(world, { recipients });
    await world.pass(100);
    expect(received[0]?.targets.map(({ requestUri, method }) => [requestUri, method])).toEqual([
      [CAROL, "INVITE"],
      ["sip:dave@example.org", "BYE"],
    ]);
    expect(received[0]?.entries).toHaveLength(2);
    const sent = referring.request!;
    expect(header(sent, "Require")).toBe("multiple-refer, norefersub");
    expect(header(sent, "Refer-To")).toBe(`<cid:${header(sent, "Content-ID")?.slice(1, -1)}>`);
    expect([referring.response?.status, referring.withoutSubscription]).toEqual([200, true]);
    expect(wrongMessages(world)).toEqual([]);
  });

  it("beside another body", async () => {
    const world = await eventWorld();
    const { received } = taking(world);
    refer(world, { recipients, body: { contentType: "text/plain", bytes: Buffer.from("come") } });
    await world.pass(100);
    expect(received[0]?.targets).toHaveLength(2);
  });
});

describe("what is wrong with a REFER", () => {
  const contact: HeaderPair = ["Contact", "<sip:alice@alice>"];
  it.each<[string, HeaderPair[], string, number]>([
    ["no Refer-To", [], "", 400],
    [
      "two of them",
      [
        ["Refer-To", "<sip:a@b>"],
        ["Refer-To", "<sip:c@d>"],
      ],
      "",
      400,
    ],
    [
      "two Referred-By",
      [
        ["Refer-To", "<sip:a@b>"],
        ["Referred-By", "<sip:c@d>"],
        ["Referred-By", "<sip:c@d>"],
      ],
      "",
      400,
    ],
    [
      "an unknown extension",
      [
        ["Refer-To", "<sip:a@b>"],
        ["Require", "norefersub, magic"],
      ],
      "",
      420,
    ],
    [
      "no list",
      [
        ["Refer-To", "<cid:a@b>"],
        ["Require", "multiple-refer"],
      ],
      "",
      400,
    ],
    ["a dialog that is not there", [["Refer-To", "<sip:a@b>"]], ";tag=x", 481],
  ])("%s", async (_what, headers, tag, status) => {
    const world = await eventWorld();
    const { received } = taking(world);
    const response = await world.ask(
      request("REFER", [contact, ...headers], undefined, `<sip:bob@example.org>${tag}`),
    );
    expect(response?.status).toBe(status);
    expect(header(response!, "Unsupported")).toBe(status === 420 ? "magic" : undefined);
    expect(received).toEqual([]);
  });

  it("is the handler's business where it wants it to be", async () => {
    const world = await eventWorld({}, { checks: false } as object);
    const { received } = taking(world);
    expect((await world.ask(request("REFER", [contact])))?.status).toBe(202);
    expect(received[0]?.targets).toEqual([]);
  });
});

describe("REFER within a dialog of a session", () => {
  /** As if an INVITE had been answered: each side has the dialog, with a session in it. */
  async function inSession() {
    const world = await eventWorld();
    const invite = request("INVITE", [["Contact", "<sip:alice@alice>"]]);
    const accepted = sipResponse(invite, 200, undefined, {
      headers: [["Contact", "<sip:bob@bob>"]],
      toTag: "b",
    });
    const near = world.alice.events.dialogs.open(dialogOfResponse(invite, accepted)!, world.bob.hop);
    const far = world.bob.events.dialogs.open(dialogOfRequest(invite, "b", "confirmed"), world.alice.hop);
    const session = { name: "INVITE", receive: () => false };
    return { world, near, leave: [near.attach(session), far.attach(session)] };
  }

  it("shares it; two at a time are told apart by id", async () => {
    const { world, near, leave } = await inSession();
    const { reporting, received } = taking(world);
    const first = refer(world, { within: near });
    const second = refer(world, { within: near });
    await world.pass(100);
    reporting[1]?.tell(200);
    await world.pass(100);
    reporting[0]?.tell(486);
    await world.pass(100);
    expect(first.told).toEqual(["100 active", "486 terminated", "ended by notifier noresource"]);
    expect(second.told).toEqual(["100 active", "200 terminated", "ended by notifier noresource"]);
    expect(received.map(({ handle }) => handle?.dialog.callId)).toEqual([
      near.dialog.callId,
      near.dialog.callId,
    ]);
    const ids = world.crossings.flatMap(({ node, message }) =>
      node === "alice" && message?.kind === "request" && message.method === "NOTIFY"
        ? [header(message, "Event")]
        : [],
    );
    expect(new Set(ids)).toEqual(new Set(["refer;id=2", "refer;id=3"]));
    // The session is still there.
    expect([world.alice.events.dialogs.size, near.usages.length]).toEqual([1, 1]);
    leave.forEach((end) => end());
    expect([world.alice.events.dialogs.size, world.bob.events.dialogs.size]).toEqual([0, 0]);
    expect(world.mistakes).toEqual([]);
  });

  it("a subscription too", async () => {
    const { world, near } = await inSession();
    world.bob.events.serve({
      name: "conference",
      content: () => ({ body: { contentType: "text/plain", bytes: Buffer.from("x") } }),
    });
    const subscribing = world.alice.events.subscribe({ within: near, event: "conference", expiresS: 600 });
    await world.pass(100);
    expect(subscribing.subscriptions[0]).toMatchObject({ state: "active", handle: near });
    expect(near.usages.map(({ name }) => name)).toEqual(["INVITE", "subscription conference"]);
    subscribing.end();
    await world.pass(100);
    expect(near.usages.map(({ name }) => name)).toEqual(["INVITE"]);
  });
});

describe.each([1, 2, 3, 4])("a network that loses and reorders, seed %i", (seed) => {
  it("each REFER ends with its result", async () => {
    const world = await eventWorld({ seed, loss: 0.2, reorder: 0.2, delay: [5, 120] });
    const { reporting } = taking(world);
    const all = [1, 2, 3, 4, 5].map(() => refer(world));
    await world.pass(20_000);
    reporting.forEach((report) => report.tell(180));
    reporting.forEach((report) => report.tell(200));
    await world.pass(60_000);
    for (const { told } of all)
      expect(told.slice(-2)).toEqual(["200 terminated", "ended by notifier noresource"]);
    expect(world.mistakes).toEqual([]);
  });
});
