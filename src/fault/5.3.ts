/** Third-party registration (clause 5.3). */
import { decide, onResponse, serverFault } from "./fault.ts";
import type { Fault } from "./fault.ts";

export const faults: readonly Fault[] = [
  serverFault(
    "5.3-1",
    "a third-party REGISTER is answered 501",
    decide({ registration: { status: () => 501 } }),
  ),
  serverFault(
    "5.3-2",
    "a third-party REGISTER is not answered",
    onResponse("REGISTER", () => undefined),
  ),
  serverFault(
    "5.3-2",
    "a third-party REGISTER is answered 202",
    decide({ registration: { status: () => 202 } }),
  ),
  serverFault(
    "5.3-3",
    "the 200 to a third-party REGISTER has an Expires of the server's own",
    decide({ registration: { expires: () => "600" } }),
  ),
  serverFault(
    "5.3-3",
    "the 200 to a third-party REGISTER has no Expires",
    decide({ registration: { expires: () => undefined } }),
  ),
];
