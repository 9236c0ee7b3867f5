/** Private messages at the participating functions (clause 6.1.4.1). */
import { decide, serverFault, type Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    ["6.1.4.1-1a", "6.1.4.1-1b"],
    "sends private messages on to whatever node is next",
    decide({ originatingSession: { knowsPrivateMessages: () => true } }),
  ),
  serverFault(
    "6.1.4.1-1a",
    "sends no private message on",
    decide({ originatingSession: { knowsPrivateMessages: () => false } }),
  ),
  serverFault(
    "6.1.4.1-1b",
    "refuses private messages with 400",
    decide({ originatingSession: { privateMessageStatus: () => 400 } }),
  ),
];
