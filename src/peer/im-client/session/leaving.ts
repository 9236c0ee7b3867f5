/** The client leaves, changes or refreshes a session (clauses 7.1.1.5, 7.1.1.8, 7.1.1.12, 7.1.1.16). */
import type { ModificationOutcome } from "../../../endpoint/user-agent/options.ts";
import type { ActionAnswer } from "../../../spec/actions.ts";
import type { ClientParts } from "../parts.ts";
import type { RequestChanges } from "../requesting.ts";
import { createAnswer, done, failed, statusLine } from "./answers.ts";
import { unsubscribe } from "./conferring.ts";
import { given, stimulusOf } from "./fields.ts";
import { offerOf } from "./media.ts";
import { endMedia, refresh } from "./running.ts";
import { sessionNamed, setEdit } from "./session.ts";
import type { ClientSession } from "./session.ts";

export function leaveSession(
  client: ClientParts,
  name: string | undefined,
  changes: RequestChanges = {},
): Promise<ActionAnswer> {
  const session = sessionNamed(client.sessions, name);
  if (session?.dialog === undefined || session.state === "ended")
    return Promise.resolve(failed("there is no such session"));
  const answer = createAnswer();
  const { modifying } = client.decisions;
  const { callId } = session.dialog.dialog;
  setEdit(client.sessions, callId, "BYE", changes.edit);
  session.leaving = true;
  if (modifying.unsubscribesOnLeaving(client)) unsubscribe(session);
  session.dialog.on((event) => {
    // Before it was answered there is no BYE, nor where that of the other end came while the ACK was waited for.
    if (event.type === "ended" && (event.why !== "bye" || event.by === "remote"))
      answer.settle(done(event.why));
  });
  session.dialog.bye({
    ...stimulusOf(changes),
    headers: given([["Privacy", modifying.privacy(client, session)]]),
    onDone: (response) => {
      if (modifying.releasesMedia(client)) endMedia(session);
      answer.settle(response === undefined ? failed("no answer to BYE") : done(statusLine(response)));
    },
  });
  return answer.promise;
}

export interface NewTerms {
  readonly acceptTypes?: readonly string[];
  readonly maxSize?: number;
}

export function modifySession(
  client: ClientParts,
  name: string | undefined,
  { acceptTypes, maxSize }: NewTerms,
  changes: RequestChanges = {},
): Promise<ActionAnswer> {
  const session = openSession(client, name);
  const { media, dialog } = session ?? {};
  if (session === undefined || media === undefined || dialog === undefined) return noSession();
  const before = media.terms;
  media.terms = {
    ...before,
    ...(acceptTypes === undefined ? {} : { acceptTypes }),
    ...(maxSize === undefined ? {} : { maxSize }),
  };
  media.origin.version += 1;
  const { modifying } = client.decisions;
  const answer = createAnswer();
  setEdit(client.sessions, dialog.dialog.callId, "INVITE", changes.edit);
  const change: typeof dialog.reinvite = (options) =>
    client.sessions.script.updates === true ? dialog.update(options) : dialog.reinvite(options);
  change({
    ...stimulusOf(changes),
    body: offerOf(media),
    headers: given([
      ["Accept-Contact", modifying.acceptContact(client)],
      ["Privacy", modifying.privacy(client, session)],
    ]),
    onDone: (outcome) => {
      if (outcome.outcome !== "accepted") media.terms = before;
      setEdit(client.sessions, dialog.dialog.callId, "INVITE", undefined);
      answer.settle(answerOf(outcome));
    },
  });
  return answer.promise;
}

export function refreshSession(
  client: ClientParts,
  name: string | undefined,
  changes: RequestChanges = {},
): Promise<ActionAnswer> {
  const session = openSession(client, name);
  const callId = session?.dialog?.dialog.callId;
  if (session === undefined || callId === undefined) return noSession();
  const answer = createAnswer();
  setEdit(client.sessions, callId, "INVITE", changes.edit);
  refresh(client, session, {
    ...stimulusOf(changes),
    onDone: (outcome) => {
      setEdit(client.sessions, callId, "INVITE", undefined);
      answer.settle(answerOf(outcome));
    },
  });
  return answer.promise;
}

function answerOf({ outcome, response }: ModificationOutcome): ActionAnswer {
  return response === undefined ? failed(`the modification was ${outcome}`) : done(statusLine(response));
}

function openSession({ sessions }: ClientParts, name: string | undefined): ClientSession | undefined {
  const session = sessionNamed(sessions, name);
  return session?.state === "open" ? session : undefined;
}

const noSession = (): Promise<ActionAnswer> => Promise.resolve(failed("there is no such session"));
