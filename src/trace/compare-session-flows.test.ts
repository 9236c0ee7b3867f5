import { describe, expect, it } from "vitest";
import { bindFlow } from "./bind-flow.ts";
import { compareFlow, type ArrowStatus, type FlowComparison } from "./compare-flow.ts";
import { isArrow, parseFlow, specifiedFlow } from "./flow.ts";
import type { UnplacedEvent } from "./recorder.ts";
import { readScenarioTrace } from "./scenario-trace-reader.ts";
import { conferencePieces, journey, ONE_OF_EACH, TWO_OF_EACH, type Leg } from "./testdata/conference-flow.ts";
import { closing, crossed, opening, sutFile, traceEvents } from "./testdata/events.ts";

const leased = (actor: string): UnplacedEvent => ({
  type: "leased",
  scenario: "s1",
  user: {
    actor,
    node: actor.toLowerCase(),
    played: "scrim",
    imAddress: `sip:${actor.toLowerCase()}@home.test`,
    properties: [],
  },
});
const traceOf = (events: readonly UnplacedEvent[]) =>
  readScenarioTrace(traceEvents([...opening(), leased("Ted"), ...events, closing()]), sutFile);

const idsWith = ({ arrows }: FlowComparison, ...statuses: readonly ArrowStatus[]): readonly string[] =>
  arrows.filter(({ status }) => statuses.includes(status)).map(({ arrow }) => arrow.id);

const subscription = await specifiedFlow("D.1");
const numbers = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `D.1-${from + index}`);

type Pieces = ReturnType<typeof conferencePieces>;
type Change = (pieces: Pieces) => readonly (readonly UnplacedEvent[])[];
const asItIs: Change = (pieces) => Object.values(pieces);

function compareD1(
  legs: readonly Leg[],
  change: Change = asItIs,
  nodes: Readonly<Record<string, string>> = {},
  status?: string,
): FlowComparison {
  const trace = traceOf(change(conferencePieces(legs, status)).flat());
  const cast = { users: { "user-a": "Alice", "user-c": "Ted" }, server: "server", nodes };
  return compareFlow(subscription, trace, { ...bindFlow(subscription, trace, cast), holds: ["active"] });
}

describe("flow D.1", () => {
  it("has the thirty arrows and four local steps of the text, by their numbers", () => {
    expect(subscription.steps.map(({ id }) => id)).toEqual(numbers(1, 34));
    const local = subscription.steps.filter((step) => !isArrow(step)).map(({ id }) => id);
    expect(local).toEqual(["D.1-6", "D.1-17", "D.1-23", "D.1-29"]);
  });

  it("is found leg by leg through one core and one server, but for what the core gives itself", () => {
    const comparison = compareD1(ONE_OF_EACH);
    expect(comparison.firstDifference).toBeUndefined();
    expect(idsWith(comparison, "unseen")).toEqual(["D.1-4", "D.1-8", "D.1-13", "D.1-21", "D.1-25", "D.1-33"]);
    expect(idsWith(comparison, "matched")).toHaveLength(24);
    expect(comparison.additional).toEqual([]);
  });

  it("is found wholly through two cores and two servers", () => {
    const nodes = { "core-a": "core", "core-x": "core-x", "server-x": "server-x" };
    expect(idsWith(compareD1(TWO_OF_EACH, asItIs, nodes), "matched")).toHaveLength(30);
  });

  it.each<[string, Change]>([
    [
      "the first notification before the 200",
      ({ subscribe, full, accepted, ...all }) => [subscribe, full, accepted, ...Object.values(all)],
    ],
    [
      "the second before the first was answered",
      ({ fullTaken, ...all }) => [...Object.values(all), fullTaken],
    ],
  ])("leaves free: %s", (_, change) => {
    expect(compareD1(ONE_OF_EACH, change).firstDifference).toBeUndefined();
  });

  it("takes 202 as well", () => {
    expect(compareD1(ONE_OF_EACH, asItIs, {}, "202 Accepted").agrees).toBe(true);
  });

  it.each<[string, Change, string | undefined, string, ArrowStatus]>([
    ["a refused subscription", asItIs, "403 Forbidden", "D.1-7", "differs"],
    ["no notification", ({ subscribe, accepted }) => [subscribe, accepted], undefined, "D.1-12", "missing"],
    [
      "a notification without answer",
      (all) => Object.values({ ...all, fullTaken: [] }),
      undefined,
      "D.1-18",
      "missing",
    ],
    [
      "no word of who joins",
      (all) => Object.values({ ...all, partial: [], partialTaken: [] }),
      undefined,
      "D.1-24",
      "missing",
    ],
    [
      "a part before the whole",
      ({ subscribe, accepted, partial, ...all }) => [subscribe, accepted, partial, ...Object.values(all)],
      undefined,
      "D.1-24",
      "disordered",
    ],
  ])("shows %s", (_, change, status, id, expected) => {
    const { firstDifference } = compareD1(ONE_OF_EACH, change, {}, status);
    expect([firstDifference?.arrow.id, firstDifference?.status]).toEqual([id, expected]);
  });
});

