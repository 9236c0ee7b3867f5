/** 6.1.2.2.2, 200-6: the session timer of the session with the inviting side (RFC 4028). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { sessionExpiresOf } from "../wire/sip/session-fields.ts";
import { check } from "./check.ts";
import { missed, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { fromClient, fromNetwork, toNetwork } from "./terminating-dialog.ts";
import { acceptedCalls, type AcceptedCall } from "./terminating-session.ts";

interface Timed {
  readonly call: AcceptedCall;
  /** When the time is over, in milliseconds since the epoch. */
  readonly end: number;
}

/** For what the network and a busy server take, in milliseconds. */
const MARGIN_MS = 2000;

const MODIFYING = ["INVITE", "UPDATE"] as const;

/** The time has run out in the trace, and nobody else refreshed or ended the session before. */
function timed(trace: ScenarioTrace): readonly Timed[] {
  const last = trace.events.at(-1)?.at ?? 0;
  return acceptedCalls(trace).flatMap((call) => {
    const interval = readable(() => sessionExpiresOf(call.ok.message)?.interval, undefined);
    if (interval === undefined) return [];
    const end = call.ok.at + interval * 1000;
    const isBefore = ({ request }: Exchange): boolean => request.at <= end + MARGIN_MS;
    const others = [
      ...["BYE", ...MODIFYING].flatMap((method) => fromNetwork(call, method)),
      ...fromClient(call, "BYE"),
    ];
    return last > end + MARGIN_MS && !others.some(isBefore) ? [{ call, end }] : [];
  });
}

export const timerRuns = check<Timed>("6.1.2.2.2-200-6", {
  trigger: (trace) => (trace.complete ? timed(trace) : []),
  judge: ({ call, end }) => {
    const expected = "before the session's time is over, a refresh by the server, or BYE";
    const done = [...MODIFYING, "BYE"]
      .flatMap((method) => toNetwork(call, method))
      .find(({ request }) => request.at <= end + MARGIN_MS);
    return done === undefined
      ? missed(expected, "neither came", call.ok)
      : passed(expected, `${done.request.message.method} was sent`, call.ok, done.request);
  },
});
