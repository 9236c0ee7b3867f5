/** Sessions of Pre-defined Groups in a scenario: begun and joined otherwise than plainly. Nothing here judges. */
import type { StartSessionAction } from "../../spec/actions.ts";
import { ActionFailed } from "../actor.ts";
import type { Awaiting } from "./awaiting.ts";
import type { Causing } from "./causing.ts";
import type { Conversing } from "./conversing.ts";
import type { Play } from "./play.ts";

export interface EnteringOptions extends Pick<StartSessionAction, "anonymous" | "alias" | "acceptTypes"> {
  /** Rows of a table: how the INVITE departs from what the client would send. */
  readonly alter?: readonly (readonly string[])[];
}

export class Entering {
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
  async group(name: string, group: string, options: EnteringOptions = {}): Promise<void> {
    await this.#start(name, group, options, true);
    await this.#wait.settled(name, "INVITE");
  }

  /** The session need not be there when this is over: members may ring, or somebody else may come at the same time. */
  async begin(name: string, group: string, options: EnteringOptions = {}): Promise<void> {
    await this.#start(name, group, options, false);
  }

  async #start(name: string, group: string, options: EnteringOptions, waits: boolean): Promise<void> {
    const uri = this.#play.groups.get(group);
    if (uri === undefined) throw new Error(`there is no group ${group} in the scenario yet`);
    const { alter, ...rest } = options;
    this.#converse.leaveAfterwards();
    await this.#cause.act(
      name,
      { action: "start-session", to: [uri], toKind: "group", ...rest },
      { waits, ...(alter === undefined ? {} : { alter }) },
    );
  }

  /** A content type that the operator of the server takes in no session. */
  get refusedType(): string {
    const [type] = this.#play.rig.sutFile.server?.policy.refusedSessionTypes ?? [];
    if (type === undefined)
      throw new ActionFailed("the SUT file names no content type that is refused in sessions", "rig");
    return type;
  }
}
