/** Cucumber in this process: the steps are loaded once, and lanes share them. */
import { loadConfiguration, loadSupport, runCucumber } from "@cucumber/cucumber/api";
import type { IRunConfiguration, ISupportCodeLibrary } from "@cucumber/cucumber/api";
import type { Envelope, GherkinDocument, Pickle } from "@cucumber/messages";
import { PassThrough } from "node:stream";
import path from "node:path";
import { PROJECT_ROOT } from "../spec/project-root.ts";

/** Beside the code that runs, which may be the compiled copy of the project's. */
const STEPS = path.join(import.meta.dirname, "../../steps/*.{ts,js}");

/** A scenario as Gherkin has it. An outline gives one for each row of its examples. */
export interface FeatureScenario {
  readonly pickle: Pickle;
  readonly document: GherkinDocument;
}

export class FeatureError extends Error {
  readonly code = "feature-error";
}

/** Steps and configuration, loaded once in a process. */
export interface Cucumber {
  readonly configuration: IRunConfiguration;
  readonly support: ISupportCodeLibrary;
}

let loaded: Promise<Cucumber> | undefined;

export function loadCucumber(): Promise<Cucumber> {
  loaded ??= load();
  return loaded;
}

/** Cucumber listens for uncaught errors during each step, so as many listeners at a time as there are lanes are no leak. */
const STEPS_AT_A_TIME = 100;

async function load(): Promise<Cucumber> {
  process.setMaxListeners(Math.max(process.getMaxListeners(), STEPS_AT_A_TIME));
  const environment = quietEnvironment();
  const provided = {
    import: [STEPS],
    paths: ["features/**/*.feature"],
    format: [],
    publishQuiet: true,
  };
  const { runConfiguration } = await loadConfiguration({ file: false, provided }, environment);
  const support = await loadSupport(runConfiguration, environment);
  return {
    configuration: { ...runConfiguration, formats: { ...runConfiguration.formats, stdout: "message" } },
    support,
  };
}

/** Cucumber's own output is of no use here: progress and reports come from the record. */
function quietEnvironment(): {
  cwd: string;
  stdout: PassThrough;
  stderr: PassThrough;
  env: NodeJS.ProcessEnv;
} {
  const sink = (): PassThrough => new PassThrough().resume();
  return { cwd: PROJECT_ROOT, stdout: sink(), stderr: sink(), env: {} };
}

/** All scenarios of the features, in their order. Rejects with {@link FeatureError} when a feature cannot be read. */
export async function readFeatures(
  cucumber: Cucumber,
  paths: readonly string[] = ["features/**/*.feature"],
): Promise<readonly FeatureScenario[]> {
  const documents = new Map<string, GherkinDocument>();
  const pickles: Pickle[] = [];
  const errors: string[] = [];
  await run(cucumber, { dryRun: true, paths, worldParameters: {} }, (envelope) => {
    const { gherkinDocument, pickle, parseError } = envelope;
    if (gherkinDocument?.uri !== undefined) documents.set(gherkinDocument.uri, gherkinDocument);
    if (pickle !== undefined) pickles.push(pickle);
    if (parseError !== undefined)
      errors.push(`${parseError.source.uri ?? "a feature"}: ${parseError.message}`);
  });
  if (errors.length > 0) throw new FeatureError(errors.join("\n"));
  return pickles.map((pickle) => ({ pickle, document: documentOf(pickle, documents) }));
}

function documentOf(pickle: Pickle, documents: ReadonlyMap<string, GherkinDocument>): GherkinDocument {
  const document = documents.get(pickle.uri);
  if (document === undefined) throw new FeatureError(`${pickle.uri} has no document`);
  return document;
}

export interface CucumberRun {
  readonly dryRun?: boolean;
  /** Feature files, or `file:line`. */
  readonly paths: readonly string[];
  readonly worldParameters: Record<string, string | number>;
}

/** Runs scenarios; `onEnvelope` is told of each of cucumber's messages. */
export async function run(
  cucumber: Cucumber,
  request: CucumberRun,
  onEnvelope: (envelope: Envelope) => void,
): Promise<boolean> {
  const { configuration, support } = cucumber;
  const { success } = await runCucumber(
    {
      ...configuration,
      support,
      sources: { ...configuration.sources, paths: [...request.paths] },
      runtime: {
        ...configuration.runtime,
        dryRun: request.dryRun ?? false,
        worldParameters: request.worldParameters,
      },
    },
    quietEnvironment(),
    onEnvelope,
  );
  return success;
}
