/** Events of flow D.1: Alice subscribes to the state of a conference, through one core and one server, or through two of each. */
import { writeConferenceInfo } from "../../wire/xml/conference-info.ts";
import type { ServerFunction } from "../event.ts";
import type { UnplacedEvent } from "../recorder.ts";
import { crossed, requestText, responseText } from "./events.ts";
import type { RequestParts } from "./events.ts";

export const CONFERENCE = "sip:session-1@home.test";

/** A leg: from, to, and the function of the server at its end. */
export type Leg = readonly [string, string, ServerFunction?];

/** One node plays both cores, and one both servers: what core A gives to core X is not seen. */
export const ONE_OF_EACH: readonly Leg[] = [
  ["alice", "core"],
  ["core", "server", "originating"],
  ["server", "core", "originating"],
  ["core", "server", "controlling"],
];

export const TWO_OF_EACH: readonly Leg[] = [
  ["alice", "core"],
  ["core", "server", "originating"],
  ["server", "core", "originating"],
  ["core", "core-x"],
  ["core-x", "server-x", "controlling"],
];

const SUTS = ["server", "server-x"];

function seen([from, to, serverFunction]: Leg, text: string): UnplacedEvent[] {
  return [from, to]
    .filter((node) => !SUTS.includes(node))
    .map((node) =>
      crossed(from, to, node, text, {
        ...(serverFunction === undefined ? {} : { serverFunction }),
        ...(node.startsWith("core") ? { nodeKind: "core" } : {}),
        peerIsSut: SUTS.includes(node === from ? to : from),
      }),
    );
}

const backwards = (legs: readonly Leg[]): readonly Leg[] =>
  legs.toReversed().map(([from, to, ...serverFunction]) => [to, from, ...serverFunction]);

let count = 0;

/** A request by all legs, and its response back by all of them. */
export function journey(
  legs: readonly Leg[],
  parts: RequestParts,
  status = "200 OK",
): {
  readonly request: readonly UnplacedEvent[];
  readonly response: readonly UnplacedEvent[];
} {
  count += 1;
  const branches = legs.map((_, index) => `z9hG4bK-d1-${count}-${index}`);
  const upTo = (index: number): RequestParts => ({
    callId: `d1-${count}`,
    ...parts,
    branches: branches.slice(0, index + 1).toReversed(),
  });
  const within = (text: string): string =>
    parts.method === "NOTIFY" ? text.replace(/^(To: <[^>]*>)\r$/mu, "$1;tag=b1\r") : text;
  return {
    request: legs.flatMap((leg, index) => seen(leg, within(requestText(upTo(index))))),
    response: backwards(legs).flatMap((leg, index) =>
      seen(leg, responseText(status, upTo(legs.length - 1 - index))),
    ),
  };
}

function notification(legs: readonly Leg[], state: "full" | "partial", version: number) {
  const body = new TextDecoder().decode(
    writeConferenceInfo({
      entity: CONFERENCE,
      state,
      version,
      users: { state, list: [{ entity: "sip:bob@home.test", state: "full", endpoints: [] }] },
    }),
  );
  return journey(backwards(legs), {
    method: "NOTIFY",
    uri: "sip:alice@127.0.0.1:5070",
    from: CONFERENCE,
    to: "sip:alice@home.test",
    headers: ["Event: conference", "Subscription-State: active"],
    type: "application/conference-info+xml",
    body,
  });
}

export function conferencePieces(legs: readonly Leg[], status = "200 OK") {
  const subscription = journey(
    legs,
    { method: "SUBSCRIBE", uri: CONFERENCE, headers: ["Event: conference", "Expires: 600"] },
    status,
  );
  const [full, partial] = [notification(legs, "full", 0), notification(legs, "partial", 1)];
  return {
    subscribe: subscription.request,
    accepted: subscription.response,
    full: full.request,
    fullTaken: full.response,
    partial: partial.request,
    partialTaken: partial.response,
  };
}
