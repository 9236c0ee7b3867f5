/** System messages (clause 5.4). */
import { bytesOf } from "../peer/im/content.ts";
import { decide, serverFault } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    "5.4-1",
    "the last recipient gets no system message",
    decide({ systemMessage: { recipients: (_server, { to }) => (to.length > 1 ? to.slice(0, -1) : to) } }),
  ),
  serverFault(
    "5.4-2",
    "system messages are marked as ordinary ones",
    decide({ systemMessage: { acceptContact: () => "*;+g.oma.sip-im" } }),
  ),
  serverFault(
    "5.4-3a",
    "what asks for an answer stands in the system message itself",
    decide({
      systemMessage: { body: (_server, { text }) => ({ contentType: "text/plain", bytes: bytesOf(text) }) },
    }),
  ),
  serverFault(
    "5.4-4",
    "system messages are addressed to the domain",
    decide({
      systemMessage: { requestUri: (_server, recipient) => recipient.replace(/^sip:[^@]*@/u, "sip:") },
    }),
  ),
  serverFault(
    "5.4-5",
    "system messages are said to come from their recipients",
    decide({ systemMessage: { assertedIdentity: (server) => `<sip:operator@${server.config.homeDomain}>` } }),
  ),
  serverFault(
    ["5.4-6", "F.1-p1b"],
    "system messages do not tell the release",
    decide({ systemMessage: { userAgent: () => undefined } }),
  ),
  serverFault(
    ["5.4-8", "5.4-1"],
    "system messages are never sent",
    decide({ systemMessage: { recipients: () => [] } }),
  ),
];
