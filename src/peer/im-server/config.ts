/** What the reference IM Server is told: where it listens, whom it serves, and the operator's policies. */
import type { Address, Hop, Transport } from "../../net/network.ts";
import { coreAdvertised } from "../../spec/core-addresses.ts";
import type { ServerSut, SutFile, UserProperty } from "../../spec/sut-file.ts";
import { DEFAULT_SESSION_POLICY, SHORT_SESSION_S, type SessionPolicy } from "../../spec/session-policy.ts";
import type { SipLimits } from "../../wire/sip/limits.ts";
import { sipUriOf } from "../../wire/sip/uri.ts";
import { addressOfUrl, sameAddress } from "../im/address.ts";

/** Policies of the operator that scenarios need in several forms; one set of them is in force at a time. */
export interface ImServerPolicy extends SessionPolicy {
  /** Whether users may hide their identity when they send through their own server (6.1.1.3.1). */
  readonly anonymity: boolean;
  /** Whether they may when they send to a URI-list (8.3.1.1, step 7). */
  readonly adHocAnonymity: boolean;
  /** Whether the MESSAGE URI-list service is offered (8.3.1.1, step 1). */
  readonly uriListService: boolean;
  readonly adHocMaximum: number;
  readonly originatorCounts: boolean;
  /** First tokens of User-Agent that are served; empty: any, and none (6.1.1.1, step 3). */
  readonly requiredReleases: readonly string[];
  readonly refusedTypes: readonly string[];
  /** What a 415 says may be sent instead. */
  readonly acceptedTypes: readonly string[];
  readonly maximumBytes: number;
  /** The same for what the served user receives (6.1.2.1, step 3); absent: as above. */
  readonly refusedIncomingTypes?: readonly string[];
  /** Whether delivery notifications of a group message are gathered for Ts2. */
  readonly aggregation: boolean;
  /** Whether messages for users who are not registered are kept (6.1.2.1, step 5). */
  readonly deferral: boolean;
  /** Only members may write to a group. */
  readonly membersOnly: boolean;
  /** What a 488 says may be offered. */
  readonly acceptedSessionTypes: readonly string[];
  /** Least milliseconds between notifications of changes in a conference (7.2.2.10). */
  readonly conferencePaceMs: number;
}

export interface ServedUser {
  readonly uri: string;
  /** The telephone number of the same user. */
  readonly tel?: string;
  readonly properties: readonly UserProperty[];
}

export interface ImServerConfig {
  readonly node: string;
  readonly listen: readonly Hop[];
  readonly advertisedHost?: string;
  /** Of what it receives (docs/limits.md). */
  readonly limits?: Partial<SipLimits>;
  /** URIs by which the core names the functions in Route. */
  readonly functions: { readonly originating: string; readonly terminating: string; readonly psi: string };
  /** Where requests of the server's own go. */
  readonly core: Hop;
  /** `http://host:port/root`; without it no policy and no group is known. */
  readonly xcapRoot?: string;
  /** The root at the Aggregation Proxy, by which documents of users of other domains are had (XDM-8); absent: as for the others. */
  readonly xcapProxyRoot?: string;
  readonly serviceUris: ServerSut["serviceUris"];
  readonly homeDomain: string;
  readonly users: readonly ServedUser[];
  readonly policy: ImServerPolicy;
  /** What each named set changes of the policy. */
  readonly configurationSets: Readonly<Record<string, Partial<ImServerPolicy>>>;
  /** Milliseconds. */
  readonly timers: { readonly ts1Ms: number; readonly ts2Ms: number };
  /** Whether the core tells of registrations; otherwise every user counts as registered. */
  readonly thirdPartyRegister: boolean;
  /** Address of the Conversation History Function, which is no participant like others (7.2.1.4-3). */
  readonly historyFunction?: string;
  /** Where its MSRP endpoint listens; absent: on a free port of the first address that SIP listens on. */
  readonly msrp?: readonly Hop[];
  /** Where the HTTP control hook listens. */
  readonly control?: Address;
}

/** The user that has this identity; the first entry counts. */
export function userWith(config: ImServerConfig, identity: string): ServedUser | undefined {
  return config.users.find(
    ({ uri, tel }) => sameAddress(uri, identity) || (tel !== undefined && sameAddress(tel, identity)),
  );
}

/** The SIP identity under which settings, registration and policies of a user are kept. */
export function mainIdentity(config: ImServerConfig, identity: string): string {
  return userWith(config, identity)?.uri ?? identity;
}

