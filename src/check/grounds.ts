/**
 * Why a server may, or must, refuse a MESSAGE that it was given in one of its functions. A statement about a refusal is judged where its
 * ground is the only one, since the order of checks is not what it is about; a statement about what is done with a good message, where
 * there is none.
 */
import { policyIn } from "../spec/configuration-sets.ts";
import { registeredAt } from "../trace/registered-at.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { assertedIdentities, header } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { sizeOfList } from "./list-size.ts";
import { publishedSettings } from "./published-settings.ts";
import {
  asksAnonymity,
  contentsOf,
  expiredBy,
  isGroupAdvertisement,
  readable,
  uriListOf,
} from "./pager-message.ts";

export type Ground =
  | "no-identity"
  | "unauthorised"
  | "system-message-unanswered"
  | "release-unsupported"
  | "content-refused"
  | "anonymity-refused"
  | "expired"
  | "barred"
  | "policy-rejects"
  | "advertisement-rejected"
  | "not-registered"
  | "registration-changes"
  | "uri-list-unsupported"
  | "group-without-im"
  | "unknown-session"
  | "list-too-long"
  /** As many as are allowed, or more entries than users: who counts among them is the server's to say. */
  | "list-at-maximum"
  /** Whether others than members may write to a group or a session is the operator's to say. */
  | "not-a-member"
  | "unallocated";

/** Every ground in the trace for refusing a MESSAGE to the SUT. None: the SUT has to do with it what the function does. */
export function groundsForRefusal(exchange: Exchange, trace: ScenarioTrace): readonly Ground[] {
  const known = found.get(exchange);
  if (known !== undefined) return known;
  const grounds = groundsOf(exchange, trace);
  found.set(exchange, grounds);
  return grounds;
}

/** An exchange is of one trace, and a dozen checks ask for its grounds. */
const found = new WeakMap<Exchange, readonly Ground[]>();

function groundsOf(exchange: Exchange, trace: ScenarioTrace): readonly Ground[] {
  const { serverFunction } = exchange.request;
  if (serverFunction === "originating") return originatingGrounds(exchange, trace);
  if (serverFunction === "terminating") return terminatingGrounds(exchange, trace);
  return serverFunction === "controlling" ? controllingGrounds(exchange, trace) : [];
}

/** The ground, when it is the only one. */
export function soleGround(exchange: Exchange, trace: ScenarioTrace): Ground | undefined {
  const grounds = groundsForRefusal(exchange, trace);
  return grounds.length === 1 ? grounds[0] : undefined;
}

/** The asserted SIP identity of the sender, as the core gave it to the server. */
export function originatorOf(request: SipRequest): string | undefined {
  return readable(() => assertedIdentities(request)[0]?.uri, undefined);
}

function originatingGrounds(exchange: Exchange, trace: ScenarioTrace): readonly Ground[] {
  const { message, at } = exchange.request;
  const policy = policyOf(trace);
  const sender = originatorOf(message);
  const user = sender === undefined ? undefined : trace.userOf(sender);
  return present([
    [sender === undefined, "no-identity"],
    [user?.properties.includes("unauthorised"), "unauthorised"],
    [sender !== undefined && systemMessageUnanswered(sender, at, trace), "system-message-unanswered"],
    [releaseUnsupported(message, trace), "release-unsupported"],
    [contentRefused(message, trace), "content-refused"],
    [
      asksAnonymity(message) &&
        (policy?.anonymity === false || user?.properties.includes("anonymity-not-allowed")),
      "anonymity-refused",
    ],
    [expiredBy(message, at) !== undefined, "expired"],
  ]);
}

function terminatingGrounds(exchange: Exchange, trace: ScenarioTrace): readonly Ground[] {
  const { message, at, seq } = exchange.request;
  const user = trace.userOf(message.uri);
  const advertisement = isGroupAdvertisement(message);
  return present([
    [originatorOf(message) === undefined, "no-identity"],
    [publishedSettings(message.uri, seq, trace)?.barMessages, "barred"],
    [!advertisement && policyRejects(message, trace), "policy-rejects"],
    [advertisement && advertisementRejected(message, trace), "advertisement-rejected"],
    [contentRefused(message, trace), "content-refused"],
    [expiredBy(message, at) !== undefined, "expired"],
    [user !== undefined && !registeredAt(message.uri, seq, trace), "not-registered"],
    [user !== undefined && registrationChanges(exchange, trace), "registration-changes"],
  ]);
}

function controllingGrounds(exchange: Exchange, trace: ScenarioTrace): readonly Ground[] {
  const { message } = exchange.request;
  const policy = policyOf(trace);
  const sender = originatorOf(message);
  const user = sender === undefined ? undefined : trace.userOf(sender);
  const list = uriListOf(message);
  const group = trace.group(message.uri);
  const anonymous = asksAnonymity(message);
  const outsider = sender !== undefined && isOutsider(message.uri, sender, trace);
  const membersOnly = group !== undefined && policy?.membersOnly === true;
  return present([
    [sender === undefined, "no-identity"],
    [list !== undefined && policy?.uriListService === false, "uri-list-unsupported"],
    [group?.supportsIm === false, "group-without-im"],
    [trace.session(message.uri)?.ongoing === false || isEndedSession(message.uri, trace), "unknown-session"],
    ...listGrounds(list, sender, policy),
    [user?.properties.includes("unauthorised") || (outsider && membersOnly), "unauthorised"],
    [outsider && !membersOnly, "not-a-member"],
    [
      anonymous && (group === undefined ? policy?.adHocAnonymity === false : !group.allowAnonymity),
      "anonymity-refused",
    ],
    [isUnallocated(message.uri, trace), "unallocated"],
  ]);
}

