/** The conference focus of the server (RFC 4353, RFC 4579; clauses 7.2.1, 7.2.2): its user agent, its events, its conferences. */
import type { IncomingRequest } from "../../../endpoint/incoming.ts";
import { createEventAgent } from "../../../endpoint/events/event-agent.ts";
import type { ReceivedRefer } from "../../../endpoint/events/refer-receiver.ts";
import type { MsrpEndpoint } from "../../../endpoint/msrp/msrp-endpoint.ts";
import type { IncomingInvite } from "../../../endpoint/user-agent/session-events.ts";
import { createUserAgent } from "../../../endpoint/user-agent/user-agent.ts";
import type { SessionTimerPolicy } from "../../../machine/invite-session/session-timer.ts";
import { claimsDialog } from "../../../machine/dialog/in-dialog.ts";
import { withHeader } from "../../../wire/sip/edit.ts";
import type { SipMessage, SipRequest } from "../../../wire/sip/message.ts";
import type { Behaviour } from "../../im/behaviour.ts";
import { withoutParameters } from "../../im/address.ts";
import type { GroupTurn, ServerParts } from "../turn.ts";
import { createConferences } from "./conferences.ts";
import { sessionInvite } from "./initiation.ts";
import { release } from "./membership.ts";
import { sessionRefer } from "./referring.ts";
import { createSubscribers } from "./subscribers.ts";
import type { CreateSwitch } from "./switch-seam.ts";
import { type Focus, focusTurn } from "./turn.ts";
import { sessionSubscribe } from "./watching.ts";

export interface FocusOptions {
  readonly server: ServerParts;
  readonly msrp: MsrpEndpoint;
  readonly createSwitch: CreateSwitch;
  readonly skipped: ReadonlySet<string>;
  /** Told of errors in what a timer or an answer set off. */
  readonly onError: (error: unknown) => void;
}

/** Options that may stand in Require of an INVITE. */
const SUPPORTED = ["timer", "100rel", "replaces", "recipient-list-invite"];
const ALLOW = [
  "INVITE",
  "ACK",
  "CANCEL",
  "BYE",
  "PRACK",
  "UPDATE",
  "REFER",
  "SUBSCRIBE",
  "NOTIFY",
  "MESSAGE",
  "OPTIONS",
];

export interface FocusAtServer extends Focus {
  /** Takes what belongs to a session or a subscription of the focus. */
  receive(incoming: IncomingRequest): boolean;
  /** Whether the request is in a dialog of the focus. */
  owns(request: SipRequest): boolean;
  /** Answers a request that claims a dialog nobody has. */
  refuse(incoming: IncomingRequest): void;
  behavioursFor(method: string): readonly Behaviour<GroupTurn>[] | undefined;
  /** All conferences are released. */
  reset(): void;
  close(): void;
}

export function createFocus(options: FocusOptions): FocusAtServer {
  const { server, onError } = options;
  const { endpoint, clock, ids } = server;
  const contact = `<${withoutParameters(server.config.functions.psi)}>`;
  const common = { endpoint, clock, ids, contact, onHandlerError: onError, edit: editFor(server) };
  const agent = createUserAgent({
    ...common,
    supported: SUPPORTED,
    allow: ALLOW,
    sessionTimer: timerFor(server),
  });
  const events = createEventAgent({ ...common, dialogs: agent.dialogs });
  const taken: { invite?: IncomingInvite | undefined; refer?: ReceivedRefer | undefined } = {};
  agent.onInvite((invite) => void (taken.invite = invite));
  events.onRefer((refer) => void (taken.refer = refer));
  const { msrp, createSwitch, skipped } = options;
  const conferences = createConferences();
  const focus: FocusAtServer = {
    server,
    agent,
    events,
    msrp,
    createSwitch,
    skipped,
    conferences,
    subscribers: createSubscribers(server, events),
    open: (incoming) => {
      taken.invite = undefined;
      agent.receive(incoming);
      return taken.invite;
    },
    openRefer: (incoming) => {
      taken.refer = undefined;
      events.receiveOutside(incoming);
      return taken.refer;
    },
    receive: (incoming) => claimsDialog(incoming.message) && agent.receive(incoming),
    owns: (request) => agent.dialogs.of(request) !== undefined,
    refuse: (incoming) => agent.refuse(incoming),
    behavioursFor: (method) => behavioursFor(focus, method),
    reset: () => {
      for (const conference of conferences.list()) release(focus, conference);
    },
    close: () => {
      for (const { stopClock, mediaSwitch } of conferences.list()) {
        stopClock();
        mediaSwitch.close();
      }
      agent.close();
      events.close();
    },
  };
  return focus;
}

/** 7.2.1.1-3, as the policy that is in force wants it. */
function timerFor(server: ServerParts): SessionTimerPolicy {
  return {
    refresher: "uac",
    get interval() {
      return server.policy().sessionIntervalS;
    },
    get minSe() {
      return server.policy().minimumIntervalS;
    },
  };
}

function behavioursFor(focus: Focus, method: string): readonly Behaviour<GroupTurn>[] | undefined {
  if (method === "INVITE") return within(focus, sessionInvite);
  if (method === "SUBSCRIBE") return within(focus, sessionSubscribe);
  return method === "REFER" ? within(focus, sessionRefer) : undefined;
}

/** The behaviours of one request share what the first of them found out. */
function within(
  focus: Focus,
  behaviours: readonly Behaviour<ReturnType<typeof focusTurn>>[],
): readonly Behaviour<GroupTurn>[] {
  let shared: ReturnType<typeof focusTurn> | undefined;
  return behaviours.map((behaviour) => ({
    name: behaviour.name,
    clause: behaviour.clause,
    run: (turn) => behaviour.run((shared ??= focusTurn(turn, focus))),
  }));
}

/** F.1: the release in whatever the focus sends; 7.2.1.1-6, 7.2.2.1-3. */
function editFor(server: ServerParts): <Message extends SipMessage>(message: Message) => Message {
  const { focusRelease } = server.decisions;
  return (message) => {
    if (message.kind === "request") {
      const userAgent = focusRelease.userAgent(message);
      return userAgent === undefined ? message : withHeader(message, "User-Agent", userAgent);
    }
    const release = focusRelease.server(message);
    return release === undefined ? message : withHeader(message, "Server", release);
  };
}
