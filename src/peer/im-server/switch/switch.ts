/**
 * The MSRP switch of a conference (clause 7.2.3): what one participant sends, the others get, octet by octet as it comes, each at its own
 * pace. Who takes part is for the focus to say.
 */
import type { IncomingStream } from "../../../endpoint/msrp/incoming.ts";
import type { MsrpSessionOptions, SessionEnd } from "../../../endpoint/msrp/msrp-session.ts";
import { sourceOf } from "../../../endpoint/msrp/source.ts";
import type { Clock } from "../../../net/clock.ts";
import { buildCpim } from "../../../wire/cpim/build.ts";
import { formatCpimAddress } from "../../../wire/cpim/address.ts";
import { mediaTypes } from "../../im/identifiers.ts";
import { referenceSwitchDecisions } from "./decisions.ts";
import type { SwitchDecisions } from "./decisions.ts";
import { Distribution } from "./distribution.ts";
import { Outlet } from "./outlet.ts";
import type { Loss, ParticipantChange, SwitchConference, SwitchParticipant } from "./participant.ts";
import { relayMessage } from "./relayed-message.ts";
import type { Announcement, MessageTurn } from "./turn.ts";

/** For the session of each participant: what it accepts, and that the switch reports on messages itself. */
export const SWITCH_SESSION: MsrpSessionOptions = { acceptTypes: [mediaTypes.cpim], reports: "none" };

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
  /** Gets every message that begins from now on. Who has the same id leaves. */
  join(participant: SwitchParticipant): void;
  /** New attributes: max-size of a new offer, a right that was given or taken. For messages that begin from now on. */
  change(id: string, change: ParticipantChange): void;
  /** Ends the session; what is on its way to or from the participant is given up. */
  leave(id: string): void;
  /** A message of the server to everybody, or to some (7.2.3.5). Settles when all have answered; never fails. */
  announce(announcement: Announcement, to?: readonly string[]): Promise<readonly AnnouncedTo[]>;
  /** Everybody leaves. */
  close(): void;
}

export interface AnnouncedTo {
  readonly id: string;
  readonly status: number;
}

interface Seat {
  participant: SwitchParticipant;
  readonly outlet: Outlet;
}

export function createSwitch(options: SwitchOptions): ConferenceSwitch {
  return new Switch(options);
}

class Switch implements ConferenceSwitch {
  readonly #options: SwitchOptions;
  readonly #decisions: SwitchDecisions;
  readonly #seats = new Map<string, Seat>();
  /** Messages whose end is not known, by Message-ID. */
  readonly #underway = new Map<string, Distribution>();
  #watching: (() => void) | undefined = undefined;

  constructor(options: SwitchOptions) {
    this.#options = options;
    this.#decisions = options.decisions ?? referenceSwitchDecisions;
  }

