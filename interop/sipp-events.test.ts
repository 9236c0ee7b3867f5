/** SUBSCRIBE and NOTIFY, PUBLISH and REFER with SIPp on either side of Scrim's event agent. */
import { describe, expect, onTestFinished, test } from "vitest";
import { createEventAgent, type EventAgent } from "../src/endpoint/events/event-agent.ts";
import type { SubscriberEnd } from "../src/machine/subscription/subscriber.ts";
import type { Hop, Transport } from "../src/net/network.ts";
import { textOf } from "../src/peer/im/content.ts";
import { losingFirstCopies } from "./lossy-network.ts";
import { areMissing } from "./peers.ts";
import { type Crossings, hostIn, networkWithTls, openForAgent } from "./scrim-side.ts";
import { expectAllWell, type SippResult, startSipp } from "./sipp.ts";

const CALLS = 10;
const WAYS = [
  ["udp", "127.0.0.1"],
  ["udp", "::1"],
  ["tcp", "127.0.0.1"],
  ["tcp", "::1"],
  ["tls", "127.0.0.1"],
  ["tls", "::1"],
] as const satisfies (readonly [Transport, string])[];

interface Side {
  readonly events: EventAgent;
  readonly crossings: Crossings;
  readonly hop: Hop;
}

async function openEvents(...how: Parameters<typeof openForAgent>): Promise<Side> {
  const { crossings, hop, agentOptions } = await openForAgent(...how);
  const events = createEventAgent(agentOptions);
  onTestFinished(() => events.close());
  agentOptions.endpoint.onRequest((incoming) => void events.receive(incoming));
  return { events, crossings, hop };
}

const pidf = (word: string) => ({
  contentType: "application/pidf+xml",
  bytes: Buffer.from(`<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:${word}@example.org"/>`),
});

/** Serves presence, with another content in each NOTIFY; gives how the subscriptions ended. */
function servePresence({ events }: Side): string[] {
  const ends: string[] = [];
  const words = ["first", "second"];
  events.serve({
    name: "presence",
    contentTypes: ["application/pidf+xml"],
    content: ({ notified }) => ({ body: pidf(words[notified] ?? "last") }),
    onEnd: (_, end) => void ends.push(end),
  });
  return ends;
}

/** Runs a scenario of SIPp as UAC. */
async function sippDoes(
  { hop }: Side,
  scenario: string,
  more: { readonly more?: readonly string[] } = {},
): Promise<SippResult> {
  const { host, transport } = hop;
  const sipp = await startSipp({ scenario, transport, host, calls: CALLS, remote: hop, ...more });
  return sipp.result;
}

/** What a subscription of Scrim has seen: the words of its NOTIFYs and its end. */
interface Seen {
  readonly words: string[];
  end?: SubscriberEnd;
}

/** Subscribes at a scenario of SIPp as UAS, as many times as it has calls. */
async function subscribeAt(
  { events, hop }: Side,
  scenario: string,
  endAfterFirst: boolean,
): Promise<{ result: SippResult; seen: Seen[] }> {
  const { host, transport } = hop;
  const sipp = await startSipp({ scenario, transport, host, calls: CALLS });
  const to: Hop = { host, port: sipp.port, transport };
  const seen = Array.from({ length: CALLS }, (): Seen => ({ words: [] }));
  for (const one of seen)
    events.subscribe({
      to,
      uri: `sip:sipp@${hostIn(host)}:${sipp.port};transport=${transport}`,
      from: "<sip:scrim@example.org>",
      event: "presence",
      expiresS: 600,
      accept: ["application/pidf+xml"],
      on: {
        onNotify: ({ body }, subscription) => {
          one.words.push(/pres:(\w+)@/u.exec(textOf(body))?.[1] ?? "?");
          // The NOTIFY is answered when this has returned, and SIPp takes things in their order only.
          if (endAfterFirst && one.words.length === 1) queueMicrotask(() => subscription.end());
        },
        onEnd: (end) => void (one.end = end),
      },
    });
  return { result: await sipp.result, seen };
}

const times = <Item>(item: Item): Item[] => Array.from({ length: CALLS }, () => item);

