/** How long sessions last in a scenario, and what is done when they are over. Nothing here judges. */
import type { Messaging } from "./messaging.ts";
import type { Play } from "./play.ts";

export class Lasting {
  readonly #play: Play;
  readonly #talk: Messaging;

  constructor(play: Play, talk: Messaging) {
    this.#play = play;
    this.#talk = talk;
  }

  /** From now on, in all its sessions. */
  neverRefreshes(name: string): void {
    this.#talk.misbehave(name, { withoutRefresh: true });
  }

  /** When it leaves. */
  holdsMedia(name: string): void {
    this.#talk.misbehave(name, { keepsMedia: true });
  }

  /** Until the actor was told with BYE that it is no longer in, at most so long. The time is meant to pass. */
  async releasedWithin(name: string, seconds: number): Promise<void> {
    const actor = this.#play.actor(name);
    this.#play.extendGuard(seconds * 1000);
    await this.#play.window({
      purpose: "presence",
      of: `BYE at ${name}`,
      lengthMs: seconds * 1000,
      condition: () => this.#play.live.receivedBy(actor, "BYE", this.#play.lastAction).length > 0,
      elapsing: "meant",
    });
  }

  async pass(seconds: number): Promise<void> {
    this.#play.extendGuard(seconds * 1000);
    await this.#play.window({
      purpose: "presence",
      of: `the end of ${seconds} seconds`,
      lengthMs: seconds * 1000,
      condition: () => false,
      elapsing: "meant",
    });
  }
}
