/** As whom the others know somebody who sent an INVITE to a group: what documents of the conference state show (5.5, 7.2.3.2). */
import type { GroupItem } from "../trace/group-facts.ts";
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { assertedIdentities, fromOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { documentsOf, usersOf, type Document } from "./conference-events.ts";
import { focusContactOf } from "./conference-invites.ts";
import type { GroupInvite } from "./group-session.ts";
import { readable } from "./pager-message.ts";

/** Documents about the session that was entered, from then on until it was left. */
export function documentsAbout(invite: GroupInvite, trace: ScenarioTrace): readonly Document[] {
  const { accepted, session, group } = invite;
  const identity = accepted && focusContactOf(accepted.message)?.uri;
  if (accepted === undefined || identity === undefined) return [];
  const isMeant = (uri: string): boolean =>
    sameAddressOfRecord(uri, identity) || sameAddressOfRecord(uri, group.uri);
  return documentsOf(trace).filter(
    ({ exchange: { request }, watch }) =>
      isMeant(watch.exchange.request.message.uri) &&
      request.seq > accepted.seq &&
      request.seq < (session.bye?.seq ?? Number.POSITIVE_INFINITY),
  );
}

export interface Shown {
  readonly document: Document;
  readonly displayText: string;
}

/** The display names that documents have beside the address of who sent the INVITE, in each subscription the first. */
export function namesShown(invite: GroupInvite, trace: ScenarioTrace): readonly Shown[] {
  const shown = documentsAbout(invite, trace).flatMap((document) => {
    const own = usersOf(document).find(
      ({ entity }) => entity !== undefined && sameAddressOfRecord(entity, invite.originator ?? ""),
    );
    return own?.displayText === undefined ? [] : [{ document, displayText: own.displayText }];
  });
  return shown.filter(
    ({ document: { watch } }, index) => shown.findIndex((one) => one.document.watch === watch) === index,
  );
}

/** 5.5-2, in its order: of the group's document, beside the authenticated address, in From. */
export function nameBy55({
  group,
  originator = "",
  request,
}: Pick<GroupInvite, "originator" | "request"> & { readonly group: GroupItem | undefined }):
  string | undefined {
  const named = Object.entries(group?.rules?.displayNames ?? {}).find(([uri]) =>
    sameAddressOfRecord(uri, originator),
  );
  const asserted = readable(() => assertedIdentities(request), []).flatMap(
    ({ displayName }) => displayName ?? [],
  );
  const from = readable(() => fromOf(request)?.displayName, undefined);
  return [named?.[1], ...asserted, from].find((name) => name !== undefined && name.trim() !== "");
}
