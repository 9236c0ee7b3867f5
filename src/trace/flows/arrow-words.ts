import { isArrow, type Flow, type FlowArrow } from "../flow.ts";

const CARRIED: Readonly<Record<NonNullable<FlowArrow["carries"]>, string>> = {
  message: "the message",
  notification: "a delivery notification",
  "full-state": "all participants",
  "partial-state": "those who changed",
};

/** Such as `NOTIFY with all participants from IM Server X to SIP/IP Core X`; what a participant does by itself, in the words of the flow. */
export function stepInWords(step: Flow["steps"][number], flow: Flow): string {
  const name = (id: string): string => flow.participants.find((one) => one.id === id)?.name ?? id;
  if (!isArrow(step)) return `${name(step.at)} ${step.says}`;
  const { request, response, carries, from, to } = step;
  const what = carries === undefined ? (request ?? response) : `${request ?? ""} with ${CARRIED[carries]}`;
  return `${what ?? ""} from ${name(from)} to ${name(to)}`;
}
