/** 6.1.1.2.2: what becomes of the responses to the INVITE that the originating participating function sent on. */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import type { SipMessage, SipResponse } from "../wire/sip/message.ts";
import { sipUriOf } from "../wire/sip/uri.ts";
import { tellsRelease } from "../spec/release-token.ts";
import { header } from "../wire/sip/headers.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { focusContactOf } from "./conference-invites.ts";
import {
  b2buaCalls,
  expectGoesBack,
  fieldOf,
  isSameUri,
  isSuccess,
  originatingCalls,
} from "./originating-session.ts";
import { endOf, expectThat, missed, noted, passed } from "./outcome.ts";
import { expectDescription, hasDescription } from "./passed-description.ts";
import { departureOf } from "./responses-by-rfc3261.ts";
import { listsUsualMethods, USUAL_METHODS } from "./session-fields.ts";
import { ownAnswerTo } from "./server-answers.ts";
import { hasTired, requestsFrom, requestsTo, type SessionLegs } from "./session-legs.ts";

interface Accepted extends SessionLegs {
  /** The 2xx of the far end. */
  readonly came: SipRecord<SipResponse>;
}

/** What the client gave up before it had an answer is left out: 487 and 2xx cross. */
export function acceptedCalls(trace: ScenarioTrace): readonly Accepted[] {
  return b2buaCalls(trace).flatMap((call) => {
    const came = call.sent.final;
    if (came === undefined || !isSuccess(came) || isGivenUp(call) || hasTired(call, trace)) return [];
    return [{ ...call, came }];
  });
}

export function isGivenUp(call: SessionLegs): boolean {
  const until = call.taken.final?.seq ?? Number.POSITIVE_INFINITY;
  return (
    call.session.cancel !== undefined ||
    requestsFrom(call, "caller", "BYE").some(({ request }) => request.seq < until)
  );
}

interface Answered extends Accepted {
  readonly ok: SipRecord<SipResponse>;
}

function answeredCalls(trace: ScenarioTrace): readonly Answered[] {
  return acceptedCalls(trace).flatMap((call) => {
    const ok = call.taken.final;
    return ok !== undefined && isSuccess(ok) ? [{ ...call, ok }] : [];
  });
}

export const okOfItsOwn = check<Accepted>("6.1.1.2.2-200-3", {
  trigger: (trace) => acceptedCalls(trace).filter(({ taken }) => taken.final !== undefined),
  judge: ({ taken, came }, trace) => {
    const expected = "200 for the INVITE of the client, when the far end has accepted";
    return taken.final !== undefined && taken.final.seq < came.seq
      ? missed(expected, `${endOf(taken)} before that`, taken, came)
      : expectGoesBack(expected, came, taken, trace, (status) => status === 200);
  },
});

export const okIsSent = check<Accepted>("6.1.1.2.2-200-6", {
  trigger: acceptedCalls,
  judge: ({ taken, came }, trace) =>
    expectGoesBack("a final response towards the client", came, taken, trace, () => true),
});

function ofOk(
  statement: string,
  judge: (call: Answered) => Outcome,
  applies: (call: Answered) => boolean = () => true,
): Check {
  return check<Answered>(statement, { trigger: (trace) => answeredCalls(trace).filter(applies), judge });
}

/** An answer that went in a reliable provisional response need not come again. */
export const answerOfFarEnd = ofOk(
  "6.1.1.2.2-200-4",
  ({ came, ok }) => expectDescription("an answer with what the far end answered", came, ok),
  ({ came, taken }) =>
    hasDescription(came) &&
    !taken.responses.some((record) => record.message.status < 200 && descriptionIn(record) !== undefined),
);

export const contactIsSipUri = ofOk("6.1.1.2.2-200-5", ({ ok }) => {
  const uri = focusContactOf(ok.message)?.uri ?? "";
  return expectThat(
    sipUriOf(uri) !== undefined,
    "Contact with a SIP URI",
    fieldOf(ok.message, "Contact"),
    ok,
  );
});

/** 6.1.1.1, the 200 of a B2BUA. */
export const okByRfc3261 = ofOk("6.1.1.1-200-1", ({ taken, ok }) => {
  const expected = "a 200 as RFC 3261 8.2.6 and 13.3.1.4 have it";
  const departure = departureOf(ok, taken.request.message);
  return departure === undefined
    ? passed(expected, "no fault found", ok)
    : missed(expected, departure, taken.request, ok);
});

export const releaseInOk = ofOk("6.1.1.1-200-2", ({ ok }) => {
  const expected = "Server: IM-serv/OMA1.0, perhaps with more behind it";
  if (tells(ok.message, "Server")) return passed(expected, fieldOf(ok.message, "Server"), ok);
  return tells(ok.message, "User-Agent")
    ? noted(expected, fieldOf(ok.message, "User-Agent"), "the release stands in User-Agent", ok)
    : missed(expected, fieldOf(ok.message, "Server"), ok);
});

function tells(message: SipMessage, name: string): boolean {
  const value = header(message, name);
  // SLASH of RFC 3261 allows white space around it.
  return value !== undefined && tellsRelease(value.replace(/\s*\/\s*/u, "/"), "server");
}

export const allowInOk = ofOk("6.1.1.1-200-3", ({ ok }) =>
  expectThat(
    listsUsualMethods(ok.message),
    `Allow with the methods that the server supports, ${USUAL_METHODS.join(", ")} at least`,
    fieldOf(ok.message, "Allow"),
    ok,
  ),
);

interface Later {
  readonly call: Answered;
  readonly request: Exchange;
}

