/** Whether the client under test does what its trigger is asked, and registers with Scrim's core. */
import type { ClientSut } from "../../spec/sut-file.ts";
import type { ScenarioTrace } from "../../trace/scenario-trace.ts";
import { ask, messageOf, traceOf, type Examination } from "./examination.ts";

export async function examineClient(client: ClientSut, examination: Examination): Promise<void> {
  const { findings, triggers, driver } = examination;
  if (client.trigger.kind === "manual") {
    findings.note("client", "a person is asked for what the client is to do; the doctor asks nothing");
    return;
  }
  if (triggers.client === undefined) return;
  const answer = await driver.drive(triggers.client.perform({ action: "reset" }));
  if (!answer.ok && answer.code !== "unsupported") {
    findings.problem(
      "client",
      `the trigger of the client fails: ${answer.says ?? "no reason given"}`,
      "Start the client and its driver, or change client.trigger.",
    );
    return;
  }
  findings.ok("client", "the trigger of the client answers");
  const inbox = await driver.drive(triggers.client.perform({ action: "report-inbox" }));
  if (inbox.ok) findings.ok("client", "the driver can tell what the client shows");
  else
    findings.note(
      "client",
      `the driver cannot tell what the client shows: ${inbox.says ?? "no reason given"}; statements about it stay undecided`,
      "Have the driver answer report-inbox.",
    );
  await examineItsRegistration(client, examination);
}

async function examineItsRegistration(client: ClientSut, examination: Examination): Promise<void> {
  const { findings, sutFile } = examination;
  const core = `${sutFile.core.advertised}:${sutFile.core.port}`;
  try {
    await ask(examination, "client", "the client registers", async (lab) => {
      await lab.arrange.leaseClientUnderTest("Alice");
      await lab.cause.act("Alice", { action: "register" });
      await lab.wait.settled("Alice", "REGISTER");
      tellRegistration(client, core, traceOf(lab, examination), examination);
    });
  } catch (error) {
    findings.problem(
      "client",
      `the client cannot be made to register: ${messageOf(error)}`,
      `Look into its driver (client.trigger), and let ${core} be its outbound proxy.`,
    );
  }
}

function tellRegistration(
  client: ClientSut,
  core: string,
  trace: ScenarioTrace,
  { findings }: Examination,
): void {
  const registers = trace.exchanges({ method: "REGISTER", way: "from-sut" });
  const status = registers.at(-1)?.final?.message.status;
  if (registers.length === 0)
    findings.problem(
      "client",
      "the client was made to register, but no REGISTER of it came to the core",
      `Let ${core} (core.advertised, core.port) be its outbound proxy, and ${client.user} (client.user) its user.`,
    );
  else if (status !== undefined && status < 300)
    findings.ok("client", `the client registers as ${client.user} with the core at ${core}`);
  else
    findings.problem(
      "client",
      `the registration of the client ends with ${status ?? "no answer"}`,
      `Give it the private identity and the password that ${client.user} has in users, or switch core.digest off.`,
    );
}
