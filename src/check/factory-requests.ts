/**
 * INVITEs to a Conference-factory-URI at the controlling function (7.2.1.2), and what speaks against them. A statement about a refusal is
 * judged where its ground is the only one; one about what is done with a good INVITE, where there is none.
 */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { header, maxForwardsOf, tokensOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { minSeOf, sessionExpiresOf } from "../wire/sip/session-fields.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { attemptedSetUps, invitesToFocus, type ConferenceInvite, type SetUp } from "./conference.ts";
import { policyOf } from "./conference-members.ts";
import { originatorOf } from "./grounds.ts";
import { sizeOfList } from "./list-size.ts";
import { memo } from "./memo.ts";
import { faultsOf } from "./message-faults.ts";
import { asksAnonymity, readable, uriListOf } from "./pager-message.ts";
import { acceptabilityOf } from "./session-offers.ts";

export type FactoryGround =
  | "no-identity"
  | "unallocated"
  | "unauthorised"
  | "anonymity-refused"
  /** The user may not hide, which is another function's to say. */
  | "anonymity-open"
  | "media-refused"
  /** Some of what is offered is refused, or it cannot be told. */
  | "media-open"
  | "list-too-long"
  /** As many as are allowed, or more entries than users: who counts among them is the server's to say. */
  | "list-at-maximum"
  | "list-missing"
  | "interval-too-small"
  | "extension-required"
  | "malformed"
  | "hops-spent"
  /** The inviting user had enough before the answer. */
  | "given-up";

export interface FactoryRequest extends ConferenceInvite {
  readonly grounds: readonly FactoryGround[];
  /** With the users whom it made the function invite; undefined where it has no list. */
  readonly setUp: SetUp | undefined;
}

export const factoryRequests = memo((trace: ScenarioTrace): readonly FactoryRequest[] => {
  const service = trace.sutFile.server?.serviceUris;
  if (service === undefined) return [];
  const factories = [service.conferenceFactory, service.unallocatedFactory];
  return invitesToFocus(trace)
    .filter(({ request }) => factories.some((one) => sameAddressOfRecord(one, request.uri)))
    .map((invite) => ({
      ...invite,
      grounds: groundsOf(invite, trace),
      setUp: attemptedSetUps(trace).find(({ session }) => session === invite.session),
    }));
});

/** Those that nothing but this ground speaks against. */
export function refusedFor(ground: FactoryGround, trace: ScenarioTrace): readonly FactoryRequest[] {
  return factoryRequests(trace).filter(({ grounds }) => grounds.length === 1 && grounds[0] === ground);
}

/** Those that nothing speaks against. */
export function goodRequests(trace: ScenarioTrace): readonly FactoryRequest[] {
  return factoryRequests(trace).filter(({ grounds }) => grounds.length === 0);
}

/** By these a request is refused for what has nothing to do with the session that it asks for (RFC 3261 21, RFC 3329, RFC 4028). */
const FOR_OTHER_REASONS: ReadonlySet<number> = new Set([
  401, 407, 420, 421, 422, 423, 482, 483, 491, 493, 494, 503, 504,
]);

/** Refused by the function itself, before it has asked anybody to come. */
export function isTurnedDown({
  exchange: { final },
  setUp,
}: Pick<FactoryRequest, "exchange" | "setUp">): boolean {
  const status = final?.message.status ?? 0;
  return status >= 300 && !FOR_OTHER_REASONS.has(status) && setUp?.invitations.length === 0;
}

function groundsOf(invite: ConferenceInvite, trace: ScenarioTrace): readonly FactoryGround[] {
  const { request, exchange, session } = invite;
  const sender = originatorOf(request);
  const user = sender === undefined ? undefined : trace.userOf(sender);
  const media = acceptabilityOf(exchange, trace);
  const unallocated = trace.sutFile.server?.serviceUris.unallocatedFactory;
  const candidates: readonly (readonly [boolean | undefined, FactoryGround])[] = [
    [sender === undefined, "no-identity"],
    [unallocated !== undefined && sameAddressOfRecord(unallocated, request.uri), "unallocated"],
    [user?.properties.includes("unauthorised"), "unauthorised"],
    [asksAnonymity(request) && policyOf(trace)?.adHocAnonymity === false, "anonymity-refused"],
    [asksAnonymity(request) && user?.properties.includes("anonymity-not-allowed") === true, "anonymity-open"],
    [media === "unacceptable", "media-refused"],
    [media === "open", "media-open"],
    [isIntervalTooSmall(request, trace), "interval-too-small"],
    [requiresMore(request), "extension-required"],
    [faultsOf(request).length > 0, "malformed"],
    [readable(() => maxForwardsOf(request), 0) === 0, "hops-spent"],
    [session.cancel !== undefined, "given-up"],
  ];
  const found = candidates.filter(([holds]) => holds === true).map(([, ground]) => ground);
  return [...found, ...listGrounds(request, trace)];
}

function listGrounds(request: SipRequest, trace: ScenarioTrace): readonly FactoryGround[] {
  const listed = uriListOf(request);
  if (listed === undefined || listed.length === 0) return ["list-missing"];
  const { least, most } = sizeOfList(listed, originatorOf(request));
  if (least === 0) return ["list-missing"];
  const maximum = policyOf(trace)?.adHocMaximum;
  if (maximum === undefined || most < maximum) return [];
  return [least > maximum ? "list-too-long" : "list-at-maximum"];
}

/** RFC 4028 9: such an INVITE gets 422. */
function isIntervalTooSmall(request: SipRequest, trace: ScenarioTrace): boolean {
  const asked = readable(() => sessionExpiresOf(request)?.interval, 0);
  const least = Math.max(policyOf(trace)?.minimumIntervalS ?? 90, readable(() => minSeOf(request), 0) ?? 0);
  return asked !== undefined && asked < least;
}

/** What every function of this release has to know. */
const KNOWN_OPTIONS: ReadonlySet<string> = new Set(["timer", "recipient-list-invite"]);

function requiresMore(request: SipRequest): boolean {
  const required = tokensOf(request, "Require").map((option) => option.toLowerCase());
  return required.some((option) => !KNOWN_OPTIONS.has(option)) || header(request, "Replaces") !== undefined;
}
