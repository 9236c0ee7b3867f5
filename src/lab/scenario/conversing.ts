/** IM Sessions in a scenario: started, joined, talked in, left; and waiting for what comes of it. Nothing here judges. */
import type { SendInSessionAction, SessionAction, StartSessionAction } from "../../spec/actions.ts";
import { callIdOf, header } from "../../wire/sip/headers.ts";
import { ActionFailed, type Actor } from "../actor.ts";
import type { LiveCrossing } from "../live.ts";
import type { LiveSend } from "../live-media.ts";
import type { WaitResult } from "../waiting.ts";
import { acknowledged } from "./acknowledged.ts";
import type { Causing } from "./causing.ts";
import type { Play } from "./play.ts";

export type SessionKind = "ad-hoc" | "one-to-one";

export class Conversing {
  readonly #play: Play;
  readonly #cause: Causing;
  #leavesAfterwards = false;

  constructor(play: Play, cause: Causing) {
    this.#play = play;
    this.#cause = cause;
  }

  /** Until the INVITE has its final response, or the guards say that it will not have one. */
  async start(name: string, others: readonly string[], kind: SessionKind): Promise<void> {
    const to = others.map((other) => this.#addressOf(other));
    await this.#start(name, { action: "start-session", to, toKind: kind === "ad-hoc" ? "list" : "user" });
  }

  /** The session of a Pre-defined Group: it is made, or joined. */
  async startGroup(name: string, group: string): Promise<void> {
    const uri = this.#play.groups.get(group);
    if (uri === undefined) throw new Error(`there is no group ${group} in the scenario yet`);
    await this.#start(name, { action: "start-session", to: [uri], toKind: "group" });
  }

  /** Where the scenario cannot go on without: everybody is in, and has media. */
  async running(kind: SessionKind, [first, ...others]: readonly string[]): Promise<void> {
    if (first === undefined) throw new Error("a session has participants");
    await this.start(first, others, kind);
    await this.mustBeIn([first, ...others]);
  }

  async runningGroup(group: string, [first, ...others]: readonly string[]): Promise<void> {
    if (first === undefined) throw new Error("a session has participants");
    await this.startGroup(first, group);
    await this.mustBeIn([first, ...others]);
  }

  async mustBeIn(names: readonly string[]): Promise<void> {
    for (const name of names)
      if ((await this.entered(name)) !== "met")
        throw new ActionFailed(`${name} did not get into the session`, "sut");
    await acknowledged(this.#play);
  }

  /** Until an INVITE of the actor's, or one to it, was accepted, and its MSRP session is bound. */
  async entered(name: string): Promise<WaitResult> {
    const actor = this.#play.actor(name);
    const { actionMs, responseMs } = this.#play.rig.sutFile.guards;
    const accepted = await this.#play.window({
      purpose: "presence",
      of: `acceptance of ${name}'s INVITE`,
      lengthMs: actionMs + responseMs,
      condition: () => this.#invites(actor).some((invite) => this.#statusOf(invite) === 200),
    });
    if (accepted !== "met") return accepted;
    return this.#play.window({
      purpose: "presence",
      of: `MSRP session of ${name}`,
      lengthMs: actionMs,
      condition: () => this.#media(actor, 0).some(({ status }) => status === 200),
    });
  }

  async say(
    name: string,
    options: Omit<SendInSessionAction, "action" | "text" | "to"> & {
      readonly privately?: readonly string[];
    } = {},
  ): Promise<void> {
    const { privately, ...rest } = options;
    await this.#cause.sayInSession(name, {
      ...rest,
      ...(privately === undefined ? {} : { to: privately.map((other) => this.#addressOf(other)) }),
    });
  }

  /** Makes a conference of the one-to-one session, with the others as well (7.2.1.1). Until its INVITE has its final response. */
  async extend(name: string, others: readonly string[]): Promise<void> {
    await this.#act(name, { action: "extend-session", to: others.map((other) => this.#addressOf(other)) });
    await this.#settled(name, "INVITE");
  }

  async leave(name: string): Promise<void> {
    await this.#act(name, { action: "leave-session" });
    await this.#settled(name, "BYE");
    await this.#toldOfLeaving(name);
  }

  /** A server in between answers by itself, before the focus knows: what comes next would meet a session that goes on. */
  async #toldOfLeaving(name: string): Promise<void> {
    const { live, rig } = this.#play;
    await this.#play.repeated();
    const isOnItsWay = ({ message }: LiveCrossing): boolean =>
      message.kind === "request" && message.method === "BYE";
    await this.#play.window({
      purpose: "presence",
      of: `BYE of ${name} at the end of its way`,
      lengthMs: rig.sutFile.guards.actionMs,
      condition: () => !live.unanswered.some(isOnItsWay),
      elapsing: "meant",
    });
  }

  /** Until the last INVITE to each has its final response. */
  async invited(names: readonly string[]): Promise<void> {
    for (const name of names) await this.#answeredAt(name, "INVITE");
  }

  async notInvited(names: readonly string[]): Promise<void> {
    const { quietMs } = this.#play.rig.sutFile.guards;
    const waits = names.map((name) =>
      this.#play.window({
        purpose: "absence",
        of: `INVITE at ${name}`,
        lengthMs: quietMs,
        condition: () => this.#received(name, "INVITE").length > 0,
      }),
    );
    await Promise.all(waits);
  }

  /** Until a NOTIFY has come to the actor since the last action, and was answered. */
  async notified(name: string): Promise<void> {
    await this.#answeredAt(name, "NOTIFY");
  }

  /** Until the actor was told with BYE that it is no longer in. */
  async released(names: readonly string[]): Promise<void> {
    for (const name of names) await this.#answeredAt(name, "BYE");
  }

  async #start(name: string, action: StartSessionAction): Promise<void> {
    await this.#act(name, action);
    await this.#settled(name, "INVITE");
  }

  async #act(name: string, action: SessionAction): Promise<void> {
    this.leaveAfterwards();
    await this.#cause.act(name, action);
  }

  /** Nobody stays in a session when the scenario is over: its users are leased again. */
  leaveAfterwards(): void {
    if (this.#leavesAfterwards) return;
    this.#leavesAfterwards = true;
    this.#play.afterwards({
      what: "sessions that are open",
      run: async () => {
        const own = this.#play.actors.filter(({ played }) => played === "scrim");
        // Who has left is told that there is nothing to leave.
        await Promise.all(own.map((actor) => actor.perform({ action: "leave-session" })));
        await this.#lastNotifications(own);
      },
    });
  }

  /** Who leaves unsubscribes, and is told once more: a client that is not there any more would be told again and again. */
  async #lastNotifications(actors: readonly Actor[]): Promise<void> {
    const { live, rig } = this.#play;
    const isTold = (actor: Actor): boolean =>
      live
        .sentBy(actor, "SUBSCRIBE", 0)
        .filter(({ message }) => header(message, "Expires") === "0")
        .every((asked) => live.receivedBy(actor, "NOTIFY", 0).some((notify) => this.#ends(asked, notify)));
    await rig.waiters.until(() => actors.every(isTold), rig.sutFile.guards.notifyMs);
  }

  #ends({ message: asked }: LiveCrossing, notify: LiveCrossing): boolean {
    const { message } = notify;
    return (
      callIdOf(message) === callIdOf(asked) &&
      /^\s*terminated\b/iu.test(header(message, "Subscription-State") ?? "") &&
      this.#play.live.finalTo(notify) !== undefined
    );
  }

  async #settled(name: string, method: string): Promise<void> {
    const actor = this.#play.actor(name);
    const since = this.#play.lastAction;
    const { actionMs, responseMs } = this.#play.rig.sutFile.guards;
    const sent = (): readonly LiveCrossing[] => this.#play.live.sentBy(actor, method, since);
    const asked = await this.#play.window({
      purpose: "presence",
      of: `${method} of ${name}`,
      lengthMs: actionMs,
      condition: () => sent().length > 0,
    });
    if (asked !== "met") return;
    await this.#play.window({
      purpose: "presence",
      of: `final response to ${method} of ${name}`,
      lengthMs: responseMs,
      condition: () => sent().some((request) => this.#isSettled(request)),
    });
  }

  async #answeredAt(name: string, method: string): Promise<void> {
    const { actionMs, responseMs } = this.#play.rig.sutFile.guards;
    const came = await this.#play.window({
      purpose: "presence",
      of: `${method} at ${name}`,
      lengthMs: actionMs,
      condition: () => this.#received(name, method).length > 0,
    });
    if (came !== "met") return;
    await this.#play.window({
      purpose: "presence",
      of: `answer of ${name}`,
      lengthMs: responseMs,
      condition: () => this.#received(name, method).every((one) => this.#statusOf(one) !== undefined),
    });
  }

  #received(name: string, method: string): readonly LiveCrossing[] {
    return this.#play.live.receivedBy(this.#play.actor(name), method, this.#play.lastAction);
  }

  #invites(actor: Actor): readonly LiveCrossing[] {
    const { live } = this.#play;
    return [...live.sentBy(actor, "INVITE", 0), ...live.receivedBy(actor, "INVITE", 0)];
  }

  #media(actor: Actor, since: number): readonly LiveSend[] {
    const { media } = this.#play.live;
    return [...media.sentBy(actor, since), ...media.receivedBy(actor, since)];
  }

  #statusOf(request: LiveCrossing): number | undefined {
    const final = this.#play.live.finalTo(request)?.message;
    return final?.kind === "response" ? final.status : undefined;
  }

  /** A 401, 407 or 422 asks for another request. */
  #isSettled(request: LiveCrossing): boolean {
    const status = this.#statusOf(request);
    return status !== undefined && ![401, 407, 422].includes(status);
  }

  #addressOf(name: string): string {
    return this.#play.actor(name).user.impu;
  }
}
