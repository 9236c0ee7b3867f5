/** What a scenario finds in place: users, registrations, groups, policies, sessions. */
import type { ServerFunctionName } from "../../spec/sut-file.ts";
import type { AccessRule } from "../../trace/event.ts";
import { ActionFailed, type Actor } from "../actor.ts";
import { groupRulesFrom, type RuleRow } from "../group-rules.ts";
import type { GroupNeed, UserNeed } from "../pools.ts";
import type { LeasedGroup } from "../rig-services.ts";
import type { ClientScript } from "../simulated-clients.ts";
import type { Play } from "./play.ts";
import type { Steering } from "./steering.ts";

export class Arranging {
  readonly #play: Play;
  readonly #steering: Steering;
  /** By their names in the scenario. */
  readonly #groups = new Map<string, LeasedGroup>();

  constructor(play: Play, steering: Steering) {
    this.#play = play;
    this.#steering = steering;
  }

  /** Leases a user, without a client that registers. */
  async lease(name: string, need: UserNeed = {}): Promise<Actor> {
    const actor = await this.#play.drive(
      this.#play.rig.simulate(this.#play.id, name, need, this.#play.description.sut),
    );
    this.#play.enter(actor);
    return actor;
  }

  /** Leases a user and registers a client for it. */
  async register(name: string, need: UserNeed = {}): Promise<void> {
    const actor = await this.lease(name, need);
    const { guards } = this.#play.rig.sutFile;
    const answer = await this.#play.inTime(actor.perform({ action: "register" }), guards.responseMs);
    // Registering ends with the settings, which a SUT may leave unanswered.
    if (answer?.ok !== true && !this.#play.rig.isRegistered(actor.user.impu))
      throw new ActionFailed(
        `${name} cannot register with the core: ${answer?.says ?? "no reason given"}`,
        "rig",
      );
    await this.#play.drive(this.#play.rig.registrationTold(actor.user.impu));
  }

  async leaseClientUnderTest(name: string): Promise<void> {
    this.#play.enter(await this.#play.drive(this.#play.rig.clientUnderTest(this.#play.id, name)));
  }

  /** Gives a group a document in the XDMS and its URI to the server under test. */
  async group(
    name: string,
    members: readonly string[],
    says: { readonly allowAnonymity?: boolean; readonly supportsIm?: boolean } = {},
    rows: readonly RuleRow[] = [],
  ): Promise<void> {
    const need = this.#groupNeed(members, says, rows);
    const group = await this.#play.drive(
      this.#play.rig.leaseGroup(this.#play.id, need, this.#play.description.sut),
    );
    this.#play.groups.set(name, group.uri);
    this.#groups.set(name, group);
    this.#play.afterwards({ what: `group ${group.uri}`, identity: group.uri, run: () => group.release() });
    this.#play.provisioned({ kind: "group", uri: group.uri, ...need });
  }

  /** Writes the document of a group anew, with these members and rules, and has the server look at it again. */
  async changeGroup(name: string, members: readonly string[], rows: readonly RuleRow[] = []): Promise<void> {
    const group = this.#groupNamed(name);
    const need = this.#groupNeed(members, {}, rows);
    group.change(need);
    this.#play.provisioned({ kind: "group", uri: group.uri, ...need });
    await this.#tellOfGroup(group.uri);
  }

  async deleteGroup(name: string): Promise<void> {
    const group = this.#groupNamed(name);
    group.remove();
    this.#play.provisioned({ kind: "group-deleted", uri: group.uri });
    await this.#tellOfGroup(group.uri);
  }

  /** A server without a hook for it learns of the change as it does in service. */
  async #tellOfGroup(uri: string): Promise<void> {
    const answer = await this.#steering.tell({ action: "group-changed", group: uri });
    if (answer === "done" || answer === "unsupported") return;
    throw new ActionFailed(`the server does not look at the group ${uri} again: ${answer}`, "rig");
  }

  /** By the user's profile. */
  age(name: string, years: number): void {
    const { user } = this.#play.actor(name);
    const withdraw = this.#play.rig.putAge(user, years);
    this.#play.afterwards({ what: `profile of ${user.impu}`, run: withdraw });
    this.#play.provisioned({ kind: "profile", owner: user.impu, age: years });
  }

  #groupNamed(name: string): LeasedGroup {
    const group = this.#groups.get(name);
    if (group === undefined) throw new Error(`there is no group ${name} in the scenario yet`);
    return group;
  }

  #groupNeed(
    names: readonly string[],
    says: { readonly allowAnonymity?: boolean; readonly supportsIm?: boolean },
    rows: readonly RuleRow[],
  ): GroupNeed {
    const addressOf = (name: string): string => this.#play.actor(name).user.impu;
    const members = names.map(addressOf);
    const given = { allowAnonymity: says.allowAnonymity ?? true };
    const rules = groupRulesFrom(rows, { members, addressOf }, given);
    const allowAnonymity = members.every((member) => rules.granted["allow-anonymity"].includes(member));
    return { members, allowAnonymity, supportsIm: says.supportsIm ?? true, rules };
  }

  async accessRules(owner: string, rules: readonly AccessRule[]): Promise<void> {
    const { impu } = this.#play.actor(owner).user;
    const withdraw = this.#play.rig.putAccessRules(impu, rules);
    this.#play.afterwards({ what: `access rules of ${impu}`, run: withdraw });
    this.#play.provisioned({ kind: "access-rules", owner: impu, rules });
    await Promise.resolve();
  }

  /**
   * The session that the SUT file names. A server under test knows who takes part in its own: certain users of the pool. Of a client only
   * whom it writes to is judged, so that anybody may.
   */
  async ongoingSession(participants: readonly string[]): Promise<void> {
    const { id, rig, description } = this.#play;
    const session = await this.#play.drive(rig.leaseSession(id, description.sut));
    this.#play.afterwards({ what: `session ${session.uri}`, run: () => session.release() });
    if (this.#play.description.sut === "client") {
      for (const name of participants) await this.register(name);
      const addresses = participants.map((name) => this.#play.actor(name).user.impu);
      this.#play.provisioned({ kind: "session", uri: session.uri, participants: addresses, ongoing: true });
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
    this.#play.provisioned({
      kind: "session",
      uri: session.uri,
      participants: session.participants,
      ongoing: true,
    });
  }

  requireFunction(name: ServerFunctionName): void {
    const functions = this.#play.rig.sutFile.server?.functions ?? [];
    if (!functions.includes(name))
      throw new ActionFailed(`the SUT file does not declare the ${name} function`, "rig");
  }

  script(name: string, script: ClientScript): void {
    this.#play.rig.script(this.#play.actor(name).node, script);
  }

  /** Milliseconds after which Ts2 of the server under test is over for certain. */
  get afterAggregationMs(): number {
    const { server, guards } = this.#play.rig.sutFile;
    return (server?.timers.ts2Ms ?? 0) + 2 * guards.quietMs;
  }
}
