/**
 * An INVITE as its sender sees it, whatever number of dialogs comes of it: ringing, CANCEL and its races (RFC 3261 9.1, 13.2.2). The table says
 * what an event does in a state; words that are not in a row change nothing.
 */
import { type TimerValues, transactionTimeout } from "../timers.ts";

export type CallingState =
  /** Nothing was heard yet. */
  | "calling"
  | "proceeding"
  /** To be cancelled as soon as a provisional response comes: before, the peer might not know the INVITE (RFC 3261 9.1). */
  | "cancel wanted"
  /** CANCEL is on its way; the final response decides. */
  | "cancelling"
  | "accepted"
  /** 64 * T1 passed after CANCEL without a final response. */
  | "abandoned"
  | "ended";

export type CallingEvent = "cancel" | "1xx" | "2xx" | "3xx-6xx" | "failure" | "time";

export type CallingAction =
  | "send CANCEL"
  | "report provisional"
  | "report accepted"
  /** ACK and BYE: the call was answered while CANCEL was on its way (RFC 3261 9.1, 15). */
  | "hang up"
  | "report rejected"
  | "report cancelled"
  | "report failure";

interface Row {
  readonly to: CallingState;
  readonly does?: readonly CallingAction[];
}

const gone: Row = { to: "ended", does: ["report failure"] };
const refused: Row = { to: "ended", does: ["report rejected"] };
const cancelled: Row = { to: "ended", does: ["report cancelled"] };
const tooLate: Row = { to: "ended", does: ["hang up", "report cancelled"] };

const TABLE: Readonly<Record<CallingState, Readonly<Partial<Record<CallingEvent, Row>>>>> = {
  calling: {
    cancel: { to: "cancel wanted" },
    "1xx": { to: "proceeding", does: ["report provisional"] },
    "2xx": { to: "accepted", does: ["report accepted"] },
    "3xx-6xx": refused,
    failure: gone,
  },
  proceeding: {
    cancel: { to: "cancelling", does: ["send CANCEL"] },
    "1xx": { to: "proceeding", does: ["report provisional"] },
    "2xx": { to: "accepted", does: ["report accepted"] },
    "3xx-6xx": refused,
    failure: gone,
  },
  "cancel wanted": {
    "1xx": { to: "cancelling", does: ["send CANCEL", "report provisional"] },
    "2xx": tooLate,
    "3xx-6xx": cancelled,
    failure: cancelled,
  },
  cancelling: {
    "1xx": { to: "cancelling", does: ["report provisional"] },
    "2xx": tooLate,
    "3xx-6xx": cancelled,
    failure: cancelled,
    time: { to: "abandoned", does: ["report cancelled"] },
  },
  // RFC 3261 13.2.2.4: 2xx of other forks.
  accepted: { "2xx": { to: "accepted", does: ["report accepted"] } },
  abandoned: { "2xx": { to: "abandoned", does: ["hang up"] } },
  // A cancelled call may have been answered by more than one fork.
  ended: { "2xx": { to: "ended", does: ["hang up"] } },
};

export interface Calling {
  readonly state: CallingState;
  /** When a `time` event is due, in the unit of `now`. */
  readonly deadline: number | undefined;
}

export const CALLING: Calling = { state: "calling", deadline: undefined };

export function stepCalling(
  calling: Calling,
  event: CallingEvent,
  now: number,
  values: TimerValues,
): { readonly calling: Calling; readonly actions: readonly CallingAction[] } {
  if (event === "time" && (calling.deadline === undefined || now < calling.deadline))
    return { calling, actions: [] };
  const row = TABLE[calling.state][event];
  if (row === undefined) return { calling, actions: [] };
  const actions = row.does ?? [];
  const kept = row.to === calling.state ? calling.deadline : undefined;
  // RFC 3261 9.1: without a final response within 64 * T1 the request counts as cancelled.
  const deadline = actions.includes("send CANCEL") ? now + transactionTimeout(values) : kept;
  return { calling: { state: row.to, deadline }, actions };
}

/** What a response to an INVITE is to {@link stepCalling}. */
export function callingEventOf(status: number): CallingEvent {
  if (status < 200) return "1xx";
  return status < 300 ? "2xx" : "3xx-6xx";
}
