/**
 * Other requests within a session through the B2BUA: SUBSCRIBE, NOTIFY, REFER and whatever else (clauses 6.1.1.2.5, 6.1.1.2.6, 6.1.2.5). They
 * go on in the other dialog, and their responses come back. Subscriptions outlive the session in their dialogs (RFC 5057).
 */
import type { IncomingRequest } from "../../../endpoint/incoming.ts";
import type { DialogHandle } from "../../../endpoint/user-agent/dialogs.ts";
import type { InviteSession } from "../../../endpoint/user-agent/session-events.ts";
import { isTargetRefresh } from "../../../machine/dialog/dialog.ts";
import { sipResponse, type HeaderPair } from "../../../wire/sip/build.ts";
import { withHeader } from "../../../wire/sip/edit.ts";
import { cseqOf, header, maxForwardsOf } from "../../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../../wire/sip/message.ts";
import { annotationOf } from "../outgoing.ts";
import { other, type Call, type Leg } from "./call.ts";
import { bodyOf, carriedHeaders, present } from "./carried-headers.ts";
import { contactShownOn } from "./contacts.ts";
import { withMappedReplaces } from "./replaced-dialogs.ts";
import type { ParticipatingState } from "./sessions.ts";

const OF_SESSIONS: ReadonlySet<string> = new Set(["INVITE", "ACK", "CANCEL", "BYE", "PRACK", "UPDATE"]);

/** Lives in the dialog of a leg as long as its session, and as long as there are subscriptions. */
interface Passage {
  readonly handle: DialogHandle;
  /** Subscriptions by event and `id`, as the far end of this leg names them. */
  readonly subscriptions: Set<string>;
  sessionOver: boolean;
  detach: () => void;
}

/** The number of a REFER by that of the one that it went on as: notifications name it (RFC 3515 2.4.6). */
type Numbers = Map<string, string>;

const passages = new WeakMap<Leg, Passage>();
const referNumbers = new WeakMap<Call, Numbers>();

export function passWithin(state: ParticipatingState, call: Call, leg: Leg, session: InviteSession): void {
  const passage: Passage = {
    handle: session.handle,
    subscriptions: new Set(),
    sessionOver: false,
    detach: () => undefined,
  };
  passage.detach = session.handle.attach({
    name: "passage",
    receive: (incoming) => {
      if (OF_SESSIONS.has(incoming.message.method)) return false;
      goOn(state, call, leg, incoming);
      return true;
    },
  });
  if (leg.session === session) passages.set(leg, passage);
  session.on((event) => {
    if (event.type === "accepted" && leg.session === session) passages.set(leg, passage);
    if (event.type !== "ended") return;
    passage.sessionOver = true;
    forgetIfDone(passage);
  });
}

function forgetIfDone(passage: Passage): void {
  if (passage.sessionOver && passage.subscriptions.size === 0) passage.detach();
}

function goOn(state: ParticipatingState, call: Call, leg: Leg, incoming: IncomingRequest): void {
  const across = other(call, leg);
  const passage = passages.get(across);
  const { message } = incoming;
  if (passage === undefined) return answer(call, incoming, 481);
  if (maxForwardsOf(message) === 0) return answer(call, incoming, 483);
  if (!call.decisions.passesWithin(call.turn, message)) return;
  const request = withEventId(call, leg, withMappedReplaces(state, message));
  const body = bodyOf(request);
  const composed = passage.handle.compose({
    method: request.method,
    headers: [
      ...(isTargetRefresh(request.method) ? [["Contact", contactShownOn(call, across)] as const] : []),
      ...carriedHeaders(request),
      ...described(request),
    ],
    ...(body === undefined ? {} : { body: body.bytes }),
  });
  const made = withHeader(composed, "Max-Forwards", String((maxForwardsOf(request) ?? 70) - 1));
  if (request.method === "REFER") numbersOf(call).set(`${across.name} ${numberOf(made)}`, numberOf(request));
  passage.handle.send(made, {
    annotation: annotationOf(call.turn),
    cause: message,
    onResponse: (response) => {
      note(call, leg, message, made, response);
      if (response.status >= 200) answerWith(call, leg, incoming, response);
    },
    onFailure: (reason) => answer(call, incoming, reason === "timeout" ? 408 : 503),
  });
}

