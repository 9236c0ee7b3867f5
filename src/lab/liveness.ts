/**
 * Whether the SUT is alive. Asked once before the traffic, and again when something that it was obliged to do did not come: alive and silent
 * is the SUT's failure, dead is a diagnosis. After that scenarios against it are not started any more (circuit breaker).
 */
import { hopOf } from "../peer/core/hops.ts";
import type { RigParts } from "./rig.ts";

export type SutKind = "server" | "client";

/** A SUT that answers at all does so well within this; its response guard may be much longer. Milliseconds. */
const PROBE_LIMIT_MS = 4_000;

export class Liveness {
  readonly #parts: RigParts;
  readonly #dead = new Map<SutKind, string>();

  constructor(parts: RigParts) {
    this.#parts = parts;
  }

  /** Why scenarios against this SUT are not started; undefined: they are. */
  obstacle(kind: SutKind): string | undefined {
    return this.#dead.get(kind);
  }

  /** Probes, and writes a diagnosis down when there is no life; `scenario`: the one in which it was missed. */
  async check(kind: SutKind, scenario?: string): Promise<boolean> {
    if (this.#dead.has(kind)) return false;
    const diagnosis = kind === "server" ? await this.#probeServer() : await this.#probeClient();
    if (diagnosis === undefined) return true;
    this.#dead.set(kind, diagnosis);
    const node = this.#parts.sutFile[kind]?.node ?? kind;
    const where = scenario === undefined ? {} : { scenario };
    this.#parts.recorder.record({
      type: "sut-life",
      node,
      state: "unreachable",
      detail: diagnosis,
      ...where,
    });
    return false;
  }

  async #probeServer(): Promise<string | undefined> {
    const { core, sutFile } = this.#parts;
    const { server } = sutFile;
    if (server === undefined) return undefined;
    const to = hopOf(server.psi, { transport: server.transport });
    if (to === undefined) return undefined;
    const limit = Math.min(sutFile.guards.responseMs, PROBE_LIMIT_MS);
    const alive = await core.probe(server.psi, to, limit);
    return alive
      ? undefined
      : `${server.node} at ${to.host}:${to.port}/${to.transport} does not answer OPTIONS within ${limit} ms`;
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
