/** An INVITE session from the inside: what the files of this folder share. Only they change it. */
import type { Initiator } from "../../machine/invite-session/glare.ts";
import type { Exchange } from "../../machine/invite-session/offer-answer.ts";
import type { ReliableReceipt } from "../../machine/invite-session/reliable-receipt.ts";
import type { SessionTimer, SessionTimerPolicy } from "../../machine/invite-session/session-timer.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { Body } from "../../wire/sip/session-description.ts";
import type { OutgoingRequest } from "../request-sender.ts";
import type { Agent, Alarm } from "./agent.ts";
import type { AnsweredInvite } from "./answered-invite.ts";
import type { DialogHandle } from "./dialogs.ts";
import type { WaitingModification } from "./modifying.ts";
import type { MessageOptions } from "./options.ts";
import type {
  InviteSession,
  SessionEvent,
  SessionHandler,
  SessionInterval,
  SessionPhase,
} from "./session-events.ts";

export interface Goodbye extends MessageOptions {
  readonly onDone?: (response?: SipResponse) => void;
}

export interface SessionState {
  readonly agent: Agent;
  readonly role: "uac" | "uas";
  readonly handle: DialogHandle;
  readonly invite: SipRequest;
  readonly session: InviteSession;
  readonly handlers: SessionHandler[];
  readonly policy: SessionTimerPolicy;
  phase: SessionPhase;
  exchange: Exchange<Body>;
  readonly inProgress: { invite: Initiator | undefined; update: Initiator | undefined };
  timer: SessionTimer | undefined;
  readonly timerAlarm: Alarm;
  /** The largest Min-SE that the peer or a proxy asked for in this dialog, in seconds. */
  learntMinSe: number | undefined;
  peerTakesUpdate: boolean;
  /** Of the INVITE of the own end that is in progress. */
  receipt: ReliableReceipt;
  /** ACKs that went, by CSeq. */
  readonly acks: Map<number, OutgoingRequest>;
  /** The 2xx that came last to an INVITE of the own end. */
  latest2xx: { readonly invite: SipRequest; readonly response: SipResponse } | undefined;
  /** The INVITE of the peer that was answered last, or is being answered. */
  answered: AnsweredInvite | undefined;
  /** Modifications of the own end that must wait, or have to be tried again. */
  readonly waiting: WaitingModification[];
  /** The user refused the offer of a 2xx: BYE is due. */
  offerRefused: boolean;
  /** A BYE that waits for the ACK. */
  goodbye: Goodbye | undefined;
  /** How an early session of a UAC is given up: by CANCEL of the INVITE. */
  cancel: ((options?: MessageOptions) => void) | undefined;
  /** Takes the session out of its dialog. */
  detach: () => void;
}

export function emit(state: SessionState, event: SessionEvent): void {
  for (const handler of state.handlers) state.agent.guard(() => handler(event, state.session));
}

export function intervalOf({ timer }: SessionState): SessionInterval | undefined {
  return timer === undefined
    ? undefined
    : { interval: timer.interval, refresher: timer.refreshes ? "local" : "remote" };
}
