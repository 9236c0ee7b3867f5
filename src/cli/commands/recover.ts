/** `scrim recover RUN`: ends what a killed run left open at the SUT. */
import type { CommandModule } from "yargs";
import type { OpenEnds } from "../../run/open-ends.ts";
import { EXIT } from "../exit-status.ts";
import { RUN_WORDS } from "./judge.ts";

interface RecoverArguments {
  readonly run: string;
}

export const recoverCommand: CommandModule<object, RecoverArguments> = {
  command: "recover <run>",
  describe: "end at the SUT what a killed run left open",
  builder: (yargs) => yargs.positional("run", { type: "string", demandOption: true, describe: RUN_WORDS }),
  handler: async ({ run: word }) => {
    const { openRecord } = await import("../judged-record.ts");
    const { nothingIsOpen, openEndsIn } = await import("../../run/open-ends.ts");
    const { events, sutFile } = await openRecord(word);
    const ends = openEndsIn(events, sutFile);
    for (const line of found(ends)) process.stdout.write(`${line}\n`);
    if (nothingIsOpen(ends)) return;
    const { recoverReally } = await import("../../run/recover.ts");
    const { openTerminal } = await import("../terminal.ts");
    let good = true;
    await recoverReally(ends, sutFile, openTerminal(), ({ ok, says }) => {
      good &&= ok;
      process.stdout.write(`${ok ? "✔" : "✘"} ${says}\n`);
    });
    process.exitCode = good ? EXIT.ok : EXIT.inconclusive;
  },
};

function found(ends: OpenEnds): readonly string[] {
  const { registrations, publications, subscriptions, client, configurationSet, documents } = ends;
  const lines = [
    ...registrations.map((user) => `open: registration of ${user}`),
    ...publications.map(({ user }) => `open: settings of ${user}`),
    ...subscriptions.map((subscription) => `open: subscription to ${subscription}; it ends when it expires`),
    ...(client ? ["open: registration of the client under test"] : []),
    ...(configurationSet === undefined ? [] : [`the server is in the configuration set ${configurationSet}`]),
    ...documents.map((uri) => `the document of ${uri} was in Scrim's XDMS, and went with it`),
  ];
  return lines.length === 0 ? ["Nothing is open."] : lines;
}
