/** What the operator, or a tester, asks of the server itself. */
import { ACTIONS_VERSION } from "../../spec/actions.ts";
import type { ActionAnswer, ServerAction, ServerSessionAction } from "../../spec/actions.ts";
import type { ImServerPolicy } from "./config.ts";
import { sendSystemMessage } from "./system-messages.ts";
import { performInSession } from "./focus/actions.ts";
import type { FocusAtServer } from "./focus/focus.ts";
import type { ParticipatingSessions } from "./participating-session/participating-sessions.ts";
import type { ServerParts } from "./turn.ts";

export function done(says?: string): ActionAnswer {
  return { version: ACTIONS_VERSION, ok: true, ...(says === undefined ? {} : { says }) };
}

export function failed(says: string, code: "failed" | "unsupported" = "failed"): ActionAnswer {
  return { version: ACTIONS_VERSION, ok: false, code, says };
}

export function createControl(
  server: ServerParts,
  setPolicy: (policy: ImServerPolicy) => void,
  focus: FocusAtServer,
  participating: ParticipatingSessions,
): (action: ServerAction) => Promise<ActionAnswer> {
  return async (action) => {
    switch (action.action) {
      case "configure":
        return configure(server, setPolicy, action.set);
      case "send-system-message":
        return sendSystemMessage(server, action);
      case "cancel-invitations":
      case "limit-session":
      case "announce":
      case "change-session-media":
      case "group-changed":
        return performIn(focus, action);
      case "reset":
        reset(server);
        focus.reset();
        return done();
      case "dump-state":
        return done(
          JSON.stringify({
            ...stateOf(server),
            sessions: focus.conferences.list().length,
            calls: participating.calls,
          }),
        );
      default:
        return failed(`an IM Server cannot ${(action as { action: string }).action}`, "unsupported");
    }
  };
}

async function performIn(focus: FocusAtServer, action: ServerSessionAction): Promise<ActionAnswer> {
  const says = await performInSession(focus, action);
  return says === undefined ? done() : failed(says);
}

function configure(
  server: ServerParts,
  setPolicy: (policy: ImServerPolicy) => void,
  set: string,
): ActionAnswer {
  const changes = server.config.configurationSets[set];
  if (!changes) return failed(`there is no configuration set ${set}`, "unsupported");
  setPolicy({ ...server.config.policy, ...changes });
  return done();
}

/** Settings and registrations belong to the users and stay, as does the configuration set; what was left open goes. */
function reset(server: ServerParts): void {
  server.pendingAnswers.clear();
  server.deferred.clear();
  server.aggregations.clear();
}

function stateOf(server: ServerParts): Readonly<Record<string, unknown>> {
  return {
    registered: server.registrations.list(),
    pendingAnswers: server.pendingAnswers.list(),
    deferred: server.deferred.count(),
    publications: server.publications.count(),
    aggregations: server.aggregations.count(),
  };
}
