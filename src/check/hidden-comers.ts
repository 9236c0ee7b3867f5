/** Users who hid their identity when they entered the session of a group, and as whom the server knows them (7.2.3.2). */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { fromOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import type { ConferenceUser } from "../wire/xml/conference-info.ts";
import { documentsOf, usersOf, type Document } from "./conference-events.ts";
import { invitesToFocus } from "./conference-invites.ts";
import { goodInvites } from "./group-session-admission.ts";
import type { GroupInvite } from "./group-session.ts";
import { documentsAbout } from "./group-session-names.ts";
import { memo } from "./memo.ts";
import { asksAnonymity, readable } from "./pager-message.ts";

export interface Name {
  readonly uri: string;
  readonly displayName: string | undefined;
}

/** What a document to the user says of the user itself. */
export interface OwnElement {
  readonly document: Document;
  readonly user: ConferenceUser;
}

export interface HiddenComer {
  readonly invite: GroupInvite;
  /** What From of its INVITE has, on the hop of the focus. */
  readonly from: Name;
  /** In the order in which they came. */
  readonly told: readonly OwnElement[];
  /** Who hid before it, and had not left when it came. */
  readonly before: readonly HiddenComer[];
}

/** Those who may, and who got in. */
export const hiddenComers = memo((trace: ScenarioTrace): readonly HiddenComer[] => {
  const found: HiddenComer[] = [];
  for (const invite of goodInvites(trace, "idle", "running")) {
    const { request, accepted, group } = invite;
    const from = readable(() => fromOf(request), undefined);
    if (!asksAnonymity(request) || accepted === undefined || from === undefined) continue;
    const before = found.filter(
      (one) =>
        sameAddressOfRecord(one.invite.group.uri, group.uri) && leftAt(one) > invite.exchange.request.seq,
    );
    found.push({
      invite,
      from: { uri: from.uri, displayName: from.displayName },
      told: ownElements(invite, trace),
      before,
    });
  }
  return found;
});

function leftAt({ invite: { session } }: HiddenComer): number {
  return session.bye?.seq ?? Number.POSITIVE_INFINITY;
}

function ownElements(invite: GroupInvite, trace: ScenarioTrace): readonly OwnElement[] {
  return documentsTo(invite, trace).flatMap((document) => {
    const user = usersOf(document).find(({ yourOwn }) => yourOwn === true);
    return user === undefined ? [] : [{ document, user }];
  });
}

/** Documents about the session to the user, while it takes part. */
export function documentsTo(invite: GroupInvite, trace: ScenarioTrace): readonly Document[] {
  const { originator = "" } = invite;
  return documentsAbout(invite, trace).filter(
    ({ watch: { watcher } }) => watcher !== undefined && sameAddressOfRecord(watcher, originator),
  );
}

/** And to others. */
export function documentsToOthers(invite: GroupInvite, trace: ScenarioTrace): readonly Document[] {
  const own = new Set(documentsTo(invite, trace));
  return documentsAbout(invite, trace).filter((document) => !own.has(document));
}

/** In whatever letters: people tell each other by it. */
export function isSameName(one: Name, other: Name): boolean {
  return (
    sameAddressOfRecord(one.uri, other.uri) &&
    one.displayName?.toLowerCase() === other.displayName?.toLowerCase()
  );
}

export const aliasOf = ({ user }: OwnElement): Name => ({
  uri: user.entity ?? "",
  displayName: user.displayText,
});

/** Entities and names that somebody was told of before the comer came, and those under which others came. */
export function namesBefore({ invite }: HiddenComer, trace: ScenarioTrace): readonly Name[] {
  const { request } = invite.exchange;
  const told = documentsOf(trace)
    .filter((document) => document.exchange.request.seq < request.seq)
    .flatMap((document) => usersOf(document).map((user) => aliasOf({ document, user })));
  const came = invitesToFocus(trace)
    .filter(({ exchange }) => exchange.request.seq < request.seq)
    .flatMap((one) => readable(() => fromOf(one.request), undefined) ?? []);
  return [...told, ...came.map(({ uri, displayName }) => ({ uri, displayName }))];
}
