/**
 * One request to several bindings (RFC 3261 16.6, 16.7): those of equal q-value at once, the next q-value when all of the one before have
 * failed. The first 2xx or 6xx is relayed when it comes, else the best of what came.
 */
import type { IncomingRequest } from "../../endpoint/incoming.ts";
import type { SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { ForwardOptions } from "../../endpoint/forwarding.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";

export interface Branch {
  readonly request: SipRequest;
  readonly options: ForwardOptions;
  /** Branches of one rank go out together; lower ranks are tried first. */
  readonly rank: number;
}

/** RFC 3261 16.7 step 6: 6xx first, then the lowest class; within 4xx those that help the sender to do better. */
const HELPFUL: ReadonlySet<number> = new Set([401, 407, 415, 420, 484]);

function preferenceOf({ status }: SipResponse): number {
  if (status >= 600) return 0;
  return Math.floor(status / 100) * 10 + (HELPFUL.has(status) ? 0 : 1);
}

/** The final response to relay when no branch succeeded; the first of equals. */
export function bestResponse(responses: readonly SipResponse[]): SipResponse | undefined {
  return responses.toSorted((a, b) => preferenceOf(a) - preferenceOf(b))[0];
}

interface Attempt {
  readonly incoming: IncomingRequest;
  readonly endpoint: SipEndpoint;
  readonly failures: SipResponse[];
  readonly cancels: (() => void)[];
  settled: boolean;
}

export function fork(endpoint: SipEndpoint, incoming: IncomingRequest, branches: readonly Branch[]): void {
  const ranks = [...new Set(branches.map((branch) => branch.rank))].toSorted((a, b) => a - b);
  const groups = ranks.map((rank) => branches.filter((branch) => branch.rank === rank));
  const attempt: Attempt = { incoming, endpoint, failures: [], cancels: [], settled: false };
  incoming.onCancel(() => {
    groups.length = 0;
    for (const cancel of attempt.cancels) cancel();
  });
  tryNext(attempt, groups);
}

function tryNext(attempt: Attempt, groups: (readonly Branch[])[]): void {
  const group = groups.shift();
  if (group === undefined) {
    const best = bestResponse(attempt.failures);
    if (!attempt.settled && best !== undefined) attempt.incoming.respond(best);
    attempt.settled = true;
    return;
  }
  let open = group.length;
  const failed = (response: SipResponse) => {
    attempt.failures.push(response);
    open -= 1;
    if (open === 0 && !attempt.settled) tryNext(attempt, groups);
  };
  for (const branch of group) sendBranch(attempt, branch, failed);
}

/** Each branch is forwarded as if it were the only one; what it would relay is collected here instead. */
function sendBranch(attempt: Attempt, branch: Branch, failed: (response: SipResponse) => void): void {
  const { incoming, endpoint } = attempt;
  const collecting: IncomingRequest = {
    message: incoming.message,
    source: incoming.source,
    local: incoming.local,
    annotation: incoming.annotation,
    get answered() {
      return incoming.answered;
    },
    onCancel: (cancel) => attempt.cancels.push(cancel),
    respond: (response) => {
      const { status } = response;
      if (status >= 300 && status < 600) return failed(response);
      if (status >= 200) settle(attempt);
      incoming.respond(response);
    },
  };
  endpoint.forward(collecting, branch.request, branch.options);
}

/** A 2xx or 6xx ends the search: INVITEs that still ring elsewhere are cancelled. */
function settle(attempt: Attempt): void {
  if (attempt.settled) return;
  attempt.settled = true;
  for (const cancel of attempt.cancels) cancel();
}
