/** What the terminating participating function decides (clauses 6.1.2.1, 6.1.2.3.1, 6.1.2.6). */
import { IM_TAG, SERVER_RELEASE, SYSTEM_MESSAGE_TAG, mediaTypes } from "../../im/identifiers.ts";
import { sameAddress } from "../../im/address.ts";
import { appendHeader } from "../../../wire/sip/edit.ts";
import { contentTypeOf, expiresOf, header, headerValues } from "../../../wire/sip/headers.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";
import type { ImSettings } from "../../../wire/xml/settings.ts";
import type { AccessRules } from "../../../wire/xml/access-rules.ts";
import { rejects } from "../../../wire/xml/access-rules.ts";
import type { PolicyRequest } from "../../../wire/xml/conditions.ts";
import { mainIdentity } from "../config.ts";
import type { Turn } from "../turn.ts";
import { asksForPrivacy, conformsToPolicy, hasExpired } from "./admission.ts";

/** The served user's main identity. */
export function addressee(turn: Turn): string {
  return mainIdentity(turn.server.config, turn.request.uri);
}

/** Members by anchor of the lists elsewhere that conditions name (Appendix R). */
async function externalLists(
  turn: Turn,
  { rules }: AccessRules,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const anchors = [...new Set(rules.flatMap((rule) => rule.conditions.externalLists ?? []))];
  const lists = await Promise.all(anchors.map((anchor) => turn.server.xdm.listMembers(anchor)));
  return new Map(anchors.map((anchor, index) => [anchor, lists[index] ?? []]));
}

export async function rejectedFor(turn: Turn, requests: readonly PolicyRequest[]): Promise<boolean> {
  const rules = await turn.server.xdm.accessRules(addressee(turn));
  if (rules === undefined) return false;
  const lists = await externalLists(turn, rules);
  return requests.some((request) =>
    rejects(rules, { externalList: (anchor) => lists.get(anchor), ...request }),
  );
}

function policyRequest(turn: Turn, service: string, media: string): PolicyRequest {
  return { service, media, sender: turn.originator, anonymous: asksForPrivacy(turn.request) };
}

export const termination = {
  /** 5.4: sent by this server's operator. */
  isSystemMessage: (turn: Turn): boolean =>
    sameAddress(turn.originator, turn.server.config.serviceUris.systemSender) &&
    headerValues(turn.request, "Accept-Contact").join().toLowerCase().includes(SYSTEM_MESSAGE_TAG),
  /** 6.1.2.1, step 1: ipab-settings. */
  barred: (turn: Turn): boolean =>
    turn.server.publications.settingsOf(addressee(turn), turn.server.clock.now())?.barMessages ?? false,
  /** 6.1.2.1, steps 2a to 2c, 2e: the service, the medium and the sender that rules are asked about. */
  policyRequests: (turn: Turn): readonly PolicyRequest[] => [
    policyRequest(turn, IM_TAG, "pager-mode-message"),
  ],
  /** 6.1.2.1, step 2. */
  rejectedByAccessPolicy: (turn: Turn): Promise<boolean> =>
    rejectedFor(turn, turn.server.decisions.termination.policyRequests(turn)),
  /** 6.1.2.6: the message tells of a change to a group. */
  isAdvertisement: (turn: Turn): boolean =>
    contentTypeOf(turn.request)?.type === mediaTypes.groupAdvertisement,
  /** 6.1.2.6, step 1: rules may know an advertisement as a service, or as a medium of the IM service. */
  advertisementRequests: (turn: Turn): readonly PolicyRequest[] => [
    policyRequest(turn, IM_TAG, "group-advertisement"),
    policyRequest(turn, "group-advertisement", "group-advertisement"),
  ],
  advertisementRejected: (turn: Turn): Promise<boolean> =>
    rejectedFor(turn, turn.server.decisions.termination.advertisementRequests(turn)),
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
    turn.server.registrations.isRegistered(addressee(turn), turn.server.clock.now()),
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
