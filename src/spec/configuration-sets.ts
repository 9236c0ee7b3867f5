/**
 * Server-wide policy cannot change with every scenario: scenarios that need one name its set, and a run goes set by set. These are the sets
 * that the features use, and what each of them changes of the policy that the SUT file describes.
 */
import { DEFAULT_SESSION_POLICY, SHORT_SESSION_S } from "./session-policy.ts";
import type { SessionPolicy } from "./session-policy.ts";
import type { ServerSut } from "./sut-file.ts";

export interface ServerPolicy extends SessionPolicy {
  /** Users may hide their identity when they send (6.1.1.3.1-2). */
  readonly anonymity: boolean;
  /** And when they send to a URI-list (8.3.1.1-7). */
  readonly adHocAnonymity: boolean;
  /** Delivery notifications of a group message are gathered until Ts2 (8.3.1.1-9). */
  readonly aggregation: boolean;
  readonly uriListService: boolean;
  /** Only members may write to a group (8.3.1.1-5). */
  readonly membersOnly: boolean;
  /** Releases that a User-Agent must announce; empty: any is served (6.1.1.1-3). */
  readonly requiredReleases: readonly string[];
  readonly adHocMaximum: number;
  readonly originatorCounts: boolean;
  readonly refusedTypes: readonly string[];
  readonly maximumBytes: number;
}

type Change = (server: ServerSut) => Partial<ServerPolicy>;

const CHANGES: Readonly<Record<string, Change>> = {
  default: () => ({}),
  "no-anonymity": () => ({ anonymity: false, adHocAnonymity: false }),
  "no-ad-hoc-anonymity": () => ({ adHocAnonymity: false }),
  "no-aggregation": () => ({ aggregation: false }),
  "no-uri-list": () => ({ uriListService: false }),
  "members-only": () => ({ membersOnly: true }),
  "auto-release": () => ({ autoRelease: true }),
  "early-answer": () => ({ answersEarly: true }),
  "short-sessions": () => ({ sessionMaximumS: SHORT_SESSION_S }),
  "short-session-interval": () => ({ sessionIntervalS: 90 }),
  "nobody-remains": () => ({ remainingParticipants: 0 }),
  "no-private-messages": () => ({ privateMessages: false }),
  "proxy-mode": () => ({ sessionMode: "proxy", mediaPath: false }),
  "no-media-path": () => ({ mediaPath: false }),
  "release-required": ({ policy }) => ({ requiredReleases: policy.supportedReleases }),
};

export const CONFIGURATION_SETS: readonly string[] = Object.keys(CHANGES);

/** Every check asks about the same few sets. */
const policies = new WeakMap<ServerSut, Map<string, ServerPolicy>>();

/** The policy in force in a configuration set; an unknown set changes nothing. */
export function policyIn(server: ServerSut, set: string): ServerPolicy {
  const known = policies.get(server) ?? new Map<string, ServerPolicy>();
  policies.set(server, known);
  const policy = known.get(set) ?? changedPolicy(server, set);
  known.set(set, policy);
  return policy;
}

function changedPolicy(server: ServerSut, set: string): ServerPolicy {
  const { policy } = server;
  const declared: ServerPolicy = {
    // A record of before sessions were judged says nothing of them.
    ...DEFAULT_SESSION_POLICY,
    ...policy,
    anonymity: true,
    adHocAnonymity: true,
    aggregation: true,
    membersOnly: false,
    requiredReleases: [],
  };
  return { ...declared, ...CHANGES[set]?.(server) };
}
