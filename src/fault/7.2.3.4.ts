/** Private messages at the MSRP switch (clause 7.2.3.4). */
import { privateMessage } from "../peer/im-server/switch/decisions/private-message.ts";
import { relayedCopy } from "../peer/im-server/switch/decisions/relayed-copy.ts";
import { decide, inSet, serverFault, type Fault } from "./fault.ts";

type Turn = Parameters<typeof privateMessage.recipients>[0];

/** Whom the message is for does not stand for everybody. */
function isPrivate({ wrapper, participants }: Turn): boolean {
  return wrapper.to.some(({ uri }) => participants.some(({ address }) => address === uri));
}

export const faults: readonly Fault[] = [
  serverFault(
    ["7.2.3.4-1", "7.2.3.4-2", "7.2.3.3-3", "7.2.3.3-2-1", "7.2.3.1-6"],
    "takes every message for one to everybody",
    decide({ relay: { isForAll: () => true } }),
  ),
  serverFault(
    "7.2.3.1-6",
    "takes private messages and sends them to nobody",
    decide({
      relay: {
        isForAll: (turn) => isPrivate(turn) || turn.wrapper.to.length > 0,
        recipients: (turn) =>
          isPrivate(turn) ? [] : turn.participants.filter(({ id }) => id !== turn.sender.id),
      },
    }),
  ),
  serverFault(
    ["7.2.3.4-a-1", "7.2.3.4-a-2", "7.2.3.4-3"],
    "lets everybody send private messages",
    decide({ privateMessage: { mayWrite: () => true } }),
  ),
  serverFault(
    "7.2.3.4-a-2",
    "refuses who may not send private messages with 404",
    decide({ privateMessage: { refusalStatus: () => 404 } }),
  ),
  inSet(
    "no-private-messages",
    serverFault(
      "7.2.3.4-3",
      "refuses private messages with 501, for it has none",
      decide({ privateMessage: { refusalStatus: () => 501 } }),
    ),
  ),
  inSet(
    "proxy-mode",
    serverFault(
      ["7.2.3.4-b-1", "7.2.3.4-b-2"],
      "sends private messages to any node",
      decide({ privateMessage: { nodeSupports: () => true } }),
    ),
  ),
  serverFault(
    "7.2.3.4-c",
    "sends a private message to the first recipient only",
    decide({ privateMessage: { recipients: (turn: Turn) => privateMessage.recipients(turn).slice(0, 1) } }),
  ),
  serverFault(
    "7.2.3.4-c-1",
    "gives copies of private messages a Message-ID of their own",
    decide({
      relayedCopy: {
        messageId: (turn: Turn) =>
          isPrivate(turn) ? `copy${turn.incoming.messageId}`.slice(0, 31) : relayedCopy.messageId(turn),
      },
    }),
  ),
  serverFault(
    "7.2.3.4-c-2",
    "writes a word of private messages in other letters",
    decide({
      relayedCopy: {
        octets: (turn: Turn, piece: Uint8Array) =>
          isPrivate(turn)
            ? Buffer.from(Buffer.from(piece).toString("latin1").replace("Hello", "HELLO"), "latin1")
            : piece,
      },
    }),
  ),
  serverFault(
    "7.2.3.4-n",
    "waits for the whole of a private message",
    decide({ relay: { startsEarly: (turn: Turn) => !isPrivate(turn) } }),
  ),
];
