/** Ad-hoc sessions in a scenario: asked for otherwise than plainly. Nothing here judges. */
import type { StartSessionAction } from "../../spec/actions.ts";
import { mapHeader } from "../../wire/sip/edit.ts";
import { cseqOf } from "../../wire/sip/headers.ts";
import type { SipResponse } from "../../wire/sip/message.ts";
import { ActionFailed } from "../actor.ts";
import type { Awaiting } from "./awaiting.ts";
import type { Causing } from "./causing.ts";
import type { Conversing } from "./conversing.ts";
import type { Play } from "./play.ts";

export interface GatheringOptions extends Pick<StartSessionAction, "anonymous" | "alias" | "acceptTypes"> {
  /** Rows of a table: how the INVITE departs from what the client would send. */
  readonly alter?: readonly (readonly string[])[];
}

export class Gathering {
  readonly #play: Play;
  readonly #cause: Causing;
  readonly #wait: Awaiting;
  readonly #converse: Conversing;

  constructor(play: Play, cause: Causing, wait: Awaiting, converse: Conversing) {
    this.#play = play;
    this.#cause = cause;
    this.#wait = wait;
    this.#converse = converse;
  }

  /** Until the INVITE has its final response, or the guards say that it will not have one. */
  async start(name: string, others: readonly string[], options: GatheringOptions = {}): Promise<void> {
    await this.#start(
      name,
      others.map((other) => this.#play.actor(other).user.impu),
      options,
    );
  }

  /** With one more than an ad-hoc group may have. Nobody has these addresses: the INVITE must be refused before any of them is tried. */
  async startTooLarge(name: string): Promise<void> {
    const { sutFile } = this.#play.rig;
    const count = (sutFile.server?.policy.adHocMaximum ?? 0) + 1;
    const { homeDomain } = sutFile.core;
    const nobodies = Array.from({ length: count }, (_, index) => `sip:nobody-${index + 1}@${homeDomain}`);
    await this.#start(name, nobodies, {});
  }

  /** In To of the 200 with which it accepts an invitation (5.5). */
  namesItself(name: string, alias: string): void {
    const answer = (response: SipResponse): SipResponse =>
      response.status >= 200 && response.status < 300 && cseqOf(response)?.method === "INVITE"
        ? mapHeader(response, "To", (to) => `"${alias}" ${to.replace(/^[^<]*(?=<)/u, "")}`)
        : response;
    this.#cause.scriptOf(name, { sessions: { answer } });
  }

  /** As `start`, by a factory that the server has not. */
  async startUnallocated(name: string, others: readonly string[]): Promise<void> {
    const uri = this.#play.rig.sutFile.server?.serviceUris.unallocatedFactory;
    if (uri === undefined)
      throw new ActionFailed("the SUT file names no conference factory that is not allocated", "rig");
    await this.start(name, others, { alter: [["Request-URI", uri]] });
  }

  async #start(name: string, to: readonly string[], options: GatheringOptions): Promise<void> {
    const { alter, ...rest } = options;
    this.#converse.leaveAfterwards();
    await this.#cause.act(
      name,
      { action: "start-session", to, toKind: "list", ...rest },
      alter === undefined ? {} : { alter },
    );
    await this.#wait.settled(name, "INVITE");
  }

  /** A content type that the operator of the server takes in no session. */
  get refusedType(): string {
    const [type] = this.#play.rig.sutFile.server?.policy.refusedSessionTypes ?? [];
    if (type === undefined)
      throw new ActionFailed("the SUT file names no content type that is refused in sessions", "rig");
    return type;
  }
}
