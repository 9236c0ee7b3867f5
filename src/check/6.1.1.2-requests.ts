/** 6.1.1.2.5, 6.1.1.2.6: SUBSCRIBE and REFER of a user, outside the dialog of the session, on their way through the originating participating function. */
import { groupAt } from "../trace/group-facts.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { addressesOf, eventOf, header, toOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { parseReplaces, type Replaces } from "../wire/sip/session-fields.ts";
import { sameAddressOfRecord, sipUriOf } from "../wire/sip/uri.ts";
import { addressedToContact, expectResolved } from "./6.1.1.2.2-answer.ts";
import { expectOwnRoute, recorded } from "./6.1.1.2.2-proxy.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { focusContactOf, invitesToFocus } from "./conference-invites.ts";
import { originatorOf, releaseUnsupported, systemMessageUnanswered } from "./grounds.ts";
import { faultsOf } from "./message-faults.ts";
import { b2buaCalls, expectGoesBack, expectSentOn, isSameUri } from "./originating-session.ts";
import { expectThat, missed, noted, undecided } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { isForwarded, type SessionLegs } from "./session-legs.ts";

/** Of users against whom nothing speaks. */
function requestsOf(trace: ScenarioTrace, method: "SUBSCRIBE" | "REFER"): readonly Exchange[] {
  return trace
    .exchanges({ way: "to-sut", function: "originating", method })
    .filter(({ request: { message, at } }) => {
      const sender = originatorOf(message);
      const user = sender === undefined ? undefined : trace.userOf(sender);
      return (
        user !== undefined &&
        sender !== undefined &&
        !user.properties.includes("unauthorised") &&
        !systemMessageUnanswered(sender, at, trace) &&
        !releaseUnsupported(message, trace) &&
        faultsOf(message).length === 0
      );
    });
}

/** The session or group behind a URI: what the client was shown as Contact stands for another. */
function targetOf(uri: string, trace: ScenarioTrace): string {
  const call = b2buaCalls(trace).find(
    ({ taken }) => taken.final !== undefined && isSameUri(focusContactOf(taken.final.message)?.uri, uri),
  );
  const contact = call?.sent.final && focusContactOf(call.sent.final.message)?.uri;
  return contact ?? uri;
}

/** Whether the server itself is the focus: it may take the request at once, wherever it comes. */
function isOwned(uri: string, seq: number, trace: ScenarioTrace): boolean {
  const target = targetOf(uri, trace);
  const isItsSession = invitesToFocus(trace).some(
    ({ accepted }) => accepted !== undefined && isSameUri(focusContactOf(accepted.message)?.uri, target),
  );
  return isItsSession || groupAt(trace.events, target, seq) !== undefined;
}

const isConference = ({ request }: Exchange): boolean =>
  readable(() => eventOf(request.message)?.type.toLowerCase(), undefined) === "conference";

/** What the server itself answers because it owns the session is no business of these clauses. */
function goesOn(expected: string, exchange: Exchange, trace: ScenarioTrace): Outcome {
  const sent = trace.onwardOf(exchange);
  const { message, seq } = exchange.request;
  if (sent === undefined && exchange.final !== undefined && isOwned(message.uri, seq, trace))
    return undecided(expected, "the server owns the session, and answered itself", exchange);
  const change = sent && changeOf(exchange.request.message, sent.request.message);
  return change === undefined
    ? expectSentOn(expected, exchange, sent, trace)
    : missed(expected, change, exchange.request, sent?.request);
}

/** What it asks for is not what it came with, in words. Of a list in the body, the name of the part is the server's to give. */
function changeOf(taken: SipRequest, sent: SipRequest): string | undefined {
  const [asked, told] = [taken, sent].map((request) => ({
    event: readable(() => eventOf(request)?.type.toLowerCase(), undefined),
    referTo: readable(() => addressesOf(request, "Refer-To")[0]?.uri, undefined),
  }));
  if (asked?.event !== told?.event) return `Event: ${told?.event ?? "none"}`;
  if (asked?.referTo === undefined || /^cid:/iu.test(asked.referTo)) return undefined;
  const isSame =
    told?.referTo !== undefined &&
    sameAddressOfRecord(asked.referTo, told.referTo) &&
    methodAskedFor(taken) === methodAskedFor(sent);
  return isSame ? undefined : `Refer-To: ${told?.referTo ?? "none"}`;
}

const subscriptions = (trace: ScenarioTrace): readonly Exchange[] =>
  requestsOf(trace, "SUBSCRIBE").filter(isConference);

export const subscribeGoesOn = check("6.1.1.2.5-3", {
  trigger: (trace) => subscriptions(trace).filter((exchange) => !isAnsweredByOwner(exchange, trace)),
  judge: (exchange, trace) => goesOn("SUBSCRIBE goes on to the SIP/IP Core", exchange, trace),
});

function isAnsweredByOwner(exchange: Exchange, trace: ScenarioTrace): boolean {
  const { message, seq } = exchange.request;
  return (
    exchange.final !== undefined && trace.onwardOf(exchange) === undefined && isOwned(message.uri, seq, trace)
  );
}

