/** 7.2.1.2, steps 1 to 3, 7 and 8: INVITEs to a conference factory that make no session, and what they are answered. */
import type { ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import { isUnreadable } from "../trace/session/readable.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipResponse } from "../wire/sip/message.ts";
import { check, type Check, type Outcome } from "./check.ts";
import {
  goodRequests,
  isTurnedDown,
  refusedFor,
  type FactoryGround,
  type FactoryRequest,
} from "./factory-requests.ts";
import type { ConferenceInvite } from "./conference.ts";
import { invitationsInSpite } from "./invitations-in-spite.ts";
import {
  endOf,
  expectStatus,
  expectThat,
  expectWarning,
  missed,
  noted,
  passed,
  undecided,
} from "./outcome.ts";
import { uriListOf } from "./pager-message.ts";

function inSpiteOf(request: FactoryRequest, trace: ScenarioTrace): readonly ConferenceInvite[] {
  return invitationsInSpite(request, uriListOf(request.request) ?? [], trace);
}

/** Nobody is invited and the INVITE is refused, with whatever status. */
function makesNoSession(statement: string, ground: FactoryGround, why: string): Check {
  return check<FactoryRequest>(statement, {
    trigger: (trace) => refusedFor(ground, trace),
    judge: (request, trace): Outcome => {
      const { exchange, accepted, setUp } = request;
      const expected = `no session: ${why}`;
      const [invitation] = [...(setUp?.invitations ?? []), ...inSpiteOf(request, trace)];
      if (accepted !== undefined) return missed(expected, endOf(exchange), exchange);
      if (invitation !== undefined)
        return missed(expected, `<${invitation.request.uri}> was invited`, exchange, invitation.exchange);
      if (exchange.final !== undefined) return passed(expected, endOf(exchange), exchange);
      return trace.complete
        ? missed(expected, "no final response within the response guard", exchange)
        : undecided(expected, "the trace ends before a final response", exchange);
    },
  });
}

function answeredWith(statement: string, ground: FactoryGround, status: number): Check {
  return check<FactoryRequest>(statement, {
    trigger: (trace) => refusedFor(ground, trace),
    judge: ({ exchange }, trace) => expectStatus(exchange, [status], trace.complete),
  });
}

function refusals(
  ground: FactoryGround,
  status: number,
  trace: ScenarioTrace,
): readonly SipRecord<SipResponse>[] {
  return refusedFor(ground, trace).flatMap(({ exchange: { final } }) =>
    final?.message.status === status ? [final] : [],
  );
}

function warnsOf(statement: string, ground: FactoryGround, status: number, code: number): Check {
  return check<SipRecord<SipResponse>>(statement, {
    trigger: (trace) => refusals(ground, status, trace),
    judge: (refusal) => expectWarning(refusal, code),
  });
}

/** The same, and whoever has nothing against it is not refused so. `status`: by which it would be; `codes`: with one of these, or without a Warning. */
function looksAt(
  statement: string,
  ground: FactoryGround,
  {
    status,
    codes,
    why,
  }: { readonly status: number; readonly codes: readonly number[]; readonly why: string },
): Check {
  const refused = makesNoSession(statement, ground, why);
  const isRefusedSo = (request: FactoryRequest): boolean => {
    const { final } = request.exchange;
    if (final?.message.status !== status || !isTurnedDown(request)) return false;
    return header(final.message, "Warning") === undefined || expectWarning(final, ...codes).result === "pass";
  };
  const taken = check<FactoryRequest>(statement, {
    trigger: (trace) =>
      goodRequests(trace).filter((request) => request.accepted !== undefined || isRefusedSo(request)),
    judge: ({ exchange, accepted }) =>
      expectThat(accepted !== undefined, `no ${status} as if ${why}`, endOf(exchange), exchange),
  });
  return { ...refused, run: (trace) => [...refused.run(trace), ...taken.run(trace)] };
}

export const onlyAllocatedFactories = looksAt("7.2.1.2-1a", "unallocated", {
  status: 404,
  codes: [],
  why: "the factory is not allocated",
});
export const unallocatedFactoryOfSession404 = answeredWith("7.2.1.2-1b", "unallocated", 404);

export const onlyAuthorisedUsers = looksAt("7.2.1.2-2a", "unauthorised", {
  status: 403,
  codes: [127],
  why: "the inviting user is not authorised",
});
export const unauthorisedSession403 = answeredWith("7.2.1.2-2b", "unauthorised", 403);
export const unauthorisedSessionWarning = warnsOf("7.2.1.2-2c", "unauthorised", 403, 127);

export const anonymousSession403 = answeredWith("7.2.1.2-3a", "anonymity-refused", 403);
export const anonymousSessionWarning = warnsOf("7.2.1.2-3b", "anonymity-refused", 403, 119);

/** What the operator allows is not refused for that; what it does not allow is refused. */
function checked(statement: string, ground: FactoryGround, status: number, what: string): Check {
  const refused = makesNoSession(statement, ground, `${what} is against the policy of the operator`);
  const taken = check<FactoryRequest>(statement, {
    // A status that an invited user gave may be passed on.
    trigger: (trace) =>
      goodRequests(trace).filter((request) => request.accepted !== undefined || isTurnedDown(request)),
    judge: ({ exchange }) =>
      expectThat(
        exchange.final?.message.status !== status,
        `no ${status}: ${what} is as the operator allows it`,
        endOf(exchange),
        exchange,
      ),
  });
  return { ...refused, run: (trace) => [...refused.run(trace), ...taken.run(trace)] };
}

export const adHocOfferIsChecked = checked("7.2.1.2-7a", "media-refused", 488, "the offer");
export const refusedOffer488 = answeredWith("7.2.1.2-7b", "media-refused", 488);

/** Which header or body is to describe it is not said: a session description, or the words of a Warning. */
export const supportedOfferDescribed = check<SipRecord<SipResponse>>("7.2.1.2-7c", {
  trigger: (trace) => refusals("media-refused", 488, trace),
  judge: (refusal) => {
    const expected = "a description of what is supported: a session description, or a Warning";
    const description = descriptionIn(refusal);
    if (description !== undefined && !isUnreadable(description.sdp) && description.media.length > 0)
      return passed(expected, `a session description with ${typesIn(description.media)}`, refusal);
    const warning = header(refusal.message, "Warning");
    if (warning !== undefined)
      return noted(expected, `Warning: ${warning}`, "it is described in a Warning", refusal);
    const actual = description === undefined ? "no body and no Warning" : "a body without message media";
    return missed(expected, actual, refusal);
  },
});

function typesIn(media: readonly { readonly acceptTypes: readonly string[] }[]): string {
  return `accept-types ${media.flatMap(({ acceptTypes }) => acceptTypes).join(" ") || "of nothing"}`;
}

export const numberOfInvitedIsChecked = checked("7.2.1.2-8a", "list-too-long", 486, "the number of users");
export const tooManyInvited486 = answeredWith("7.2.1.2-8b", "list-too-long", 486);
export const tooManyInvitedWarning = warnsOf("7.2.1.2-8c", "list-too-long", 486, 102);
