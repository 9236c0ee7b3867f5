/** Session descriptions of INVITE sessions: which is an offer, which its answer, and the message media in them (RFC 3264, RFC 3261 13.2.1). */
import { contentTypeOf } from "../../wire/sip/headers.ts";
import type { SipMessage } from "../../wire/sip/message.ts";
import { sessionDescriptionOf } from "../../wire/sip/session-description.ts";
import type { SdpDescription } from "../../wire/sdp/description.ts";
import { messageMediaOf, type MessageMedia } from "../../wire/sdp/message-media.ts";
import { parseSdp } from "../../wire/sdp/parse.ts";
import { memo } from "../memo.ts";
import type { Exchange, SipRecord } from "../scenario-trace.ts";
import { cseqIdentity } from "../sip-identity.ts";
import type { Journey } from "./journeys.ts";
import { isUnreadable, readable, readableOr, type Unreadable } from "./readable.ts";

export interface Description {
  /** The message that carried it. */
  readonly record: SipRecord;
  readonly bytes: Uint8Array;
  readonly sdp: SdpDescription | Unreadable;
  /** m=message over MSRP, in their order, departures overlooked; none where the description cannot be read. */
  readonly media: readonly MessageMedia[];
}

/** An offer with its answer, as they stood on one hop. */
export interface Agreement {
  readonly exchange: Exchange;
  readonly offer: Description;
  readonly answer?: Description;
  /** Whether the caller of that request made the offer; else whom it called did. */
  readonly offeredBy: "requester" | "responder";
}

export function descriptionIn(record: SipRecord): Description | undefined {
  const read = readDescription(record.message);
  return read === undefined ? undefined : { record, ...read };
}

const readDescription = memo((message: SipMessage): Omit<Description, "record"> | undefined => {
  const body = readableOr(() => sessionDescriptionOf(message), undefined);
  if (body === undefined) return undefined;
  const sdp = readable(() => parseSdp(body.bytes, { tolerate: ["line-end"] }));
  const media = isUnreadable(sdp) ? [] : readableOr(() => messageMediaOf(sdp, { lenient: true }), []);
  return { bytes: body.bytes, sdp, media };
});

const OFFERING: ReadonlySet<string> = new Set(["INVITE", "UPDATE", "PRACK"]);

/** What an exchange of INVITE, UPDATE or PRACK offers; an INVITE without an offer has it in its response, and the answer in ACK or PRACK. */
export function agreementsOf(exchange: Exchange, others: readonly Journey[]): readonly Agreement[] {
  const { method } = exchange.request.message;
  if (!OFFERING.has(method)) return [];
  const offer = descriptionIn(exchange.request);
  if (offer !== undefined) return [agreed(exchange, offer, answerIn(exchange), "requester")];
  if (method !== "INVITE") return [];
  const late = answerIn(exchange);
  if (late === undefined) return [];
  return [agreed(exchange, late, acknowledgedWith(exchange, others), "responder")];
}

function agreed(
  exchange: Exchange,
  offer: Description,
  answer: Description | undefined,
  offeredBy: Agreement["offeredBy"],
): Agreement {
  return { exchange, offer, ...(answer === undefined ? {} : { answer }), offeredBy };
}

/** In a success, or, where that has none, in a provisional response. */
function answerIn({ responses }: Exchange): Description | undefined {
  const taken = responses.filter(({ message }) => message.status > 100 && message.status < 300);
  const success = taken.find(({ message }) => message.status >= 200);
  const inSuccess = success === undefined ? undefined : descriptionIn(success);
  return inSuccess ?? taken.map(descriptionIn).find((found) => found !== undefined);
}

function acknowledgedWith(invite: Exchange, others: readonly Journey[]): Description | undefined {
  const { number } = cseqIdentity(invite.request.message);
  const hop = ({ request }: Exchange): boolean =>
    request.node === invite.request.node && request.direction === invite.request.direction;
  const carriers = others
    .filter(({ method }) => method === "ACK" || method === "PRACK")
    .flatMap(({ hops }) => hops)
    .filter((one) => hop(one) && belongsTo(one.request.message, number));
  return carriers.map(({ request }) => descriptionIn(request)).find((found) => found !== undefined);
}

/** An ACK has the number of its INVITE; a PRACK names it in RAck. */
function belongsTo(message: SipMessage, number: string): boolean {
  if (message.kind === "request" && message.method === "ACK") return cseqIdentity(message).number === number;
  const rack = message.headers.find(({ name }) => name.toLowerCase() === "rack")?.value.trim();
  return rack?.split(/\s+/u)[1] === number;
}

/** Whether a message says that its body is of that type, in lower case. */
export function isOfType(message: SipMessage, type: string): boolean {
  return readableOr(() => contentTypeOf(message)?.type, undefined) === type;
}
