/** One message of a participant from its first octet on: its headers are read, it is let through or refused, and sent on as it comes. */
import type { IncomingEnd, IncomingStream } from "../../../endpoint/msrp/incoming.ts";
import { createArrival } from "./arrival.ts";
import type { SwitchDecisions } from "./decisions.ts";
import type { Distribution } from "./distribution.ts";
import type { SwitchParticipant } from "./participant.ts";
import type { MessageTurn } from "./turn.ts";
import { readWrapper } from "./wrapper.ts";
import type { MessageWrapper } from "./wrapper.ts";

export interface RelayedMessageParts {
  readonly incoming: IncomingStream;
  readonly decisions: SwitchDecisions;
  turnOf(wrapper: MessageWrapper): MessageTurn;
  /** Begins to send it, with what is there of it. */
  distribute(turn: MessageTurn, recipients: readonly SwitchParticipant[]): Distribution;
}

export function relayMessage(parts: RelayedMessageParts): void {
  const { incoming, decisions } = parts;
  const arrival = createArrival();
  let held: Uint8Array[] = [];
  let distribution: Distribution | undefined;
  let begin: (() => void) | undefined;

  const readHeaders = (): void => {
    const wrapper = readWrapper(Buffer.concat(held));
    if (wrapper === undefined) {
      const whole = incoming.total !== "*" && incoming.received >= incoming.total;
      return whole && arrival.held === 0 ? incoming.refuse(decisions.relay.refusalStatus()) : undefined;
    }
    const turn = wrapper === "unreadable" ? undefined : parts.turnOf(wrapper);
    const admitted = turn === undefined ? decisions.relay.refusalStatus() : admit(turn, decisions);
    if (typeof admitted === "number" || turn === undefined) {
      held = [];
      return incoming.refuse(typeof admitted === "number" ? admitted : decisions.relay.refusalStatus());
    }
    begin = () => {
      distribution = parts.distribute(turn, admitted);
      distribution.start(held);
      held = [];
    };
    if (decisions.relay.startsEarly(turn)) begin();
  };

  const take = (pieces: readonly Uint8Array[]): void => {
    if (distribution !== undefined) return pieces.forEach((piece) => distribution?.push(piece));
    held.push(...pieces);
    if (begin === undefined) readHeaders();
  };

  incoming.onOctets((bytes, at) => {
    const pieces = arrival.take(bytes, at);
    if (arrival.held > decisions.pace.outOfOrderOctets) incoming.refuse(413);
    else if (pieces.length > 0) take(pieces);
  });
  incoming.onEnd((end: IncomingEnd) => {
    if (end === "complete" && distribution === undefined) {
      if (begin === undefined) return incoming.report(decisions.relay.refusalStatus());
      begin();
    }
    distribution?.end(end);
  });
}

/** The recipients, or the status of the refusal. */
function admit(
  turn: MessageTurn,
  { relay, privateMessage }: SwitchDecisions,
): readonly SwitchParticipant[] | number {
  if (!relay.fromIsSender(turn)) return relay.refusalStatus();
  if (relay.isForAll(turn)) return relay.recipients(turn);
  if (!privateMessage.supported(turn) || !privateMessage.mayWrite(turn))
    return privateMessage.refusalStatus();
  const recipients = privateMessage.recipients(turn);
  if (!recipients.every((recipient) => privateMessage.nodeSupports(turn, recipient)))
    return privateMessage.refusalStatus();
  return recipients.length === 0 || privateMessage.strangers(turn) > 0
    ? privateMessage.strangerStatus()
    : recipients;
}
