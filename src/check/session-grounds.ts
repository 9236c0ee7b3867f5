/**
 * What speaks against an INVITE that reaches the IM Server for a user that it serves (6.1.2.1), and what leaves the server free to do with it
 * as it likes. A statement about a refusal is judged where its ground is the only one; one about what is done with a good INVITE, where
 * there is none.
 */
import { policyIn, type ServerPolicy } from "../spec/configuration-sets.ts";
import type { AccessRule } from "../trace/event.ts";
import { registeredAt } from "../trace/registered-at.ts";
import type { Exchange, ScenarioTrace, SipRecord } from "../trace/scenario-trace.ts";
import { descriptionIn } from "../trace/session/descriptions.ts";
import { isUnreadable } from "../trace/session/readable.ts";
import type { MessageMedia } from "../wire/sdp/message-media.ts";
import { eventOf, header, headerValues, maxForwardsOf, tokensOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { minSeOf, sessionExpiresOf } from "../wire/sip/session-fields.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { focusContactOf } from "./conference.ts";
import { originatorOf } from "./grounds.ts";
import { faultsOf } from "./message-faults.ts";
import { asksAnonymity, IM_FEATURE_TAG, readable } from "./pager-message.ts";
import { publishedSettings } from "./published-settings.ts";

export type SessionGround =
  | "no-identity"
  | "barred"
  | "settings-change"
  | "policy-rejects"
  /** A rule that may be meant, and need not. */
  | "policy-open"
  | "offer-refused"
  | "offer-too-large"
  /** Some of what is offered is refused, or it cannot be told. */
  | "offer-open"
  | "not-registered"
  | "registration-changes"
  | "large-message"
  | "file-transfer"
  | "interval-too-small"
  | "extension-required"
  | "replaces"
  | "malformed"
  | "hops-spent";

export const LARGE_MESSAGE_TAG = `${IM_FEATURE_TAG}.large-message`;

const found = new WeakMap<Exchange, readonly SessionGround[]>();

/** Every ground in the trace, for an INVITE that the core gave to the terminating function. */
export function groundsAgainstSession(exchange: Exchange, trace: ScenarioTrace): readonly SessionGround[] {
  const known = found.get(exchange);
  if (known !== undefined) return known;
  const grounds = groundsOf(exchange, trace);
  found.set(exchange, grounds);
  return grounds;
}

export function soleSessionGround(exchange: Exchange, trace: ScenarioTrace): SessionGround | undefined {
  const grounds = groundsAgainstSession(exchange, trace);
  return grounds.length === 1 ? grounds[0] : undefined;
}

/** What an INVITE is for (6.1.2.2.1). */
export function purposeOf(
  exchange: Exchange,
  trace: ScenarioTrace,
): "session" | "large-message" | "file-transfer" {
  const grounds = groundsAgainstSession(exchange, trace);
  if (grounds.includes("large-message")) return "large-message";
  return grounds.includes("file-transfer") ? "file-transfer" : "session";
}

function groundsOf(exchange: Exchange, trace: ScenarioTrace): readonly SessionGround[] {
  const { message } = exchange.request;
  const candidates: readonly (readonly [boolean | undefined, SessionGround])[] = [
    [originatorOf(message) === undefined, "no-identity"],
    [isBarred(exchange.request, trace), "barred"],
    [settingsChange(exchange, trace), "settings-change"],
    [isLargeMessage(message), "large-message"],
    [isIntervalTooSmall(message, trace), "interval-too-small"],
    [requiresMore(message), "extension-required"],
    [header(message, "Replaces") !== undefined, "replaces"],
    [faultsOf(message).length > 0, "malformed"],
    [readable(() => maxForwardsOf(message), 0) === 0, "hops-spent"],
  ];
  return [
    ...candidates.filter(([holds]) => holds === true).map(([, ground]) => ground),
    ...registrationGrounds(exchange, trace),
    ...policyGrounds(message, trace),
    ...offerGrounds(exchange.request, trace),
  ];
}

/** 6.1.2.1, step 1: the settings of sessions; for a large message, which is sent in a session of its own, those of messages. */
function isBarred({ message, seq }: SipRecord<SipRequest>, trace: ScenarioTrace): boolean {
  const settings = publishedSettings(message.uri, seq, trace);
  return (isLargeMessage(message) ? settings?.barMessages : settings?.barSessions) === true;
}

/** A registration that begins or ends while the server still looks at the INVITE leaves it free to see the user as registered, or not. */
function registrationGrounds({ request, final }: Exchange, trace: ScenarioTrace): readonly SessionGround[] {
  const { uri } = request.message;
  if (trace.userOf(uri) === undefined) return [];
  const now = registeredAt(uri, request.seq, trace);
  const changes = final !== undefined && registeredAt(uri, final.seq, trace) !== now;
  return [...(now ? [] : ["not-registered" as const]), ...(changes ? ["registration-changes" as const] : [])];
}

/** A PUBLISH of the user that has no answer yet when the INVITE comes, or that comes before the INVITE is answered. */
function settingsChange({ request, final }: Exchange, trace: ScenarioTrace): boolean {
  const until = final?.seq ?? Number.POSITIVE_INFINITY;
  return trace
    .exchanges({ method: "PUBLISH", way: "to-sut" })
    .some(
      (publish) =>
        sameAddressOfRecord(publish.request.message.uri, request.message.uri) &&
        readable(() => eventOf(publish.request.message)?.type, undefined) === "poc-settings" &&
        publish.request.seq < until &&
        (publish.final?.seq ?? Number.POSITIVE_INFINITY) > request.seq,
    );
}

/** The feature tag of large messages; which header field has it is not said (6.1.2.2.1). */
export function isLargeMessage(message: SipRequest): boolean {
  return ["Accept-Contact", "Contact"].some((name) =>
    headerValues(message, name).some((value) => value.toLowerCase().includes(LARGE_MESSAGE_TAG)),
  );
}

/** RFC 4028 9: such an INVITE may get 422. */
export function isIntervalTooSmall(message: SipRequest, trace: ScenarioTrace): boolean {
  const asked = readable(() => sessionExpiresOf(message)?.interval, 0);
  const least = policyOf(trace)?.minimumIntervalS ?? 90;
  return asked !== undefined && (asked < least || asked < (readable(() => minSeOf(message), 0) ?? 0));
}

/** What every function of this release has to know. */
const KNOWN_OPTIONS: ReadonlySet<string> = new Set(["timer", "100rel", "recipient-list-invite"]);

export function requiresMore(message: SipRequest): boolean {
  return tokensOf(message, "Require").some((option) => !KNOWN_OPTIONS.has(option.toLowerCase()));
}

/** The INVITE of a focus (6.1.2.1, step 2d); of other INVITEs the clause says nothing. */
export function isOfConference(message: SipRequest): boolean {
  return focusContactOf(message)?.params.has("isfocus") === true;
}

const MEDIUM = "message-session";

function policyGrounds(message: SipRequest, trace: ScenarioTrace): readonly SessionGround[] {
  const all = trace.accessRules(message.uri);
  if (isLargeMessage(message)) return all.length === 0 ? [] : ["policy-open"];
  const rules = all.filter(({ action }) => action === "reject");
  if (rules.some((rule) => isMeant(rule, message))) return ["policy-rejects"];
  return rules.some((rule) => mayBeMeant(rule, message)) ? ["policy-open"] : [];
}

function isMeant({ services, media, senders }: AccessRule, message: SipRequest): boolean {
  const sender = originatorOf(message);
  return (
    isOfConference(message) &&
    !asksAnonymity(message) &&
    services.includes(IM_FEATURE_TAG) &&
    media.includes(MEDIUM) &&
    (senders.length === 0 || senders.some((uri) => sender !== undefined && sameAddressOfRecord(uri, sender)))
  );
}

function mayBeMeant({ services, media, senders }: AccessRule, message: SipRequest): boolean {
  const sender = originatorOf(message);
  return (
    (services.length === 0 || services.includes(IM_FEATURE_TAG)) &&
    (media.length === 0 || media.includes(MEDIUM)) &&
    (senders.length === 0 ||
      asksAnonymity(message) ||
      // Who is the sender of a conference's INVITE, the focus or who set it up, may be read either way.
      isOfConference(message) ||
      senders.some((uri) => sender !== undefined && sameAddressOfRecord(uri, sender)))
  );
}

function policyOf(trace: ScenarioTrace): ServerPolicy | undefined {
  const { server } = trace.sutFile;
  return server === undefined ? undefined : policyIn(server, trace.configurationSet);
}

/** The policies of the operator on size and content, against the description that a request offers (6.1.2.1, step 3b). */
export function offerGrounds(request: SipRecord, trace: ScenarioTrace): readonly SessionGround[] {
  const description = descriptionIn(request);
  const policy = policyOf(trace);
  if (description === undefined || policy === undefined) return [];
  if (description.media.some(({ file }) => file !== undefined)) return ["file-transfer"];
  const offered = description.media.filter(({ port }) => port !== 0);
  if (isUnreadable(description.sdp) || offered.length === 0) return ["offer-open"];
  const shares = offered.map((medium) => refusedShare(medium, policy));
  const tooLarge = offered.some(({ maxSize }) => (maxSize ?? 0) > policy.sessionMaximumBytes);
  return [
    ...(shares.every((share) => share === "all") ? ["offer-refused" as const] : []),
    ...(shares.some((share) => share !== "none") && !shares.every((share) => share === "all")
      ? ["offer-open" as const]
      : []),
    ...(tooLarge ? ["offer-too-large" as const] : []),
  ];
}

/** How much of the content that a medium is for the operator refuses. A wrapper is no content. */
function refusedShare(
  { acceptTypes, acceptWrappedTypes }: MessageMedia,
  { refusedSessionTypes }: ServerPolicy,
): "none" | "some" | "all" {
  const types = [...acceptTypes, ...acceptWrappedTypes]
    .map((type) => type.toLowerCase())
    .filter((type) => type !== "message/cpim");
  const refused = refusedSessionTypes.map((type) => type.toLowerCase());
  const hits = types.filter((type) => refused.includes(type)).length;
  if (hits === 0) return "none";
  return hits === types.length ? "all" : "some";
}
