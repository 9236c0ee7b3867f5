/** Carries a routing decision out: answers, or forwards with Record-Route and original-dialog token, the trust boundary kept on either side. */
import type { IncomingRequest } from "../../endpoint/incoming.ts";
import type { SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import { sipResponse, type HeaderPair } from "../../wire/sip/build.ts";
import { chargingVectorOf } from "../../wire/sip/charging-vector.ts";
import { prependHeader } from "../../wire/sip/edit.ts";
import { header, routesOf } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { makesDialog, type DialogRoutes, type DialogSide } from "./dialog-routes.ts";
import { fork } from "./forking.ts";
import { hopOf, type OwnUris } from "./hops.ts";
import { legOptions, legToBinding, legToServer, legToService, type Leg, openWay } from "./legs.ts";
import type { Origin } from "./origin.ts";
import type { Passages } from "./passages.ts";
import type { Decision } from "./routing.ts";
import { toUntrusted, withChargingVector } from "./trust-boundary.ts";

export interface OnwardOptions {
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ownUris: OwnUris;
  readonly passages: Passages;
  readonly dialogs: DialogRoutes;
}

/** A request on its way: as admitted, from whom, and the transaction it came in. */
export interface Passing {
  readonly incoming: IncomingRequest;
  readonly request: SipRequest;
  readonly origin: Origin;
}

export interface Onward {
  carryOut(passing: Passing, decision: Exclude<Decision, { to: "registration-event" }>): void;
  answer(incoming: IncomingRequest, status: number, reason?: string, headers?: readonly HeaderPair[]): void;
  /** Forwards a request within a dialog from one side to the other. */
  within(incoming: IncomingRequest, request: SipRequest, from: DialogSide, to: DialogSide): void;
}

const ALLOW: HeaderPair = [
  "Allow",
  "INVITE, ACK, CANCEL, BYE, OPTIONS, MESSAGE, SUBSCRIBE, NOTIFY, REFER, PUBLISH, REGISTER",
];
const ALLOW_EVENTS: HeaderPair = ["Allow-Events", "reg"];

export function createOnward(options: OnwardOptions): Onward {
  const { endpoint, ids, ownUris, dialogs } = options;

  function answer(
    incoming: IncomingRequest,
    status: number,
    reason?: string,
    headers: readonly HeaderPair[] = [],
  ): void {
    const { message } = incoming;
    if (message.method === "ACK") return;
    const given = message.method === "OPTIONS" && status === 200 ? [ALLOW, ...headers] : headers;
    incoming.respond(sipResponse(message, status, reason, { headers: given, toTag: ids.token(13) }));
  }

  function upstreamOf({ incoming, origin, request }: Passing): DialogSide {
    const { annotation, source } = incoming;
    const charging = chargingVectorOf(request);
    return {
      untrusted: origin.kind === "client" || origin.kind === "stranger",
      hop: source,
      ...(annotation === undefined ? {} : { annotation }),
      ...(charging === undefined ? {} : { charging }),
    };
  }

  function withRecordRoute(passing: Passing, leg: Leg): Leg {
    if (!makesDialog(leg.request.method)) return leg;
    const { user } = dialogs.add(passing.request, upstreamOf(passing), leg.side);
    return {
      ...leg,
      request: prependHeader(leg.request, "Record-Route", ownUris.route(user, leg.side.hop.transport)),
    };
  }

  function send(passing: Passing, legs: readonly Leg[]): void {
    const upstream = upstreamOf(passing);
    const branches = legs.map((leg) => {
      const { request, rank } = withRecordRoute(passing, leg);
      return { request, rank, options: legOptions(upstream, leg) };
    });
    const [only, ...others] = branches;
    if (only === undefined) return;
    if (others.length > 0) fork(endpoint, passing.incoming, branches);
    else endpoint.forward(passing.incoming, only.request, only.options);
  }

  return {
    answer,
    carryOut(passing, decision) {
      if (decision.to === "answer") {
        const headers = decision.allowEvents === true ? [ALLOW_EVENTS] : [];
        return answer(passing.incoming, decision.status, decision.reason, headers);
      }
      // RFC 3903 6: a publication that is accepted has an entity tag and a time.
      if (decision.to === "tolerate")
        return answer(passing.incoming, 200, undefined, [
          ["SIP-ETag", ids.token(13)],
          ["Expires", header(passing.request, "Expires") ?? "3600"],
        ]);
      const legs = legsOf(passing.request, decision, options);
      if (legs.length === 0) answer(passing.incoming, 503, "Application Server Cannot Be Resolved");
      else send(passing, legs);
    },
    within(incoming, request, from, to) {
      const next = routesOf(request)[0]?.uri ?? request.uri;
      const named = hopOf(next, { transport: to.hop.transport }) ?? to.hop;
      const hop = openWay(named, to.hop, endpoint);
      const leg = to.untrusted ? toUntrusted(request) : withChargingVector(request, from.charging);
      const sending = legOptions(from, { side: { ...to, hop } });
      // An ACK to a 2xx has no answer to relay (RFC 3261 17.1).
      if (leg.method === "ACK") endpoint.send(leg, sending);
      else endpoint.forward(incoming, leg, sending);
    },
  };
}

/** None: the address of the server is a name that nobody here can resolve. */
function legsOf(
  request: SipRequest,
  decision: Exclude<Decision, { to: "registration-event" | "answer" | "tolerate" }>,
  { endpoint, passages, clock, ownUris }: OnwardOptions,
): readonly Leg[] {
  if (decision.to === "server") {
    const { server, sessionCase, user: servedUser } = decision;
    const hop = hopOf(server[sessionCase], server);
    if (hop === undefined) return [];
    const passage = passages.open({ sessionCase, server, servedUser, request, startedAt: clock.now() });
    return [legToServer(passage, hop, ownUris)];
  }
  if (decision.to === "service") {
    const hop = hopOf(decision.server.psi, decision.server);
    return hop === undefined ? [] : [legToService(request, decision.server, hop, decision.serverFunction)];
  }
  if (decision.to === "hop") {
    const { hop, untrusted = false } = decision;
    return [{ request: untrusted ? toUntrusted(request) : request, side: { untrusted, hop }, rank: 0 }];
  }
  const { user, noFork, sequential } = decision;
  const bindings = noFork ? decision.bindings.slice(0, 1) : decision.bindings;
  return bindings.map((binding, index) => {
    const leg = legToBinding(request, user, binding, endpoint);
    return sequential ? { ...leg, rank: index } : leg;
  });
}
