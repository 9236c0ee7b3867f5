/** Waiting for what a step names: until it is in the trace, or its window is over. Nothing here judges. */
import { ActionFailed } from "../actor.ts";
import { bringsNotification, carries, type LiveCrossing } from "../live.ts";
import type { LiveSend } from "../live-media.ts";
import type { WaitResult } from "../waiting.ts";
import type { Play } from "./play.ts";

export class Awaiting {
  readonly #play: Play;

  constructor(play: Play) {
    this.#play = play;
  }

  /** Until the request that the last action was to cause has its final response; silently over when the guards say so. */
  async settled(name: string, method: string): Promise<WaitResult> {
    const actor = this.#play.actor(name);
    const { actionMs, responseMs } = this.#play.rig.sutFile.guards;
    const requests = (): readonly LiveCrossing[] =>
      this.#play.live.sentBy(actor, method, this.#play.lastAction);
    const asked = await this.#play.window({
      purpose: "presence",
      of: `${method} of ${name}`,
      lengthMs: actionMs,
      condition: () => requests().length > 0,
    });
    if (asked !== "met") return asked;
    return this.#play.window({
      purpose: "presence",
      of: `final response to ${method} of ${name}`,
      lengthMs: responseMs,
      condition: () => requests().some((request) => this.#isAnswered(request)),
    });
  }

  /** As `settled`, where the scenario cannot go on without it. */
  async mustSettle(name: string, method: string): Promise<void> {
    const result = await this.settled(name, method);
    if (result === "met") return;
    const actor = this.#play.actor(name);
    const isSent = this.#play.live.sentBy(actor, method, this.#play.lastAction).length > 0;
    const what = isSent ? `the ${method} of ${name} has no final response` : `${name} sent no ${method}`;
    const bySut = actor.played === "sut" || this.#isSutSilent(method);
    throw new ActionFailed(what, bySut ? "sut" : "scrim");
  }

  /** Whether the server under test has had such a request, and left it unanswered. */
  #isSutSilent(method: string): boolean {
    const { live, rig, description } = this.#play;
    const node = description.sut === "server" ? rig.sutFile.server?.node : undefined;
    return live.unanswered.some(
      ({ message, direction, peer }) =>
        message.kind === "request" && message.method === method && direction === "out" && peer === node,
    );
  }

  /** Until the client renews its registration by itself, at most for the time that the core grants. */
  async registrationRenewed(name: string): Promise<void> {
    const { seq } = this.#play.stimulated({
      id: this.#play.nextStimulus().id,
      actor: "tester",
      action: "let-time-pass",
      intent: { until: `the registration of ${name} is renewed` },
      deviations: [],
    });
    this.#play.lastAction = seq;
    const actor = this.#play.actor(name);
    const { core, guards } = this.#play.rig.sutFile;
    const renewals = (): readonly LiveCrossing[] => this.#play.live.sentBy(actor, "REGISTER", seq);
    // This time is meant to pass; the guard of the scenario is for what hangs.
    this.#play.extendGuard(core.registrationExpiresS * 1000);
    const asked = await this.#play.window({
      purpose: "presence",
      of: `REGISTER of ${name}`,
      lengthMs: core.registrationExpiresS * 1000,
      condition: () => renewals().length > 0,
    });
    if (asked !== "met") return;
    await this.#play.window({
      purpose: "presence",
      of: `final response to REGISTER of ${name}`,
      lengthMs: guards.responseMs,
      condition: () => renewals().some((request) => this.#isAnswered(request)),
    });
  }

  /** Lets Ts1 run out, with a margin for the SUT's own clock. */
  async systemMessageOverdue(): Promise<void> {
    const ts1 = this.#play.rig.sutFile.server?.timers.ts1Ms ?? 0;
    await this.#play.window({
      purpose: "presence",
      of: "expiry of Ts1",
      lengthMs: ts1 + this.#play.rig.sutFile.guards.quietMs,
      condition: () => false,
      elapsing: "meant",
    });
  }

  /** Until each of them has received the last message. */
  async delivered(names: readonly string[]): Promise<void> {
    const { actionMs, responseMs } = this.#play.rig.sutFile.guards;
    for (const name of names)
      await this.#play.window({
        purpose: "presence",
        of: `message at ${name}`,
        lengthMs: actionMs,
        condition: () => this.#hasReceived(name),
      });
    for (const name of names)
      await this.#play.window({
        purpose: "presence",
        of: `answer of ${name}`,
        lengthMs: responseMs,
        condition: () => this.#hasAnswered(name),
      });
  }

  /** Silence counts from the sender's final response on: before it the message may not have got to where it would be held back. */
  async notDelivered(names: readonly string[]): Promise<void> {
    const { sender } = this.#play.sent();
    if (this.#play.has(sender)) await this.answered(sender);
    const { quietMs } = this.#play.rig.sutFile.guards;
    const waits = names.map((name) =>
      this.#play.window({
        purpose: "absence",
        of: `message at ${name}`,
        lengthMs: quietMs,
        condition: () => this.#hasReceived(name),
      }),
    );
    await Promise.all(waits);
  }

  /** Until the last message of the actor has its final response; then silence is let prove that nothing else follows. */
  async answered(name: string): Promise<void> {
    const { token, seq, inSession } = this.#play.sent();
    const actor = this.#play.actor(name);
    const { responseMs } = this.#play.rig.sutFile.guards;
    if (inSession) return this.#answeredInSession(name);
    const own = (): readonly LiveCrossing[] =>
      this.#play.live.sentBy(actor, "MESSAGE", seq).filter((one) => carries(one.message, token));
    await this.#play.window({
      purpose: "presence",
      of: `final response to ${name}`,
      lengthMs: responseMs,
      condition: () => own().some((one) => this.#play.live.finalTo(one) !== undefined),
    });
  }

  /** Long enough for another aggregate to come. */
  async notifiedNoMore(name: string, count: number): Promise<void> {
    const { guards, server } = this.#play.rig.sutFile;
    const length = (server?.timers.ts2Ms ?? 0) + guards.quietMs;
    await this.#play.window({
      purpose: "absence",
      of: `further delivery notification at ${name}`,
      lengthMs: length,
      condition: () => this.#notificationsAt(name).length > count,
    });
  }

  async notified(name: string, count: number): Promise<void> {
    const { guards, server } = this.#play.rig.sutFile;
    const within = (server?.timers.ts2Ms ?? 0) + guards.actionMs;
    const came = await this.#play.window({
      purpose: "presence",
      of: `${count} delivery notifications at ${name}`,
      lengthMs: within,
      condition: () => this.#notificationsAt(name).length >= count,
    });
    if (came !== "met") return;
    await this.#play.window({
      purpose: "presence",
      of: `answer of ${name}`,
      lengthMs: guards.responseMs,
      condition: () => this.#notificationsAt(name).every((one) => this.#play.live.finalTo(one) !== undefined),
    });
  }

  /** Silence counts from when the SUT has the answers to what it sent: users that are far away answer late, and a refusal could be told of. */
  async notNotified(name: string): Promise<void> {
    const { guards, server } = this.#play.rig.sutFile;
    const { token } = this.#play.sent();
    await this.#play.window({
      purpose: "presence",
      of: "answers to the message",
      lengthMs: guards.actionMs,
      condition: () => this.#play.live.unanswered.every(({ message }) => !carries(message, token)),
      elapsing: "meant",
    });
    const length = (server?.timers.ts2Ms ?? 0) + guards.quietMs;
    await this.#play.window({
      purpose: "absence",
      of: `delivery notification at ${name}`,
      lengthMs: length,
      condition: () => this.#notificationsAt(name).length > 0,
    });
  }

  async notifies(name: string): Promise<void> {
    const sent = (): readonly LiveCrossing[] => this.#notificationsFrom(name);
    await this.#play.window({
      purpose: "presence",
      of: `delivery notification of ${name}`,
      lengthMs: this.#play.rig.sutFile.guards.actionMs,
      condition: () => sent().some((one) => this.#play.live.finalTo(one) !== undefined),
    });
  }

  async doesNotNotify(name: string): Promise<void> {
    await this.#play.window({
      purpose: "absence",
      of: `delivery notification of ${name}`,
      lengthMs: this.#play.rig.sutFile.guards.quietMs,
      condition: () => this.#notificationsFrom(name).length > 0,
    });
  }

  async coreAnswered(): Promise<void> {
    const peer = this.#play.rig.sutFile.server?.node ?? "server";
    const requests = (): readonly LiveCrossing[] =>
      this.#play.live.exchangedWith(peer, "REGISTER", this.#play.lastAction, "out");
    await this.#play.window({
      purpose: "presence",
      of: "answer to the third-party REGISTER",
      lengthMs: this.#play.rig.sutFile.guards.responseMs,
      condition: () => requests().some((one) => this.#play.live.finalTo(one) !== undefined),
    });
  }

  /** A 401 asks for credentials; the request is not over with it. */
  #isAnswered(request: LiveCrossing): boolean {
    const final = this.#play.live.finalTo(request)?.message;
    return final?.kind === "response" && final.status !== 401 && final.status !== 407;
  }

  #deliveries(name: string): readonly LiveCrossing[] {
    const { token, seq } = this.#play.sent();
    return this.#play.live
      .receivedBy(this.#play.actor(name), "MESSAGE", seq)
      .filter((one) => carries(one.message, token));
  }

  #hasReceived(name: string): boolean {
    if (!this.#play.sent().inSession) return this.#deliveries(name).length > 0;
    return this.#sends(name).some(({ complete }) => complete);
  }

  #hasAnswered(name: string): boolean {
    if (this.#play.sent().inSession) return this.#sends(name).every(({ status }) => status !== undefined);
    return this.#deliveries(name).every((one) => this.#play.live.finalTo(one) !== undefined);
  }

  /** The last message, as it came to the actor by MSRP. */
  #sends(name: string): readonly LiveSend[] {
    const { token, seq } = this.#play.sent();
    const { media } = this.#play.live;
    return media.receivedBy(this.#play.actor(name), seq).filter(({ begun }) => begun.includes(token));
  }

  async #answeredInSession(name: string): Promise<void> {
    const sent = this.#play.sent();
    const { token, seq } = sent;
    const actor = this.#play.actor(name);
    await this.#play.window({
      purpose: "presence",
      of: `response to the message of ${name}`,
      lengthMs: this.#play.rig.sutFile.guards.responseMs,
      condition: () =>
        sent.givenUp === true ||
        this.#play.live.media
          .sentBy(actor, seq)
          .some(({ begun, status }) => begun.includes(token) && status !== undefined),
    });
  }

  #notificationsAt(name: string): readonly LiveCrossing[] {
    return this.#play.live
      .receivedBy(this.#play.actor(name), "MESSAGE", this.#play.sent().seq)
      .filter((one) => bringsNotification(one.message));
  }

  #notificationsFrom(name: string): readonly LiveCrossing[] {
    return this.#play.live
      .sentBy(this.#play.actor(name), "MESSAGE", this.#play.sent().seq)
      .filter((one) => bringsNotification(one.message));
  }
}
