/** Whether a node answers at all: OPTIONS (RFC 3261 11), where any final response is a sign of life. */
import type { SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { Hop } from "../../net/network.ts";
import { sipRequest } from "../../wire/sip/build.ts";

export interface ProbeParts {
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly ids: Ids;
  /** URI of the core, which is who asks. */
  readonly from: string;
}

/** Settles with true at the first response, with false when none came within `withinMs` milliseconds or the node cannot be reached. */
export function probe(
  { endpoint, clock, ids, from }: ProbeParts,
  uri: string,
  to: Hop,
  withinMs: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (alive: boolean): void => {
      disarm();
      resolve(alive);
    };
    const disarm = clock.callAt(clock.now() + withinMs, () => settle(false));
    const request = sipRequest({
      method: "OPTIONS",
      uri,
      headers: [
        ["Max-Forwards", "70"],
        ["From", `<${from}>;tag=${ids.token(13)}`],
        ["To", `<${uri}>`],
        ["Call-ID", ids.token(20)],
        ["CSeq", "1 OPTIONS"],
        ["Accept", "*/*"],
      ],
    });
    endpoint.send(request, { to, onResponse: () => settle(true), onFailure: () => settle(false) });
  });
}
