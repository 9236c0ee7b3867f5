/**
 * A SIP user agent on an endpoint: it makes and takes INVITE sessions (RFC 3261 12 to 15) with reliable provisional responses (RFC 3262),
 * UPDATE (RFC 3311), session timers (RFC 4028) and Replaces (RFC 3891). Other usages share its dialogs.
 */
import { claimsDialog } from "../../machine/dialog/in-dialog.ts";
import { callIdOf, fromOf, header } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import type { IncomingRequest } from "../incoming.ts";
import { type Agent, createAgent } from "./agent.ts";
import { capabilities, composeResponse } from "./composition.ts";
import type { Dialogs } from "./dialogs.ts";
import { openIncoming } from "./incoming-invite.ts";
import type { InviteOptions, UserAgentOptions } from "./options.ts";
import { sendInvite } from "./outgoing-invite.ts";
import type { IncomingInvite, InviteSession, OutgoingInvite } from "./session-events.ts";

export interface UserAgent {
  /** For other usages: subscriptions, REFER. */
  readonly dialogs: Dialogs;
  /** Those that have not ended. */
  readonly sessions: readonly InviteSession[];
  invite(options: InviteOptions): OutgoingInvite;
  /** In place of the handler before. Without one, INVITEs outside dialogs are not taken. */
  onInvite(handler: (incoming: IncomingInvite) => void): void;
  /**
   * Takes a request that came, if it is an INVITE or in a dialog where a usage wants it: true, and it will be answered. Whoever registers the
   * endpoint's handler asks this first, and then whoever else there is.
   */
  receive(incoming: IncomingRequest): boolean;
  /**
   * Answers what nobody took: 481 where there is no such dialog or session, 200 for OPTIONS, 480 for INVITE, 405 for the rest; nothing for
   * ACK.
   */
  refuse(incoming: IncomingRequest): void;
  /** Stops all timers. Nothing is sent any more by itself. */
  close(): void;
}

export function createUserAgent(options: UserAgentOptions): UserAgent {
  const agent = createAgent(options);
  const merging = createMerging(agent);
  let onInvite: ((incoming: IncomingInvite) => void) | undefined;

  const receiveInvite = (incoming: IncomingRequest): boolean => {
    if (onInvite === undefined) return false;
    if (merging.isMerged(incoming)) return true;
    const session = openIncoming(agent, incoming);
    if (session !== undefined) onInvite(session);
    return true;
  };

  return {
    dialogs: agent.dialogs,
    get sessions() {
      return [...agent.sessions.values()]
        .filter(({ phase }) => phase !== "ended")
        .map(({ session }) => session);
    },
    invite: (inviteOptions) => sendInvite(agent, inviteOptions),
    onInvite: (handler) => void (onInvite = handler),
    receive: (incoming) => {
      if (claimsDialog(incoming.message)) return agent.dialogs.receive(incoming) === "taken";
      return incoming.message.method === "INVITE" && receiveInvite(incoming);
    },
    refuse: (incoming) => refuse(agent, incoming),
    close: () => agent.alarms.close(),
  };
}

function refuse(agent: Agent, incoming: IncomingRequest): void {
  const { message, answered } = incoming;
  if (answered || message.method === "ACK") return;
  const status = statusFor(message, agent.dialogs.of(message) !== undefined);
  const about = status === 200 || status === 405 ? capabilities(agent) : [];
  const headers = status === 405 ? about.filter(([name]) => name === "Allow") : about;
  const making = { status, occasion: status === 200 ? "2xx" : "rejection", headers } as const;
  const response = composeResponse(agent, message, { ...making, toTag: agent.options.ids.token() });
  if (response !== undefined) incoming.respond(response);
}

/** What is for a session that is not there, whether or not the dialog is. */
const FOR_SESSIONS: ReadonlySet<string> = new Set(["BYE", "PRACK", "UPDATE", "NOTIFY"]);

function statusFor(request: SipRequest, known: boolean): number {
  const { method } = request;
  const inDialog = claimsDialog(request);
  if (FOR_SESSIONS.has(method) || (inDialog && (!known || method === "INVITE"))) return 481;
  if (method === "OPTIONS") return 200;
  return method === "INVITE" ? 480 : 405;
}

/** RFC 3261 8.2.2.2: the same INVITE by another way is refused while the first is not answered. */
function createMerging(agent: Agent): { readonly isMerged: (incoming: IncomingRequest) => boolean } {
  const pending = new Map<string, IncomingRequest>();
  let most = 64;
  const note = (key: string, incoming: IncomingRequest): void => {
    pending.set(key, incoming);
    if (pending.size < most) return;
    for (const [known, { answered }] of pending) if (answered) pending.delete(known);
    most = Math.max(64, 2 * pending.size);
  };
  return {
    isMerged: (incoming) => {
      const { message } = incoming;
      const key = `${callIdOf(message)} ${fromOf(message)?.tag} ${header(message, "CSeq")}`;
      const merged = pending.get(key)?.answered === false && agent.does("482");
      if (!merged) {
        note(key, incoming);
        return false;
      }
      const making = { status: 482, occasion: "rejection", toTag: agent.options.ids.token() } as const;
      const response = composeResponse(agent, message, making);
      if (response !== undefined) incoming.respond(response);
      return true;
    },
  };
}
