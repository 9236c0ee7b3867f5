/** How the server refuses, one entry for each reason: status, Warning text (clause 5.6.2: code and words), Error-Info, further headers. */
import { RECIPIENT_LIST_OPTION, SETTINGS_EVENT } from "../../im/identifiers.ts";
import type { HeaderPair } from "../../../wire/sip/build.ts";
import type { Turn } from "../turn.ts";

export interface Refusal {
  readonly status: number;
  readonly reason?: string;
  /** Text code and explanation; the Warning header around it is made by `warningOf` of the response decisions. */
  readonly warning?: string;
  /** A URI (RFC 3261 20.18). */
  readonly errorInfo?: string;
  readonly headers?: readonly HeaderPair[];
}

const notAuthorised = "127 Service not authorised";
const anonymityNotAllowed = "119 Anonymity not allowed";
const notAllowed = "122 Function not allowed";
const tooMany = "102 Too many participants";

const forbidden = (warning?: string): Refusal =>
  warning === undefined ? { status: 403 } : { status: 403, warning };
const explain = (turn: Turn, topic: string): string =>
  `<https://${turn.server.config.homeDomain}/im/${topic}>`;
const unsupportedType = (turn: Turn): Refusal => ({
  status: 415,
  headers: [["Accept", turn.server.policy().acceptedTypes.join(", ")]],
});

