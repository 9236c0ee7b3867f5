/** The MSRP switch (clauses 7.2.3.1, 7.2.3.3). */
import { relay } from "../peer/im-server/switch/decisions/relay.ts";
import { decide, serverFault, type Fault } from "./fault.ts";

type Turn = Parameters<typeof relay.recipients>[0];

export const faults: readonly Fault[] = [
  serverFault(
    ["7.2.3.1-1", "7.2.3.3-0"],
    "refuses messages of type message/cpim",
    decide({ relay: { typeSupported: () => false } }),
  ),
  serverFault(
    ["7.2.3.1-2", "7.2.3.3-2a-1", "7.2.3.3-2a-i-1"],
    "sends messages of any size to everybody",
    decide({ relay: { isTooLarge: () => false } }),
  ),
  serverFault(
    "7.2.3.3-2a-2",
    "compares the size of a chunk with what a participant takes",
    decide({
      relay: {
        isTooLarge: (recipient, total) => relay.isTooLarge(recipient, Math.min(total, 500)),
      },
    }),
  ),
  serverFault(
    "7.2.3.3-2a-i-2",
    "does not tell that a message was too large for somebody",
    decide({ relay: { reportsTooLarge: () => false } }),
  ),
  serverFault(
    ["7.2.3.1-3a", "7.2.3.3-1a", "7.2.3.1-3c", "7.2.3.3-1b", "7.2.3.3-0"],
    "lets a message through whatever From says",
    decide({ relay: { fromIsSender: () => true } }),
  ),
  serverFault(
    ["7.2.3.1-3c", "7.2.3.3-1b"],
    "refuses a wrong From with 400",
    decide({ relay: { refusalStatus: () => 400 } }),
  ),
  serverFault(
    "7.2.3.1-3b",
    "refuses a From that has a name",
    decide({
      relay: {
        fromIsSender: (turn) => turn.wrapper.from?.displayName === undefined && relay.fromIsSender(turn),
      },
    }),
  ),
  serverFault(
    "7.2.3.1-5",
    "sends messages to all but the last participant",
    decide({ relay: { recipients: (turn: Turn) => relay.recipients(turn).slice(0, -1) } }),
  ),
  serverFault(
    "7.2.3.3-2-2",
    "takes the group for a stranger",
    decide({
      relay: {
        isForAll: (turn) =>
          relay.isForAll({ ...turn, conference: { sessionIdentity: turn.conference.sessionIdentity } }),
      },
    }),
  ),
  serverFault(
    "7.2.3.3-2b",
    "sends messages back to their sender, too",
    decide({ relay: { recipients: ({ participants }: Turn) => participants } }),
  ),
  serverFault(
    "7.2.3.3-2b-1",
    "gives copies a Message-ID of their own",
    decide({ relayedCopy: { messageId: ({ incoming }) => `copy${incoming.messageId}`.slice(0, 31) } }),
  ),
  serverFault(
    "7.2.3.3-2b-2",
    "writes a word of the body in other letters",
    decide({
      relayedCopy: {
        octets: (_turn, piece) =>
          Buffer.from(Buffer.from(piece).toString("latin1").replace("Hello", "HELLO"), "latin1"),
      },
    }),
  ),
  serverFault(
    ["7.2.3.1-7", "7.2.3.3-2b-3"],
    "waits for the whole message",
    decide({ relay: { startsEarly: () => false } }),
  ),
];