const send = (method: string, id: string, body: string): string =>
  `MSRP ${id} ${method}\r\nTo-Path: msrp://127.0.0.1:7001/b;tcp\r\nFrom-Path: msrp://127.0.0.1:7000/a;tcp\r\nMessage-ID: m-${body}\r\nByte-Range: 1-${body.length}/${body.length}\r\n${body === "" ? "" : `Content-Type: text/plain\r\n\r\n${body}\r\n`}-------${id}$\r\n`;
const answer = (status: string, id: string): string =>
  `MSRP ${id} ${status}\r\nTo-Path: msrp://127.0.0.1:7000/a;tcp\r\nFrom-Path: msrp://127.0.0.1:7001/b;tcp\r\n-------${id}$\r\n`;
const msrp = (from: string, to: string, text: string): UnplacedEvent =>
  crossed(from, to, from === "server" ? to : from, text, { protocol: "msrp", transport: "tcp" });

describe("arrows of MSRP", () => {
  const flow = parseFlow(`flow: X
title: a message in a session
participants:
  - { id: a, name: A, role: client }
  - { id: x, name: X, role: controlling }
  - { id: b, name: B, role: client }
steps:
  - { id: sent, protocol: msrp, from: a, to: x, request: SEND, body: hello, after: [] }
  - { id: taken, protocol: msrp, from: x, to: a, response: "200", answers: sent }
  - { id: passed, protocol: msrp, from: x, to: b, request: SEND, after: [sent] }
`);
  const toServer = [
    msrp("alice", "server", send("SEND", "t001", "")),
    msrp("alice", "server", send("SEND", "t002", "hello")),
  ];
  const taken = (status: string) => [msrp("server", "alice", answer(status, "t002"))];
  const passed = [msrp("server", "bob", send("SEND", "t003", "hello"))];
  const compare = (events: readonly UnplacedEvent[]): FlowComparison => {
    const trace = traceOf(events);
    return compareFlow(
      flow,
      trace,
      bindFlow(flow, trace, { users: { a: "Alice", b: "Bob" }, server: "server" }),
    );
  };

  it("are whole messages, without those that only open the connection", () => {
    const { arrows, agrees } = compare([...toServer, ...taken("200 OK"), ...passed]);
    expect(agrees).toBe(true);
    expect(new Set(arrows.flatMap(({ seqs }) => seqs)).size).toBe(3);
  });

  it.each<[string, readonly UnplacedEvent[], string, ArrowStatus, string | undefined]>([
    ["another status", [...toServer, ...taken("403 No"), ...passed], "taken", "differs", "came MSRP 403"],
    ["a message that nobody gets", [...toServer, ...taken("200 OK")], "passed", "missing", undefined],
    [
      "one that comes before it was sent",
      [...passed, ...toServer, ...taken("200 OK")],
      "passed",
      "disordered",
      "came before sent",
    ],
  ])("show %s", (_, events, id, status, says) => {
    const { firstDifference } = compare(events);
    expect([firstDifference?.arrow.id, firstDifference?.status, firstDifference?.says]).toEqual([
      id,
      status,
      says,
    ]);
  });
});

