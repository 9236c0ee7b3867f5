import { describe, expect, it } from "vitest";
import { withHeader } from "../../wire/sip/edit.ts";
import { header } from "../../wire/sip/headers.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import type { EventPackage } from "./notifier.ts";
import type { ServedSubscription } from "./served-subscription.ts";
import { eventWorld, type EventWorld, FROM_ALICE, request, side, wrongMessages } from "./testdata.ts";

const TOLD = ["< NOTIFY", "> 200 NOTIFY"];
const ASKED = ["> SUBSCRIBE", "< 200 SUBSCRIBE", ...TOLD];
const TYPE = "application/conference-info+xml";

/** A package that counts its NOTIFYs. */
function counting(
  more: Partial<EventPackage> = {},
): EventPackage & { served: ServedSubscription[]; ended: string[] } {
  const served: ServedSubscription[] = [];
  const ended: string[] = [];
  return {
    served,
    ended,
    name: "conference",
    content: (subscription, cause) => ({
      body: { contentType: TYPE, bytes: Buffer.from(`${subscription.notified} ${cause}`) },
    }),
    onBegin: (subscription) => served.push(subscription),
    onEnd: (_subscription, why) => ended.push(why),
    ...more,
  };
}

function subscribe(world: EventWorld, more: object = {}) {
  const told: string[] = [];
  const subscribing = world.alice.events.subscribe({
    ...FROM_ALICE,
    event: "conference",
    expiresS: 600,
    accept: [TYPE],
    on: {
      onNotify: ({ body, state }) => told.push(`${state?.state}: ${Buffer.from(body).toString()}`),
      onEnd: (end, again) => told.push(`ended by ${end.by}, again ${again.when}`),
    },
    ...more,
  });
  return { subscribing, told };
}

describe("a subscription between two endpoints", () => {
  it("begins, is told of changes, is refreshed, and ends", async () => {
    const world = await eventWorld();
    const conference = counting();
    world.bob.events.serve(conference);
    const { subscribing, told } = subscribe(world);
    await world.pass(1000);
    conference.served[0]?.changed();
    await world.pass(545_000);
    subscribing.end();
    await world.pass(1000);
    expect(told).toEqual([
      "active: 0 subscribed",
      "active: 1 changed",
      "active: 2 refreshed",
      "terminated: 3 ended",
      "ended by notifier, again never",
    ]);
    expect(world.story()).toEqual([...ASKED, ...TOLD, ...ASKED, ...ASKED]);
    expect(conference.ended).toEqual(["done"]);
    expect([world.alice.events.dialogs.size, world.bob.events.dialogs.size]).toEqual([0, 0]);
    expect(wrongMessages(world)).toEqual([]);
    expect(world.mistakes).toEqual([]);
  });

  it("runs out, and says so", async () => {
    const world = await eventWorld();
    world.bob.events.serve(counting());
    const { told } = subscribe(world, { refreshAfterMs: () => undefined });
    await world.pass(601_000);
    expect(told.at(-1)).toMatch(/ended by (?:notifier|expiry), again now/);
    expect(world.alice.events.dialogs.size).toBe(0);
  });

  it("fetches once", async () => {
    const world = await eventWorld();
    const conference = counting();
    world.bob.events.serve(conference);
    const { told } = subscribe(world, { expiresS: 0 });
    await world.pass(1000);
    expect(told).toEqual(["terminated: 0 ended", "ended by notifier, again never"]);
    expect(conference.ended).toEqual(["done"]);
  });

  it("waits for leave", async () => {
    const world = await eventWorld();
    const conference = counting({ admit: () => ({ admit: "pending", status: 202 }) });
    world.bob.events.serve(conference);
    const { told, subscribing } = subscribe(world);
    await world.pass(1000);
    expect(subscribing.subscriptions[0]?.state).toBe("pending");
    conference.served[0]?.allow();
    await world.pass(1000);
    conference.served[0]?.end("rejected");
    await world.pass(1000);
    expect(told).toEqual([
      "pending: 0 subscribed",
      "active: 1 allowed",
      "terminated: 2 ended",
      "ended by notifier, again never",
    ]);
  });

  it("asks for longer when it was too brief (423)", async () => {
    const world = await eventWorld();
    world.bob.events.serve(counting({ rules: { minimumS: 300 } }));
    const { subscribing } = subscribe(world, { expiresS: 60 });
    await world.pass(1000);
    expect(world.story().slice(0, 4)).toEqual([
      "> SUBSCRIBE",
      "< 423 SUBSCRIBE",
      "> SUBSCRIBE",
      "< 200 SUBSCRIBE",
    ]);
    expect(header(subscribing.request!, "Expires")).toBe("300");
    expect(subscribing.subscriptions[0]?.state).toBe("active");
    expect(world.bob.events.dialogs.size).toBe(1);
  });

  it("contents of their own go out one by one, the last with the end", async () => {
    const world = await eventWorld();
    const conference = counting({ rules: { paceMs: 2000 } });
    world.bob.events.serve(conference);
    const { told } = subscribe(world);
    await world.pass(100);
    const content = (text: string) => ({ body: { contentType: TYPE, bytes: Buffer.from(text) } });
    for (const text of ["a", "b"]) conference.served[0]?.notify(content(text));
    await world.pass(5000);
    conference.served[0]?.end("noresource", { content: content("c") });
    await world.pass(100);
    expect(told.slice(1, -1)).toEqual(["active: a", "active: b", "terminated: c"]);
  });

  it("every message can be changed, and held back, and carries its stimulus", async () => {
    const world = await eventWorld(
      {},
      {
        edit: (message, occasion) =>
          occasion === "NOTIFY" ? withHeader(message, "Event", "other") : message,
      },
    );
    world.bob.events.serve(counting());
    const { told } = subscribe(world, {
      stimulus: "s1",
      headers: [
        ["Subject", "x"],
        ["Expires", "7"],
      ],
    });
    await world.pass(1000);
    const [first] = world.crossings;
    expect(first?.annotation).toEqual({ stimulus: "s1" });
    expect([header(first!.message!, "Subject"), header(first!.message!, "Expires")]).toEqual(["x", "7"]);
    // A NOTIFY of another event belongs to nothing.
    expect(world.story().at(-1)).toBe("> 481 NOTIFY");
    expect(told).toEqual([]);
    expect(world.bob.events.dialogs.size).toBe(0);
  });
});

