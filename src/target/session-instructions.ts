/** What a person should do in session mode, in a sentence. */
import type {
  Action,
  AnswerInvitationsAction,
  SendInSessionAction,
  SessionAction,
  StartSessionAction,
} from "../spec/actions.ts";

const INSTRUCTIONS: {
  readonly [Name in SessionAction["action"]]: (action: Extract<SessionAction, { action: Name }>) => string;
} = {
  "start-session": startInstruction,
  "rejoin-session": ({ session, identity, anonymous }) =>
    `Join ${identity ?? named(session)} again${anonymous === true ? ", anonymously" : ""}.`,
  "extend-session": ({ session, to }) =>
    `Make a conference of the one-to-one session${called(session)}, with ${to.join(", ")} as well.`,
  "cancel-session": ({ session }) => `Give the invitation to ${named(session)} up, before it is answered.`,
  "leave-session": ({ session }) => `Leave ${named(session)}.`,
  "modify-session": ({ session, acceptTypes, maxSize }) =>
    `Change ${named(session)}${parameters({ acceptTypes, maxSize })}.`,
  "refresh-session": ({ session }) => `Have the client refresh ${named(session)}.`,
  "answer-invitations": answerInstruction,
  "accept-invitation": () => "Accept the invitation that rings.",
  "refuse-invitation": () => "Refuse the invitation that rings.",
  "add-participants": ({ session, to, anonymous }) =>
    `Add ${to.join(", ")} to ${named(session)}${anonymous === true ? ", anonymously" : ""}.`,
  "remove-participant": ({ session, user }) => `Remove ${user} from ${named(session)}.`,
  "subscribe-participants": ({ session }) => `Have the client show who takes part in ${named(session)}.`,
  "unsubscribe-participants": ({ session }) =>
    `Have the client stop showing who takes part in ${named(session)}.`,
  "send-in-session": sendInstruction,
  "show-composing": ({ session, state }) =>
    state === "active"
      ? `Begin to write a message in ${named(session)}, and do not send it.`
      : `Stop writing in ${named(session)}.`,
};

export function isSessionAction(action: Action): action is SessionAction {
  return action.action in INSTRUCTIONS;
}

export function sessionInstruction(action: SessionAction): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the entry of this very action
  return (INSTRUCTIONS[action.action] as (one: SessionAction) => string)(action);
}

function called(session: string | undefined): string {
  return session === undefined ? "" : ` "${session}"`;
}

function named(session: string | undefined): string {
  return `the session${called(session)}`;
}

function parameters({
  acceptTypes,
  maxSize,
}: {
  readonly acceptTypes?: readonly string[] | undefined;
  readonly maxSize?: number | undefined;
}): string {
  const types = acceptTypes === undefined ? "" : `, taking ${acceptTypes.join(", ")}`;
  return `${types}${maxSize === undefined ? "" : `, with messages of ${maxSize} octets at most`}`;
}

function startInstruction(action: StartSessionAction): string {
  const { session, to, toKind, anonymous, alias } = action;
  const what = {
    user: "Start a one-to-one session with",
    list: "Start a conference with",
    group: "Join the group",
  } as const;
  const how = `${anonymous === true ? ", anonymously" : ""}${alias === undefined ? "" : `, as "${alias}"`}`;
  const name = session === undefined ? "" : ` (it is called "${session}" from now on)`;
  return `${what[toKind]} ${to.join(", ")}${how}${parameters(action)}${name}.`;
}

function answerInstruction({ answer, status, ringMs, refuseAnonymous }: AnswerInvitationsAction): string {
  const first = {
    accept: "Accept",
    ring: "Let ring, and do not answer,",
    refuse: "Refuse",
    silence: "Ignore",
  } as const;
  const when = ringMs === undefined ? "" : ` after ${ringMs / 1000} s of ringing`;
  const how = answer === "refuse" && status !== undefined ? ` with ${status}` : "";
  const anonymous = refuseAnonymous === true ? " Refuse those of users who hide their identity." : "";
  return `${first[answer]} invitations to sessions from now on${when}${how}.${anonymous}`;
}

function sendInstruction(action: SendInSessionAction): string {
  const { session, to, report, bytes, attachment, externalContent, text } = action;
  const how = [
    to === undefined ? "" : `privately to ${to.join(", ")}`,
    report?.includes("final") === true ? "with a Final Delivery Report" : "",
    report?.some((one) => one !== "final") === true ? "with a delivery report" : "",
    attachment === true ? "as an attachment" : "",
    bytes === undefined ? "" : `filled up to ${bytes} octets`,
    ...endOf(action),
  ].filter(Boolean);
  const what =
    externalContent === undefined
      ? `this text: ${text}`
      : `a reference to ${externalContent}, and this text: ${text}`;
  return `Send in ${named(session)}${how.length === 0 ? "" : ` ${how.join(", ")}`} ${what}`;
}

function endOf({ ends, afterBytes = 0 }: SendInSessionAction): readonly string[] {
  if (ends === undefined) return [];
  const words = {
    abort: "and give it up",
    hold: "and never end it",
    "drop-connection": "and break the connection off",
  } as const;
  return [`${words[ends]} after ${afterBytes} octets`];
}
