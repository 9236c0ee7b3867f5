/** What the terminating participating function decides (clauses 6.1.2.1, 6.1.2.3.1, 6.1.2.6). */
import { IM_TAG, SERVER_RELEASE, SYSTEM_MESSAGE_TAG, mediaTypes } from "../../im/identifiers.ts";
import { sameAddress } from "../../im/address.ts";
import { appendHeader } from "../../../wire/sip/edit.ts";
import { contentTypeOf, expiresOf, header, headerValues } from "../../../wire/sip/headers.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";
import type { ImSettings } from "../../../wire/xml/settings.ts";
import { rejects } from "../../../wire/xml/access-rules.ts";
import type { Turn } from "../turn.ts";
import { asksForPrivacy, conformsToPolicy, hasExpired } from "./admission.ts";

interface Subject {
  readonly service: string;
  readonly media: string;
}

/** What access rules are asked about (clauses 6.1.2.1, 6.1.2.6): rules may know an advertisement as a service or as a medium of IM. */
const PAGER: readonly Subject[] = [{ service: IM_TAG, media: "pager-mode-message" }];
const ADVERTISEMENT: readonly Subject[] = [
  { service: IM_TAG, media: "group-advertisement" },
  { service: "group-advertisement", media: "group-advertisement" },
];

async function rejectedFor(turn: Turn, subjects: readonly Subject[]): Promise<boolean> {
  const rules = await turn.server.xdm.accessRules(turn.request.uri);
  if (rules === undefined) return false;
  const sender = { sender: turn.originator, anonymous: asksForPrivacy(turn.request) };
  return subjects.some((subject) => rejects(rules, { ...subject, ...sender }));
}

export const termination = {
  /** 5.4: sent by this server's operator. */
  isSystemMessage: (turn: Turn): boolean =>
    sameAddress(turn.originator, turn.server.config.serviceUris.systemSender) &&
    headerValues(turn.request, "Accept-Contact").join().toLowerCase().includes(SYSTEM_MESSAGE_TAG),
  /** 6.1.2.1, step 1: ipab-settings. */
  barred: (turn: Turn): boolean =>
    turn.server.publications.settingsOf(turn.request.uri, turn.server.clock.now())?.barMessages ?? false,
  /** 6.1.2.1, step 2. */
  rejectedByAccessPolicy: (turn: Turn): Promise<boolean> => rejectedFor(turn, PAGER),
  /** 6.1.2.6: the message tells of a change to a group. */
  isAdvertisement: (turn: Turn): boolean =>
    contentTypeOf(turn.request)?.type === mediaTypes.groupAdvertisement,
  /** 6.1.2.6, step 1. */
  advertisementRejected: (turn: Turn): Promise<boolean> => rejectedFor(turn, ADVERTISEMENT),
  /** 6.1.2.1, step 3a. */
  contentAllowed: (turn: Turn): boolean => {
    const policy = turn.server.policy();
    return conformsToPolicy(turn, policy.refusedIncomingTypes ?? policy.refusedTypes);
  },
  /** 6.1.2.1, step 4. */
  expired: (turn: Turn): boolean => hasExpired(turn.request, turn.server.clock.now()),
  /** 6.1.2.1, step 5: registration status, where the core tells it. */
  available: (turn: Turn): boolean =>
    !turn.server.config.thirdPartyRegister ||
    turn.server.registrations.isRegistered(turn.request.uri, turn.server.clock.now()),
  defers: (turn: Turn): boolean => turn.server.policy().deferral,
  /** Until when a deferred message is worth delivering (12.2.2.3, step 6). */
  deferredUntil: (turn: Turn): number | undefined => {
    const seconds = expiresOf(turn.request);
    return seconds === undefined ? undefined : turn.server.clock.now() + seconds * 1000;
  },
  deferredStatus: (_turn: Turn): number => 202,
  /** Whether kept messages go out now: after registration unless the settings say otherwise, after PUBLISH when they say so (E.1). */
  pushesDeferred: (settings: ImSettings | undefined, cause: "registration" | "publication"): boolean =>
    settings?.offlineDelivery ?? cause === "registration",
  /** 6.1.2.3.1: the Server header is put on the request itself. */
  serverHeader: (_turn: Turn): string | undefined => SERVER_RELEASE,
  /** 6.1.2.3.1, 6.1.2.6, step 2: what goes on to the client. */
  forwarded: (turn: Turn, request: SipRequest): SipRequest => {
    const release = turn.server.decisions.termination.serverHeader(turn);
    return release === undefined || header(request, "Server") === release
      ? request
      : appendHeader(request, "Server", release);
  },
} as const;
