/**
 * A scenario's part of the rig. Steps ask it to arrange, to act and to wait; it writes down what was meant, so that judging needs nothing
 * else. Nothing here judges: a wait whose time runs out is written down and the scenario goes on.
 */
import type { ActionAnswer, ClientAction, MessageAction, Settings } from "../spec/actions.ts";
import type { ServerFunctionName } from "../spec/sut-file.ts";
import type { AccessRule, ProvisionedItem, Stimulated } from "../trace/event.ts";
import { ActionFailed, type Actor } from "./actor.ts";
import { alterationFrom, deviationsOf, type MessageAlteration } from "./alterations.ts";
import { bringsNotification, carries, Live, type LiveCrossing } from "./live.ts";
import type { UserNeed } from "./pools.ts";
import type { RigServices } from "./rig-services.ts";
import type { ScenarioDescription } from "./describe-scenario.ts";
import { targetOf } from "./targets.ts";
import type { WaitResult } from "./waiting.ts";

export interface ActOptions {
  /** Rows of a table: how Scrim's client departs from what it would send. */
  readonly alter?: readonly (readonly string[])[];
}

export interface MessageOptions {
  readonly anonymous?: boolean;
  readonly report?: NonNullable<MessageAction["report"]>;
  readonly externalContent?: string;
  readonly contentType?: string;
  /** Length of the text, where it matters. */
  readonly bytes?: number;
}

export interface ClientScript {
  /** Final response to every MESSAGE. */
  readonly answer?: number;
  /** Whether delivery notifications that are asked for are sent. */
  readonly notifications?: boolean;
  /** How long answers and notifications keep the network waiting, in milliseconds. */
  readonly answerAfterMs?: number;
  readonly notifyAfterMs?: number;
}

interface Sent {
  readonly token: string;
  readonly sender: string;
  readonly seq: number;
}

export class ScenarioLab {
  readonly id: string;
  readonly description: ScenarioDescription;
  readonly live = new Live();
  readonly #rig: RigServices;
  readonly #actors = new Map<string, Actor>();
  readonly #groups = new Map<string, string>();
  readonly #cleanUps: { readonly what: string; readonly identity?: string; run(): Promise<void> }[] = [];
  #stimuli = 0;
  #windows = 0;
  #suspected = false;
  #guardedUntil: number;
  #lastAction = 0;
  #lastMessage: Sent | undefined;
  #inBody = false;

  constructor(id: string, description: ScenarioDescription, rig: RigServices) {
    this.id = id;
    this.description = description;
    this.#rig = rig;
    this.#guardedUntil = rig.clock.now() + rig.sutFile.guards.scenarioMs;
  }

  // Arranging

  actor(name: string): Actor {
    const actor = this.#actors.get(name);
    if (actor === undefined)
      throw new Error(`${name} takes no part in the scenario yet; a Given must introduce ${name}`);
    return actor;
  }

  /** Leases a user, without a client that registers. */
  async lease(name: string, need: UserNeed = {}): Promise<Actor> {
    const actor = await this.#drive(this.#rig.simulate(this.id, name, need, this.description.sut));
    this.#enter(actor);
    return actor;
  }

  /** Leases a user and registers a client for it. */
  async register(name: string, need: UserNeed = {}): Promise<void> {
    const actor = await this.lease(name, need);
    const answer = await this.#drive(actor.perform({ action: "register" }));
    if (!answer.ok)
      throw new ActionFailed(
        `${name} cannot register with the core: ${answer.says ?? "no reason given"}`,
        "rig",
      );
    await this.#drive(this.#rig.registrationTold(actor.user.impu));
  }

  async leaseClientUnderTest(name: string): Promise<void> {
    this.#enter(await this.#drive(this.#rig.clientUnderTest(this.id, name)));
  }

