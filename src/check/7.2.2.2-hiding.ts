/** 7.2.2.2, 200, 3: an invited user asks for privacy in the 200, which the group allows or does not. */
import { groupAt, isGranted } from "../trace/group-facts.ts";
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { privacyOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Outcome } from "./check.ts";
import { setUps, type SetUp } from "./conference.ts";
import { documentsOf, isConnected } from "./conference-events.ts";
import { isInvitedByFocus } from "./conference-invites.ts";
import { policyOf } from "./originating-message.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { releaseCauses } from "./release-causes.ts";
import { referrals } from "./referred-users.ts";
import { isOf, staysIn, type Stay } from "./session-stays.ts";
import { graceOf, hadTimeFor } from "./waiting-time.ts";

interface Hiding {
  readonly setUp: SetUp;
  readonly stay: Stay;
  readonly isAllowed: boolean;
}

/** Invited users whose 200 asks for privacy, where it is certain whether they may. */
function hidings(trace: ScenarioTrace): readonly Hiding[] {
  return setUps(trace).flatMap((setUp) =>
    staysIn(setUp, trace)
      .filter(({ session, entered }) => isInvitedByFocus(session) && asksPrivacy(entered))
      .flatMap((stay) => {
        const isAllowed = mayHide(setUp, stay, trace);
        return isAllowed === undefined ? [] : [{ setUp, stay, isAllowed }];
      }),
  );
}

function asksPrivacy({ message }: SipRecord<SipResponse>): boolean {
  return readable(() => privacyOf(message), []).some((value) => value.toLowerCase() === "id");
}

function mayHide({ group }: SetUp, { uri, entered }: Stay, trace: ScenarioTrace): boolean | undefined {
  if (group === undefined) return policyOf(trace)?.adHocAnonymity;
  const now = groupAt(trace.events, group.uri, entered.seq);
  return now && isGranted(now, "allow-anonymity", uri);
}

/** The BYE of the function at once, before any of the user's, and for no other reason. */
function isReleased({ setUp, stay }: Hiding, trace: ScenarioTrace): boolean {
  const { removal, goes, session, entered } = stay;
  if (removal === undefined || removal.request.seq > (goes?.seq ?? Infinity)) return false;
  if (removal.request.at - entered.at >= graceOf(trace) || mayGoOtherwise(stay, removal, trace)) return false;
  return !releaseCauses(trace).some(
    (cause) =>
      cause.setUp === setUp &&
      cause.seq < removal.request.seq &&
      cause.removed.some((one) => one.session === session),
  );
}

/** Somebody had it removed by REFER, or its end of the session was not in order. */
function mayGoOtherwise({ uri, user }: Stay, { request }: Exchange, trace: ScenarioTrace): boolean {
  return (
    referrals(trace).some(
      ({ exchange, removes, users }) =>
        removes && exchange.request.seq < request.seq && users.some((one) => sameAddressOfRecord(one, uri)),
    ) ||
    trace.stimuli.some(({ actor, action }) => actor === user?.actor && action === "misbehave-in-sessions")
  );
}

/** It was still there when scenarios would have waited long enough, or somebody sent it something later. */
function isKept({ setUp, stay }: Hiding, trace: ScenarioTrace): boolean {
  const { entered, goes, user, removal } = stay;
  if (removal !== undefined && isReleased({ setUp, stay, isAllowed: true }, trace)) return false;
  const until = Math.min(goes?.seq ?? Infinity, removal?.request.seq ?? Infinity);
  return (
    hadTimeFor(entered.at, trace, Math.min(goes?.at ?? Infinity, removal?.request.at ?? Infinity)) ||
    trace.sessionMode.messages.some(
      ({ node, way, seq }) => node === user?.node && way === "from-sut" && seq > entered.seq && seq < until,
    )
  );
}

const whoIs = ({ user, uri }: Stay): string => user?.actor ?? `<${uri}>`;

/** Documents that tell others of the session after the user had come; each whether it names the user. */
function namings(
  { setUp, stay }: Hiding,
  trace: ScenarioTrace,
): readonly { readonly seq: number; readonly names: boolean }[] {
  const attendees = new Set(staysIn(setUp, trace).map(({ session }) => session));
  return documentsOf(trace)
    .filter(
      ({ watch: { watcher, conference }, exchange }) =>
        exchange.request.seq > stay.entered.seq &&
        !isOf(stay, watcher) &&
        conference !== undefined &&
        attendees.has(conference.setUp.session),
    )
    .map(({ exchange, info }) => ({
      seq: exchange.request.seq,
      names: (info.users?.list ?? []).some(
        (user) => isConnected(user) && sameAddressOfRecord(user.entity ?? "", stay.uri),
      ),
    }));
}

/** Whoever is neither released nor shown was let hide without being asked for. */
export const privacyIsWeighed = check<Hiding>("7.2.2.2-200-3a", {
  trigger: (trace) =>
    hidings(trace).filter((one) =>
      one.isAllowed
        ? isReleased(one, trace) || isKept(one, trace)
        : isReleased(one, trace) || (isKept(one, trace) && namings(one, trace).length > 0),
    ),
  judge: (one, trace): Outcome => {
    const { stay, isAllowed } = one;
    const released = isReleased(one, trace);
    const who = whoIs(stay);
    const expected = isAllowed
      ? `${who}, who may hide, stays`
      : `${who}, who may not hide, is released, or is shown to the others`;
    if (isAllowed || released) {
      const actual = released ? `BYE to ${who}` : "no BYE";
      return expectThat(isAllowed !== released, expected, actual, stay.entered, stay.removal);
    }
    const isShown = namings(one, trace).some(({ names }) => names);
    return isShown
      ? noted(expected, `${who} is shown`, "the release is a SHOULD", stay.entered)
      : missed(expected, `${who} takes part, and is hidden`, stay.entered);
  },
});

export const hiddenUserIsReleased = check<Hiding>("7.2.2.2-200-3b", {
  trigger: (trace) =>
    hidings(trace).filter((one) => !one.isAllowed && (isReleased(one, trace) || isKept(one, trace))),
  judge: (one, trace) => {
    const who = whoIs(one.stay);
    const released = isReleased(one, trace);
    return expectThat(
      released,
      `BYE to ${who}, who asks for a privacy that is not allowed`,
      released ? "BYE" : "no BYE",
      one.stay.entered,
      one.stay.removal,
    );
  },
});

/** In the documents that others get: what the messages show, is the business of the switch (7.2.3). */
export const hiddenUserIsHidden = check<Hiding>("7.2.2.2-200-3c", {
  trigger: (trace) => hidings(trace).filter((one) => one.isAllowed && namings(one, trace).length > 0),
  judge: (one, trace): Outcome => {
    const found = namings(one, trace);
    const naming = found.find(({ names }) => names);
    const expected = `no document that names ${whoIs(one.stay)}, who hides`;
    const [first] = found;
    const outcome =
      naming === undefined
        ? passed(expected, `${found.length} documents, none with <${one.stay.uri}>`, one.stay.entered)
        : missed(expected, `a document with <${one.stay.uri}>`, one.stay.entered);
    const shown = naming ?? first;
    return shown === undefined
      ? outcome
      : { ...outcome, evidence: [...outcome.evidence, { seq: shown.seq }] };
  },
});
