/** 7.2.1.1, step 7: who comes into a session of a group is told to those who watch it. They may be told later, with what else has changed. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { expiresOf, privacyOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Outcome } from "./check.ts";
import { endsIt, freeAt, isConnected, watchesOf, type Told, type Watch } from "./conference-events.ts";
import { isSameUser, presenceOf, spanOf, within, type Attendance } from "./conference-members.ts";
import { missed, passed, withFacets } from "./outcome.ts";
import { asksAnonymity, readable } from "./pager-message.ts";
import { facetOfKind } from "./session-kind.ts";
import { hadTimeFor } from "./waiting-time.ts";

interface Entry {
  readonly watch: Watch;
  readonly comer: Attendance;
}

/** Users who came, or were invited and accepted, under their own address while somebody else in the session had been watching it. */
function entries(trace: ScenarioTrace, way: Attendance["way"]): readonly Entry[] {
  return watchesOf(trace).flatMap((watch) => {
    const { accepted, conference, watcher } = watch;
    if (accepted === undefined || conference === undefined || watcher === undefined) return [];
    if (conference.kind === "one-to-one") return [];
    return conference.attendances
      .filter((comer) => {
        const begun = beginOf(comer);
        const at = { from: begun, to: Math.max(begun, spanOf(comer.exchange).to) };
        return (
          comer.way === way &&
          comer.accepted !== undefined &&
          begun > accepted.seq &&
          !hides(comer) &&
          !isSameUser(comer.uri, watcher, trace) &&
          presenceOf(conference, watcher, at, trace) === "in" &&
          isOnAt(watch, begun)
        );
      })
      .map((comer) => ({ watch, comer }));
  });
}

/** Who is invited may think about it; who comes has decided. */
function beginOf({ way, exchange, accepted }: Attendance): number {
  return way === "from-sut" && accepted !== undefined ? accepted.seq : exchange.request.seq;
}

function hides({ way, request, accepted }: Attendance): boolean {
  if (way === "to-sut") return asksAnonymity(request);
  const values = accepted === undefined ? [] : readable(() => privacyOf(accepted.message), ["id"]);
  return values.some((value) => value.toLowerCase() === "id");
}

function isOnAt({ told, asked }: Watch, seq: number): boolean {
  const isEnded = told.some(
    ({ notification: { state }, exchange }) => state?.state === "terminated" && exchange.request.seq < seq,
  );
  return !isEnded && !asked.some(({ request }) => endsIt(request.message) && request.seq < seq);
}

function tellsOf({ uri }: Attendance, { notification: { known } }: Told): boolean {
  return [...(known?.users.values() ?? [])].some(
    (user) => sameAddressOfRecord(user.entity ?? "", uri) && isConnected(user),
  );
}

/** When somebody leaves, or the subscription comes to its end, what was to be told may be another thing. */
function endOf({ watch, comer }: Entry): number {
  const { accepted, asked, told, conference } = watch;
  const since = beginOf(comer);
  const granted = accepted && readable(() => expiresOf(accepted.message), 0);
  const byes = (conference?.attendances ?? []).flatMap((one) => within(one, "BYE"));
  const terminated = told.filter(({ notification: { state } }) => state?.state === "terminated");
  const ends = [
    ...byes.map(({ request }) => request),
    ...asked.flatMap(({ request }) => (endsIt(request.message) ? [request] : [])),
    ...terminated.map(({ exchange }) => exchange.request),
  ];
  return Math.min(
    (accepted?.at ?? 0) + (granted ?? 0) * 1000,
    ...ends.filter(({ seq }) => seq > since).map(({ at }) => at),
  );
}

export const comerIsTold = check<Entry>("7.2.1.1-7", {
  trigger: (trace) => entries(trace, "to-sut"),
  judge: judgeTold,
});

export const invitedUserIsTold = check<Entry>("7.2.2.2-200-5", {
  trigger: (trace) => entries(trace, "from-sut"),
  judge: judgeTold,
});

function judgeTold(entry: Entry, trace: ScenarioTrace): Outcome | readonly Outcome[] {
  const { watch, comer } = entry;
  const expected = `a notification that <${comer.uri}> is connected`;
  const seq = beginOf(comer);
  // What answers a later SUBSCRIBE tells the state, and nothing of a change.
  const since = watch.told.filter(
    ({ exchange, lastAsked }) => exchange.request.seq > seq && lastAsked.request.seq < seq,
  );
  const found = since.find((told) => tellsOf(comer, told));
  const facets = watch.conference === undefined ? [] : [facetOfKind(watch.conference)];
  if (found !== undefined)
    return withFacets(passed(expected, "a NOTIFY came", comer.accepted, found.exchange.request), ...facets);
  if (!hadTimeFor(freeAt(watch, comer.accepted?.at ?? 0), trace, endOf(entry))) return [];
  const last = since.at(-1)?.exchange.request;
  const actual = last === undefined ? "no NOTIFY" : "NOTIFYs without that user";
  return withFacets(missed(expected, actual, comer.accepted, watch.exchange, last), ...facets);
}
