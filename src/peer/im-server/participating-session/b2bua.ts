/** The B2BUA's way with the INVITE of a session (clauses 6.1.1.2.2, 6.1.1.2.7, 6.1.2.2.2, 6.1.2.2.4). */
import type {
  IncomingInvite,
  InviteEvent,
  InviteSession,
} from "../../../endpoint/user-agent/session-events.ts";
import type { InviteOptions } from "../../../endpoint/user-agent/options.ts";
import type { HeaderPair } from "../../../wire/sip/build.ts";
import { fromOf, header, headerValues, maxForwardsOf, privacyOf } from "../../../wire/sip/headers.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";
import { formatNameAddr } from "../../../wire/sip/name-addr.ts";
import { formatReplaces, minSeOf, replacesOf, sessionExpiresOf } from "../../../wire/sip/session-fields.ts";
import { nextHop } from "../forwarding.ts";
import { annotationOf } from "../outgoing.ts";
import type { Turn } from "../turn.ts";
import type { ParticipatingFunction } from "./addresses.ts";
import { accept, prackDownstream, reject, rejectWith, ring } from "./answering.ts";
import { newLeg, type Call, type Leg, type LegName } from "./call.ts";
import { carriedHeaders, present } from "./carried-headers.ts";
import { contactShownOn, contactUser, learn } from "./contacts.ts";
import { bodied, passedBody } from "./descriptions.ts";
import { forget, passEnd } from "./ending.ts";
import { createMediaPath } from "./media-path.ts";
import { passModifications } from "./modification.ts";
import { privateMessageCheck } from "./private-messages.ts";
import { relayMessages, type Sent } from "./relay.ts";
import { withMappedReplaces } from "./replaced-dialogs.ts";
import { nameOnOtherLeg, type ParticipatingState } from "./sessions.ts";
import { passWithin } from "./within.ts";

/** An INVITE has passed all checks: it goes on in a session of the server's own. */
export function startCall(state: ParticipatingState, turn: Turn, at: ParticipatingFunction): void {
  if (turn.incoming.answered) return;
  const incoming = state.open(turn.incoming, at);
  if (incoming === undefined) return;
  const call = makeCall(state, turn, at, incoming);
  attend(state, call, call.legs.upstream, incoming);
  incoming.on((event) => {
    if (event.type === "pracked") prackDownstream(call, event.request);
  });
  call.outgoing = state.agent.invite(inviteFor(state, call));
}

function makeCall(
  state: ParticipatingState,
  turn: Turn,
  at: ParticipatingFunction,
  incoming: IncomingInvite,
): Call {
  const { server } = turn;
  const decisions = server.decisions[at === "originating" ? "originatingSession" : "terminatingSession"];
  const legs = {
    upstream: newLeg("upstream", incoming.dialog.localTag),
    downstream: newLeg("downstream", server.ids.token(13)),
  };
  const messages: Readonly<Record<LegName, Sent>> = { upstream: new Map(), downstream: new Map() };
  const msrp = decisions.staysInMediaPath(turn) ? state.msrp : undefined;
  const call: Call = {
    at,
    turn,
    decisions,
    invite: turn.request,
    legs,
    media:
      msrp &&
      createMediaPath({
        msrp,
        originating: at === "originating",
        relay: (from, session, to) => {
          const [sent, sentByOther] = [
            messages[from],
            messages[from === "upstream" ? "downstream" : "upstream"],
          ];
          const passes = (): boolean => decisions.forwardsMessage(turn, from);
          const inspect = privateMessageCheck(call, from);
          relayMessages({ from: session, to, passes, inspect, sent, sentByOther });
        },
      }),
    outgoing: undefined,
    offeredEarly: undefined,
  };
  state.calls.set(legs.upstream.tag, call).set(legs.downstream.tag, call);
  // What is shown on one leg stands for the far end of the other.
  state.contacts.add(contactUser(legs.upstream), () => legs.downstream.contact);
  state.contacts.add(contactUser(legs.downstream), () => legs.upstream.contact);
  legs.upstream.session = incoming;
  incoming.onOffer = () => "later";
  learn(legs.upstream, turn.request);
  incoming.contact = contactShownOn(call, legs.upstream);
  return call;
}

