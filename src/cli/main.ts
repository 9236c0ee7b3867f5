/** The command line: arguments in, a command out. Data goes to stdout, people are spoken to on stderr. */
import yargs from "yargs";
import { certificatesCommand } from "./commands/certificates.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { explainCommand } from "./commands/explain.ts";
import { initCommand } from "./commands/init.ts";
import { judgeCommand } from "./commands/judge.ts";
import { listCommand } from "./commands/list.ts";
import { recoverCommand } from "./commands/recover.ts";
import { reportCommand } from "./commands/report.ts";
import { runCommand } from "./commands/run.ts";
import { selftestCommand } from "./commands/selftest.ts";
import { serveCommand } from "./commands/serve.ts";
import { startCommand } from "./commands/start.ts";
import { zoneCommand } from "./commands/zone.ts";
import { exitStatusOfError, sentenceOf, UsageError } from "./errors.ts";
import { projectVersion } from "./project.ts";

export async function main(argv: readonly string[]): Promise<void> {
  try {
    await yargs([...argv])
      .scriptName("scrim")
      .usage("$0 COMMAND\n\nConformance and interoperability tests for OMA SIMPLE IM 1.0")
      .command(startCommand)
      .command(initCommand)
      .command(doctorCommand)
      .command(runCommand)
      .command(listCommand)
      .command(explainCommand)
      .command(judgeCommand)
      .command(reportCommand)
      .command(recoverCommand)
      .command(serveCommand)
      .command(zoneCommand)
      .command(certificatesCommand)
      .command(selftestCommand)
      // chalk looks for the word by itself; here it is only made known.
      .option("color", { type: "boolean", default: true, describe: "--no-color leaves colours out" })
      .demandCommand(1, "which command? `scrim --help` lists them")
      .strict()
      .version(projectVersion())
      .fail((message, error) => {
        throw error ?? new UsageError(message);
      })
      .parseAsync();
  } catch (error) {
    process.stderr.write(`scrim: ${sentenceOf(error)}\n`);
    process.exitCode = exitStatusOfError(error);
  }
}
