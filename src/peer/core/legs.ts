/** Where the copies of a request go: for each, the request as it will be sent, and what stands at the other end. */
import type { ForwardOptions } from "../../endpoint/forwarding.ts";
import type { SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { Hop } from "../../net/network.ts";
import { withRequestUri } from "../../wire/sip/edit.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { admitResponse } from "./admission.ts";
import type { ApplicationServer, ServerFunction, UserProfile } from "./config.ts";
import { makesDialog, type DialogSide } from "./dialog-routes.ts";
import { hopOf, type OwnUris } from "./hops.ts";
import { tokenUser, type Passage } from "./passages.ts";
import type { Binding } from "./registrar.ts";
import { uriIn, withRoutes } from "./route-set.ts";
import { fromUntrusted, toUntrusted, withCalledParty } from "./trust-boundary.ts";

export interface Leg {
  readonly request: SipRequest;
  readonly side: DialogSide;
  /** The client that will answer, whose responses are asserted. */
  readonly client?: UserProfile;
  /** Legs of the same rank go out at once, lower ones first. */
  readonly rank: number;
  /** To a server: the passage through it. */
  readonly passage?: Passage;
}

function looseRoute(uri: string): string {
  return /;lr(?:[;=?]|$)/i.test(uri) ? `<${uri}>` : `<${uri};lr>`;
}

export type Connections = Pick<SipEndpoint, "isConnected">;

/**
 * To a client over TLS the connection that it opened is the way, whatever port its Contact names: few clients have a certificate with which they
 * could be called (RFC 5626 is the same thought, with a flow that is named).
 */
export function openWay(named: Hop, cameFrom: Hop, connections: Connections): Hop {
  const samePlace = named.host === cameFrom.host && named.transport === cameFrom.transport;
  return samePlace && named.transport === "tls" && connections.isConnected(cameFrom) ? cameFrom : named;
}

/** By the criteria of a user: the server's Route entry, and below it the core's own with the token. */
export function legToServer(passage: Passage, hop: Hop, ownUris: OwnUris): Leg {
  const { server, sessionCase, token, request } = passage;
  const back = ownUris.route(tokenUser(token), hop.transport);
  return {
    request: withRoutes(request, [looseRoute(server[sessionCase]), back]),
    side: { untrusted: false, hop, annotation: { serverFunction: sessionCase, passage: token } },
    rank: 0,
    passage,
  };
}

/** To the server that a service identity belongs to. */
export function legToService(
  request: SipRequest,
  server: ApplicationServer,
  hop: Hop,
  serverFunction: ServerFunction,
): Leg {
  return {
    request: withRoutes(request, [looseRoute(server.psi)]),
    side: { untrusted: false, hop, annotation: { serverFunction } },
    rank: 0,
  };
}

/** To a client: its contact as the Request-URI, its Path as the route, and nothing that is the network's own business. */
export function legToBinding(
  request: SipRequest,
  user: UserProfile,
  binding: Binding,
  connections: Connections,
): Leg {
  const { contact, path, source } = binding;
  const [first] = path;
  const named =
    hopOf(first === undefined ? contact.uri : uriIn(first), { transport: source.transport }) ?? source;
  const hop = openWay(named, source, connections);
  const addressed = withCalledParty(withRequestUri(request, contact.uri), request.uri);
  return {
    request: withRoutes(toUntrusted(addressed), path),
    side: { untrusted: true, hop },
    client: user,
    rank: -(contact.q ?? 1),
  };
}

/** How to forward a leg: whose the responses are, and what of them the sender may see. */
export function legOptions(from: DialogSide, leg: Pick<Leg, "side" | "client" | "passage">): ForwardOptions {
  const { annotation, hop } = leg.side;
  let unanswered = false;
  return {
    to: hop,
    ...(annotation === undefined ? {} : { annotation }),
    onFailure: () => {
      unanswered = true;
    },
    onFinal: (response) => {
      // What stands in for an answer that did not come is the core's own.
      if (leg.passage !== undefined) end(leg.passage, response);
      const asserted = unanswered ? response : admitted(response, from, leg);
      return from.untrusted ? toUntrusted(asserted) : asserted;
    },
  };
}

/** What the server has refused does not go on any more: a later one like it is another. What has a body is told by that. */
function end(passage: Passage, { status }: SipResponse): void {
  if (makesDialog(passage.request.method) && status >= 300) passage.continuedBy ??= "refused";
}

/** What comes from a client is admitted as its requests are; within a dialog nothing is asserted anew. */
function admitted(
  response: SipResponse,
  from: DialogSide,
  { side, client }: Pick<Leg, "side" | "client">,
): SipResponse {
  if (client !== undefined) return admitResponse(response, client, from.charging);
  return side.untrusted ? fromUntrusted(response) : response;
}
