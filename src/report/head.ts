/** What was tested, by whom, against which document, and how the run ended. */
import type { SutFile } from "../spec/sut-file.ts";
import type { RunEvent, RunOpened } from "../trace/event.ts";
import type { ReportInput } from "./model.ts";

export interface ReportHead {
  readonly product: string;
  readonly version: string;
  readonly vendor: string;
  readonly tester: string;
  /** The exact permanent document that was judged. */
  readonly document: string;
  readonly scrim: string;
  readonly roles: readonly string[];
  readonly selection: readonly string[];
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** Milliseconds. */
  readonly durationMs: number;
  /** `cut short`: the record has no end, as after a kill. */
  readonly completion: "complete" | "interrupted" | "cut short";
  readonly seed: number;
  /** Whether clock and network were simulated. */
  readonly virtual: boolean;
}

/** A record without its opening event is no record of a run. */
export class NoRunError extends Error {
  readonly code = "no-run-opened";
  constructor() {
    super("the record does not begin with a run-opened event; give the run.ndjson that `scrim run` wrote");
    this.name = "NoRunError";
  }
}

/** Throws {@link NoRunError}. */
export function runOpenedOf(events: readonly RunEvent[]): RunOpened {
  const opened = events.find((event) => event.type === "run-opened");
  if (opened === undefined) throw new NoRunError();
  return opened;
}

/** Throws {@link NoRunError}. */
export function reportHead({ events }: ReportInput): ReportHead {
  const opened = runOpenedOf(events);
  const closed = events.find((event) => event.type === "run-closed");
  const last = closed ?? events.at(-1) ?? opened;
  const { product, version, vendor, tester } = opened.sutFile.identification;
  return {
    product,
    version,
    vendor,
    tester,
    document: opened.document,
    scrim: opened.scrim,
    roles: rolesOf(opened.sutFile),
    selection: opened.selection,
    startedAt: new Date(opened.at).toISOString(),
    endedAt: new Date(last.at).toISOString(),
    durationMs: last.at - opened.at,
    completion: closed?.how ?? "cut short",
    seed: opened.seed,
    virtual: opened.virtual,
  };
}

export function rolesOf(sut: SutFile): readonly string[] {
  const server = sut.server?.functions.map((name) => `IM Server: ${name} function`) ?? [];
  return sut.client === undefined ? server : [...server, "IM Client"];
}
