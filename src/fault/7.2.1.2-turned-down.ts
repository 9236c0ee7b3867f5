/** INVITEs to the conference factory that are good and turned down, or bad and carried out in spite of a refusal (clause 7.2.1.2). */
import { sessionAdmission } from "../peer/im-server/focus/decisions/session-admission.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { withBody, withHeader, withoutHeader } from "../wire/sip/edit.ts";
import { fromOf } from "../wire/sip/headers.ts";
import { decide, onResponse, serverFault, type Fault } from "./fault.ts";

function isAnswerOfFocus({ status }: SipResponse, { uri }: SipRequest): boolean {
  return status === 200 && uri.startsWith("sip:factory");
}

/** Users of another domain stand for those who are not authorised. */
function isOfVisitor(request: SipRequest): boolean {
  return fromOf(request)?.uri.endsWith("@visited.example") === true;
}

function forbidden({ received: _received, ...response }: SipResponse): SipResponse {
  const refusal = withBody({ ...response, status: 403, reason: "Forbidden" }, "", new Uint8Array());
  return withHeader(
    withoutHeader(withoutHeader(refusal, "Content-Type"), "Contact"),
    "Warning",
    '399 home.example "127 Service not authorised"',
  );
}

export const faults: readonly Fault[] = [
  serverFault(
    ["7.2.1.2-1a", "7.2.1.2-9"],
    "finds no conference factory allocated",
    decide({
      sessionAdmission: {
        target: async (turn: Parameters<typeof sessionAdmission.target>[0]) => {
          const target = await sessionAdmission.target(turn);
          return target.kind === "factory" ? { kind: "unknown" as const, uri: target.uri } : target;
        },
      },
    }),
  ),
  serverFault(
    ["7.2.1.2-2a", "7.2.1.2-9"],
    "authorises nobody to have a session",
    decide({ sessionAdmission: { mayUseFactory: () => false } }),
  ),
  serverFault(
    ["7.2.1.2-8a", "7.2.1.2-9"],
    "finds every list too long",
    decide({ sessionAdmission: { tooManyInvited: () => true } }),
  ),
  serverFault(
    ["7.2.1.2-7a", "7.2.1.2-9"],
    "finds no offer to the conference factory acceptable",
    decide({ sessionMedia: { acceptable: () => false } }),
  ),
  serverFault(
    "7.2.1.2-9",
    "answers requests for sessions with 500",
    decide({
      sessionAdmission: { mayUseFactory: () => false },
      refusals: { sessionNotAuthorised: () => ({ status: 500 }) },
    }),
  ),
  serverFault(
    "7.2.1.2-2a",
    "refuses who is not authorised, and invites all the same",
    decide({
      sessionAdmission: { mayUseFactory: () => true },
      sessionAnswer: { answersEarly: () => true },
    }),
    onResponse(
      "INVITE",
      forbidden,
      (response, request) =>
        request !== undefined && isAnswerOfFocus(response, request) && isOfVisitor(request),
    ),
  ),
];
