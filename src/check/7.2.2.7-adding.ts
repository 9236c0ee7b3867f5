/** 7.2.2.7: who adds users to the session of a Pre-defined Group, who may be added, and where the ages of those come from. */
import { isGranted, type GroupItem } from "../trace/group-facts.ts";
import type { HttpRecord, ScenarioTrace } from "../trace/scenario-trace.ts";
import { parseSipUri } from "../wire/sip/uri.ts";
import { mayTakePart } from "./added-users.ts";
import { check, type Check, type Outcome } from "./check.ts";
import {
  groupOf,
  hadTimeTogether,
  isSameUser,
  presenceOf,
  spanOf,
  type Attendance,
} from "./conference-members.ts";
import { evidence, expectThat, missed, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import {
  acceptanceOf,
  additions,
  atArrival,
  goodOnes,
  invitationsAfter,
  thoseWith,
  type Referral,
} from "./referrals.ts";

/** A user whom a REFER names, in the session of a group. */
interface Named {
  readonly referral: Referral;
  readonly group: GroupItem;
  readonly user: string;
  readonly invitation: Attendance | undefined;
}

/** Those who are in no way in the session yet, and whom no other REFER names. */
function named(found: readonly Referral[], trace: ScenarioTrace): readonly Named[] {
  return found.flatMap((referral) => {
    const { conference, exchange, targets } = referral;
    const span = spanOf(exchange);
    const group = conference && groupOf(conference, span, trace);
    if (conference === undefined || group?.rules === undefined) return [];
    return targets
      .map(({ requestUri }) => requestUri)
      .filter((user) => presenceOf(conference, user, atArrival(exchange), trace) === "out")
      .filter((user) => !isNamedElsewhere(user, referral, trace))
      .map((user) => ({ referral, group, user, invitation: invitationOf(referral, user, trace) }));
  });
}

function isNamedElsewhere(user: string, referral: Referral, trace: ScenarioTrace): boolean {
  return additions(trace).some(
    ({ exchange, conference, targets }) =>
      exchange !== referral.exchange &&
      conference === referral.conference &&
      targets.some(({ requestUri }) => isSameUser(requestUri, user, trace)),
  );
}

function invitationOf(referral: Referral, user: string, trace: ScenarioTrace): Attendance | undefined {
  return invitationsAfter(referral).find(({ uri }) => isSameUser(uri, user, trace));
}

/** That nothing came of it is certain: it was refused, or there was time, or silence. */
function isSettled({ referral }: Named, trace: ScenarioTrace): boolean {
  const { exchange, conference } = referral;
  const { final } = exchange;
  if (final === undefined || conference === undefined) return false;
  return (
    final.message.status >= 300 ||
    hadTimeTogether(conference, final.at, trace) ||
    trace.absenceProven(exchange.request.at)
  );
}

function judge(isMeant: boolean, { referral, invitation, user }: Named, why: string): Outcome {
  const actual = invitation === undefined ? "no INVITE to that user" : "an INVITE was sent";
  const seen = [referral.exchange, invitation?.exchange] as const;
  return isMeant === (invitation !== undefined)
    ? passed(`${isMeant ? "an" : "no"} INVITE to <${user}>, ${why}`, actual, ...seen)
    : missed(`${isMeant ? "an" : "no"} INVITE to <${user}>, ${why}`, actual, ...seen);
}

/** The REFER was refused as if its sender might not send it, although those whom it names may all take part. */
function isForbidden({ referral }: Named, trace: ScenarioTrace): boolean {
  const { exchange, targets } = referral;
  return (
    exchange.final?.message.status === 403 &&
    targets.every(({ requestUri }) => mayTakePart(referral, requestUri, trace) === true)
  );
}

interface Weighed extends Named {
  readonly isMeant: boolean;
}

/** INVITEs that nothing speaks against and that were sent, and those that something speaks against. */
function weighed(trace: ScenarioTrace, good: readonly Named[], bad: readonly Named[]): readonly Weighed[] {
  return [
    ...good
      .filter((one) => one.invitation !== undefined || isForbidden(one, trace))
      .map((one) => ({ ...one, isMeant: true })),
    ...bad
      .filter((one) => one.invitation !== undefined || isSettled(one, trace))
      .map((one) => ({ ...one, isMeant: false })),
  ];
}

export const rightToAdd = check<Weighed>("7.2.2.7-1", {
  trigger: (trace) =>
    weighed(
      trace,
      named(goodOnes(additions(trace)), trace),
      named(thoseWith("not-allowed", additions(trace)), trace).filter(
        ({ group, referral: { referrer } }) =>
          isGranted(group, "allow-invite-users-dynamically", referrer) === false,
      ),
    ),
  judge: (one) =>
    judge(one.isMeant, one, `for allow-invite-users-dynamically is ${one.isMeant ? "true" : "not"}`),
});

export const onlyThoseWhoMay = check<Weighed>("7.2.2.7-2", {
  trigger: (trace) => {
    const all = named(goodOnes(additions(trace)), trace);
    const isAllowed = ({ referral, user }: Named): boolean | undefined => mayTakePart(referral, user, trace);
    return weighed(
      trace,
      all.filter((one) => isAllowed(one) === true),
      all.filter((one) => isAllowed(one) === false),
    );
  },
  judge: (one) =>
    judge(one.isMeant, one, `who may ${one.isMeant ? "" : "not "}take part by the group's rules`),
});

/** Whose age decides: the rest of the rules lets the user in. */
function agesWanted(trace: ScenarioTrace): readonly Named[] {
  // What a server asks of another's XDM server, Scrim does not see.
  if (trace.sutFile.xdm.kind !== "scrim") return [];
  return named(goodOnes(additions(trace)), trace).filter(
    (one) =>
      one.group.rules?.age !== undefined &&
      isGranted(one.group, "join-handling", one.user) === true &&
      acceptanceOf(one.referral) !== undefined &&
      (one.invitation !== undefined || isSettled(one, trace)),
  );
}

/** XCAP for the profile of the user, before the INVITE if there is one. */
function profileRequests({ user, invitation }: Named, trace: ScenarioTrace): readonly HttpRecord[] {
  const until = invitation?.exchange.request.seq ?? Number.POSITIVE_INFINITY;
  const known = trace.userOf(user);
  const addresses = [user, known?.imAddress, known?.tel].filter((uri) => uri !== undefined);
  return trace.http.filter(({ seq, startLine, direction, peerIsSut }) => {
    if (direction !== "in" || !peerIsSut || seq > until || !startLine.startsWith("GET ")) return false;
    const path = readable(() => decodeURIComponent(startLine), startLine);
    return path.includes("user-profile") && addresses.some((address) => path.includes(address));
  });
}

function fetched(
  statement: string,
  concerns: (one: Named, trace: ScenarioTrace) => boolean,
  holds: (request: HttpRecord, trace: ScenarioTrace) => boolean,
  words: string,
): Check {
  return check<Named>(statement, {
    trigger: (trace) => agesWanted(trace).filter((one) => concerns(one, trace)),
    judge: (one, trace) => {
      const all = profileRequests(one, trace);
      const request = all.find((each) => holds(each, trace));
      const actual = request?.startLine ?? all[0]?.startLine ?? "no request for it";
      const outcome = expectThat(
        request !== undefined,
        `GET for the profile of <${one.user}>${words}`,
        actual,
      );
      const at = request ?? all[0];
      return {
        ...outcome,
        evidence: [...evidence(one.referral.exchange), ...(at === undefined ? [] : [{ seq: at.seq }])],
      };
    },
  });
}

export const ageOfAddedUserIsFetched = fetched(
  "7.2.2.7-3",
  () => true,
  () => true,
  "",
);

/** Below the root of the Aggregation Proxy. */
function byProxy({ startLine }: HttpRecord, { sutFile }: ScenarioTrace): boolean {
  const place = startLine.split(" ")[1] ?? "";
  const { proxyRoot } = sutFile.xdm;
  return proxyRoot !== undefined && place.startsWith(new URL(proxyRoot).pathname);
}

/** Another domain than that of the server, where the proxy has a place of its own. */
function isElsewhere({ user }: Named, { sutFile }: ScenarioTrace): boolean {
  const { proxyRoot, root } = sutFile.xdm;
  if (proxyRoot === undefined || new URL(root).pathname.startsWith(new URL(proxyRoot).pathname)) return false;
  const host = readable(() => parseSipUri(user).host.toLowerCase(), undefined);
  return host !== undefined && host !== sutFile.core.homeDomain.toLowerCase();
}

export const ageIsFetchedByProxy = fetched(
  "7.2.2.7-4",
  isElsewhere,
  byProxy,
  " at the Aggregation Proxy, for the user is of another domain",
);
