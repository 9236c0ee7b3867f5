/** What the reference IM Client is told. */
import type { Address, Hop } from "../../net/network.ts";
import type { Settings } from "../../spec/actions.ts";
import { coreAdvertised, coreListening } from "../../spec/core-addresses.ts";
import type { ClientSut, PooledUser, SutFile } from "../../spec/sut-file.ts";
import { akaSubscription, type AkaSubscription } from "../../wire/aka/subscription.ts";
import type { SipLimits } from "../../wire/sip/limits.ts";
import { addressOfUrl } from "../im/address.ts";

export interface ImClientConfig {
  readonly node: string;
  readonly listen: readonly Hop[];
  readonly advertisedHost?: string;
  /** Outbound proxy: the SIP/IP Core. */
  readonly core: Hop;
  readonly homeDomain: string;
  /** IM Address of the user. */
  readonly imAddress: string;
  /** Private identity and password for digest; without a password a challenge ends the registration. */
  readonly privateIdentity: string;
  readonly password?: string;
  /** A USIM: challenges of AKAv1-MD5 are answered. */
  readonly aka?: AkaSubscription;
  /** Seconds. */
  readonly registrationExpiresS: number;
  readonly conferenceFactory: string;
  /** Whether transport is known to be connection-oriented end to end, so that large messages may go by MESSAGE (8.1). */
  readonly congestionSafe: boolean;
  /** Published after each initial registration. */
  readonly settings: Settings;
  /** Where MSRP listens; default: a free TCP port of the host that SIP listens on. */
  readonly msrpListen?: readonly Hop[];
  /** Seconds that a session lasts without a refresh; default 1800. */
  readonly sessionExpiresS?: number;
  /** MAX-ADHOC-GROUP-SIZE (Appendix I): users in the list of an ad-hoc conference; default: any number. */
  readonly maxAdHocGroupSize?: number;
  /** Where the HTTP trigger listens. */
  readonly trigger?: Address;
  /** Further products behind the release in User-Agent. */
  readonly product?: string;
  /** Size in bytes above which a UDP request goes by TCP; default 1300 (RFC 3261 18.1.1). */
  readonly udpLimitBytes?: number;
  /** Of what it receives (docs/limits.md). */
  readonly limits?: Partial<SipLimits>;
}

export const defaultSettings: Settings = {
  barSessions: false,
  barMessages: false,
  invisible: false,
  offlineDelivery: true,
  recordSessions: false,
  recordMessages: false,
};

/** The reference client as a SUT file declares it, on a free port; `undefined` when the pool has no such user. */
export function imClientConfig(sut: SutFile, client: ClientSut): ImClientConfig | undefined {
  const user = sut.users.find(({ impu }) => impu === client.user);
  if (user === undefined) return undefined;
  const trigger = client.trigger.kind === "http" ? addressOfUrl(client.trigger.url) : undefined;
  return {
    node: client.node,
    listen: coreListening(sut).map(({ host, transport }) => ({ host, port: 0, transport })),
    // A client that listens everywhere has to say where it is.
    ...(isWildcard(sut.core.bind) ? { advertisedHost: sut.core.advertised } : {}),
    core: coreAdvertised(sut, client.transport),
    homeDomain: user.impu.split("@")[1]?.split(/[;?:]/u)[0] ?? sut.core.homeDomain,
    ...identityOf(user),
    registrationExpiresS: sut.core.registrationExpiresS,
    conferenceFactory: client.conferenceFactory,
    congestionSafe: client.congestionSafe,
    settings: defaultSettings,
    udpLimitBytes: sut.core.udpLimitBytes,
    ...(trigger ? { trigger } : {}),
  };
}

function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

function identityOf(
  user: PooledUser,
): Pick<ImClientConfig, "imAddress" | "privateIdentity" | "password" | "aka"> {
  const { impu, impi, password, aka } = user;
  return {
    imAddress: impu,
    privateIdentity: impi,
    ...(password === undefined ? {} : { password }),
    ...(aka === undefined ? {} : { aka: akaSubscription(aka) }),
  };
}
