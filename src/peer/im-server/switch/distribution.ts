/** One message on its way to those that it is for, and what the sender is told of it (clauses 7.2.3.3, 7.2.3.4, 5.7.3). */
import { createSharedSource } from "../../../endpoint/msrp/source.ts";
import type { SharedSource } from "../../../endpoint/msrp/source.ts";
import type { IncomingEnd } from "../../../endpoint/msrp/incoming.ts";
import type { SendOptions } from "../../../endpoint/msrp/sending.ts";
import type { Clock } from "../../../net/clock.ts";
import type { SwitchDecisions } from "./decisions.ts";
import type { Copy, Original, Outlet } from "./outlet.ts";
import type { SwitchParticipant } from "./participant.ts";
import type { Leg, MessageTurn } from "./turn.ts";

export interface DistributionParts {
  readonly turn: MessageTurn;
  readonly recipients: readonly SwitchParticipant[];
  readonly outletOf: (recipient: SwitchParticipant) => Outlet | undefined;
  readonly decisions: SwitchDecisions;
  readonly clock: Clock;
  /** Octets wait for recipients to read them. */
  readonly onWaiting: () => void;
  /** It is known what became of it at every recipient, and the sender was told; or it was never complete. */
  readonly onSettled: () => void;
}

export class Distribution implements Original {
  readonly senderId: string;
  pushed = 0;
  complete = false;
  readonly #parts: DistributionParts;
  readonly #source: SharedSource;
  readonly #copies: { readonly recipient: SwitchParticipant; readonly copy: Copy }[] = [];
  readonly #legs = new Map<string, Leg>();
  /** Octets from which on it has to be looked whether a recipient is behind, or takes no more. */
  readonly #careFrom: number;
  /** Octets that the fastest recipient has taken. */
  #fastest = 0;
  #unwritten = 0;
  #paused = false;
  #disarm: (() => void) | undefined = undefined;
  #settled = false;

  constructor(parts: DistributionParts) {
    this.#parts = parts;
    const { turn, decisions, recipients } = parts;
    this.senderId = turn.sender.id;
    const { total } = turn.incoming;
    this.#source = createSharedSource(total === "*" ? undefined : total);
    const sizes = total === "*" ? recipients.map(({ maxSize = Infinity }) => maxSize) : [];
    this.#careFrom = Math.min(decisions.pace.behindOctets, ...sizes);
  }

  /** `beginning`: the octets that are there. */
  start(beginning: readonly Uint8Array[]): void {
    for (const piece of beginning) this.#offer(piece);
    const options = this.#options();
    for (const recipient of this.#parts.recipients) this.#copyTo(recipient, options);
    this.#source.seal();
    this.#holdBack();
  }

  #options(): SendOptions {
    const { turn, decisions } = this.#parts;
    const { relayedCopy } = decisions;
    const failureReport = relayedCopy.failureReport(turn);
    return {
      messageId: relayedCopy.messageId(turn),
      contentType: relayedCopy.contentType(turn),
      headers: relayedCopy.headers(turn),
      successReport: relayedCopy.successReport(turn),
      ...(failureReport === undefined ? {} : { failureReport }),
    };
  }

  #copyTo(recipient: SwitchParticipant, options: SendOptions): void {
    const { turn, decisions, outletOf } = this.#parts;
    const { total } = turn.incoming;
    const outlet = outletOf(recipient);
    if (total !== "*" && decisions.relay.isTooLarge(recipient, total)) {
      this.#legs.set(recipient.id, { recipient, status: "too-large" });
    } else if (outlet?.open === true) {
      this.#unwritten += 1;
      const onEnd = (status: number): void => this.#ended({ recipient, status });
      const copy = outlet.send({ original: this, source: this.#source.reader(), options, onEnd });
      this.#copies.push({ recipient, copy });
    } else this.#legs.set(recipient.id, { recipient, status: decisions.pace.tooSlowStatus });
  }

  /** More octets of the message, which do not change any more. */
  push(piece: Uint8Array): void {
    this.#offer(piece);
    if (this.#unwritten > 0) this.#parts.onWaiting();
    if (this.pushed > this.#careFrom) this.#careForSlow();
    this.#holdBack();
  }

  #offer(piece: Uint8Array): void {
    const { turn, decisions } = this.#parts;
    const octets = decisions.relayedCopy.octets(turn, piece);
    this.pushed += octets.length;
    this.#source.push(octets);
  }

  #careForSlow(): void {
    const { relay, pace } = this.#parts.decisions;
    for (const { recipient, copy } of this.#copies) {
      if (copy.written) continue;
      if (relay.isTooLarge(recipient, this.pushed)) {
        this.#legs.set(recipient.id, { recipient, status: "too-large" });
        copy.giveUp(relay.tooLargeStatus());
      } else if (this.pushed - copy.taken > pace.behindOctets) copy.giveUp(pace.tooSlowStatus);
    }
  }

  /** The sender waits for the fastest recipient, and for no other. */
  #holdBack(): void {
    const { turn, decisions } = this.#parts;
    const { windowOctets } = decisions.pace;
    const ahead = this.#unwritten === 0 ? 0 : this.pushed - this.#fastest;
    if (!this.#paused && ahead > windowOctets) {
      this.#paused = true;
      turn.incoming.pause();
    } else if (this.#paused && ahead <= windowOctets / 2) {
      this.#paused = false;
      turn.incoming.resume();
    }
  }

