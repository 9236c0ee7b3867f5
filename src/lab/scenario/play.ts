/**
 * The state of a scenario while it is played, and what its parts share: who takes part, what was last caused, windows, and the clean-up that
 * is owed. It writes down what happens, so that judging needs nothing else.
 */
import type { ActionAnswer, ServerAction } from "../../spec/actions.ts";
import type { ProvisionedItem, Stimulated } from "../../trace/event.ts";
import { ActionFailed, type Actor } from "../actor.ts";
import type { ScenarioDescription } from "../describe-scenario.ts";
import { Live } from "../live.ts";
import type { RigServices } from "../rig-services.ts";
import type { WaitResult } from "../waiting.ts";

export interface CleanUp {
  readonly what: string;
  /** The user or group that is dirty when it fails. */
  readonly identity?: string;
  run(): Promise<void>;
}

/** The message that later steps speak of. */
export interface Sent {
  readonly token: string;
  readonly sender: string;
  readonly seq: number;
  /** By MSRP, in the session that the sender is in. */
  readonly inSession?: true;
  /** Its sender has given it up, by a closed connection, say: no response to it will come any more. */
  givenUp?: boolean;
}

export interface WindowRequest {
  readonly purpose: "absence" | "presence";
  readonly of: string;
  readonly lengthMs: number;
  readonly condition: () => boolean;
  /** A window that is meant to elapse says nothing about the SUT's life. */
  readonly elapsing?: "suspicious" | "meant";
}

/** RFC 3261 17.1.2.1, 13.3.1.4: after T1, and after twice that. Milliseconds. */
const REPEATING = { withinMs: 1700, rounds: 5 } as const;

export class Play {
  readonly id: string;
  readonly description: ScenarioDescription;
  readonly rig: RigServices;
  readonly live = new Live();
  /** URIs of groups, by their names in the scenario. */
  readonly groups = new Map<string, string>();
  /** `seq` of the stimulus that steps wait upon. */
  lastAction = 0;
  lastMessage: Sent | undefined;
  /** Its trace is closed. */
  isOver = false;
  readonly #actors = new Map<string, Actor>();
  readonly #cleanUps: CleanUp[] = [];
  #stimuli = 0;
  #windows = 0;
  #silences = 0;
  #suspected = false;
  #guardedUntil: number;

  constructor(id: string, description: ScenarioDescription, rig: RigServices) {
    this.id = id;
    this.description = description;
    this.rig = rig;
    this.#guardedUntil = rig.clock.now() + rig.sutFile.guards.scenarioMs;
  }

  /** Whether somebody of this name takes part; the IM Server, which sends system messages, does not. */
  has(name: string): boolean {
    return this.#actors.has(name);
  }

  actor(name: string): Actor {
    const actor = this.#actors.get(name);
    if (actor === undefined)
      throw new Error(`${name} takes no part in the scenario yet; a Given must introduce ${name}`);
    return actor;
  }

