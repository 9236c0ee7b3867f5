/**
 * What the participating functions decide about sessions (clauses 6.1.1.1, 6.1.1.2, 6.1.2.1, 6.1.2.2, 6.1.2.5, 6.1.3, 6.1.4). Both functions
 * decide the same things, each in its own group: a fault can be put into one of them alone.
 */
import { IM_TAG, LARGE_MESSAGE_TAG, SERVER_RELEASE } from "../../im/identifiers.ts";
import { headerValues, privacyOf } from "../../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../../wire/sip/message.ts";
import type { Body } from "../../../wire/sip/session-description.ts";
import { parseReleaseToken } from "../../../spec/release-token.ts";
import type { Turn } from "../turn.ts";
import type { PolicyRequest } from "../../../wire/xml/conditions.ts";
import { addressee, rejectedFor } from "../decisions/termination.ts";
import { asksForPrivacy } from "../decisions/admission.ts";
import { conformsToSessionPolicy } from "./session-policy.ts";
import type { DialogName, LegName } from "./call.ts";

export type SessionMode = "b2bua" | "proxy";

/** `undefined` leaves the header field out. */
type Field = (usual: string | undefined) => string | undefined;

export interface ParticipatingDecisions {
  /** 6.1.1.2.2, 1 and 2; 6.1.2.2.2, defect of the text: a proxy is possible there as well. */
  readonly mode: (turn: Turn) => SessionMode;
  /** 6.1.3. */
  readonly staysInMediaPath: (turn: Turn) => boolean;
  /** 6.1.1.1, 4b; 6.1.2.1, 3b; 6.1.1.2.4, 1. */
  readonly offerAllowed: (turn: Turn, offer: Body | undefined) => boolean;
  /** The description of what is supported, in a 488. */
  readonly supportedDescription: (turn: Turn, usual: Body) => Body | undefined;

  /** 6.1.1.2.2, 1a; 6.1.2.2.2, 4. */
  readonly requestUri: (turn: Turn, usual: string) => string;
  /** 6.1.1.2.2, 1e; 6.1.2.2.2, 9. */
  readonly inviteAllow: Field;
  /** 6.1.1.2.2, 1f; 6.1.2.2.2, 10a. */
  readonly inviteContactUri: (turn: Turn, usual: string) => string;
  /** 6.1.1.2.2, 1f; 6.1.2.2.2, 10b. */
  readonly inviteContactTag: (turn: Turn) => string | undefined;
  /** 6.1.2.2.2, 10c: whether the caller is a focus. */
  readonly inviteIsFocus: (turn: Turn, received: boolean) => boolean;
  /** 6.1.1.2.2, 1g. */
  readonly offer: (turn: Turn, body: Body | undefined) => Body | undefined;
  /** 6.1.2.2.2, 3. */
  readonly invitePrivacy: (turn: Turn, usual: string | undefined) => string | undefined;
  /** 6.1.2.2.2, 5. */
  readonly acceptContact: (turn: Turn, usual: string | undefined) => string | undefined;
  /** 6.1.2.2.2, 6. */
  readonly inviteUserAgent: (turn: Turn, received: string | undefined) => string | undefined;
  /** 6.1.2.2.2, 7. */
  readonly inviteSessionExpires: Field;
  /** 6.1.2.2.2, 8. */
  readonly inviteSupported: Field;
  /** 6.1.2.2.2, 11: values of P-Asserted-Identity. */
  readonly originator: (turn: Turn, received: readonly string[]) => readonly string[];

