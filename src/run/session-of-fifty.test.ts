/** The scenario of a session of fifty ends with every participant holding every message once, in each sender's order. */
import { beforeAll, expect, it } from "vitest";
import { decodeBytes } from "../trace/bytes.ts";
import { readMsrpRecords } from "../trace/session/msrp-records.ts";
import { readSessionMessages } from "../trace/session/session-messages.ts";
import type { TraceEvent } from "../trace/event.ts";
import { virtualRecord } from "./testdata/virtual-record.ts";

const NAME = "a hundred messages in a session of fifty";

let events: readonly TraceEvent[];

beforeAll(async () => {
  const record = await virtualRecord(["features/general/7.2.3.feature"]);
  const opened = record.events.find((event) => event.type === "scenario-opened" && event.name === NAME);
  if (opened?.scenario === undefined) throw new Error("the scenario was not run");
  events = record.events
    .filter((event) => event.type !== "finding" && event.type !== "scenario-judged")
    .filter((event) => event.scenario === opened.scenario);
}, 600_000);

it("brings every message to everybody else once, in the order of its sender", () => {
  const tokensOf = new Map<string, string[]>();
  for (const event of events)
    if (event.type === "stimulated" && event.token !== undefined)
      tokensOf.set(event.actor, [...(tokensOf.get(event.actor) ?? []), event.token]);
  const nodes = new Map(
    events.flatMap((event) => (event.type === "leased" ? [[event.user.actor, event.user.node]] : [])),
  );
  const received = new Map<string, string[]>();
  for (const { way, node, body, flag } of readSessionMessages(readMsrpRecords(events).records)) {
    const token = /scrim-\w+/u.exec(Buffer.from(body ?? []).toString("utf8"))?.[0];
    if (way !== "from-sut" || flag !== "$" || token === undefined) continue;
    received.set(node, [...(received.get(node) ?? []), token]);
  }
  expect(nodes.size).toBe(50);
  expect([...tokensOf.values()].flat()).toHaveLength(100);
  for (const [actor, node] of nodes) {
    const others = [...tokensOf].filter(([sender]) => sender !== actor).map(([, tokens]) => tokens);
    const own = received.get(node) ?? [];
    expect(own).toHaveLength(others.flat().length);
    for (const tokens of others) expect(own.filter((token) => tokens.includes(token))).toEqual(tokens);
  }
});

it("is talked in when the first participant, who watches, has been told of the others", () => {
  const users = events.flatMap((event) => (event.type === "leased" ? [event.user] : []));
  const talk = events.findIndex((event) => event.type === "stimulated" && event.action === "let-all-talk");
  const [first, ...others] = users;
  const told = events
    .slice(0, talk)
    .flatMap((event) =>
      event.type === "crossed" && event.node === first?.node ? [decodeBytes(event.bytes)] : [],
    )
    .map((bytes) => Buffer.from(bytes).toString("utf8"))
    .filter((message) => message.startsWith("NOTIFY "));
  expect(others).toHaveLength(49);
  expect(others.filter(({ imAddress }) => !told.some((notify) => notify.includes(imAddress)))).toEqual([]);
});
