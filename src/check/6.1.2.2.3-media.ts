/** 6.1.2.2.3, 200-4: what was agreed anew is in force, where the server is in the path of the media. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import type { SessionMessage } from "../trace/session/session-messages.ts";
import { check } from "./check.ts";
import { missed, passed, undecided } from "./outcome.ts";
import { fromClient, fromNetwork, isWaitedOut, toClient } from "./terminating-dialog.ts";
import { isInMediaPath, relayed, toServer } from "./terminating-media.ts";
import { goodModifications, type Modification } from "./terminating-modification.ts";
import { isSuccess } from "./terminating-session.ts";

interface Said {
  readonly modification: Modification;
  readonly leg: "network" | "client";
  readonly message: SessionMessage;
  /** When the session began to end, in milliseconds since the epoch. */
  readonly end: number;
}

/** Whole messages that were begun after the new agreement and before the session began to end, and that the server took. */
function said(trace: ScenarioTrace): readonly Said[] {
  return goodModifications(trace, "b2bua")
    .filter(({ call, asked }) => isInMediaPath(call) && asked.final !== undefined && isSuccess(asked.final))
    .flatMap((modification) => {
      const { call, asked } = modification;
      const since = asked.final?.seq ?? 0;
      const end = Math.min(
        ...[...fromNetwork(call, "BYE"), ...fromClient(call, "BYE"), ...toClient(call, "BYE")].map(
          ({ request }) => request.at,
        ),
      );
      return (["network", "client"] as const).flatMap((leg) =>
        toServer(call, leg, trace)
          .filter(({ seq, at, flag, status }) => seq > since && at < end && flag === "$" && status === 200)
          .map((message) => ({ modification, leg, message, end })),
      );
    });
}

export const newMediaAreInForce = check<Said>("6.1.2.2.3-200-4", {
  trigger: said,
  judge: ({ modification, leg, message, end }, trace) => {
    const expected = "a message after the modification goes through the server to the other end";
    const onward = relayed(modification.call, leg, message, trace);
    const evidence = [{ seq: message.seq }, ...(onward === undefined ? [] : [{ seq: onward.seq }])];
    if (onward !== undefined) return { ...passed(expected, "it did"), evidence };
    // What was on its way when the session ended need not arrive.
    if (end - message.at < trace.sutFile.guards.actionMs * 0.9) return [];
    return isWaitedOut(message.at, trace)
      ? { ...missed(expected, "it did not"), evidence }
      : { ...undecided(expected, "the trace ends before it was due"), evidence };
  },
});
