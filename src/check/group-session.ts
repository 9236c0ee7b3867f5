/** INVITEs to Pre-defined Groups at the controlling function, and whether a session of the group was on when they came (7.2.1.3, 7.2.1.4). */
import { groupAt, type GroupItem } from "../trace/group-facts.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import type { InviteSession } from "../trace/session/invite-sessions.ts";
import { header } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import {
  controllingHop,
  focusContactOf,
  invitesOfFocus,
  invitesToFocus,
  type ConferenceInvite,
} from "./conference-invites.ts";
import { originatorOf } from "./grounds.ts";
import { memo } from "./memo.ts";

export interface GroupInvite extends ConferenceInvite {
  /** Its document, as it stood when the INVITE came. */
  readonly group: GroupItem;
  /** Authenticated address of who sent it. */
  readonly originator: string | undefined;
  /** `idle`: the group has no session. `running`: it has one, in which somebody is. `unclear`: one begins or ends meanwhile, or may have. */
  readonly when: "idle" | "running" | "unclear";
  /** Where it had its final response, or should have had it. */
  readonly until: number;
  /** Dialogs of the group that were there, or may have been, while it was handled; of one that came first none. */
  readonly others: readonly GroupDialog[];
}

/** A dialog between the focus and a user, in a session of the group. */
export interface GroupDialog {
  /** Address of the user at its other end. */
  readonly user: string | undefined;
  readonly invite: ConferenceInvite;
  readonly way: "to-sut" | "from-sut";
  /** From where both ends know of it; undefined: it was refused, or was not made for sure. */
  readonly since: number | undefined;
  /** Of the first BYE, on whatever hop; infinite where there is none. */
  readonly until: number;
}

/** In the order in which they came. */
export const groupInvites = memo((trace: ScenarioTrace): readonly GroupInvite[] =>
  invitesToFocus(trace).flatMap((invite) => {
    const { request, exchange } = invite;
    const group = groupAt(trace.events, request.uri, exchange.request.seq);
    if (group === undefined) return [];
    const until = handledUntil(invite, trace);
    const others = dialogsOf(group.uri, trace).filter((one) => isMet(one, invite, until));
    const when = stateAt({ ...invite, until }, others, trace);
    return [{ ...invite, group, originator: originatorOf(request), when, until, others }];
  }),
);

/** All that was begun before the INVITE had its answer, and was not refused before it came. */
function isMet({ invite: other }: GroupDialog, { exchange }: ConferenceInvite, until: number): boolean {
  if (other.exchange === exchange || other.exchange.request.seq > until) return false;
  return !isRefused(other) || endOf(other.exchange) > exchange.request.seq;
}

function isRefused({ exchange: { final }, session: { cancel } }: ConferenceInvite): boolean {
  return final !== undefined && final.message.status >= 300 && cancel === undefined;
}

type Handled = ConferenceInvite & Pick<GroupInvite, "until">;

/** Not later than when all patience is over: what comes then has nothing to do with it. */
function handledUntil({ exchange }: ConferenceInvite, { events, sutFile }: ScenarioTrace): number {
  const { actionMs, responseMs } = sutFile.guards;
  const over = exchange.request.at + Math.min(actionMs, responseMs);
  const late = events.find(({ at, seq }) => seq > exchange.request.seq && at >= over);
  return Math.min(endOf(exchange), late?.seq ?? Number.POSITIVE_INFINITY);
}

function endOf({ final }: ConferenceInvite["exchange"]): number {
  return final?.seq ?? Number.POSITIVE_INFINITY;
}

function stateAt(invite: Handled, others: readonly GroupDialog[], trace: ScenarioTrace): GroupInvite["when"] {
  // Those whom it made the focus invite come behind it.
  const before = others.filter(
    ({ invite: other, way }) => way === "to-sut" || other.exchange.request.seq < invite.exchange.request.seq,
  );
  if (before.length === 0) return "idle";
  if (isEndedByServer(invite, trace)) return "unclear";
  return before.some((one) => isThroughout(one, invite)) ? "running" : "unclear";
}

/** There before the INVITE came, and still there when it was answered. */
export function isThroughout({ since, until }: GroupDialog, invite: Handled): boolean {
  return since !== undefined && since < invite.exchange.request.seq && until > invite.until;
}

