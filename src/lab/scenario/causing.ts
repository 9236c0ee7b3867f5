/** What the tester causes: actions of clients, of the core and of the server, each written down with what was meant by it. */
import type {
  ActionAnswer,
  ClientAction,
  MessageAction,
  SendInSessionAction,
  Settings,
} from "../../spec/actions.ts";
import { ActionFailed, type Actor } from "../actor.ts";
import { alterationFrom, deviationsOf, type MessageAlteration } from "../alterations.ts";
import type { ClientScript } from "../simulated-clients.ts";
import { callIdOf, fromOf, toOf } from "../../wire/sip/headers.ts";
import { targetOf } from "../targets.ts";
import type { Play, Sent } from "./play.ts";

export interface ActOptions {
  /** Rows of a table: how Scrim's client departs from what it would send. */
  readonly alter?: readonly (readonly string[])[];
  /** False: what the action waits for may come much later, or never. */
  readonly waits?: boolean;
}

export interface MessageOptions {
  readonly anonymous?: boolean;
  readonly report?: NonNullable<MessageAction["report"]>;
  readonly externalContent?: string;
  readonly contentType?: string;
  /** Length of the text, where it matters. */
  readonly bytes?: number;
}

/** What an action makes a client send. */
const CAUSED: Readonly<Partial<Record<ClientAction["action"], string>>> = {
  register: "REGISTER",
  "refresh-registration": "REGISTER",
  "leave-im-service": "REGISTER",
  deregister: "REGISTER",
  "publish-settings": "PUBLISH",
  "send-message": "MESSAGE",
  "start-session": "INVITE",
  "rejoin-session": "INVITE",
  "extend-session": "INVITE",
  "modify-session": "INVITE",
  "cancel-session": "CANCEL",
  "leave-session": "BYE",
  "add-participants": "REFER",
  "remove-participant": "REFER",
  "subscribe-participants": "SUBSCRIBE",
  "unsubscribe-participants": "SUBSCRIBE",
};

export class Causing {
  readonly #play: Play;
  readonly #inSessions = new Map<string, ClientScript["sessions"]>();

  constructor(play: Play) {
    this.#play = play;
  }

