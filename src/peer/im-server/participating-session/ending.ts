/** How a session through the B2BUA ends (clauses 6.1.1.2.7 to 6.1.1.2.9, 6.1.2.2.4, 6.1.2.2.5): what one leg comes to, the other does. */
import type { InviteSession, SessionEvent } from "../../../endpoint/user-agent/session-events.ts";
import { header } from "../../../wire/sip/headers.ts";
import type { HeaderPair } from "../../../wire/sip/build.ts";
import { other, type Call, type Leg } from "./call.ts";
import type { ParticipatingState } from "./sessions.ts";

type Ended = Extract<SessionEvent, { readonly type: "ended" }>;

export function passEnd(state: ParticipatingState, call: Call, leg: Leg, session: InviteSession): void {
  session.on((event) => {
    if (event.type === "ended" && leg.session === session) ended(state, call, leg, event);
  });
}

function ended(state: ParticipatingState, call: Call, leg: Leg, event: Ended): void {
  release(call, leg);
  const across = other(call, leg);
  if (event.why === "forked" || event.why === "replaced") forget(state, call);
  else if (leg.name === "upstream" && call.outgoing?.pending === true) cancelDownstream(call, event);
  else if (across.session?.phase === "confirmed") goOn(state, call, across, event);
  forget(state, call);
}

function release({ media, decisions, turn }: Call, { name }: Leg): void {
  if (decisions.releasesMedia(turn, name)) media?.release(name);
}

/** 6.1.1.2.7, 2; 6.1.2.2.4, 2. */
function cancelDownstream(call: Call, event: Ended): void {
  if (event.why !== "rejected" && call.decisions.passesCancel(call.turn))
    call.outgoing?.cancel({ headers: reasonIn(event) });
}

/** 6.1.1.2.8, 3; 6.1.1.2.9; 6.1.2.2.5, 3: BYE on the other leg, whose media go with its 200. */
function goOn(state: ParticipatingState, call: Call, leg: Leg, event: Ended): void {
  const { decisions, turn } = call;
  const goes = event.why === "expired" ? decisions.endsOnExpiry(turn, leg.name) : decisions.passesBye(turn);
  if (!goes) return;
  leg.session?.bye({
    headers: reasonIn(event),
    onDone: () => {
      release(call, leg);
      forget(state, call);
    },
  });
}

/** RFC 3326: why the far end hung up. */
function reasonIn({ message }: Ended): readonly HeaderPair[] {
  const reason = message?.kind === "request" ? header(message, "Reason") : undefined;
  return reason === undefined ? [] : [["Reason", reason]];
}

/** Nothing more is expected of the call. */
export function forget({ calls }: ParticipatingState, call: Call): void {
  const { upstream, downstream } = call.legs;
  const open = [upstream, downstream].some(
    ({ session }) => session !== undefined && session.phase !== "ended",
  );
  if (open || call.outgoing?.pending === true) return;
  for (const leg of [upstream, downstream]) {
    release(call, leg);
    calls.delete(leg.tag);
  }
}

/** The server ends a session of its own accord. */
export function endCall({ legs, outgoing }: Call): void {
  outgoing?.cancel();
  legs.upstream.session?.bye();
  legs.downstream.session?.bye();
}