function listGrounds(
  list: readonly string[] | undefined,
  sender: string | undefined,
  policy: ReturnType<typeof policyOf>,
): readonly (readonly [boolean, Ground])[] {
  if (list === undefined || policy === undefined) return [];
  const { least, most } = sizeOfList(list, sender);
  const isTooLong = least > policy.adHocMaximum;
  return [
    [isTooLong, "list-too-long"],
    [!isTooLong && most >= policy.adHocMaximum, "list-at-maximum"],
  ];
}

function present(candidates: readonly (readonly [boolean | undefined, Ground])[]): readonly Ground[] {
  return candidates.filter(([holds]) => holds === true).map(([, ground]) => ground);
}

function policyOf(trace: ScenarioTrace): ReturnType<typeof policyIn> | undefined {
  const { server } = trace.sutFile;
  return server === undefined ? undefined : policyIn(server, trace.configurationSet);
}

/** 6.1.1.1-2: a system message asked for an answer, Ts1 ran out, and the user did not answer. */
export function systemMessageUnanswered(sender: string, at: number, trace: ScenarioTrace): boolean {
  return trace.events.some(
    (event) =>
      event.type === "provisioned" &&
      event.item.kind === "system-message" &&
      sameAddressOfRecord(event.item.to, sender) &&
      at > event.at + event.item.responseWithinMs,
  );
}

export function releaseUnsupported(message: SipRequest, trace: ScenarioTrace): boolean {
  const required = policyOf(trace)?.requiredReleases ?? [];
  if (required.length === 0) return false;
  const release = header(message, "User-Agent")?.trim().split(/\s/u)[0] ?? "";
  return !required.some((one) => one.toLowerCase() === release.toLowerCase());
}

/** Operator policy on content and size, as the SUT file tells it (6.1.1.1-4a, 6.1.2.1-3a). */
export function contentRefused(message: SipRequest, trace: ScenarioTrace): boolean {
  const policy = policyOf(trace);
  if (policy === undefined) return false;
  const refused = policy.refusedTypes.map((type) => type.toLowerCase());
  return (
    message.body.length > policy.maximumBytes ||
    contentsOf(message).some((content) => refused.includes(content.type))
  );
}

function policyRejects(message: SipRequest, trace: ScenarioTrace): boolean {
  const sender = originatorOf(message);
  return trace
    .accessRules(message.uri)
    .some(
      (rule) =>
        rule.action === "reject" &&
        (rule.services.length === 0 || rule.services.includes("+g.oma.sip-im")) &&
        (rule.media.length === 0 || rule.media.includes("pager-mode-message")) &&
        (rule.senders.length === 0 ||
          rule.senders.some((uri) => sender !== undefined && sameAddressOfRecord(uri, sender))),
    );
}

/** 6.1.2.6-1: a rule for the service group-advertisement. */
function advertisementRejected(message: SipRequest, trace: ScenarioTrace): boolean {
  const sender = originatorOf(message);
  return trace
    .accessRules(message.uri)
    .some(
      (rule) =>
        rule.action === "reject" &&
        (rule.services.includes("group-advertisement") || rule.media.includes("group-advertisement")) &&
        (rule.senders.length === 0 ||
          rule.senders.some((uri) => sender !== undefined && sameAddressOfRecord(uri, sender))),
    );
}

/** A registration that begins or ends while the server still looks at the message leaves it free to see the user as registered, or not. */
function registrationChanges({ request, final }: Exchange, trace: ScenarioTrace): boolean {
  const { uri } = request.message;
  const now = registeredAt(uri, request.seq, trace);
  return final !== undefined && registeredAt(uri, final.seq, trace) !== now;
}

function isUnallocated(uri: string, trace: ScenarioTrace): boolean {
  const service = trace.sutFile.server?.serviceUris;
  return (
    service !== undefined &&
    [service.unallocatedFactory, service.unallocatedGroup].some((one) => sameAddressOfRecord(one, uri))
  );
}

/** Neither a member of the group nor a participant of the session that the message is for. */
function isOutsider(uri: string, sender: string, trace: ScenarioTrace): boolean {
  const insiders = trace.group(uri)?.members ?? trace.session(uri)?.participants;
  return insiders !== undefined && !insiders.some((member) => sameAddressOfRecord(member, sender));
}

export function isEndedSession(uri: string, trace: ScenarioTrace): boolean {
  const ended = trace.sutFile.server?.serviceUris.endedSession;
  return ended !== undefined && sameAddressOfRecord(ended, uri);
}
