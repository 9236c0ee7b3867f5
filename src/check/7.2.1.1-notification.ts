/** 7.2.1.1, step 7: who comes into a session of a group is told to those who watch it. They may be told later, with what else has changed. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { expiresOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check } from "./check.ts";
import { endsIt, isConnected, watchesOf, type Told, type Watch } from "./conference-events.ts";
import { isSameUser, presenceOf, spanOf, within, type Attendance } from "./conference-members.ts";
import { missed, passed } from "./outcome.ts";
import { asksAnonymity, readable } from "./pager-message.ts";
import { hadTimeFor } from "./server-hooks.ts";

interface Entry {
  readonly watch: Watch;
  readonly comer: Attendance;
}

/** Users who came under their own address while somebody else in the session had been watching it. */
function entries(trace: ScenarioTrace): readonly Entry[] {
  return watchesOf(trace).flatMap((watch) => {
    const { accepted, conference, watcher } = watch;
    if (accepted === undefined || conference === undefined || watcher === undefined) return [];
    if (conference.kind === "one-to-one") return [];
    return conference.attendances
      .filter(
        ({ way, accepted: answer, exchange, request, uri }) =>
          way === "to-sut" &&
          answer !== undefined &&
          exchange.request.seq > accepted.seq &&
          !asksAnonymity(request) &&
          !isSameUser(uri, watcher, trace) &&
          presenceOf(conference, watcher, spanOf(exchange), trace) === "in" &&
          isOnAt(watch, exchange.request.seq),
      )
      .map((comer) => ({ watch, comer }));
  });
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
  const since = comer.exchange.request.seq;
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
  trigger: entries,
  judge: (entry, trace) => {
    const { watch, comer } = entry;
    const expected = `a notification that <${comer.uri}> is connected`;
    const { seq } = comer.exchange.request;
    // What answers a later SUBSCRIBE tells the state, and nothing of a change.
    const since = watch.told.filter(
      ({ exchange, lastAsked }) => exchange.request.seq > seq && lastAsked.request.seq < seq,
    );
    const found = since.find((told) => tellsOf(comer, told));
    if (found !== undefined) return passed(expected, "a NOTIFY came", comer.accepted, found.exchange.request);
    if (!hadTimeFor(comer.accepted?.at ?? 0, trace, endOf(entry))) return [];
    const last = since.at(-1)?.exchange.request;
    const actual = last === undefined ? "no NOTIFY" : "NOTIFYs without that user";
    return missed(expected, actual, comer.accepted, watch.exchange, last);
  },
});
