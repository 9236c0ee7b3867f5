/** 6.1.1.2.2, 6.1.1.2.8: what the originating participating function makes of an INVITE of its user, and of its BYE. */
import { callIdOf, contactsOf } from "../wire/sip/headers.ts";
import { sameAddressOfRecord, sameUri } from "../wire/sip/uri.ts";
import { check } from "./check.ts";
import { isLate } from "./originating-session.ts";
import { endOf, expectStatus, expectThat, noted, undecided } from "./outcome.ts";
import { sessionLegs, type SessionLegs } from "./session-legs.ts";
import { readable } from "./pager-message.ts";

const asB2bua = (trace: Parameters<typeof sessionLegs>[0]): readonly SessionLegs[] =>
  sessionLegs(trace, "originating").filter(({ isB2bua }) => isB2bua);

/** What the function had put in place of the identity of a session stands for that (6.1.1.2.2, 200-5a). */
function isOwnContact(
  { taken: { request } }: SessionLegs,
  trace: Parameters<typeof sessionLegs>[0],
): boolean {
  return trace.messages.some(
    ({ seq, peerIsSut, direction, message }) =>
      seq < request.seq &&
      peerIsSut &&
      direction === "in" &&
      readable(() => contactsOf(message), []).some(({ uri }) =>
        sameAddressOfRecord(uri, request.message.uri),
      ),
  );
}

export const requestUriIsKept = check<SessionLegs>("6.1.1.2.2-1a", {
  trigger: (trace) =>
    asB2bua(trace).filter((legs) => {
      const [received, own] = [legs.taken.request.message.uri, legs.sent.request.message.uri];
      return received === own || !isOwnContact(legs, trace);
    }),
  judge: ({ taken, sent }) => {
    const [received, own] = [taken.request.message.uri, sent.request.message.uri];
    const same = readable(() => sameUri(received, own), received === own);
    return expectThat(same, `Request-URI ${received}, as received`, `Request-URI ${own}`, sent.request);
  },
});

export const byeOfUserIsAnswered = check<SessionLegs>("6.1.1.2.8-1", {
  trigger: (trace) =>
    asB2bua(trace).filter(({ session: { accepted, bye } }) => {
      const status = byeAt(bye)?.final?.message.status;
      const isKnown = status === 200 || status === GONE;
      return accepted !== undefined && byeAt(bye) !== undefined && (isKnown || !meetsAnother(bye, trace));
    }),
  judge: ({ session: { bye }, taken }, trace) => {
    const exchange = byeAt(bye) ?? taken;
    if (exchange.final === undefined && !isLate(exchange.request.at, trace))
      return undecided("final response 200", "the trace ends before a final response", exchange);
    const outcome = expectStatus(exchange, [200], trace.complete);
    return exchange.final?.message.status === GONE && meetsAnother(bye, trace)
      ? noted(outcome.expected, endOf(exchange), "the session had ended from the other side", exchange)
      : outcome;
  },
});

/** That there is no such dialog. */
const GONE = 481;

function byeAt(bye: SessionLegs["session"]["bye"]): SessionLegs["taken"] | undefined {
  return bye?.hops.find(({ way, request }) => way === "to-sut" && request.serverFunction === "originating");
}

/** The function had ended the session by itself, or did so before it answered: then it knows the dialog no more (RFC 3261 15.1.2). */
function meetsAnother(bye: SessionLegs["session"]["bye"], trace: Parameters<typeof sessionLegs>[0]): boolean {
  const taken = byeAt(bye);
  if (taken === undefined) return false;
  const callId = callIdOf(taken.request.message);
  const until = taken.final?.seq ?? Number.POSITIVE_INFINITY;
  return trace
    .exchanges({ method: "BYE", way: "from-sut" })
    .some(({ request }) => request.seq < until && callIdOf(request.message) === callId);
}