export const referencePolicy: ImServerPolicy = {
  ...DEFAULT_SESSION_POLICY,
  refusedSessionTypes: ["application/x-refused"],
  anonymity: true,
  adHocAnonymity: true,
  uriListService: true,
  adHocMaximum: 10,
  originatorCounts: false,
  requiredReleases: [],
  refusedTypes: ["application/x-refused"],
  acceptedTypes: [
    "text/plain",
    "message/cpim",
    "message/imdn+xml",
    "message/external-body",
    "multipart/mixed",
    "application/resource-lists+xml",
    "application/vnd.poc.group-advertisement+xml",
  ],
  maximumBytes: 100_000,
  aggregation: true,
  deferral: true,
  membersOnly: false,
  acceptedSessionTypes: ["message/cpim", "text/plain", "application/im-iscomposing+xml", "multipart/mixed"],
  conferencePaceMs: 100,
};

export const referenceConfigurationSets: Readonly<Record<string, Partial<ImServerPolicy>>> = {
  default: {},
  "no-anonymity": { anonymity: false, adHocAnonymity: false },
  "no-ad-hoc-anonymity": { adHocAnonymity: false },
  "no-uri-list": { uriListService: false },
  "release-required": { requiredReleases: ["IM-client/OMA1.0"] },
  "refused-incoming-type": { refusedIncomingTypes: ["application/x-refused-incoming"] },
  "no-aggregation": { aggregation: false },
  "members-only": { membersOnly: true },
  "auto-release": { autoRelease: true },
  "early-answer": { answersEarly: true },
  "short-sessions": { sessionMaximumS: SHORT_SESSION_S },
  "short-session-interval": { sessionIntervalS: 90 },
  "nobody-remains": { remainingParticipants: 0 },
  "no-private-messages": { privateMessages: false },
  "proxy-mode": { sessionMode: "proxy", mediaPath: false },
  "no-media-path": { mediaPath: false },
};

/** The reference server on the addresses of a SUT file; `places` where they are not to be taken from there. */
export function imServerConfig(
  sut: SutFile,
  server: ServerSut,
  places: Partial<Pick<ImServerConfig, "listen" | "core" | "xcapRoot" | "control">> = {},
): ImServerConfig {
  const { originating, terminating, psi } = server;
  const control = server.control?.kind === "http" ? addressOfUrl(server.control.url) : undefined;
  return {
    node: server.node,
    listen: listenAt([originating, terminating, psi], server.transport),
    core: coreAdvertised(sut, server.transport),
    xcapRoot: sut.xdm.root,
    ...(sut.xdm.proxyRoot === undefined ? {} : { xcapProxyRoot: sut.xdm.proxyRoot }),
    ...(control ? { control } : {}),
    functions: { originating, terminating, psi },
    serviceUris: server.serviceUris,
    homeDomain: sut.core.homeDomain,
    users: sut.users.map(({ impu, tel, properties }) => ({
      uri: impu,
      properties,
      ...(tel === undefined ? {} : { tel }),
    })),
    policy: policyOf(server),
    configurationSets: configurationSetsOf(server),
    timers: server.timers,
    thirdPartyRegister: server.thirdPartyRegister,
    ...places,
  };
}

/** TCP and TLS cannot share a port. */
const LISTENING: Readonly<Record<Transport, readonly Transport[]>> = {
  udp: ["udp", "tcp"],
  tcp: ["tcp", "udp"],
  tls: ["tls", "udp"],
};

/** On every address that the URIs name, once; what the server sends from comes first. */
function listenAt(uris: readonly string[], transport: Transport): readonly Hop[] {
  const addresses = uris.flatMap((uri) => {
    const { host, port } = sipUriOf(uri) ?? {};
    return host === undefined
      ? []
      : [{ host: host.replaceAll(/^\[|\]$/g, ""), port: port ?? (transport === "tls" ? 5061 : 5060) }];
  });
  const distinct = addresses.filter(
    ({ host, port }, index) =>
      addresses.findIndex((other) => other.host === host && other.port === port) === index,
  );
  return distinct.flatMap((address) => LISTENING[transport].map((each) => ({ ...address, transport: each })));
}

function policyOf({ policy }: ServerSut): ImServerPolicy {
  return { ...referencePolicy, ...policy };
}

function configurationSetsOf({ policy }: ServerSut): ImServerConfig["configurationSets"] {
  const releases = policy.supportedReleases.length > 0 ? policy.supportedReleases : ["IM-client/OMA1.0"];
  return { ...referenceConfigurationSets, "release-required": { requiredReleases: releases } };
}
