/** Whether a message goes in pager mode (clause 8.1). The size is that of the whole request, as in RFC 3428; 1300 itself is left to neither mode. */
import type { Stimulated } from "../trace/event.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Outcome } from "./check.ts";
import { messagesOfUser, wishOf } from "./client-messages.ts";
import { askedOfClient, driverAnswer, neverSent, nextAsked, sentByClient } from "./client-view.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";

const LIMIT_BYTES = 1300;
/** A text below this makes a request that is well below the limit, whatever a client puts into its headers; one that asks for more does not count. */
const SMALL_TEXT_BYTES = 300;

interface Sending {
  readonly stimulus: Stimulated;
  readonly message: Exchange | undefined;
  /** The invitation to a session that came in its place. */
  readonly invitation: Exchange | undefined;
}

function sendings(trace: ScenarioTrace): readonly Sending[] {
  const messages = messagesOfUser(trace);
  return askedOfClient("send-message", trace).map((stimulus) => {
    const until = nextAsked(stimulus, trace)?.seq ?? Number.POSITIVE_INFINITY;
    return {
      stimulus,
      message: messages.find((one) => trace.stimulusOf(one) === stimulus),
      invitation: sentByClient("INVITE", trace).find(
        ({ request }) => request.seq > stimulus.seq && request.seq < until,
      ),
    };
  });
}

const sizeOf = ({ request }: Exchange): number => request.bytes.length;

function textBytes({ stimulus }: Sending): number {
  return Buffer.byteLength(wishOf(stimulus).text);
}

function isSmall(sending: Sending): boolean {
  if (sending.message !== undefined) return sizeOf(sending.message) < LIMIT_BYTES;
  const { to, report, externalContent } = wishOf(sending.stimulus);
  const plain = to.length === 1 && report.length === 0 && externalContent === undefined;
  return plain && textBytes(sending) < SMALL_TEXT_BYTES;
}

export const smallMessageByMessage = check<Sending>("8.1-p1a", {
  trigger: (trace) => sendings(trace).filter(isSmall),
  judge: ({ stimulus, message, invitation }, trace) => {
    const expected = "a message below 1300 bytes sent by SIP MESSAGE";
    if (message !== undefined)
      return passed(expected, `MESSAGE of ${sizeOf(message)} bytes`, message.request);
    if (invitation !== undefined) return missed(expected, "an INVITE in its place", invitation.request);
    return neverSent(stimulus, expected, `final response to ${stimulus.actor}`, trace);
  },
});

export const largeMessageByCongestionSafePath = check<Sending>("8.1-p1b", {
  trigger: (trace) =>
    sendings(trace).filter((sending) =>
      sending.message === undefined
        ? textBytes(sending) > LIMIT_BYTES
        : sizeOf(sending.message) > LIMIT_BYTES,
    ),
  judge: (sending, trace) =>
    trace.sutFile.client?.congestionSafe === true
      ? judgeKnownSafe(sending, trace)
      : judgeUnknown(sending, trace),
});

/** The client knows that transport is connection-oriented to the end, and so uses MESSAGE, over such a transport. */
function judgeKnownSafe({ stimulus, message, invitation }: Sending, trace: ScenarioTrace): Outcome {
  const expected = "a message above 1300 bytes sent by SIP MESSAGE over a connection";
  if (message !== undefined)
    return expectThat(
      message.request.transport !== "udp",
      expected,
      `MESSAGE of ${sizeOf(message)} bytes over ${message.request.transport.toUpperCase()}`,
      message.request,
    );
  if (invitation !== undefined) return missed(expected, "an INVITE in its place", invitation.request);
  return neverSent(stimulus, expected, `final response to ${stimulus.actor}`, trace);
}

function judgeUnknown(
  { stimulus, message, invitation }: Sending,
  trace: ScenarioTrace,
): Outcome | readonly Outcome[] {
  const expected = "no SIP MESSAGE above 1300 bytes from a client that does not know its transport";
  if (message !== undefined) {
    const actual = `MESSAGE of ${sizeOf(message)} bytes, ${message.request.message.body.length} of body`;
    return message.request.message.body.length < LIMIT_BYTES
      ? noted(expected, actual, "the clause does not say whether the headers count", message.request)
      : missed(expected, actual, message.request);
  }
  if (invitation !== undefined) return passed(expected, "an INVITE in its place", invitation.request);
  const answer = driverAnswer(stimulus, trace);
  const silent =
    answer?.ok === false || trace.absenceProven(stimulus.at, `final response to ${stimulus.actor}`);
  return silent && trace.complete
    ? { ...passed(expected, "none was sent"), evidence: [{ seq: stimulus.seq }] }
    : [];
}
