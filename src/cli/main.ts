/** The command line: arguments in, a command out. Data goes to stdout, people are spoken to on stderr. */
import yargs from "yargs";
import { runCommand } from "./commands/run.ts";
import { serveCommand } from "./commands/serve.ts";
import { startCommand } from "./commands/start.ts";
import { selftestCommand } from "./commands/selftest.ts";
import { EXIT } from "./exit-status.ts";
import { projectVersion } from "./project.ts";

export async function main(argv: readonly string[]): Promise<void> {
  try {
    await yargs([...argv])
      .scriptName("scrim")
      .usage("$0 COMMAND\n\nConformance and interoperability tests for OMA SIMPLE IM 1.0")
      .command(startCommand)
      .command(runCommand)
      .command(serveCommand)
      .command(selftestCommand)
      .demandCommand(1, "which command? `scrim --help` lists them")
      .strict()
      .version(projectVersion())
      .fail((message, error) => {
        throw error ?? new UsageError(message);
      })
      .parseAsync();
  } catch (error) {
    process.stderr.write(`scrim: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = EXIT.usage;
  }
}

class UsageError extends Error {
  readonly code = "usage";
}