  /** 6.1.1.1, 200-2; 6.1.2.2.2, 200-8 and responses other than 200. */
  readonly server: (turn: Turn, status: number) => string | undefined;
  /** 6.1.1.1, 200-3; 6.1.2.2.2, 200-7. */
  readonly okAllow: Field;
  /** 6.1.1.2.2, 200-5; 6.1.2.2.2, 200-9. */
  readonly okContactUri: (turn: Turn, usual: string) => string;
  /** 6.1.2.2.2, 200-9. */
  readonly okContactTag: (turn: Turn) => string | undefined;
  readonly okIsFocus: (turn: Turn, received: boolean) => boolean;
  /** 6.1.1.2.2, 200-4. */
  readonly answer: (turn: Turn, body: Body | undefined) => Body | undefined;
  /** 6.1.2.2.2, 200-2. */
  readonly okIdentity: (turn: Turn, received: readonly string[]) => readonly string[];
  /** 6.1.2.2.2, 200-3. */
  readonly okPrivacy: (turn: Turn, usual: string | undefined) => string | undefined;
  /** 6.1.2.2.2, 200-4. */
  readonly okRequire: Field;
  /** 6.1.2.2.2, 200-5. */
  readonly okSessionExpires: Field;
  /** 6.1.1.2.2, final responses other than 200. */
  readonly finalStatus: (turn: Turn, response: SipResponse) => number;

  /** 6.1.1.2.4, 2 and 4; 6.1.2.2.3, 2 and 4. */
  readonly passesModification: (turn: Turn, request: SipRequest) => boolean;
  /** 6.1.1.2.4, 3; 6.1.2.2.3, 3. */
  readonly modifiedOffer: (turn: Turn, body: Body | undefined) => Body | undefined;
  /** 6.1.2.2.3, 200-2. */
  readonly modifiedAnswer: (turn: Turn, body: Body | undefined) => Body | undefined;
  /** 6.1.1.2.2, 1b and 200-1; 6.1.2.2.2: whether a change goes on by UPDATE, by what the far end of the leg told in Allow, and how it came. */
  readonly takesUpdate: (
    turn: Turn,
    leg: LegName,
    told: readonly string[] | undefined,
    cameBy: string,
  ) => boolean;
  /** 6.1.1.2.4, other final responses; 6.1.2.2.3. */
  readonly modificationStatus: (turn: Turn, response: SipResponse) => number;

  /** 6.1.1.2.7, 2; 6.1.2.2.4, 2. */
  readonly passesCancel: (turn: Turn) => boolean;
  /** 6.1.1.2.8, 3; 6.1.2.2.5, 3. */
  readonly passesBye: (turn: Turn) => boolean;
  /** 6.1.1.2.8, 2 and after the 200; 6.1.2.2.5. */
  readonly releasesMedia: (turn: Turn, leg: LegName) => boolean;
  /** 6.1.1.2.9, 1 and 2: what goes out on either leg when the timer of one has run out. */
  readonly endsOnExpiry: (turn: Turn, leg: LegName) => boolean;

  /** 6.1.1.2.2, 2b; 6.1.1.2.5, 1: values of Record-Route. */
  readonly recordRoute: (turn: Turn, usual: string) => string | undefined;
  /** 6.1.1.2.2, 2c; 6.1.2.2.2. */
  readonly forwarded: (turn: Turn, request: SipRequest) => SipRequest;
  /** 6.1.1.2.5, 2. */
  readonly resolvedUri: (turn: Turn, resolved: string) => string;
  /** 6.1.1.2.6, 3a. */
  readonly replaced: (turn: Turn, own: DialogName, otherLeg: DialogName) => DialogName;
  /** 6.1.1.2.5 to 6, 6.1.2.5: whether a request within a session goes on. */
  readonly passesWithin: (turn: Turn, request: SipRequest) => boolean;
  /** 6.1.2.5, 2: what becomes of the response. */
  readonly responseWithin: (turn: Turn, response: SipResponse) => number;

  /** 6.1.3, 2 and 3. */
  readonly forwardsMessage: (turn: Turn, from: LegName) => boolean;
  /** 6.1.4: the next node may have private messages. */
  readonly knowsPrivateMessages: (turn: Turn, release: string | undefined) => boolean;
  readonly privateMessageStatus: (turn: Turn) => number;
}

const asUsual: Field = (usual) => usual;
const asReceived = <T>(_turn: Turn, received: T): T => received;

