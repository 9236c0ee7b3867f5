/** A session of many, and what they say in it. Nothing here judges. */
import { ActionFailed } from "../actor.ts";
import type { Arranging } from "./arranging.ts";
import type { Causing } from "./causing.ts";
import type { Conversing } from "./conversing.ts";
import type { Play } from "./play.ts";
import type { Watching } from "./watching.ts";

const GROUP = "Crowd";

export class Crowd {
  readonly #play: Play;
  readonly #arrange: Arranging;
  readonly #cause: Causing;
  readonly #converse: Conversing;
  readonly #watch: Watching;
  #names: readonly string[] = [];

  constructor(play: Play, arrange: Arranging, cause: Causing, converse: Conversing, watch: Watching) {
    this.#play = play;
    this.#arrange = arrange;
    this.#cause = cause;
    this.#converse = converse;
    this.#watch = watch;
  }

  /** Registers so many users and has them all in the session of a Pre-defined Group, the first told of the others. */
  async gather(count: number): Promise<void> {
    const { sutFile } = this.#play.rig;
    const elsewhere = [
      sutFile.client?.user,
      ...(sutFile.server?.serviceUris.ongoingSession?.participants ?? []),
    ];
    const ordinary = sutFile.users.filter(
      ({ impu, properties }) => properties.length === 0 && !elsewhere.includes(impu),
    );
    if (ordinary.length < count)
      throw new ActionFailed(
        `the SUT file declares ${ordinary.length} ordinary users, the scenario needs ${count}`,
        "rig",
      );
    this.#names = Array.from({ length: count }, (_, index) => `Participant-${index + 1}`);
    for (const name of this.#names) await this.#arrange.register(name);
    await this.#arrange.group(GROUP, this.#names);
    await this.#converse.runningGroup(GROUP, this.#names);
    const [first = "", ...others] = this.#names;
    // What they say keeps everybody busy: who is told of the others only behind it is told late.
    await this.#watch.toldOfAll(first, others);
  }

  /** One after the other they send their messages, without waiting for each other; until each has what all others sent. */
  async talk(messages: number): Promise<void> {
    const since = this.#play.stimulated({
      id: this.#play.nextStimulus().id,
      actor: "tester",
      action: "let-all-talk",
      intent: { messages },
      deviations: [],
    }).seq;
    const sent = new Map(this.#names.map((name) => [name, 0]));
    for (let index = 0; index < messages; index += 1) {
      const name = this.#names[index % this.#names.length] ?? "";
      await this.#cause.sayInSession(name, {});
      sent.set(name, (sent.get(name) ?? 0) + 1);
    }
    const { actionMs } = this.#play.rig.sutFile.guards;
    for (const [name, own] of sent)
      await this.#play.window({
        purpose: "presence",
        of: `${messages - own} messages at ${name}`,
        lengthMs: actionMs,
        condition: () => this.#received(name, since) >= messages - own,
      });
  }

  #received(name: string, since: number): number {
    const sends = this.#play.live.media.receivedBy(this.#play.actor(name), since);
    return sends.filter(({ complete, status }) => complete && status !== undefined).length;
  }
}