  advanced(taken: number): void {
    this.#fastest = Math.max(this.#fastest, taken);
    if (this.#paused) this.#holdBack();
  }

  copyWritten(): void {
    this.#unwritten -= 1;
    if (this.#paused) this.#holdBack();
    this.#waitForReports();
  }

  end(how: IncomingEnd): void {
    if (how !== "complete") {
      this.#source.fail(new Error(`the message of the sender is ${how}`));
      return this.#settle();
    }
    this.complete = true;
    this.#source.end();
    if (!this.#parts.decisions.finalReport.isWanted(this.#parts.turn)) this.#reportReception();
    this.#waitForReports();
    this.#settleIfKnown();
  }

  /** Everything is written: a report that was asked for and does not come in time counts as a failure. */
  #waitForReports(): void {
    const { turn, decisions, clock } = this.#parts;
    const { finalReport, relayedCopy } = decisions;
    const waits = this.complete && this.#unwritten === 0 && !this.#settled && this.#disarm === undefined;
    if (!waits || this.#allKnown || !relayedCopy.successReport(turn)) return;
    this.#disarm = clock.callAt(clock.now() + finalReport.waitMs(), () => {
      for (const { copy } of this.#copies) copy.giveUp(finalReport.unreportedStatus());
    });
  }

  #ended(leg: Leg): void {
    if (!this.#legs.has(leg.recipient.id)) this.#legs.set(leg.recipient.id, leg);
    this.#settleIfKnown();
  }

  get #allKnown(): boolean {
    return this.#legs.size === this.#parts.recipients.length;
  }

  #settleIfKnown(): void {
    if (!this.complete || this.#settled || !this.#allKnown) return;
    const { turn, decisions } = this.#parts;
    if (decisions.finalReport.isWanted(turn)) this.#sendFinalReport();
    else this.#reportRecipient();
    this.#settle();
  }

  #settle(): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#disarm?.();
    this.#parts.onSettled();
  }

  /** No session has the participant any more: nothing is waited for. */
  close(): void {
    for (const { copy } of this.#copies) copy.giveUp(481);
    this.#settle();
  }

  get #tellsOfRecipient(): boolean {
    const { turn, decisions, recipients } = this.#parts;
    return decisions.finalReport.tellsOfRecipient(turn, recipients.length);
  }

  /** 7.2.3.3, step 2a-i, and the report of MSRP where it tells of the switch. Once the message is there: a failure report would end it. */
  #reportReception(): void {
    const { turn, decisions } = this.#parts;
    const tooLarge = [...this.#legs.values()].some(({ status }) => status === "too-large");
    if (tooLarge) {
      if (decisions.relay.reportsTooLarge(turn)) turn.incoming.report(decisions.relay.tooLargeStatus());
    } else if (!this.#tellsOfRecipient) turn.incoming.report(200);
  }

  #reportRecipient(): void {
    const [leg] = this.#legs.values();
    if (!this.#tellsOfRecipient || leg === undefined || leg.status === "too-large") return;
    this.#parts.turn.incoming.report(leg.status);
  }

  #sendFinalReport(): void {
    const { turn, decisions, recipients } = this.#parts;
    const { finalReport } = decisions;
    const known = recipients.flatMap(({ id }) => this.#legs.get(id) ?? []);
    const legs = finalReport.legs(turn, known).map((leg) => finalReport.leg(turn, leg));
    const contentType = finalReport.contentType(turn);
    const series = finalReport.series(turn, legs);
    for (const [index, some] of series.entries()) {
      const isLast = index === series.length - 1;
      const body = finalReport.body(finalReport.document(turn, some, isLast));
      if (finalReport.travelsAsReport(turn))
        turn.incoming.report(200, undefined, undefined, { contentType, body });
      else turn.sender.session.send(body, { contentType });
    }
  }
}