const common: ParticipatingDecisions = {
  mode: (turn) => turn.server.policy().sessionMode,
  staysInMediaPath: (turn) => turn.server.policy().mediaPath,
  offerAllowed: (turn, offer) => conformsToSessionPolicy(turn.server.policy(), offer),
  supportedDescription: asReceived,

  requestUri: asReceived,
  inviteAllow: asUsual,
  inviteContactUri: asReceived,
  inviteContactTag: () => IM_TAG,
  inviteIsFocus: asReceived,
  offer: asReceived,
  invitePrivacy: asReceived,
  acceptContact: asReceived,
  inviteUserAgent: asReceived,
  inviteSessionExpires: asUsual,
  inviteSupported: asUsual,
  originator: asReceived,

  server: () => SERVER_RELEASE,
  okAllow: asUsual,
  okContactUri: asReceived,
  okContactTag: () => IM_TAG,
  okIsFocus: asReceived,
  answer: asReceived,
  okIdentity: asReceived,
  okPrivacy: asReceived,
  okRequire: asUsual,
  okSessionExpires: asUsual,
  finalStatus: (_turn, { status }) => status,

  passesModification: () => true,
  modifiedOffer: asReceived,
  modifiedAnswer: asReceived,
  takesUpdate: (_turn, _leg, told, cameBy) => cameBy === "UPDATE" && told?.includes("UPDATE") !== false,
  modificationStatus: (_turn, { status }) => status,

  passesCancel: () => true,
  passesBye: () => true,
  releasesMedia: () => true,
  endsOnExpiry: () => true,

  recordRoute: asReceived,
  forwarded: asReceived,
  resolvedUri: asReceived,
  replaced: (_turn, _own, otherLeg) => otherLeg,
  passesWithin: () => true,
  responseWithin: (_turn, { status }) => status,

  forwardsMessage: () => true,
  knowsPrivateMessages: (_turn, release) => release !== undefined && parseReleaseToken(release) !== undefined,
  privateMessageStatus: () => 403,
};

export const originatingSession: ParticipatingDecisions = { ...common };

/** The value with `id` in it (RFC 3325 9.3). */
function withId(values: readonly string[]): string {
  return values.some((value) => value.toLowerCase() === "id")
    ? values.join(";")
    : ["id", ...values].join(";");
}

export const terminatingSession: ParticipatingDecisions = {
  ...common,
  invitePrivacy: (turn, usual) => (asksForPrivacy(turn.request) ? withId(privacyOf(turn.request)) : usual),
  acceptContact: (turn, usual) =>
    headerValues(turn.request, "Accept-Contact").join().toLowerCase().includes(IM_TAG)
      ? usual
      : `*;${IM_TAG};require;explicit`,
  inviteUserAgent: () => SERVER_RELEASE,
  okPrivacy: (turn, usual) =>
    privacyOf(turn.request).some((value) => value.toLowerCase() === "id") ? "id" : usual,
};

/** Who may have a session (6.1.2.1, steps 1 and 2). */
export const sessionScreening = {
  /** 6.1.2.2.1: the session is for a large message. */
  isLargeMessage: ({ request }: Turn): boolean =>
    [...headerValues(request, "Accept-Contact"), ...headerValues(request, "Contact")].some((value) =>
      value.toLowerCase().includes(LARGE_MESSAGE_TAG),
    ),
  /** Step 1: isb-settings of sessions, ipab-settings of large messages. */
  barred: (turn: Turn): boolean => {
    const { server } = turn;
    const settings = server.publications.settingsOf(addressee(turn), server.clock.now());
    const { sessionScreening } = server.decisions;
    const bars = sessionScreening.isLargeMessage(turn) ? settings?.barMessages : settings?.barSessions;
    return bars ?? false;
  },
  /** Steps 2a to 2e: the service, the medium and the sender that rules are asked about. */
  policyRequests: (turn: Turn): readonly PolicyRequest[] => [
    {
      service: IM_TAG,
      media: turn.server.decisions.sessionScreening.isLargeMessage(turn)
        ? "pager-mode-message"
        : "message-session",
      sender: turn.originator,
      anonymous: asksForPrivacy(turn.request),
    },
  ],
  rejectedByAccessPolicy: (turn: Turn): Promise<boolean> =>
    rejectedFor(turn, turn.server.decisions.sessionScreening.policyRequests(turn)),
} as const;
