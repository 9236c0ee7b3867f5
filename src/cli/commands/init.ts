/** `scrim init`: a commented SUT file, and what the vendor must provision so that it is true. */
import { writeFileSync } from "node:fs";
import type { CommandModule } from "yargs";
import { provisioningSteps, sutFileTemplate, type SutKind } from "../../spec/sut-file-template.ts";

interface InitArguments {
  readonly file: string;
  readonly role: string;
  readonly force: boolean;
}

export const initCommand: CommandModule<object, InitArguments> = {
  command: "init [file]",
  describe: "write a commented SUT file and say what must be provisioned",
  builder: (yargs) =>
    yargs
      .positional("file", { type: "string", default: "sut.yaml", describe: "the file to write" })
      .option("role", {
        choices: ["server", "client", "both"] as const,
        default: "both",
        describe: "what is to be tested",
      })
      .option("force", {
        type: "boolean",
        default: false,
        describe: "write over a file that is there",
      }),
  handler: ({ file, role: word, force }) => {
    const role = word === "server" || word === "client" ? word : "both";
    writeTemplate(file, role, force);
    process.stdout.write(`${file} is written: change the lines marked CHANGE.\n\nProvision at the SUT:\n`);
    for (const step of provisioningSteps(role)) process.stdout.write(`  - ${step}\n`);
    process.stdout.write(`\nThen: scrim doctor --sut ${file}\n      scrim run --sut ${file}\n`);
  },
};

export class SutFileExists extends Error {
  readonly code = "sut-file-exists";
}

/** Throws {@link SutFileExists}, and errors of the file system. */
export function writeTemplate(file: string, role: SutKind, force: boolean): void {
  try {
    writeFileSync(file, sutFileTemplate(role), { flag: force ? "w" : "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    throw new SutFileExists(`${file} is there already. Name another file, or write over it with --force.`);
  }
}
