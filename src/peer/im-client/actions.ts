/** The action vocabulary for a client: what a trigger can ask (spec/actions.ts). */
import { ACTIONS_VERSION } from "../../spec/actions.ts";
import type { ActionAnswer, ClientAction, InboxEntry } from "../../spec/actions.ts";
import type { RegistrationKind } from "./decisions/registering.ts";
import { sendMessage } from "./messages.ts";
import type { ClientParts } from "./parts.ts";
import { forgetPublication, publish } from "./publication.ts";
import { register } from "./registration.ts";
import { describe, succeeded } from "./requesting.ts";
import type { Outcome, RequestChanges } from "./requesting.ts";
import { isSessionAction, performInSession, resetSessions } from "./session/sessions.ts";

export interface InboxAccess {
  /** Empties the inbox into the caller's hands. */
  take(): readonly InboxEntry[];
  clear(): void;
}

const done = (says: string): ActionAnswer => ({ version: ACTIONS_VERSION, ok: true, says });
const failed = (says: string): ActionAnswer => ({
  version: ACTIONS_VERSION,
  ok: false,
  code: "failed",
  says,
});
const unsupported = (says: string): ActionAnswer => ({
  version: ACTIONS_VERSION,
  ok: false,
  code: "unsupported",
  says,
});

export function createActions(
  client: ClientParts,
  inbox: InboxAccess,
): (action: ClientAction, changes?: RequestChanges) => Promise<ActionAnswer> {
  return async (action, changes) => {
    if (isSessionAction(action)) return performInSession(client, action, changes);
    switch (action.action) {
      case "register":
        return enter(client, changes);
      case "refresh-registration":
        return renew(client, changes);
      case "leave-im-service":
        return leave(client, "leave", changes);
      case "deregister":
        return leave(client, "deregister", changes);
      case "publish-settings":
        return registered(await publish(client, action.settings, changes));
      case "send-message": {
        const outcome = await sendMessage(client, action, changes);
        if (outcome === undefined)
          return unsupported("too large for pager mode, and large message mode is not there");
        return outcome.kind === "response" ? done(describe(outcome)) : failed(describe(outcome));
      }
      case "report-inbox":
        return { ...done("inbox"), inbox: inbox.take() };
      case "reset":
        inbox.clear();
        resetSessions(client);
        return done("reset");
      default:
        return unsupported(`an IM Client cannot ${(action as { action: string }).action}`);
    }
  };
}

/** Of a client that leaves out what it should do, and does not know. */
const NOT_SENT = "done, without a request";

function registered(outcome: Outcome): ActionAnswer {
  return succeeded(outcome) ? done(describe(outcome)) : failed(describe(outcome));
}

async function renew(client: ClientParts, changes: RequestChanges | undefined): Promise<ActionAnswer> {
  if (!client.decisions.registering.sends(client, "refresh")) return done(NOT_SENT);
  return registered(await register(client, "refresh", changes));
}

/** 5.2.2: the settings follow each initial registration. */
async function enter(client: ClientParts, changes: RequestChanges | undefined): Promise<ActionAnswer> {
  const kind: RegistrationKind = "register";
  if (!client.decisions.registering.sends(client, kind)) return done(NOT_SENT);
  const outcome = await register(client, kind, changes);
  if (!succeeded(outcome)) return failed(describe(outcome));
  if (!client.decisions.registering.publishesSettings(client, kind)) return done(describe(outcome));
  forgetPublication(client);
  const published = await publish(client, client.config.settings);
  return done(`registered: ${describe(outcome)}, settings: ${describe(published)}`);
}

async function leave(
  client: ClientParts,
  kind: "leave" | "deregister",
  changes: RequestChanges | undefined,
): Promise<ActionAnswer> {
  if (!client.decisions.registering.sends(client, kind)) return done(NOT_SENT);
  const outcome = await register(client, kind, changes);
  if (succeeded(outcome)) forgetPublication(client);
  return registered(outcome);
}