/** A session that the server ends is over before the first BYE is seen; what the last who is left in it gets is another matter. */
function isEndedByServer({ exchange, request }: ConferenceInvite, trace: ScenarioTrace): boolean {
  const ends = dialogsOf(request.uri, trace).flatMap(({ invite: { session } }) => session.bye ?? []);
  const [first] = ends
    .filter(({ seq }) => seq > exchange.request.seq)
    .toSorted((one, other) => one.seq - other.seq);
  const own = first && controllingHop(first, "from-sut");
  if (own === undefined || isLeft(exchange.request.seq, own.request.seq, trace)) return false;
  return own.request.at - (exchange.final?.at ?? 0) < trace.sutFile.guards.responseMs;
}

/** A client has sent BYE meanwhile, by a way that the function's side does not show, or shows later: what the server ends then, it ends because of that. */
function isLeft(from: number, to: number, trace: ScenarioTrace): boolean {
  return trace.exchanges({ method: "BYE" }).some(({ request: { seq, node, direction } }) => {
    const isOfClient = direction === "out" && trace.users.some((user) => user.node === node);
    return isOfClient && seq > from && seq < to;
  });
}

const dialogsByGroup = memo((_trace: ScenarioTrace) => new Map<string, readonly GroupDialog[]>());

/** Of all INVITEs to the group or to the identity of a session of it, and of those that the focus sent in such a session. */
export function dialogsOf(group: string, trace: ScenarioTrace): readonly GroupDialog[] {
  const known = dialogsByGroup(trace);
  const found = known.get(group) ?? readDialogs(group, trace);
  known.set(group, found);
  return found;
}

function readDialogs(group: string, trace: ScenarioTrace): readonly GroupDialog[] {
  const isGroup = (uri: string): boolean => sameAddressOfRecord(uri, group);
  const direct = invitesToFocus(trace).filter(({ request }) => isGroup(request.uri));
  const identities = direct.flatMap(
    ({ accepted }) => (accepted && focusContactOf(accepted.message)?.uri) ?? [],
  );
  const isIdentity = (uri: string | undefined): boolean =>
    uri !== undefined && identities.some((identity) => sameAddressOfRecord(identity, uri));
  const rejoining = invitesToFocus(trace).filter(({ request }) => isIdentity(request.uri));
  const sent = invitesOfFocus(trace).filter(
    ({ request }) =>
      isIdentity(focusContactOf(request)?.uri) ||
      isGroup(originatorOf(request) ?? "") ||
      (header(request, "From") ?? "").includes(group),
  );
  return [
    ...[...direct, ...rejoining].map((invite) => dialogOf(invite, "to-sut", trace)),
    ...sent.map((invite) => dialogOf(invite, "from-sut", trace)),
  ];
}

function dialogOf(invite: ConferenceInvite, way: GroupDialog["way"], trace: ScenarioTrace): GroupDialog {
  const { session, request, accepted } = invite;
  const user = way === "to-sut" ? originatorOf(request) : request.uri;
  return {
    user,
    invite,
    way,
    since: beginOf(session, accepted, way),
    until: endOfDialog(invite, user, trace),
  };
}

/** What the focus has said, it knows; what it was told, when it says so. */
function beginOf(
  { requests }: InviteSession,
  accepted: ConferenceInvite["accepted"],
  way: GroupDialog["way"],
): number | undefined {
  if (accepted === undefined || way === "to-sut") return accepted?.seq;
  return requests.find(({ method }) => method === "ACK")?.seq;
}

/** A B2BUA on the way has another BYE on the hop of the focus than at the client, which is earlier for who leaves. */
function endOfDialog(
  { session: { bye }, accepted }: ConferenceInvite,
  user: string | undefined,
  trace: ScenarioTrace,
): number {
  const node = user === undefined ? undefined : trace.userOf(user)?.node;
  const atClient = trace
    .exchanges({ method: "BYE" })
    .find(({ request }) => request.node === node && request.seq > (accepted?.seq ?? 0));
  return Math.min(bye?.seq ?? Number.POSITIVE_INFINITY, atClient?.request.seq ?? Number.POSITIVE_INFINITY);
}