  /** Asks an actor to act. For a client of Scrim's, what it had to wait for is over when this returns; for a SUT, only that it was asked. */
  async act(name: string, action: ClientAction, options: ActOptions = {}): Promise<void> {
    const actor = this.#play.actor(name);
    const { id, token } = this.#play.nextStimulus();
    const alteration =
      options.alter === undefined
        ? undefined
        : alterationFrom(this.#filledIn(options.alter), token, this.#play.rig.clock.now());
    const stimulus = this.#play.stimulated({
      id,
      actor: name,
      action: action.action,
      intent: { ...action },
      deviations: alteration === undefined ? [] : deviationsOf(alteration),
    });
    this.#play.lastAction = stimulus.seq;
    if (actor.played === "sut") return this.#ask(actor, action, stimulus.seq, id);
    const performed = this.#perform(actor, action, id, alteration);
    if (options.waits === false) return this.#tellLater(performed, actor, id);
    const { responseMs } = this.#play.rig.sutFile.guards;
    const answer = await this.#play.inTime(performed, responseMs);
    if (answer === undefined) this.#tellLater(performed, actor, id);
    else this.#play.told(actor, id, answer);
  }

  /** Sends a pager-mode message to whom the words say. Does not wait for the answer. */
  async sendMessage(
    sender: string,
    words: string,
    options: MessageOptions,
    act: ActOptions = {},
  ): Promise<void> {
    const actor = this.#play.actor(sender);
    const target = targetOf(words, {
      sutFile: this.#play.rig.sutFile,
      sut: this.#play.description.sut,
      addressOf: (name) => this.#play.actor(name).user.impu,
      groupUri: (name) => this.#groupUri(name),
    });
    const { id, token } = this.#play.nextStimulus();
    const rows = [
      ...(target.requestUri === undefined ? [] : [["Request-URI", target.requestUri]]),
      ...this.#filledIn(act.alter ?? []),
    ];
    const alteration =
      rows.length === 0 ? undefined : alterationFrom(rows, token, this.#play.rig.clock.now());
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
    const { seq } = this.#play.stimulated({
      id,
      actor: sender,
      action: "send-message",
      intent: { ...action, ...(target.requestUri === undefined ? {} : { requestUri: target.requestUri }) },
      token,
      deviations,
    });
    this.#play.lastMessage = { token, sender, seq };
    this.#collectAfterwards(target.to);
    if (actor.played === "sut") return this.#ask(actor, action, seq, id);
    this.#tellLater(this.#perform(actor, action, id, alteration), actor, id);
  }

  /** Sends a message in the session that the actor is in. Does not wait for what becomes of it. */
  async sayInSession(
    name: string,
    options: Omit<SendInSessionAction, "action" | "text">,
    act: ActOptions = {},
  ): Promise<void> {
    const actor = this.#play.actor(name);
    const { id, token } = this.#play.nextStimulus();
    const alteration =
      act.alter === undefined
        ? undefined
        : alterationFrom(this.#filledIn(act.alter), token, this.#play.rig.clock.now());
    const action: SendInSessionAction = { action: "send-in-session", text: textWith(token), ...options };
    const { seq } = this.#play.stimulated({
      id,
      actor: name,
      action: action.action,
      intent: { ...action },
      token,
      deviations: alteration === undefined ? [] : deviationsOf(alteration),
    });
    const sent: Sent = { token, sender: name, seq, inSession: true };
    this.#play.lastMessage = sent;
    if (actor.played === "sut") return this.#ask(actor, action, seq, id);
    const performed = this.#perform(actor, action, id, alteration);
    performed.then(
      ({ ok }) => this.#noteEnd(sent, ok),
      () => this.#noteEnd(sent, false),
    );
    this.#tellLater(performed, actor, id);
  }

  #noteEnd(sent: Sent, ok: boolean): void {
    sent.givenUp = !ok;
    this.#play.rig.waiters.notify();
  }

  /** What comes when the scenario is over is not told any more. */
  #tellLater(performed: Promise<ActionAnswer>, actor: Actor, stimulus: string): void {
    performed.then(
      (answer) => this.#play.isOver || this.#play.told(actor, stimulus, answer),
      () => undefined,
    );
  }

  /** Asks the client under test. A person need not say that it is done: the traffic shows it. */
  async #ask(actor: Actor, action: ClientAction, seq: number, stimulus: string): Promise<void> {
    const { waiters, sutFile } = this.#play.rig;
    let over = false;
    const method = CAUSED[action.action];
    const isSeen = (): boolean =>
      method !== undefined && this.#play.live.sentBy(actor, method, seq).length > 0;
    const asked = actor.perform(action).finally(() => (over = true));
    if (actor.seen !== undefined)
      void waiters
        .until(() => over || isSeen(), sutFile.guards.scenarioMs)
        .then(() => !over && isSeen() && actor.seen?.(action));
    const answer = await this.#play.inTime(asked);
    if (answer === undefined)
      throw new ActionFailed(`${actor.name}: "${action.action}" did not come to an end`, "sut");
    this.#play.told(actor, stimulus, answer);
  }

  /** A server may keep a message for who is not registered: the next to lease that user must not receive it. */
  #collectAfterwards(addresses: readonly string[]): void {
    const { rig, actors } = this.#play;
    const away = actors.filter(
      ({ played, user }) =>
        played === "scrim" && addresses.includes(user.impu) && !rig.isRegistered(user.impu),
    );
    for (const actor of away)
      this.#play.afterwards({
        what: `messages that are kept for ${actor.name}`,
        identity: actor.user.impu,
        run: () => rig.collectKept(actor),
      });
  }

  async advertiseGroup(sender: string, recipients: readonly string[]): Promise<void> {
    const { advertisement, type } = this.#play.rig.advertisement(
      this.#play.groups.values().next().value ?? `sip:advertised@${this.#play.rig.sutFile.core.homeDomain}`,
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
    const { impu } = this.#play.actor(name).user;
    const { id } = this.#play.nextStimulus();
    const { seq } = this.#play.stimulated({
      id,
      actor: "core",
      action: "third-party-register",
      intent: { user: impu, expires: seconds },
      deviations: [],
    });
    this.#play.lastAction = seq;
    if (seconds > 0)
      this.#play.afterwards({
        what: `the registration of ${impu}`,
        identity: impu,
        run: () => this.#play.rig.thirdPartyRegister(impu, 0),
      });
    await this.#play.drive(this.#play.rig.thirdPartyRegister(impu, seconds));
  }

  /** As `sendMessage`, but the core passes it on to the server without P-Asserted-Identity. */
  async sendWithoutAssertedIdentity(
    sender: string,
    recipient: string,
    options: MessageOptions = {},
  ): Promise<void> {
    this.#coreDeviates(this.#play.rig.withoutAssertedIdentity(this.#play.actor(sender).user.impu));
    await this.sendMessage(sender, recipient, options);
  }

  /** A PUBLISH of settings that the core passes on to the server though its Event is another. */
  async publishForEvent(name: string, event: string, settings: Settings): Promise<void> {
    this.#coreDeviates(this.#play.rig.withoutCriteria(this.#play.actor(name).user.impu));
    await this.act(name, { action: "publish-settings", settings }, { alter: [["Event", event]] });
  }

  #coreDeviates(stop: () => void): void {
    this.#play.afterwards({ what: "the deviation of the core", run: () => Promise.resolve(stop()) });
  }

  /** Bytes of the largest body that the operator of the server lets pass. */
  get largestBody(): number {
    const policy = this.#play.rig.sutFile.server?.policy;
    if (policy === undefined) throw new ActionFailed("the SUT file declares no server", "rig");
    return policy.maximumBytes;
  }

  async systemMessage(
    to: readonly string[],
    options: { readonly responseRequired: boolean; readonly large: boolean },
  ): Promise<void> {
    const addresses = to.map((name) => this.#play.actor(name).user.impu);
    const { id, token } = this.#play.nextStimulus();
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
    const { seq } = this.#play.stimulated({
      id,
      actor: "IM Server",
      action: action.action,
      intent: { ...action },
      token,
      deviations: [],
    });
    this.#play.lastMessage = { token, sender: "IM Server", seq };
    if (options.responseRequired) {
      for (const name of to) this.#answersAtLast(name);
      for (const address of addresses)
        this.#play.provisioned({
          kind: "system-message",
          to: address,
          responseWithinMs: this.#play.rig.sutFile.server?.timers.ts1Ms ?? 0,
        });
    }
    const answer = await this.#play.drive(this.#play.rig.control(action, this.#play.description.sut));
    if (!answer.ok)
      throw new ActionFailed(
        `the server cannot be made to send a system message: ${answer.says ?? "no reason given"}`,
        "rig",
      );
  }

  /** Who still owes an answer when the scenario is over cannot be served in the next. How users answer is open; here, by a message to the sender. */
  #answersAtLast(name: string): void {
    const actor = this.#play.actor(name);
    const sender = this.#play.rig.sutFile.server?.serviceUris.systemSender;
    if (sender === undefined) return;
    this.#play.afterwards({
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

  /** Of what it does in sessions, each says a part; what is said again is said anew. */
  scriptOf(name: string, script: ClientScript): void {
    const sessions = { ...this.#inSessions.get(name), ...script.sessions };
    this.#inSessions.set(name, sessions);
    this.#play.rig.script(this.#play.actor(name).node, { ...script, sessions });
  }

  #perform(
    actor: Actor,
    action: ClientAction,
    stimulus: string,
    alteration: MessageAlteration | undefined,
  ): Promise<ActionAnswer> {
    return actor.played === "scrim"
      ? this.#play.rig.performAltered(actor, action, stimulus, alteration)
      : actor.perform(action);
  }

  /** In a table, `{Bob}` stands for the IM Address of Bob, `{refused type}` for a content type that the operator of the server refuses. */
  #filledIn(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
    return rows.map((row) =>
      row.map((cell) =>
        cell
          .replaceAll(/\{([A-Z][a-z]+)\}/gu, (_all, name: string) => this.#play.actor(name).user.impu)
          .replaceAll("{refused type}", () => this.#refusedType())
          .replaceAll(/\{dialog of ([A-Z][a-z]+)\}/gu, (_all, name: string) => this.#dialogOf(name)),
      ),
    );
  }

  /** Of the session that the actor has started, as a header of a URI names it in Replaces (RFC 3891, RFC 3261 25.1). */
  #dialogOf(name: string): string {
    const { live } = this.#play;
    const [response] = live
      .sentBy(this.#play.actor(name), "INVITE", 0)
      .flatMap((invite) => live.finalTo(invite)?.message ?? []);
    if (response === undefined) throw new Error(`${name} has started no session yet`);
    const [callId, to, from] = [callIdOf(response), toOf(response)?.tag, fromOf(response)?.tag];
    return encodeURIComponent(`${callId ?? ""};to-tag=${to ?? ""};from-tag=${from ?? ""}`);
  }

  #refusedType(): string {
    const [type] = this.#play.rig.sutFile.server?.policy.refusedTypes ?? [];
    if (type === undefined) throw new ActionFailed("the SUT file names no refused content type", "rig");
    return type;
  }

  #groupUri(name: string): string {
    const uri = this.#play.groups.get(name);
    if (uri === undefined) throw new Error(`there is no group ${name} in the scenario yet`);
    return uri;
  }
}

/** Plain words around the token, padded with dots where the length matters. */
function textWith(token: string, bytes?: number): string {
  const text = `Hello from Scrim ${token}`;
  return bytes === undefined ? text : text.padEnd(bytes, ".");
}
