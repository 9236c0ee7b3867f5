/**
 * 6.1.2.5: a NOTIFY of a subscription that a client made through the participating function. It comes to the function on the path of the
 * subscription, whichever side the client was on when that was made.
 */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { tagOfTo } from "../trace/session/journeys.ts";
import { callIdIdentity, cseqIdentity } from "../trace/sip-identity.ts";
import { readConferenceInfo } from "../wire/xml/conference-info.ts";
import { subscriptionStateOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { check } from "./check.ts";
import { faultsOf } from "./message-faults.ts";
import { memo } from "./memo.ts";
import { nodesAt } from "./originating-session.ts";
import { endOf, expectThat, missed, noted, passed, undecided } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { isWaitedOut } from "./terminating-dialog.ts";

interface Notified {
  readonly notify: Exchange;
  readonly onward: Exchange | undefined;
}

const isParticipating = ({ request }: Exchange): boolean =>
  request.serverFunction === "originating" || request.serverFunction === "terminating";

/** In dialogs in which the function had passed a SUBSCRIBE or a REFER of the client on, and which had not ended. */
function notifications(trace: ScenarioTrace): readonly Notified[] {
  const taken = trace.exchanges({ method: "NOTIFY", way: "to-sut" }).filter(isParticipating);
  const sent = trace.exchanges({ method: "NOTIFY", way: "from-sut" }).filter(isParticipating);
  const used = new Set<Exchange>();
  return taken
    .filter((notify) => isKnown(notify, trace) && faultsOf(notify.request.message).length === 0)
    .map((notify) => {
      const onward = onwardIn(
        sent.filter((one) => !used.has(one)),
        notify,
        taken,
      );
      if (onward !== undefined) used.add(onward);
      return { notify, onward };
    });
}

/**
 * The same request, where a proxy sends it on; else that of the same passage through the core, by its body. One whose body came with no
 * NOTIFY was written anew.
 */
function onwardIn(
  sent: readonly Exchange[],
  { request }: Exchange,
  taken: readonly Exchange[],
): Exchange | undefined {
  const later = sent.filter((one) => one.request.seq > request.seq);
  const { passage, message } = request;
  const ofPassage = later.filter((one) => passage !== undefined && one.request.passage === passage);
  return (
    later.find((one) => isSame(one.request.message, message)) ??
    ofPassage.find((one) => sameBody(one.request.message, message)) ??
    ofPassage.find((one) => !taken.some((other) => sameBody(other.request.message, one.request.message)))
  );
}

function sameBody(one: SipRequest, other: SipRequest): boolean {
  return Buffer.from(one.body).equals(other.body);
}

function isSame(one: SipRequest, other: SipRequest): boolean {
  return (
    callIdIdentity(one) === callIdIdentity(other) &&
    cseqIdentity(one).number === cseqIdentity(other).number &&
    tagOfTo(one) === tagOfTo(other)
  );
}

function isKnown(notify: Exchange, trace: ScenarioTrace): boolean {
  const { message, seq } = notify.request;
  const call = callIdIdentity(message);
  const isOfDialog = ({ request }: Exchange): boolean =>
    request.seq < seq && callIdIdentity(request.message) === call;
  const asked = trace
    .exchanges({ method: ["SUBSCRIBE", "REFER"], way: "from-sut" })
    .some(
      (exchange) =>
        isParticipating(exchange) &&
        isOfDialog(exchange) &&
        (exchange.final === undefined || exchange.final.message.status < 300),
    );
  const over = trace
    .exchanges({ method: "NOTIFY", way: "to-sut" })
    .some(
      ({ request }) =>
        isOfDialog({ ...notify, request }) &&
        readable(() => subscriptionStateOf(request.message)?.type.toLowerCase(), undefined) === "terminated",
    );
  return asked && !over;
}

/** RFC 3265 3.1.4.4: 481 says that there is no such subscription. */
export const notificationIsKnown = check<Notified>("6.1.2.5-0", {
  trigger: (trace) => notifications(trace).filter(({ notify }) => notify.final !== undefined),
  judge: ({ notify, onward }) =>
    expectThat(
      notify.final?.message.status !== 481 || onward?.final?.message.status === 481,
      "a NOTIFY of a subscription that there is, is not answered 481 by the server",
      endOf(notify),
      notify,
      onward,
    ),
});

/** To a node of Scrim's at which the client that subscribed is not. */
function isAstray({ request: { message } }: Exchange, trace: ScenarioTrace): boolean {
  const subscriber = subscribers(trace).get(callIdIdentity(message));
  const nodes = nodesAt(message.uri, trace);
  return subscriber !== undefined && nodes.size > 0 && !nodes.has(subscriber);
}

/** Nodes of clients by the Call-ID of what they asked for. */
const subscribers = memo(
  (trace: ScenarioTrace): ReadonlyMap<string, string> =>
    new Map(
      trace
        .exchanges({ method: ["SUBSCRIBE", "REFER"] })
        .filter(({ request: { nodeKind, direction } }) => nodeKind === "client" && direction === "out")
        .map(({ request }) => [callIdIdentity(request.message), request.node] as const),
    ),
);

const REWRITTEN = "a B2BUA names the session as it has shown it to the client";

/** The same document as far as users are concerned: what the conference itself is called may be another. */
function isSameState(one: SipRequest, other: SipRequest): boolean {
  const [told, came] = [one, other].map(({ body }) => readable(() => readConferenceInfo(body), undefined));
  if (told === undefined || came === undefined) return false;
  const { entity: _told, ...said } = told;
  const { entity: _came, ...meant } = came;
  return JSON.stringify(said) === JSON.stringify(meant);
}

export const notificationGoesOn = check<Notified>("6.1.2.5-1", {
  trigger: notifications,
  judge: ({ notify, onward }, trace) => {
    const expected = "the NOTIFY goes on towards the client, its body as it was";
    if (onward === undefined)
      return isWaitedOut(notify.request.at, trace)
        ? missed(expected, `it did not: ${endOf(notify)}`, notify)
        : undecided(expected, "the trace ends before it was due", notify);
    const [sent, received] = [onward.request.message, notify.request.message];
    if (isAstray(onward, trace))
      return missed(expected, `it went to ${sent.uri}`, notify.request, onward.request);
    if (sameBody(sent, received)) return passed(expected, "it did", notify.request, onward.request);
    return isSameState(sent, received)
      ? noted(expected, "with URIs of the server in it", REWRITTEN, notify.request, onward.request)
      : missed(expected, "with another body", notify.request, onward.request);
  },
});

/** 408 and 503 are what a proxy makes of silence, and keeps or makes another of (RFC 3261 16.7, RFC 4320 4.2). */
export const responseToNotificationGoesBack = check<Notified>("6.1.2.5-2", {
  trigger: (trace) =>
    notifications(trace).filter(({ onward }) => {
      const status = onward?.final?.message.status;
      return status !== undefined && status !== 408 && status !== 503;
    }),
  judge: ({ notify, onward }, trace) => {
    const status = onward?.final?.message.status;
    const expected = `final response ${status ?? ""}, as the client gave it`;
    if (notify.final === undefined)
      return isWaitedOut(onward?.final?.at ?? 0, trace)
        ? missed(expected, "no final response", notify, onward)
        : undecided(expected, "the trace ends before the response is back", notify, onward);
    return notify.final.message.status === status
      ? passed(expected, endOf(notify), notify, onward)
      : missed(expected, endOf(notify), notify, onward);
  },
});
