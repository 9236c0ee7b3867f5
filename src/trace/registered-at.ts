/** Registrations as the IM Server was told of them (TS 5.3). */
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import type { ScenarioTrace } from "./scenario-trace.ts";
import { addressIn, firstHeader } from "./sip-identity.ts";

/** Whether the core had told the server of a registration, by the last third-party REGISTER about the user before `seq`. */
export function registeredAt(user: string, seq: number, trace: ScenarioTrace): boolean {
  if (trace.sutFile.server?.thirdPartyRegister === false) return true;
  const last = trace
    .exchanges({ method: "REGISTER", way: "to-sut", function: "registration" })
    .findLast(
      ({ request }) =>
        request.seq < seq && sameAddressOfRecord(addressIn(firstHeader(request.message, "to") ?? ""), user),
    );
  return last !== undefined && firstHeader(last.request.message, "expires") !== "0";
}
