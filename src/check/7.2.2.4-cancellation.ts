/** 7.2.2.4: the controlling function gives an invitation up that has no final response. */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { callIdOf, cseqOf, headerFields, routesOf, vias } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { check, type Outcome } from "./check.ts";
import { attemptedSetUps, invitesOfFocus, type ConferenceInvite } from "./conference.ts";
import { missed, passed } from "./outcome.ts";
import { readable } from "./pager-message.ts";
import { hooked, hookedAt } from "./server-hooks.ts";
import { hadTimeFor } from "./waiting-time.ts";

interface GivenUp {
  readonly invitation: ConferenceInvite;
  /** On the hop between the function and the core; undefined: there is none, although one was needed. */
  readonly cancel: Exchange | undefined;
}

/** CANCELs that were seen, and those that the control hook asked for and that could have been seen. */
function givenUp(trace: ScenarioTrace): readonly GivenUp[] {
  const needed = attemptedSetUps(trace).flatMap((setUp) =>
    hooked(setUp, "cancel-invitations", trace).map((stimulus) => hookedAt(stimulus, trace)),
  );
  return invitesOfFocus(trace).flatMap((invitation): readonly GivenUp[] => {
    const { exchange } = invitation;
    const cancel = cancelOf(exchange, trace);
    if (cancel !== undefined) return [{ invitation, cancel }];
    const isNeeded = needed.some(
      ({ seq, at }) => isPendingAt(exchange, seq) && hadTimeFor(at, trace, exchange.final?.at),
    );
    return isNeeded ? [{ invitation, cancel }] : [];
  });
}

/** By its Call-ID and branch or its number: one that has neither in common cancels nothing. */
function cancelOf({ request }: Exchange, trace: ScenarioTrace): Exchange | undefined {
  const callId = callIdOf(request.message);
  return trace
    .exchanges({ method: "CANCEL", way: "from-sut", function: "controlling" })
    .find(
      (cancel) =>
        callIdOf(cancel.request.message) === callId &&
        (branchOf(cancel.request.message) === branchOf(request.message) ||
          numberOf(cancel.request.message) === numberOf(request.message)),
    );
}

function branchOf(request: SipRequest): string | undefined {
  return readable(() => vias(request)[0]?.branch, undefined);
}

function numberOf(request: SipRequest): number | undefined {
  return readable(() => cseqOf(request)?.number, undefined);
}

/** A provisional response had come, and no final one (RFC 3261 9.1). */
function isPendingAt({ responses, final }: Exchange, seq: number): boolean {
  return responses.some((response) => response.seq < seq) && (final?.seq ?? Infinity) > seq;
}

/** RFC 3261 9.1: what a CANCEL has in common with its request, and what it has not. */
function departures(cancel: SipRequest, invite: SipRequest): readonly string[] {
  const same = (name: string): boolean =>
    JSON.stringify(headerFields(cancel, name).map(({ value }) => value.trim())) ===
    JSON.stringify(headerFields(invite, name).map(({ value }) => value.trim()));
  const routes = [cancel, invite].map((request) =>
    readable(() => routesOf(request).map(({ uri }) => uri), []).join(),
  );
  const rules: readonly (readonly [string, boolean])[] = [
    ["another Request-URI", cancel.uri === invite.uri],
    ["another Call-ID", same("Call-ID")],
    ["another From", same("From")],
    ["another To", same("To")],
    ["another number in CSeq", numberOf(cancel) === numberOf(invite)],
    ["another branch in Via", branchOf(cancel) === branchOf(invite)],
    ["another Route", routes[0] === routes[1]],
    ["Require", headerFields(cancel, "Require").length === 0],
    ["Proxy-Require", headerFields(cancel, "Proxy-Require").length === 0],
  ];
  return rules.filter(([, holds]) => !holds).map(([says]) => says);
}

export const invitationIsCancelled = check<GivenUp>("7.2.2.4-1", {
  trigger: givenUp,
  judge: ({ invitation: { exchange }, cancel }): Outcome => {
    const expected = "a CANCEL of the INVITE, as RFC 3261 9.1 has it";
    if (cancel === undefined) return missed(expected, "no CANCEL", exchange);
    const found = departures(cancel.request.message, exchange.request.message);
    const isEarly = !exchange.responses.some(({ seq }) => seq < cancel.request.seq);
    const wrong = isEarly ? ["sent before any provisional response", ...found] : found;
    return wrong.length === 0
      ? passed(expected, "CANCEL", exchange.request, cancel)
      : missed(expected, `CANCEL with ${wrong.join(", ")}`, exchange.request, cancel);
  },
});
