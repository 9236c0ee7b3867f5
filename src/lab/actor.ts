/** Who acts in a scenario: a simulated client of Scrim's, or the client under test behind its trigger. Steps see no difference. */
import type { ActionAnswer, ClientAction } from "../spec/actions.ts";
import type { PooledUser } from "../spec/sut-file.ts";

export interface Actor {
  /** The name in the scenario: Alice. */
  readonly name: string;
  readonly user: PooledUser;
  readonly node: string;
  readonly played: "scrim" | "sut";
  perform(action: ClientAction): Promise<ActionAnswer>;
  /** The traffic that the action was to cause has been seen. */
  readonly seen?: (action: ClientAction) => void;
}

/** The action could not be carried out; the scenario ends inconclusive and names the culprit. */
export class ActionFailed extends Error {
  readonly code = "action-failed";
  readonly blame: "sut" | "scrim" | "rig";
  constructor(message: string, blame: "sut" | "scrim" | "rig") {
    super(message);
    this.blame = blame;
  }
}
