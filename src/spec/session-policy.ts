/** What the operator of a server decides about sessions: read from `server.policy` of the SUT file, and changed by configuration sets. */
import { z } from "zod";

export interface SessionPolicy {
  /** How the Participating IM Function stands in a session (6.1.1.2, 6.1.2.2). */
  readonly sessionMode: "b2bua" | "proxy";
  /** Whether it stays in the media path; a proxy cannot. */
  readonly mediaPath: boolean;
  /** Private messages in sessions without a group (7.2.3.4). */
  readonly privateMessages: boolean;
  /** Whether the session of a group ends when its originator leaves (7.2.2.8). */
  readonly autoRelease: boolean;
  /** Whether who sets a session up gets the 200 before anybody has accepted (7.2.1.2, 7.2.1.3). */
  readonly answersEarly: boolean;
  /** Seconds that a session may last; absent: as long as it likes (7.2.2.8). */
  readonly sessionMaximumS?: number;
  /** With so many participants left, the session of a group is released (7.2.2.8). */
  readonly remainingParticipants: 0 | 1;
  /** Session-Expires that the server asks for, in seconds (RFC 4028); absent: no session timer. */
  readonly sessionIntervalS?: number;
  /** Min-SE, the shortest interval that the server takes, in seconds. */
  readonly minimumIntervalS: number;
  /** Media types that the operator refuses in the SDP of a session. */
  readonly refusedSessionTypes: readonly string[];
  /** Octets of a message in a session that the server lets pass. */
  readonly sessionMaximumBytes: number;
}

/** What a SUT file that says nothing means. */
export const DEFAULT_SESSION_POLICY: SessionPolicy = {
  sessionMode: "b2bua",
  mediaPath: true,
  privateMessages: true,
  autoRelease: false,
  answersEarly: false,
  remainingParticipants: 1,
  sessionIntervalS: 1800,
  minimumIntervalS: 90,
  refusedSessionTypes: [],
  sessionMaximumBytes: 10_485_760,
};

const D = DEFAULT_SESSION_POLICY;
const seconds = z.int("whole seconds").min(1, "at least 1 second").max(31_536_000, "at most a year");

/** Members of `server.policy`. */
export const sessionPolicyShape = {
  sessionMode: z
    .enum(["b2bua", "proxy"])
    .default(D.sessionMode)
    .meta({ description: "How the participating function stands in a session" }),
  mediaPath: z.boolean().default(D.mediaPath).meta({
    description: "Whether the participating function stays in the path of the media; of a proxy, false",
  }),
  privateMessages: z
    .boolean()
    .default(D.privateMessages)
    .meta({ description: "Whether private messages are allowed in sessions without a pre-defined group" }),
  autoRelease: z
    .boolean()
    .default(D.autoRelease)
    .meta({ description: "Whether the session of a pre-defined group ends when its originator leaves" }),
  answersEarly: z.boolean().default(D.answersEarly).meta({
    description: "Whether who sets a session up gets the 200 before any of the invited users has accepted",
  }),
  sessionMaximumS: seconds
    .exactOptional()
    .meta({ description: "How many seconds a session may last; default: without end" }),
  remainingParticipants: z
    .union([z.literal(0), z.literal(1)])
    .default(D.remainingParticipants)
    .meta({ description: "With so many participants left, the session of a group is released" }),
  sessionIntervalS: seconds.default(1800).meta({
    description: "Session-Expires that the server asks for, in seconds (RFC 4028)",
  }),
  minimumIntervalS: seconds.default(D.minimumIntervalS).meta({
    description:
      "Min-SE: the shortest session interval that the server takes, in seconds; RFC 4028 allows no less than 90",
  }),
  refusedSessionTypes: z.array(z.string().min(1)).default([]).meta({
    description:
      "Content types that the operator refuses in the SDP of a session; without one, 488 cannot be tested",
  }),
  sessionMaximumBytes: z
    .int()
    .min(1, "at least 1 octet")
    .default(D.sessionMaximumBytes)
    .meta({ description: "The largest message of a session that the operator lets pass, in octets" }),
};

/** Seconds that sessions last in the configuration set `short-sessions`. */
export const SHORT_SESSION_S = 5;
