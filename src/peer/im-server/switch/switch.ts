/**
 * The MSRP switch of a conference (clause 7.2.3): what one participant sends, the others get, octet by octet as it comes, each at its own
 * pace. Who takes part is for the focus to say.
 */
import type { IncomingStream } from "../../../endpoint/msrp/incoming.ts";
import type { MsrpSession, MsrpSessionOptions } from "../../../endpoint/msrp/msrp-session.ts";
import { sourceOf } from "../../../endpoint/msrp/source.ts";
import type { Clock } from "../../../net/clock.ts";
import { mediaTypes } from "../../im/identifiers.ts";
import { ownMessage, wrapAnnouncement } from "./announcing.ts";
import { referenceSwitchDecisions } from "./decisions.ts";
import type { SwitchDecisions } from "./decisions.ts";
import { Distribution } from "./distribution.ts";
import { Outlet } from "./outlet.ts";
import type { Loss, ParticipantChange, SwitchConference, SwitchParticipant } from "./participant.ts";
import { relayMessage } from "./relayed-message.ts";
import type { Announcement, MessageTurn } from "./turn.ts";

/** For the session of each participant: the switch reports on messages itself. */
export const SWITCH_SESSION: MsrpSessionOptions = { reports: "none" };

export interface SwitchOptions {
  readonly conference: SwitchConference;
  readonly clock: Clock;
  readonly decisions?: SwitchDecisions;
  /** Somebody takes part no more, and the focus has not said so. */
  readonly onLost?: (participant: SwitchParticipant, loss: Loss) => void;
  /** A participant's message was let through: the conference is not idle. */
  readonly onMessage?: (turn: MessageTurn) => void;
}

export interface ConferenceSwitch {
  readonly participants: readonly SwitchParticipant[];
  /** Gets every message that begins from now on. Takes the place of one with the same id, who may have the same session. */
  join(participant: SwitchParticipant): void;
  /** New attributes: max-size of a new offer, a right that was given or taken. For messages that begin from now on. */
  change(id: string, change: ParticipantChange): void;
  /** What is on its way to or from it goes on until its session ends, which whoever made that does. */
  leave(id: string): void;
  /** A message of the server to everybody, or to some (7.2.3.5). Settles when all have answered; never fails. */
  announce(announcement: Announcement | string, to?: readonly string[]): Promise<readonly AnnouncedTo[]>;
  /** Everybody leaves, and what is on its way is given up. */
  close(): void;
}

export interface AnnouncedTo {
  readonly id: string;
  readonly status: number;
}

export function createSwitch(options: SwitchOptions): ConferenceSwitch {
  return new Switch(options);
}

class Switch implements ConferenceSwitch {
  readonly #options: SwitchOptions;
  readonly #decisions: SwitchDecisions;
  readonly #seats = new Map<string, SwitchParticipant>();
  /** By session, so that who comes back with the same one has its messages in order. */
  readonly #outlets = new WeakMap<MsrpSession, Outlet>();
  /** Messages whose end is not known, by Message-ID. */
  readonly #underway = new Map<string, Distribution>();
  /** Senders who have to wait until somebody has read. */
  readonly #held = new Map<MsrpSession, () => void>();
  #watching: (() => void) | undefined = undefined;

  constructor(options: SwitchOptions) {
    this.#options = options;
    this.#decisions = options.decisions ?? referenceSwitchDecisions;
  }

