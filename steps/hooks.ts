/** A scenario opens in the rig before its first step and is cleaned up and judged after its last, whatever happened between. */
import { After, AfterStep, Before, BeforeStep, setDefaultTimeout, Status } from "@cucumber/cucumber";
import type { ITestCaseHookParameter, ITestStepHookParameter } from "@cucumber/cucumber";
import { ActionFailed } from "../src/lab/actor.ts";
import { rigNamed } from "../src/lab/rigs.ts";
import { describeScenario } from "../src/lab/describe-scenario.ts";
import type { ScrimWorld } from "./world.ts";

Before(async function open(this: ScrimWorld, { pickle, gherkinDocument }: ITestCaseHookParameter) {
  const rig = rigNamed(this.parameters.rig);
  const lab = await rig.openScenario(describeScenario(pickle, gherkinDocument), this.parameters.lane);
  if (lab === undefined) return "skipped";
  this.enter(lab);
  return undefined;
});

// The preamble ends with the first stimulus.
BeforeStep(function reach(this: ScrimWorld, { pickleStep }: ITestStepHookParameter) {
  // PickleStepType.ACTION of the copy of the messages that cucumber brings along.
  if (String(pickleStep.type) === "Action") this.lab.enterBody();
});

AfterStep(function told(
  this: ScrimWorld,
  { pickleStep, result, error }: ITestStepHookParameter & { error?: unknown },
) {
  const text = pickleStep.text;
  if (result.status === Status.PASSED) this.lab.stepDone({ text, status: "passed" });
  else if (result.status === Status.FAILED) {
    const blame = error instanceof ActionFailed ? error.blame : "scrim";
    this.lab.stepDone({ text, status: "failed", reason: reasonOf(error, result.message), blame });
  }
});

After(async function close(this: ScrimWorld) {
  if (this.entered) await this.lab.close();
});

// Guards of the SUT file bound every wait; cucumber's own limit would only cut a slow SUT off.
setDefaultTimeout(-1);

function reasonOf(error: unknown, message: string | undefined): string {
  if (error instanceof Error) return error.message;
  return message?.split("\n")[0] ?? "the step failed";
}
