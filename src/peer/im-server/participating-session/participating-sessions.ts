/**
 * Session mode at the participating functions, originating and terminating, as B2BUA or as proxy (clauses 6.1.1.2, 6.1.2.2, 6.1.2.5, 6.1.3, 6.1.4).
 * The dispatch asks `within` first of every request, and takes the behaviours from `behavioursFor`.
 */
import type { MsrpEndpoint } from "../../../endpoint/msrp/msrp-endpoint.ts";
import type { IncomingRequest } from "../../../endpoint/incoming.ts";
import type { IncomingInvite } from "../../../endpoint/user-agent/session-events.ts";
import { createUserAgent } from "../../../endpoint/user-agent/user-agent.ts";
import { LEAST_MIN_SE, type SessionTimerPolicy } from "../../../machine/invite-session/session-timer.ts";
import { claimsDialog } from "../../../machine/dialog/in-dialog.ts";
import { withoutHeader } from "../../../wire/sip/edit.ts";
import { toOf } from "../../../wire/sip/headers.ts";
import { replacesOf } from "../../../wire/sip/session-fields.ts";
import type { Behaviour } from "../../im/behaviour.ts";
import {
  authoriseOriginator,
  demandSystemAnswer,
  requireOriginator,
  requireRelease,
} from "../participating.ts";
import type { ServerParts, Turn } from "../turn.ts";
import { ownUri, type ParticipatingFunction } from "./addresses.ts";
import { checkOffer, checkSessionAccess, checkSessionBarring, decisionsFor } from "./admission.ts";
import { annotated } from "./annotated.ts";
import { startCall } from "./b2bua.ts";
import { createContactMap } from "./contact-map.ts";
import { endCall } from "./ending.ts";
import { editFor } from "./last-word.ts";
import { passAlong, passOnPath, passToSession } from "./proxy.ts";
import { callOf, placeNamed, type ParticipatingState } from "./sessions.ts";

export interface ParticipatingSessions {
  /** Calls through the B2BUA that have not ended. */
  readonly calls: number;
  /** Takes a request in a dialog of the B2BUA, or on a path of the proxy, ACK included: true, and it is taken care of. */
  within(incoming: IncomingRequest): boolean;
  /** Whether a request from or to the served user is for session mode. */
  handles(turn: Turn): boolean;
  /** What stands behind a Contact that the B2BUA gave; undefined: it is none of its own. */
  readonly resolve: (uri: string) => string | undefined;
  behavioursFor(turn: Turn): readonly Behaviour<Turn>[];
  /** The server ends all sessions through it. */
  end(): void;
  close(): void;
}

export interface ParticipatingSessionsOptions {
  /** The server, which may be put together after this. */
  readonly server: () => ServerParts;
  /** Without it MSRP goes past the server. */
  readonly msrp?: () => MsrpEndpoint | undefined;
  readonly onError?: (error: unknown) => void;
}

/** Methods that sessions through the B2BUA take. */
const ALLOW = [
  "INVITE",
  "ACK",
  "CANCEL",
  "BYE",
  "PRACK",
  "UPDATE",
  "SUBSCRIBE",
  "NOTIFY",
  "REFER",
  "MESSAGE",
  "OPTIONS",
];

