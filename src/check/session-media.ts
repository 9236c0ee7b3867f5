/** What a message led to in its session, and what the ends of the session said of themselves (RFC 4975). */
import type { LeasedUser } from "../trace/event.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { mediumOf, type MediaSession } from "../trace/session/media-sessions.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { failureReportOf } from "../wire/msrp/headers.ts";
import { memo } from "./memo.ts";
import { readable } from "./pager-message.ts";
import { hadGrace } from "./waiting-time.ts";

/** Whoever is at a node of Scrim's. */
interface Placed {
  readonly user: LeasedUser;
}

/** Statuses that told the sender of a failure: in responses, and in reports, which a relay on the way makes of them (RFC 4975 7.1.2). */
export function failuresOf({ chunks, reports }: SessionMessage): readonly number[] {
  const responses = chunks.flatMap(({ response }) => response?.head.status ?? []);
  return [...responses, ...reports.flatMap(({ status }) => status ?? [])].filter((status) => status !== 200);
}

/** Statuses that tell of the session or of the time, and nothing of the message (RFC 4975 10). */
export const OF_SESSION: ReadonlySet<number> = new Set([408, 481, 506]);

/** The sender wants to be told of failures (RFC 4975 7.1.1). */
export function hearsOfFailure({ chunks: [first] }: SessionMessage): boolean {
  return first !== undefined && readable(() => failureReportOf(first.request.head), "no") !== "no";
}

/** Octets that the participant takes, as it said in SDP. Undefined: no limit. `unclear`: it said different things, or there is no SDP. */
export function limitOf({ user }: Placed, trace: ScenarioTrace): number | undefined | "unclear" {
  const known = limitsAt(trace).get(user.node);
  return known === undefined ? "unclear" : known.limit;
}

interface Limit {
  readonly limit: number | undefined | "unclear";
}

/** By node. */
const limitsAt = memo((trace: ScenarioTrace): ReadonlyMap<string, Limit> => {
  const limits = new Map<string, Limit>();
  for (const media of trace.sessionMode.media)
    for (const node of new Set(media.records.map((record) => record.node))) {
      const limit = limitIn(media, node);
      const before = limits.get(node);
      limits.set(node, { limit: before === undefined || before.limit === limit ? limit : "unclear" });
    }
  return limits;
});

function limitIn(media: MediaSession, node: string): number | undefined | "unclear" {
  const uri = ownEnd(media, node);
  if (uri === undefined || mediumOf(media, uri) === undefined) return "unclear";
  const said = media.sessions.flatMap(({ agreements }) =>
    agreements.flatMap(({ offer, answer }) => [...offer.media, ...(answer?.media ?? [])]),
  );
  const own = said.filter(({ path }) =>
    path.some(({ sessionId }) => sessionId !== undefined && uri.includes(sessionId)),
  );
  const sizes = new Set(own.map(({ maxSize }) => maxSize));
  return sizes.size > 1 ? "unclear" : mediumOf(media, uri)?.maxSize;
}

function ownEnd({ records }: MediaSession, node: string): string | undefined {
  const record = records.find((one) => one.node === node);
  return record?.direction === "out" ? record.from : record?.to;
}

/** Who came by an INVITE, and perhaps had been in before by another. */
interface Entered extends Placed {
  readonly session: { readonly invite: { readonly seq: number } };
}

/** Whether its MSRP session was bound before that: something in it had been answered, since its INVITE. */
export function isBound({ user, session: { invite } }: Entered, seq: number, trace: ScenarioTrace): boolean {
  return (
    answeredAt(trace)
      .get(user.node)
      ?.some((at) => at > invite.seq && at < seq) === true
  );
}

/** Places of the responses at each node. */
const answeredAt = memo((trace: ScenarioTrace): ReadonlyMap<string, readonly number[]> => {
  const found = new Map<string, number[]>();
  for (const { node, seq, head } of trace.sessionMode.msrp)
    if (head.kind === "response") {
      const known = found.get(node);
      if (known === undefined) found.set(node, [seq]);
      else known.push(seq);
    }
  return found;
});

/** Octets of the whole, as Byte-Range tells; undefined where it does not. */
export function sizeOf({ chunks }: SessionMessage): number | undefined {
  const totals = chunks.flatMap(({ range }) => (typeof range?.total === "number" ? [range.total] : []));
  return totals.length === 0 ? undefined : Math.max(...totals);
}

/** Whether there was as much time for what the message leads to as scenarios wait for a message: until the trace closes, or somebody leaves. */
export function hadTime(sent: SessionMessage, trace: ScenarioTrace, untilAt?: number): boolean {
  return hadGrace(endedAt(sent, trace), trace, untilAt);
}

/** When its last octet crossed, in milliseconds since the epoch. */
export function endedAt({ endSeq, at }: SessionMessage, trace: ScenarioTrace): number {
  return timesOf(trace).get(endSeq) ?? at;
}

const timesOf = memo(
  ({ sessionMode }: ScenarioTrace): ReadonlyMap<number, number> =>
    new Map(sessionMode.msrp.map(({ seq, at }) => [seq, at])),
);
