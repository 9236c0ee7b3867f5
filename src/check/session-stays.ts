/** Who was in a session of the controlling function, from when on, and how it came out again: by the own BYE, or by one of the function's. */
import type { LeasedUser } from "../trace/event.ts";
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import type { InviteSession } from "../trace/session/invite-sessions.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { laterInvitations, type ConferenceInvite, type SetUp } from "./conference.ts";
import { originatorOf } from "./grounds.ts";
import { memo } from "./memo.ts";

export interface Stay {
  /** Address by which it came or was invited. */
  readonly uri: string;
  readonly user: LeasedUser | undefined;
  readonly session: InviteSession;
  /** The 2xx to its INVITE, on the hop of the focus. */
  readonly entered: SipRecord<SipResponse>;
  /** The BYE of the user, as the focus got it. */
  readonly leaving: Exchange | undefined;
  /** The BYE of the focus. */
  readonly removal: Exchange | undefined;
  /** The first sign that the user leaves of its own accord, at its client or at the focus. */
  readonly goes: { readonly seq: number; readonly at: number } | undefined;
}

/** In the order in which they came in; somebody who came again stands twice. */
export function staysIn(setUp: SetUp, trace: ScenarioTrace): readonly Stay[] {
  const known = knownStays(trace);
  const found = known.get(setUp) ?? readStays(setUp, trace);
  known.set(setUp, found);
  return found;
}

const knownStays = memo((_trace: ScenarioTrace): Map<SetUp, readonly Stay[]> => new Map());

/** All INVITEs by which somebody came into the session, or should. */
export function attendancesOf(
  setUp: SetUp,
  trace: ScenarioTrace,
): readonly (ConferenceInvite & { readonly uri: string | undefined })[] {
  const came = [setUp, ...setUp.comers].map((one) => ({ ...one, uri: originatorOf(one.request) }));
  const invited = [...setUp.invitations, ...laterInvitations(setUp, trace)];
  return [...came, ...invited.map((one) => ({ ...one, uri: one.request.uri }))];
}

function readStays(setUp: SetUp, trace: ScenarioTrace): readonly Stay[] {
  return attendancesOf(setUp, trace)
    .flatMap(({ uri, session, accepted }) => {
      if (uri === undefined || accepted === undefined) return [];
      const user = trace.userOf(uri);
      const byes = session.requests.filter(({ method }) => method === "BYE").flatMap(({ hops }) => hops);
      const atFocus = (way: Exchange["way"]): Exchange | undefined =>
        byes.find((hop) => hop.way === way && hop.request.serverFunction === "controlling");
      const leaving = atFocus("to-sut");
      const signs = [...ownByes(user, accepted.seq, trace), ...(leaving ? [leaving] : [])];
      const goes = signs.map(({ request: { seq, at } }) => ({ seq, at })).sort((a, b) => a.seq - b.seq)[0];
      return [{ uri, user, session, entered: accepted, leaving, removal: atFocus("from-sut"), goes }];
    })
    .sort((one, other) => one.entered.seq - other.entered.seq);
}

/** A client that is in two sessions may mean either: then neither can be told. */
function ownByes(user: LeasedUser | undefined, since: number, trace: ScenarioTrace): readonly Exchange[] {
  if (user === undefined) return [];
  return trace
    .exchanges({ method: "BYE" })
    .filter(
      ({ request }) => request.node === user.node && request.direction === "out" && request.seq > since,
    );
}

/** At the place `seq` of the record: one of those whom the focus had let in, and who had not left. */
export function isInAt({ entered, leaving, removal }: Stay, seq: number): boolean {
  const gone = Math.min(leaving?.request.seq ?? Infinity, removal?.request.seq ?? Infinity);
  return entered.seq < seq && seq < gone;
}

/** Both ends know that it is in: its INVITE is acknowledged, the 2xx is not repeated any more, and nothing of its leaving is on its way. */
export function isCertainAt(stay: Stay, seq: number): boolean {
  const { session, goes } = stay;
  const acknowledged = session.requests
    .filter(({ method }) => method === "ACK")
    .flatMap(({ hops }) => hops)
    .some(({ request }) => request.seq < seq);
  const repeated = session.invite.atSut.responses.some(
    (response) => response.seq > seq && response.message.status >= 200,
  );
  return isInAt(stay, seq) && acknowledged && !repeated && (goes?.seq ?? Infinity) > seq;
}

export function isOf(stay: Stay, uri: string | undefined): boolean {
  return uri !== undefined && sameAddressOfRecord(stay.uri, uri);
}

/** Users, not dialogs. */
export function usersOf(stays: readonly Stay[]): readonly Stay[] {
  return stays.filter((stay, index) => stays.findIndex((other) => isOf(other, stay.uri)) === index);
}
