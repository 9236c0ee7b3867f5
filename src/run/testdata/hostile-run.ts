/** Short runs on real sockets, on ports that nobody has, against whatever a test puts in the place of the SUT. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse, stringify } from "yaml";
import { reportInput } from "../../cli/write-report.ts";
import { loadRules } from "../../judge/rules.ts";
import { judgeHere } from "../judging/judge.ts";
import { renderAll } from "../../report/render-all.ts";
import type { SutFile } from "../../spec/sut-file.ts";
import { readSutFileText } from "../../spec/sut-file-reader.ts";
import type { FindingMade, RunEvent, ScenarioJudged } from "../../trace/event.ts";
import { readRun } from "../../trace/ndjson.ts";
import { PROJECT_ROOT } from "../../spec/project-root.ts";
import { loadCucumber, readFeatures } from "../cucumber.ts";
import { planRun, type Plan } from "../plan.ts";
import { runReally } from "../real-run.ts";
import { RUN_RECORD } from "../recorded-run.ts";

const REFERENCE = path.join(PROJECT_ROOT, "scenarios", "sut", "reference.yaml");

/** Milliseconds; a hostile SUT is on this machine, and what it does not do it will not do later either. */
export const SHORT_GUARDS = {
  responseMs: 700,
  quietMs: 80,
  actionMs: 350,
  notifyMs: 200,
  scenarioMs: 6000,
} as const;

export interface Ports {
  readonly core: number;
  readonly xdm: number;
  readonly server: number;
}

/** The text of the reference's SUT file on other ports, without its client. */
export function serverSutText(
  ports: Ports,
  transport: "udp" | "tcp",
  guards: Readonly<Record<string, number>> = SHORT_GUARDS,
): string {
  const file: Readonly<Record<string, Readonly<Record<string, unknown>>>> = parse(
    readFileSync(REFERENCE, "utf8"),
  );
  const { client: _client, ...rest } = file;
  const at = (name: string): string => `sip:${name}@127.0.0.1:${ports.server};lr`;
  const { control: _control, ...server } = file["server"] ?? {};
  return stringify({
    ...rest,
    ics: { claimed: [] },
    core: { ...file["core"], port: ports.core },
    xdm: { ...file["xdm"], port: ports.xdm },
    server: {
      ...server,
      originating: at("originating"),
      terminating: at("terminating"),
      psi: at("psi"),
      transport,
      configurationSets: [{ name: "default", description: "as it is", by: "always" }],
    },
    guards,
  });
}

export function serverSut(ports: Ports, transport: "udp" | "tcp"): SutFile {
  return readSutFileText(serverSutText(ports, transport));
}

const given = new Set<number>();

/** From where neither the platform takes ports for connections nor Scrim for its own sockets: what was free stays so. */
const [LOWEST, COUNT] = [10_240, 4000];

/** A port that was free a moment ago and was not given to another test of this process. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * COUNT);
    if (!given.has(port) && (await isFree(port))) {
      given.add(port);
      return port;
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => {
      probe.close(() => resolve(true));
    });
  });
}

/** Scenarios of the default configuration set by their names. */
export async function planOf(sutFile: SutFile, names: readonly string[]): Promise<Plan> {
  const features = await readFeatures(await loadCucumber());
  const selects = ({ name, configurationSet }: { name: string; configurationSet: string }): boolean =>
    names.includes(name) && configurationSet === "default";
  return planRun(features, sutFile, { selects });
}

export interface ShortRun {
  readonly events: readonly RunEvent[];
  readonly plan: Plan;
  readonly verdicts: readonly ScenarioJudged[];
  readonly findings: readonly FindingMade[];
  readonly tookMs: number;
  /** What the record on disk holds. */
  readonly record: Awaited<ReturnType<typeof readRun>>;
}

export async function shortRun(
  sutFile: SutFile,
  plan: Plan,
  options: { readonly lanes?: number; readonly signal?: AbortSignal } = {},
): Promise<ShortRun> {
  const out = mkdtempSync(path.join(tmpdir(), "scrim-hostile-"));
  const started = performance.now();
  try {
    const events = await runReally({
      cucumber: await loadCucumber(),
      plan,
      judge: judgeHere(await loadRules(), sutFile),
      sutFile,
      lanes: options.lanes ?? 1,
      selection: [],
      seed: 1,
      version: "0",
      out,
      terminal: { write: () => undefined, onKey: () => () => undefined, everySecond: () => () => undefined },
      signal: options.signal ?? new AbortController().signal,
      onEvent: () => undefined,
    });
    const tookMs = performance.now() - started;
    return {
      events,
      plan,
      tookMs,
      verdicts: events.filter((event): event is ScenarioJudged => event.type === "scenario-judged"),
      findings: events.filter((event): event is FindingMade => event.type === "finding"),
      record: await readRun(path.join(out, RUN_RECORD)),
    };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Every artefact, as `scrim run` writes them. */
export function rendered(events: readonly RunEvent[], sutFile: SutFile): ReadonlyMap<string, Uint8Array> {
  return renderAll(reportInput(events, sutFile, { strict: false }));
}
