/** What the rig does for its scenarios: clients, registrations, documents, deviations of the core, questions to the SUT. */
import { createCounters } from "./counters.ts";
import type { RigParts } from "./rig.ts";
import { defaultSettings } from "../peer/im-client/config.ts";
import type { ActionAnswer, ClientAction, ServerAction } from "../spec/actions.ts";
import { coreAdvertised } from "../spec/core-addresses.ts";
import type { PooledUser, SutFile } from "../spec/sut-file.ts";
import type { Hop } from "../net/network.ts";
import type { AccessRule } from "../trace/event.ts";
import type { Recorder } from "../trace/recorder.ts";
import { withHeader } from "../wire/sip/edit.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { ActionFailed, type Actor } from "./actor.ts";
import type { MessageAlteration } from "./alterations.ts";
import { alteredMessage } from "./session-alterations.ts";
import { profileOf, SCRIM_SERVER, SUT_SERVER } from "./core-config.ts";
import { accessRulesDocument, advertisementDocument, profileOfAge } from "./documents.ts";
import { groupDocument } from "./group-document.ts";
import type { Liveness, SutKind } from "./liveness.ts";
import { externalCoreOf } from "./open-core.ts";
import type { GroupNeed, UserNeed } from "./pools.ts";
import type { LeasedGroup, LeasedSession, RigServices } from "./rig-services.ts";
import type { ClientScript } from "./simulated-clients.ts";
import { altered, openSimulatedClient, type SimulatedClient } from "./simulated-clients.ts";
import { atMost, type Driver, type Waiters } from "./waiting.ts";

export class Services implements RigServices {
  readonly sutFile: SutFile;
  readonly clock: RigParts["clock"];
  readonly ids: RigParts["ids"];
  readonly driver: Driver;
  readonly waiters: Waiters;
  readonly recorder: Recorder;
  readonly closed: (scenario: string) => void;
  readonly isAlive: (kind: SutKind) => Promise<boolean>;
  readonly overflowOf: (scenario: string) => string | undefined;
  readonly #parts: RigParts;
  readonly #clients = new Map<string, SimulatedClient>();
  readonly #dirty = new Set<string>();
  #clientIsFresh = false;
  /** Nodes of simulated clients that changed the settings of their users. */
  readonly #publishers = new Set<string>();
  /** Third-party REGISTERs that the server has answered, or left unanswered, by user. */
  readonly #told = createCounters();

  constructor(parts: RigParts, liveness: Liveness, closed: (scenario: string) => void) {
    this.isAlive = (kind) => liveness.check(kind);
    this.overflowOf = (scenario) => parts.crossings.overflowOf(scenario);
    this.sutFile = parts.sutFile;
    this.clock = parts.clock;
    this.ids = parts.ids;
    this.driver = parts.driver;
    this.waiters = parts.waiters;
    this.recorder = parts.recorder;
    this.closed = closed;
    this.#parts = parts;
    parts.core.onThirdPartyRegister(({ user }) => {
      this.#told.add(user.impi);
      parts.waiters.notify();
    });
  }

  async simulate(scenario: string, name: string, need: UserNeed, sut: "server" | "client"): Promise<Actor> {
    const { pools, attribution, core, book, crossings, network } = this.#parts;
    const user = await this.#lease(pools.leaseUser(need));
    attribution.claim(user.impu, scenario);
    core.provision(profileOf(user, sut, "scrim"));
    this.#parts.xdms?.addUser(user.impu);
    const node = name.toLowerCase();
    const simulated = await openSimulatedClient({
      node: `${node}.${scenario}`,
      user,
      sutFile: this.sutFile,
      conferenceFactory: this.#factory(sut),
      core: this.#coreHop(),
      network,
      clock: this.clock,
      ids: this.ids,
      tap: crossings.tap("client", scenario),
      msrpTap: crossings.msrpTap("client", scenario),
    });
    for (const hop of hopsOf(simulated)) book.enter(hop, { name: `${node}.${scenario}`, isSut: false });
    this.#clients.set(`${node}.${scenario}`, simulated);
    return {
      name,
      user,
      node: `${node}.${scenario}`,
      played: "scrim",
      perform: (action) => simulated.client.perform(action),
    };
  }

