/**
 * Why the controlling function must, or may, refuse a SUBSCRIBE to the state of a conference (7.2.1.12). A statement about a refusal is judged
 * where its ground is the only one, a statement about what is done with a good SUBSCRIBE where there is none (see grounds.ts).
 */
import { isGranted } from "../trace/group-facts.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { expiresOf, headerValues, tokensOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { violations } from "../wire/sip/validate.ts";
import { CONFERENCE_INFO_TYPE } from "../wire/xml/conference-info.ts";
import { focusContactOf, invitesToFocus } from "./conference-invites.ts";
import { goesOn, groupOf, isOver, presenceOf, spanOf } from "./conference-members.ts";
import { watchesOf, type Watch } from "./conference-events.ts";
import { isEndedSession } from "./grounds.ts";
import { memo } from "./memo.ts";
import { readable } from "./pager-message.ts";

export type WatchGround =
  | "unauthorised"
  | "unknown-session"
  | "unknown-group"
  /** Everybody had left. */
  | "session-over"
  | "not-participant"
  | "not-granted"
  /** Something that leaves the function free, or that a check cannot tell. */
  | "open";

/** All of them; none: the function has to do with it what the clause says. */
export function watchGrounds(watch: Watch, trace: ScenarioTrace): readonly WatchGround[] {
  const known = groundsIn(trace);
  const found = known.get(watch) ?? groundsOf(watch, trace);
  known.set(watch, found);
  return found;
}

const groundsIn = memo((_trace: ScenarioTrace) => new Map<Watch, readonly WatchGround[]>());

/** Those that have nothing against them. */
export function goodWatches(trace: ScenarioTrace): readonly Watch[] {
  return watchesOf(trace).filter((watch) => watchGrounds(watch, trace).length === 0);
}

/** Those that have one of these against them, and nothing else. */
export function watchesWith(trace: ScenarioTrace, ...grounds: readonly WatchGround[]): readonly Watch[] {
  return watchesOf(trace).filter((watch) => {
    const [first, ...others] = watchGrounds(watch, trace);
    return first !== undefined && others.length === 0 && grounds.includes(first);
  });
}

function groundsOf(watch: Watch, trace: ScenarioTrace): readonly WatchGround[] {
  const { watcher, user, exchange } = watch;
  const { message } = exchange.request;
  const candidates: readonly (readonly [boolean, WatchGround])[] = [
    // 5.1 tells of those whom nobody has authenticated.
    [watcher === undefined, "open"],
    [user?.properties.includes("unauthorised") === true, "unauthorised"],
    [isOutOfOrdinary(message), "open"],
  ];
  const own = candidates.filter(([holds]) => holds).map(([, ground]) => ground);
  return [...own, ...(watcher === undefined ? [] : ofSession(watch, watcher, trace))];
}

function ofSession(
  { exchange, conference }: Watch,
  watcher: string,
  trace: ScenarioTrace,
): readonly WatchGround[] {
  const { uri } = exchange.request.message;
  // One that is not answered would have been at once.
  const { from, to } = spanOf(exchange);
  const span = { from, to: exchange.final === undefined ? from : to };
  if (conference === undefined) return ofUnknown(exchange, trace);
  if (isOver(conference, span)) {
    // Nothing is known at the server of a group that was deleted.
    if (conference.groupUri !== undefined && groupOf(conference, span, trace) === undefined) return ["open"];
    return trace.group(uri) === undefined ? ["session-over"] : ["not-participant"];
  }
  if (!goesOn(conference, span, trace)) return ["open"];
  const presence = presenceOf(conference, watcher, span, trace);
  // Whom the scenario does not know may be a participant by another name.
  if (presence === "unclear" || trace.userOf(watcher) === undefined) return ["open"];
  if (presence === "out") return ["not-participant"];
  if (conference.groupUri === undefined) return [];
  const group = groupOf(conference, span, trace);
  const granted = group && isGranted(group, "allow-conference-state", watcher);
  if (granted === undefined) return ["open"];
  return granted ? [] : ["not-granted"];
}

function ofUnknown({ request }: Watch["exchange"], trace: ScenarioTrace): readonly WatchGround[] {
  const { uri } = request.message;
  const { unallocatedGroup } = trace.sutFile.server?.serviceUris ?? {};
  if (isEndedSession(uri, trace)) return ["unknown-session"];
  if (unallocatedGroup !== undefined && sameAddressOfRecord(uri, unallocatedGroup)) return ["unknown-group"];
  // A group of which nobody has set up a session; of one that is called as the group is (RFC 4579 5.2) it cannot be told who takes part.
  const isSetUp = invitesToFocus(trace).some(
    (invite) =>
      sameAddressOfRecord(invite.request.uri, uri) &&
      invite.exchange.request.seq < request.seq &&
      (invite.exchange.final?.message.status ?? 200) < 300,
  );
  return trace.group(uri) === undefined || isSetUp ? ["open"] : ["not-participant"];
}

/** RFC 3265 3.1.6.1: shorter ones may be refused. */
const LONG_ENOUGH_S = 3600;

/** What other rules than those of the clause are about. */
function isOutOfOrdinary(message: SipRequest): boolean {
  const expires = readable(() => expiresOf(message), 1);
  const accepted = headerValues(message, "Accept");
  const takes = (value: string): boolean =>
    [CONFERENCE_INFO_TYPE, "application/*", "*/*"].includes(value.split(";")[0]?.trim().toLowerCase() ?? "");
  return (
    (expires !== undefined && expires !== 0 && expires < LONG_ENOUGH_S) ||
    (accepted.length > 0 && !accepted.some(takes)) ||
    tokensOf(message, "Require").length > 0 ||
    focusContactOf(message) === undefined ||
    message.body.length > 0 ||
    violations(message).length > 0
  );
}
