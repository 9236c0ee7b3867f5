import type { CommandModule } from "yargs";
export const recoverCommand: CommandModule<object, object> = {
  command: "recover",
  describe: false,
  handler: () => undefined,
};
