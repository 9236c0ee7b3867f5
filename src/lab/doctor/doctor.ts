/**
 * A look at the rig before any test: ports, the server's addresses, registrations, trust, the way back to Scrim's core, documents, control
 * hook and trigger. It asks what scenarios will ask, through the same rig, and waits no longer than the guards of the SUT file say.
 */
import type { RunEvent } from "../../trace/event.ts";
import { createRecorder } from "../../trace/recorder.ts";
import { openRig, type RigOptions } from "../rig.ts";
import { examineClient } from "./client.ts";
import { examineControl } from "./control.ts";
import { examineDocuments } from "./documents.ts";
import type { Examination } from "./examination.ts";
import { createFindings, type Finding } from "./finding.ts";
import { examinePassing } from "./passing.ts";
import { examinePorts } from "./ports.ts";
import { examineExternalCore, examineReach } from "./reach.ts";
import { examineRegistrations } from "./registrations.ts";

export interface DoctorOptions extends Omit<RigOptions, "recorder" | "onClosed" | "mayStart"> {
  /** Sockets of this machine: then it is also asked who accepts connections at a port. */
  readonly realSockets: boolean;
  readonly onFinding?: (finding: Finding) => void;
}

/** All findings. What rests on something that is not there is not asked, so that one cause makes one problem. */
export async function diagnose(options: DoctorOptions): Promise<readonly Finding[]> {
  const made: Finding[] = [];
  const findings = createFindings((finding) => {
    made.push(finding);
    options.onFinding?.(finding);
  });
  const { sutFile, network, realSockets } = options;
  const ready =
    (await examinePorts(sutFile, network, findings, realSockets)) &&
    (await examineExternalCore(options, findings));
  if (!ready) {
    await closeTriggers(options);
    return made;
  }
  const { server } = sutFile;
  const reached = server !== undefined && (await examineReach(server, options, findings));
  const events: RunEvent[] = [];
  const recorder = createRecorder({
    clock: options.clock,
    sink: { write: (event) => void events.push(event) },
  });
  const rig = await openRig({ ...options, recorder, onClosed: (scenario) => recorder.forget(scenario) });
  const examination: Examination = { ...options, rig, recorder, events, findings };
  try {
    if (server !== undefined && reached) {
      await examineControl(server, examination);
      if (await examineRegistrations(examination)) {
        if (await examinePassing(examination)) await examineDocuments(examination);
      }
    }
    if (sutFile.client !== undefined) await examineClient(sutFile.client, examination);
  } finally {
    await options.driver.drive(rig.close());
  }
  return made;
}

async function closeTriggers({ triggers, driver }: DoctorOptions): Promise<void> {
  await driver.drive(Promise.all([triggers.client?.close(), triggers.server?.close()]));
}
