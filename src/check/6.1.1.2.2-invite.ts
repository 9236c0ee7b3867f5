/** 6.1.1.2.2, 1: the INVITE that the originating participating function makes of its user's, where it is a B2BUA. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { header, routesOf, tokensOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sipUriOf } from "../wire/sip/uri.ts";
import { check, type Check, type Outcome } from "./check.ts";
import { focusContactOf } from "./conference-invites.ts";
import {
  b2buaCalls,
  expectSentOn,
  fieldOf,
  forwardableSessions,
  isPlaceOfScrim,
  isSameUri,
  originatingCalls,
  policyOf,
} from "./originating-session.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";
import { expectDescription, hasDescription, pathsIn } from "./passed-description.ts";
import { IM_FEATURE_TAG, readable } from "./pager-message.ts";
import { hasImContact, listsUsualMethods, USUAL_METHODS } from "./session-fields.ts";
import { isLargeMessage } from "./session-grounds.ts";
import {
  isForwarded,
  otherSide,
  requestsFrom,
  requestsTo,
  sentOnIn,
  type SessionLegs,
  type Side,
} from "./session-legs.ts";

function ofInvite(
  statement: string,
  judge: (call: SessionLegs, trace: ScenarioTrace) => Outcome,
  applies: (call: SessionLegs) => boolean = () => true,
): Check {
  return check<SessionLegs>(statement, { trigger: (trace) => b2buaCalls(trace).filter(applies), judge });
}

/** Of a server that says that it is a B2BUA. */
function forB2bua(trace: ScenarioTrace): readonly Exchange[] {
  return policyOf(trace)?.sessionMode === "b2bua" ? forwardableSessions(trace) : [];
}

const callOf = (exchange: Exchange, trace: ScenarioTrace): SessionLegs | undefined =>
  originatingCalls(trace).find(({ taken }) => taken === exchange);

export const ownInvite = check("6.1.1.2.2-1d", {
  trigger: forB2bua,
  judge: (exchange, trace): Outcome => {
    const expected = "an INVITE of the server's own";
    const call = callOf(exchange, trace);
    if (call === undefined) return expectSentOn(expected, exchange, undefined, trace);
    const { sent, isB2bua } = call;
    if (isB2bua) return passed(expected, "another INVITE was sent", exchange.request, sent.request);
    return isInMediaPath(call)
      ? missed(
          expected,
          "the INVITE was passed on as a proxy does it, with the path of the media changed",
          sent,
        )
      : noted(
          expected,
          "it was passed on",
          "this once, the server is a proxy",
          exchange.request,
          sent.request,
        );
  },
});

function isInMediaPath({ taken, sent }: SessionLegs): boolean {
  const kept = new Set(pathsIn(sent.request));
  return pathsIn(taken.request).some((uri) => !kept.has(uri));
}

export const sentByRulesOfCore = check("6.1.1.2.2-1h", {
  trigger: forB2bua,
  judge: (exchange, trace): Outcome => {
    const expected = "the INVITE comes to the SIP/IP Core, with the Route entries behind the server's own";
    const call = callOf(exchange, trace);
    if (call === undefined) return expectSentOn(expected, exchange, undefined, trace);
    const { sent } = call;
    const wanted = routes(exchange.request.message).slice(1);
    const told = routes(sent.request.message);
    const isKept = wanted.every((uri) => told.some((other) => isSameUri(uri, other)));
    const actual = told.length === 0 ? "no Route header" : `Route: ${told.join(", ")}`;
    return expectThat(
      isKept || trace.sutFile.server?.originalDialogToken === false,
      expected,
      actual,
      exchange.request,
      sent.request,
    );
  },
});

function routes(request: SipRequest): readonly string[] {
  return readable(() => routesOf(request).map(({ uri }) => uri), []);
}

/** Each request of one dialog that goes on, goes on in the other. Where nothing came on, that is another statement's business. */
export const staysB2bua = check<{ readonly call: SessionLegs; readonly taken: Exchange }>("6.1.1.2.2-1c", {
  trigger: (trace) => b2buaCalls(trace).flatMap((call) => asked(call).map((taken) => ({ call, taken }))),
  judge: ({ call, taken }, trace): Outcome | readonly Outcome[] => {
    const method = taken.request.message.method;
    const expected = `${method} goes on in the dialog with the other side, as a request of the server's own`;
    const forwarded = trace
      .exchanges({ way: "from-sut", method })
      .find(({ request }) => request.seq > taken.request.seq && isForwarded(taken.request, request));
    if (forwarded !== undefined)
      return missed(expected, "it was passed on as a proxy does it", taken.request, forwarded.request);
    const [onward] = sentOnIn(call, taken);
    return onward === undefined ? [] : passed(expected, "so it did", taken.request, onward.request);
  },
});

function asked(call: SessionLegs): readonly Exchange[] {
  return ["INVITE", "BYE"].flatMap((method) =>
    (["caller", "callee"] as const).flatMap((side) => requestsFrom(call, side, method)),
  );
}

export const allowInInvite = ofInvite("6.1.1.2.2-1e", ({ sent: { request } }) =>
  expectThat(
    listsUsualMethods(request.message),
    `Allow with the methods that the server supports, ${USUAL_METHODS.join(", ")} at least`,
    fieldOf(request.message, "Allow"),
    request,
  ),
);

