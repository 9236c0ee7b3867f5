/** 11.1, 11.2: a request to a factory, a conference or a group that is not allocated. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Check } from "./check.ts";
import { soleGround } from "./grounds.ts";
import { expectStatus } from "./outcome.ts";

type UnallocatedUri = "unallocatedFactory" | "unallocatedGroup";

function unallocated404(statement: string, uri: UnallocatedUri): Check {
  return check<Exchange>(statement, {
    trigger: (trace) =>
      requestsTo(trace.sutFile.server?.serviceUris[uri], trace).filter(
        (exchange) => soleGround(exchange, trace) === "unallocated",
      ),
    judge: (exchange, trace) => expectStatus(exchange, [404], trace.complete),
  });
}

function requestsTo(uri: string | undefined, trace: ScenarioTrace): readonly Exchange[] {
  if (uri === undefined) return [];
  return trace
    .exchanges({ way: "to-sut", method: ["MESSAGE", "INVITE"], function: "controlling" })
    .filter(({ request }) => sameAddressOfRecord(request.message.uri, uri));
}

export const unallocatedFactory404 = unallocated404("11.1-p1", "unallocatedFactory");
export const unallocatedGroup404 = unallocated404("11.2-p1", "unallocatedGroup");
