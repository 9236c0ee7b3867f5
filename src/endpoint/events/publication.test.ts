import { describe, expect, it } from "vitest";
import { type HeaderPair, sipResponse } from "../../wire/sip/build.ts";
import { header } from "../../wire/sip/headers.ts";
import type { CompositorOptions } from "./compositor.ts";
import { eventWorld, type EventWorld, FROM_ALICE, request, wrongMessages } from "./testdata.ts";

const TYPE = "application/pidf+xml";
const body = (text: string) => ({ contentType: TYPE, bytes: Buffer.from(text) });

function compose(world: EventWorld, more: Partial<CompositorOptions> = {}) {
  const changes: string[] = [];
  const compositor = world.bob.events.compose({
    packages: ["presence"],
    contentTypes: [TYPE],
    onChange: ({ what, publication }) =>
      changes.push(`${what} ${Buffer.from(publication.content.bytes).toString()}`),
    ...more,
  });
  return { compositor, changes };
}

function publish(world: EventWorld, more: object = {}) {
  const told: string[] = [];
  const publishing = world.alice.events.publish({
    ...FROM_ALICE,
    event: "presence",
    expiresS: 600,
    on: {
      onChange: (change) => told.push("status" in change ? `${change.type} ${change.status}` : change.type),
    },
    ...more,
  });
  return { publishing, told };
}

describe("a publication between two endpoints", () => {
  it("is made, refreshed, modified and removed", async () => {
    const world = await eventWorld();
    const { compositor, changes } = compose(world);
    const { publishing, told } = publish(world);
    publishing.publish(body("open"), { stimulus: "s1", headers: [["Subject", "x"]] });
    await world.pass(545_000);
    publishing.publish(body("busy"));
    await world.pass(100);
    expect(
      compositor.of("sip:bob@example.org", "presence").map(({ content }) => content.contentType),
    ).toEqual([TYPE]);
    publishing.remove();
    await world.pass(100);
    expect(changes).toEqual(["created open", "refreshed open", "modified busy", "removed busy"]);
    expect(told).toEqual(["published", "published", "published", "removed"]);
    const [first, ...others] = world.crossings.filter(
      ({ node, direction }) => node === "alice" && direction === "out",
    );
    expect(first?.annotation).toEqual({ stimulus: "s1" });
    expect([header(first!.message!, "Subject"), header(others[0]!.message!, "Subject")]).toEqual([
      "x",
      undefined,
    ]);
    expect(
      others.map(({ message }) => [
        header(message!, "CSeq"),
        header(message!, "Expires"),
        message!.body.length,
      ]),
    ).toEqual([
      ["2 PUBLISH", "600", 0],
      ["3 PUBLISH", "600", 4],
      ["4 PUBLISH", "0", 0],
    ]);
    expect(wrongMessages(world)).toEqual([]);
  });

  it("is made anew when the compositor has forgotten it (412)", async () => {
    const world = await eventWorld();
    const { compositor, changes } = compose(world);
    const { publishing } = publish(world);
    publishing.publish(body("open"));
    await world.pass(1000);
    compositor.clear();
    publishing.publish(body("busy"));
    await world.pass(1000);
    expect(changes).toEqual(["created open", "created busy"]);
    expect(publishing.entityTag).toBe(compositor.all[0]?.entityTag);
  });

  it("runs out at the compositor when nobody refreshes it", async () => {
    const world = await eventWorld();
    const { compositor, changes } = compose(world);
    const { publishing } = publish(world);
    publishing.publish(body("open"));
    await world.pass(1000);
    publishing.forget();
    await world.pass(600_000);
    expect(changes).toEqual(["created open", "expired open"]);
    expect(compositor.all).toEqual([]);
  });

  it("is made for longer when it was too brief (423)", async () => {
    const world = await eventWorld();
    compose(world, { rules: { minimumS: 1800 } });
    const { publishing, told } = publish(world);
    publishing.publish(body("open"));
    await world.pass(1000);
    expect(told).toEqual(["published"]);
    expect(publishing.expiresAt).toBeGreaterThan(world.clock.now() + 1_700_000);
  });

  it.each([1, 2, 3, 4])("ends as it should on a network that loses and reorders, seed %i", async (seed) => {
    const world = await eventWorld({ seed, loss: 0.25, reorder: 0.2, delay: [5, 100] });
    const { compositor } = compose(world);
    const { publishing } = publish(world);
    for (let turn = 0; turn < 10; turn += 1) {
      publishing.publish(body(String(turn)));
      await world.pass(turn * 300);
    }
    await world.pass(80_000);
    expect(compositor.all.map(({ content }) => Buffer.from(content.bytes).toString())).toEqual(["9"]);
  });
});

describe("PUBLISH", () => {
  const presence: HeaderPair = ["Event", "presence"];
  const type: HeaderPair = ["Content-Type", TYPE];
  it.each<[string, HeaderPair[], string | undefined, number, HeaderPair | undefined]>([
    ["of an unknown package", [["Event", "weather"]], "x", 489, ["Allow-Events", "presence"]],
    ["without Event", [], "x", 489, ["Allow-Events", "presence"]],
    ["of an unknown type", [presence, ["Content-Type", "text/plain"]], "x", 415, ["Accept", TYPE]],
    ["of nothing", [presence], undefined, 400, undefined],
    ["with a tag that is none", [presence, ["SIP-If-Match", "a b"]], undefined, 400, undefined],
    ["with an unknown tag", [presence, ["SIP-If-Match", "a"]], undefined, 412, undefined],
    ["too brief", [presence, type, ["Expires", "1"]], "x", 423, ["Min-Expires", "60"]],
    ["refused by the user", [presence, type, ["Subject", "no"]], "x", 403, undefined],
    ["good", [presence, type], "x", 200, ["Expires", "3600"]],
  ])("%s", async (_what, headers, content, status, field) => {
    const world = await eventWorld();
    compose(world, {
      rules: { minimumS: 60 },
      refuse: (asked) => (header(asked, "Subject") === "no" ? { status: 403 } : undefined),
    });
    const response = await world.ask(request("PUBLISH", headers, content));
    expect(response?.status).toBe(status);
    expect(header(response!, field?.[0] ?? "X-None")).toBe(field?.[1]);
    expect(wrongMessages(world).filter((wrong) => /^\d/.test(wrong))).toEqual([]);
  });

  it("about one who is not here", async () => {
    const world = await eventWorld();
    compose(world, { resourceOf: () => undefined });
    expect((await world.ask(request("PUBLISH", [presence, type], "x")))?.status).toBe(404);
  });

  it("is nobody's business without a compositor", async () => {
    const world = await eventWorld();
    world.bob.endpoint.onRequest((incoming) => {
      if (!incoming.answered) incoming.respond(sipResponse(incoming.message, 501));
    });
    expect((await world.ask(request("PUBLISH", [presence, type], "x")))?.status).toBe(501);
  });
});
