/** Events of flow D.3, in pieces: Alice sends to a group, Bob and Ted get it and notify, Dan is away. */
import type { ServerFunction } from "../event.ts";
import type { UnplacedEvent } from "../recorder.ts";
import { crossed, requestText, responseText } from "./events.ts";
import type { RequestParts } from "./events.ts";

const GROUP = "sip:group@home.test";
export const address = (user: string): string => `sip:${user}@home.test`;

interface Way {
  readonly from: string;
  readonly to: string;
  readonly fromFunction?: ServerFunction;
  readonly toFunction?: ServerFunction;
}

let count = 0;

/** A request that the core carries from one end to the other, and what answers it on the way back. */
function carried(way: Way, parts: RequestParts) {
  count += 1;
  const { from, to } = way;
  const [first, second] = [`z9hG4bK-${count}-1`, `z9hG4bK-${count}-2`];
  const given = { callId: `c${count}`, ...parts, branches: [first] };
  const passed = { ...given, branches: [second, first] };
  const seen = (a: string, b: string, text: string, serverFunction?: ServerFunction): UnplacedEvent[] =>
    [a, b]
      .filter((node) => node !== "server")
      .map((node) => crossed(a, b, node, text, serverFunction === undefined ? {} : { serverFunction }));
  return {
    request: [
      ...seen(from, "core", requestText(given), way.fromFunction),
      ...seen("core", to, requestText(passed), way.toFunction),
    ],
    answer: (status: string): UnplacedEvent[] => [
      ...seen(to, "core", responseText(status, passed), way.toFunction),
      ...seen("core", from, responseText(status, given), way.fromFunction),
    ],
  };
}

const server = (fromFunction: ServerFunction, toFunction: ServerFunction): Way => ({
  from: "server",
  to: "server",
  fromFunction,
  toFunction,
});
const message = { body: "hello tok-1", to: GROUP };
const notice = { type: "message/cpim", body: "Content-Type: message/imdn+xml\r\n\r\n<imdn/>" };

export function deliveryTo(user: string) {
  const toServer = carried(server("controlling", "terminating"), { ...message, uri: address(user) });
  const toUser = carried(
    { from: "server", fromFunction: "terminating", to: user },
    { ...message, uri: address(user) },
  );
  return [...toServer.request, ...toUser.request, ...toUser.answer("200 OK"), ...toServer.answer("200 OK")];
}

function noticeOf(user: string): UnplacedEvent[] {
  const parts = { ...notice, from: address(user), uri: GROUP };
  const given = carried({ from: user, to: "server", toFunction: "originating" }, parts);
  const onward = carried(server("originating", "controlling"), parts);
  return [...given.request, ...onward.request, ...onward.answer("200 OK"), ...given.answer("200 OK")];
}

/** The flow in pieces, so that a case can leave out, change or move one. */
export function pieces() {
  const sent = carried(
    { from: "alice", to: "server", toFunction: "originating" },
    { ...message, uri: GROUP },
  );
  const onward = carried(server("originating", "controlling"), { ...message, uri: GROUP });
  const answered = (status: string): UnplacedEvent[] => [...onward.answer(status), ...sent.answer(status)];
  const report = { ...notice, from: GROUP, uri: address("alice") };
  const toServerA = carried(server("controlling", "terminating"), report);
  const toAlice = carried({ from: "server", fromFunction: "terminating", to: "alice" }, report);
  return {
    sent: sent.request,
    onward: onward.request,
    accepted: answered("202 Accepted"),
    toBob: deliveryTo("bob"),
    toTed: deliveryTo("ted"),
    noticeOfBob: noticeOf("bob"),
    noticeOfTed: noticeOf("ted"),
    report: toServerA.request,
    reportToAlice: [...toAlice.request, ...toAlice.answer("200 OK")],
  };
}

export type Pieces = ReturnType<typeof pieces>;

/** Dan is away at first. */
export function deferredDelivery() {
  const toServer = carried(server("controlling", "terminating"), { ...message, uri: address("dan") });
  const toDan = carried(
    { from: "server", fromFunction: "terminating", to: "dan" },
    { ...message, uri: address("dan") },
  );
  const registered = {
    method: "REGISTER",
    uri: "sip:server",
    callId: "reg",
    to: address("dan"),
    branches: ["z9hG4bK-reg"],
  };
  const seen = { serverFunction: "registration" } as const;
  const report = { ...notice, from: GROUP, uri: address("alice"), callId: "late" };
  const toServerA = carried(server("controlling", "terminating"), report);
  const toAlice = carried({ from: "server", fromFunction: "terminating", to: "alice" }, report);
  return {
    kept: [...toServer.request, ...toServer.answer("202 Accepted")],
    later: [
      crossed("core", "server", "core", requestText(registered), seen),
      crossed("server", "core", "core", responseText("200 OK", registered), seen),
      ...toDan.request,
      ...toDan.answer("200 OK"),
      ...noticeOf("dan"),
      ...toServerA.request,
      ...toAlice.request,
    ],
  };
}
