/** What participants ask of a conference in a scenario: to be let in again, to have others added or removed. Nothing here judges. */
import type { SessionAction } from "../../spec/actions.ts";
import { withHeader } from "../../wire/sip/edit.ts";
import { contactsOf, header } from "../../wire/sip/headers.ts";
import type { SipMessage } from "../../wire/sip/message.ts";
import { descriptionIn, SPEECH, takesAll, withFile } from "../offered-media.ts";
import { ActionFailed } from "../actor.ts";
import type { LiveCrossing } from "../live.ts";
import type { WaitResult } from "../waiting.ts";
import { acknowledged } from "./acknowledged.ts";
import type { Awaiting } from "./awaiting.ts";
import type { Causing } from "./causing.ts";
import type { Conversing } from "./conversing.ts";
import type { Play } from "./play.ts";

type Rows = readonly (readonly string[])[];

/** How an action of a conference departs from the plain one. */
export interface Otherwise {
  readonly anonymous?: boolean;
  readonly alias?: string;
  readonly alter?: Rows;
  readonly acceptTypes?: readonly string[];
  /** Who was told the identity of the session that is meant; without, it is the actor's own. */
  readonly of?: string;
}

export class Conferring {
  readonly #play: Play;
  readonly #cause: Causing;
  readonly #converse: Conversing;
  readonly #wait: Awaiting;

  constructor(play: Play, cause: Causing, converse: Conversing, wait: Awaiting) {
    this.#play = play;
    this.#cause = cause;
    this.#converse = converse;
    this.#wait = wait;
  }

