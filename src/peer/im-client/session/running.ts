/** What all sessions have in common once they are there: what is learnt of the other end, the timer, the end (clauses 7.1.1.1, 7.1.1.8, 7.1.2.3). */
import type { InviteSession, SessionEvent } from "../../../endpoint/user-agent/session-events.ts";
import { contactsOf, headerValues, tokensOf } from "../../../wire/sip/headers.ts";
import type { SipMessage } from "../../../wire/sip/message.ts";
import type { ClientParts } from "../parts.ts";
import { given } from "./fields.ts";
import { takeAnswerTo } from "./media.ts";
import type { ClientSession } from "./session.ts";

export function addSession(
  { sessions }: ClientParts,
  beginning: Pick<ClientSession, "kind" | "invitation" | "anonymous"> & { readonly name: string | undefined },
): ClientSession {
  const session: ClientSession = {
    ...beginning,
    name: beginning.name ?? `session ${sessions.list.length + 1}`,
    state: "inviting",
    peer: { allow: [], identity: undefined, isFocus: false, products: [] },
    call: undefined,
    incoming: undefined,
    dialog: undefined,
    media: undefined,
    watching: [],
    participants: new Map(),
    ownEntity: undefined,
    composing: new Set(),
    leaving: false,
    disarm: () => undefined,
  };
  sessions.list.push(session);
  return session;
}

/** 7.1.1.1: what a response or an INVITE says of the other end is stored. */
export function learn({ peer }: ClientSession, message: SipMessage): void {
  const allow = tokensOf(message, "Allow");
  if (allow.length > 0) peer.allow = allow;
  const [contact] = contactsOf(message);
  if (contact !== undefined && !isRefusal(message)) {
    peer.identity = contact.uri;
    peer.isFocus = contact.params.has("isfocus");
  }
  const products = [...headerValues(message, "User-Agent"), ...headerValues(message, "Server")];
  if (products.length > 0) peer.products = products;
}

/** Contact in a refusal or a redirection is of somebody else (RFC 3261 20.10). */
function isRefusal(message: SipMessage): boolean {
  return message.kind === "response" && message.status >= 300;
}

export function watch(client: ClientParts, session: ClientSession, dialog: InviteSession): void {
  session.dialog ??= dialog;
  dialog.on((event) => take(client, session, dialog, event));
}

function take(client: ClientParts, session: ClientSession, dialog: InviteSession, event: SessionEvent): void {
  if (session.dialog !== dialog && session.state === "open") return;
  if (event.type === "agreed" && event.offerer === "local" && session.media !== undefined)
    takeAnswerTo(session.media, event.remote);
  if (event.type === "accepted") session.state = "open";
  if (event.type === "modified" && event.by === "local") learn(session, event.response);
  if (event.type === "accepted" || event.type === "modified") arm(client, session);
  if (event.type === "ended") end(client, session);
}

/** 7.1.1.8: before the time of the session is over. */
function arm(client: ClientParts, session: ClientSession): void {
  session.disarm();
  session.disarm = () => undefined;
  // The timer of the session is set when its events have been told.
  session.disarm = client.clock.callAt(client.clock.now(), () => {
    const timer = session.dialog?.timer;
    if (timer?.refresher !== "local") return;
    const ms = client.decisions.modifying.refreshAfterMs(client, timer.interval);
    if (ms === undefined) return;
    session.disarm = client.clock.callAt(client.clock.now() + ms, () => refresh(client, session));
  });
}

/** A re-INVITE with the description as it is. */
export function refresh(
  client: ClientParts,
  session: ClientSession,
  options: Parameters<InviteSession["refresh"]>[0] = {},
): void {
  const { modifying } = client.decisions;
  session.dialog?.refresh({
    ...options,
    method: "INVITE",
    headers: given([
      ["Accept-Contact", modifying.acceptContact(client)],
      ["Privacy", modifying.privacy(client, session)],
    ]),
  });
}

function end(client: ClientParts, session: ClientSession): void {
  session.state = "ended";
  session.disarm();
  // With a BYE of the client's own its answer is waited for (7.1.1.12).
  if (!session.leaving && client.decisions.modifying.releasesMedia(client)) endMedia(session);
}

/** The user plane is released. */
export function endMedia({ media }: ClientSession): void {
  media?.msrp.close();
}
