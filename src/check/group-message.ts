/** A MESSAGE for several users at the controlling function (8.3.1.1), and the copies that the function sends of it (8.3.2.1). */
import { registeredAt } from "../trace/registered-at.ts";
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { toOf, warningsOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import { groundsForRefusal, isEndedSession, originatorOf } from "./grounds.ts";
import { imdnsOf, readable, uriListOf } from "./pager-message.ts";

/** By what the message is for; the word is the facet of edges to SCR items. */
export type GroupKind = "uri-list" | "predefined-group" | "ongoing-session";

export interface GroupMessage {
  /** As the core gave it to the controlling function. */
  readonly exchange: Exchange;
  readonly request: SipRequest;
  readonly kind: GroupKind;
  /** Identity of the group or the session, or the URI of the service that takes lists. */
  readonly target: string;
  /** Asserted identity of the sender. */
  readonly sender: string | undefined;
  /** Entries of the list, members of the group, participants of the session. */
  readonly recipients: readonly string[];
}

/** In the order in which the server was given them. Delivery notifications, which take the same way, are not among them. */
export function groupMessages(trace: ScenarioTrace): readonly GroupMessage[] {
  return trace
    .exchanges({ way: "to-sut", method: "MESSAGE", function: "controlling" })
    .flatMap((exchange) => groupMessageOf(exchange, trace) ?? []);
}

/** Those that nothing in the trace gives the server a reason to refuse. */
export function goodGroupMessages(trace: ScenarioTrace): readonly GroupMessage[] {
  return groupMessages(trace).filter(({ exchange }) => groundsForRefusal(exchange, trace).length === 0);
}

/** Good ones that the server took. */
export function acceptedGroupMessages(trace: ScenarioTrace): readonly GroupMessage[] {
  return goodGroupMessages(trace).filter(isAccepted);
}

export function isAccepted({ exchange }: GroupMessage): boolean {
  return exchange.final !== undefined && exchange.final.message.status < 300;
}

function groupMessageOf(exchange: Exchange, trace: ScenarioTrace): GroupMessage | undefined {
  const request = exchange.request.message;
  if (imdnsOf(request).length > 0) return undefined;
  const audience = audienceOf(request, trace);
  const sender = originatorOf(request);
  return audience && { exchange, request, target: request.uri, sender, ...audience };
}

function audienceOf(
  request: SipRequest,
  trace: ScenarioTrace,
): Pick<GroupMessage, "kind" | "recipients"> | undefined {
  const session = trace.session(request.uri);
  if (session !== undefined || isEndedSession(request.uri, trace))
    return { kind: "ongoing-session", recipients: session?.participants ?? [] };
  const group = trace.group(request.uri);
  if (group !== undefined) return { kind: "predefined-group", recipients: group.members };
  const list = uriListOf(request);
  return list && { kind: "uri-list", recipients: list };
}

/** The check of 8.3.1.1 that a refusal speaks for, by its status, and by the code of its warning where several have the same status. */
export type RefusingCheck = "group-service" | "session" | "maximum" | "authority" | "anonymity";

/** Undefined: it was not refused, or by none of the checks that the message has to pass. */
export function refusingCheck(message: GroupMessage, anonymous: boolean): RefusingCheck | undefined {
  const response = message.exchange.final?.message;
  if (response === undefined) return undefined;
  const { kind } = message;
  if (response.status === 404 && kind === "predefined-group") return "group-service";
  if (response.status === 404 && kind === "ongoing-session") return "session";
  if (response.status === 486 && kind === "uri-list") return "maximum";
  if (response.status !== 403) return undefined;
  const codes = readable(() => warningsOf(response).map(({ text }) => text.trimStart().slice(0, 3)), []);
  if (codes.includes("119")) return "anonymity";
  if (codes.length > 0) return "authority";
  if (anonymous) return "anonymity";
  return kind === "ongoing-session" ? "session" : "authority";
}

/** The copies of a message, as they reached the core. */
export function copiesOf(message: GroupMessage, trace: ScenarioTrace): readonly Exchange[] {
  return sentCopies(message, trace).filter(({ request }) => request.serverFunction === "controlling");
}

/** The copies, wherever Scrim met them: a client of Scrim's meets what did not pass the core. */
export function sentCopies({ exchange }: GroupMessage, trace: ScenarioTrace): readonly Exchange[] {
  const stimulus = trace.stimulusOf(exchange);
  if (stimulus === undefined) return [];
  const { seq } = exchange.request;
  return trace
    .carriersOf(stimulus)
    .filter(
      ({ way, request }) => way === "from-sut" && request.seq > seq && request.message.method === "MESSAGE",
    )
    .filter(({ request }) => request.serverFunction === "controlling" || request.nodeKind === "client")
    .filter((copy, _index, copies) => !wasKept(copy, copies, trace));
}

/** What was kept for a user who was away goes out once the user has registered: that is the copy's delivery, not another copy. */
function wasKept({ request }: Exchange, copies: readonly Exchange[], trace: ScenarioTrace): boolean {
  const user = request.message.uri;
  const first = copies.find((copy) => sameAddressOfRecord(copy.request.message.uri, user))?.request;
  return (
    first !== undefined &&
    first !== request &&
    !registeredAt(user, first.seq, trace) &&
    registeredAt(user, request.seq, trace)
  );
}

/** Whom a copy is for, among those whom copies may be for: by its Request-URI, else by its To. */
export function recipientOf(copy: Exchange, among: readonly string[]): string | undefined {
  const { message } = copy.request;
  const to = readable(() => toOf(message)?.uri, undefined);
  return among.find((one) => sameAddressOfRecord(one, message.uri)) ?? (to && memberIn(among, to));
}

export function memberIn(among: readonly string[], uri: string): string | undefined {
  return among.find((one) => sameAddressOfRecord(one, uri));
}

/** Who must get a copy. A group or a session may leave its sender out (8.3.2.1-7b, 7c); a list says whom it wants. */
export function mustReceive({ kind, recipients, sender }: GroupMessage): readonly string[] {
  const distinct = recipients.filter(
    (uri, index) => recipients.findIndex((one) => sameAddressOfRecord(one, uri)) === index,
  );
  return kind === "uri-list" || sender === undefined
    ? distinct
    : distinct.filter((uri) => !sameAddressOfRecord(uri, sender));
}
