/** General checks of the originating participating function (clause 6.1.1.1). */
import { withHeader, withoutHeader } from "../wire/sip/edit.ts";
import { cseqOf } from "../wire/sip/headers.ts";
import type { Turn } from "../peer/im-server/turn.ts";
import { admission } from "../peer/im-server/decisions/admission.ts";
import { decide, inSet, onResponse, serverFault, skip } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { isOwnRefusal } from "./originating-side.ts";

const warning = "127 Service not authorised";

function isOfRefusedType(turn: Turn): boolean {
  const type = turn.request.headers.find(({ name }) => name === "Content-Type")?.value ?? "";
  return turn.server.policy().refusedTypes.includes(type);
}

const authority: readonly Fault[] = [
  serverFault("6.1.1.1-1a", "nobody may send", decide({ admission: { mayOriginate: () => false } })),
  serverFault(
    ["6.1.1.1-1b", "6.1.1.3.1-1"],
    "everybody may send",
    decide({ admission: { mayOriginate: () => true } }),
  ),
  serverFault(
    "6.1.1.1-1b",
    "a user who may not send is answered 480",
    decide({ refusals: { originatorNotAuthorised: () => ({ status: 480, warning }) } }),
  ),
  serverFault(
    "6.1.1.1-1c",
    "the refusal of a user who may not send has no warning",
    decide({ refusals: { originatorNotAuthorised: () => ({ status: 403 }) } }),
  ),
];

/** What is asked of messages is not asked of INVITEs. */
const isInvite = ({ request }: Turn): boolean => request.method === "INVITE";

const beginnings: readonly Fault[] = [
  serverFault(
    "6.1.1.1-1a",
    "nobody may begin a session",
    decide({ admission: { mayOriginate: (turn) => !isInvite(turn) && admission.mayOriginate(turn) } }),
  ),
  serverFault(
    "6.1.1.1-1b",
    "everybody may begin a session",
    decide({ admission: { mayOriginate: (turn) => isInvite(turn) || admission.mayOriginate(turn) } }),
  ),
  serverFault(
    "6.1.1.1-2c",
    "who owes an answer may begin a session",
    decide({ admission: { owesAnswer: (turn) => !isInvite(turn) && admission.owesAnswer(turn) } }),
  ),
  inSet(
    "release-required",
    serverFault(
      "6.1.1.1-3b",
      "a session may begin with every release",
      decide({ admission: { supportsRelease: (turn) => isInvite(turn) || admission.supportsRelease(turn) } }),
    ),
  ),
];

const errorInfo = "<https://home.example/im>";

const systemMessages: readonly Fault[] = [
  serverFault(
    "6.1.1.1-2a",
    "everybody is held back as soon as one user owes an answer",
    decide({
      admission: {
        owesAnswer: ({ server }) =>
          server.pendingAnswers
            .list()
            .some((user) => server.pendingAnswers.isOverdue(user, server.clock.now())),
      },
    }),
  ),
  serverFault(
    "6.1.1.1-2b",
    "who was asked is held back at once",
    decide({ admission: { owesAnswer: (turn) => turn.server.pendingAnswers.isPending(turn.originator) } }),
  ),
  serverFault(
    ["6.1.1.1-2c", "6.1.1.3.1-1"],
    "nobody is held back for an answer that is owed",
    skip("demand-system-answer"),
  ),
  serverFault(
    "6.1.1.1-2c",
    "who owes an answer is answered 480",
    decide({ refusals: { answerOwed: () => ({ status: 480, errorInfo }) } }),
  ),
  serverFault(
    "6.1.1.1-2d",
    "the refusal of who owes an answer has no Error-Info",
    decide({ refusals: { answerOwed: () => ({ status: 403 }) } }),
  ),
];

const releases: readonly Fault[] = [
  inSet(
    "release-required",
    serverFault(
      "6.1.1.1-3a",
      "no release is supported",
      decide({
        admission: { supportsRelease: (turn) => turn.server.policy().requiredReleases.length === 0 },
      }),
    ),
  ),
  inSet(
    "release-required",
    serverFault(
      ["6.1.1.1-3b", "6.1.1.3.1-1"],
      "every release is supported",
      decide({ admission: { supportsRelease: () => true } }),
    ),
  ),
  inSet(
    "release-required",
    serverFault(
      "6.1.1.1-3b",
      "a release that is not supported is answered 400",
      decide({ refusals: { releaseUnsupported: () => ({ status: 400, errorInfo }) } }),
    ),
  ),
  inSet(
    "release-required",
    serverFault(
      "6.1.1.1-3c",
      "the refusal of a release has words in place of a URI in Error-Info",
      decide({ refusals: { releaseUnsupported: () => ({ status: 403, errorInfo: "unsupported release" }) } }),
    ),
  ),
  inSet(
    "release-required",
    serverFault(
      "6.1.1.1-3c",
      "the refusal of a release has no Error-Info",
      decide({ refusals: { releaseUnsupported: () => ({ status: 403 }) } }),
    ),
  ),
];

const content: readonly Fault[] = [
  serverFault(
    "6.1.1.1-4",
    "size is not looked at on the originating side",
    decide({ admission: { contentAllowed: (turn) => !isOfRefusedType(turn) } }),
  ),
  serverFault(
    "6.1.1.1-4a-1",
    "all content is refused",
    decide({ admission: { contentAllowed: () => false } }),
  ),
  serverFault(
    ["6.1.1.1-4a-2", "6.1.1.3.1-1"],
    "types are not looked at on the originating side",
    decide({
      admission: {
        contentAllowed: ({ server, request }) => request.body.length <= server.policy().maximumBytes,
      },
    }),
  ),
  serverFault(
    "6.1.1.1-4a-2",
    "outgoing content against the policies is answered 488",
    decide({ refusals: { outgoingContent: () => ({ status: 488, headers: [["Accept", "text/plain"]] }) } }),
  ),
  serverFault(
    "6.1.1.1-4a-3",
    "the 415 on the originating side does not say what is supported",
    onResponse("MESSAGE", (response) => withoutHeader(response, "Accept"), isOwnRefusal),
  ),
];

const responses: readonly Fault[] = [
  serverFault(
    "6.1.1.1-oth-1",
    "responses count CSeq on",
    onResponse(
      "MESSAGE",
      (response) => withHeader(response, "CSeq", `${(cseqOf(response)?.number ?? 0) + 1} MESSAGE`),
      isOwnRefusal,
    ),
  ),
  serverFault(
    ["6.1.1.1-oth-2", "F.1-p1b"],
    "refusals do not tell the release",
    decide({ responses: { server: (_turn, status) => (status === 200 ? "IM-serv/OMA1.0" : undefined) } }),
  ),
];

export const faults: readonly Fault[] = [
  ...authority,
  ...beginnings,
  ...systemMessages,
  ...releases,
  ...content,
  ...responses,
];
