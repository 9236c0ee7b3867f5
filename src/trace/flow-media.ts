/** Messages of MSRP as a flow draws them: a SEND for all its chunks, once for each hop. */
import { msrpHeader } from "../wire/msrp/headers.ts";
import type { ScenarioTrace } from "./scenario-trace.ts";
import type { MsrpRecord } from "./session/msrp-records.ts";
import { mergeSightings } from "./sightings.ts";

export interface MediaHop {
  readonly record: MsrpRecord;
  /** Names of the nodes at both ends. */
  readonly from: string;
  readonly to: string;
  /** Places of its sightings in the record. */
  readonly seqs: readonly number[];
  readonly at: number;
}

/** Without further chunks, and without SENDs that have no body, which only show whose connection it is (RFC 4975 5.4). */
export function mediaHops(trace: ScenarioTrace): readonly MediaHop[] {
  const records = new Map(trace.sessionMode.msrp.map((record) => [record.seq, record]));
  const begun = new Set<string>();
  return mergeSightings(trace.events).flatMap(({ event, arrival, from, to }) => {
    const record = event.protocol === "msrp" ? records.get(event.seq) : undefined;
    if (record === undefined || isRest(record, `${from} ${to}`, begun)) return [];
    const seqs = arrival === undefined ? [event.seq] : [event.seq, arrival.seq];
    return [{ record, from, to, seqs, at: event.at }];
  });
}

function isRest({ head, bodyBytes }: MsrpRecord, hop: string, begun: Set<string>): boolean {
  if (head.kind !== "request" || head.method !== "SEND") return false;
  if (bodyBytes === 0) return true;
  const key = `${hop} ${msrpHeader(head, "Message-ID") ?? head.transactionId}`;
  if (begun.has(key)) return true;
  begun.add(key);
  return false;
}