describe("flow L", async () => {
  const flow = await specifiedFlow("L");
  const route = (from: string, to: string): readonly Leg[] => [
    [from, "core"],
    ["core", to],
  ];
  const invite = { method: "INVITE", type: "application/sdp", body: "v=0" };
  const first = journey(route("alice", "server"), { ...invite, uri: "sip:bob@home.test" });
  const onward = journey(route("server", "bob"), { ...invite, uri: "sip:bob@home.test" });
  const factory = journey(route("alice", "server"), {
    method: "INVITE",
    uri: "sip:factory@home.test",
    type: "multipart/mixed;boundary=b",
    body: '<entry uri="sip:bob@home.test?Replaces=c1%3Bto-tag%3D1%3Bfrom-tag%3D2"/>',
  });
  const replacing = (...headers: readonly string[]) =>
    journey(route("server", "bob"), {
      ...invite,
      uri: "sip:bob@home.test",
      headers: ["Contact: <sip:session-1@home.test>;isfocus", ...headers],
    });
  const beginning = [...first.request, ...onward.request, ...onward.response, ...first.response];
  const compare = (events: readonly UnplacedEvent[]): FlowComparison => {
    const trace = traceOf(events);
    const users = { "user-a": "Alice", "user-b": "Bob", "user-c": "Ted" };
    return compareFlow(flow, trace, bindFlow(flow, trace, { users, server: "server" }));
  };

  it("is found by its numbered messages", () => {
    const asked = replacing("Replaces: c1;to-tag=1;from-tag=2");
    const comparison = compare([...beginning, ...factory.request, ...asked.request, ...asked.response]);
    expect(comparison.firstDifference).toBeUndefined();
    expect(idsWith(comparison, "matched")).toEqual(
      expect.arrayContaining(["L-1", "L-2", "L-3", "L-5", "b-agrees"]),
    );
  });

  it("shows an invitation that replaces nothing", () => {
    const comparison = compare([...beginning, ...factory.request, ...replacing().request]);
    expect(comparison.firstDifference?.arrow.id).toBe("L-5");
  });
});

describe("flow P", async () => {
  const flow = await specifiedFlow("P");
  const toFocus: readonly Leg[] = [
    ["alice", "core"],
    ["core", "server", "originating"],
    ["server", "core", "originating"],
    ["core", "server", "controlling"],
  ];
  const toBob: readonly Leg[] = [
    ["server", "core", "controlling"],
    ["core", "server", "terminating"],
    ["server", "core", "terminating"],
    ["core", "bob"],
  ];
  const refer = (target: string, status?: string) =>
    journey(
      toFocus,
      { method: "REFER", uri: "sip:session-1@home.test", headers: [`Refer-To: <${target}>`] },
      status,
    );
  const added = refer("sip:bob@home.test", "202 Accepted");
  const removed = refer("sip:bob@home.test;method=BYE", "202 Accepted");
  const invited = journey(toBob, {
    method: "INVITE",
    uri: "sip:bob@home.test",
    headers: ["Contact: <sip:session-1@home.test>;isfocus"],
  });
  const ended = journey(toBob, { method: "BYE", uri: "sip:bob@home.test" });
  const adding = [...added.request, ...added.response, ...invited.request, ...invited.response];
  const compare = (events: readonly UnplacedEvent[], holds: readonly string[]): FlowComparison => {
    const trace = traceOf(events);
    const cast = { users: { "user-a": "Alice", "user-b": "Bob" }, server: "server" };
    return compareFlow(flow, trace, { ...bindFlow(flow, trace, cast), holds });
  };

  it("has one statement for all its numbered arrows", () => {
    const numbered = flow.steps.filter(isArrow).filter(({ unnumbered }) => !unnumbered);
    expect(new Set(numbered.map(({ step }) => step))).toEqual(new Set(["P-1"]));
  });

  it("is found when a user is invited, and when the user is removed again", () => {
    expect(compare(adding, []).firstDifference).toBeUndefined();
    const both = [...adding, ...removed.request, ...removed.response, ...ended.request, ...ended.response];
    const comparison = compare(both, ["removed"]);
    expect(comparison.firstDifference).toBeUndefined();
    expect(idsWith(comparison, "matched")).toHaveLength(16);
  });

  it("shows a user who is not invited, or not removed", () => {
    expect(compare([...added.request, ...added.response], []).firstDifference?.arrow.id).toBe("P-1e");
    const kept = [...adding, ...removed.request, ...removed.response];
    expect(compare(kept, ["removed"]).firstDifference?.arrow.id).toBe("P-1m");
  });
});
