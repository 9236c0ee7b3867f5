/** Privacy as a server keeps or refuses it (clause 14.3). */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { addressesOf, fromOf, header, privacyOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Outcome } from "./check.ts";
import { refusedFor } from "./factory-requests.ts";
import { soleGround } from "./grounds.ts";
import { badInvites } from "./group-session-admission.ts";
import { invitings } from "./inviting-users.ts";
import { expectTurnedAway, forwardable, refusable } from "./originating-message.ts";
import { missed, passed } from "./outcome.ts";
import { readable, uriListOf } from "./pager-message.ts";
import { additions, thoseWith } from "./referrals.ts";
import { sessionLegs } from "./session-legs.ts";
import { deliverable } from "./terminating-message.ts";

interface Passing {
  readonly came: SipRecord<SipRequest>;
  readonly went: SipRecord<SipRequest>;
}

interface Passage extends Passing {
  /** Addresses of the sender that the core asserts. */
  readonly senders: readonly string[];
}

/** What was sent on for a sender who asked for no privacy of any kind. */
function openPassages(trace: ScenarioTrace): readonly Passage[] {
  return [...messagesOn(trace), ...invitesOn(trace), ...invitesFor(trace)].flatMap(({ came, went }) => {
    const senders = assertedIn(came.message);
    const isOpen = readable(() => privacyOf(came.message).every((value) => value === "none"), false);
    return senders.length > 0 && isOpen ? [{ came, went, senders }] : [];
  });
}

function messagesOn(trace: ScenarioTrace): readonly Passing[] {
  return [...forwardable(trace), ...deliverable(trace)].flatMap((exchange) => {
    const went = trace.onwardOf(exchange)?.request;
    return went === undefined ? [] : [{ came: exchange.request, went }];
  });
}

/** By the participating functions. */
function invitesOn(trace: ScenarioTrace): readonly Passing[] {
  return (["originating", "terminating"] as const)
    .flatMap((of) => sessionLegs(trace, of))
    .map(({ taken, sent }) => ({ came: taken.request, went: sent.request }));
}

/** By the focus, for the one who asked for it. */
function invitesFor(trace: ScenarioTrace): readonly Passing[] {
  return invitings(trace).flatMap(({ inviters: [inviter, ...others], invitation }) =>
    inviter === undefined || others.length > 0
      ? []
      : [{ came: inviter.request, went: invitation.exchange.request }],
  );
}

function assertedIn(request: SipRequest): readonly string[] {
  return readable(() => addressesOf(request, "P-Asserted-Identity").map(({ uri }) => uri), []);
}

/** The user at the other end sees From and Referred-By, and P-Asserted-Identity where no privacy was asked for. */
function showsSender({ message }: SipRecord<SipRequest>, senders: readonly string[]): boolean {
  const from = readable(() => fromOf(message)?.uri, undefined);
  const referredBy = readable(() => addressesOf(message, "Referred-By").map(({ uri }) => uri), []);
  const isHidden = readable(() => privacyOf(message).includes("id"), false);
  return [from, ...referredBy, ...(isHidden ? [] : assertedIn(message))].some(
    (uri) => uri !== undefined && senders.some((sender) => sameAddressOfRecord(uri, sender)),
  );
}

export const identityPassedOn = check("14.3-p3", {
  trigger: openPassages,
  judge: ({ came, went, senders }): Outcome => {
    const expected = `the address of the sender, ${senders.join(" or ")}, in P-Asserted-Identity, From or Referred-By`;
    const actual = ["From", "P-Asserted-Identity", "Referred-By", "Privacy"]
      .map((name) => `${name}: ${header(went.message, name) ?? "none"}`)
      .join(", ");
    return (showsSender(went, senders) ? passed : missed)(expected, actual, came, went);
  },
});

/** Requests to the controlling function that nothing but the wish for privacy speaks against. */
function groupRequests(trace: ScenarioTrace): readonly Exchange[] {
  return trace
    .exchanges({ way: "to-sut", method: "MESSAGE", function: "controlling" })
    .filter((exchange) => soleGround(exchange, trace) === "anonymity-refused");
}

export const privacyAgainstPolicyRejected = check("14.3-p4a", {
  trigger: (trace) => [
    ...refusable(trace, "anonymity-refused"),
    ...groupRequests(trace).filter(({ request }) => uriListOf(request.message) !== undefined),
    ...refusedFor("anonymity-refused", trace).map(({ exchange }) => exchange),
  ],
  judge: (exchange, trace) =>
    expectTurnedAway("an anonymous request is rejected where the server allows no privacy", exchange, trace),
});

export const privacyAgainstGroupRulesRejected = check("14.3-p4b", {
  trigger: (trace) => [
    ...groupRequests(trace).filter(
      ({ request }) => trace.group(request.message.uri)?.allowAnonymity === false,
    ),
    ...badInvites(trace, "anonymity", "idle", "running").map(({ exchange }) => exchange),
    ...thoseWith("anonymity", additions(trace))
      .filter(({ conference }) => conference?.kind === "group")
      .map(({ exchange }) => exchange),
  ],
  judge: (exchange, trace) =>
    expectTurnedAway(
      "an anonymous request is rejected where the rules of the group allow no privacy",
      exchange,
      trace,
    ),
});
