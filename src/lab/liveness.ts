/**
 * Whether the SUT is alive. Asked once before the traffic, and again when something that it was obliged to do did not come: alive and silent
 * is the SUT's failure, dead is a diagnosis. After that scenarios against it are not started any more (circuit breaker).
 */
import { hopOf } from "../peer/core/hops.ts";
import { type Hop, formatHop } from "../net/network.ts";
import { CORE_NODE, externalCoreOf } from "./open-core.ts";
import type { RigParts } from "./rig.ts";

export type SutKind = "server" | "client";

/** A SUT that answers at all does so well within this; its response guard may be much longer. Milliseconds. */
const PROBE_LIMIT_MS = 4_000;

interface Diagnosis {
  /** Who is not there. */
  readonly node: string;
  readonly detail: string;
}

export class Liveness {
  readonly #parts: RigParts;
  readonly #openOf: (kind: SutKind) => readonly string[];
  readonly #dead = new Map<SutKind, string>();
  /** Lanes that wonder at the same time ask once. */
  readonly #asking = new Map<SutKind, Promise<Diagnosis | undefined>>();

  /** `openOf`: scenarios that are open against a SUT. */
  constructor(parts: RigParts, openOf: (kind: SutKind) => readonly string[]) {
    this.#parts = parts;
    this.#openOf = openOf;
  }

  /** Why scenarios against this SUT are not started; undefined: they are. */
  obstacle(kind: SutKind): string | undefined {
    return this.#dead.get(kind);
  }

  /** Probes, and writes a diagnosis down when there is no life: once, in every scenario that it touches. */
  async check(kind: SutKind): Promise<boolean> {
    if (this.#dead.has(kind)) return false;
    const diagnosis = await this.#ask(kind);
    if (diagnosis === undefined) return true;
    if (!this.#dead.has(kind)) this.#writeDown(kind, diagnosis);
    return false;
  }

  #ask(kind: SutKind): Promise<Diagnosis | undefined> {
    const under = this.#asking.get(kind);
    if (under !== undefined) return under;
    const asked = this.#diagnose(kind);
    this.#asking.set(kind, asked);
    return asked.finally(() => this.#asking.delete(kind));
  }

  /** Nothing of a SUT is heard behind a core of the lab that is dead. */
  async #diagnose(kind: SutKind): Promise<Diagnosis | undefined> {
    const ofCore = await this.#probeExternalCore();
    if (ofCore !== undefined) return { node: CORE_NODE, detail: ofCore };
    const detail = await (kind === "server" ? this.#probeServer() : this.#probeClient());
    const node = this.#parts.sutFile[kind]?.node ?? kind;
    return detail === undefined ? undefined : { node, detail };
  }

  async #probeExternalCore(): Promise<string | undefined> {
    const { core, sutFile } = this.#parts;
    const external = externalCoreOf(sutFile);
    if (external?.hop === undefined) return undefined;
    const limit = Math.min(sutFile.guards.responseMs, PROBE_LIMIT_MS);
    const answers = await core.probe(external.uri, external.hop, limit);
    return answers
      ? undefined
      : `the SIP/IP Core at ${formatHop(external.hop)} does not answer OPTIONS within ${limit} ms`;
  }

  /** What is missing in a scenario in which the SUT went away is not proven missing, whichever lane noticed. */
  #writeDown(kind: SutKind, { node, detail }: Diagnosis): void {
    this.#dead.set(kind, detail);
    const event = { type: "sut-life", node, state: "unreachable", detail } as const;
    const scenarios = this.#openOf(kind);
    if (scenarios.length === 0) this.#parts.recorder.record(event);
    for (const scenario of scenarios) this.#parts.recorder.record({ ...event, scenario });
  }

  async #probeServer(): Promise<string | undefined> {
    const { core, crossings, locator, sutFile } = this.#parts;
    const { server } = sutFile;
    if (server === undefined) return undefined;
    const to = hopOf(server.psi, { transport: server.transport, names: locator !== undefined });
    if (to === undefined) return undefined;
    const limit = Math.min(sutFile.guards.responseMs, PROBE_LIMIT_MS);
    const before = crossings.heardOf(server.node);
    const answers =
      (await core.probe(server.psi, to, limit)) || (await this.#probeAnew(server, server.psi, to, limit));
    // Where much else comes from it the answer may be late, or lost on the way.
    return answers || crossings.heardOf(server.node) > before
      ? undefined
      : `${server.node} at ${to.host}:${to.port}/${to.transport} does not answer OPTIONS within ${limit} ms`;
  }

  /**
   * A connection may hang, in the middle of a message say, and its server be well; and a network may lose each packet of a probe. Who never
   * said anything is not asked twice.
   */
  async #probeAnew(
    { node }: { readonly node: string },
    uri: string,
    to: Hop,
    limit: number,
  ): Promise<boolean> {
    const { core, crossings } = this.#parts;
    if (to.transport !== "udp") core.hangUp(to);
    else if (crossings.heardOf(node) === 0) return false;
    return core.probe(uri, to, limit);
  }

  /** A client has no address before it registers; its driver tells whether it is there. A person is not asked for that. */
  async #probeClient(): Promise<string | undefined> {
    const { triggers, sutFile } = this.#parts;
    if (
      triggers.client === undefined ||
      sutFile.client === undefined ||
      sutFile.client.trigger.kind === "manual"
    )
      return undefined;
    const answer = await triggers.client.perform({ action: "reset" });
    return answer.ok || answer.code === "unsupported"
      ? undefined
      : `${sutFile.client.node}: ${answer.says ?? "its driver does not answer"}`;
  }
}
