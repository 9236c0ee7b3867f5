/**
 * What becomes of a message between two users: whether the server trusts the core, whether what it sends on comes back to Scrim's core, and
 * with the Route that it came with.
 */
import type { Exchange, ScenarioTrace } from "../../trace/scenario-trace.ts";
import { tokenIn } from "../../peer/core/passages.ts";
import { routesOf, warningsOf } from "../../wire/sip/headers.ts";
import type { SipResponse } from "../../wire/sip/message.ts";
import { sipUriOf } from "../../wire/sip/uri.ts";
import type { ScenarioLab } from "../scenario-lab.ts";
import { ask, messageOf, traceOf, type Examination } from "./examination.ts";

interface Sent {
  /** The leg on which the core gave the message to the server. */
  readonly given: Exchange | undefined;
  /** Legs on which the server sent it on. */
  readonly onward: readonly Exchange[];
  readonly trace: ScenarioTrace;
}

/** Gives whether requests go to the server and come back. */
export async function examinePassing(examination: Examination): Promise<boolean> {
  const { findings } = examination;
  try {
    const passed = await ask(examination, "server", "a message between two users", async (lab) => {
      await lab.arrange.register("Alice");
      await lab.arrange.register("Bob");
      await lab.cause.sendMessage("Alice", "Bob", {});
      await lab.wait.answered("Alice");
      if (isAccepted(lastMessage(lab, examination))) await lab.wait.delivered(["Bob"]);
      return tellPassing(lastMessage(lab, examination), lab, examination);
    });
    return passed ?? false;
  } catch (error) {
    findings.problem(
      "routing",
      `no message can be tried: ${messageOf(error)}`,
      "Declare at least two ordinary users in users.",
    );
    return false;
  }
}

function isAccepted({ given }: Sent): boolean {
  const status = given?.final?.message.status;
  return status !== undefined && status < 300;
}

function lastMessage(lab: ScenarioLab, examination: Examination): Sent {
  const trace = traceOf(lab, examination);
  const stimulus = trace.stimuli.at(-1);
  const carriers = stimulus === undefined ? [] : trace.carriersOf(stimulus);
  return {
    trace,
    given: carriers.find(({ way }) => way === "to-sut"),
    onward: carriers.filter(({ way }) => way === "from-sut"),
  };
}

async function tellPassing(sent: Sent, lab: ScenarioLab, examination: Examination): Promise<boolean> {
  const { findings, sutFile } = examination;
  const core = `${sutFile.core.advertised}:${sutFile.core.port}`;
  const final = sent.given?.final?.message;
  if (sent.onward.length > 0) {
    findings.ok("trust", "the server accepts the identity that the core asserts (P-Asserted-Identity)");
    findings.ok("routing", `what the server sends on comes back to the core at ${core}`);
    tellToken(sent, examination);
    tellArrival(sent, examination);
    return true;
  }
  if (sent.given === undefined && sutFile.core.kind === "external") {
    findings.problem(
      "routing",
      "the core sends no MESSAGE of a user to the server, though its Accept-Contact has +g.oma.sip-im",
      `Let the originating filter criteria of the core (Appendix C) name sip:originating@${core};lr as the application server.`,
    );
    return false;
  }
  if (final === undefined) {
    findings.problem(
      "routing",
      "the server answers a MESSAGE of the core with nothing, and sends nothing on",
      `Let the server take requests with its Route (server.originating) from ${core}; look into its log.`,
    );
    return false;
  }
  if (final.status === 403) return tellRefusal(final, lab, examination);
  if (final.status < 300)
    findings.problem(
      "routing",
      `the server answers a MESSAGE with ${statusOf(final)}, but what it sent on never came to the core`,
      `Let ${core} be the outbound proxy of the server for ${sutFile.core.homeDomain} and ${sutFile.core.remoteDomain} (core.advertised, core.port).`,
    );
  else
    findings.problem(
      "routing",
      `the server answers a MESSAGE between two ordinary users with ${statusOf(final)}`,
      `Provision both users at the server, let it serve ${sutFile.core.homeDomain} (core.homeDomain), and check server.originating.`,
    );
  return false;
}

/** Told apart by a message without the asserted identity: where that changes nothing, the server did not look at it. */
async function tellRefusal(final: SipResponse, lab: ScenarioLab, examination: Examination): Promise<false> {
  const { findings, sutFile } = examination;
  await lab.cause.sendWithoutAssertedIdentity("Alice", "Bob");
  await lab.wait.answered("Alice");
  const without = lastMessage(lab, examination).given?.final?.message;
  if (without !== undefined && statusOf(without) === statusOf(final))
    findings.problem(
      "trust",
      `the server answers a MESSAGE with ${statusOf(final)}, whether the core asserts the sender's identity or not: it seems to ignore P-Asserted-Identity, so that every request will be refused`,
      `Make ${sutFile.core.advertised} (core.advertised) a trusted peer of the server. If it is one, authorise the subscribers of users for the IM service.`,
    );
  else
    findings.problem(
      "trust",
      `the server refuses a MESSAGE of an ordinary user with ${statusOf(final)}`,
      "Authorise the subscribers of users for the IM service at the server, or give them the property unauthorised.",
    );
  return false;
}

function statusOf(response: SipResponse): string {
  const warnings = warningsOf(response).map(({ code, text }) => ` (${code} ${text})`);
  return `${response.status} ${response.reason}${warnings.join("")}`.trim();
}

/** The core ties an onward request to what it gave the server by the token in its Route. */
function tellToken({ onward }: Sent, { sutFile, findings }: Examination): void {
  const declared = sutFile.server?.originalDialogToken ?? true;
  const withToken = onward.every(hasToken);
  if (withToken === declared) {
    const how = declared ? "with" : "without";
    findings.ok("routing", `requests come back ${how} the Route of the core, as the SUT file says`);
  } else if (declared)
    findings.problem(
      "routing",
      "requests of the server come back without the Route entry of the core that they came with, so that the core cannot tell what they continue",
      "Say originalDialogToken: false in server: Scrim then tells them by what they carry.",
    );
  else
    findings.note(
      "routing",
      "requests come back with the Route of the core",
      "Say originalDialogToken: true in server: legs are then tied together for certain.",
    );
}

function hasToken({ request }: Exchange): boolean {
  return routesOf(request.message).some(({ uri }) => tokenIn(sipUriOf(uri)?.user) !== undefined);
}

function tellArrival({ trace, given }: Sent, { findings }: Examination): void {
  const bob = trace.user("Bob");
  const received = trace
    .exchanges({ method: "MESSAGE", way: "within" })
    .some(({ request }) => request.node === bob?.node && request.direction === "in");
  if (received) {
    findings.ok("routing", "a message of one user arrives at the other");
    return;
  }
  const final = given?.final?.message;
  findings.problem(
    "routing",
    `the message does not arrive at the other user; its sender is answered ${final === undefined ? "nothing" : statusOf(final)}`,
    "Check that the terminating side (server.terminating) serves the users of the pool and that they have not barred messages.",
  );
}
