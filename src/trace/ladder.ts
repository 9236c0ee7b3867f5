/**
 * A scenario as a ladder diagram: a column for each node, an arrow for each message, notes for what happened beside the wire. A message
 * between two nodes of Scrim, which stands twice in the trace, is one arrow.
 *
 * Labels are made from what a SUT sent: whoever renders them must treat them as untrusted text.
 */
import type { ActorKind, Phase, ServerFunction } from "./event.ts";
import { createColumns } from "./ladder-columns.ts";
import { membershipsOf, sessionNotesOf } from "./ladder-sessions.ts";
import { notesOf } from "./ladder-notes.ts";
import { summariseHttp, summariseMalformed, summariseMsrp, summariseSip } from "./message-summary.ts";
import type { MessageSummary } from "./message-summary.ts";
import type { ScenarioTrace } from "./scenario-trace.ts";
import { mergeSightings } from "./sightings.ts";

export interface LadderColumn {
  /** The node's name; with functions apart, `node (function)`. */
  readonly id: string;
  readonly node: string;
  readonly kind: ActorKind | "sut" | "unknown";
  readonly serverFunction?: ServerFunction;
}

export interface LadderArrow extends MessageSummary {
  /** Of the event in the record; the one at the sender, where the message stands twice. */
  readonly seq: number;
  /** Of the event at the receiver, where the message stands twice. */
  readonly arrivalSeq?: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly phase: Phase;
  /** Ids of columns. */
  readonly from: string;
  readonly to: string;
  readonly transport: "udp" | "tcp" | "tls";
  readonly retransmission: boolean;
  readonly stimulus?: string;
  /** Which INVITE session it belongs to, from 1 in the order of their INVITEs; MSRP is of the session whose SDP made it. */
  readonly dialog?: number;
  /** Of MSRP: which MSRP session, from 1. */
  readonly session?: number;
}

export interface LadderNote {
  readonly seq: number;
  readonly at: number;
  readonly kind: "phase" | "stimulus" | "window" | "step" | "driver" | "life" | "note" | "end" | "session";
  /** Id of the column that it stands at; absent: across all. */
  readonly column?: string;
  readonly text: string;
}

export interface Ladder {
  readonly columns: readonly LadderColumn[];
  readonly arrows: readonly LadderArrow[];
  readonly notes: readonly LadderNote[];
}

export interface LadderOptions {
  /** Gives each function of the server under test a column of its own, as the core routed to it. */
  readonly functionsApart?: boolean;
  /** Only these phases. */
  readonly phases?: readonly Phase[];
}

export function ladderOf(trace: ScenarioTrace, options: LadderOptions = {}): Ladder {
  const columns = createColumns(options.functionsApart ?? false);
  const phaseAt = phasesOf(trace);
  const wanted = (seq: number): boolean => options.phases?.includes(phaseAt(seq)) ?? true;
  const summaries = summariesOf(trace);
  const retransmitted = retransmittedSeqs(trace);
  const functions = functionsBySeq(trace);
  const memberships = membershipsOf(trace);
  const arrows = mergeSightings(trace.events)
    .filter(({ event }) => wanted(event.seq))
    .flatMap((sighting): LadderArrow[] => {
      const { seq, at, transport, stimulus } = sighting.event;
      const summary = summaries.get(seq);
      if (summary === undefined) return [];
      return [
        {
          seq,
          at,
          transport,
          phase: phaseAt(seq),
          retransmission: retransmitted.has(seq),
          ...(sighting.arrival === undefined ? {} : { arrivalSeq: sighting.arrival.seq }),
          ...columns.endsOf(sighting, functions.get(seq)),
          ...summary,
          ...memberships.get(seq),
          ...(stimulus === undefined ? {} : { stimulus }),
        },
      ];
    });
  const notes = [...notesOf(trace, columns), ...sessionNotesOf(trace)].filter(({ seq }) => wanted(seq));
  return { columns: columns.inOrder(), arrows, notes };
}

/** Gives the phase in which an event stands. */
function phasesOf(trace: ScenarioTrace): (seq: number) => Phase {
  const entered = trace.events.flatMap((event) => (event.type === "phase" ? [event] : []));
  return (seq) => entered.findLast((event) => event.seq <= seq)?.phase ?? "preamble";
}

function summariesOf(trace: ScenarioTrace): ReadonlyMap<number, MessageSummary> {
  return new Map([
    ...trace.messages.map(({ seq, message }) => [seq, summariseSip(message)] as const),
    ...trace.malformed.map((record) => [record.seq, summariseMalformed(record)] as const),
    ...trace.http.map((record) => [record.seq, summariseHttp(record)] as const),
    ...trace.sessionMode.msrp.map((record) => [record.seq, summariseMsrp(record)] as const),
    ...trace.sessionMode.malformedMsrp.map((record) => [record.seq, summariseMalformed(record)] as const),
  ]);
}

/** A response comes from the function that the request was for. */
function functionsBySeq(trace: ScenarioTrace): ReadonlyMap<number, ServerFunction> {
  return new Map(
    trace.exchanges().flatMap(({ request, retransmissions, responses }) => {
      const { serverFunction } = request;
      if (serverFunction === undefined) return [];
      return [request, ...retransmissions, ...responses].map(({ seq }) => [seq, serverFunction] as const);
    }),
  );
}

/** Requests after the first, and responses that repeat one which stands before them. */
function retransmittedSeqs(trace: ScenarioTrace): ReadonlySet<number> {
  const seqs = new Set<number>();
  for (const { retransmissions, responses } of trace.exchanges()) {
    for (const { seq } of retransmissions) seqs.add(seq);
    responses.forEach(({ seq, bytes }, index) => {
      if (responses.slice(0, index).some((earlier) => Buffer.compare(earlier.bytes, bytes) === 0))
        seqs.add(seq);
    });
  }
  return seqs;
}
