/** Recovery after a kill: from the record to what is still open, and through a rig on this machine's sockets to its end. */
import { recover, type Ended } from "../lab/recovery.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { Terminal } from "../target/manual-trigger.ts";
import type { OpenEnds } from "./open-ends.ts";
import { realSurroundings } from "./real-surroundings.ts";

export type { Ended } from "../lab/recovery.ts";

/** Fails with `PortInUseError` and `TlsFileError`. */
export async function recoverReally(
  ends: OpenEnds,
  sutFile: SutFile,
  terminal: Terminal,
  onEnded: (ended: Ended) => void,
): Promise<void> {
  return recover(ends, { sutFile, ...(await realSurroundings(sutFile, terminal)) }, onEnded);
}
