/** Whether the control hook of the server answers, and brings it into the configuration sets that the SUT file says it can. */
import type { ServerSut } from "../../spec/sut-file.ts";
import { DEFAULT_SET } from "../describe-scenario.ts";
import type { Examination } from "./examination.ts";

export async function examineControl(server: ServerSut, examination: Examination): Promise<void> {
  const { findings, triggers, driver } = examination;
  const { control, configurationSets } = server;
  if (control === undefined || triggers.server === undefined) {
    findings.note(
      "control",
      "the server has no control hook: system messages and configuration sets other than the default are not tested",
      "Add server.control, where the server can be asked for something.",
    );
    return;
  }
  if (control.kind === "manual") {
    findings.note("control", "a person is asked for what the server is to do; the doctor asks nothing");
    return;
  }
  const answer = await driver.drive(triggers.server.perform({ action: "reset" }));
  if (answer.ok) findings.ok("control", "the control hook of the server answers");
  else if (answer.code === "unsupported")
    findings.note(
      "control",
      `the control hook answers, but cannot reset: ${answer.says ?? "no reason given"}`,
    );
  else {
    findings.problem(
      "control",
      `the control hook of the server fails: ${answer.says ?? "no reason given"}`,
      "Start what answers there, or change server.control.",
    );
    return;
  }
  const byControl = configurationSets.filter(({ by, name }) => by === "control" && name !== DEFAULT_SET);
  for (const { name } of byControl) await enter(name, examination);
  if (byControl.length > 0) await enter(DEFAULT_SET, examination);
}

async function enter(set: string, { findings, triggers, driver }: Examination): Promise<void> {
  if (triggers.server === undefined) return;
  const answer = await driver.drive(triggers.server.perform({ action: "configure", set }));
  if (answer.ok) findings.ok("control", `the server can be brought into the configuration set ${set}`);
  else
    findings.problem(
      "control",
      `the server cannot be brought into the configuration set ${set}: ${answer.says ?? "no reason given"}`,
      `Let the hook know the set, or take ${set} out of server.configurationSets, or say by: hand.`,
    );
}
