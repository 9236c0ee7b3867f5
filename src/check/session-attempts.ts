/** INVITEs that ask the controlling function for a session that is not there yet, and which of them made it send an INVITE (7.2.1.2, 7.2.1.3). */
import { groupAt, type GroupItem } from "../trace/group-facts.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { header } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import {
  focusContactOf,
  invitesOfFocus,
  invitesToFocus,
  isContactOf,
  type ConferenceInvite,
} from "./conference-invites.ts";
import { originatorOf } from "./grounds.ts";
import { uriListOf } from "./pager-message.ts";

export interface Attempt extends ConferenceInvite {
  readonly kind: "ad-hoc" | "group";
  /** Address of who sent it. */
  readonly originator: string | undefined;
  /** Entries of its URI-list, or the members of the group. */
  readonly listed: readonly string[];
  /** The group, as its document stood when the INVITE came; of an ad-hoc session undefined. */
  readonly group: GroupItem | undefined;
  /** Later INVITEs to the group of the session. */
  readonly joins: readonly ConferenceInvite[];
}

export function attemptsOf(trace: ScenarioTrace): readonly Attempt[] {
  const attempts: (Attempt & { readonly joins: ConferenceInvite[] })[] = [];
  for (const invite of invitesToFocus(trace)) {
    const { request, exchange } = invite;
    const common = { ...invite, originator: originatorOf(request), joins: [] };
    const group = groupAt(trace.events, request.uri, exchange.request.seq);
    const listed = uriListOf(request);
    if (group === undefined) {
      if (listed !== undefined) attempts.push({ ...common, kind: "ad-hoc", listed, group });
      continue;
    }
    const running = attempts.findLast(
      (one) => one.group !== undefined && sameAddressOfRecord(one.group.uri, group.uri),
    );
    if (running !== undefined && isJoin(invite, running)) running.joins.push(invite);
    else attempts.push({ ...common, kind: "group", listed: group.members, group });
  }
  return attempts.map((attempt) => takenFirst(attempt, trace));
}

/** Of several that came while none had its answer, the one that the function took first: the one in whose name it invites. */
function takenFirst(attempt: Attempt, trace: ScenarioTrace): Attempt {
  const answered = attempt.exchange.final?.seq ?? Number.POSITIVE_INFINITY;
  const beside = attempt.joins.filter(({ exchange }) => exchange.request.seq < answered);
  if (beside.length === 0) return attempt;
  const referrers = invitesOfFocus(trace)
    .filter(({ request }) => attempt.listed.some((uri) => sameAddressOfRecord(uri, request.uri)))
    .map(({ request }) => header(request, "Referred-By") ?? "");
  const isNamed = ({ request }: ConferenceInvite): boolean => {
    const originator = originatorOf(request);
    return originator !== undefined && referrers.some((referrer) => referrer.includes(originator));
  };
  const first = isNamed(attempt) ? undefined : beside.find(isNamed);
  if (first === undefined) return attempt;
  const { session, exchange, request, accepted, joins, ...rest } = attempt;
  return {
    ...rest,
    ...first,
    originator: originatorOf(first.request),
    joins: [{ session, exchange, request, accepted }, ...joins.filter((join) => join !== first)],
  };
}

/** The session is being set up, or somebody is in it; where that is ending, Contact tells whether it was entered all the same. */
function isJoin({ exchange, accepted }: ConferenceInvite, running: Attempt): boolean {
  const { seq } = exchange.request;
  if (isRefusedBefore(running, seq)) return false;
  const people = [running, ...running.joins].filter((one) => one.accepted !== undefined);
  const left = people.filter(({ session: { bye } }) => bye !== undefined && bye.seq < seq);
  if (people.length === 0 || left.length === 0) return true;
  const identity = running.accepted && focusContactOf(running.accepted.message)?.uri;
  if (accepted === undefined || identity === undefined) return left.length < people.length;
  return isContactOf(accepted.message, identity);
}

function isRefusedBefore({ exchange: { final } }: ConferenceInvite, seq: number): boolean {
  return final !== undefined && final.message.status >= 300 && final.seq < seq;
}

/** The attempt that lists whom the INVITE is for: of several the one whose session or inviting user it names, else the last before it. */
export function causeOf<A extends Attempt>(
  { exchange, request }: ConferenceInvite,
  attempts: readonly A[],
): A | undefined {
  const { seq } = exchange.request;
  const listing = attempts.filter(
    (one) =>
      one.exchange.request.seq < seq &&
      !isRefusedBefore(one, seq) &&
      one.listed.some((uri) => sameAddressOfRecord(uri, request.uri)),
  );
  if (listing.length < 2) return listing[0];
  const identity = focusContactOf(request)?.uri;
  const named = `${header(request, "Referred-By") ?? ""} ${originatorOf(request) ?? ""}`;
  const bySession = listing.filter(
    ({ accepted }) => identity !== undefined && isContactOf(accepted?.message, identity),
  );
  const byUser = listing.filter(({ originator }) => originator !== undefined && named.includes(originator));
  return bySession.at(-1) ?? byUser.at(-1) ?? listing.at(-1);
}
