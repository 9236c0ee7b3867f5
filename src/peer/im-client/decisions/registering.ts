/** REGISTER, header by header (clauses 5.2.1 to 5.2.3). */
import { CLIENT_RELEASE, IM_TAG } from "../../im/identifiers.ts";
import type { Hop } from "../../../net/network.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";
import type { ClientParts } from "../parts.ts";

/** `leave`: the IM service is left, the terminal stays registered with the core. */
export type RegistrationKind = "register" | "refresh" | "leave" | "deregister";

export const release = ({ config }: ClientParts): string =>
  config.product === undefined ? CLIENT_RELEASE : `${CLIENT_RELEASE} ${config.product}`;

export const registering = {
  /** 5.2.1, step 1; 5.2.3, step 3: whether a REGISTER goes out at all. */
  sends: (_client: ClientParts, _kind: RegistrationKind): boolean => true,
  /** RFC 3261 10.2: the domain. */
  requestUri: ({ config }: ClientParts, _kind: RegistrationKind): string => `sip:${config.homeDomain}`,
  from: ({ config }: ClientParts, _kind: RegistrationKind): string => `<${config.imAddress}>`,
  to: ({ config }: ClientParts, _kind: RegistrationKind): string => `<${config.imAddress}>`,
  /** 5.2.1, step 2; 5.2.3, step 2: without the tag to leave the service only. */
  featureTag: (_client: ClientParts, kind: RegistrationKind): string | undefined =>
    kind === "leave" ? undefined : IM_TAG,
  contact: (client: ClientParts, kind: RegistrationKind): string | undefined => {
    const tag = client.decisions.registering.featureTag(client, kind);
    return `<${client.contactUri()}>${tag === undefined ? "" : `;${tag}`}`;
  },
  /** 5.2.1, step 3. */
  require: (_client: ClientParts, _kind: RegistrationKind): string | undefined => "pref",
  supported: (_client: ClientParts, _kind: RegistrationKind): string | undefined => "path",
  /** 5.2.1, step 4. */
  userAgent: (client: ClientParts, _kind: RegistrationKind): string | undefined => release(client),
  /** 5.2.3, step 3: zero ends the registration with the core. */
  expires: ({ config }: ClientParts, kind: RegistrationKind): string | undefined =>
    kind === "deregister" ? "0" : String(config.registrationExpiresS),
  /** One Call-ID for all registrations of the client (RFC 3261 10.2). */
  callId: (client: ClientParts, _kind: RegistrationKind): string => client.registration.callId,
  cseq: (client: ClientParts, _kind: RegistrationKind): number => (client.registration.cseq += 1),
  /** 5.2.2, step 2: whether a challenge is answered. */
  answersChallenge: ({ config }: ClientParts): boolean =>
    config.password !== undefined || config.aka !== undefined,
  /** Milliseconds after which a registration of so many seconds is renewed: ten minutes before its end, or at half time. */
  refreshAfterMs: (_client: ClientParts, expiresS: number): number =>
    (expiresS > 1200 ? expiresS - 600 : expiresS / 2) * 1000,
  /** 5.2.2: after each initial registration. */
  publishesSettings: (_client: ClientParts, kind: RegistrationKind): boolean => kind === "register",
} as const;

/** 5.2.1, step 5; 5.2.4, step 9; 8.1.1, step 10: everything goes through the core. */
export const routing = {
  nextHop: ({ config }: ClientParts, _request: SipRequest): Hop => config.core,
} as const;
