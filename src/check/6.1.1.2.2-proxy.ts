/** 6.1.1.2.2, 2: the originating participating function as a proxy. */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { maxForwardsOf, recordRoutesOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { check, type Check, type Outcome } from "./check.ts";
import {
  expectGoesBack,
  expectSentOn,
  forwardableSessions,
  isSameUri,
  isSuccess,
  originatingCalls,
  policyOf,
  proxyCalls,
  isLate,
  isPlaceOfScrim,
} from "./originating-session.ts";
import { expectThat, missed, noted, passed, undecided } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import {
  hasTired,
  isForwarded,
  otherSide,
  requestsFrom,
  requestsTo,
  sideOf,
  type SessionLegs,
  type Side,
} from "./session-legs.ts";

/** Of a server that says that it is a proxy. */
export const inviteIsForwarded = check("6.1.1.2.2-2c", {
  trigger: (trace) => (policyOf(trace)?.sessionMode === "proxy" ? forwardableSessions(trace) : []),
  judge: (exchange, trace): Outcome => {
    const expected = "the INVITE goes on, with one less in Max-Forwards";
    const call = originatingCalls(trace).find(({ taken }) => taken === exchange);
    if (call === undefined) return expectSentOn(expected, exchange, undefined, trace);
    const { taken, sent, isB2bua } = call;
    if (isB2bua)
      return noted(expected, "another INVITE was sent", "this once, the server is a B2BUA", sent.request);
    if (!hasSameBody(taken.request, sent.request))
      return missed(expected, "its body was changed", taken.request, sent.request);
    const [before, after] = [hopsLeft(taken.request.message), hopsLeft(sent.request.message)];
    return expectThat(
      after < before,
      expected,
      `Max-Forwards: ${after} after ${before}`,
      taken.request,
      sent.request,
    );
  },
});

/** RFC 3261 16.6: a proxy changes no body. */
export function hasSameBody(came: SipRecord, went: SipRecord): boolean {
  return Buffer.from(came.message.body).equals(went.message.body);
}

function hopsLeft(request: SipRequest): number {
  return readable(() => maxForwardsOf(request), undefined) ?? 70;
}

export const proxyRecordsRoute = check<SessionLegs>("6.1.1.2.2-2b", {
  trigger: proxyCalls,
  judge: ({ taken, sent }, trace) => expectOwnRoute(taken, sent, trace),
});

/** RFC 3261 16.6, item 4: ahead of those that were there. */
export function expectOwnRoute(taken: Exchange, sent: Exchange, trace: ScenarioTrace): Outcome {
  const [before, after] = [taken, sent].map(({ request }) => recorded(request.message));
  const added = (after ?? []).slice(0, Math.max(0, (after ?? []).length - (before ?? []).length));
  const foreign = added.find(
    (uri) => (before ?? []).some((other) => isSameUri(uri, other)) || isPlaceOfScrim(uri, trace),
  );
  const expected = "Record-Route with a URI of the server, ahead of those that came";
  const actual = after?.length === 0 ? "no Record-Route header" : `Record-Route: ${(after ?? []).join(", ")}`;
  return expectThat(added.length > 0 && foreign === undefined, expected, actual, taken.request, sent.request);
}

export function recorded(request: SipRequest): readonly string[] {
  return readable(() => recordRoutesOf(request).map(({ uri }) => uri), []);
}

interface Within {
  readonly call: SessionLegs;
  readonly taken: Exchange;
}

/** What the function took in the dialog, from either side. */
function within(calls: readonly SessionLegs[], methods: readonly string[]): readonly Within[] {
  return calls.flatMap((call) =>
    methods.flatMap((method) =>
      (["caller", "callee"] as const).flatMap((side: Side) =>
        requestsFrom(call, side, method).map((taken) => ({ call, taken })),
      ),
    ),
  );
}

interface CameOn extends Within {
  /** As it went on. */
  readonly forwarded: Exchange | undefined;
  /** What went on, and is nothing that the function took. */
  readonly strange: Exchange | undefined;
}

/** Where nothing came on at the other side, that is another statement's business. An ACK is sent again, and each copy may get lost. */
function cameOn({ call, taken }: Within): readonly CameOn[] {
  const { method } = taken.request.message;
  const side = sideOf(call, taken);
  const all = requestsFrom(call, side, method);
  const later = requestsTo(call, otherSide(side), method).filter(
    ({ request }) => request.seq > taken.request.seq,
  );
  const forwarded = later.find(({ request }) => isForwarded(taken.request, request));
  // The ACK of a refusal is each hop's own.
  const strange = later.find(
    ({ request }) => method !== "ACK" && !all.some((one) => isForwarded(one.request, request)),
  );
  return forwarded === undefined && strange === undefined ? [] : [{ call, taken, forwarded, strange }];
}

function staysProxy(statement: string, methods: readonly string[]): Check {
  return check<CameOn>(statement, {
    trigger: (trace) => within(proxyCalls(trace), methods).flatMap(cameOn),
    judge: ({ taken, forwarded, strange }) => {
      const expected = `${taken.request.message.method} goes on as the same request, in the same dialog`;
      return forwarded === undefined
        ? missed(expected, "another request came on", taken.request, strange?.request)
        : passed(expected, "so it did", taken.request, forwarded.request);
    },
  });
}

/** For the whole session: for what is asked in it, and for its end. */
export const proxyForWholeSession = staysProxy("6.1.1.2.2-2a", ["INVITE", "UPDATE", "BYE"]);
/** After the 200: the ACK, too. */
export const proxyAfterAnswer = staysProxy("6.1.1.2.2-prx-2", ["ACK", "INVITE", "UPDATE", "BYE"]);

export const okIsForwarded = check<SessionLegs>("6.1.1.2.2-prx-1", {
  trigger: (trace) =>
    proxyCalls(trace).filter(
      (call) => call.sent.final !== undefined && isSuccess(call.sent.final) && !hasTired(call, trace),
    ),
  judge: ({ taken, sent }, trace) => {
    const came = sent.final;
    const expected = "the 200 of the far end, towards the client";
    if (came === undefined) return undecided(expected, "none came", sent);
    const went = taken.final;
    return went?.message.status === came.message.status && !hasSameBody(came, went)
      ? missed(expected, "its body was changed", came, went)
      : expectGoesBack(expected, came, taken, trace);
  },
});

/** A re-INVITE, a BYE: passed on, and the answer passed back (RFC 3261 16). What crosses the end of the session may go to nobody. */
function passedOnByProxy(statement: string, method: string): Check {
  return check<Within>(statement, {
    trigger: (trace) =>
      within(proxyCalls(trace), [method]).filter(({ call, taken }) => !isCrossed(call, taken, trace)),
    judge: ({ call, taken }, trace): Outcome => {
      const expected = `${method} goes on as it is, and the final response comes back`;
      const onward = requestsTo(call, otherSide(sideOf(call, taken)), method).find(
        ({ request }) => request.seq > taken.request.seq,
      );
      if (onward === undefined)
        return isLate(taken.request.at, trace)
          ? missed(expected, "it did not go on", taken)
          : undecided(expected, "the trace ends before it could", taken);
      if (!isForwarded(taken.request, onward.request))
        return missed(expected, "another request went on", taken.request, onward.request);
      const came = onward.final;
      // RFC 3261 16.7, step 6: a proxy may make another of 503.
      return came === undefined || [408, 503].includes(came.message.status)
        ? passed(expected, "it went on", taken.request, onward.request)
        : expectGoesBack(expected, came, taken, trace);
    },
  });
}

/** Another BYE of the same dialog was on its way. */
function isCrossed(call: SessionLegs, taken: Exchange, trace: ScenarioTrace): boolean {
  const until = taken.final?.seq ?? Number.POSITIVE_INFINITY;
  return (["caller", "callee"] as const).some((side) =>
    requestsFrom(call, side, "BYE").some(
      ({ request }) =>
        request !== taken.request &&
        request.seq < until &&
        request.at - taken.request.at < trace.sutFile.guards.actionMs,
    ),
  );
}

export const reinviteByProxy = passedOnByProxy("6.1.1.2.4-prx", "INVITE");
export const byeByProxy = passedOnByProxy("6.1.1.2.8-prx", "BYE");
