/** `scrim doctor`: a look at the rig before any test. */
import type { CommandModule } from "yargs";
import type { Finding } from "../../run/diagnose.ts";
import { EXIT } from "../exit-status.ts";
import { REFERENCE_FILE } from "../project.ts";

interface DoctorArguments {
  readonly sut: string;
  readonly json: boolean;
}

export const doctorCommand: CommandModule<object, DoctorArguments> = {
  command: "doctor",
  describe: "check ports, addresses, trust, registrations and triggers before any test",
  builder: (yargs) =>
    yargs
      .option("sut", { type: "string", default: REFERENCE_FILE, describe: "the SUT file" })
      .option("json", {
        type: "boolean",
        default: false,
        describe: "print an array of {level, about, says, change}",
      }),
  handler: async ({ sut, json }) => {
    const { readSutFile } = await import("../../spec/sut-file-reader.ts");
    const sutFile = readSutFile(sut);
    const { diagnoseReally } = await import("../../run/diagnose.ts");
    const { openTerminal } = await import("../terminal.ts");
    const onFinding = json
      ? () => undefined
      : (finding: Finding) => void process.stdout.write(textOf(finding));
    const findings = await diagnoseReally(sutFile, openTerminal(), onFinding);
    const problems = findings.filter(({ level }) => level === "problem").length;
    process.stdout.write(
      json ? `${JSON.stringify(findings, undefined, 2)}\n` : `\n${conclusion(problems)}\n`,
    );
    process.exitCode = problems === 0 ? EXIT.ok : EXIT.inconclusive;
  },
};

const MARKS = { ok: "✔", problem: "✘", note: "·" } as const;

function textOf({ level, about, says, change }: Finding): string {
  const advice = change === undefined ? "" : `\n               → ${change}`;
  return `${MARKS[level]} ${about.padEnd(12)} ${says}${advice}\n`;
}

function conclusion(problems: number): string {
  if (problems === 0) return "Nothing stands in the way of a run.";
  return problems === 1
    ? "One problem stands in the way of a run."
    : `${problems} problems stand in the way of a run.`;
}
