/** What the operator, or a tester, asks of the server itself. */
import { ACTIONS_VERSION } from "../../spec/actions.ts";
import type { ActionAnswer, ServerAction } from "../../spec/actions.ts";
import type { ImServerPolicy } from "./config.ts";
import { sendSystemMessage } from "./system-messages.ts";
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
): (action: ServerAction) => Promise<ActionAnswer> {
  return async (action) => {
    switch (action.action) {
      case "configure":
        return configure(server, setPolicy, action.set);
      case "send-system-message":
        return sendSystemMessage(server, action);
      case "reset":
        reset(server);
        return done();
      case "dump-state":
        return done(JSON.stringify(stateOf(server)));
      default:
        return failed(`an IM Server cannot ${(action as { action: string }).action}`, "unsupported");
    }
  };
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
