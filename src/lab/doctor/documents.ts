/** Whether the server under test fetches its documents from Scrim's XDMS: for any message, or at the latest for one to a group. */
import type { RunEvent } from "../../trace/event.ts";
import { ask, messageOf, traceOf, type Examination } from "./examination.ts";

export async function examineDocuments(examination: Examination): Promise<void> {
  const { sutFile, findings, events } = examination;
  const { server, xdm, groups } = sutFile;
  if (xdm.kind === "vendor") {
    findings.note("xcap", "the SUT has XDM servers of its own; whether it reaches them cannot be seen");
    return;
  }
  if (!events.some(isFetch) && server?.functions.includes("controlling") === true && groups.length > 0)
    await sendToGroup(examination);
  if (events.some(isFetch)) findings.ok("xcap", `the server fetches documents at ${xdm.root}`);
  else
    findings.problem(
      "xcap",
      `no XCAP request reached ${xdm.root}, neither for a message to a user nor for one to a group`,
      "Let that be the XCAP root of the server (xdm.root, xdm.port), and switch off what it holds in a cache.",
    );
}

/** The XDMS is read by nobody else while the doctor asks. */
function isFetch(event: RunEvent): boolean {
  return (
    event.type === "crossed" &&
    event.protocol === "http" &&
    event.nodeKind === "xdms" &&
    event.direction === "in"
  );
}

async function sendToGroup(examination: Examination): Promise<void> {
  const { findings, sutFile } = examination;
  try {
    await ask(examination, "server", "a message to a group", async (lab) => {
      await lab.arrange.register("Alice");
      await lab.arrange.register("Bob");
      await lab.arrange.group("Friends", ["Alice", "Bob"], { allowAnonymity: true, supportsIm: true });
      await lab.cause.sendMessage("Alice", "the group Friends", {});
      await lab.wait.answered("Alice");
      const given = traceOf(lab, examination)
        .exchanges({ method: "MESSAGE", way: "to-sut" })
        .find(({ request }) => request.serverFunction === "controlling");
      const status = given?.final?.message.status;
      if (given !== undefined && status === undefined)
        findings.problem(
          "routing",
          "the server does not answer a MESSAGE to a group",
          `Let the server take requests with the Route ${sutFile.server?.psi ?? ""} (server.psi).`,
        );
    });
  } catch (error) {
    findings.note("xcap", `no message to a group can be tried: ${messageOf(error)}`);
  }
}
