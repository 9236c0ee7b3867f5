/** Kamailio as a presence server: Scrim publishes at it and watches it. */
import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { WireCrossing } from "../src/endpoint/crossing.ts";
import { createEventAgent, type EventAgent } from "../src/endpoint/events/event-agent.ts";
import { createSipEndpoint } from "../src/endpoint/sip-endpoint.ts";
import type { Hop } from "../src/net/network.ts";
import { randomIds } from "../src/net/real/random-ids.ts";
import { realClock } from "../src/net/real/real-clock.ts";
import { createRealNetwork } from "../src/net/real/real-network.ts";
import { header } from "../src/wire/sip/headers.ts";
import { kamailioPresence } from "./kamailio/presence.cfg.ts";
import { areMissing, peer } from "./peers.ts";
import { freePort, listening } from "./ports.ts";
import { scratchFolder, startForTest } from "./processes.ts";

const HOST = "127.0.0.1";
const TABLES = "/usr/share/kamailio/dbtext/kamailio";
const ALICE = "sip:alice@example.org";
const PIDF = "application/pidf+xml";

function presence(note: string) {
  return {
    contentType: PIDF,
    bytes: Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="${ALICE}">` +
        `<tuple id="t1"><status><basic>open</basic></status><note>${note}</note></tuple></presence>`,
    ),
  };
}

async function startPresence(transport: "udp" | "tcp"): Promise<Hop> {
  const port = await freePort(HOST);
  const folder = scratchFolder();
  const tables = path.join(folder, "tables");
  cpSync(TABLES, tables, { recursive: true });
  const file = path.join(folder, "presence.cfg");
  writeFileSync(file, kamailioPresence({ host: HOST, port, tables }));
  const running = startForTest(peer("kamailio").program, { args: ["-f", file, "-DD", "-E", "-m", "64"] });
  await Promise.race([
    Promise.all([listening("udp", port), listening("tcp", port)]),
    running.ended.then(() => Promise.reject(new Error(`kamailio ended:\n${running.output}`))),
  ]);
  return { host: HOST, port, transport };
}

interface Watcher {
  readonly events: EventAgent;
  readonly crossings: WireCrossing[];
}

async function watcher(transport: "udp" | "tcp"): Promise<Watcher> {
  const crossings: WireCrossing[] = [];
  const own = { host: HOST, port: 0 };
  const endpoint = await createSipEndpoint({
    name: "watcher",
    network: createRealNetwork(),
    clock: realClock,
    ids: randomIds(),
    listen: [
      { ...own, transport: "udp" },
      { ...own, transport: "tcp" },
    ],
    tap: (crossing) => crossings.push(crossing),
  });
  const hop = endpoint.hops.find((each) => each.transport === transport);
  const events = createEventAgent({
    endpoint,
    clock: realClock,
    ids: randomIds(),
    contact: `<sip:watcher@${HOST}:${hop?.port};transport=${transport}>`,
  });
  endpoint.onRequest((incoming) => void events.receive(incoming));
  onTestFinished(async () => {
    events.close();
    await endpoint.close();
  });
  return { events, crossings };
}

const POLLING = { timeout: 20_000, interval: 10 };

describe.skipIf(areMissing("kamailio"))("Kamailio as presence server", () => {
  test.each(["udp", "tcp"] as const)("PUBLISH, SUBSCRIBE and NOTIFY over %s", async (transport) => {
    const to = await startPresence(transport);
    const { events, crossings } = await watcher(transport);
    const told: string[] = [];
    const published: string[] = [];
    const publishing = events.publish({
      to,
      uri: ALICE,
      from: `<${ALICE}>`,
      event: "presence",
      expiresS: 300,
      on: { onChange: (change) => published.push("status" in change ? `${change.status}` : change.type) },
    });
    publishing.publish(presence("here"));
    await expect.poll(() => published, POLLING).toEqual(["published"]);
    const first = publishing.entityTag;
    const subscribing = events.subscribe({
      to,
      uri: ALICE,
      from: "<sip:watcher@example.org>",
      event: "presence",
      expiresS: 300,
      accept: [PIDF],
      on: {
        onNotify: ({ state, body }) => {
          const note = /<note>(.*)<\/note>/u.exec(Buffer.from(body).toString())?.[1];
          told.push(`${state?.state} ${note}`);
        },
        onEnd: (end) => told.push(`ended by ${end.by}`),
      },
    });
    await expect.poll(() => told, POLLING).toEqual(["active here"]);
    publishing.publish(presence("away"));
    await expect.poll(() => told, POLLING).toEqual(["active here", "active away"]);
    expect(publishing.entityTag).not.toBe(first);
    subscribing.subscriptions[0]?.refresh({ expiresS: 120 });
    await expect.poll(() => told.length, POLLING).toBe(3);
    publishing.remove();
    await expect.poll(() => published, POLLING).toEqual(["published", "published", "removed"]);
    subscribing.end();
    await expect.poll(() => told.at(-1), POLLING).toBe("ended by notifier");
    expect(events.dialogs.size).toBe(0);
    const refused = crossings.flatMap(({ message }) =>
      message?.kind === "response" && message.status >= 300 ? [message.status] : [],
    );
    expect(refused).toEqual([]);
  });

  test("an unknown package gets 489, and too short a time 423, which is asked for again", async () => {
    const to = await startPresence("udp");
    const { events, crossings } = await watcher("udp");
    const ended: unknown[] = [];
    const about = { to, uri: ALICE, from: "<sip:watcher@example.org>" };
    events.subscribe({ ...about, event: "weather", on: { onEnd: (end) => ended.push(end) } });
    await expect.poll(() => ended, POLLING).toEqual([{ by: "response", status: 489 }]);
    const brief = events.subscribe({ ...about, event: "presence", expiresS: 10 });
    await expect.poll(() => brief.subscriptions[0]?.state, POLLING).toBe("active");
    const asked = crossings.flatMap(({ direction, message }) =>
      direction === "out" && message?.kind === "request" && header(message, "Event") === "presence"
        ? [header(message, "Expires")]
        : [],
    );
    expect(asked).toEqual(["10", "30"]);
    brief.end();
    await expect.poll(() => events.dialogs.size, POLLING).toBe(0);
  });
});
