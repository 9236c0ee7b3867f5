/** MSRP sessions: the two URIs that SDP gave in a dialog, and what was sent between them. */
import { formatMsrpUri, msrpUriOf } from "../../wire/msrp/uri.ts";
import type { MessageMedia } from "../../wire/sdp/message-media.ts";
import type { Description } from "./descriptions.ts";
import type { InviteSession } from "./invite-sessions.ts";
import type { MsrpRecord } from "./msrp-records.ts";
import type { SessionMessage } from "./session-messages.ts";

export interface MediaSession {
  /** URIs of both ends, in no order that means anything. */
  readonly ends: readonly [string, string];
  /** The INVITE sessions whose SDP made it: several where a B2BUA hands the media's SDP through; none for what nobody has agreed on. */
  readonly sessions: readonly InviteSession[];
  /** Requests and responses, as they crossed Scrim's nodes. */
  readonly records: readonly MsrpRecord[];
  readonly messages: readonly SessionMessage[];
  /** What SDP told of each end, by `uriKey`. */
  readonly media: ReadonlyMap<string, MessageMedia>;
}

interface Known {
  readonly ends: readonly [string, string];
  readonly sessions: Set<InviteSession>;
  readonly media: Map<string, MessageMedia>;
  readonly records: MsrpRecord[];
  readonly messages: SessionMessage[];
}

/** In the order in which they were agreed on; then those that nobody agreed on. */
export function readMediaSessions(
  sessions: readonly InviteSession[],
  records: readonly MsrpRecord[],
  messages: readonly SessionMessage[],
): readonly MediaSession[] {
  const known = new Map<string, Known>();
  for (const session of sessions)
    for (const { offer, answer } of session.agreements) enterPairs(known, session, offer, answer);
  const byUri = byEnd(known);
  const placeOf = (ends: readonly [string, string]): Known => {
    const exact = known.get(pairKey(ends));
    const half = ends.map((uri) => byUri.get(uriKey(uri))).find((found) => found !== undefined);
    return exact ?? half ?? enter(known, ends);
  };
  for (const record of records) placeOf([record.from, record.to]).records.push(record);
  for (const message of messages) placeOf([message.from, message.to]).messages.push(message);
  return [...known.values()].map((one) => ({
    ends: one.ends,
    sessions: [...one.sessions],
    records: one.records,
    messages: one.messages,
    media: one.media,
  }));
}

/** What was told of the end with that URI; undefined where SDP did not. */
export function mediumOf({ media }: MediaSession, uri: string): MessageMedia | undefined {
  return media.get(uriKey(uri));
}

/** A medium that was refused, or that has no answer yet, is in no session. */
function enterPairs(
  known: Map<string, Known>,
  session: InviteSession,
  offer: Description,
  answer: Description | undefined,
): void {
  for (const offered of offer.media) {
    const answered = answer?.media.find(({ index }) => index === offered.index);
    const [near, far] = [uriOf(offered), answered === undefined ? undefined : uriOf(answered)];
    if (answered === undefined || near === undefined || far === undefined || answered.port === 0) continue;
    const place = enter(known, [near, far]);
    place.sessions.add(session);
    place.media.set(uriKey(near), offered);
    place.media.set(uriKey(far), answered);
  }
}

function enter(known: Map<string, Known>, ends: readonly [string, string]): Known {
  const key = pairKey(ends);
  const place = known.get(key) ?? {
    ends,
    sessions: new Set(),
    media: new Map(),
    records: [],
    messages: [],
  };
  known.set(key, place);
  return place;
}

/** The rightmost URI of a path is the session's end (RFC 4975 8.2). */
export function uriOf({ path }: Pick<MessageMedia, "path">): string | undefined {
  const last = path.at(-1);
  return last === undefined ? undefined : formatMsrpUri(last);
}

/** One end that is known is enough where the other was given wrongly. */
function byEnd(known: ReadonlyMap<string, Known>): ReadonlyMap<string, Known> {
  return new Map([...known.values()].flatMap((one) => one.ends.map((uri) => [uriKey(uri), one] as const)));
}

function pairKey(ends: readonly [string, string]): string {
  return ends.map(uriKey).sort().join(" ");
}

/** RFC 4975 6.1: the session-id counts with regard to case, the rest without. */
export function uriKey(uri: string): string {
  const parsed = msrpUriOf(uri);
  if (parsed === undefined) return uri;
  const { scheme, host, port, sessionId } = parsed;
  return `${scheme}://${host.toLowerCase()}:${port ?? ""}/${sessionId ?? ""}`;
}