  /** Until the INVITE has its final response. */
  async rejoin(name: string, { anonymous, alias, acceptTypes, alter, of }: Otherwise = {}): Promise<void> {
    const identity = of === undefined ? undefined : this.identityTold(of);
    await this.#act(
      name,
      {
        action: "rejoin-session",
        ...(identity === undefined ? {} : { identity }),
        ...(anonymous === undefined ? {} : { anonymous }),
        ...(alias === undefined ? {} : { alias }),
        ...(acceptTypes === undefined ? {} : { acceptTypes }),
      },
      alter,
    );
    await this.#wait.settled(name, "INVITE");
  }

  async rejoinEnded(name: string): Promise<void> {
    const identity = this.#play.rig.sutFile.server?.serviceUris.endedSession;
    if (identity === undefined) throw new ActionFailed("the SUT file names no session that is over", "rig");
    await this.#act(name, { action: "rejoin-session", identity });
    await this.#wait.settled(name, "INVITE");
  }

  /** With an offer that nobody can take for message media. */
  async rejoinToSpeak(name: string): Promise<void> {
    await this.rejoin(name, { alter: [["Body", SPEECH]] });
  }

  /** The same by re-INVITE; until it has its final response. */
  async offerToSpeak(name: string): Promise<void> {
    await this.#act(name, { action: "modify-session" }, [["Body", SPEECH]]);
    await this.#wait.settled(name, "INVITE");
  }

  /** With the description as it was and a file beside it (RFC 5547 8); until it has its final response. */
  async offerFile(name: string): Promise<void> {
    const { live } = this.#play;
    const actor = this.#play.actor(name);
    const said = [
      ...live.sentBy(actor, "INVITE", 0),
      ...live.receivedBy(actor, "INVITE", 0).flatMap((invite) => live.finalTo(invite) ?? []),
    ].flatMap(({ message }) => descriptionIn(message) ?? []);
    const last = said.at(-1);
    if (last === undefined) throw new ActionFailed(`${name} has described no media yet`, "sut");
    await this.#act(name, { action: "modify-session" }, [["Body", withFile(last)]]);
    await this.#wait.settled(name, "INVITE");
  }

  /** Until the file has reached the actor; at once where the server did not take it. */
  async offeredFile(name: string, by: string): Promise<WaitResult> {
    const { live, lastAction, rig } = this.#play;
    const invites = live.sentBy(this.#play.actor(by), "INVITE", lastAction);
    const answers = invites.flatMap((invite) => live.finalTo(invite) ?? []);
    const isDeclined = answers.every(({ message }) => !takesAll(message));
    return this.#play.window({
      purpose: "presence",
      of: `re-INVITE with a file at ${name}`,
      lengthMs: rig.sutFile.guards.actionMs,
      condition: () =>
        isDeclined ||
        live
          .receivedBy(this.#play.actor(name), "INVITE", lastAction)
          .some((invite) => live.finalTo(invite) !== undefined),
    });
  }

  /** Until every BYE that was seen has its answer, on each hop: the focus may hear of one who leaves later than that one hears its own 200. */
  async out(name: string): Promise<WaitResult> {
    const { live, rig } = this.#play;
    await this.#play.repeated();
    const isBye = ({ message }: LiveCrossing): boolean =>
      message.kind === "request" && message.method === "BYE";
    const { impu } = this.#play.actor(name).user;
    // The second leg of a B2BUA may still stand when the first one has been hung up; a leg that nobody ends is no business of this step.
    await this.#play.window({
      purpose: "presence",
      of: `BYE in each leg of ${name}`,
      lengthMs: rig.sutFile.guards.notifyMs,
      condition: () => live.hasHungUp(impu),
      elapsing: "meant",
    });
    return this.#play.window({
      purpose: "presence",
      of: `the end of ${name}'s session everywhere`,
      lengthMs: rig.sutFile.guards.responseMs,
      condition: () => !live.unanswered.some(isBye),
    });
  }

  /** The Contact that the focus gave the actor last. */
  identityTold(name: string): string {
    const { live } = this.#play;
    const actor = this.#play.actor(name);
    const told = [
      ...live.receivedBy(actor, "INVITE", 0),
      ...live.sentBy(actor, "INVITE", 0).flatMap((invite) => live.finalTo(invite) ?? []),
    ].sort((one, other) => one.seq - other.seq);
    const identities = told.flatMap(({ message }) => contactIn(message) ?? []);
    const identity = identities.at(-1);
    if (identity === undefined) throw new ActionFailed(`${name} was told of no session`, "sut");
    return identity;
  }

  /** Until the REFER has its final response. */
  async add(name: string, others: readonly string[], otherwise: Otherwise = {}): Promise<void> {
    const { anonymous } = otherwise;
    const to = others.map((other) => this.#play.actor(other).user.impu);
    const action = {
      action: "add-participants",
      to,
      ...(anonymous === undefined ? {} : { anonymous }),
    } as const;
    await this.#refer(name, action, this.#rowsOf(otherwise));
  }

  /** One, and so many who are nobody that all of them could not take part in an ad-hoc session. */
  async addTooMany(name: string, other: string): Promise<void> {
    const { server, core } = this.#play.rig.sutFile;
    const strangers = Array.from(
      { length: (server?.policy.adHocMaximum ?? 0) + 1 },
      (_, index) => `sip:nobody-${index + 1}@${core.homeDomain}`,
    );
    const to = [this.#play.actor(other).user.impu, ...strangers];
    await this.#refer(name, { action: "add-participants", to });
  }

  async remove(name: string, other: string, otherwise: Otherwise = {}): Promise<void> {
    await this.#refer(name, this.removal(other), this.#rowsOf(otherwise));
  }

  #rowsOf({ alter = [], of }: Otherwise): Rows | undefined {
    const rows = [...(of === undefined ? [] : [["Request-URI", this.identityTold(of)]]), ...alter];
    return rows.length === 0 ? undefined : rows;
  }

  /** Each asks at the same time: what they send may cross. */
  async atOnce(...asked: readonly (readonly [name: string, SessionAction])[]): Promise<void> {
    await this.settled();
    this.#converse.leaveAfterwards();
    const { live, rig, lastAction } = this.#play;
    for (const [name, action] of asked) await this.#cause.act(name, action, { waits: false });
    const isSettled = ([name, { action }]: (typeof asked)[number]): boolean => {
      const method = action === "leave-session" ? "BYE" : "REFER";
      const sent = live.sentBy(this.#play.actor(name), method, lastAction);
      return sent.length > 0 && sent.every((request) => live.finalTo(request) !== undefined);
    };
    await this.#play.window({
      purpose: "presence",
      of: "responses to what was asked at the same time",
      lengthMs: rig.sutFile.guards.actionMs + rig.sutFile.guards.responseMs,
      condition: () => asked.every(isSettled),
    });
  }

  addition(others: readonly string[]): SessionAction {
    return { action: "add-participants", to: others.map((other) => this.#play.actor(other).user.impu) };
  }

  removal(other: string): SessionAction {
    return { action: "remove-participant", user: this.#play.actor(other).user.impu };
  }

  /** As a conference does that another focus has begun (7.2.1.4-1). */
  async refusesAsFocus(name: string): Promise<void> {
    await this.#cause.act(name, { action: "answer-invitations", answer: "refuse", status: 403 });
    const warning = '399 home.example "105 isfocus already assigned"';
    this.#cause.scriptOf(name, {
      sessions: {
        answer: (response) => (response.status === 403 ? withHeader(response, "Warning", warning) : response),
      },
    });
  }

  /** Until a NOTIFY has told that what the last REFER asked for is over, and was answered. */
  async toldOfReferral(name: string): Promise<WaitResult> {
    const { live, lastAction, rig } = this.#play;
    const actor = this.#play.actor(name);
    return this.#play.window({
      purpose: "presence",
      of: `outcome of the REFER of ${name}`,
      lengthMs: Math.max(rig.sutFile.guards.notifyMs, rig.sutFile.guards.actionMs),
      condition: () =>
        live
          .receivedBy(actor, "NOTIFY", lastAction)
          .some((notify) => isLastOfReferral(notify) && live.finalTo(notify) !== undefined),
    });
  }

  /** Silence after the REFER. */
  async notToldOfReferral(name: string): Promise<WaitResult> {
    const { live, lastAction, rig } = this.#play;
    const actor = this.#play.actor(name);
    return this.#play.window({
      purpose: "absence",
      of: `NOTIFY of the REFER at ${name}`,
      lengthMs: rig.sutFile.guards.quietMs,
      condition: () => live.receivedBy(actor, "NOTIFY", lastAction).some(isOfReferral),
    });
  }

  async #refer(name: string, action: SessionAction, alter?: Rows): Promise<void> {
    await this.#act(name, action, alter);
    await this.#wait.settled(name, "REFER");
  }

  async settled(): Promise<void> {
    await acknowledged(this.#play);
  }

  async #act(name: string, action: SessionAction, alter?: Rows): Promise<void> {
    await this.settled();
    this.#converse.leaveAfterwards();
    await this.#cause.act(name, action, alter === undefined ? {} : { alter });
  }
}

function contactIn(message: SipMessage): string | undefined {
  if (message.kind === "response" && message.status >= 300) return undefined;
  try {
    return contactsOf(message)[0]?.uri;
  } catch {
    return undefined;
  }
}

function isOfReferral({ message }: LiveCrossing): boolean {
  return /^\s*refer\b/iu.test(header(message, "Event") ?? "");
}

function isLastOfReferral(notify: LiveCrossing): boolean {
  return (
    isOfReferral(notify) && /^\s*terminated\b/iu.test(header(notify.message, "Subscription-State") ?? "")
  );
}
