/** 6.1.2.2.2, 10a: what the client sends to the Contact of the INVITE gets to the Contact that the inviting side gave. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { sameUri } from "../wire/sip/uri.ts";
import { check } from "./check.ts";
import { focusContactOf } from "./conference.ts";
import { endOf, expectThat, missed } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { ownAnswerTo } from "./server-answers.ts";
import { fromClient, fromNetwork, toClient, toNetwork } from "./terminating-dialog.ts";
import { acceptedCalls, type AcceptedCall } from "./terminating-session.ts";

interface Addressed {
  readonly call: AcceptedCall;
  /** To the Contact that the client knows, and as the server sent it on. */
  readonly request: Exchange;
  readonly onward: Exchange | undefined;
}

/** By these the server says that it does not know what stands behind the URI. */
const UNKNOWN: ReadonlySet<number> = new Set([404, 410, 416, 481, 484, 604]);

/** In a dialog of the server's own a request goes on as another; outside of it the core ties both together. */
function addressed(trace: ScenarioTrace): readonly Addressed[] {
  return acceptedCalls(trace).flatMap((call) => {
    const contact = focusContactOf(call.sent.request.message)?.uri;
    if (contact === undefined || isMoved(call)) return [];
    const within = new Set(["BYE", "INVITE", "UPDATE"].flatMap((method) => fromClient(call, method)));
    return trace
      .exchanges({ way: "to-sut" })
      .filter(
        ({ request: { seq, message } }) =>
          seq > call.okOfClient.seq &&
          message.method !== "ACK" &&
          message.method !== "CANCEL" &&
          isSame(message.uri, contact),
      )
      .map((request) => ({
        call,
        request,
        onward: within.has(request) ? onwardWithin(call, request) : trace.onwardOf(request),
      }))
      .filter(
        ({ request, onward }) =>
          onward !== undefined || (isUnknown(request, trace) && !isOver(call, request)),
      );
  });
}

/** A re-INVITE of the inviting side may bring another Contact. */
function isMoved(call: AcceptedCall): boolean {
  return fromNetwork(call, "INVITE").length > 0 || fromNetwork(call, "UPDATE").length > 0;
}

function onwardWithin(call: AcceptedCall, { request }: Exchange): Exchange | undefined {
  return toNetwork(call, request.message.method).find((one) => one.request.seq > request.seq);
}

function isUnknown(request: Exchange, trace: ScenarioTrace): boolean {
  const own = ownAnswerTo(request, trace);
  return own !== undefined && UNKNOWN.has(own.final.message.status);
}

/** Somebody had ended the session: what stands behind its identity may be forgotten. */
function isOver(call: AcceptedCall, { request, final }: Exchange): boolean {
  const until = final?.seq ?? Number.POSITIVE_INFINITY;
  return [fromNetwork, toNetwork, fromClient, toClient]
    .flatMap((of) => of(call, "BYE"))
    .some((bye) => bye.request !== request && bye.request.seq < until);
}

export const contactLeadsThrough = check<Addressed>("6.1.2.2.2-10a", {
  trigger: addressed,
  judge: ({ call, request, onward }) => {
    const wanted = focusContactOf(call.taken.request.message)?.uri ?? "";
    const expected = `what the client sends to the Contact gets to the inviting side's, ${wanted}`;
    return onward === undefined
      ? missed(expected, `${request.request.message.method}: ${endOf(request)}`, call.sent.request, request)
      : expectThat(
          isSame(onward.request.message.uri, wanted),
          expected,
          `${onward.request.message.method} to ${onward.request.message.uri}`,
          call.taken.request,
          request.request,
          onward.request,
        );
  },
});

function isSame(one: string, other: string): boolean {
  return readable(() => sameUri(one, other), one === other);
}