export function createParticipatingSessions(options: ParticipatingSessionsOptions): ParticipatingSessions {
  const state = createState(options);
  const startSession: Behaviour<Turn> = {
    name: "start-session",
    clause: "6.1.1.2.2",
    run: (turn) => {
      const at = turn.function === "terminating" ? "terminating" : "originating";
      if (decisionsFor(turn).mode(turn) === "proxy") return passOnPath(turn, at);
      startCall(state(), turn, at);
      return "done";
    },
  };
  const passWithSession: Behaviour<Turn> = {
    name: "pass-to-session",
    clause: "6.1.1.2.5",
    run: (turn) => passToSession(state(), turn),
  };
  const general = [requireOriginator, authoriseOriginator, demandSystemAnswer, requireRelease];
  const originating = [...general, checkOffer, startSession];
  const originatingOther = [...general, passWithSession];
  const terminating = [requireOriginator, checkSessionBarring, checkSessionAccess, checkOffer, startSession];
  return {
    get calls() {
      return new Set(state().calls.values()).size;
    },
    within: (incoming) => {
      const { agent, server, contacts } = state();
      const { message } = incoming;
      if (passAlong(server, incoming)) return true;
      const call = callOf(state(), message);
      const leg = call && Object.values(call.legs).find(({ tag }) => tag === toOf(message)?.tag);
      const wrapped =
        call === undefined
          ? incoming
          : annotated(incoming, { serverFunction: call.at }, message, () => leg?.passed?.cancel());
      if (agent.dialogs.of(message) !== undefined && agent.receive(wrapped)) return true;
      // RFC 3261 12.2.2: the dialog is over.
      if (!claimsDialog(message) || contacts.resolve(message.uri) === undefined) return false;
      agent.refuse(wrapped);
      return true;
    },
    handles: ({ function: at, request }) => {
      const { method, uri } = request;
      if (toOf(request)?.tag !== undefined) return false;
      if (method === "INVITE") return at === "originating" || at === "terminating";
      if (method !== "SUBSCRIBE" && method !== "REFER") return false;
      // Two calls of one server may follow each other.
      return at === "originating" || state().contacts.resolve(uri) !== undefined;
    },
    resolve: (uri) => state().contacts.resolve(uri),
    behavioursFor: (turn) => {
      if (turn.request.method !== "INVITE") return originatingOther;
      return turn.function === "terminating" ? terminating : originating;
    },
    end: () => new Set(state().calls.values()).forEach(endCall),
    close: () => {
      state().agent.close();
      state().contacts.clear();
    },
  };
}

/** Made when it is first needed: by then the server is there. */
function createState({ server, msrp, onError }: ParticipatingSessionsOptions): () => ParticipatingState {
  let made: ParticipatingState | undefined;
  return () => (made ??= assemble(server(), msrp, onError));
}

function assemble(
  server: ServerParts,
  msrp: (() => MsrpEndpoint | undefined) | undefined,
  onError: ((error: unknown) => void) | undefined,
): ParticipatingState {
  const { endpoint, clock, ids, config } = server;
  const calls: ParticipatingState["calls"] = new Map();
  let opened: IncomingInvite | undefined;
  const agent = createUserAgent({
    endpoint,
    clock,
    ids,
    contact: `<${ownUri(config, "originating", "im")}>`,
    supported: ["100rel", "replaces", "timer"],
    allow: ALLOW,
    sessionTimer: timerFor(server),
    // What is required is required of the far end, which says so itself.
    without: ["420"],
    edit: editFor(calls),
    ...(onError === undefined ? {} : { onHandlerError: onError }),
  });
  agent.onInvite((incoming) => void (opened = incoming));
  const state: ParticipatingState = {
    server,
    agent,
    get msrp() {
      return msrp?.();
    },
    contacts: createContactMap(),
    calls,
    open: (incoming, at) => {
      opened = undefined;
      agent.receive(withOwnReplaces(state, incoming, at));
      return opened;
    },
  };
  return state;
}

/** As the policy that is in force wants it. */
function timerFor(server: ServerParts): SessionTimerPolicy {
  return {
    refresher: "uas",
    get interval() {
      return server.policy().sessionIntervalS;
    },
    get minSe() {
      const { minimumIntervalS } = server.policy();
      return minimumIntervalS > LEAST_MIN_SE ? minimumIntervalS : undefined;
    },
  };
}

/** RFC 3891: a dialog that is not this server's is for the far end to find. */
function withOwnReplaces(
  state: ParticipatingState,
  incoming: IncomingRequest,
  at: ParticipatingFunction,
): IncomingRequest {
  const { message } = incoming;
  const replaces = replacesOf(message);
  const own = typeof replaces === "object" && placeNamed(state, replaces) !== undefined;
  const taken = replaces === undefined || own ? message : withoutHeader(message, "Replaces");
  return annotated(incoming, { serverFunction: at }, taken);
}