describe("what is not as usual", () => {
  it("NOTIFY before the 2xx", async () => {
    const world = await eventWorld();
    const late: (() => void)[] = [];
    const dave = await side(world, "dave", {}, (incoming) => {
      const { message, source, local, annotation } = incoming;
      const respond: typeof incoming.respond = (response, note) => {
        const go = () => incoming.respond(response, note);
        if (message.method === "SUBSCRIBE") late.push(go);
        else go();
      };
      return { message, source, local, annotation, respond, answered: false, onCancel: () => undefined };
    });
    dave.events.serve(counting());
    const { told, subscribing } = subscribe(world, { to: dave.hop });
    await world.pass(5000);
    expect(told).toEqual(["active: 0 subscribed"]);
    late.forEach((send) => send());
    await world.pass(1000);
    expect(subscribing.subscriptions.map(({ state }) => state)).toEqual(["active"]);
    expect(world.alice.events.dialogs.size).toBe(1);
  });

  it.each([
    ["all", 2, "> 200 NOTIFY"],
    ["first", 1, "> 481 NOTIFY"],
  ] as const)("a SUBSCRIBE that forked, forks %s", async (forks, count, answered) => {
    const world = await eventWorld();
    const carol = await side(world, "carol");
    world.bob.events.serve(counting());
    carol.events.serve(counting());
    const { subscribing } = subscribe(world, { forks });
    // The same request reaches another notifier, as behind a forking proxy whose 2xx is bob's.
    const { request: sent } = subscribing;
    world.alice.endpoint.send(sent!, { to: carol.hop });
    await world.pass(1000);
    expect(subscribing.subscriptions).toHaveLength(count);
    expect(
      world
        .story()
        .filter((line) => line.endsWith("NOTIFY") && line.startsWith(">"))
        .sort(),
    ).toEqual(["> 200 NOTIFY", answered].sort());
    expect(subscribing.subscriptions.map(({ state }) => state)).toEqual(Array(count).fill("active"));
  });

  it("a NOTIFY that is out of order gets 500, one for nobody 481", async () => {
    const world = await eventWorld();
    const conference = counting();
    world.bob.events.serve(conference);
    subscribe(world);
    await world.pass(1000);
    const handle = conference.served[0]!.handle;
    const notify = (sequence: number, event = "conference") =>
      handle.send(
        handle.compose({
          method: "NOTIFY",
          sequence,
          headers: [
            ["Event", event],
            ["Subscription-State", "active"],
            ["Contact", "<sip:bob@bob>"],
          ],
        }),
      );
    notify(0);
    notify(20);
    notify(19);
    notify(21, "presence");
    await world.pass(1000);
    const answers = world.story().filter((line) => line.startsWith("> ") && line.endsWith("NOTIFY"));
    expect(answers.sort()).toEqual([
      "> 200 NOTIFY",
      "> 200 NOTIFY",
      "> 481 NOTIFY",
      "> 500 NOTIFY",
      "> 500 NOTIFY",
    ]);
  });

  it("a subscriber that has gone is forgotten with the first NOTIFY that nobody answers", async () => {
    const world = await eventWorld();
    const conference = counting();
    world.bob.events.serve(conference);
    subscribe(world);
    await world.pass(1000);
    await world.alice.endpoint.close();
    conference.served[0]?.changed();
    await world.pass(40_000);
    expect(conference.ended).toEqual(["gone"]);
    expect(world.bob.events.dialogs.size).toBe(0);
  });

  it("a notifier that has forgotten the subscription ends it at the refresh (481)", async () => {
    const world = await eventWorld();
    const conference = counting();
    world.bob.events.serve(conference);
    const { told } = subscribe(world);
    await world.pass(1000);
    conference.served[0]?.forget();
    await world.pass(541_000);
    expect(told.at(-1)).toBe("ended by response, again now");
    expect(conference.ended).toEqual(["forgotten"]);
  });

  it.each<[string, HeaderPair[], string, number, string | undefined]>([
    ["an unknown package", [["Event", "weather"]], "", 489, "conference"],
    ["no package", [], "", 489, "conference"],
    ["what only REFER makes", [["Event", "refer;id=7"]], "", 403, undefined],
    [
      "a type that is not there",
      [
        ["Event", "conference"],
        ["Accept", "text/plain"],
      ],
      "",
      406,
      undefined,
    ],
    ["a dialog that is not there", [["Event", "conference"]], ";tag=x", 481, undefined],
  ])("SUBSCRIBE for %s", async (_what, headers, tag, status, allowed) => {
    const world = await eventWorld();
    world.bob.events.serve(counting({ contentTypes: [TYPE] }));
    const fields: HeaderPair[] = [["Contact", "<sip:alice@alice>"], ...headers];
    const response = await world.ask(request("SUBSCRIBE", fields, undefined, `<sip:bob@example.org>${tag}`));
    expect(response?.status).toBe(status);
    expect(header(response!, "Allow-Events")).toBe(allowed);
  });

  it("of which nothing is told ends with Timer N", async () => {
    const world = await eventWorld(
      {},
      { edit: (message, occasion) => (occasion === "NOTIFY" ? undefined : message) },
    );
    world.bob.events.serve(counting());
    const { told } = subscribe(world);
    await world.pass(33_000);
    expect(told).toEqual(["ended by no-notify, again now"]);
  });
});

describe.each([1, 2, 3, 4, 5, 6])("a network that loses and reorders, seed %i", (seed) => {
  it("tells the last state, and leaves nothing behind", async () => {
    const world = await eventWorld({ seed, loss: 0.2, reorder: 0.2, delay: [5, 120] });
    const conference = counting();
    world.bob.events.serve(conference);
    const { told, subscribing } = subscribe(world);
    await world.pass(40_000);
    for (let change = 0; change < 10; change += 1) {
      conference.served[0]?.changed();
      await world.pass(3000);
    }
    await world.pass(40_000);
    expect(told.at(-1)).toBe(`active: ${conference.served[0]!.notified - 1} changed`);
    subscribing.end();
    await world.pass(80_000);
    expect(told.at(-1)).toMatch(/^ended by/);
    expect([world.alice.events.dialogs.size, world.bob.events.dialogs.size]).toEqual([0, 0]);
    expect(world.mistakes).toEqual([]);
  });
});
