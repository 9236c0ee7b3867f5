/** 7.2.1.2: what becomes of a URI-list in an INVITE to the conference factory. */
import type { Exchange } from "../trace/scenario-trace.ts";
import { toOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check } from "./check.ts";
import { adHocSetUps, focusContactOf, type SetUp } from "./conference.ts";
import { conferenceAt, goesOn, presenceOf, spanOf } from "./conference-members.ts";
import { originatorOf } from "./grounds.ts";
import { readable } from "./pager-message.ts";
import { endOf, expectThat, missed, passed, undecided } from "./outcome.ts";

interface Listed {
  readonly setUp: SetUp;
  readonly uri: string;
}

/** Each user on the list but the originator, who is in already. */
export const listedUsersInvited = check<Listed>("7.2.1.2-9", {
  trigger: (trace) =>
    adHocSetUps(trace).flatMap((setUp) =>
      setUp.listed
        .filter((uri) => setUp.originator === undefined || !sameAddressOfRecord(uri, setUp.originator))
        .map((uri) => ({ setUp, uri })),
    ),
  judge: ({ setUp, uri }, trace) => {
    const invitation = setUp.invitations.find(({ request }) => sameAddressOfRecord(request.uri, uri));
    const expected = `an INVITE to <${uri}>, who is on the list`;
    if (invitation === undefined && !trace.complete)
      return undecided(expected, "the trace ends before it", setUp.exchange);
    const actual = invitation === undefined ? "no INVITE to that user" : "an INVITE was sent";
    return expectThat(invitation !== undefined, expected, actual, setUp.exchange, invitation?.exchange);
  },
});

interface Two {
  readonly setUp: SetUp;
  readonly identity: string;
  readonly others: readonly string[];
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
        others: all.flatMap(({ identity, setUp }) => (setUp === one.setUp ? [] : identity)),
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
