import { describe, expect, it } from "vitest";
import { bindFlow } from "./bind-flow.ts";
import { compareFlow } from "./compare-flow.ts";
import type { ArrowStatus, FlowBinding, FlowComparison } from "./compare-flow.ts";
import { specifiedFlow } from "./flow.ts";
import type { UnplacedEvent } from "./recorder.ts";
import { readScenarioTrace } from "./scenario-trace-reader.ts";
import { closing, opening, sutFile, traceEvents } from "./testdata/events.ts";
import { address, deferredDelivery, deliveryTo, pieces } from "./testdata/group-delivery.ts";
import type { Pieces } from "./testdata/group-delivery.ts";

/** 200 OK in place of 202 Accepted. */
function withOtherStatus(event: UnplacedEvent): UnplacedEvent {
  if (event.type !== "crossed" || !("text" in event.bytes)) return event;
  return { ...event, bytes: { text: event.bytes.text.replace("202 Accepted", "200 OK") } };
}

const leased = (actor: string, node: string): UnplacedEvent => ({
  type: "leased",
  scenario: "s1",
  user: { actor, node, played: "scrim", imAddress: address(node), properties: [] },
});
const stimulus: UnplacedEvent = {
  type: "stimulated",
  scenario: "s1",
  id: "1",
  actor: "Alice",
  action: "send-message",
  intent: {},
  token: "tok-1",
  deviations: [],
};

const flow = await specifiedFlow("D.3");
const cast = {
  users: { "user-a": "Alice", "user-b": "Bob", "user-c": "Ted", "user-d": "Dan" },
  server: "server",
};

type Change = (pieces: Pieces) => readonly (readonly UnplacedEvent[])[];

const asItIs: Change = (all) => Object.values(all);
const without =
  (...names: readonly (keyof Pieces)[]): Change =>
  (all) =>
    Object.entries(all).flatMap(([name, events]) => (names.some((one) => one === name) ? [] : [events]));

function compare(
  change: Change,
  more: Partial<FlowBinding> = {},
  others: readonly UnplacedEvent[] = [],
): FlowComparison {
  const events = [
    ...opening(),
    leased("Ted", "ted"),
    ...others,
    stimulus,
    ...change(pieces()).flat(),
    closing(),
  ];
  const trace = readScenarioTrace(traceEvents(events), sutFile);
  return compareFlow(flow, trace, { ...bindFlow(flow, trace, cast), ...more });
}

const idsWith = ({ arrows }: FlowComparison, status: ArrowStatus): readonly string[] =>
  arrows.filter((one) => one.status === status).map(({ arrow }) => arrow.id);

const NUMBERED =
  "D.3-1 D.3-2 D.3-3 D.3-4 D.3-5a D.3-5b D.3-5c D.3-6 D.3-7a D.3-7b D.3-7c D.3-10 D.3-11".split(" ");
const NOTICES = ["notice-of-b", "notice-of-b-onward", "notice-of-c", "notice-of-c-onward"];

describe("flow D.3", () => {
  it("names each of the nineteen steps of the figure", () => {
    const steps = new Set(flow.steps.map((step) => step.step ?? step.id));
    for (let number = 1; number <= 19; number += 1) expect(steps).toContain(`D.3-${number}`);
  });

  it("is found arrow by arrow", () => {
    const comparison = compare(asItIs);
    expect(comparison.agrees).toBe(true);
    expect(comparison.firstDifference).toBeUndefined();
    expect(comparison.additional).toEqual([]);
    expect(new Set(idsWith(comparison, "matched"))).toEqual(
      new Set([...NUMBERED, "answer-to-a", ...NOTICES]),
    );
    const rest = "D.3-8 D.3-9 D.3-12 D.3-13 D.3-14 D.3-15 D.3-16 D.3-17 D.3-18 D.3-19".split(" ");
    expect(idsWith(comparison, "not-applicable")).toEqual(rest);
  });

  it("says which events show an arrow", () => {
    const { arrows } = compare(asItIs);
    // Sent by Alice, seen by the core, sent on by the core.
    const [first] = arrows;
    expect(first?.seqs).toHaveLength(3);
    expect(first?.seqs.toSorted((a, b) => a - b)).toEqual(first?.seqs);
  });

  it.each<[string, Change]>([
    ["the 202 after the copies", ({ accepted, ...all }) => [...Object.values(all), accepted]],
    [
      "Ted before Bob",
      ({ sent, onward, accepted, toTed, toBob, ...all }) => [
        sent,
        onward,
        toTed,
        accepted,
        toBob,
        ...Object.values(all),
      ],
    ],
    ["retransmissions", ({ sent, ...all }) => [sent, sent, ...Object.values(all)]],
    ["notifications that nobody saw", without("noticeOfBob", "noticeOfTed")],
  ])("leaves free: %s", (_name, change) => {
    expect(compare(change).firstDifference).toBeUndefined();
  });

  it.each<[string, Change, string, ArrowStatus, string | undefined]>([
    ["a recipient without copy", without("toTed"), "D.3-6", "missing", undefined],
    ["no report", without("report", "reportToAlice"), "D.3-10", "missing", undefined],
    ["a report that stays with the server", without("reportToAlice"), "D.3-11", "missing", undefined],
    ["no answer", without("accepted"), "D.3-3", "missing", undefined],
    [
      "another status",
      (all) => Object.values({ ...all, accepted: all.accepted.map(withOtherStatus) }),
      "D.3-3",
      "differs",
      "came 200 OK",
    ],
    [
      "a report before the notifications",
      ({ noticeOfBob, report, ...all }) => [
        all.sent,
        all.onward,
        all.accepted,
        all.toBob,
        all.toTed,
        report,
        noticeOfBob,
        all.noticeOfTed,
        all.reportToAlice,
      ],
      "D.3-10",
      "disordered",
      "came before notice-of-b-onward",
    ],
  ])("shows %s", (_name, change, id, status, says) => {
    const { firstDifference, agrees } = compare(change);
    expect(agrees).toBe(false);
    expect([firstDifference?.arrow.id, firstDifference?.status, firstDifference?.says]).toEqual([
      id,
      status,
      says,
    ]);
  });

  it("does not know what stays inside a server that passes nothing through the core", () => {
    const comparison = compare(without("onward", "accepted"), { collocated: true });
    expect(idsWith(comparison, "unseen")).toEqual(["D.3-2", "D.3-3"]);
    expect(compare(without("onward")).firstDifference?.arrow.id).toBe("D.3-2");
  });

  it("counts what the flow does not show", () => {
    const { additional, agrees } = compare((all) => [...Object.values(all), deliveryTo("bob")]);
    expect(agrees).toBe(true);
    expect(additional.map(({ to }) => [to.node, to.serverFunction])).toEqual([
      ["server", "terminating"],
      ["bob", undefined],
    ]);
  });

  it("follows a message that is kept until its recipient registers", () => {
    const dan = deferredDelivery();
    const comparison = compare(
      (all) => [...Object.values(all), dan.kept, dan.later],
      { holds: ["deferral"] },
      [leased("Dan", "dan")],
    );
    expect(idsWith(comparison, "not-applicable")).toEqual([]);
    expect(comparison.firstDifference).toBeUndefined();
    const late = compare((all) => [...Object.values(all), dan.later, dan.kept], { holds: ["deferral"] }, [
      leased("Dan", "dan"),
    ]);
    expect([late.firstDifference?.arrow.id, late.firstDifference?.status]).toEqual(["D.3-12", "disordered"]);
  });
});