  /** In the order in which they came. */
  get actors(): readonly Actor[] {
    return [...this.#actors.values()];
  }

  get cleanUps(): readonly CleanUp[] {
    return this.#cleanUps;
  }

  /** What has to be done when the scenario is over, whatever happened; the last comes first. */
  afterwards(cleanUp: CleanUp): void {
    this.#cleanUps.push(cleanUp);
  }

  enter(actor: Actor): void {
    this.#actors.set(actor.name, actor);
    const { impu, tel, properties } = actor.user;
    this.rig.recorder.record({
      type: "leased",
      scenario: this.id,
      user: {
        actor: actor.name,
        node: actor.node,
        played: actor.played,
        imAddress: impu,
        ...(tel === undefined ? {} : { tel }),
        properties,
      },
    });
  }

  provisioned(item: ProvisionedItem): void {
    this.rig.recorder.record({ type: "provisioned", scenario: this.id, item });
  }

  nextStimulus(): { readonly id: string; readonly token: string } {
    this.#stimuli += 1;
    return { id: `${this.id}-s${this.#stimuli}`, token: `scrim-${this.rig.ids.token(12)}` };
  }

  stimulated(stimulus: Omit<Stimulated, "seq" | "at" | "type" | "scenario">): { readonly seq: number } {
    return this.rig.recorder.record({ type: "stimulated", scenario: this.id, ...stimulus });
  }

  /** What a driver or a client of Scrim's answered; a SUT that could not act ends the scenario. */
  told(actor: Actor, stimulus: string, answer: ActionAnswer): void {
    const inbox = answer.inbox === undefined ? undefined : JSON.stringify(answer.inbox);
    this.rig.recorder.record({
      type: "driver-answered",
      scenario: this.id,
      node: actor.node,
      stimulus,
      ok: answer.ok,
      says: inbox ?? answer.says ?? "",
    });
    if (!answer.ok && actor.played === "sut")
      throw new ActionFailed(`${actor.name}: ${answer.says ?? answer.code ?? "the action failed"}`, "sut");
  }

  /** Has the server do what only it can, and writes down what its control hook says of it; undefined: nothing in the time of a response. */
  async control(action: ServerAction, stimulus: string): Promise<ActionAnswer | undefined> {
    const { rig, description } = this;
    const answer = await this.inTime(rig.control(action, description.sut), rig.sutFile.guards.responseMs);
    rig.recorder.record({
      type: "driver-answered",
      scenario: this.id,
      node: rig.sutFile.server?.node ?? "server",
      stimulus,
      ok: answer?.ok === true,
      says: answer?.says ?? "",
    });
    return answer;
  }

  sent(): Sent {
    if (this.lastMessage === undefined) throw new Error("nothing was sent yet");
    return this.lastMessage;
  }

  drive<T>(promise: Promise<T>): Promise<T> {
    return this.rig.driver.drive(promise);
  }

  /** Time that is meant to pass does not count against the scenario's guard, which is for what hangs. */
  extendGuard(ms: number): void {
    this.#guardedUntil += ms;
  }

  /**
   * Where messages are lost, one that nobody has seen yet may have been sent, a BYE or an ACK: its sender repeats it. Until nothing more comes;
   * at once where nothing was repeated so far.
   */
  async repeated(): Promise<void> {
    for (let round = 0; round < REPEATING.rounds && this.live.repeated > 0; round += 1) {
      const before = this.live.count;
      const how = await this.drive(this.rig.waiters.until(() => false, REPEATING.withinMs));
      if (how === "cut" || this.live.count === before) return;
    }
  }

  /** Waits for a condition, and writes down the window in which it was waited for. */
  async window({
    purpose,
    of,
    lengthMs,
    condition,
    elapsing = "suspicious",
  }: WindowRequest): Promise<WaitResult> {
    if (purpose === "presence" && condition()) return "met";
    this.#windows += 1;
    const window = `${this.id}-w${this.#windows}`;
    const within = Math.max(0, Math.min(lengthMs, this.#guardedUntil - this.rig.clock.now()));
    this.rig.recorder.record({
      type: "window-opened",
      scenario: this.id,
      window,
      purpose,
      of,
      lengthMs: within,
    });
    const how = await this.drive(this.rig.waiters.until(() => condition() || this.#isOverflowing, within));
    // A window that the scenario's guard cut short proves no absence.
    const told = (how === "elapsed" && within < lengthMs) || this.#isOverflowing ? "cut" : how;
    this.rig.recorder.record({ type: "window-closed", scenario: this.id, window, how: told });
    this.#mustGoOn();
    if (how === "elapsed" && purpose === "absence") this.#silences += 1;
    if (how === "elapsed" && purpose === "presence" && elapsing === "suspicious") await this.#suspect(of);
    return how;
  }

  /**
   * Awaits what somebody does, for so many milliseconds and no longer than the scenario may last; undefined: it goes on without being
   * waited for.
   */
  async inTime<T>(doing: Promise<T>, ms = Infinity): Promise<T | undefined> {
    let over = false;
    const note = (): void => {
      over = true;
      this.rig.waiters.notify();
    };
    doing.then(note, note);
    const within = Math.max(0, Math.min(ms, this.#guardedUntil - this.rig.clock.now()));
    const how = await this.drive(this.rig.waiters.until(() => over, within));
    this.#mustGoOn();
    return how === "met" ? doing : undefined;
  }

  /** The silence of a dead SUT proves nothing: asked once, when a scenario that leans on silence is over. */
  async verifySilence(): Promise<void> {
    if (this.#silences > 0 && this.description.sut === "server")
      await this.drive(this.rig.isAlive(this.description.sut));
  }

  get #isOverflowing(): boolean {
    return this.rig.overflowOf(this.id) !== undefined;
  }

  #mustGoOn(): void {
    const overflow = this.rig.overflowOf(this.id);
    if (overflow !== undefined) throw new ActionFailed(overflow, "sut");
    if (this.rig.waiters.isCut) throw new ActionFailed("the run was stopped", "rig");
  }

  /**
   * What should have come did not: is the SUT still there? A dead one makes the scenario inconclusive, not failed. A client is asked once:
   * its driver is, by an action.
   */
  async #suspect(of: string): Promise<void> {
    const asks = this.description.sut === "server" || !this.#suspected;
    this.#suspected = true;
    const alive = !asks || (await this.drive(this.rig.isAlive(this.description.sut)));
    if (!alive) throw new ActionFailed(`waiting for ${of}: the SUT does not answer any more`, "sut");
    if (this.rig.clock.now() < this.#guardedUntil) return;
    const { scenarioMs } = this.rig.sutFile.guards;
    throw new ActionFailed(`the scenario took longer than its guard of ${scenarioMs} ms`, "sut");
  }
}