/** 6.1.1.2.2, 1a to 1h; 6.1.2.2.2, 2 to 11. */
function inviteFor(state: ParticipatingState, call: Call): InviteOptions {
  const { turn, decisions, legs } = call;
  const { server } = turn;
  const request = withMappedReplaces(state, turn.request);
  const from = fromOf(request);
  const params = new Map([...(from?.params ?? [])].filter(([name]) => name !== "tag"));
  const asked = sessionExpiresOf(request)?.interval ?? server.policy().sessionIntervalS;
  const minSe = minSeOf(request);
  return {
    to: nextHop(server, request),
    uri: decisions.requestUri(turn, state.contacts.resolve(request.uri) ?? request.uri),
    from: formatNameAddr({ displayName: from?.displayName, uri: from?.uri ?? turn.originator, params }),
    toField: header(request, "To") ?? `<${request.uri}>`,
    fromTag: legs.downstream.tag,
    route: headerValues(request, "Route"),
    contact: contactShownOn(call, legs.downstream),
    headers: inviteHeaders(state, call, request),
    ...bodied(decisions.offer(turn, passedBody(call, "upstream", request, "offer"))),
    sessionTimer: {
      interval: asked,
      ...(minSe === undefined ? {} : { minSe }),
      ...(call.at === "terminating" ? { refresher: "uas" } : {}),
    },
    annotation: annotationOf(turn),
    cause: turn.incoming.message,
    onOffer: () => "later",
    on: (event) => take(state, call, event),
  };
}

function inviteHeaders(state: ParticipatingState, call: Call, request: SipRequest): HeaderPair[] {
  const { turn, decisions } = call;
  const rewritten = ["Privacy", "Accept-Contact", "User-Agent", "P-Asserted-Identity"];
  const privacy = header(request, "Privacy") === undefined ? undefined : privacyOf(request).join(";");
  const preferences = headerValues(request, "Accept-Contact").join(", ");
  return [
    ["Max-Forwards", String(Math.max(0, (maxForwardsOf(request) ?? 70) - 1))],
    ...carriedHeaders(request, rewritten),
    ...decisions
      .originator(turn, headerValues(request, "P-Asserted-Identity"))
      .map((value): HeaderPair => ["P-Asserted-Identity", value]),
    ...present([
      ["Privacy", decisions.invitePrivacy(turn, privacy)],
      ["Accept-Contact", decisions.acceptContact(turn, preferences === "" ? undefined : preferences)],
      ["User-Agent", decisions.inviteUserAgent(turn, header(request, "User-Agent"))],
      ["Replaces", replacesFor(state, request)],
    ]),
  ];
}

/** RFC 3891: the dialog that is replaced has a name of its own on each leg. */
function replacesFor(state: ParticipatingState, request: SipRequest): string | undefined {
  const usual = replacesOf(request);
  if (usual === undefined || usual === "malformed") return header(request, "Replaces");
  const { callId, toTag, fromTag } = nameOnOtherLeg(state, usual) ?? usual;
  return formatReplaces({ callId, toTag, fromTag, earlyOnly: usual.earlyOnly });
}

function take(state: ParticipatingState, call: Call, event: InviteEvent): void {
  const { downstream } = call.legs;
  switch (event.type) {
    case "session":
      downstream.session ??= event.session;
      return attend(state, call, downstream, event.session);
    case "provisional":
      return event.response.status > 100 ? ring(call, event.response, event.reliable) : undefined;
    case "accepted":
      return event.kept ? accept(call, event.response, event.session) : undefined;
    case "rejected":
      return reject(call, event.response);
    case "cancelled":
      return forget(state, call);
    case "failed":
      // RFC 3261 8.1.3.1
      return rejectWith(call, event.reason === "timeout" ? 408 : 503);
  }
}

/** What happens in a session of a leg is told to the other. */
function attend(state: ParticipatingState, call: Call, leg: Leg, session: InviteSession): void {
  session.handle.annotation = annotationOf(call.turn);
  passModifications(call, leg, session);
  passEnd(state, call, leg, session);
  passWithin(state, call, leg, session);
}
