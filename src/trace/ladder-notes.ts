/** What happened beside the wire, for a ladder. */
import type { TraceEvent } from "./event.ts";
import type { Columns } from "./ladder-columns.ts";
import type { LadderNote } from "./ladder.ts";
import type { ScenarioTrace } from "./scenario-trace.ts";

type Said = Pick<LadderNote, "kind" | "text"> & { readonly node?: string };

export function notesOf(trace: ScenarioTrace, columns: Columns): readonly LadderNote[] {
  return trace.events.flatMap((event) => {
    const said = sayingOf(event, trace);
    if (said === undefined) return [];
    const column = said.node === undefined ? undefined : columns.idOf(said.node);
    const { seq, at } = event;
    return [{ seq, at, kind: said.kind, ...(column === undefined ? {} : { column }), text: said.text }];
  });
}

function sayingOf(event: TraceEvent, trace: ScenarioTrace): Said | undefined {
  switch (event.type) {
    case "phase":
      return { kind: "phase", text: event.phase };
    case "stimulated": {
      const node = trace.user(event.actor)?.node;
      const deviations = event.deviations.length === 0 ? "" : `, on purpose: ${event.deviations.join(", ")}`;
      const text = `${event.actor}: ${event.action}${deviations}`;
      return { kind: "stimulus", ...(node === undefined ? {} : { node }), text };
    }
    case "window-opened":
      return {
        kind: "window",
        text: `waits for ${event.purpose} of ${event.of}, at most ${event.lengthMs} ms`,
      };
    case "window-closed":
      return { kind: "window", text: windowEnd(event.window, event.how, trace) };
    case "step":
      return {
        kind: "step",
        text: event.reason === undefined ? event.text : `${event.text} (${event.status}: ${event.reason})`,
      };
    case "driver-answered":
      return { kind: "driver", node: event.node, text: `${event.ok ? "done" : "not done"}: ${event.says}` };
    case "sut-life":
      return {
        kind: "life",
        node: event.node,
        text: event.detail === undefined ? event.state : `${event.state}: ${event.detail}`,
      };
    case "held-up":
      return { kind: "note", text: `Scrim stood still for ${event.forMs} ms` };
    case "noted":
      return { kind: "note", text: `${event.about}: ${event.text}` };
    case "scenario-closed":
      return { kind: "end", text: event.reason === undefined ? event.how : `${event.how}: ${event.reason}` };
    case "run-opened":
    case "scenario-opened":
    case "leased":
    case "provisioned":
    case "crossed":
    case "run-closed":
      return undefined;
    default:
      return event satisfies never;
  }
}

const WINDOW_ENDS = {
  elapsed: "its time ran out",
  met: "it was seen",
  fence: "a later message arrived",
  cut: "the run was stopped",
} as const;

function windowEnd(window: string, how: keyof typeof WINDOW_ENDS, trace: ScenarioTrace): string {
  const of = trace.windows.find((one) => one.window === window)?.of ?? window;
  return `no longer waits for ${of}: ${WINDOW_ENDS[how]}`;
}