  get participants(): readonly SwitchParticipant[] {
    return [...this.#seats.values()].map(({ participant }) => participant);
  }

  join(participant: SwitchParticipant): void {
    this.leave(participant.id);
    const seat: Seat = {
      participant,
      outlet: this.#newOutlet(() => seat.participant),
    };
    this.#seats.set(participant.id, seat);
    participant.session.onIncoming((incoming) => this.#incoming(seat, incoming));
    participant.session.onClosed((end) => this.#closed(seat, end));
    if (participant.session.state === "closed") this.#closed(seat, { kind: "connection" });
  }

  change(id: string, change: ParticipantChange): void {
    const seat = this.#seats.get(id);
    if (seat !== undefined) seat.participant = { ...seat.participant, ...change };
  }

  leave(id: string): void {
    const seat = this.#seats.get(id);
    this.#seats.delete(id);
    seat?.participant.session.close();
  }

  close(): void {
    for (const id of this.#seats.keys()) this.leave(id);
    for (const distribution of this.#underway.values()) distribution.close();
    this.#watching?.();
    this.#watching = undefined;
  }

  #closed(seat: Seat, end: SessionEnd): void {
    this.#lose(seat, { kind: "session", end });
  }

  #lose(seat: Seat, loss: Loss): void {
    const { participant } = seat;
    if (this.#seats.get(participant.id) !== seat) return;
    this.#seats.delete(participant.id);
    this.#options.onLost?.(participant, loss);
  }

  #incoming(seat: Seat, incoming: IncomingStream): void {
    const { relay } = this.#decisions;
    if (!relay.typeSupported(incoming)) return incoming.refuse(relay.unsupportedTypeStatus());
    if (!relay.maySend(seat.participant)) return incoming.refuse(relay.refusalStatus());
    // Recipients know messages by their Message-ID, so that two senders cannot use one at the same time.
    if (this.#underway.has(incoming.messageId)) return incoming.refuse(400);
    const { conference } = this.#options;
    relayMessage({
      incoming,
      decisions: this.#decisions,
      turnOf: (wrapper) => ({
        conference,
        participants: this.participants,
        sender: seat.participant,
        incoming,
        wrapper,
      }),
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
      outletOf: (recipient) => this.#outletOf(recipient),
      onWaiting: () => this.#watch(),
      onSettled: () => {
        if (this.#underway.get(messageId) === distribution) this.#underway.delete(messageId);
      },
    });
    this.#underway.set(messageId, distribution);
    onMessage?.(turn);
    return distribution;
  }

  #outletOf(recipient: SwitchParticipant): Outlet {
    const seat = this.#seats.get(recipient.id);
    return seat?.outlet ?? this.#newOutlet(() => recipient);
  }

  #newOutlet(participant: () => SwitchParticipant): Outlet {
    return new Outlet(participant, this.#decisions.pace, () => this.#watch());
  }

  /** While anything waits for somebody it is looked now and then who reads nothing. */
  #watch(): void {
    if (this.#watching !== undefined) return;
    const { clock } = this.#options;
    this.#watching = clock.callAt(clock.now() + this.#decisions.pace.patienceMs, () => {
      this.#watching = undefined;
      for (const seat of this.#seats.values()) {
        const state = seat.outlet.look();
        if (state === "stuck") this.#drop(seat);
        else if (state === "waits") this.#watch();
      }
    });
  }

  #drop(seat: Seat): void {
    this.#lose(seat, { kind: "unread" });
    seat.participant.session.destroyConnection();
  }

  announce(announcement: Announcement, to?: readonly string[]): Promise<readonly AnnouncedTo[]> {
    const recipients = this.#decisions.announcement.recipients(this.participants, to);
    return Promise.all(recipients.map((recipient) => this.#announceTo(recipient, announcement)));
  }

  #announceTo(recipient: SwitchParticipant, announcement: Announcement): Promise<AnnouncedTo> {
    const body = this.#wrapped(recipient, announcement);
    const outlet = this.#outletOf(recipient);
    const { id } = recipient;
    if (!outlet.open) return Promise.resolve({ id, status: this.#decisions.pace.tooSlowStatus });
    const nothing = (): void => undefined;
    const original = {
      senderId: "",
      pushed: body.length,
      complete: true,
      advanced: nothing,
      copyWritten: nothing,
    };
    return new Promise((resolve) => {
      outlet.send({
        original,
        source: sourceOf(body),
        options: { contentType: mediaTypes.cpim },
        onEnd: (status) => resolve({ id, status }),
      });
    });
  }

  #wrapped(recipient: SwitchParticipant, announcement: Announcement): Uint8Array {
    const { announcement: decisions } = this.#decisions;
    const from = {
      uri: decisions.from(this.#options.conference),
      displayName: decisions.displayName(announcement),
    };
    return buildCpim({
      headers: [
        ["From", formatCpimAddress(from)],
        ["To", formatCpimAddress({ uri: decisions.to(recipient) })],
      ],
      ...decisions.content(announcement),
    });
  }
}