/** Requests in the dialog with the far end, until that changes where it wants them. */
function sentToFarEnd(trace: ScenarioTrace): readonly Later[] {
  return answeredCalls(trace).flatMap((call) => {
    const changes = ["INVITE", "UPDATE"].flatMap((method) => [
      ...requestsFrom(call, "callee", method),
      ...requestsTo(call, "callee", method),
    ]);
    const until = Math.min(...changes.map(({ request }) => request.seq), Number.POSITIVE_INFINITY);
    return ["ACK", "INVITE", "UPDATE", "BYE"]
      .flatMap((method) => requestsTo(call, "callee", method))
      .filter(({ request }) => request.seq <= until)
      .map((request) => ({ call, request }));
  });
}

/** RFC 3261 12.2.1.1: the Contact that the far end gave is the target of all that is sent in the dialog. */
export const contactIsRemembered = check<Later>("6.1.1.2.2-200-2", {
  trigger: sentToFarEnd,
  judge: ({ call: { came }, request: { request } }) => {
    const contact = focusContactOf(came.message)?.uri ?? "";
    return expectThat(
      isSameUri(request.message.uri, contact),
      `${request.message.method} to the Contact of the far end, ${contact}`,
      `${request.message.method} ${request.message.uri}`,
      came,
      request,
    );
  },
});

interface Resolved {
  readonly taken: Exchange;
  /** Undefined: the server says that it knows nobody there. */
  readonly sent: Exchange | undefined;
  /** What the far end gave as Contact, which the server showed another for. */
  readonly contact: string;
}

/** Requests outside the dialog that a client addressed to the Contact which it was shown. */
export function addressedToContact(trace: ScenarioTrace): readonly Resolved[] {
  const calls = answeredCalls(trace);
  const requests = trace.exchanges({
    way: "to-sut",
    function: "originating",
    method: ["SUBSCRIBE", "REFER", "INVITE"],
  });
  return requests.flatMap((taken) => {
    const call = calls.find(
      ({ ok }) =>
        ok.seq < taken.request.seq &&
        isSameUri(focusContactOf(ok.message)?.uri, taken.request.message.uri) &&
        !isInDialog(taken.request.message),
    );
    const contact = call && focusContactOf(call.came.message)?.uri;
    const sent = trace.onwardOf(taken);
    const isKnown = sent !== undefined || !isUnknown(taken, trace) || isOver(call, taken);
    return contact === undefined || (sent === undefined && isKnown) ? [] : [{ taken, sent, contact }];
  });
}

/** By these the server says that nothing stands behind the URI. */
const UNKNOWN: ReadonlySet<number> = new Set([404, 410, 416, 481, 484, 604]);

/** What it sent on, and where, cannot always be told of a server that does not keep the token. */
function isUnknown(taken: Exchange, trace: ScenarioTrace): boolean {
  const status = ownAnswerTo(taken, trace)?.final.message.status;
  return status !== undefined && UNKNOWN.has(status) && trace.sutFile.server?.originalDialogToken !== false;
}

/** What stood behind the identity of a session that has ended may be forgotten. */
function isOver(call: Answered | undefined, { final }: Exchange): boolean {
  const until = final?.seq ?? Number.POSITIVE_INFINITY;
  if (call === undefined) return true;
  return (["caller", "callee"] as const)
    .flatMap((side) => [...requestsFrom(call, side, "BYE"), ...requestsTo(call, side, "BYE")])
    .some(({ request }) => request.seq < until);
}

function isInDialog(message: SipMessage): boolean {
  return /;\s*tag\s*=/iu.test(header(message, "To") ?? "");
}

export const contactLeadsThrough = check<Resolved>("6.1.1.2.2-200-5a", {
  trigger: addressedToContact,
  judge: ({ taken, sent, contact }) => expectResolved(taken, sent, contact),
});

export function expectResolved(taken: Exchange, sent: Exchange | undefined, contact: string): Outcome {
  const expected = `Request-URI ${contact}, the Contact that stands behind the one shown to the client`;
  if (sent === undefined) return missed(expected, `${taken.request.message.method}: ${endOf(taken)}`, taken);
  return expectThat(
    isSameUri(sent.request.message.uri, contact),
    expected,
    `Request-URI ${sent.request.message.uri}`,
    taken.request,
    sent.request,
  );
}

interface Refused extends SessionLegs {
  readonly came: SipRecord<SipResponse>;
}

/** The last try counts, where the server made several. A redirection may be followed. RFC 3261 16.7, step 6: a proxy may make another of 503. */
function refusedCalls(trace: ScenarioTrace): readonly Refused[] {
  return originatingCalls(trace).flatMap((call) => {
    const came = call.sent.final;
    const another = trace
      .exchanges({ way: "from-sut", method: "INVITE", function: "originating" })
      .some(
        ({ request }) =>
          request !== call.sent.request &&
          request.passage !== undefined &&
          request.passage === call.sent.request.passage &&
          request.message.uri === call.sent.request.message.uri &&
          !isInDialog(request.message),
      );
    const status = came?.message.status ?? 0;
    const mayChange = status < 400 || [401, 407, 408, 422, 503].includes(status);
    const isOver = isGivenUp(call) || hasTired(call, trace);
    return came === undefined || mayChange || another || isOver ? [] : [{ ...call, came }];
  });
}

export const refusalGoesBack = check<Refused>("6.1.1.2.2-fin-1", {
  trigger: refusedCalls,
  judge: ({ taken, came }, trace) =>
    expectGoesBack(
      `final response ${came.message.status} towards the client, as it came`,
      came,
      taken,
      trace,
    ),
});
