/** Invitations in a scenario: how they are answered, rung, given up; and changes of the sessions that they made. Nothing here judges. */
import type { AnswerInvitationsAction, StartSessionAction } from "../../spec/actions.ts";
import { ActionFailed } from "../actor.ts";
import type { WaitResult } from "../waiting.ts";
import type { Causing } from "./causing.ts";
import type { Conversing, SessionKind } from "./conversing.ts";
import type { Play } from "./play.ts";

type Rows = readonly (readonly string[])[];

/** What a user wants of a session. */
export type Terms = Pick<StartSessionAction, "anonymous" | "alias" | "acceptTypes" | "maxSize">;

const ACTIONS = {
  leave: { action: "leave-session" },
  refresh: { action: "refresh-session" },
  cancel: { action: "cancel-session" },
  accept: { action: "accept-invitation" },
} as const;

/** What can be begun while somebody else does something. */
type Begun = keyof typeof ACTIONS;

export class Inviting {
  readonly #play: Play;
  readonly #cause: Causing;
  readonly #converse: Conversing;

  constructor(play: Play, cause: Causing, converse: Conversing) {
    this.#play = play;
    this.#cause = cause;
    this.#converse = converse;
  }

  /** From now on. */
  async answers(name: string, how: Omit<AnswerInvitationsAction, "action">): Promise<void> {
    await this.#cause.act(name, { action: "answer-invitations", ...how });
  }

  /** Does not wait for the end of it: somebody may ring, or say nothing. */
  async begin(name: string, others: readonly string[], kind: SessionKind): Promise<void> {
    const to = others.map((other) => this.#play.actor(other).user.impu);
    this.#converse.leaveAfterwards();
    await this.#cause.act(
      name,
      { action: "start-session", to, toKind: kind === "ad-hoc" ? "list" : "user" },
      { waits: false },
    );
  }

  /** As it is started, but what the client sends departs from what it would send, by the rows of a table. */
  async startAltered(name: string, others: readonly string[], kind: SessionKind, alter: Rows): Promise<void> {
    const to = others.map((other) => this.#play.actor(other).user.impu);
    this.#converse.leaveAfterwards();
    await this.#cause.act(
      name,
      { action: "start-session", to, toKind: kind === "ad-hoc" ? "list" : "user" },
      { alter },
    );
  }

  /** As it is started, with what the user wants of it. */
  async startOn(name: string, others: readonly string[], kind: SessionKind, terms: Terms): Promise<void> {
    const to = others.map((other) => this.#play.actor(other).user.impu);
    this.#converse.leaveAfterwards();
    await this.#cause.act(name, {
      action: "start-session",
      to,
      toKind: kind === "ad-hoc" ? "list" : "user",
      ...terms,
    });
  }

  /** Until an INVITE has come to the actor, and was answered with a provisional response. */
  async rings(name: string): Promise<WaitResult> {
    const actor = this.#play.actor(name);
    const { live, rig } = this.#play;
    return this.#play.window({
      purpose: "presence",
      of: `ringing of ${name}`,
      lengthMs: rig.sutFile.guards.actionMs,
      condition: () => live.receivedBy(actor, "INVITE", 0).some((invite) => live.isRinging(invite)),
    });
  }

  /** Until a CANCEL has come to the actor since the last action. */
  async toldOfCancel(name: string): Promise<WaitResult> {
    const { live, rig, lastAction } = this.#play;
    const actor = this.#play.actor(name);
    return this.#play.window({
      purpose: "presence",
      of: `CANCEL at ${name}`,
      lengthMs: rig.sutFile.guards.actionMs,
      condition: () => live.receivedBy(actor, "CANCEL", lastAction).length > 0,
    });
  }

  /** Until a provisional response has come to the actor's INVITE. */
  async hearsRinging(name: string): Promise<WaitResult> {
    const actor = this.#play.actor(name);
    const { live, rig } = this.#play;
    return this.#play.window({
      purpose: "presence",
      of: `ringing heard by ${name}`,
      lengthMs: rig.sutFile.guards.actionMs,
      condition: () => live.sentBy(actor, "INVITE", 0).some((invite) => live.isRinging(invite)),
    });
  }

  /** Until the INVITE has its final response. */
  async cancel(name: string): Promise<void> {
    await this.#cause.act(name, { action: "cancel-session" });
  }

  async accept(name: string): Promise<void> {
    await this.#cause.act(name, { action: "accept-invitation" });
  }

  async refuse(name: string, status: number): Promise<void> {
    await this.#cause.act(name, { action: "refuse-invitation", status });
  }

  /** Until the re-INVITE has its final response. */
  async modify(
    name: string,
    terms: { readonly acceptTypes?: readonly string[]; readonly maxSize?: number },
    alter?: Rows,
  ): Promise<void> {
    await this.#cause.act(name, { action: "modify-session", ...terms }, alter === undefined ? {} : { alter });
  }

  async refresh(name: string, alter?: Rows): Promise<void> {
    await this.#cause.act(name, { action: "refresh-session" }, alter === undefined ? {} : { alter });
  }

  /** Actions that are begun one right after the other: what they send may cross on its way. */
  async atOnce(...actions: readonly (readonly [name: string, action: Begun])[]): Promise<void> {
    const last = actions.length - 1;
    for (const [index, [name, action]] of actions.entries())
      await this.#cause.act(name, ACTIONS[action], { waits: index === last });
  }

  /** Does not wait: what it sends may cross with what is caused next. */
  async setOut(name: string, action: Begun): Promise<void> {
    await this.#cause.act(name, ACTIONS[action], { waits: false });
  }

  /** Nothing more comes to the actor by MSRP. */
  async hearsNothing(name: string): Promise<void> {
    const { live, rig, lastAction } = this.#play;
    const actor = this.#play.actor(name);
    await this.#play.window({
      purpose: "absence",
      of: `MSRP message at ${name}`,
      lengthMs: rig.sutFile.guards.quietMs,
      condition: () => live.media.receivedBy(actor, lastAction).length > 0,
    });
  }

  /** A content type that the operator of the server takes in no session. */
  get refusedType(): string {
    const [type] = this.#play.rig.sutFile.server?.policy.refusedSessionTypes ?? [];
    if (type === undefined)
      throw new ActionFailed("the SUT file names no content type that is refused in sessions", "rig");
    return type;
  }

  /** Octets of a message that is larger than the operator of the server lets pass. */
  get tooLarge(): number {
    const most = this.#play.rig.sutFile.server?.policy.sessionMaximumBytes;
    if (most === undefined) throw new ActionFailed("the SUT file declares no server", "rig");
    return most + 1;
  }
}
