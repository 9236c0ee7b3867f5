/** The doctor on the sockets of this machine. */
import { diagnose, type DoctorOptions } from "../lab/doctor/doctor.ts";
import type { Finding } from "../lab/doctor/finding.ts";
import { realSurroundings } from "./real-surroundings.ts";
import type { SutFile } from "../spec/sut-file.ts";
import type { Terminal } from "../target/manual-trigger.ts";

export type { Finding } from "../lab/doctor/finding.ts";

/** Never fails for what is wrong with the rig: that is a finding. Fails with `TlsFileError`. */
export async function diagnoseReally(
  sutFile: SutFile,
  terminal: Terminal,
  onFinding: NonNullable<DoctorOptions["onFinding"]>,
): Promise<readonly Finding[]> {
  return diagnose({ sutFile, ...(await realSurroundings(sutFile, terminal)), realSockets: true, onFinding });
}
