/** Privacy as a server keeps or refuses it (clause 14.3). */
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { addressesOf, fromOf, header, privacyOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { check, type Outcome } from "./check.ts";
import { refusedFor } from "./factory-requests.ts";
import { originatorOf, soleGround } from "./grounds.ts";
import { expectTurnedAway, forwardable, refusable } from "./originating-message.ts";
import { missed, passed } from "./outcome.ts";
import { readable, uriListOf } from "./pager-message.ts";
import { deliverable } from "./terminating-message.ts";

interface Passage {
  readonly came: SipRecord<SipRequest>;
  readonly went: SipRecord<SipRequest>;
  readonly sender: string;
}

/** What the participating function sent on for a sender who asked for no privacy of any kind. */
function openPassages(trace: ScenarioTrace): readonly Passage[] {
  return [...forwardable(trace), ...deliverable(trace)].flatMap((exchange) => {
    const came = exchange.request;
    const went = trace.onwardOf(exchange)?.request;
    const sender = originatorOf(came.message);
    const isOpen = readable(() => privacyOf(came.message).every((value) => value === "none"), false);
    return went !== undefined && sender !== undefined && isOpen ? [{ came, went, sender }] : [];
  });
}

/** The user at the other end sees From, and P-Asserted-Identity where no privacy was asked for. */
function showsSender({ message }: SipRecord<SipRequest>, sender: string): boolean {
  const from = readable(() => fromOf(message)?.uri, undefined);
  const asserted = readable(() => addressesOf(message, "P-Asserted-Identity").map(({ uri }) => uri), []);
  const isHidden = readable(() => privacyOf(message).includes("id"), false);
  return [from, ...(isHidden ? [] : asserted)].some(
    (uri) => uri !== undefined && sameAddressOfRecord(uri, sender),
  );
}

export const identityPassedOn = check("14.3-p3", {
  trigger: openPassages,
  judge: ({ came, went, sender }): Outcome => {
    const expected = `the address of the sender, ${sender}, in P-Asserted-Identity or From`;
    const actual = ["From", "P-Asserted-Identity", "Privacy"]
      .map((name) => `${name}: ${header(went.message, name) ?? "none"}`)
      .join(", ");
    return (showsSender(went, sender) ? passed : missed)(expected, actual, came, went);
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
  trigger: (trace) =>
    groupRequests(trace).filter(({ request }) => trace.group(request.message.uri)?.allowAnonymity === false),
  judge: (exchange, trace) =>
    expectTurnedAway(
      "an anonymous message is rejected where the rules of the group allow no privacy",
      exchange,
      trace,
    ),
});
