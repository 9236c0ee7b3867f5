/** `scrim list`: the items of Appendix B and the General items, what is bound, and by which scenarios it is tested. */
import type { CommandModule } from "yargs";

interface ListArguments {
  readonly selection: string[] | undefined;
  readonly json: boolean;
}

export const listCommand: CommandModule<object, ListArguments> = {
  command: "list [selection..]",
  describe: "list SCR items with their statements and scenarios",
  builder: (yargs) =>
    yargs
      .positional("selection", {
        type: "string",
        array: true,
        describe: "SCR item, table, clause, statement, @tag or feature path; everything unless told",
      })
      .option("json", {
        type: "boolean",
        default: false,
        describe: "print an array of {id, table, status, role, clause, statements, scenarios}",
      }),
  handler: async ({ selection = [], json }) => {
    const { existsSync } = await import("node:fs");
    const path = await import("node:path");
    const { PROJECT_ROOT } = await import("../../spec/project-root.ts");
    const { listItems } = await import("../item-list.ts");
    const { listingText } = await import("../listing-text.ts");
    const listing = listItems(selection, PROJECT_ROOT, (name) =>
      existsSync(path.resolve(PROJECT_ROOT, name)),
    );
    process.stdout.write(
      json
        ? `${JSON.stringify(listing.items, undefined, 2)}\n`
        : listingText(listing, process.stdout.columns),
    );
  },
};
