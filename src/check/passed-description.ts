/** A session description as a B2BUA gives it to the other side: the addresses may be its own, what is agreed on is not (RFC 3264, RFC 4975 8). */
import { descriptionIn, type Description } from "../trace/session/descriptions.ts";
import { isUnreadable } from "../trace/session/readable.ts";
import type { SipRecord } from "../trace/scenario-trace.ts";
import type { MessageMedia } from "../wire/sdp/message-media.ts";
import { acceptsType } from "../wire/sdp/message-media.ts";
import { formatMsrpUri } from "../wire/msrp/uri.ts";
import type { Outcome } from "./check.ts";
import { memo } from "./memo.ts";
import { missed, passed } from "./outcome.ts";
import { uriKey } from "../trace/session/media-sessions.ts";

/** What is wrong with it, in words; undefined: nothing is. */
export function departureFrom(received: Description, sent: Description | undefined): string | undefined {
  if (sent === undefined) return "no session description";
  if (isUnreadable(sent.sdp)) return `a description that cannot be read: ${sent.sdp.unreadable}`;
  const offered = received.media.filter(({ port }) => port !== 0);
  if (offered.length > 0 && sent.media.length === 0) return "no m=message line";
  if (offered.length > 0 && sent.media.every(({ port }) => port === 0)) return "m=message with port 0 alone";
  for (const [index, before] of offered.entries()) {
    const after = sent.media[index];
    const departure = after === undefined || after.port === 0 ? undefined : departureOf(before, after);
    if (departure !== undefined) return departure;
  }
  return undefined;
}

function departureOf(before: MessageMedia, after: MessageMedia): string | undefined {
  if (after.path.length === 0) return "an m=message line without a=path";
  if (before.acceptTypes.length > 0 && after.acceptTypes.length === 0)
    return "an m=message line without a=accept-types";
  const more = [
    ...beyond(after.acceptTypes, before.acceptTypes),
    ...beyond(after.acceptWrappedTypes, before.acceptWrappedTypes),
  ];
  if (more.length > 0) return `types that the other end does not take: ${more.join(", ")}`;
  if (before.maxSize !== undefined && (after.maxSize ?? Number.POSITIVE_INFINITY) > before.maxSize)
    return `a=max-size ${after.maxSize ?? "missing"} where the other end takes ${before.maxSize}`;
  return undefined;
}

function beyond(types: readonly string[], taken: readonly string[]): readonly string[] {
  const known = new Set(taken.map((type) => type.toLowerCase()));
  return types.filter((type) => !known.has(type.toLowerCase()) && !acceptsType(taken, type));
}

/** The description in `received` has to stand in `sent`, addresses aside. */
export function expectDescription(expected: string, received: SipRecord, sent: SipRecord): Outcome {
  const before = descriptionIn(received);
  if (before === undefined) return passed(expected, "none was received", received, sent);
  const departure = departureFrom(before, descriptionIn(sent));
  return departure === undefined
    ? passed(expected, "so it is", received, sent)
    : missed(expected, departure, received, sent);
}

export function hasDescription(record: SipRecord): boolean {
  return descriptionIn(record) !== undefined;
}

/** Session ends and relays in the paths of the message media. */
export const pathsIn = memo((record: SipRecord): readonly string[] =>
  (descriptionIn(record)?.media ?? [])
    .filter(({ port }) => port !== 0)
    .flatMap(({ path }) => path.map((uri) => uriKey(formatMsrpUri(uri)))),
);