  /** Gives a group a document in the XDMS and its URI to the server under test. */
  async group(
    name: string,
    members: readonly string[],
    rules: { readonly allowAnonymity: boolean; readonly supportsIm: boolean },
  ): Promise<void> {
    const addresses = members.map((member) => this.actor(member).user.impu);
    const group = await this.#drive(this.#rig.leaseGroup(this.id, addresses, rules, this.description.sut));
    this.#groups.set(name, group.uri);
    this.#cleanUps.push({ what: `group ${group.uri}`, identity: group.uri, run: () => group.release() });
    this.#provisioned({ kind: "group", uri: group.uri, members: addresses, ...rules });
  }

  async accessRules(owner: string, rules: readonly AccessRule[]): Promise<void> {
    const { impu } = this.actor(owner).user;
    const withdraw = this.#rig.putAccessRules(impu, rules);
    this.#cleanUps.push({ what: `access rules of ${impu}`, run: withdraw });
    this.#provisioned({ kind: "access-rules", owner: impu, rules });
    await Promise.resolve();
  }

  /**
   * The session that the SUT file names. A server under test knows who takes part in its own: certain users of the pool. Of a client only
   * whom it writes to is judged, so that anybody may.
   */
  async ongoingSession(participants: readonly string[]): Promise<void> {
    const session = this.#rig.ongoingSession(this.id, this.description.sut);
    if (this.description.sut === "client") {
      for (const name of participants) await this.register(name);
      const addresses = participants.map((name) => this.actor(name).user.impu);
      this.#provisioned({ kind: "session", uri: session.uri, participants: addresses, ongoing: true });
      return;
    }
    if (participants.length > session.participants.length)
      throw new ActionFailed(
        `the on-going session of the SUT file has ${session.participants.length} participants, the scenario ${participants.length}`,
        "rig",
      );
    for (const [index, name] of participants.entries()) {
      const impu = session.participants[index];
      if (impu !== undefined) await this.register(name, { impu });
    }
    this.#provisioned({
      kind: "session",
      uri: session.uri,
      participants: session.participants,
      ongoing: true,
    });
  }

  requireFunction(name: ServerFunctionName): void {
    const functions = this.#rig.sutFile.server?.functions ?? [];
    if (!functions.includes(name))
      throw new ActionFailed(`the SUT file does not declare the ${name} function`, "rig");
  }

  script(name: string, script: ClientScript): void {
    this.#rig.script(this.actor(name).node, script);
  }

  /** Milliseconds after which Ts2 of the server under test is over for certain. */
  get afterAggregationMs(): number {
    const { server, guards } = this.#rig.sutFile;
    return (server?.timers.ts2Ms ?? 0) + 2 * guards.quietMs;
  }

  // Acting

  /** Asks an actor to act. For a client of Scrim's, what it had to wait for is over when this returns; for a SUT, only that it was asked. */
  async act(name: string, action: ClientAction, options: ActOptions = {}): Promise<void> {
    const actor = this.actor(name);
    const { id, token } = this.#nextStimulus();
    const alteration =
      options.alter === undefined
        ? undefined
        : alterationFrom(this.#filledIn(options.alter), token, this.#rig.clock.now());
    const stimulus = this.#stimulated({
      id,
      actor: name,
      action: action.action,
      intent: { ...action },
      deviations: alteration === undefined ? [] : deviationsOf(alteration),
    });
    this.#lastAction = stimulus.seq;
    this.#told(actor, id, await this.#drive(this.#perform(actor, action, id, alteration)));
  }

  /** Sends a pager-mode message to whom the words say. Does not wait for the answer. */
  async sendMessage(
    sender: string,
    words: string,
    options: MessageOptions,
    act: ActOptions = {},
  ): Promise<void> {
    const actor = this.actor(sender);
    const target = targetOf(words, {
      sutFile: this.#rig.sutFile,
      sut: this.description.sut,
      addressOf: (name) => this.actor(name).user.impu,
      groupUri: (name) => this.#groupUri(name),
    });
    const { id, token } = this.#nextStimulus();
    const rows = [
      ...(target.requestUri === undefined ? [] : [["Request-URI", target.requestUri]]),
      ...this.#filledIn(act.alter ?? []),
    ];
    const alteration = rows.length === 0 ? undefined : alterationFrom(rows, token, this.#rig.clock.now());
    const { bytes, externalContent, ...rest } = options;
    const action: MessageAction = {
      action: "send-message",
      to: target.to,
      toKind: target.toKind,
      text: textWith(token, bytes),
      ...(externalContent === undefined
        ? {}
        : { externalContent: externalContent.replaceAll("{token}", token) }),
      ...rest,
    };
    const deviations = alteration === undefined ? [] : deviationsOf(alteration);
    const { seq } = this.#stimulated({
      id,
      actor: sender,
      action: "send-message",
      intent: { ...action, ...(target.requestUri === undefined ? {} : { requestUri: target.requestUri }) },
      token,
      deviations,
    });
    this.#lastMessage = { token, sender, seq };
    const performed = this.#perform(actor, action, id, alteration);
    if (actor.played === "sut") this.#told(actor, id, await this.#drive(performed));
    else
      performed.then(
        (answer) => this.#told(actor, id, answer),
        () => undefined,
      );
  }

  async advertiseGroup(sender: string, recipients: readonly string[]): Promise<void> {
    const { advertisement, type } = this.#rig.advertisement(
      this.#groups.values().next().value ?? `sip:advertised@${this.#rig.sutFile.core.homeDomain}`,
    );
    const rows = [
      ["Content-Type", type],
      ["Subject", "A group for you"],
      ["Body", advertisement.replace("</", "<!-- {token} --></")],
    ];
    for (const recipient of recipients) await this.sendMessage(sender, recipient, {}, { alter: rows });
  }

  /** The core, which is Scrim's, tells the server of a registration; 0 seconds: of its end. */
  async thirdPartyRegister(name: string, seconds: number): Promise<void> {
    const { impu } = this.actor(name).user;
    const { id } = this.#nextStimulus();
    const { seq } = this.#stimulated({
      id,
      actor: "core",
      action: "third-party-register",
      intent: { user: impu, expires: seconds },
      deviations: [],
    });
    this.#lastAction = seq;
    if (seconds > 0)
      this.#cleanUps.push({
        what: `the registration of ${impu}`,
        identity: impu,
        run: () => this.#rig.thirdPartyRegister(impu, 0),
      });
    await this.#drive(this.#rig.thirdPartyRegister(impu, seconds));
  }

  /** As `sendMessage`, but the core passes it on to the server without P-Asserted-Identity. */
  async sendWithoutAssertedIdentity(
    sender: string,
    recipient: string,
    options: MessageOptions = {},
  ): Promise<void> {
    this.#coreDeviates(this.#rig.withoutAssertedIdentity(this.actor(sender).user.impu));
    await this.sendMessage(sender, recipient, options);
  }

  /** A PUBLISH of settings that the core passes on to the server though its Event is another. */
  async publishForEvent(name: string, event: string, settings: Settings): Promise<void> {
    this.#coreDeviates(this.#rig.withoutCriteria(this.actor(name).user.impu));
    await this.act(name, { action: "publish-settings", settings }, { alter: [["Event", event]] });
  }

  #coreDeviates(stop: () => void): void {
    this.#cleanUps.push({ what: "the deviation of the core", run: () => Promise.resolve(stop()) });
  }

  /** Bytes of the largest body that the operator of the server lets pass. */
  get largestBody(): number {
    const policy = this.#rig.sutFile.server?.policy;
    if (policy === undefined) throw new ActionFailed("the SUT file declares no server", "rig");
    return policy.maximumBytes;
  }

  async systemMessage(
    to: readonly string[],
    options: { readonly responseRequired: boolean; readonly large: boolean },
  ): Promise<void> {
    const addresses = to.map((name) => this.actor(name).user.impu);
    const { id, token } = this.#nextStimulus();
    const text = textWith(token, options.large ? 1400 : undefined);
    const action = {
      action: "send-system-message",
      to: addresses,
      text,
      responseRequired: options.responseRequired,
      // 5.4, step 3: what asks for interaction lies outside the message, as what is large does.
      ...(options.large || options.responseRequired
        ? { externalContent: `http://content.example/${token}.html` }
        : {}),
    } as const;
    const { seq } = this.#stimulated({
      id,
      actor: "IM Server",
      action: action.action,
      intent: { ...action },
      token,
      deviations: [],
    });
    this.#lastMessage = { token, sender: "IM Server", seq };
    if (options.responseRequired) {
      for (const name of to) this.#answersAtLast(name);
      for (const address of addresses)
        this.#provisioned({
          kind: "system-message",
          to: address,
          responseWithinMs: this.#rig.sutFile.server?.timers.ts1Ms ?? 0,
        });
    }
    const answer = await this.#drive(this.#rig.control(action, this.description.sut));
    if (!answer.ok)
      throw new ActionFailed(
        `the server cannot be made to send a system message: ${answer.says ?? "no reason given"}`,
        "rig",
      );
  }

  /** Until the client renews its registration by itself, at most for the time that the core grants. */
  async registrationRenewed(name: string): Promise<void> {
    const { seq } = this.#stimulated({
      id: this.#nextStimulus().id,
      actor: "tester",
      action: "let-time-pass",
      intent: { until: `the registration of ${name} is renewed` },
      deviations: [],
    });
    this.#lastAction = seq;
    const actor = this.actor(name);
    const { core, guards } = this.#rig.sutFile;
    const renewals = (): readonly LiveCrossing[] => this.live.sentBy(actor, "REGISTER", seq);
    // This time is meant to pass; the guard of the scenario is for what hangs.
    this.#guardedUntil += core.registrationExpiresS * 1000;
    const asked = await this.#window(
      "presence",
      `REGISTER of ${name}`,
      core.registrationExpiresS * 1000,
      () => renewals().length > 0,
    );
    if (asked !== "met") return;
    await this.#window("presence", `final response to REGISTER of ${name}`, guards.responseMs, () =>
      renewals().some((request) => this.#isAnswered(request)),
    );
  }

  /** Who still owes an answer when the scenario is over cannot be served in the next. How users answer is open; here, by a message to the sender. */
  #answersAtLast(name: string): void {
    const actor = this.actor(name);
    const sender = this.#rig.sutFile.server?.serviceUris.systemSender;
    if (sender === undefined) return;
    this.#cleanUps.push({
      what: `the answer that ${name} owes to a system message`,
      identity: actor.user.impu,
      run: async () => {
        const answer = await actor.perform({
          action: "send-message",
          to: [sender],
          toKind: "user",
          text: "Answered",
        });
        if (!answer.ok || answer.says?.startsWith("2") !== true)
          throw new Error(answer.says ?? "it was not taken");
      },
    });
  }

  /** Lets Ts1 run out, with a margin for the SUT's own clock. */
  async systemMessageOverdue(): Promise<void> {
    const ts1 = this.#rig.sutFile.server?.timers.ts1Ms ?? 0;
    await this.#window(
      "presence",
      "expiry of Ts1",
      ts1 + this.#rig.sutFile.guards.quietMs,
      () => false,
      "meant",
    );
  }

  // Waiting

  /** Until the request that the last action was to cause has its final response; silently over when the guards say so. */
  async settled(name: string, method: string): Promise<WaitResult> {
    const actor = this.actor(name);
    const { actionMs, responseMs } = this.#rig.sutFile.guards;
    const requests = (): readonly LiveCrossing[] => this.live.sentBy(actor, method, this.#lastAction);
    const asked = await this.#window(
      "presence",
      `${method} of ${name}`,
      actionMs,
      () => requests().length > 0,
    );
    if (asked !== "met") return asked;
    return this.#window("presence", `final response to ${method} of ${name}`, responseMs, () =>
      requests().some((request) => this.#isAnswered(request)),
    );
  }

  /** As `settled`, where the scenario cannot go on without it. */
  async mustSettle(name: string, method: string): Promise<void> {
    const result = await this.settled(name, method);
    if (result !== "met")
      throw new ActionFailed(
        `${name} sent no ${method} that came to an end`,
        this.actor(name).played === "sut" ? "sut" : "scrim",
      );
  }

  /** Until each of them has received the last message. */
  async delivered(names: readonly string[]): Promise<void> {
    const { actionMs, responseMs } = this.#rig.sutFile.guards;
    for (const name of names)
      await this.#window("presence", `message at ${name}`, actionMs, () => this.#hasReceived(name));
    for (const name of names)
      await this.#window("presence", `answer of ${name}`, responseMs, () =>
        this.#deliveries(name).every((one) => this.live.finalTo(one) !== undefined),
      );
  }

  async notDelivered(names: readonly string[]): Promise<void> {
    const { quietMs } = this.#rig.sutFile.guards;
    const waits = names.map((name) =>
      this.#window("absence", `message at ${name}`, quietMs, () => this.#hasReceived(name)),
    );
    await Promise.all(waits);
  }

  /** Until the last message of the actor has its final response; then silence is let prove that nothing else follows. */
  async answered(name: string): Promise<void> {
    const { token, seq } = this.#sent();
    const actor = this.actor(name);
    const { responseMs } = this.#rig.sutFile.guards;
    const own = (): readonly LiveCrossing[] =>
      this.live.sentBy(actor, "MESSAGE", seq).filter((one) => carries(one.message, token));
    await this.#window("presence", `final response to ${name}`, responseMs, () =>
      own().some((one) => this.live.finalTo(one) !== undefined),
    );
  }

  /** Long enough for another aggregate to come. */
  async notifiedNoMore(name: string, count: number): Promise<void> {
    const { guards, server } = this.#rig.sutFile;
    const length = (server?.timers.ts2Ms ?? 0) + guards.quietMs;
    await this.#window(
      "absence",
      `further delivery notification at ${name}`,
      length,
      () => this.#notificationsAt(name).length > count,
    );
  }

  async notified(name: string, count: number): Promise<void> {
    const { guards, server } = this.#rig.sutFile;
    const within = (server?.timers.ts2Ms ?? 0) + guards.actionMs;
    const came = await this.#window(
      "presence",
      `${count} delivery notifications at ${name}`,
      within,
      () => this.#notificationsAt(name).length >= count,
    );
    if (came !== "met") return;
    await this.#window("presence", `answer of ${name}`, guards.responseMs, () =>
      this.#notificationsAt(name).every((one) => this.live.finalTo(one) !== undefined),
    );
  }

  async notNotified(name: string): Promise<void> {
    const { guards, server } = this.#rig.sutFile;
    const length = (server?.timers.ts2Ms ?? 0) + guards.quietMs;
    await this.#window(
      "absence",
      `delivery notification at ${name}`,
      length,
      () => this.#notificationsAt(name).length > 0,
    );
  }

  async notifies(name: string): Promise<void> {
    const sent = (): readonly LiveCrossing[] => this.#notificationsFrom(name);
    await this.#window(
      "presence",
      `delivery notification of ${name}`,
      this.#rig.sutFile.guards.actionMs,
      () => sent().some((one) => this.live.finalTo(one) !== undefined),
    );
  }

  async doesNotNotify(name: string): Promise<void> {
    await this.#window(
      "absence",
      `delivery notification of ${name}`,
      this.#rig.sutFile.guards.quietMs,
      () => this.#notificationsFrom(name).length > 0,
    );
  }

  async coreAnswered(): Promise<void> {
    const peer = this.#rig.sutFile.server?.node ?? "server";
    const requests = (): readonly LiveCrossing[] =>
      this.live.exchangedWith(peer, "REGISTER", this.#lastAction, "out");
    await this.#window(
      "presence",
      "answer to the third-party REGISTER",
      this.#rig.sutFile.guards.responseMs,
      () => requests().some((one) => this.live.finalTo(one) !== undefined),
    );
  }

  // Life

  stepDone(step: {
    readonly text: string;
    readonly status: "passed" | "failed" | "skipped";
    readonly reason?: string;
    readonly blame?: "sut" | "scrim" | "rig";
  }): void {
    this.#rig.recorder.record({ type: "step", scenario: this.id, ...step });
  }

  /** The first stimulus that is no longer arrangement ends the preamble; steps tell by their keyword. */
  enterBody(): void {
    if (this.#inBody) return;
    this.#inBody = true;
    this.#rig.recorder.record({ type: "phase", scenario: this.id, phase: "body" });
  }

  /** Runs always: ends what is open, gives back what was leased, closes the trace and has it judged. */
  async close(): Promise<void> {
    this.#rig.recorder.record({ type: "phase", scenario: this.id, phase: "postamble" });
    for (const cleanUp of this.#cleanUps.reverse()) await this.#clean(cleanUp);
    for (const actor of [...this.#actors.values()].reverse()) {
      await this.#clean({
        what: `${actor.name} (${actor.user.impu})`,
        identity: actor.user.impu,
        run: () => this.#rig.retire(actor),
      });
    }
    this.#rig.closed(this.id);
  }

  async #clean(cleanUp: {
    readonly what: string;
    readonly identity?: string;
    run(): Promise<void>;
  }): Promise<void> {
    try {
      await this.#drive(cleanUp.run());
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#rig.recorder.record({
        type: "noted",
        scenario: this.id,
        about: "dirty",
        text: `${cleanUp.what} could not be cleaned: ${why}`,
      });
      if (cleanUp.identity !== undefined) this.#rig.markDirty(cleanUp.identity);
    }
  }

  #enter(actor: Actor): void {
    this.#actors.set(actor.name, actor);
    const { impu, tel, properties } = actor.user;
    this.#rig.recorder.record({
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

  #provisioned(item: ProvisionedItem): void {
    this.#rig.recorder.record({ type: "provisioned", scenario: this.id, item });
  }

  #stimulated(stimulus: Omit<Stimulated, "seq" | "at" | "type" | "scenario">): { readonly seq: number } {
    return this.#rig.recorder.record({ type: "stimulated", scenario: this.id, ...stimulus });
  }

  #nextStimulus(): { readonly id: string; readonly token: string } {
    this.#stimuli += 1;
    return { id: `${this.id}-s${this.#stimuli}`, token: `scrim-${this.#rig.ids.token(12)}` };
  }

  #perform(
    actor: Actor,
    action: ClientAction,
    stimulus: string,
    alteration: MessageAlteration | undefined,
  ): Promise<ActionAnswer> {
    return actor.played === "scrim"
      ? this.#rig.performAltered(actor, action, stimulus, alteration)
      : actor.perform(action);
  }

  #told(actor: Actor, stimulus: string, answer: ActionAnswer): void {
    const inbox = answer.inbox === undefined ? "" : JSON.stringify(answer.inbox);
    this.#rig.recorder.record({
      type: "driver-answered",
      scenario: this.id,
      node: actor.node,
      stimulus,
      ok: answer.ok,
      says: inbox === "" ? (answer.says ?? "") : inbox,
    });
    if (!answer.ok && actor.played === "sut")
      throw new ActionFailed(`${actor.name}: ${answer.says ?? answer.code ?? "the action failed"}`, "sut");
  }

  async #window(
    purpose: "absence" | "presence",
    of: string,
    lengthMs: number,
    condition: () => boolean,
    elapsing: "suspicious" | "meant" = "suspicious",
  ): Promise<WaitResult> {
    if (purpose === "presence" && condition()) return "met";
    this.#windows += 1;
    const window = `${this.id}-w${this.#windows}`;
    const within = Math.max(0, Math.min(lengthMs, this.#guardedUntil - this.#rig.clock.now()));
    this.#rig.recorder.record({
      type: "window-opened",
      scenario: this.id,
      window,
      purpose,
      of,
      lengthMs: within,
    });
    const how = await this.#drive(this.#rig.waiters.until(condition, within));
    // A window that the scenario's guard cut short proves no absence.
    const told = how === "elapsed" && within < lengthMs ? "cut" : how;
    this.#rig.recorder.record({ type: "window-closed", scenario: this.id, window, how: told });
    if (how === "elapsed" && purpose === "presence" && elapsing === "suspicious") await this.#suspect(of);
    return how;
  }

  /** What should have come did not: is the SUT still there? Asked once; a dead SUT makes the scenario inconclusive, not failed. */
  async #suspect(of: string): Promise<void> {
    if (this.#suspected) return;
    this.#suspected = true;
    const alive = await this.#drive(this.#rig.isAlive(this.description.sut, this.id));
    if (!alive) throw new ActionFailed(`waiting for ${of}: the SUT does not answer any more`, "sut");
    if (this.#rig.clock.now() >= this.#guardedUntil)
      throw new ActionFailed(
        `the scenario took longer than its guard of ${this.#rig.sutFile.guards.scenarioMs} ms`,
        "sut",
      );
  }

  #drive<T>(promise: Promise<T>): Promise<T> {
    return this.#rig.driver.drive(promise);
  }

  /** In a table, `{Bob}` stands for the IM Address of Bob, `{refused type}` for a content type that the operator of the server refuses. */
  #filledIn(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
    return rows.map((row) =>
      row.map((cell) =>
        cell
          .replaceAll(/\{([A-Z][a-z]+)\}/gu, (_all, name: string) => this.actor(name).user.impu)
          .replaceAll("{refused type}", () => this.#refusedType()),
      ),
    );
  }

  #refusedType(): string {
    const [type] = this.#rig.sutFile.server?.policy.refusedTypes ?? [];
    if (type === undefined) throw new ActionFailed("the SUT file names no refused content type", "rig");
    return type;
  }

  #groupUri(name: string): string {
    const uri = this.#groups.get(name);
    if (uri === undefined) throw new Error(`there is no group ${name} in the scenario yet`);
    return uri;
  }

  #sent(): Sent {
    if (this.#lastMessage === undefined) throw new Error("nothing was sent yet");
    return this.#lastMessage;
  }

  /** A 401 asks for credentials; the request is not over with it. */
  #isAnswered(request: LiveCrossing): boolean {
    const final = this.live.finalTo(request)?.message;
    return final?.kind === "response" && final.status !== 401 && final.status !== 407;
  }

  #deliveries(name: string): readonly LiveCrossing[] {
    const { token, seq } = this.#sent();
    return this.live
      .receivedBy(this.actor(name), "MESSAGE", seq)
      .filter((one) => carries(one.message, token));
  }

  #hasReceived(name: string): boolean {
    return this.#deliveries(name).length > 0;
  }

  #notificationsAt(name: string): readonly LiveCrossing[] {
    return this.live
      .receivedBy(this.actor(name), "MESSAGE", this.#sent().seq)
      .filter((one) => bringsNotification(one.message));
  }

  #notificationsFrom(name: string): readonly LiveCrossing[] {
    return this.live
      .sentBy(this.actor(name), "MESSAGE", this.#sent().seq)
      .filter((one) => bringsNotification(one.message));
  }
}

/** Plain words around the token, padded with dots where the length matters. */
function textWith(token: string, bytes?: number): string {
  const text = `Hello from Scrim ${token}`;
  return bytes === undefined ? text : text.padEnd(bytes, ".");
}
