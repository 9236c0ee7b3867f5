/** The release of the server in Server and User-Agent (F.1). */
import { decide, serverFault } from "./fault.ts";
import type { Fault } from "./fault.ts";

function releasedAs(statement: string, says: string, release: string): Fault {
  return serverFault(
    statement,
    says,
    decide({
      responses: { server: () => release },
      systemMessage: { userAgent: () => release },
    }),
  );
}

export const faults: readonly Fault[] = [
  releasedAs("F.1-p2b", "the server tells the name of its product first", "Acme-IM/7.1 IM-serv/OMA1.0"),
  releasedAs("F.1-p3b", "the server calls itself client", "IM-client/OMA1.0"),
  releasedAs("F.1-p3c", "the server tells a release that there is not", "IM-serv/OMA9.9"),
];