/** A server has names that nobody else can tell; its user's client has none of them. */
export const contactLeadsToServer = ofInvite("6.1.1.2.2-1f-1", ({ taken, sent }, trace) => {
  const [received, own] = [taken, sent].map(({ request }) => focusContactOf(request.message)?.uri);
  const expected = "Contact with a URI of the server";
  const actual = fieldOf(sent.request.message, "Contact");
  const isClients = received !== undefined && placeOf(received) === placeOf(own);
  const isOthers = own !== undefined && isPlaceOfScrim(own, trace);
  return own === undefined || isClients || isOthers
    ? missed(expected, isClients ? `that of the client: ${actual}` : actual, taken.request, sent.request)
    : passed(expected, actual, sent.request);
});

function placeOf(uri: string | undefined): string {
  const { host = "", port } = sipUriOf(uri ?? "") ?? {};
  return `${host.toLowerCase()}:${port ?? ""}`;
}

export const contactHasFeatureTag = ofInvite(
  "6.1.1.2.2-1f-2",
  ({ sent: { request } }) =>
    expectThat(
      hasImContact(request.message),
      `Contact with ${IM_FEATURE_TAG}`,
      fieldOf(request.message, "Contact"),
      request,
    ),
  ({ taken }) => !isLargeMessage(taken.request.message),
);

export const offerOfInvite = ofInvite(
  "6.1.1.2.2-1g",
  ({ taken, sent }) =>
    expectDescription("an offer with what the client offered", taken.request, sent.request),
  ({ taken }) => hasDescription(taken.request),
);

/** 6.1.1.2.1: what has the tag of large messages is handled as one (6.1.1.4.1, 1c), and nothing else is. */
export const largeMessageLookedAt = ofInvite("6.1.1.2.1-1", ({ taken, sent }) => {
  const asked = isLargeMessage(taken.request.message);
  return expectThat(
    asked === isLargeMessage(sent.request.message),
    asked ? "an INVITE for a large message, as it came" : "an INVITE for a session, as it came",
    tagsOf(sent.request.message),
    taken.request,
    sent.request,
  );
});

export const largeMessageStays = ofInvite(
  "6.1.1.2.1-1a",
  ({ taken, sent }) =>
    expectThat(
      isLargeMessage(sent.request.message),
      "the feature tag of large messages in Contact or Accept-Contact",
      tagsOf(sent.request.message),
      taken.request,
      sent.request,
    ),
  ({ taken }) => isLargeMessage(taken.request.message),
);

export const sessionStays = ofInvite(
  "6.1.1.2.1-1b",
  ({ taken, sent }) =>
    expectThat(
      !isLargeMessage(sent.request.message),
      "an INVITE without the feature tag of large messages",
      tagsOf(sent.request.message),
      taken.request,
      sent.request,
    ),
  ({ taken }) => !isLargeMessage(taken.request.message),
);

function tagsOf(request: SipRequest): string {
  return `${fieldOf(request, "Contact")}; ${fieldOf(request, "Accept-Contact")}`;
}

interface Change {
  readonly call: SessionLegs;
  readonly told: readonly string[];
  readonly change: Exchange;
}

/** The other end sent it: whether to take it is then left to whom it is for (RFC 3261 8.2.1). */
function isPassedOn(call: SessionLegs, side: Side, change: Exchange): boolean {
  const { method } = change.request.message;
  return requestsFrom(call, otherSide(side), method).some((taken) => sentOnIn(call, taken).includes(change));
}

/** An end that told its methods without UPDATE gets a re-INVITE for whatever the server itself wants changed. */
function methodsAreKnown(statement: string, side: Side): Check {
  return check<Change>(statement, {
    trigger: (trace) =>
      b2buaCalls(trace).flatMap((call) =>
        ["INVITE", "UPDATE"].flatMap((method) =>
          requestsTo(call, side, method).flatMap((change) => {
            const told = methodsOf(call, side, change.request.seq);
            return told === undefined || told.includes("UPDATE") ? [] : [{ call, told, change }];
          }),
        ),
      ),
    judge: ({ call, told, change }) => {
      const { request } = change;
      const expected = `no UPDATE to an end that allows ${told.join(", ")}`;
      if (request.message.method !== "UPDATE")
        return passed(expected, `a change of the session by ${request.message.method}`, request);
      return isPassedOn(call, side, change)
        ? noted(expected, "UPDATE", "the other end sent it, and the server passed it on", request)
        : missed(expected, "UPDATE", request);
    },
  });
}

/** All that the end has told by then. */
function methodsOf(call: SessionLegs, side: Side, before: number): readonly string[] | undefined {
  const changes = ["INVITE", "UPDATE"];
  const messages = [
    ...(side === "caller" ? [call.taken.request] : call.sent.responses),
    ...changes.flatMap((method) => requestsFrom(call, side, method).map(({ request }) => request)),
    ...changes.flatMap((method) => requestsTo(call, side, method).flatMap(({ responses }) => responses)),
  ];
  const telling = messages.filter(
    ({ seq, message }) => seq < before && header(message, "Allow") !== undefined,
  );
  if (telling.length === 0) return undefined;
  return telling.flatMap(({ message }) => tokensOf(message, "Allow").map((method) => method.toUpperCase()));
}

export const methodsOfClient = methodsAreKnown("6.1.1.2.2-1b", "caller");
export const methodsOfFarEnd = methodsAreKnown("6.1.1.2.2-200-1", "callee");
