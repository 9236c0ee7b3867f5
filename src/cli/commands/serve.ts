/** `scrim serve server|client`: the reference implementation on the SUT's addresses, for `scrim run` in another terminal. */
import type { Argv, CommandModule } from "yargs";
import { randomIds } from "../../net/real/random-ids.ts";
import { realClock } from "../../net/real/real-clock.ts";
import { createRealNetwork } from "../../net/real/real-network.ts";
import { PortInUseError } from "../../net/network.ts";
import type { SutFile } from "../../spec/sut-file.ts";
import { readSutFile } from "../../spec/sut-file-reader.ts";
import { openReferenceClient, openReferenceServer } from "../../target/reference.ts";
import { EXIT } from "../exit-status.ts";
import { REFERENCE_FILE } from "../project.ts";

interface ServeArguments {
  readonly role: string;
  readonly sut: string;
}

export const serveCommand: CommandModule<object, ServeArguments> = {
  command: "serve <role>",
  describe: "play the reference server or client on the addresses of a SUT file",
  builder: (yargs) =>
    yargs
      .positional("role", {
        choices: ["server", "client"] as const,
        demandOption: true,
        describe: "which side to play",
      })
      .option("sut", {
        type: "string",
        default: REFERENCE_FILE,
        describe: "the SUT file",
      }) as unknown as Argv<ServeArguments>,
  handler: async ({ role, sut }) => {
    try {
      await serve(role === "server" ? "server" : "client", readSutFile(sut));
    } catch (error) {
      if (!(error instanceof PortInUseError)) throw error;
      process.stderr.write(
        `scrim: ${error.message}. End that process, or change the port in the SUT file.\n`,
      );
      process.exitCode = EXIT.inconclusive;
    }
  },
};

async function serve(role: "server" | "client", sutFile: SutFile): Promise<void> {
  const surroundings = { network: createRealNetwork(), clock: realClock, ids: randomIds() };
  const open = role === "server" ? openReferenceServer : openReferenceClient;
  const peer = await open(sutFile, surroundings);
  process.stdout.write(
    `${JSON.stringify({ ready: role, product: sutFile.identification.product, ...(peer.control === undefined ? {} : { control: peer.control }) })}\n`,
  );
  const end = (): void => {
    void peer.close().then(() => process.exit(0));
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  // A parent that started this process holds its standard input: when it goes away, however it ends, so does this one.
  if (process.env["SCRIM_PARENT"] === "1") process.stdin.on("end", end).resume();
}
