/** When participants are removed and sessions released (clauses 7.2.2.8, 7.2.2.12). */
import { groupAllows } from "../../../../wire/xml/group-permission.ts";
import { sessionEndBy } from "../../../../wire/xml/session-active-policy.ts";
import type { ImServerPolicy } from "../../config.ts";
import type { Conference, Participant } from "../conference.ts";
import { isPerson } from "../person.ts";

/** The variables of the operator; what the group's document says of them has precedence. */
export interface ReleaseVariables {
  readonly autoRelease: boolean;
  /** Seconds; absent: no limit. */
  readonly maximumLengthS: number | undefined;
  readonly remainingParticipants: number;
}

export const sessionRelease = {
  variables: ({ group }: Conference, policy: ImServerPolicy): ReleaseVariables => {
    const { maxDurationS, minParticipantCount } = group?.sessionActivePolicy ?? {};
    return {
      autoRelease: policy.autoRelease,
      maximumLengthS: maxDurationS ?? policy.sessionMaximumS,
      remainingParticipants:
        minParticipantCount === undefined ? policy.remainingParticipants : minParticipantCount - 1,
    };
  },
  /** 7.2.2.8: what else the session-active-policy of the group wants to hold for the session to go on. */
  forbidden: ({ group, startedAt, participants }: Conference, now: number): boolean =>
    group?.sessionActivePolicy !== undefined &&
    sessionEndBy(group.sessionActivePolicy, {
      startedAt,
      now,
      participants: [...participants.values()]
        .filter(({ history }) => !history)
        .map(({ person }) => person.identities),
    }) !== undefined,
  /** 7.2.2.8-1, a: sessions without a group end with their originator. */
  endsWithOriginator: ({ kind, originator }: Conference, { person }: Participant): boolean =>
    kind !== "group" && isPerson(originator, ...person.identities),
  /** 7.2.2.8-1, b. */
  autoReleases: (
    { kind, originator }: Conference,
    { person }: Participant,
    variables: ReleaseVariables,
  ): boolean => kind === "group" && variables.autoRelease && isPerson(originator, ...person.identities),
  /** 7.2.2.8-1, c. */
  leavesOneAlone: ({ kind, participants }: Conference): boolean =>
    kind === "one-to-one" && participants.size <= 1,
  /** 7.2.2.8-1, d. */
  leavesTooFew: ({ kind, participants }: Conference, { remainingParticipants }: ReleaseVariables): boolean =>
    kind !== "one-to-one" && participants.size <= remainingParticipants,
  /** 7.2.2.5-1: all of them. */
  removes: (_conference: Conference, _participant: Participant): boolean => true,
  /** Of one whose MSRP session is over while its SIP session is not: the text leaves it open. */
  removesLost: (): boolean => true,
  /** 7.2.1.10-2, 7.2.2.12, 200, 1. */
  releasesMedia: (_participant: Participant): boolean => true,
  /** 7.2.2.4. */
  cancels: (_conference: Conference): boolean => true,
  /** 7.2.2.8-1, f. */
  endsWithGroup: (_conference: Conference): boolean => true,
  /** 7.2.2.8-2, a: of a group whose rules changed. */
  mayStay: (conference: Conference, { person }: Participant): boolean =>
    conference.group === undefined ||
    groupAllows(conference.group, "join-handling", {
      sender: person.identities,
      anonymous: person.alias !== undefined,
    }),
  /** 7.2.2.8-1, e: seconds. */
  maximumLengthS: ({ maximumLengthS }: ReleaseVariables): number | undefined => maximumLengthS,
} as const;