export const refusals = {
  /** 5.1: no Authenticated Originator's IM Address. */
  noOriginator: (_turn: Turn): Refusal => forbidden(notAuthorised),
  /** 6.1.1.1, step 1. */
  originatorNotAuthorised: (_turn: Turn): Refusal => forbidden(notAuthorised),
  /** 6.1.1.1, step 2. */
  answerOwed: (turn: Turn): Refusal => ({
    status: 403,
    errorInfo: explain(turn, "unanswered-system-message"),
  }),
  /** 6.1.1.1, step 3. */
  releaseUnsupported: (turn: Turn): Refusal => ({
    status: 403,
    errorInfo: explain(turn, "unsupported-release"),
  }),
  /** 6.1.1.1, step 4a. */
  outgoingContent: (turn: Turn): Refusal => unsupportedType(turn),
  /** 6.1.1.3.1, step 2. */
  anonymity: (_turn: Turn): Refusal => forbidden(anonymityNotAllowed),
  /** 6.1.1.3.1, step 3; RFC 3428 7 leaves an expired message to local policy: here it is refused, not passed on. */
  expired: (_turn: Turn): Refusal => ({ status: 480, reason: "Message Expired" }),
  /** 6.1.1.5, step 3. */
  publisherNotAuthorised: (_turn: Turn): Refusal => forbidden(notAuthorised),
  /** 6.1.1.5, step 2; RFC 3903 6, step 2. */
  eventUnknown: (_turn: Turn): Refusal => ({ status: 489, headers: [["Allow-Events", SETTINGS_EVENT]] }),
  /** RFC 3903 6, step 3. */
  entityTagUnknown: (_turn: Turn): Refusal => ({ status: 412, reason: "Conditional Request Failed" }),
  settingsMissing: (_turn: Turn): Refusal => ({ status: 400, reason: "Settings Missing" }),
  settingsInvalid: (_turn: Turn): Refusal => ({ status: 400, reason: "Invalid Settings Document" }),
  settingsType: (_turn: Turn): Refusal => ({
    status: 415,
    headers: [["Accept", "application/poc-settings+xml"]],
  }),
  publicationTooBrief: (_turn: Turn): Refusal => ({ status: 423, headers: [["Min-Expires", "60"]] }),
  /** 6.1.2.1, step 1. */
  barred: (_turn: Turn): Refusal => forbidden(notAuthorised),
  /** 6.1.2.1, step 2. */
  rejectedByAccessPolicy: (_turn: Turn): Refusal => forbidden(notAllowed),
  /** 6.1.2.1, step 3a. */
  incomingContent: (turn: Turn): Refusal => unsupportedType(turn),
  /** 6.1.2.1, step 4. */
  incomingExpired: (_turn: Turn): Refusal => ({ status: 480, reason: "Message Expired" }),
  /** 6.1.2.1, step 5, where the message cannot be deferred. */
  unavailable: (_turn: Turn): Refusal => ({ status: 480 }),
  /** 6.1.2.6, step 1. */
  advertisementRejected: (_turn: Turn): Refusal => forbidden(notAllowed),
  /** 8.3.1.1, step 1. */
  uriListUnsupported: (_turn: Turn): Refusal => ({
    status: 420,
    warning: notAllowed,
    headers: [["Unsupported", RECIPIENT_LIST_OPTION]],
  }),
  /** 8.3.1.1, step 2. */
  groupWithoutIm: (_turn: Turn): Refusal => ({ status: 404 }),
  /** 8.3.1.1, step 3. */
  sessionNotOngoing: (_turn: Turn): Refusal => forbidden(),
  /** 8.3.1.1, steps 4 and 8. */
  tooManyRecipients: (_turn: Turn): Refusal => ({ status: 486, warning: "102 Too many participants" }),
  /** 8.3.1.1, step 5. */
  groupUseNotAuthorised: (_turn: Turn): Refusal => forbidden(notAuthorised),
  /** 8.3.1.1, step 6. */
  groupAnonymity: (_turn: Turn): Refusal => forbidden(anonymityNotAllowed),
  /** 8.3.1.1, step 7. */
  adHocAnonymity: (_turn: Turn): Refusal => forbidden(anonymityNotAllowed),
  /** 11.1, and 11.2. */
  factoryUnallocated: (_turn: Turn): Refusal => ({ status: 404 }),
  conferenceUnallocated: (_turn: Turn): Refusal => ({ status: 404 }),
  /** RFC 5365 7: a list that is missing or cannot be read. */
  listUnreadable: (_turn: Turn): Refusal => ({ status: 400, reason: "Bad Recipient List" }),
  /** 7.2.1.2-2. */
  sessionNotAuthorised: (_turn: Turn): Refusal => forbidden(notAuthorised),
  /** 7.2.1.2-3, 7.2.3.2-1, 14.3. */
  sessionAnonymity: (_turn: Turn): Refusal => forbidden(anonymityNotAllowed),
  /** 7.2.1.2-7, 7.2.1.3-7, 7.2.1.4-7, 7.2.1.5-7: the body says what could be. */
  sessionMedia: (_turn: Turn): Refusal => ({ status: 488 }),
  /** RFC 5366 4.2. */
  invitedUnreadable: (_turn: Turn): Refusal => ({ status: 400, reason: "Bad Recipient List" }),
  /** 7.2.1.2-8. */
  sessionTooLarge: (_turn: Turn): Refusal => ({ status: 486, warning: tooMany }),
  /** 7.2.1.3-1, 11.2. */
  groupWithoutSessions: (_turn: Turn): Refusal => ({ status: 404 }),
  /** 7.2.1.3-2 has 495, 7.2.1.4-1 has 403: RFC 5318 settled on 403. */
  focusAssigned: (_turn: Turn): Refusal => forbidden("105 isfocus already assigned"),
  /** 7.2.1.3-3. */
  initiationNotAuthorised: (_turn: Turn): Refusal => forbidden(notAuthorised),
  /** 7.2.2.9. */
  ageLimit: (_turn: Turn): Refusal => forbidden("124 Service not allowed due to the age limit"),
  /** 7.2.1.4-2. */
  joiningNotAuthorised: (_turn: Turn): Refusal => forbidden(notAuthorised),
  /** 7.2.1.4-3, 7.2.1.5-3. */
  sessionFull: (_turn: Turn): Refusal => ({ status: 486, warning: tooMany }),
  /** 7.2.1.5-1. */
  sessionEnded: (_turn: Turn): Refusal => forbidden("123 Session does not exist"),
  /** 7.2.1.5-2. */
  rejoiningNotAllowed: (_turn: Turn): Refusal => forbidden(notAllowed),
  /** 7.2.1.12-1 and 2, 11.2. */
  watchedUnallocated: (_turn: Turn): Refusal => ({ status: 404 }),
  /** 7.2.1.12-3. */
  watcherNotAuthorised: (_turn: Turn): Refusal => forbidden(notAllowed),
  /** 7.2.1.12-4. */
  watchingNotAllowed: (_turn: Turn): Refusal => forbidden(notAllowed),
  /** 7.2.1.8-2b. */
  referWithoutSession: (_turn: Turn): Refusal => forbidden(notAllowed),
  /** A method that neither 7.2.1.7 nor 7.2.1.8 knows. */
  referNotAllowed: (_turn: Turn): Refusal => forbidden(notAllowed),
  /** 7.2.1.7-1. */
  addingNotAllowed: (_turn: Turn): Refusal => forbidden(notAllowed),
  /** 7.2.1.7-4. */
  addingTooMany: (_turn: Turn): Refusal => ({ status: 486, warning: tooMany }),
  /** 7.2.1.8-1 and 2b. */
  removingNotAllowed: (_turn: Turn): Refusal => forbidden(notAllowed),
  /** RFC 3261 21.5: the server's own trouble. */
  documentsUnavailable: (_turn: Turn): Refusal => ({ status: 503 }),
  broken: (_turn: Turn): Refusal => ({ status: 500 }),
} as const;

export type Refusals = typeof refusals;
export type RefusalName = keyof Refusals;
