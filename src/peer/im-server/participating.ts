/** Participating function: requests from and to the served user that it passes on (clauses 6.1.1.1, 6.1.1.3, 6.1.2.1, 6.1.2.3, 6.1.2.6). */
import type { Behaviour } from "../im/behaviour.ts";
import { header } from "../../wire/sip/headers.ts";
import { withoutHeader } from "../../wire/sip/edit.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { addressee } from "./decisions/termination.ts";
import { asksForPrivacy } from "./decisions/admission.ts";
import { passOn } from "./forwarding.ts";
import { answer, refuse } from "./outgoing.ts";
import type { Turn } from "./turn.ts";

export const requireOriginator: Behaviour<Turn> = {
  name: "require-originator",
  clause: "5.1",
  run: (turn) => (turn.originator === "" ? refuse(turn, "noOriginator") : "next"),
};

export const authoriseOriginator: Behaviour<Turn> = {
  name: "authorise-originator",
  clause: "6.1.1.1",
  run: (turn) =>
    turn.server.decisions.admission.mayOriginate(turn) ? "next" : refuse(turn, "originatorNotAuthorised"),
};

const takeSystemAnswer: Behaviour<Turn> = {
  name: "take-system-answer",
  clause: "15.1",
  run(turn) {
    const { decisions, pendingAnswers } = turn.server;
    if (!decisions.admission.answersSystemMessage(turn)) return "next";
    pendingAnswers.stop(turn.originator);
    return answer(turn, 200);
  },
};

export const demandSystemAnswer: Behaviour<Turn> = {
  name: "demand-system-answer",
  clause: "6.1.1.1",
  run: (turn) => (turn.server.decisions.admission.owesAnswer(turn) ? refuse(turn, "answerOwed") : "next"),
};

export const requireRelease: Behaviour<Turn> = {
  name: "require-release",
  clause: "6.1.1.1",
  run: (turn) =>
    turn.server.decisions.admission.supportsRelease(turn) ? "next" : refuse(turn, "releaseUnsupported"),
};

const checkOutgoingContent: Behaviour<Turn> = {
  name: "check-outgoing-content",
  clause: "6.1.1.1",
  run: (turn) =>
    turn.server.decisions.admission.contentAllowed(turn) ? "next" : refuse(turn, "outgoingContent"),
};

const checkAnonymity: Behaviour<Turn> = {
  name: "check-anonymity",
  clause: "6.1.1.3.1",
  run: (turn) =>
    turn.server.decisions.admission.anonymityAllowed(turn) ? "next" : refuse(turn, "anonymity"),
};

const refuseExpired: Behaviour<Turn> = {
  name: "refuse-expired",
  clause: "6.1.1.3.1",
  run: (turn) => (turn.server.decisions.admission.expired(turn) ? refuse(turn, "expired") : "next"),
};

const forwardToCore: Behaviour<Turn> = {
  name: "forward-to-core",
  clause: "6.1.1.3.1",
  run: (turn) => passOn(turn, turn.server.decisions.admission.forwarded(turn, turn.request)),
};

/** MESSAGE from the served user. */
export const originatingMessage: readonly Behaviour<Turn>[] = [
  requireOriginator,
  authoriseOriginator,
  takeSystemAnswer,
  demandSystemAnswer,
  requireRelease,
  checkOutgoingContent,
  checkAnonymity,
  refuseExpired,
  forwardToCore,
];

/** Any other request from the served user: the general checks, then on. */
export const originatingOther: readonly Behaviour<Turn>[] = [
  requireOriginator,
  authoriseOriginator,
  demandSystemAnswer,
  requireRelease,
  forwardToCore,
];

/** The operator's own word is not subject to what the user bars. */
const passSystemMessage: Behaviour<Turn> = {
  name: "pass-system-message",
  clause: "5.4",
  run(turn) {
    const { termination } = turn.server.decisions;
    return termination.isSystemMessage(turn)
      ? passOn(turn, termination.forwarded(turn, turn.request))
      : "next";
  },
};

const checkAdvertisement: Behaviour<Turn> = {
  name: "check-advertisement",
  clause: "6.1.2.6",
  async run(turn) {
    const { termination } = turn.server.decisions;
    if (!termination.isAdvertisement(turn)) return "next";
    if (await termination.advertisementRejected(turn)) return refuse(turn, "advertisementRejected");
    return passOn(turn, termination.forwarded(turn, turn.request));
  },
};

const checkBarring: Behaviour<Turn> = {
  name: "check-barring",
  clause: "6.1.2.1",
  run: (turn) => (turn.server.decisions.termination.barred(turn) ? refuse(turn, "barred") : "next"),
};

const checkAccessPolicy: Behaviour<Turn> = {
  name: "check-access-policy",
  clause: "6.1.2.1",
  run: async (turn) =>
    (await turn.server.decisions.termination.rejectedByAccessPolicy(turn))
      ? refuse(turn, "rejectedByAccessPolicy")
      : "next",
};

const checkIncomingContent: Behaviour<Turn> = {
  name: "check-incoming-content",
  clause: "6.1.2.1",
  run: (turn) =>
    turn.server.decisions.termination.contentAllowed(turn) ? "next" : refuse(turn, "incomingContent"),
};

const refuseIncomingExpired: Behaviour<Turn> = {
  name: "refuse-incoming-expired",
  clause: "6.1.2.1",
  run: (turn) => (turn.server.decisions.termination.expired(turn) ? refuse(turn, "incomingExpired") : "next"),
};

const deferForAbsent: Behaviour<Turn> = {
  name: "defer-for-absent",
  clause: "6.1.2.1",
  run(turn) {
    const { decisions, deferred, clock } = turn.server;
    const { termination } = decisions;
    if (termination.available(turn)) return "next";
    if (!termination.defers(turn)) return refuse(turn, "unavailable");
    const expiresAt = termination.deferredUntil(turn);
    const kept = {
      request: storable(turn.request),
      receivedAt: clock.now(),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
    return deferred.keep(addressee(turn), kept)
      ? answer(turn, termination.deferredStatus(turn))
      : refuse(turn, "unavailable");
  },
};

/** 12.2.2.3, step 2: who asked for privacy is not kept on record. */
function storable(request: SipRequest): SipRequest {
  return asksForPrivacy(request) ? withoutHeader(request, "P-Asserted-Identity") : request;
}

const forwardToClient: Behaviour<Turn> = {
  name: "forward-to-client",
  clause: "6.1.2.3.1",
  run: (turn) => passOn(turn, turn.server.decisions.termination.forwarded(turn, turn.request)),
};

/** MESSAGE to the served user. */
export const terminatingMessage: readonly Behaviour<Turn>[] = [
  requireOriginator,
  passSystemMessage,
  checkAdvertisement,
  checkBarring,
  checkAccessPolicy,
  checkIncomingContent,
  refuseIncomingExpired,
  deferForAbsent,
  forwardToClient,
];

export const terminatingOther: readonly Behaviour<Turn>[] = [
  requireOriginator,
  checkAccessPolicy,
  forwardToClient,
];

/** What this server cannot serve yet is answered, not left hanging (RFC 3261 8.2.1). */
export const answerOptions: Behaviour<Turn> = {
  name: "answer-options",
  clause: "RFC 3261 11",
  run: (turn) =>
    turn.request.method === "OPTIONS" && header(turn.request, "Route") === undefined
      ? answer(turn, 200, [["Allow", ALLOWED]])
      : "next",
};

export const ALLOWED = "MESSAGE, PUBLISH, REGISTER, OPTIONS";
