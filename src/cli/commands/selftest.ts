/** `scrim selftest`: every fault against the scenarios of its statement, on the virtual network. */
import chalk from "chalk";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { CommandModule } from "yargs";
import type { SelftestResult, Share } from "../../run/selftest.ts";
import { EXIT } from "../exit-status.ts";
import { PROJECT_ROOT } from "../../spec/project-root.ts";
import { REFERENCE_FILE } from "../project.ts";

interface Arguments {
  readonly selection: string[] | undefined;
  readonly json: boolean | undefined;
  readonly part: string | undefined;
}

/** More processes than these gain little: each has to read everything first. */
const MOST_PROCESSES = 8;

export const selftestCommand: CommandModule<object, Arguments> = {
  command: "selftest [selection..]",
  describe: "put each fault into the reference and see whether its check notices",
  builder: (yargs) =>
    yargs
      .positional("selection", {
        type: "string",
        array: true,
        describe: "SCR item, table, clause or statement; all of them unless told",
      })
      .option("json", { type: "boolean", describe: "print {killed, total, survivors, collateral, unsound}" })
      .option("part", { type: "string", hidden: true }),
  handler: async ({ selection = [], json = false, part }) => {
    const share = part === undefined ? undefined : shareOf(part);
    if (share !== undefined) {
      process.stdout.write(JSON.stringify(await performPart(selection, share)));
      return;
    }
    const parts = selection.length === 0 ? Math.min(availableParallelism(), MOST_PROCESSES) : 1;
    const result = parts === 1 ? await performPart(selection) : await inProcesses(parts);
    process.stdout.write(json ? `${JSON.stringify(asJson(result), undefined, 2)}\n` : asText(result));
    process.exitCode = isGood(result) ? EXIT.ok : EXIT.failed;
  },
};

/** `1/4`, from 0. */
function shareOf(words: string): Share {
  const [part = Number.NaN, parts = Number.NaN] = words.split("/").map(Number);
  if (!(part >= 0 && part < parts)) throw new RangeError(`--part ${words}: expected one such as 0/2`);
  return { part, parts };
}

async function performPart(selection: readonly string[], share?: Share): Promise<SelftestResult> {
  const { loadRules } = await import("../../judge/rules.ts");
  const { loadCucumber, readFeatures } = await import("../../run/cucumber.ts");
  const { selftest } = await import("../../run/selftest.ts");
  const { resolveSelection } = await import("../../spec/selection.ts");
  const { readSutFile } = await import("../../spec/sut-file-reader.ts");
  const selected = resolveSelection(selection, {
    exists: (name) => existsSync(path.join(PROJECT_ROOT, name)),
  });
  const cucumber = await loadCucumber();
  return selftest({
    cucumber,
    features: await readFeatures(cucumber),
    rules: await loadRules(),
    sutFile: readSutFile(REFERENCE_FILE),
    selects: (statement) => selected.statements.size === 0 || selected.statements.has(statement),
    ...(share === undefined ? {} : { share }),
  });
}

/** All of it, by as many processes as there are cores: faults know nothing of each other. */
async function inProcesses(parts: number): Promise<SelftestResult> {
  const { mergedParts } = await import("../../run/selftest.ts");
  const program = path.join(PROJECT_ROOT, "bin", "scrim.mjs");
  const outputs = await Promise.all(
    Array.from({ length: parts }, (_, part) =>
      promisify(execFile)(process.execPath, [program, "selftest", "--part", `${part}/${parts}`], {
        maxBuffer: 64 * 1024 * 1024,
      }),
    ),
  );
  return mergedParts(
    outputs.map(({ stdout }): SelftestResult => {
      const result: SelftestResult = JSON.parse(stdout);
      return result;
    }),
  );
}

function isGood({ faults, unsound }: SelftestResult): boolean {
  return unsound.length === 0 && faults.every((fault) => fault.killedIn.length > 0);
}

function asJson({ faults, unsound }: SelftestResult): object {
  const survivors = faults.filter((fault) => fault.killedIn.length === 0);
  return {
    killed: faults.length - survivors.length,
    total: faults.length,
    survivors: survivors.flatMap(({ fault, statements }) =>
      statements.map((statement) => ({ fault, statement })),
    ),
    collateral: faults.reduce((sum, { collateral }) => sum + collateral.length, 0),
    unsound,
  };
}

function asText({ faults, unsound }: SelftestResult): string {
  const lines = faults.map(({ fault, killedIn, collateral, survivedBecause }) => {
    const mark = killedIn.length > 0 ? chalk.green("killed  ") : chalk.red("survived");
    const because = survivedBecause === undefined ? "" : chalk.red(` — ${survivedBecause}`);
    const others = collateral.length === 0 ? "" : chalk.dim(` (turned too: ${collateral.join(", ")})`);
    return `${mark} ${fault}${because}${others}`;
  });
  const killed = faults.filter((fault) => fault.killedIn.length > 0).length;
  const bad = unsound.map(({ scenario, reason }) => chalk.red(`unsound  ${scenario}: ${reason}`));
  return `${[...lines, ...bad, "", `${killed} of ${faults.length} faults killed; ${unsound.length} scenarios do not pass on the reference`].join("\n")}\n`;
}