/** A server that does not stay on the path has nothing to add; a B2BUA is the end of the dialog, and on the path without it. */
export const subscribeRecordsRoute = check("6.1.1.2.5-1", {
  trigger: (trace) =>
    subscriptions(trace).filter((exchange) => isInitial(exchange) && isSent(exchange, trace)),
  judge: (exchange, trace): Outcome => {
    const sent = trace.onwardOf(exchange);
    const expected = "Record-Route with a URI of the server, if it stays on the path";
    if (sent === undefined) return undecided(expected, "it did not go on", exchange);
    const before = recorded(exchange.request.message).length;
    if (recorded(sent.request.message).length > before) return expectOwnRoute(exchange, sent, trace);
    return noted(
      expected,
      "no Record-Route was added",
      isForwarded(exchange.request, sent.request) ? "the server leaves the path" : "the server is a B2BUA",
      exchange.request,
      sent.request,
    );
  },
});

function isInitial({ request }: Exchange): boolean {
  return readable(() => toOf(request.message)?.tag, undefined) === undefined;
}

function isSent(exchange: Exchange, trace: ScenarioTrace): boolean {
  return trace.onwardOf(exchange) !== undefined;
}

export const subscribeToContact = check("6.1.1.2.5-2", {
  trigger: (trace) =>
    addressedToContact(trace).filter(({ taken }) => taken.request.message.method === "SUBSCRIBE"),
  judge: ({ taken, sent, contact }) => expectResolved(taken, sent, contact),
});

/** RFC 3261 16.7, step 6: a proxy may make another of 503; RFC 4320 4.2: it keeps a 408 to itself. */
function answersOf(statement: string, requests: (trace: ScenarioTrace) => readonly Exchange[]): Check {
  return check(statement, {
    trigger: (trace) =>
      requests(trace).flatMap((exchange) => {
        const came = trace.onwardOf(exchange)?.final;
        return came === undefined || [401, 407, 408, 503].includes(came.message.status)
          ? []
          : [{ exchange, came }];
      }),
    judge: ({ exchange, came }, trace) =>
      expectGoesBack(
        `final response ${came.message.status} towards the client, as it came`,
        came,
        exchange,
        trace,
      ),
  });
}

export const answerToSubscribe = answersOf("6.1.1.2.5-fin", subscriptions);

/** To a session, not to what stands for histories and kept messages (F.2). */
function referrals(trace: ScenarioTrace): readonly Exchange[] {
  return requestsOf(trace, "REFER").filter(({ request: { message } }) => {
    const user = sipUriOf(message.uri)?.user ?? "";
    return !/^(?:delete|history)$/iu.test(user);
  });
}

/** The method that Refer-To asks for; RFC 3515 2.1: INVITE where it says nothing. */
function methodAskedFor(request: SipRequest): string {
  const uri = readable(() => addressesOf(request, "Refer-To")[0]?.uri, undefined) ?? "";
  return /[;?&]method=([a-z]+)/iu.exec(uri)?.[1]?.toUpperCase() ?? "INVITE";
}

/** The INVITE or BYE that is asked for is the controlling function's to send. */
function referralGoesOn(statement: string, method: string | undefined): Check {
  return check(statement, {
    trigger: (trace) =>
      referrals(trace).filter(
        (exchange) =>
          (method === undefined || methodAskedFor(exchange.request.message) === method) &&
          !isAnsweredByOwner(exchange, trace),
      ),
    judge: (exchange, trace) => goesOn("REFER goes on towards the session", exchange, trace),
  });
}

export const sessionOfReferral = referralGoesOn("6.1.1.2.6-0", undefined);
export const referralToInvite = referralGoesOn("6.1.1.2.6-3a-1", "INVITE");
export const referralToLeave = referralGoesOn("6.1.1.2.6-3b", "BYE");
export const answerToReferral = answersOf("6.1.1.2.6-fin", referrals);

interface Replacing {
  readonly taken: Exchange;
  readonly sent: Exchange;
  readonly call: SessionLegs;
}

/** REFERs that name the dialog which the client has with the server. */
function replacing(trace: ScenarioTrace): readonly Replacing[] {
  return referrals(trace).flatMap((taken) => {
    const named = replacedBy(taken.request.message);
    const sent = trace.onwardOf(taken);
    const call = b2buaCalls(trace).find(({ session }) => named !== undefined && isNamed(session.id, named));
    return sent === undefined || call === undefined ? [] : [{ taken, sent, call }];
  });
}

/** Replaces among the header fields of the URI in Refer-To. */
function replacedBy(request: SipRequest): Replaces | undefined {
  const value = /[?&]Replaces=([^&>\s]+)/iu.exec(header(request, "Refer-To") ?? "")?.[1];
  return value === undefined
    ? undefined
    : readable(() => parseReplaces(decodeURIComponent(value)), undefined);
}

function isNamed(id: SessionLegs["session"]["id"], { callId, toTag, fromTag }: Replaces): boolean {
  const tags = [id.callerTag, id.calleeTag];
  return id.callId === callId && tags.includes(toTag) && tags.includes(fromTag);
}

export const replacedDialog = check<Replacing>("6.1.1.2.6-3a-2", {
  trigger: replacing,
  judge: ({ taken, sent, call }) => {
    const named = replacedBy(sent.request.message);
    const { callId, callerTag, calleeTag } = call.further.id;
    return expectThat(
      named !== undefined && isNamed(call.further.id, named),
      `Replaces with the dialog of the other leg, ${callId}, of the tags ${callerTag} and ${calleeTag}`,
      `Refer-To: ${header(sent.request.message, "Refer-To") ?? "missing"}`,
      taken.request,
      sent.request,
    );
  },
});
