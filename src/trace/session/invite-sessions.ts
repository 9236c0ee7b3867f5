/** INVITE sessions by their dialogs (RFC 3261 12): who called whom, what was offered and answered, what went on in the dialog, how it ended. */
import type { SipResponse } from "../../wire/sip/message.ts";
import type { Exchange, SipRecord } from "../scenario-trace.ts";
import { callIdIdentity, cseqIdentity, fromTag } from "../sip-identity.ts";
import { agreementsOf, type Agreement } from "./descriptions.ts";
import { tagOfTo, type Journey } from "./journeys.ts";

/** RFC 3261 12: seen from the wire, so that it is the same for both ends. */
export interface DialogId {
  readonly callId: string;
  readonly callerTag: string;
  readonly calleeTag: string;
}

export interface InviteSession {
  /** Of the dialog that was accepted; of an INVITE that made none, of the first early one, or without a tag of the callee's. */
  readonly id: DialogId;
  readonly invite: Journey;
  /** The 2xx on the hop where the INVITE touched the SUT. */
  readonly accepted: SipRecord<SipResponse> | undefined;
  /** The CANCEL of it. */
  readonly cancel: Journey | undefined;
  /** What came in the dialog behind the INVITE, either way, in order: ACK, re-INVITE, UPDATE, PRACK, BYE, INFO, REFER, SUBSCRIBE, NOTIFY. */
  readonly requests: readonly Journey[];
  readonly bye: Journey | undefined;
  /** All offers with their answers, on each hop where they were seen. */
  readonly agreements: readonly Agreement[];
}

/** In the order of their INVITEs. One that was tried again after 401 or 422 is another. */
export function readInviteSessions(journeys: readonly Journey[]): readonly InviteSession[] {
  const byCall = new Map<string, Journey[]>();
  for (const journey of journeys) {
    const call = callIdIdentity(journey.atSut.request.message);
    const known = byCall.get(call);
    if (known === undefined) byCall.set(call, [journey]);
    else known.push(journey);
  }
  return journeys
    .filter(({ method, atSut }) => method === "INVITE" && tagOfTo(atSut.request.message) === "")
    .flatMap((invite) => sessionsOf(invite, byCall.get(callIdIdentity(invite.atSut.request.message)) ?? []));
}

/** A fork that was accepted as well is a session of its own. */
function sessionsOf(invite: Journey, call: readonly Journey[]): readonly InviteSession[] {
  const accepted = invite.atSut.responses.filter(({ message }) => isSuccess(message));
  const tags = [...new Set(accepted.map(({ message }) => tagOfTo(message)))];
  if (tags.length === 0) {
    const early = invite.atSut.responses.map(({ message }) => tagOfTo(message)).find((tag) => tag !== "");
    return [sessionOf(invite, call, early ?? "", undefined)];
  }
  return tags.map((tag) =>
    sessionOf(
      invite,
      call,
      tag,
      accepted.find(({ message }) => tagOfTo(message) === tag),
    ),
  );
}

function sessionOf(
  invite: Journey,
  call: readonly Journey[],
  calleeTag: string,
  accepted: SipRecord<SipResponse> | undefined,
): InviteSession {
  const { message } = invite.atSut.request;
  const id = { callId: callIdIdentity(message), callerTag: fromTag(message), calleeTag };
  const requests = call.filter((journey) => journey !== invite && isIn(journey.atSut, id));
  const cancel = call.find(
    ({ method, atSut }) =>
      method === "CANCEL" &&
      fromTag(atSut.request.message) === id.callerTag &&
      cseqIdentity(atSut.request.message).number === cseqIdentity(message).number,
  );
  const bye = requests.find(({ method }) => method === "BYE");
  const agreements = [invite, ...requests].flatMap(({ hops }) =>
    hops.flatMap((hop) => agreementsOf(hop, requests)),
  );
  return {
    id,
    invite,
    accepted,
    cancel,
    requests,
    bye,
    agreements,
  };
}

/** From the 2xx to the BYE, or to the end of the trace. */
export function isOngoingAt({ accepted, bye }: InviteSession, seq: number): boolean {
  return accepted !== undefined && accepted.seq <= seq && (bye === undefined || seq < bye.seq);
}

/** Either end may send in a dialog. The ACK of a refusal has the tags of no dialog that went on, and belongs to its INVITE all the same. */
export function isIn({ request }: Exchange, { callId, callerTag, calleeTag }: DialogId): boolean {
  const { message } = request;
  if (callIdIdentity(message) !== callId) return false;
  const [from, to] = [fromTag(message), tagOfTo(message)];
  return (from === callerTag && to === calleeTag) || (from === calleeTag && to === callerTag);
}

function isSuccess({ status }: SipResponse): boolean {
  return status >= 200 && status < 300;
}
