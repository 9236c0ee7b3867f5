/** From a request to the list of behaviours that serves it. */
import type { IncomingRequest } from "../../endpoint/incoming.ts";
import { claimsDialog } from "../../machine/dialog/in-dialog.ts";
import type { ServerFunction } from "../../spec/types.ts";
import { routesOf } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { sipUriOf } from "../../wire/sip/uri.ts";
import { runBehaviours } from "../im/behaviour.ts";
import type { Behaviour } from "../im/behaviour.ts";
import { addressKey, sameAddress } from "../im/address.ts";
import type { ImServerConfig } from "./config.ts";
import { controllingMessage } from "./controlling.ts";
import type { FocusAtServer } from "./focus/focus.ts";
import { withoutFirstRoute } from "./forwarding.ts";
import { answer, refuse } from "./outgoing.ts";
import {
  ALLOWED,
  answerOptions,
  originatingMessage,
  originatingOther,
  terminatingMessage,
  terminatingOther,
} from "./participating.ts";
import type { ParticipatingSessions } from "./participating-session/participating-sessions.ts";
import { publishSettings } from "./publishing.ts";
import { thirdPartyRegister } from "./registering.ts";
import type { GroupTurn, ServerParts } from "./turn.ts";
import { XdmUnavailableError } from "./xdm-access.ts";

/** Requests of other methods are refused by this (RFC 3261 8.2.1). */
const refuseMethod: Behaviour<GroupTurn> = {
  name: "refuse-method",
  clause: "RFC 3261 8.2.1",
  run: (turn) => answer(turn, 405, [["Allow", ALLOWED]]),
};

/** For the controlling function a request in a dialog that is not there is lost (RFC 3261 12.2.2). */
function refuseLostDialog(focus: FocusAtServer): Behaviour<GroupTurn> {
  return {
    name: "refuse-lost-dialog",
    clause: "RFC 3261 12.2.2",
    run: ({ function: serverFunction, incoming }) => {
      if (serverFunction !== "controlling" || !claimsDialog(incoming.message)) return "next";
      focus.refuse(incoming);
      return "done";
    },
  };
}

/** What to do with an error of the server's own: its request was answered with 500. */
export type OnServerError = (error: unknown) => void;

export function createDispatch(
  server: ServerParts,
  skipped: ReadonlySet<string>,
  onError: OnServerError,
  focus: FocusAtServer,
  participating: ParticipatingSessions,
): (incoming: IncomingRequest) => void {
  return (incoming) => {
    if (participating.within(incoming) || focus.receive(incoming) || incoming.message.method === "ACK")
      return;
    const turn = turnFor(server, incoming, focus);
    // RFC 3261 9.2, in the words of the server, until a session or a proxy takes the INVITE.
    if (incoming.message.method === "INVITE") incoming.onCancel(() => void answer(turn, 487));
    const own = participating.handles(turn) ? participating.behavioursFor(turn) : behavioursFor(turn, focus);
    const behaviours = [...own, refuseLostDialog(focus), refuseMethod];
    void serve(behaviours, turn, skipped).catch((error: unknown) => {
      if (!incoming.answered)
        refuse(turn, error instanceof XdmUnavailableError ? "documentsUnavailable" : "broken");
      onError(error);
    });
  };
}

/** A rejected promise, whether a behaviour throws at once or later. */
async function serve(
  behaviours: readonly Behaviour<GroupTurn>[],
  turn: GroupTurn,
  skipped: ReadonlySet<string>,
): Promise<void> {
  await runBehaviours(behaviours, turn, skipped);
}

function turnFor(server: ServerParts, incoming: IncomingRequest, focus: FocusAtServer): GroupTurn {
  const routed = functionOfRoute(server.config, incoming.message);
  const request = routed === undefined ? incoming.message : withoutFirstRoute(incoming.message);
  return {
    server,
    function:
      incoming.message.method === "REGISTER"
        ? "registration"
        : focus.owns(incoming.message)
          ? "controlling"
          : (routed ?? functionOfAddress(server.config, incoming)),
    incoming,
    request,
    originator: server.decisions.admission.originator(request) ?? "",
    destination: { kind: "unknown", uri: request.uri },
    recipients: [],
    delivery: undefined,
  };
}

/** `undefined`: the topmost Route is not this server's. */
function functionOfRoute(config: ImServerConfig, request: SipRequest): ServerFunction | undefined {
  const top = routesOf(request)[0]?.uri;
  if (top === undefined) return undefined;
  const { originating, terminating, psi } = config.functions;
  if (sameAddress(top, originating)) return "originating";
  if (sameAddress(top, terminating)) return "terminating";
  return sameAddress(top, psi) ? "controlling" : undefined;
}

/** Without a Route: whom the request is for tells, else the port that it came to. */
function functionOfAddress(config: ImServerConfig, { message, local }: IncomingRequest): ServerFunction {
  if (message.method === "PUBLISH") return "originating";
  const { originating, terminating } = config.functions;
  const isHere = (uri: string): boolean => sipUriOf(uri)?.port === local.port;
  if (config.users.some((user) => addressKey(user.uri) === addressKey(message.uri))) return "terminating";
  const shared = isHere(originating) && isHere(terminating);
  if (!shared && isHere(originating)) return "originating";
  if (!shared && isHere(terminating)) return "terminating";
  return "controlling";
}

function behavioursFor(turn: GroupTurn, focus: FocusAtServer): readonly Behaviour<GroupTurn>[] {
  const { method } = turn.request;
  if (method === "REGISTER") return thirdPartyRegister;
  if (method === "OPTIONS") return [answerOptions];
  if (turn.function === "originating" && method === "PUBLISH") return publishSettings;
  if (turn.function === "originating") return method === "MESSAGE" ? originatingMessage : originatingOther;
  if (turn.function === "terminating") return method === "MESSAGE" ? terminatingMessage : terminatingOther;
  return method === "MESSAGE" ? controllingMessage : (focus.behavioursFor(method) ?? []);
}
