/** INVITEs to the conference factory that make no session, and what they are answered (clause 7.2.1.2). */
import type { Refusal, RefusalName } from "../peer/im-server/decisions/refusals.ts";
import { sessionAdmission } from "../peer/im-server/focus/decisions/session-admission.ts";
import { sessionMedia } from "../peer/im-server/focus/decisions/session-media.ts";
import type { ServerAlteration } from "../peer/im-server/server.ts";
import { mapHeader, withBody, withoutHeader } from "../wire/sip/edit.ts";
import { cseqOf, header, toOf } from "../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../wire/sip/message.ts";
import { inAnswer } from "./7.2.1.1.ts";
import { decide, inSet, onRequest, onResponse, serverFault, type Fault } from "./fault.ts";

function refusedWith(name: RefusalName, refusal: Refusal): ServerAlteration {
  return decide({ refusals: { [name]: () => refusal } });
}

/** The description in the 200 of the focus, with its lines rewritten. */
function answerRewritten(rewrite: (sdp: string) => string): ServerAlteration {
  return inAnswer((answer) =>
    withBody(answer, "application/sdp", Buffer.from(rewrite(Buffer.from(answer.body).toString("utf8")))),
  );
}

/** A second 200, as of another branch of a fork. */
function twice(answer: SipResponse): readonly SipResponse[] {
  const tag = toOf(answer)?.tag ?? "";
  return [answer, mapHeader(answer, "To", (to) => to.replace(`tag=${tag}`, `tag=${tag}x`))];
}

/** An UPDATE without a body, by the side of the INVITE. */
function updateBefore(invite: SipRequest): SipRequest {
  const { received: _received, ...request } = withBody(invite, "", new Uint8Array());
  const branched = mapHeader({ ...request, method: "UPDATE" }, "Via", (via) =>
    via.replace(/branch=z9hG4bK/u, "$&u"),
  );
  return mapHeader(branched, "CSeq", () => `${(cseqOf(invite)?.number ?? 0) + 100} UPDATE`);
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
  serverFault(
    "7.2.1.2-6b",
    "gives all sessions the same identity",
    decide({ sessionAnswer: { newIdentity: (_token, host) => `sip:im-session-one@${host}` } }),
  ),
  serverFault(
    "7.2.1.2-200-1",
    "answers when all have accepted",
    decide({ sessionAnswer: { firstIsEnough: (_focus, { invitations }) => invitations.size <= 1 } }),
  ),
  serverFault(
    "7.2.1.2-200-1",
    "answers twice",
    onResponse(
      "INVITE",
      twice,
      (answer) => answer.status === 200 && header(answer, "Contact")?.includes("im-session-") === true,
    ),
  ),
  serverFault(
    "7.2.1.2-200-3",
    "does not answer the inviting user",
    decide({ sessionAnswer: { firstIsEnough: () => false } }),
  ),
  serverFault(
    "7.2.1.2-200-2",
    "answers without a session description",
    inAnswer((answer) => withBody(answer, "", new Uint8Array())),
  ),
  serverFault(
    "7.2.1.2-200-2",
    "answers by refusing the medium",
    answerRewritten((sdp) => sdp.replace(/^m=message \d+/mu, "m=message 0")),
  ),
  serverFault(
    "7.2.1.2-200-2a",
    "answers with a type that was not offered",
    answerRewritten((sdp) => sdp.replace(/^(a=accept-types:.*?)(\r?)$/mu, "$1 image/x-scrim$2")),
  ),
  serverFault(
    "7.2.1.2-200-2b",
    "answers without accept-types",
    answerRewritten((sdp) => sdp.replace(/^a=accept-types:.*\r?\n/mu, "")),
  ),
  serverFault("7.2.1.2-200-4", "passes no messages", decide({ relay: { recipients: () => [] } })),
  serverFault(
    ["7.2.1.2-fail-0", "7.2.1.2-fail-1a"],
    "takes the INVITE though nobody takes part",
    decide({ sessionAnswer: { failureStatus: () => 200 } }),
  ),
  serverFault(
    "7.2.1.2-fail-1b",
    "sends who is alone elsewhere",
    decide({ sessionAnswer: { failureStatus: () => 302 } }),
  ),
  inSet(
    "early-answer",
    serverFault(
      ["7.2.1.2-fail-2", "7.2.1.2-fail-0"],
      "leaves who is alone in the session",
      decide({ sessionAnswer: { removesAlone: () => false } }),
    ),
  ),
  serverFault(
    "7.2.1.2-6a",
    "forgets the session as soon as it is set up",
    decide({
      sessionAdmission: {
        target: (turn) =>
          turn.request.method === "SUBSCRIBE"
            ? Promise.resolve({ kind: "unknown", uri: turn.request.uri })
            : sessionAdmission.target(turn),
      },
    }),
  ),
  serverFault(
    "7.2.1.2-4",
    "sends UPDATE to whom it offers other parameters, whether the client takes that or not",
    onRequest(
      "INVITE",
      (invite) => [updateBefore(invite), invite],
      (invite, cause) => cause === undefined && toOf(invite)?.tag !== undefined,
    ),
  ),
];
