/** `scrim serve server|client`: the reference implementation on the SUT's addresses, for `scrim run` in another terminal. */
import type { CommandModule } from "yargs";
import type { SutFile } from "../../spec/sut-file.ts";
import { exitStatusOfError, sentenceOf } from "../errors.ts";
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
      }),
  handler: async ({ role, sut }) => {
    const { readSutFile } = await import("../../spec/sut-file-reader.ts");
    const sutFile = readSutFile(sut);
    try {
      await serve(role === "server" ? "server" : "client", sutFile);
    } catch (error) {
      process.stderr.write(`scrim: ${sentenceOf(error)}\n`);
      // What was opened before the failure would keep the process alive.
      process.exit(exitStatusOfError(error));
    }
  },
};

async function serve(role: "server" | "client", sutFile: SutFile): Promise<void> {
  const { randomIds } = await import("../../net/real/random-ids.ts");
  const { realClock } = await import("../../net/real/real-clock.ts");
  const { realNetworkFor } = await import("../../run/real-network-for.ts");
  const { openReferenceClient, openReferenceServer } = await import("../../target/reference.ts");
  const surroundings = { network: await realNetworkFor(sutFile), clock: realClock, ids: randomIds() };
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
