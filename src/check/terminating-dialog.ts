/** What goes on in a session through the terminating participating function, told apart by direction and leg (6.1.2.2.3 to 6.1.2.2.5). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { tagOfTo } from "../trace/session/journeys.ts";
import { requestsFrom, requestsTo } from "./session-legs.ts";
import { isOverdue, type TerminatingCall } from "./terminating-session.ts";

/** Requests of the inviting side, as the core gave them to the function. */
export function fromNetwork(call: TerminatingCall, method: string): readonly Exchange[] {
  return requestsFrom(call, "caller", method);
}

/** Requests that the function sent to the inviting side: its own, or those of the client. */
export function toNetwork(call: TerminatingCall, method: string): readonly Exchange[] {
  return requestsTo(call, "caller", method);
}

/** Requests that the function sent to the client: its own, or those of the inviting side. */
export function toClient(call: TerminatingCall, method: string): readonly Exchange[] {
  return requestsTo(call, "callee", method);
}

export function fromClient(call: TerminatingCall, method: string): readonly Exchange[] {
  return requestsFrom(call, "callee", method);
}

/** A CANCEL has no tag in To. */
export function cancelFromNetwork({ session }: TerminatingCall): Exchange | undefined {
  return session.cancel?.hops.find(
    ({ way, request }) => way === "to-sut" && request.serverFunction === "terminating",
  );
}

export function cancelToClient({ further }: TerminatingCall): Exchange | undefined {
  return further.cancel?.hops.find(
    ({ way, request }) => way === "from-sut" && request.serverFunction === "terminating",
  );
}

/** The INVITE was accepted on both legs; on the side of the client before `seq`. */
export function isEstablished({ taken, sent }: TerminatingCall, seq: number): boolean {
  const [near, far] = [taken.final, sent.final];
  return [near, far].every(
    (final) =>
      final !== undefined &&
      final.seq < seq &&
      final.message.status < 300 &&
      final.message.status >= 200 &&
      tagOfTo(final.message) !== "",
  );
}

/** Whether what was due after `at` was waited for in vain, at least as long as something caused by an action is waited for. */
export function isWaitedOut(at: number, trace: ScenarioTrace): boolean {
  if (!trace.complete) return false;
  const { actionMs } = trace.sutFile.guards;
  return (
    isOverdue(at, trace) ||
    trace.windows.some(
      ({ purpose, how, closedAt, openedAt, lengthMs }) =>
        purpose === "presence" &&
        how === "elapsed" &&
        lengthMs >= actionMs &&
        closedAt - Math.max(openedAt, at) >= actionMs * 0.9,
    )
  );
}
