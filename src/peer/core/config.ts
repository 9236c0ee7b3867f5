/** What a SIP/IP Core is given: its domains, the application servers it knows, the users it serves. */
import type { Annotation } from "../../endpoint/crossing.ts";
import type { Address, Transport } from "../../net/network.ts";
import type { AkaSubscription } from "../../wire/aka/subscription.ts";
import type { FilterCriterion } from "./filter-criteria.ts";

/** Which function of an IM Server a leg leads to or comes from. */
export type ServerFunction = NonNullable<Annotation["serverFunction"]>;

export type DigestAlgorithm = "MD5" | "SHA-256" | "SHA-512-256";

export interface DomainConfig {
  readonly domain: string;
  /** Expiration that the registrar grants where none is asked for, and the most it grants. Seconds. */
  readonly registrationExpiresS: number;
  /** Shorter ones are refused with 423 (RFC 3261 10.3); 0: none is too short. Seconds. */
  readonly minimumExpiresS?: number;
  /** Challenge REGISTER of users that have a password. */
  readonly digest?: { readonly algorithms: readonly DigestAlgorithm[]; readonly realm?: string };
}

/** How the core attaches an IM Server: an application server on ISC. */
export interface ApplicationServer {
  readonly name: string;
  /** SIP URIs for the Route header, by session case; address and transport of the next hop come from them. */
  readonly originating: string;
  readonly terminating: string;
  readonly psi: string;
  /** Address to use where the host of the URIs is a name that Scrim cannot resolve. */
  readonly host?: string;
  /** Names in the URIs are located by the endpoint of the core (RFC 3263). */
  readonly names?: boolean;
  /** Where the URIs name no transport; default UDP. */
  readonly transport?: Transport;
  /** Further addresses that its requests come from. */
  readonly sources?: readonly Address[];
  /** Whether it sends the Route with the original-dialog token back; false: its onward requests are told by what they carry. */
  readonly originalDialogToken: boolean;
  readonly thirdPartyRegister: boolean | ThirdPartyRegisterConfig;
}

export interface ThirdPartyRegisterConfig {
  readonly body: "none" | "3gpp-ims+xml";
  /** ServiceInfo of the filter criterion, opaque to the core. */
  readonly serviceInfo?: string;
}

/** What the home network holds about a user. */
export interface UserProfile {
  /** Private identity: the digest username. */
  readonly impi: string;
  readonly password?: string;
  /** A USIM: REGISTER is challenged with AKAv1-MD5, and with digest too where there is a password. */
  readonly aka?: AkaSubscription;
  /** The implicit registration set, sip and tel; the first is the default identity. */
  readonly identities: readonly string[];
  /** Name of the application server that serves the user; absent: none does. */
  readonly server?: string;
  /** Asserted display name, where the user has one and does not prefer another. */
  readonly displayName?: string;
}

/** Public service identity: routed to the application server that owns it, whoever sends. */
export interface PsiRoute {
  /** A URI, or one with `*` for any run of characters, for session identities. */
  readonly uri: string;
  readonly server: string;
  readonly serverFunction?: ServerFunction;
}

export interface CoreConfig {
  /** The first is the home domain. */
  readonly domains: readonly DomainConfig[];
  readonly servers: readonly ApplicationServer[];
  readonly users?: readonly UserProfile[];
  readonly psis?: readonly PsiRoute[];
  /** Default: Appendix C and PUBLISH of settings. */
  readonly criteria?: readonly FilterCriterion[];
  /** Event packages whose PUBLISH and SUBSCRIBE get 200 though nobody serves them, such as background `presence` traffic. */
  readonly toleratedEvents?: readonly string[];
}
