/** INVITEs to the conference factory that make no session, and what they are answered (clause 7.2.1.2). */
import type { Refusal, RefusalName } from "../peer/im-server/decisions/refusals.ts";
import { sessionAdmission } from "../peer/im-server/focus/decisions/session-admission.ts";
import { sessionMedia } from "../peer/im-server/focus/decisions/session-media.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { withBody, withoutHeader } from "../wire/sip/edit.ts";
import { decide, onResponse, serverFault, type Fault } from "./fault.ts";

function refusedWith(name: RefusalName, refusal: Refusal): ServerAlteration {
  return decide({ refusals: { [name]: () => refusal } });
}

const NOT_AUTHORISED = "127 Service not authorised";
const NO_ANONYMITY = "119 Anonymity not allowed";
const TOO_MANY = "102 Too many participants";

export const faults: readonly Fault[] = [
  serverFault(
    "7.2.1.2-1a",
    "makes sessions at any factory",
    decide({
      sessionAdmission: {
        target: async (turn) => {
          const target = await sessionAdmission.target(turn);
          return target.kind === "unknown" ? { kind: "factory", uri: target.uri } : target;
        },
      },
    }),
  ),
  serverFault(
    "7.2.1.2-1b",
    "answers 403 where the factory is not allocated",
    refusedWith("factoryUnallocated", { status: 403 }),
  ),
  serverFault(
    "7.2.1.2-2a",
    "makes sessions for everybody",
    decide({ sessionAdmission: { mayUseFactory: () => true } }),
  ),
  serverFault(
    "7.2.1.2-2b",
    "answers 480 to who is not authorised",
    refusedWith("sessionNotAuthorised", { status: 480, warning: NOT_AUTHORISED }),
  ),
  serverFault(
    "7.2.1.2-2c",
    "does not say that the user is not authorised",
    refusedWith("sessionNotAuthorised", { status: 403 }),
  ),
  serverFault(
    "7.2.1.2-2c",
    "says to who is not authorised that the function is not allowed",
    refusedWith("sessionNotAuthorised", { status: 403, warning: "122 Function not allowed" }),
  ),
  serverFault(
    "7.2.1.2-3a",
    "answers 433 to who hides the identity",
    refusedWith("sessionAnonymity", { status: 433, reason: "Anonymity Disallowed", warning: NO_ANONYMITY }),
  ),
  serverFault(
    "7.2.1.2-3a",
    "lets everybody hide the identity",
    decide({ sessionAdmission: { adHocAnonymityAllowed: () => true } }),
  ),
  serverFault(
    "7.2.1.2-3b",
    "does not say that anonymity is not allowed",
    refusedWith("sessionAnonymity", { status: 403 }),
  ),
  serverFault(
    "7.2.1.2-7a",
    "takes content that the operator refuses",
    decide({
      sessionMedia: {
        acceptable: ({ port, path }) => port !== 0 && path.length > 0,
        terms: (medium, policy) => sessionMedia.terms(medium, { ...policy, refusedSessionTypes: [] }),
      },
    }),
  ),
  serverFault(
    "7.2.1.2-7b",
    "answers 415 to content that the operator refuses",
    refusedWith("sessionMedia", { status: 415 }),
  ),
  serverFault(
    "7.2.1.2-7c",
    "does not say what content it supports",
    onResponse(
      "INVITE",
      (answer) => withoutHeader(withBody(answer, "application/sdp", new Uint8Array()), "Content-Type"),
      ({ status }) => status === 488,
    ),
  ),
  serverFault(
    "7.2.1.2-8a",
    "invites as many users as are asked for",
    decide({ sessionAdmission: { tooManyInvited: () => false } }),
  ),
  serverFault(
    "7.2.1.2-8b",
    "answers 403 to more users than a group may have",
    refusedWith("sessionTooLarge", { status: 403, warning: TOO_MANY }),
  ),
  serverFault(
    "7.2.1.2-8c",
    "does not say that there are too many users",
    refusedWith("sessionTooLarge", { status: 486 }),
  ),
];
