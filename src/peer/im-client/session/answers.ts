/** What is answered to whoever asked for an action. */
import type { SipResponse } from "../../../wire/sip/message.ts";
import { ACTIONS_VERSION, type ActionAnswer } from "../../../spec/actions.ts";

export const done = (says: string): ActionAnswer => ({ version: ACTIONS_VERSION, ok: true, says });

export const failed = (says: string): ActionAnswer => ({
  version: ACTIONS_VERSION,
  ok: false,
  code: "failed",
  says,
});

export const statusLine = ({ status, reason }: SipResponse): string => `${status} ${reason}`;

/** The first answer counts. */
export function createAnswer(): {
  readonly promise: Promise<ActionAnswer>;
  readonly settle: (answer: ActionAnswer) => void;
} {
  let settle: (answer: ActionAnswer) => void = () => undefined;
  const promise = new Promise<ActionAnswer>((resolve) => (settle = resolve));
  return { promise, settle: (answer) => settle(answer) };
}
