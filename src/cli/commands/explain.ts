import type { CommandModule } from "yargs";
export const explainCommand: CommandModule<object, object> = {
  command: "explain",
  describe: false,
  handler: () => undefined,
};
