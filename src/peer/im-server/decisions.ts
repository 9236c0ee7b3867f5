/**
 * Everything that the server decides, in groups and by name. A fault replaces one decision and leaves the rest, so each entry is as small as
 * the statement that it serves.
 */
import { admission, publishing } from "./decisions/admission.ts";
import { control } from "./decisions/control.ts";
import { copy } from "./decisions/copy.ts";
import { notify } from "./decisions/notify.ts";
import { refusals } from "./decisions/refusals.ts";
import { registration, responses, routing, wording } from "./decisions/responses.ts";
import { systemMessage } from "./decisions/system-message.ts";
import { termination } from "./decisions/termination.ts";
import {
  originatingSession,
  sessionScreening,
  terminatingSession,
} from "./participating-session/decisions.ts";
import { sessionAdmission } from "./focus/decisions/session-admission.ts";
import { sessionMedia } from "./focus/decisions/session-media.ts";
import { sessionAnswer } from "./focus/decisions/session-answer.ts";
import { sessionInvitation } from "./focus/decisions/session-invitation.ts";
import { sessionRelease } from "./focus/decisions/session-release.ts";
import { conferenceState } from "./focus/decisions/conference-state.ts";
import { referral } from "./focus/decisions/referral.ts";
import { focusRelease } from "./focus/decisions/focus-release.ts";
import { referenceSwitchDecisions } from "./switch/decisions.ts";
import type { SwitchDecisions } from "./switch/decisions.ts";

export interface ServerDecisions extends SwitchDecisions {
  readonly admission: typeof admission;
  readonly publishing: typeof publishing;
  readonly termination: typeof termination;
  readonly control: typeof control;
  readonly copy: typeof copy;
  readonly notify: typeof notify;
  readonly systemMessage: typeof systemMessage;
  readonly registration: typeof registration;
  readonly responses: typeof responses;
  readonly wording: typeof wording;
  readonly routing: typeof routing;
  readonly refusals: typeof refusals;
  readonly originatingSession: typeof originatingSession;
  readonly terminatingSession: typeof terminatingSession;
  readonly sessionScreening: typeof sessionScreening;
  readonly sessionAdmission: typeof sessionAdmission;
  readonly sessionMedia: typeof sessionMedia;
  readonly sessionAnswer: typeof sessionAnswer;
  readonly sessionInvitation: typeof sessionInvitation;
  readonly sessionRelease: typeof sessionRelease;
  readonly conferenceState: typeof conferenceState;
  readonly referral: typeof referral;
  readonly focusRelease: typeof focusRelease;
}

export const referenceServerDecisions: ServerDecisions = {
  ...referenceSwitchDecisions,
  admission,
  publishing,
  termination,
  control,
  copy,
  notify,
  systemMessage,
  registration,
  responses,
  wording,
  routing,
  refusals,
  originatingSession,
  terminatingSession,
  sessionScreening,
  sessionAdmission,
  sessionMedia,
  sessionAnswer,
  sessionInvitation,
  sessionRelease,
  conferenceState,
  referral,
  focusRelease,
};
