/** The MSRP switch (clauses 7.2.3.1, 7.2.3.3). */
import { relay } from "../peer/im-server/switch/decisions/relay.ts";
import { decide, serverFault, type Fault } from "./fault.ts";

type Turn = Parameters<typeof relay.recipients>[0];

export const faults: readonly Fault[] = [
  serverFault(
    "7.2.3.1-5",
    "sends messages to all but the last participant",
    decide({ relay: { recipients: (turn: Turn) => relay.recipients(turn).slice(0, -1) } }),
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
];
