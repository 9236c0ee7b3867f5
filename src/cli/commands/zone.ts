/** `scrim zone`: the DNS zones of a SUT file as a master file. */
import type { Argv, CommandModule } from "yargs";
import { REFERENCE_FILE } from "../project.ts";

interface ZoneArguments {
  readonly sut: string;
}

export const zoneCommand: CommandModule<object, ZoneArguments> = {
  command: "zone",
  describe: "print the DNS zones by which the SUT finds its core, for a name server",
  builder: (yargs: Argv<object>) =>
    yargs.option("sut", { type: "string", default: REFERENCE_FILE, describe: "the SUT file" }),
  handler: async ({ sut }) => {
    const { readSutFile } = await import("../../spec/sut-file-reader.ts");
    const { zonesOf } = await import("../../spec/zones.ts");
    const { zoneFileText } = await import("../../spec/zone-file.ts");
    process.stdout.write(zoneFileText(zonesOf(readSutFile(sut))));
  },
};
