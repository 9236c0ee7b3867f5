/** What comes back to the INVITE of a B2BUA, as it is given to whoever sent the INVITE (clauses 6.1.1.2.2, 6.1.2.2.2). */
import type { IncomingInvite, InviteSession } from "../../../endpoint/user-agent/session-events.ts";
import type { HeaderPair } from "../../../wire/sip/build.ts";
import { header, headerValues } from "../../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../../wire/sip/message.ts";
import { sessionDescriptionOf } from "../../../wire/sip/session-description.ts";
import { annotationOf } from "../outgoing.ts";
import type { Call } from "./call.ts";
import { bodyOf, carriedHeaders, present } from "./carried-headers.ts";
import { contactShownOn, learn } from "./contacts.ts";
import { bodied, passedBody } from "./descriptions.ts";

/** The session upstream while its INVITE waits for an answer. */
function waiting({ legs }: Call): IncomingInvite | undefined {
  const { session } = legs.upstream;
  return session !== undefined && "accept" in session && session.phase === "early"
    ? // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the session that `open` gave
      (session as IncomingInvite)
    : undefined;
}

const offered = (call: Call): boolean => sessionDescriptionOf(call.invite) !== undefined;

function takeFarEnd(call: Call, response: SipResponse): void {
  const { upstream, downstream } = call.legs;
  learn(downstream, response);
  if (upstream.session !== undefined) upstream.session.contact = contactShownOn(call, upstream);
}

/** A provisional response, reliable where it came so and the caller allows it (RFC 3262 3). */
export function ring(call: Call, response: SipResponse, reliable: boolean): void {
  const incoming = waiting(call);
  if (incoming === undefined) return;
  takeFarEnd(call, response);
  const describes = sessionDescriptionOf(response) !== undefined;
  if (reliable && describes && !offered(call)) call.offeredEarly = response;
  incoming.ring({
    status: response.status,
    ...(reliable ? { reliable } : {}),
    headers: headersOf(call, response),
    ...bodied(passedBody(call, "downstream", response, offered(call) ? "answer" : "offer")),
    annotation: annotationOf(call.turn),
  });
}

/** RFC 3262 5: the answer to an offer in a reliable response. */
export function prackDownstream(call: Call, prack: SipRequest): void {
  const response = call.offeredEarly;
  if (response === undefined || sessionDescriptionOf(prack) === undefined) return;
  call.offeredEarly = undefined;
  call.legs.downstream.session?.prack(response, bodied(passedBody(call, "upstream", prack, "answer")));
}

/** 6.1.1.2.2, 200-1 to 200-6; 6.1.2.2.2, 200-1 to 200-9. */
export function accept(call: Call, response: SipResponse, session: InviteSession): void {
  const { upstream, downstream } = call.legs;
  downstream.session = session;
  const incoming = waiting(call);
  if (incoming === undefined) return session.bye();
  takeFarEnd(call, response);
  const early = call.offeredEarly !== undefined;
  const body = passedBody(call, "downstream", response, offered(call) ? "answer" : "offer");
  upstream.answerAwaited = !offered(call) && !early && body !== undefined;
  incoming.accept({
    status: response.status,
    headers: headersOf(call, response),
    ...bodied(call.decisions.answer(call.turn, body)),
    annotation: annotationOf(call.turn),
  });
}

function headersOf({ turn, decisions }: Call, response: SipResponse): HeaderPair[] {
  const { status } = response;
  const ok = status >= 200 && status < 300;
  const identities = headerValues(response, "P-Asserted-Identity");
  const privacy = header(response, "Privacy");
  return [
    ...carriedHeaders(response, ["P-Asserted-Identity", "Privacy"]),
    ...(ok ? decisions.okIdentity(turn, identities) : identities).map((value): HeaderPair => [
      "P-Asserted-Identity",
      value,
    ]),
    ...present([
      ["Privacy", ok ? decisions.okPrivacy(turn, privacy) : privacy],
      ["Server", decisions.server(turn, status)],
    ]),
  ];
}

/** 6.1.1.2.2: another final response goes on to whoever asked. */
export function reject(call: Call, response: SipResponse): void {
  const elsewhere = response.status < 400 ? headerValues(response, "Contact") : [];
  waiting(call)?.reject(call.decisions.finalStatus(call.turn, response), {
    reason: response.reason,
    headers: [...headersOf(call, response), ...elsewhere.map((value): HeaderPair => ["Contact", value])],
    ...bodied(bodyOf(response)),
    annotation: annotationOf(call.turn),
  });
}

/** Nobody answered. */
export function rejectWith(call: Call, status: number): void {
  const headers = present([["Server", call.decisions.server(call.turn, status)]]);
  waiting(call)?.reject(status, { headers, annotation: annotationOf(call.turn) });
}
