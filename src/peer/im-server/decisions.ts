/**
 * Everything that the server decides, in groups and by name. A fault replaces one decision and leaves the rest, so each entry is as small as
 * the statement that it serves.
 */
import { admission, publishing } from "./decisions/admission.ts";
import { control } from "./decisions/control.ts";
import { copy } from "./decisions/copy.ts";
import { notify } from "./decisions/notify.ts";
import { refusals } from "./decisions/refusals.ts";
import { registration, responses, routing } from "./decisions/responses.ts";
import { systemMessage } from "./decisions/system-message.ts";
import { termination } from "./decisions/termination.ts";

export interface ServerDecisions {
  readonly admission: typeof admission;
  readonly publishing: typeof publishing;
  readonly termination: typeof termination;
  readonly control: typeof control;
  readonly copy: typeof copy;
  readonly notify: typeof notify;
  readonly systemMessage: typeof systemMessage;
  readonly registration: typeof registration;
  readonly responses: typeof responses;
  readonly routing: typeof routing;
  readonly refusals: typeof refusals;
}

export const referenceServerDecisions: ServerDecisions = {
  admission,
  publishing,
  termination,
  control,
  copy,
  notify,
  systemMessage,
  registration,
  responses,
  routing,
  refusals,
};
