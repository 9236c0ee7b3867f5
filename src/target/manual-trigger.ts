/**
 * `manual`: a person at the terminal is asked. The countdown ends by itself when the expected traffic is seen; `s` skips the action, `f`
 * says that the SUT cannot do it, return says that it is done.
 */
import type { Action, ActionAnswer } from "../spec/actions.ts";
import { isSessionAction, sessionInstruction } from "./session-instructions.ts";
import { refusal, type Trigger } from "./trigger.ts";

export interface Terminal {
  write(text: string): void;
  /** Calls back for each key; the returned function ends it. */
  onKey(handler: (key: string) => void): () => void;
  /** Calls back every second; the returned function ends it. */
  everySecond(tick: () => void): () => void;
}

interface Request {
  readonly action: Action;
  readonly resolve: (answer: ActionAnswer) => void;
}

/** A person is asked for one thing at a time; lanes wait for their turn. */
export function manualTrigger(config: { readonly timeoutMs: number }, terminal: Terminal): Trigger {
  const requests: Request[] = [];
  let stops: readonly (() => void)[] = [];
  let cut = false;

  const settle = (request: Request, answer: ActionAnswer): void => {
    const place = requests.indexOf(request);
    if (place < 0) return;
    requests.splice(place, 1);
    if (place === 0) {
      for (const stop of stops) stop();
      terminal.write(`\r  ${answer.says ?? ""}\n`);
    }
    request.resolve(answer);
    if (place === 0) askNext();
  };

  const askNext = (): void => {
    const [request] = requests;
    if (request === undefined) return;
    let seconds = Math.ceil(config.timeoutMs / 1000);
    terminal.write(
      `\n▸ ${instructionFor(request.action)}\n  [return] done  [s] skip  [f] the SUT cannot do this\n`,
    );
    const ticking = terminal.everySecond(() => {
      seconds -= 1;
      terminal.write(`\r  ${seconds} s left `);
      if (seconds <= 0)
        settle(request, refusal("failed", `nothing was done within ${config.timeoutMs / 1000} s`));
    });
    const listening = terminal.onKey((key) => {
      const answer = answerOfKey(key);
      if (answer !== undefined) settle(request, answer);
    });
    stops = [ticking, listening];
  };

  return {
    perform: (action) =>
      new Promise((resolve) => {
        if (cut) return resolve(STOPPED);
        requests.push({ action, resolve });
        if (requests.length === 1) askNext();
        return undefined;
      }),
    seen: (action) => {
      const request = requests.find((one) => one.action === action);
      if (request !== undefined)
        settle(request, { version: 1, ok: true, says: "the expected traffic was seen" });
    },
    cut: () => {
      cut = true;
      for (const request of requests.toReversed()) settle(request, STOPPED);
    },
    close: () => Promise.resolve(),
  };
}

const STOPPED = refusal("failed", "the run was stopped");

/** Where a terminal gives whole lines the key is their first letter. */
function answerOfKey(key: string): ActionAnswer | undefined {
  if (/^[\r\n]/u.test(key)) return { version: 1, ok: true, says: "the tester says that it is done" };
  if (/^s/iu.test(key)) return refusal("unsupported", "the tester skipped it");
  return /^f/iu.test(key) ? refusal("failed", "the tester says that the SUT cannot do it") : undefined;
}

/** What a person should do, in a sentence. */
export function instructionFor(action: Action): string {
  if (isSessionAction(action)) return sessionInstruction(action);
  switch (action.action) {
    case "register":
      return "Start the IM client, so that it registers.";
    case "refresh-registration":
      return "Make the client renew its registration.";
    case "leave-im-service":
      return "Leave the IM service in the client, without switching the terminal off.";
    case "deregister":
      return "Log out in the client, so that it deregisters wholly.";
    case "publish-settings":
      return `Set in the client: ${Object.entries(action.settings)
        .map(([name, on]) => `${name} ${on ? "on" : "off"}`)
        .join(", ")}.`;
    case "send-message":
      return messageInstruction(action);
    case "report-inbox":
      return "Look at what the client shows, and press return if the last message is there, set apart as it should be.";
    case "reset":
      return "Bring the product back to its starting state.";
    case "configure":
      return `Bring the server into the configuration set "${action.set}".`;
    case "send-system-message":
      return `Make the server send a system message to ${action.to.join(", ")} with the text: ${action.text}`;
    case "cancel-invitations":
      return `Make the server cancel the invitations to the session ${action.session}.`;
    case "limit-session":
      return `Make the server release the session ${action.session} after ${action.seconds} s.`;
    case "announce":
      return `Make the server send ${action.to?.join(", ") ?? "everybody"} in the session ${action.session} (${action.kind}): ${action.externalContent ?? action.text}`;
    case "change-session-media":
      return `Make the server offer to the participants of ${action.session} these media types: ${action.acceptTypes.join(", ")}.`;
    case "group-changed":
      return `Make the server read the document of the group ${action.group} again.`;
    case "dump-state":
      break;
  }
  return "Save the state of the product for the report.";
}

function messageInstruction(action: Extract<Action, { action: "send-message" }>): string {
  const how = [
    action.anonymous === true ? "anonymously" : "",
    action.report === undefined ? "" : "with a delivery report",
  ].filter(Boolean);
  const what =
    action.externalContent === undefined
      ? `this text: ${action.text}`
      : `a reference to ${action.externalContent}, and this text: ${action.text}`;
  return `Send to ${action.to.join(", ")}${how.length === 0 ? "" : ` ${how.join(", ")}`} ${what}`;
}