  get participants(): readonly SwitchParticipant[] {
    return [...this.#seats.values()];
  }

  join(participant: SwitchParticipant): void {
    const { id, session } = participant;
    this.#seats.set(id, participant);
    if (!this.#outlets.has(session)) this.#listenTo(session);
    if (session.state === "closed") this.#lose(session, { kind: "session", end: { kind: "connection" } });
  }

  #listenTo(session: MsrpSession): void {
    const events = { onWaiting: () => this.#watch(), onRoom: () => this.#release() };
    this.#outlets.set(session, new Outlet(session, this.#decisions.pace, events));
    session.onIncoming((incoming) => this.#incoming(session, incoming));
    session.onClosed((end) => this.#lose(session, { kind: "session", end }));
  }

  change(id: string, change: ParticipantChange): void {
    const participant = this.#seats.get(id);
    if (participant !== undefined) this.#seats.set(id, { ...participant, ...change });
  }

  leave(id: string): void {
    this.#seats.delete(id);
    this.#release();
  }

  close(): void {
    this.#seats.clear();
    for (const distribution of this.#underway.values()) distribution.close();
    this.#watching?.();
    this.#watching = undefined;
    this.#release();
  }

  /** Small messages are there before anybody has read them: when none of the recipients keeps up, the sender waits. */
  #holdBack({ session }: SwitchParticipant, recipients: readonly SwitchParticipant[]): void {
    if (recipients.length === 0 || this.#held.has(session)) return;
    if (recipients.every((recipient) => this.#outlets.get(recipient.session)?.crowded === true))
      this.#held.set(session, session.hold());
  }

  #release(): void {
    for (const release of this.#held.values()) release();
    this.#held.clear();
  }

  #holderOf(session: MsrpSession): SwitchParticipant | undefined {
    return this.participants.find((participant) => participant.session === session);
  }

  #lose(session: MsrpSession, loss: Loss): void {
    const participant = this.#holderOf(session);
    if (participant === undefined) return;
    this.leave(participant.id);
    this.#options.onLost?.(participant, loss);
  }

  #incoming(session: MsrpSession, incoming: IncomingStream): void {
    const { relay } = this.#decisions;
    const sender = this.#holderOf(session);
    if (!relay.typeSupported(incoming)) return incoming.refuse(relay.unsupportedTypeStatus());
    if (sender === undefined || !relay.maySend(sender)) return incoming.refuse(relay.refusalStatus());
    // Recipients know messages by their Message-ID, so that two senders cannot use one at the same time.
    if (this.#underway.has(incoming.messageId)) return incoming.refuse(400);
    const { conference } = this.#options;
    relayMessage({
      incoming,
      decisions: this.#decisions,
      turnOf: (wrapper) => ({ conference, participants: this.participants, sender, incoming, wrapper }),
      distribute: (turn, recipients) => this.#distribute(turn, recipients),
    });
  }

  #distribute(turn: MessageTurn, recipients: readonly SwitchParticipant[]): Distribution {
    const { clock, onMessage } = this.#options;
    const { messageId } = turn.incoming;
    const distribution = new Distribution({
      turn,
      recipients,
      decisions: this.#decisions,
      clock,
      outletOf: ({ session }) => this.#outlets.get(session),
      onWaiting: () => this.#watch(),
      onSettled: () => {
        if (this.#underway.get(messageId) === distribution) this.#underway.delete(messageId);
      },
    });
    this.#underway.set(messageId, distribution);
    onMessage?.(turn);
    this.#holdBack(turn.sender, recipients);
    return distribution;
  }

  /** While anything waits for somebody it is looked now and then who reads nothing. */
  #watch(): void {
    if (this.#watching !== undefined) return;
    const { clock } = this.#options;
    this.#watching = clock.callAt(clock.now() + this.#decisions.pace.patienceMs, () => {
      this.#watching = undefined;
      for (const { session } of this.participants) {
        const state = this.#outlets.get(session)?.look();
        if (state === "stuck") this.#drop(session);
        else if (state === "waits") this.#watch();
      }
    });
  }

  #drop(session: MsrpSession): void {
    this.#lose(session, { kind: "unread" });
    session.destroyConnection();
  }

  announce(given: Announcement | string, to?: readonly string[]): Promise<readonly AnnouncedTo[]> {
    const announcement: Announcement =
      typeof given === "string" ? { kind: "announcement", text: given } : given;
    const recipients = this.#decisions.announcement.recipients(this.participants, to);
    return Promise.all(recipients.map((recipient) => this.#announceTo(recipient, announcement)));
  }

  #announceTo(recipient: SwitchParticipant, announcement: Announcement): Promise<AnnouncedTo> {
    const { id, session } = recipient;
    const outlet = this.#outlets.get(session);
    if (outlet?.open !== true) return Promise.resolve({ id, status: this.#decisions.pace.tooSlowStatus });
    const body = wrapAnnouncement(announcement, recipient, this.#options.conference, this.#decisions);
    return new Promise((resolve) => {
      outlet.send({
        original: ownMessage(body.length),
        source: sourceOf(body),
        options: { contentType: mediaTypes.cpim },
        onEnd: (status) => resolve({ id, status }),
      });
    });
  }
}
