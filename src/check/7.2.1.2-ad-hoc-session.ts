/** 7.2.1.2: what becomes of a URI-list in an INVITE to the conference factory. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { toOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check } from "./check.ts";
import { adHocSetUps, attemptedSetUps, focusContactOf, type SetUp } from "./conference.ts";
import { conferenceAt, goesOn, presenceOf, spanOf } from "./conference-members.ts";
import { hadTime } from "./expected-invitations.ts";
import { goodRequests, isTurnedDown } from "./factory-requests.ts";
import { originatorOf } from "./grounds.ts";
import { readable } from "./pager-message.ts";
import { endOf, expectThat, missed, passed, undecided } from "./outcome.ts";

interface Listed {
  readonly setUp: SetUp;
  readonly uri: string;
}

/** Those that were accepted, and those that were refused though nothing spoke against them. */
function carriedOut(trace: ScenarioTrace): readonly SetUp[] {
  const refused = goodRequests(trace).filter(
    (request) => isTurnedDown(request) || (request.setUp?.invitations.length ?? 0) > 0,
  );
  return attemptedSetUps(trace).filter(
    ({ kind, accepted, exchange, session }) =>
      kind === "ad-hoc" &&
      (accepted !== undefined ||
        ((exchange.final?.message.status ?? 0) >= 300 && refused.some((one) => one.session === session))),
  );
}

/** Each user on the list but the originator, who is in already. */
export const listedUsersInvited = check<Listed>("7.2.1.2-9", {
  trigger: (trace) =>
    carriedOut(trace).flatMap((setUp) =>
      setUp.listed
        .filter((uri) => setUp.originator === undefined || !sameAddressOfRecord(uri, setUp.originator))
        .map((uri) => ({ setUp, uri })),
    ),
  judge: ({ setUp, uri }, trace) => {
    const { accepted, exchange } = setUp;
    const invitation = setUp.invitations.find(({ request }) => sameAddressOfRecord(request.uri, uri));
    const expected = `an INVITE to <${uri}>, who is on the list`;
    if (invitation !== undefined)
      return passed(expected, "an INVITE was sent", exchange, invitation.exchange);
    // Whom a request that was refused did not make it invite, nobody will.
    if (!trace.complete || (accepted !== undefined && !hadTime(setUp, trace)))
      return undecided(expected, "the session was over, or the trace, before it could be sent", exchange);
    const actual = accepted === undefined ? `none, and ${endOf(exchange)}` : "no INVITE to that user";
    return missed(expected, actual, exchange);
  },
});

interface Two {
  readonly setUp: SetUp;
  readonly identity: string;
  readonly others: readonly string[];
}

/** Unless one was over, by the BYE of everybody in it, before the other began: its identity may be given again. */
function areThereTogether(one: SetUp, other: SetUp): boolean {
  const [first, second] = one.exchange.request.seq < other.exchange.request.seq ? [one, other] : [other, one];
  const begun = second.exchange.request.seq;
  const dialogs = [first, ...first.invitations, ...first.comers].filter(
    ({ accepted }) => accepted !== undefined,
  );
  return !dialogs.every(({ session: { bye } }) => (bye?.atSut.final?.seq ?? Infinity) < begun);
}

/** Told by Contact of the 200 (7.2.1.1-5): no two sessions have the same. */
export const identityIsItsOwn = check<Two>("7.2.1.2-6b", {
  trigger: (trace) => {
    const all = adHocSetUps(trace).flatMap((setUp) => {
      const identity = setUp.accepted && focusContactOf(setUp.accepted.message)?.uri;
      return identity === undefined ? [] : [{ setUp, identity }];
    });
    return all
      .map((one) => ({
        ...one,
        others: all.flatMap(({ identity, setUp }) =>
          setUp === one.setUp || !areThereTogether(setUp, one.setUp) ? [] : identity,
        ),
      }))
      .filter(({ others }) => others.length > 0);
  },
  judge: ({ setUp, identity, others }) =>
    expectThat(
      !others.some((other) => sameAddressOfRecord(other, identity)),
      "an identity that no other session has",
      `Contact: <${identity}>${others.includes(identity) ? ", as of another session" : ""}`,
      setUp.exchange,
    ),
});

/** What is answered where there is no such session (7.2.1.12-1, RFC 3261 21.4). */
const UNKNOWN: ReadonlySet<number> = new Set([404, 410, 481, 604]);

/** Requests of participants to the identity, while nothing ends the session. */
export const sessionExists = check<Exchange>("7.2.1.2-6a", {
  trigger: (trace) =>
    trace
      .exchanges({ way: "to-sut", function: "controlling", method: ["SUBSCRIBE", "REFER"] })
      .filter((exchange) => {
        const { message, seq } = exchange.request;
        const conference = conferenceAt(message.uri, seq, trace);
        const sender = originatorOf(message);
        if (conference === undefined || sender === undefined || conference.kind === "group") return false;
        // A subscription may be over before its session is.
        if (readable(() => toOf(message)?.tag, undefined) !== undefined) return false;
        const span = spanOf(exchange);
        return presenceOf(conference, sender, span, trace) === "in" && goesOn(conference, span, trace);
      }),
  judge: (exchange, trace) => {
    const expected = "the session is there under its identity";
    if (exchange.final !== undefined)
      return UNKNOWN.has(exchange.final.message.status)
        ? missed(expected, endOf(exchange), exchange)
        : passed(expected, endOf(exchange), exchange);
    return trace.complete
      ? missed(expected, "no final response", exchange)
      : undecided(expected, "the trace ends before a final response", exchange);
  },
});
