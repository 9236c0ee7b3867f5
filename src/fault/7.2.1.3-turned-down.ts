/** INVITEs to groups that are good and turned down, or bad and carried out in spite of a refusal (clauses 7.2.1.3, 7.2.1.7, 7.2.1.8). */
import { sessionAdmission } from "../peer/im-server/focus/decisions/session-admission.ts";
import { participantWith } from "../peer/im-server/focus/presence.ts";
import { withBody, withHeader, withoutHeader } from "../wire/sip/edit.ts";
import { fromOf, header } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { decide, onResponse, serverFault, type Fault } from "./fault.ts";

/** The answer turned into a refusal. */
function forbidden(warning: string): (response: SipResponse) => SipResponse {
  return ({ received: _received, ...response }) => {
    const refusal = withBody({ ...response, status: 403, reason: "Forbidden" }, "", new Uint8Array());
    const bare = ["Content-Type", "Contact", "Expires"].reduce(
      (message, name) => withoutHeader(message, name),
      refusal,
    );
    return withHeader(bare, "Warning", `399 home.example "${warning}"`);
  };
}

/** Users have their names from the pool, in its order: the third is called carol there, the fourth ted. */
const isFrom = (request: SipRequest, name: string): boolean =>
  fromOf(request)?.uri.startsWith(`sip:${name}@`) === true;

const removes = (request: SipRequest): boolean => /method=BYE/iu.test(header(request, "Refer-To") ?? "");

export const faults: readonly Fault[] = [
  serverFault(
    ["7.2.1.3-8a", "7.2.1.4-8a"],
    "answers who begins the session of a group with 500",
    decide({
      sessionAdmission: { mayInitiate: () => false },
      refusals: { initiationNotAuthorised: () => ({ status: 500 }) },
    }),
  ),
  serverFault(
    "7.2.1.3-3a",
    "refuses who may not begin the session of a group, and invites its members all the same",
    decide({
      sessionAdmission: {
        mayInitiate: (...about: Parameters<typeof sessionAdmission.mayInitiate>) =>
          isFrom(about[0].request, "ted") || sessionAdmission.mayInitiate(...about),
      },
      sessionAnswer: { answersEarly: () => true },
    }),
    onResponse(
      "INVITE",
      forbidden("127 Service not authorised"),
      ({ status }, request) =>
        status === 200 &&
        request !== undefined &&
        request.uri.startsWith("sip:group-") &&
        isFrom(request, "ted"),
    ),
  ),
  serverFault(
    "7.2.1.7-1a",
    "refuses who may not add users, and invites them all the same",
    decide({
      sessionAdmission: {
        mayAdd: (...[conference, sender]: Parameters<typeof sessionAdmission.mayAdd>) =>
          participantWith(conference, sender) !== undefined,
      },
    }),
    onResponse(
      "REFER",
      forbidden("122 Function not allowed"),
      ({ status }, request) =>
        status < 300 && request !== undefined && isFrom(request, "bob") && !removes(request),
    ),
  ),
  serverFault(
    "7.2.1.8-1a",
    "refuses who may not remove users, and removes them all the same",
    decide({ sessionAdmission: { mayRemove: () => true } }),
    onResponse(
      "REFER",
      forbidden("122 Function not allowed"),
      ({ status }, request) =>
        status < 300 && request !== undefined && isFrom(request, "carol") && removes(request),
    ),
  ),
];
