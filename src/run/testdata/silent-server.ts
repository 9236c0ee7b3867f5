/** A server that registers everybody and never answers a message; says on standard output which port it has. */
import { openHostileServer } from "./hostile-server.ts";

const { port } = await openHostileServer(({ method }) => method === "MESSAGE");
process.stdout.write(`${port}\n`);
// Whoever started it holds its standard input.
process.stdin.resume().on("end", () => process.exit(0));
