/** The participants of a conference, watched in a scenario by those in it and by others. Nothing here judges. */
import { withHeader } from "../../wire/sip/edit.ts";
import { cseqOf, header } from "../../wire/sip/headers.ts";
import type { SipResponse } from "../../wire/sip/message.ts";
import { sameAddressOfRecord } from "../../wire/sip/uri.ts";
import { type ConferenceUser, readConferenceInfo } from "../../wire/xml/conference-info.ts";
import { ActionFailed } from "../actor.ts";
import type { LiveCrossing } from "../live.ts";
import type { WaitResult } from "../waiting.ts";
import type { Awaiting } from "./awaiting.ts";
import type { Causing } from "./causing.ts";
import type { Conferring } from "./conferring.ts";
import type { Conversing } from "./conversing.ts";
import type { Play } from "./play.ts";

type Rows = readonly (readonly string[])[];

/** What is watched in place of the actor's own session. */
export type Watched =
  | { readonly group: string }
  /** Of which this actor was told. */
  | { readonly sessionOf: string }
  | "session-over"
  | "unallocated-group";

export class Watching {
  readonly #play: Play;
  readonly #cause: Causing;
  readonly #converse: Conversing;
  readonly #confer: Conferring;
  readonly #wait: Awaiting;

  constructor(play: Play, cause: Causing, converse: Conversing, confer: Conferring, wait: Awaiting) {
    this.#play = play;
    this.#cause = cause;
    this.#converse = converse;
    this.#confer = confer;
    this.#wait = wait;
  }

  /** Until the SUBSCRIBE has its final response. */
  async subscribe(
    name: string,
    { watched, alter }: { readonly watched?: Watched; readonly alter?: Rows } = {},
  ): Promise<void> {
    const identity = watched === undefined ? undefined : this.#identityOf(watched);
    await this.#confer.settled();
    this.#converse.leaveAfterwards();
    await this.#cause.act(
      name,
      { action: "subscribe-participants", ...(identity === undefined ? {} : { identity }) },
      alter === undefined ? {} : { alter },
    );
    await this.#wait.settled(name, "SUBSCRIBE");
  }

  /** From now on, in each answer that accepts an invitation: RFC 3323 4.2. */
  hidesWhenInvited(name: string): void {
    const answer = (response: SipResponse): SipResponse =>
      response.status >= 200 && response.status < 300 && cseqOf(response)?.method === "INVITE"
        ? withHeader(response, "Privacy", "id")
        : response;
    this.#cause.scriptOf(name, { sessions: { answer } });
  }

  async unsubscribe(name: string): Promise<void> {
    await this.#cause.act(name, { action: "unsubscribe-participants" });
    await this.#wait.settled(name, "SUBSCRIBE");
  }

  /** Until so many NOTIFYs have come to the actor since the last action, and were answered. */
  async notified(name: string, count: number): Promise<WaitResult> {
    return this.#notified(name, `${count} NOTIFYs at ${name}`, () => true, count);
  }

  /** Until the actor is told that there is no subscription any more. */
  async ended(name: string): Promise<WaitResult> {
    const isLast = (state: string): boolean => /^\s*terminated\b/iu.test(state);
    return this.#notified(name, `end of the subscription of ${name}`, isLast, 1);
  }

  /** Until a NOTIFY since the last action speaks of the other, by the IM Address. */
  async toldOf(name: string, other: string): Promise<WaitResult> {
    return this.#toldOf(name, other, () => true);
  }

  /** The same of one who is not there any more. */
  async toldOfLeaving(name: string, other: string): Promise<WaitResult> {
    return this.#toldOf(
      name,
      other,
      ({ state, endpoints }) =>
        state === "deleted" || endpoints.some(({ status }) => status === "disconnected"),
    );
  }

  /** Until the actor, who watches since the last action, was told of all of them; at once where nobody lets it watch. */
  async toldOfAll(name: string, others: readonly string[]): Promise<WaitResult> {
    const { live, lastAction, rig } = this.#play;
    const actor = this.#play.actor(name);
    const watches = (): boolean =>
      live.sentBy(actor, "SUBSCRIBE", lastAction).some((asked) => {
        const final = live.finalTo(asked)?.message;
        return final?.kind !== "response" || final.status < 300;
      });
    const untold = new Set(others.map((other) => this.#play.actor(other).user.impu));
    let read = 0;
    return this.#play.window({
      purpose: "presence",
      of: `NOTIFY about ${others.length} others at ${name}`,
      lengthMs: rig.sutFile.guards.notifyMs,
      condition: () => {
        // A document of many users is long: each is read once.
        const told = live.receivedBy(actor, "NOTIFY", lastAction);
        const users = told.slice(read).flatMap(usersIn);
        read = told.length;
        for (const address of untold) if (users.some((user) => isUser(user, address))) untold.delete(address);
        return untold.size === 0 || !watches();
      },
    });
  }

  #toldOf(name: string, other: string, isMeant: (user: ConferenceUser) => boolean): Promise<WaitResult> {
    const { live, lastAction, rig } = this.#play;
    const actor = this.#play.actor(name);
    const address = this.#play.actor(other).user.impu;
    return this.#play.window({
      purpose: "presence",
      of: `NOTIFY about ${other} at ${name}`,
      lengthMs: rig.sutFile.guards.actionMs,
      condition: () =>
        live
          .receivedBy(actor, "NOTIFY", lastAction)
          .some((notify) => speaksOf(notify, address, isMeant) && live.finalTo(notify) !== undefined),
    });
  }

  #notified(
    name: string,
    of: string,
    isMeant: (state: string) => boolean,
    count: number,
  ): Promise<WaitResult> {
    const { live, lastAction, rig } = this.#play;
    const actor = this.#play.actor(name);
    return this.#play.window({
      purpose: "presence",
      of,
      lengthMs: rig.sutFile.guards.actionMs,
      condition: () =>
        live
          .receivedBy(actor, "NOTIFY", lastAction)
          .filter(({ message }) => isMeant(header(message, "Subscription-State") ?? ""))
          .filter((notify) => live.finalTo(notify) !== undefined).length >= count,
    });
  }

  #identityOf(watched: Watched): string {
    const uris = this.#play.rig.sutFile.server?.serviceUris;
    if (watched === "session-over") return needed(uris?.endedSession, "session that is over");
    if (watched === "unallocated-group") return needed(uris?.unallocatedGroup, "group that is not allocated");
    if ("sessionOf" in watched) return this.#confer.identityTold(watched.sessionOf);
    const group = this.#play.groups.get(watched.group);
    if (group === undefined) throw new Error(`there is no group ${watched.group} in the scenario yet`);
    return group;
  }
}

function speaksOf(
  notify: LiveCrossing,
  address: string,
  isMeant: (user: ConferenceUser) => boolean,
): boolean {
  return usersIn(notify).some((user) => isUser(user, address) && isMeant(user));
}

/** None in a document that cannot be read. */
function usersIn({ message }: LiveCrossing): readonly ConferenceUser[] {
  try {
    return readConferenceInfo(message.body).users?.list ?? [];
  } catch {
    return [];
  }
}

function isUser({ entity }: ConferenceUser, address: string): boolean {
  return entity !== undefined && sameAddressOfRecord(entity, address);
}

function needed(uri: string | undefined, what: string): string {
  if (uri === undefined) throw new ActionFailed(`the SUT file names no ${what}`, "rig");
  return uri;
}
