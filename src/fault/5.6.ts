/** Warning headers (clauses 5.6.1 and 5.6.2). */
import { wording } from "../peer/im-server/decisions/responses.ts";
import { decide, serverFault } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    "5.6.1-2a",
    "the warning has no agent",
    decide({ responses: { warning: (_turn, text) => `399 "${text}"` } }),
  ),
  serverFault(
    "5.6.1-2b",
    "the warn-code is that of the text",
    decide({ responses: { warning: (_turn, text) => `${text.slice(0, 3)} im-server "${text}"` } }),
  ),
  serverFault(
    "5.6.1-4",
    "explains itself in English to everybody",
    decide({ wording: { language: () => "en" } }),
  ),
  serverFault(
    "5.6.1-5",
    "translates the code too",
    decide({
      wording: {
        translated: (text, language) =>
          language === "en" ? text : wording.translated(text, language).replace(/^\d/u, "un "),
      },
    }),
  ),
  serverFault(
    "5.6.2-1",
    "the warning text has no code",
    decide({ responses: { warning: (_turn, text) => `399 im-server "${text.slice(4)}"` } }),
  ),
  serverFault(
    "5.6.2-1",
    "the warning text is a code and nothing else",
    decide({ responses: { warning: (_turn, text) => `399 im-server "${text.slice(0, 3)}"` } }),
  ),
];
