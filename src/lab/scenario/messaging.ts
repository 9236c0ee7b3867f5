/** Messages in sessions beyond the plain one: asked about, altered, broken off, announced. Nothing here judges. */
import type { SendInSessionAction, ServerSessionAction } from "../../spec/actions.ts";
import { ActionFailed } from "../actor.ts";
import type { SessionScript } from "../../peer/im-client/session/session.ts";
import type { LiveSend } from "../live-media.ts";
import type { Causing } from "./causing.ts";
import type { Play } from "./play.ts";

type Announce = Extract<ServerSessionAction, { readonly action: "announce" }>;

export type SayOptions = Omit<SendInSessionAction, "action" | "text" | "to"> & {
  /** Names of those whom it is for. */
  readonly privately?: readonly string[];
  readonly alter?: readonly (readonly string[])[];
};

export const FINAL_REPORT = /^application\/vnd\.oma\.(?:poc\.)?final(?:-report)?/iu;

export class Messaging {
  readonly #play: Play;
  readonly #cause: Causing;

  constructor(play: Play, cause: Causing) {
    this.#play = play;
    this.#cause = cause;
  }

  async say(name: string, { privately, alter, ...options }: SayOptions = {}): Promise<void> {
    const to = privately?.map((other) => this.#play.actor(other).user.impu);
    await this.#cause.sayInSession(
      name,
      { ...options, ...(to === undefined ? {} : { to }) },
      alter === undefined ? {} : { alter },
    );
  }

  /** How a client misbehaves in its sessions from now on; written down, for nothing that comes of it is the server's doing. */
  misbehave(name: string, script: SessionScript): void {
    this.#play.stimulated({
      id: this.#play.nextStimulus().id,
      actor: name,
      action: "misbehave-in-sessions",
      intent: { ...script },
      deviations: Object.entries(script).map(([what, value]) => `${what} ${JSON.stringify(value)}`),
    });
    this.#cause.scriptOf(name, { sessions: script });
  }

  /** Until a Final Report, as REPORT or as SEND, has reached the sender of the last message. */
  async reported(name: string): Promise<void> {
    const { seq } = this.#play.sent();
    const actor = this.#play.actor(name);
    const { media } = this.#play.live;
    const came = (): boolean =>
      media.reportsTo(actor, seq).some(({ contentType }) => FINAL_REPORT.test(contentType ?? "")) ||
      media.receivedBy(actor, seq).some((send) => send.complete && isFinalReport(send));
    await this.#play.window({
      purpose: "presence",
      of: `Final Report at ${name}`,
      lengthMs: this.#play.rig.sutFile.guards.actionMs,
      condition: came,
    });
  }

  /** Until a report of success has reached the sender of the last message. */
  async succeeded(name: string): Promise<void> {
    const { seq } = this.#play.sent();
    const actor = this.#play.actor(name);
    const { media } = this.#play.live;
    await this.#play.window({
      purpose: "presence",
      of: `report of success at ${name}`,
      lengthMs: this.#play.rig.sutFile.guards.actionMs,
      condition: () => media.reportsTo(actor, seq).some(({ status }) => status === 200),
    });
  }

  /** Until the sender of the last message is told, by response or by report, that it failed. */
  async failed(name: string): Promise<void> {
    const { token, seq } = this.#play.sent();
    const actor = this.#play.actor(name);
    const { media } = this.#play.live;
    const { actionMs, responseMs } = this.#play.rig.sutFile.guards;
    await this.#play.window({
      purpose: "presence",
      of: `failure of the message of ${name}`,
      lengthMs: Math.max(actionMs, responseMs),
      condition: () =>
        media.reportsTo(actor, seq).some(({ status }) => status !== undefined && status !== 200) ||
        media
          .sentBy(actor, seq)
          .some(({ begun, status }) => begun.includes(token) && status !== undefined && status !== 200),
    });
  }

  /** Until the beginning of the last message has come to each, its end or not. */
  async begun(names: readonly string[]): Promise<void> {
    const { token, seq } = this.#play.sent();
    for (const name of names)
      await this.#play.window({
        purpose: "presence",
        of: `beginning of the message at ${name}`,
        lengthMs: this.#play.rig.sutFile.guards.actionMs,
        condition: () =>
          this.#play.live.media
            .receivedBy(this.#play.actor(name), seq)
            .some(({ begun }) => begun.includes(token)),
      });
  }

  /** Has the server send a message of its own into the session of the group. */
  async announce(
    group: string,
    kind: Announce["kind"],
    options: { readonly to?: readonly string[]; readonly external?: boolean } = {},
  ): Promise<void> {
    const session = this.#play.groups.get(group);
    if (session === undefined) throw new Error(`there is no group ${group} in the scenario yet`);
    const { id, token } = this.#play.nextStimulus();
    const to = options.to?.map((name) => this.#play.actor(name).user.impu);
    const action: Announce = {
      action: "announce",
      session,
      kind,
      text: `Hello from the IM Server ${token}`,
      ...(to === undefined ? {} : { to }),
      ...(options.external === true ? { externalContent: `http://content.example/${token}.html` } : {}),
    };
    const { seq } = this.#play.stimulated({
      id,
      actor: "IM Server",
      action: action.action,
      intent: { ...action },
      token,
      deviations: [],
    });
    this.#play.lastMessage = { token, sender: "IM Server", seq, inSession: true };
    const answer = await this.#play.control(action, id);
    if (answer?.ok !== true)
      throw new ActionFailed(
        `the server cannot be made to send a message into the session: ${answer?.says ?? "no answer"}`,
        "rig",
      );
  }
}

function isFinalReport({ contentType }: LiveSend): boolean {
  return FINAL_REPORT.test(contentType ?? "");
}
