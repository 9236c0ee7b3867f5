/** Carries a routing decision out: Route, Record-Route and tokens put on, the trust boundary kept on either side, the request forwarded. */
import type { Annotation } from "../../endpoint/crossing.ts";
import type { ForwardOptions } from "../../endpoint/forwarding.ts";
import type { IncomingRequest } from "../../endpoint/incoming.ts";
import type { SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { Hop } from "../../net/network.ts";
import { sipResponse, type HeaderPair } from "../../wire/sip/build.ts";
import { prependHeader, withRequestUri } from "../../wire/sip/edit.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { admitResponse } from "./admission.ts";
import type { ApplicationServer, UserProfile } from "./config.ts";
import { makesDialog, type DialogRoutes, type DialogSide } from "./dialog-routes.ts";
import { fork } from "./forking.ts";
import { hopOf, type OwnUris } from "./hops.ts";
import type { Origin } from "./origin.ts";
import { tokenUser, type Passages } from "./passages.ts";
import type { Binding } from "./registrar.ts";
import { uriIn, withRoutes } from "./route-set.ts";
import type { Decision } from "./routing.ts";
import { toUntrusted, withCalledParty } from "./trust-boundary.ts";

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

/** Where one copy goes, and what stands at the other end. */
export interface Leg {
  readonly request: SipRequest;
  readonly side: DialogSide;
  /** The client that will answer, whose responses are asserted. */
  readonly client?: UserProfile;
  /** Legs of the same rank go out at once, lower ones first. */
  readonly rank?: number;
}

export interface Onward {
  carryOut(passing: Passing, decision: Exclude<Decision, { to: "registration-event" }>): void;
  answer(
    passing: Pick<Passing, "incoming" | "request">,
    status: number,
    reason?: string,
    headers?: readonly HeaderPair[],
  ): void;
  /** Forwards a request within a dialog. */
  within(passing: Pick<Passing, "incoming" | "request">, from: DialogSide, to: DialogSide): void;
}

const ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, MESSAGE, SUBSCRIBE, NOTIFY, REFER, PUBLISH, REGISTER";

export function createOnward(options: OnwardOptions): Onward {
  const { endpoint, clock, ids, ownUris, passages, dialogs } = options;

  function answer(
    { incoming, request }: Pick<Passing, "incoming" | "request">,
    status: number,
    reason?: string,
    headers: readonly HeaderPair[] = [],
  ): void {
    if (request.method === "ACK") return;
    const given: readonly HeaderPair[] =
      request.method === "OPTIONS" && status === 200 ? [["Allow", ALLOW], ...headers] : headers;
    incoming.respond(sipResponse(incoming.message, status, reason, { headers: given, toTag: ids.token(13) }));
  }

  function upstreamOf({ incoming, origin }: Passing): DialogSide {
    const { annotation } = incoming;
    return {
      untrusted: origin.kind !== "server",
      hop: incoming.source,
      ...(annotation === undefined ? {} : { annotation }),
    };
  }

  /** Options of a leg: whose the responses are, and what of them the sender may see. */
  function legOptions(from: DialogSide, leg: Pick<Leg, "side" | "client">): ForwardOptions {
    const { annotation, hop } = leg.side;
    let unanswered = false;
    return {
      to: hop,
      ...(annotation === undefined ? {} : { annotation }),
      onFailure: () => (unanswered = true),
      onFinal: (response) => {
        // What stands in for an answer that did not come is the core's own.
        const asserted =
          leg.client === undefined || unanswered ? response : admitResponse(response, leg.client);
        return from.untrusted ? toUntrusted(asserted) : asserted;
      },
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
    const routed = legs.map((leg) => withRecordRoute(passing, leg));
    const [only, ...others] = routed;
    if (only === undefined) return answer(passing, 480);
    const branches = routed.map((leg) => ({
      request: leg.request,
      options: legOptions(upstream, leg),
      rank: leg.rank ?? 0,
    }));
    if (others.length > 0) return fork(endpoint, passing.incoming, branches);
    endpoint.forward(passing.incoming, only.request, legOptions(upstream, only));
  }

  function toServer(passing: Passing, decision: Extract<Decision, { to: "server" }>): void {
    const { server, sessionCase, user } = decision;
    const uri = server[sessionCase];
    const hop = hopOf(uri, server);
    if (hop === undefined) return answer(passing, 503, "Application Server Address Cannot Be Resolved");
    const passage = passages.open({
      sessionCase,
      server,
      servedUser: user,
      request: passing.request,
      startedAt: clock.now(),
    });
    const back = ownUris.route(tokenUser(passage.token), hop.transport);
    const annotation: Annotation = { serverFunction: sessionCase, passage: passage.token };
    const request = withRoutes(passing.request, [looseRoute(uri), back]);
    send(passing, [{ request, side: { untrusted: false, hop, annotation } }]);
  }

  function toService(passing: Passing, server: ApplicationServer, annotation: Annotation): void {
    const hop = hopOf(server.psi, server);
    if (hop === undefined) return answer(passing, 503, "Application Server Address Cannot Be Resolved");
    const request = withRoutes(passing.request, [looseRoute(server.psi)]);
    send(passing, [{ request, side: { untrusted: false, hop, annotation } }]);
  }

  function legTo(binding: Binding, user: UserProfile, request: SipRequest): Leg {
    const first = binding.path[0];
    const next = first === undefined ? binding.contact.uri : uriIn(first);
    const hop: Hop =
      hopOf(next, { host: binding.source.host, transport: binding.source.transport }) ?? binding.source;
    const addressed = withCalledParty(withRequestUri(request, binding.contact.uri), request.uri);
    return {
      request: withRoutes(toUntrusted(addressed), binding.path),
      side: { untrusted: true, hop },
      client: user,
      rank: -(binding.contact.q ?? 1),
    };
  }

  function carryOut(passing: Passing, decision: Exclude<Decision, { to: "registration-event" }>): void {
    switch (decision.to) {
      case "answer":
        return answer(
          passing,
          decision.status,
          decision.reason,
          decision.allowEvents === true ? [["Allow-Events", "reg"]] : [],
        );
      case "server":
        return toServer(passing, decision);
      case "service":
        return toService(passing, decision.server, { serverFunction: decision.serverFunction });
      case "bindings": {
        const bindings = decision.noFork ? decision.bindings.slice(0, 1) : decision.bindings;
        return send(
          passing,
          bindings.map((binding) => legTo(binding, decision.user, passing.request)),
        );
      }
      case "hop":
        return send(passing, [{ request: passing.request, side: { untrusted: false, hop: decision.hop } }]);
    }
  }

  function within(passing: Pick<Passing, "incoming" | "request">, from: DialogSide, to: DialogSide): void {
    const request = to.untrusted ? toUntrusted(passing.request) : passing.request;
    const route = request.headers.find((field) => /^route$/i.test(field.name));
    const next = route === undefined ? request.uri : uriIn(route.value.split(",")[0] ?? "");
    const hop = hopOf(next, { host: to.hop.host, transport: to.hop.transport }) ?? to.hop;
    const options = legOptions(from, { side: { ...to, hop } });
    if (request.method === "ACK") endpoint.send(request, options);
    else endpoint.forward(passing.incoming, request, options);
  }

  return { carryOut, answer, within };
}

function looseRoute(uri: string): string {
  return /;lr(?:[;=?]|$)/i.test(uri) ? `<${uri}>` : `<${uri};lr>`;
}