  async clientUnderTest(scenario: string, name: string): Promise<Actor> {
    const { client } = this.sutFile;
    const trigger = this.#parts.triggers.client;
    if (client === undefined || trigger === undefined)
      throw new ActionFailed("the SUT file declares no client", "rig");
    const user = await this.#lease(this.#parts.pools.leaseUser({ impu: client.user }));
    this.#parts.attribution.claim(user.impu, scenario);
    this.#parts.core.provision(profileOf(user, "client", "sut"));
    // Each scenario resets the client behind itself; before the first nobody has.
    if (!this.#clientIsFresh) await trigger.perform({ action: "reset" });
    this.#clientIsFresh = false;
    return {
      name,
      user,
      node: client.node,
      played: "sut",
      perform: (action) => trigger.perform(action),
      seen: (action) => trigger.seen?.(action),
    };
  }

  performAltered(
    actor: Actor,
    action: ClientAction,
    stimulus: string,
    alteration: MessageAlteration | undefined,
  ): Promise<ActionAnswer> {
    const simulated = this.#clients.get(actor.node);
    if (simulated === undefined) return actor.perform(action);
    if (action.action === "publish-settings") this.#publishers.add(actor.node);
    return simulated.client.perform(action, {
      stimulus,
      ...(alteration === undefined
        ? {}
        : {
            edit: (request) => altered(request, alteration),
            message: (message) => alteredMessage(message, alteration),
          }),
    });
  }

  script(node: string, script: ClientScript): void {
    this.#clients.get(node)?.script(script);
  }

  async registrationTold(impu: string, already = 0): Promise<void> {
    const user = this.#parts.core.userOf(impu);
    if (user?.server === undefined || !this.#tells(user.server)) return;
    await this.waiters.until(() => this.#told.of(user.impi) > already, this.sutFile.guards.responseMs);
  }

  /** Scrim's own core knows; what one of the lab has for a simulated client, that client knows. */
  isRegistered(impu: string): boolean {
    if (this.#parts.core.isRegistered(impu)) return true;
    if (this.sutFile.core.kind === "scrim") return false;
    return [...this.#clients.values()].some(
      ({ client, user }) => user.impu === impu && client.registered !== "none",
    );
  }

  async collectKept(actor: Actor): Promise<void> {
    const simulated = this.#clients.get(actor.node);
    if (simulated === undefined || simulated.client.registered !== "none") return;
    const before = simulated.client.received.length;
    const already = this.#told.of(actor.user.impi);
    const answer = await simulated.client.perform({ action: "register" });
    if (!answer.ok) throw new Error(answer.says ?? "registration failed");
    await this.registrationTold(actor.user.impu, already);
    await this.waiters.until(() => simulated.client.received.length > before, this.sutFile.guards.quietMs);
  }

  async retire(actor: Actor): Promise<void> {
    const { core, pools } = this.#parts;
    try {
      if (actor.played === "sut") await this.#retireClientUnderTest(actor);
      else await this.#retireSimulated(actor);
      if (this.isRegistered(actor.user.impu)) throw new Error("it is still registered");
    } catch (error) {
      this.#dirty.add(actor.user.impu);
      throw error;
    } finally {
      core.forget(actor.user.impi);
      this.#told.forget(actor.user.impi);
      pools.release(actor.user.impu, { dirty: this.#dirty.has(actor.user.impu) });
    }
  }

  markDirty(identity: string): void {
    this.#dirty.add(identity);
  }

  async leaseGroup(scenario: string, need: GroupNeed, sut: "server" | "client"): Promise<LeasedGroup> {
    const { pools, attribution, core, xdms } = this.#parts;
    const { uri, writable } = await pools.leaseGroup(need);
    attribution.claim(uri, scenario);
    core.addService({ uri, server: sut === "server" ? SUT_SERVER : SCRIM_SERVER });
    const name = uri.replace(/\W+/gu, "-");
    const owner = need.members[0] ?? uri;
    const put = (wanted: GroupNeed): void =>
      void xdms?.putGroup(owner, groupDocument({ uri, ...wanted }), name);
    const needDocument = (): void => {
      if (!writable || xdms === undefined)
        throw new ActionFailed(`the document of ${uri} is not Scrim's to change`, "rig");
    };
    if (writable) put(need);
    return {
      uri,
      change(to) {
        needDocument();
        put(to);
      },
      remove() {
        needDocument();
        xdms?.removeGroup(uri);
      },
      release: async () => {
        core.removeService(uri);
        xdms?.removeGroup(uri);
        pools.release(uri, { dirty: this.#dirty.has(uri) });
        await Promise.resolve();
      },
    };
  }

  putAccessRules(owner: string, rules: readonly AccessRule[]): () => Promise<void> {
    const { xdms } = this.#parts;
    xdms?.putAccessRules(owner, accessRulesDocument(rules));
    return () => Promise.resolve(xdms?.removeAccessRules(owner));
  }

  putAge(user: PooledUser, years: number): () => Promise<void> {
    const { xdms } = this.#parts;
    if (xdms === undefined && user.age !== years)
      throw new ActionFailed(
        `the profile of ${user.impu} is not Scrim's to write, and the SUT file does not say that the user is ${years}`,
        "rig",
      );
    xdms?.putUserProfile(user.impu, profileOfAge(years, this.clock.now()));
    return () => Promise.resolve(xdms?.removeUserProfile(user.impu));
  }

  async leaseSession(scenario: string, sut: "server" | "client"): Promise<LeasedSession> {
    const { pools, attribution } = this.#parts;
    const session = sut === "server" ? this.sutFile.server?.serviceUris.ongoingSession : undefined;
    const uri = session?.uri ?? this.sutFile.client?.ongoingSession;
    if (uri === undefined) throw new ActionFailed("the SUT file names no on-going session", "rig");
    await pools.leaseSession(uri);
    attribution.claim(uri, scenario);
    const release = (): Promise<void> => Promise.resolve(pools.release(uri, { dirty: false }));
    return { uri, participants: session?.participants ?? [], release };
  }

  advertisement(group: string): { readonly advertisement: string; readonly type: string } {
    return advertisementDocument(group);
  }

  async thirdPartyRegister(impu: string, seconds: number): Promise<void> {
    const { core } = this.#parts;
    const user = core.userOf(impu);
    if (user === undefined) throw new ActionFailed(`the core does not know ${impu}`, "scrim");
    const already = this.#told.of(user.impi);
    if (seconds === 0) core.setUnregistered(impu, { tellServer: true });
    else {
      const { host, port, transport } = this.#coreHop();
      core.setRegistered(impu, {
        contact: `<sip:${host.includes(":") ? `[${host}]` : host}:${port};transport=${transport}>;+g.oma.sip-im`,
        expiresS: seconds,
        tellServer: true,
      });
    }
    await this.registrationTold(impu, already);
  }

  withoutAssertedIdentity(impu: string): () => void {
    return this.#parts.core.deviate({ user: impu, assertedIdentity: "none" });
  }

  withoutCriteria(impu: string): () => void {
    return this.#parts.core.deviate({ user: impu, toServer: true });
  }

  control(action: ServerAction, sut: "server" | "client"): Promise<ActionAnswer> {
    const { triggers, imServer } = this.#parts;
    const trigger = sut === "server" ? triggers.server : imServer;
    if (trigger === undefined)
      return Promise.resolve({
        version: 1,
        ok: false,
        code: "unsupported",
        says: "the SUT file has no control hook for the server",
      });
    return trigger.perform(action);
  }

  /** Whether it was done in the time that a response may take: a SUT that hangs must not hold up the clean-up. */
  async #isDone(doing: Promise<ActionAnswer>): Promise<boolean> {
    try {
      return (await atMost(doing, this.sutFile.guards.responseMs, this.clock)).ok;
    } catch {
      return false;
    }
  }

  /** Clients that no scenario gave back. */
  async close(): Promise<void> {
    const left = [...this.#clients.values()];
    this.#clients.clear();
    await Promise.all(left.map(({ client }) => client.close()));
  }

  async #lease(lease: Promise<PooledUser>): Promise<PooledUser> {
    try {
      return await lease;
    } catch (error) {
      throw new ActionFailed(error instanceof Error ? error.message : String(error), "rig");
    }
  }

  async #retireSimulated(actor: Actor): Promise<void> {
    const simulated = this.#clients.get(actor.node);
    this.#clients.delete(actor.node);
    if (simulated === undefined) return;
    try {
      if (simulated.client.registered === "none") return;
      // Settings outlive the registration: the next scenario with this user would find them.
      const published = this.#publishers.delete(actor.node);
      const restore = { action: "publish-settings", settings: defaultSettings } as const;
      const restored = !published || (await this.#isDone(simulated.client.perform(restore)));
      await this.#endRegistration(actor, simulated);
      if (!restored) throw new Error("its settings could not be restored");
    } finally {
      await simulated.client.close();
      for (const hop of hopsOf(simulated)) this.#parts.book.leave(hop);
    }
  }

  /** A core of Scrim's ends the registration without asking its own client to, and tells the server. Another one has to be asked. */
  async #endRegistration({ user }: Actor, { client }: SimulatedClient): Promise<void> {
    const { core } = this.#parts;
    const already = this.#told.of(user.impi);
    if (core.isRegistered(user.impu)) core.setUnregistered(user.impu, { tellServer: true });
    else if (this.sutFile.core.kind === "external") {
      // All contacts: those that a killed run left behind, too (RFC 3261 10.2.2).
      const edit = (request: SipRequest): SipRequest =>
        withHeader(withHeader(request, "Contact", "*"), "Expires", "0");
      const { ok, says } = await client.perform({ action: "deregister" }, { edit });
      if (!ok) throw new Error(`the core does not end its registration: ${says ?? "no reason given"}`);
    } else return;
    await this.registrationTold(user.impu, already);
  }

  /** A trigger that cannot deregister leaves the binding to the core, which forgets it. */
  async #retireClientUnderTest(actor: Actor): Promise<void> {
    const { core } = this.#parts;
    if (core.isRegistered(actor.user.impu)) {
      const answer = await actor.perform({ action: "deregister" });
      if (answer.ok)
        await this.waiters.until(() => !core.isRegistered(actor.user.impu), this.sutFile.guards.actionMs);
      if (core.isRegistered(actor.user.impu)) core.setUnregistered(actor.user.impu);
    }
    const { ok } = await actor.perform({ action: "reset" });
    this.#clientIsFresh = ok;
  }

  #tells(server: string): boolean {
    return server === SCRIM_SERVER || this.sutFile.server?.thirdPartyRegister === true;
  }

  #factory(sut: "server" | "client"): string {
    const { client, server } = this.sutFile;
    const factory = sut === "server" ? server?.serviceUris.conferenceFactory : client?.conferenceFactory;
    return factory ?? `sip:factory@${this.sutFile.core.homeDomain}`;
  }

  /** Where simulated clients send what they have for the core. */
  #coreHop(): Hop {
    const { core } = this.#parts;
    const external = externalCoreOf(this.sutFile)?.hop;
    if (external !== undefined) return external;
    const { transport } = this.sutFile.server ?? this.sutFile.client ?? { transport: "udp" as const };
    const hop = core.hops.find((candidate) => candidate.transport === transport);
    if (hop === undefined) return coreAdvertised(this.sutFile, transport);
    const everywhere = hop.host === "0.0.0.0" || hop.host === "::";
    return everywhere ? { ...hop, host: this.sutFile.core.advertised } : hop;
  }
}

function hopsOf({ client }: SimulatedClient): readonly Hop[] {
  return [...client.hops, ...client.msrpHops];
}
