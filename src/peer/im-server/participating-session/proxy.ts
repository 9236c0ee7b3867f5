/** The participating functions as proxies (clauses 6.1.1.2.2, 2; 6.1.1.2.5, 1 and 3; 6.1.1.2.6): they stay on the path by Record-Route. */
import type { IncomingRequest } from "../../../endpoint/incoming.ts";
import { prependHeader, withHeader, withRequestUri } from "../../../wire/sip/edit.ts";
import type { SipRequest, SipResponse } from "../../../wire/sip/message.ts";
import type { Step } from "../../im/behaviour.ts";
import { SERVER_RELEASE } from "../../im/identifiers.ts";
import { nextHop, passOn, withoutFirstRoute } from "../forwarding.ts";
import type { ServerParts, Turn } from "../turn.ts";
import { pathOf, pathValue, type ParticipatingFunction } from "./addresses.ts";
import { decisionsFor } from "./admission.ts";
import { withMappedReplaces } from "./replaced-dialogs.ts";
import type { ParticipatingState } from "./sessions.ts";

/** A request outside dialogs, or one that makes a dialog with somebody behind this server. */
export function passOnPath(turn: Turn, at: ParticipatingFunction, request: SipRequest = turn.request): Step {
  const decisions = decisionsFor(turn);
  const path = decisions.recordRoute(turn, pathValue(turn.server.config, at));
  const recorded = path === undefined ? request : prependHeader(request, "Record-Route", path);
  return passOn(turn, decisions.forwarded(turn, recorded));
}

/** 6.1.1.2.5, 6.1.1.2.6: for a session whose Contact was given by the B2BUA the controlling function's is put back. */
export function passToSession(state: ParticipatingState, turn: Turn): Step {
  const resolved = state.contacts.resolve(turn.request.uri);
  const decisions = decisionsFor(turn);
  const addressed =
    resolved === undefined
      ? turn.request
      : withRequestUri(turn.request, decisions.resolvedUri(turn, resolved));
  return passOnPath(turn, "originating", withMappedReplaces(state, addressed));
}

/** A request whose topmost Route is this server's own Record-Route; false: it is not. */
export function passAlong(server: ServerParts, incoming: IncomingRequest): boolean {
  const { message } = incoming;
  const at = pathOf(server.config, message);
  if (at === undefined) return false;
  const passed = withoutFirstRoute(message);
  // RFC 6665 4.3: a NOTIFY makes the route set where it comes before the answer to the SUBSCRIBE.
  const request =
    message.method === "NOTIFY"
      ? prependHeader(passed, "Record-Route", pathValue(server.config, at))
      : passed;
  const options = {
    to: nextHop(server, request),
    annotation: { serverFunction: at },
    onFinal: ownWithServer,
  };
  // An ACK to a 2xx has no transaction, and no answer to relay (RFC 3261 17.1).
  if (message.method === "ACK") server.endpoint.send(request, { ...options, cause: message });
  else server.endpoint.forward(incoming, request, options);
  return true;
}

/** 6.1.1.1: what the proxy answers by itself when nobody else does tells the release; what came passes as it is. */
function ownWithServer(response: SipResponse): SipResponse {
  const isOwn = response.received === undefined && response.origin === undefined;
  return isOwn ? withHeader(response, "Server", SERVER_RELEASE) : response;
}
