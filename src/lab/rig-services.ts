/** What a scenario may ask of the rig. */
import type { Clock } from "../net/clock.ts";
import type { Ids } from "../net/ids.ts";
import type { ActionAnswer, ClientAction, ServerAction } from "../spec/actions.ts";
import type { PooledUser, SutFile } from "../spec/sut-file.ts";
import type { AccessRule } from "../trace/event.ts";
import type { Recorder } from "../trace/recorder.ts";
import type { Actor } from "./actor.ts";
import type { MessageAlteration } from "./alterations.ts";
import type { SutKind } from "./liveness.ts";
import type { GroupNeed, UserNeed } from "./pools.ts";
import type { ClientScript } from "./simulated-clients.ts";
import type { Driver, Waiters } from "./waiting.ts";

export interface LeasedGroup {
  readonly uri: string;
  /** Gives the group other members and rules. Throws ActionFailed where Scrim cannot write its document. */
  change(to: GroupNeed): void;
  /** The group is gone. Throws ActionFailed where Scrim cannot delete its document. */
  remove(): void;
  release(): Promise<void>;
}

export interface LeasedSession {
  readonly uri: string;
  /** Whom the server knows to take part; empty where that is not judged. */
  readonly participants: readonly string[];
  release(): Promise<void>;
}

export interface RigServices {
  readonly sutFile: SutFile;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly driver: Driver;
  readonly waiters: Waiters;
  readonly recorder: Recorder;

  /** Leases a user and opens a client of Scrim's for it, on an address of its own; it does not register by itself. */
  simulate(scenario: string, name: string, need: UserNeed, sut: "server" | "client"): Promise<Actor>;
  clientUnderTest(scenario: string, name: string): Promise<Actor>;
  performAltered(
    actor: Actor,
    action: ClientAction,
    stimulus: string,
    alteration: MessageAlteration | undefined,
  ): Promise<ActionAnswer>;
  script(node: string, script: ClientScript): void;
  /**
   * Settles when the server has been told of the user's registration more than `already` times (default: none) and has answered, or when
   * the guard is over.
   */
  registrationTold(impu: string, already?: number): Promise<void>;
  isRegistered(impu: string): boolean;
  /** Registers a user who is not, so that messages that the server has kept come out now. */
  collectKept(actor: Actor): Promise<void>;
  /** Ends what the actor has open and gives the user back to the pool. Rejects when that cannot be verified. */
  retire(actor: Actor): Promise<void>;
  markDirty(identity: string): void;

  leaseGroup(scenario: string, need: GroupNeed, sut: "server" | "client"): Promise<LeasedGroup>;
  /** Returns what withdraws them. */
  putAccessRules(owner: string, rules: readonly AccessRule[]): () => Promise<void>;
  /** Says in the profile of a user how old the user is; returns what withdraws that. Throws ActionFailed where it cannot be said. */
  putAge(user: PooledUser, years: number): () => Promise<void>;
  /** The on-going session that the SUT file names: scenarios take turns. */
  leaseSession(scenario: string, sut: "server" | "client"): Promise<LeasedSession>;
  /** A group advertisement document for a group. */
  advertisement(group: string): { readonly advertisement: string; readonly type: string };

  thirdPartyRegister(impu: string, seconds: number): Promise<void>;
  /** The core leaves the asserted identity of the user out of what it sends to the server; returns what ends that. */
  withoutAssertedIdentity(impu: string): () => void;
  /** The core sends all that the user sends by the server, whatever its filter criteria say; returns what ends that. */
  withoutCriteria(impu: string): () => void;
  /** Asks the control hook of the server under test; beside a client under test, Scrim's own server. */
  control(action: ServerAction, sut: "server" | "client"): Promise<ActionAnswer>;

  /** Probes the SUT when something that it was obliged to do did not come; a dead one is written down. */
  isAlive(kind: SutKind): Promise<boolean>;
  /** Why not all that crossed in the scenario is recorded; undefined: it is. */
  overflowOf(scenario: string): string | undefined;

  /** The trace of the scenario is whole: judge it. */
  closed(scenario: string): void;
}
