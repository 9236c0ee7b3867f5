/** What subscribers of the conference state are told (clauses 7.2.1.12, 7.2.2.10, 7.2.2.11, 14.3, Appendix M). */
import type { ConferenceInfoDraft } from "../../../../wire/xml/conference-info.ts";
import type { Conference, Participant } from "../conference.ts";
import type { Identity } from "../../switch/aliases.ts";
import type { RosterEntry, Told } from "../roster.ts";

export const conferenceState = {
  /** 7.2.2.10-1. */
  entity: ({ group, identity }: Conference): string => group?.uri ?? identity,
  /** 7.2.2.10-2a: the identity by which the user came. */
  userEntity: (uri: string, alias: Identity | undefined, _how: Participant["how"]): string =>
    alias?.uri ?? uri,
  /** 7.2.2.10: the document as a whole. */
  document: (draft: ConferenceInfoDraft): ConferenceInfoDraft => draft,
  /** 7.2.1.1-7, 7.2.1.4-11, 7.2.1.5-12, 7.2.2.2, 7.2.2.12: whether subscribers are told that something changed. */
  tellsChanges: (_conference: Conference): boolean => true,
  /** RFC 4575 5.2: one more with each document. */
  nextVersion: (told: Told): number => told.version + 1,
  /** 7.2.2.10: changes are told by themselves. */
  documentState: (whole: boolean): "full" | "partial" => (whole ? "full" : "partial"),
  /** Appendix M. */
  yourOwn: (isReceiver: boolean): boolean | undefined => (isReceiver ? true : undefined),
  displayText: ({ displayName }: RosterEntry): string | undefined => displayName,
  /** 7.2.2.10-2c. */
  status: ({ present }: RosterEntry): "connected" | "disconnected" =>
    present ? "connected" : "disconnected",
  endpointEntity: ({ entity }: RosterEntry): string | undefined => entity,
  /** 7.2.2.10-2c-ii: those who left are told once, and only to whom they were told before. */
  tells: ({ present, entity }: RosterEntry, told: Told): boolean => present || told.connected.has(entity),
  /** 7.2.2.10: least time between NOTIFYs that tell of changes, in milliseconds. */
  paceMs: (policyMs: number): number => policyMs,
  /** 7.2.2.11-1. */
  endsWithSession: (): boolean => true,
  /** 7.2.2.11-2. */
  endsWhenSubscriberLeaves: (): boolean => true,
  /** 7.2.2.11-3b. */
  endReason: (): string => "noresource",
} as const;