const numberOf = (request: SipRequest): string => String(cseqOf(request)?.number ?? "");

function numbersOf(call: Call): Numbers {
  const known = referNumbers.get(call) ?? new Map<string, string>();
  referNumbers.set(call, known);
  return known;
}

/** Content-Type and the like: a body goes on as it is. */
function described(message: SipRequest | SipResponse): HeaderPair[] {
  return present([
    ["Content-Type", message.body.length === 0 ? undefined : header(message, "Content-Type")],
    ["Content-Disposition", header(message, "Content-Disposition")],
    ["Supported", header(message, "Supported")],
    ["Allow", header(message, "Allow")],
  ]);
}

/** The `id` of a REFER is its number in CSeq, which is another on each leg. */
function withEventId(call: Call, leg: Leg, request: SipRequest): SipRequest {
  const event = header(request, "Event");
  const id = /^\s*refer\s*;.*?\bid=(\d+)/i.exec(event ?? "")?.[1];
  if (event === undefined || id === undefined) return request;
  const numbers = numbersOf(call);
  const towards = other(call, leg).name;
  const known =
    numbers.get(`${leg.name} ${id}`) ??
    [...numbers].find(([far, near]) => near === id && far.startsWith(`${towards} `))?.[0].split(" ")[1];
  if (known === undefined) return request;
  return {
    ...request,
    headers: request.headers.map((field) =>
      field.name.toLowerCase() === "event" || field.name === "o"
        ? { ...field, value: event.replace(/\bid=\d+/i, `id=${known}`) }
        : field,
    ),
  };
}

/** Which subscriptions there are: what keeps the dialogs when the session is over. */
function note(call: Call, leg: Leg, request: SipRequest, made: SipRequest, response: SipResponse): void {
  if (response.status < 200) return;
  const [near, far] = [passages.get(leg), passages.get(other(call, leg))];
  const key = subscriptionKey(request);
  if (near === undefined || far === undefined || key === undefined) return;
  const ends =
    request.method === "NOTIFY" && /^\s*terminated/i.test(header(request, "Subscription-State") ?? "");
  const begins =
    response.status < 300 &&
    (request.method === "SUBSCRIBE" ||
      (request.method === "REFER" && !/^\s*false/i.test(header(response, "Refer-Sub") ?? "")));
  for (const [passage, name] of [
    [near, key],
    [far, subscriptionKey(made) ?? key],
  ] as const) {
    if (begins) passage.subscriptions.add(name);
    if (ends) passage.subscriptions.delete(name);
    forgetIfDone(passage);
  }
}

function subscriptionKey(request: SipRequest): string | undefined {
  if (request.method === "REFER") return `refer ${numberOf(request)}`;
  const event = header(request, "Event")?.toLowerCase();
  if (event === undefined) return undefined;
  const id = /;\s*id=([^;\s]+)/.exec(event)?.[1] ?? "";
  return `${event.split(";", 1)[0]?.trim() ?? ""} ${id}`;
}

function answerWith(call: Call, leg: Leg, incoming: IncomingRequest, response: SipResponse): void {
  const { method } = incoming.message;
  const contact: HeaderPair[] =
    response.status < 300 && isTargetRefresh(method) ? [["Contact", contactShownOn(call, leg)]] : [];
  const status = call.decisions.responseWithin(call.turn, response);
  incoming.respond(
    sipResponse(incoming.message, status, response.reason, {
      headers: [
        ...contact,
        ...carriedHeaders(response),
        ...described(response),
        ...present([["Server", call.decisions.server(call.turn, status)]]),
      ],
      body: response.body,
    }),
    annotationOf(call.turn),
  );
}

/** The server's own word. */
function answer({ turn, decisions }: Call, incoming: IncomingRequest, status: number): void {
  const headers = present([["Server", decisions.server(turn, status)]]);
  incoming.respond(sipResponse(incoming.message, status, undefined, { headers }), annotationOf(turn));
}
