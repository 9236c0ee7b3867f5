/**
 * A scenario's part of the rig. Steps ask it to arrange, to cause and to wait. Nothing here judges: a wait whose time runs out is written
 * down and the scenario goes on.
 */
import type { Actor } from "./actor.ts";
import type { ScenarioDescription } from "./describe-scenario.ts";
import type { Live, LiveCrossing } from "./live.ts";
import type { RigServices } from "./rig-services.ts";
import { Arranging } from "./scenario/arranging.ts";
import { Awaiting } from "./scenario/awaiting.ts";
import { Causing } from "./scenario/causing.ts";
import { Conferring } from "./scenario/conferring.ts";
import { Conversing } from "./scenario/conversing.ts";
import { Entering } from "./scenario/entering.ts";
import { Gathering } from "./scenario/gathering.ts";
import { Inviting } from "./scenario/inviting.ts";
import { Lasting } from "./scenario/lasting.ts";
import { Crowd } from "./scenario/crowd.ts";
import { Messaging } from "./scenario/messaging.ts";
import { Play, type CleanUp } from "./scenario/play.ts";
import { Answers } from "./scenario/responding.ts";
import { Steering } from "./scenario/steering.ts";
import { Watching } from "./scenario/watching.ts";
import { atMost } from "./waiting.ts";

export interface StepOutcome {
  readonly text: string;
  readonly status: "passed" | "failed" | "skipped";
  readonly reason?: string;
  readonly blame?: "sut" | "scrim" | "rig";
}

export class ScenarioLab {
  readonly arrange: Arranging;
  readonly cause: Causing;
  readonly wait: Awaiting;
  /** IM Sessions. */
  readonly converse: Conversing;
  /** How invitations to them are answered, and what is changed of them. */
  readonly invite: Inviting;
  /** Messages in them. */
  readonly talk: Messaging;
  /** Those of many. */
  readonly crowd: Crowd;
  /** What participants ask of a conference. */
  readonly confer: Conferring;
  /** Who watches the participants of a conference. */
  readonly watch: Watching;
  /** Sessions of Pre-defined Groups. */
  readonly enter: Entering;
  /** What clients say in responses to INVITE. */
  readonly respond: Answers;
  /** What the server itself starts. */
  readonly steer: Steering;
  /** Ad-hoc sessions. */
  readonly gather: Gathering;
  /** How long sessions last. */
  readonly last: Lasting;
  readonly #play: Play;
  #inBody = false;

  constructor(id: string, description: ScenarioDescription, rig: RigServices) {
    this.#play = new Play(id, description, rig);
    this.steer = new Steering(this.#play);
    this.arrange = new Arranging(this.#play, this.steer);
    this.cause = new Causing(this.#play);
    this.wait = new Awaiting(this.#play);
    this.respond = new Answers(this.#play, this.cause);
    this.converse = new Conversing(this.#play, this.cause);
    this.talk = new Messaging(this.#play, this.cause);
    this.last = new Lasting(this.#play, this.talk);
    this.confer = new Conferring(this.#play, this.cause, this.converse, this.wait);
    this.watch = new Watching(this.#play, this.cause, this.converse, this.confer, this.wait);
    this.crowd = new Crowd(this.#play, this.arrange, this.cause, this.converse, this.watch);
    this.invite = new Inviting(this.#play, this.cause, this.converse);
    this.gather = new Gathering(this.#play, this.cause, this.wait, this.converse);
    this.enter = new Entering(this.#play, this.cause, this.wait, this.converse);
  }

  get id(): string {
    return this.#play.id;
  }

  get description(): ScenarioDescription {
    return this.#play.description;
  }

  get live(): Live {
    return this.#play.live;
  }

  actor(name: string): Actor {
    return this.#play.actor(name);
  }

  stepDone(step: StepOutcome): void {
    this.#play.rig.recorder.record({ type: "step", scenario: this.#play.id, ...step });
  }

  /** The first stimulus that is no longer arrangement ends the preamble; steps tell by their keyword. */
  enterBody(): void {
    if (this.#inBody) return;
    this.#inBody = true;
    this.#play.rig.recorder.record({ type: "phase", scenario: this.#play.id, phase: "body" });
  }

  /** Runs always: ends what is open, gives back what was leased, closes the trace and has it judged. */
  async close(): Promise<void> {
    const { id, rig, cleanUps, actors } = this.#play;
    await this.#play.verifySilence();
    rig.recorder.record({ type: "phase", scenario: id, phase: "postamble" });
    await this.#drain();
    const hopeless = this.#play.live.unanswered;
    for (const cleanUp of cleanUps.toReversed()) await this.#clean(cleanUp);
    for (const actor of actors.toReversed()) {
      const { impu } = actor.user;
      await this.#clean({ what: `${actor.name} (${impu})`, identity: impu, run: () => rig.retire(actor) });
    }
    // The end of a registration that is sent again must not end the next one, too.
    await this.#drain(hopeless);
    this.#play.isOver = true;
    rig.closed(id);
  }

  /** Triggers have limits of their own; all else is over when a response would be late several times. */
  #bounded(cleaning: Promise<void>): Promise<void> {
    const { guards } = this.#play.rig.sutFile;
    const slowest = this.description.sut === "client" ? guards.scenarioMs : 0;
    return atMost(cleaning, slowest + 4 * guards.responseMs + guards.actionMs, this.#play.rig.clock);
  }

  /** What is on its way arrives before registrations and documents are taken away: an answer must not depend on who is faster. */
  async #drain(hopeless: readonly LiveCrossing[] = []): Promise<void> {
    const { rig, live } = this.#play;
    const { actionMs, responseMs } = rig.sutFile.guards;
    const isQuiet = (): boolean => live.unanswered.every((request) => hopeless.includes(request));
    // An answer is only missing once the time for it is over.
    await this.#play.drive(rig.waiters.until(isQuiet, Math.max(actionMs, responseMs)));
  }

  async #clean(cleanUp: CleanUp): Promise<void> {
    const { id, rig } = this.#play;
    try {
      await this.#play.drive(this.#bounded(cleanUp.run()));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const text = `${cleanUp.what} could not be cleaned: ${why}`;
      rig.recorder.record({ type: "noted", scenario: id, about: "dirty", text });
      if (cleanUp.identity !== undefined) rig.markDirty(cleanUp.identity);
    }
  }
}