describe.skipIf(areMissing("sipp", "openssl"))("events", () => {
  test.each(WAYS)("SIPp subscribes over %s to %s, renews and ends", async (transport, host) => {
    const side = await openEvents(transport, host);
    const ends = servePresence(side);
    expectAllWell(await sippDoes(side, "subscribe-uac"), CALLS);
    await side.crossings.until(() => side.crossings.of("in", 200).length >= 3 * CALLS);
    expect(ends).toEqual(times("done"));
    expect(side.events.notifier.subscriptions()).toEqual([]);
    expect(side.crossings.count("out", "NOTIFY").first).toBe(3 * CALLS);
  });

  test.each(WAYS)("Scrim subscribes over %s at %s, and ends", async (transport, host) => {
    const side = await openEvents(transport, host);
    const { result, seen } = await subscribeAt(side, "subscribe-uas", true);
    expectAllWell(result, CALLS);
    expect(seen).toEqual(times({ words: ["first", "second"], end: { by: "notifier", reason: "timeout" } }));
    expect(side.crossings.count("out", "SUBSCRIBE").first).toBe(2 * CALLS);
  });

  test("a NOTIFY that comes before the answer makes the subscription", async () => {
    const side = await openEvents("udp", "127.0.0.1");
    const { result, seen } = await subscribeAt(side, "subscribe-uas-early", false);
    expectAllWell(result, CALLS);
    expect(seen).toEqual(times({ words: ["early", "gone"], end: { by: "notifier", reason: "noresource" } }));
  });

  test.each(WAYS)("SIPp publishes over %s to %s", async (transport, host) => {
    const side = await openEvents(transport, host);
    const changes: string[] = [];
    const compositor = side.events.compose({
      packages: ["presence"],
      onChange: ({ what }) => void changes.push(what),
    });
    expectAllWell(await sippDoes(side, "publish-uac"), CALLS);
    expect(changes.toSorted()).toEqual(
      ["created", "modified", "refreshed", "removed"].flatMap((what) => times(what)),
    );
    expect(compositor.all).toEqual([]);
  });

  test.each(WAYS)("SIPp refers over %s to %s", async (transport, host) => {
    const side = await openEvents(transport, host);
    const targets: string[] = [];
    side.events.onRefer((received) => {
      targets.push(...received.targets.map(({ uri }) => uri));
      received.accept().tell(200);
    });
    expectAllWell(await sippDoes(side, "refer-uac"), CALLS);
    expect(targets).toEqual(times("sip:carol@example.org"));
  });
});

describe.skipIf(areMissing("sipp", "openssl"))("events with loss", () => {
  // Scrim waits so long before it repeats a NOTIFY that SIPp, which takes things in their order only, has the answer to SUBSCRIBE by then.
  test("the first copy of everything is lost on Scrim's side, SIPp asks for the state once", async () => {
    const network = losingFirstCopies(await networkWithTls());
    const side = await openEvents("udp", "127.0.0.1", { network, t1: 1500 });
    const ends = servePresence(side);
    expectAllWell(await sippDoes(side, "subscribe-uac-fetch", { more: ["-d", "6000"] }), CALLS);
    expect(ends).toEqual(times("done"));
    expect(side.crossings.count("in", "SUBSCRIBE")).toMatchObject({ first: CALLS });
    expect(side.crossings.count("out", "NOTIFY")).toMatchObject({ first: CALLS });
    expect(side.crossings.count("out", "NOTIFY").again).toBeGreaterThanOrEqual(2 * CALLS);
  });

  test("the first copy of each request is lost on Scrim's side, Scrim subscribes", async () => {
    const network = losingFirstCopies(await networkWithTls(), (_, text) => !text.startsWith("SIP/2.0"));
    const side = await openEvents("udp", "127.0.0.1", { network, t1: 500 });
    const { result, seen } = await subscribeAt(side, "subscribe-uas", true);
    expectAllWell(result, CALLS);
    expect(seen.map(({ words }) => words)).toEqual(times(["first", "second"]));
    expect(network.lost).toEqual({ in: 2 * CALLS, out: 2 * CALLS });
    expect(side.crossings.count("out", "SUBSCRIBE").first).toBe(2 * CALLS);
    expect(side.crossings.count("in", "NOTIFY").first).toBe(2 * CALLS);
  });
});
