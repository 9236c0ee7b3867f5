/** Which INVITE session, and which MSRP session under it, each message of a ladder belongs to. */
import type { LadderArrow, LadderNote } from "./ladder.ts";
import type { ScenarioTrace } from "./scenario-trace.ts";
import { uriOf } from "./session/media-sessions.ts";
import type { Journey } from "./session/journeys.ts";

type Membership = Pick<LadderArrow, "dialog" | "session">;

/** By `seq`. Messages outside of sessions have none. */
export function membershipsOf({ sessionMode }: ScenarioTrace): ReadonlyMap<number, Membership> {
  const memberships = new Map<number, Membership>();
  const { invites, media } = sessionMode;
  invites.forEach(({ invite, cancel, requests }, index) => {
    const own = [invite, ...(cancel === undefined ? [] : [cancel]), ...requests];
    for (const seq of own.flatMap(seqsOf))
      if (!memberships.has(seq)) memberships.set(seq, { dialog: index + 1 });
  });
  media.forEach(({ sessions, records }, index) => {
    const [maker] = sessions;
    const dialog = maker === undefined ? {} : { dialog: invites.indexOf(maker) + 1 };
    for (const { seq } of records) memberships.set(seq, { ...dialog, session: index + 1 });
  });
  return memberships;
}

/** Where an MSRP session begins: behind the description that completed it. */
export function sessionNotesOf({ sessionMode }: ScenarioTrace): readonly LadderNote[] {
  const { invites, media } = sessionMode;
  return media.flatMap(({ sessions, ends }, index): LadderNote[] => {
    const [maker] = sessions;
    const made = maker?.agreements.find(({ answer }) =>
      answer?.media.some((one) => ends.includes(uriOf(one) ?? "")),
    );
    const { record } = made?.answer ?? {};
    if (maker === undefined || record === undefined) return [];
    const text = `MSRP session ${index + 1} of INVITE session ${invites.indexOf(maker) + 1}: ${ends.join(" – ")}`;
    return [{ seq: record.seq, at: record.at, kind: "session", text }];
  });
}

function seqsOf({ hops }: Journey): readonly number[] {
  return hops.flatMap(({ request, retransmissions, responses }) =>
    [request, ...retransmissions, ...responses].map(({ seq }) => seq),
  );
}
