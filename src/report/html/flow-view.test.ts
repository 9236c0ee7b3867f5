import { describe, expect, it } from "vitest";
import { readSutFile } from "../../spec/sut-file-reader.ts";
import type { UnplacedEvent } from "../../trace/recorder.ts";
import { readScenarioTrace } from "../../trace/scenario-trace-reader.ts";
import { conferencePieces, ONE_OF_EACH } from "../../trace/testdata/conference-flow.ts";
import { closing, opening, traceEvents } from "../../trace/testdata/events.ts";
import { flowsMarkup } from "./flow-view.ts";

const sutFile = readSutFile("scenarios/sut/reference.yaml");

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
const asks: UnplacedEvent = {
  type: "stimulated",
  scenario: "s1",
  id: "1",
  actor: "Alice",
  action: "subscribe-participants",
  intent: { action: "subscribe-participants" },
  deviations: [],
};

function shown(events: readonly UnplacedEvent[], purpose = "D.1-3"): string {
  const trace = readScenarioTrace(traceEvents([...opening(), leased("Ted"), ...events, closing()]), sutFile);
  return flowsMarkup([purpose], trace).map(String).join("");
}

const rowOf = (page: string, id: string): string =>
  page.split("<tr").find((row) => row.includes(`statement/${id}"`)) ?? "";

describe("the flow of a scenario", () => {
  const pieces = conferencePieces(ONE_OF_EACH);

  it("has what is drawn beside what was observed, which leads to its message", () => {
    const page = shown([asks, ...Object.values(pieces).flat()]);
    expect(page).toContain("agrees with what is drawn");
    expect(rowOf(page, "D.1-7")).toMatch(
      /2xx from IM Server X to SIP\/IP Core X[^]*#scenario\/s1\/\d+[^]*as drawn/u,
    );
    expect(rowOf(page, "D.1-6")).toContain("authorises the subscriber");
    expect(rowOf(page, "D.1-4")).toContain("within one node, unseen");
    expect(page).not.toContain("first-difference");
  });

  it("marks the first difference, and no other", () => {
    const page = shown([asks, ...Object.values({ ...pieces, fullTaken: [] }).flat()]);
    expect(page.match(/class="first-difference"/gu)).toHaveLength(1);
    expect(rowOf(page, "D.1-18")).toMatch(/first-difference[^]*missing/u);
    expect(rowOf(page, "D.1-19")).toContain("missing");
  });

  it("is not shown where the scenario was written for something else, and says so where it was not begun", () => {
    expect(shown([], "7.2.1.12-1")).toBe("");
    expect(shown([])).toContain("did not come to where the flow begins");
  });
});
