/** What the originating participating function decides (clauses 5.1, 6.1.1.1, 6.1.1.3.1, 6.1.1.5). */
import { SETTINGS_EVENT } from "../../im/identifiers.ts";
import { assertedUri, sameAddress } from "../../im/address.ts";
import { eventOf, expiresOf, header, privacyOf, userAgentProducts } from "../../../wire/sip/headers.ts";
import { ReadingError } from "../../../wire/reading-error.ts";
import { readSettings } from "../../../wire/xml/settings.ts";
import type { ImSettings } from "../../../wire/xml/settings.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";
import { mainIdentity, userWith } from "../config.ts";
import type { ServedUser } from "../config.ts";
import type { Turn } from "../turn.ts";

export function servedUser(turn: Turn, uri: string): ServedUser | undefined {
  return userWith(turn.server.config, uri);
}

/** Whether the sender asks for privacy of its identity (RFC 3325 9.3; `user` and `header` of RFC 3323 hide it as well). */
export function asksForPrivacy(request: SipRequest): boolean {
  return privacyOf(request).some((value) => ["id", "user", "header"].includes(value.toLowerCase()));
}

/** RFC 3428 7: Expires counts from Date; without Date from reception, so that nothing that just arrived has expired. */
export function hasExpired(request: SipRequest, now: number): boolean {
  const expires = expiresOf(request);
  const date = Date.parse(header(request, "Date") ?? "");
  return expires !== undefined && !Number.isNaN(date) && date + expires * 1000 <= now;
}

export function conformsToPolicy(turn: Turn, refusedTypes: readonly string[]): boolean {
  const { maximumBytes } = turn.server.policy();
  return (
    turn.request.body.length <= maximumBytes &&
    !typesOf(turn.request).some((type) => refusedTypes.includes(type))
  );
}

/** Media types of the body and, in a multipart body, of its parts. */
function typesOf(request: SipRequest): readonly string[] {
  const whole = header(request, "Content-Type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (whole === undefined) return [];
  if (!whole.startsWith("multipart/")) return [whole];
  const inner = Buffer.from(request.body)
    .toString("latin1")
    .matchAll(/^content-type:[ \t]*([^;\s]+)/gim);
  return [whole, ...[...inner].map(([, type]) => (type ?? "").toLowerCase())];
}

export const admission = {
  /** 5.1: the core has asserted it. */
  originator: (request: SipRequest): string | undefined => assertedUri(request),
  /** 6.1.1.1, step 1. */
  mayOriginate: (turn: Turn): boolean =>
    !servedUser(turn, turn.originator)?.properties.includes("unauthorised"),
  /** 6.1.1.1, step 2. */
  owesAnswer: (turn: Turn): boolean =>
    turn.server.pendingAnswers.isOverdue(turn.originator, turn.server.clock.now()),
  /** Whether the request is the answer to a system message (15.1, Ts1): here, a message to the system's own address. */
  answersSystemMessage: (turn: Turn): boolean =>
    sameAddress(turn.request.uri, turn.server.config.serviceUris.systemSender),
  /** 6.1.1.1, step 3; F.1: the release is the first product of User-Agent. */
  supportsRelease: (turn: Turn): boolean => {
    const { requiredReleases } = turn.server.policy();
    const [first] = userAgentProducts(header(turn.request, "User-Agent") ?? "");
    const release = first && `${first.name}/${first.version ?? ""}`.toLowerCase();
    return (
      requiredReleases.length === 0 || requiredReleases.some((required) => required.toLowerCase() === release)
    );
  },
  /** 6.1.1.1, step 4a. */
  contentAllowed: (turn: Turn): boolean => conformsToPolicy(turn, turn.server.policy().refusedTypes),
  /** 6.1.1.3.1, step 2. */
  anonymityAllowed: (turn: Turn): boolean =>
    !asksForPrivacy(turn.request) ||
    (turn.server.policy().anonymity &&
      !servedUser(turn, turn.originator)?.properties.includes("anonymity-not-allowed")),
  /** 6.1.1.3.1, step 3. */
  expired: (turn: Turn): boolean => hasExpired(turn.request, turn.server.clock.now()),
  /** 6.1.1.3.1, step 4: what goes on to the core. */
  forwarded: (_turn: Turn, request: SipRequest): SipRequest => request,
} as const;

function readableSettings(document: Uint8Array): ImSettings | undefined {
  try {
    return readSettings(document).settings;
  } catch (error) {
    if (error instanceof ReadingError) return undefined;
    throw error;
  }
}

export const publishing = {
  /** 6.1.1.5, step 2. */
  eventKnown: (turn: Turn): boolean => eventOf(turn.request)?.type === SETTINGS_EVENT,
  /** 6.1.1.5, step 3: one's own settings, unless the right was taken away. */
  mayPublish: (turn: Turn): boolean => {
    const user = servedUser(turn, turn.originator);
    const properties = user?.properties ?? [];
    return (
      sameAddress(mainIdentity(turn.server.config, turn.request.uri), user?.uri ?? turn.originator) &&
      !properties.includes("unauthorised") &&
      !properties.includes("not-authorised-to-publish")
    );
  },
  /** Lifetime in seconds (RFC 3903 6, step 4): what was asked for, an hour where nothing was. */
  expires: (_turn: Turn, requested: number | undefined): number => Math.min(requested ?? 3600, 86_400),
  /** The shortest lifetime that is taken. */
  minimumExpires: (_turn: Turn): number => 60,
  /** Whether the entity tag that SIP-If-Match names is one of the user's (RFC 3903 6, step 3). */
  entityTagMatters: (_turn: Turn): boolean => true,
  /** What the document says (RFC 4354, Appendix E); elements of unknown namespaces are passed over. `undefined`: it is none. */
  read: (turn: Turn): ImSettings | undefined => readableSettings(turn.request.body),
  /** Step 5: what is kept. An update changes the settings that it names. */
  kept: (_turn: Turn, settings: ImSettings, before: ImSettings | undefined): ImSettings => ({
    ...before,
    ...settings,
  }),
  /** SIP-ETag of the 200. */
  entityTag: (_turn: Turn, entityTag: string): string | undefined => entityTag,
  /** Expires of the 200. */
  grantedExpires: (_turn: Turn, seconds: number): string | undefined => String(seconds),
  successStatus: (_turn: Turn): number => 200,
} as const;
