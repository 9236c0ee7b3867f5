/** What the participating functions remember and share: calls through the B2BUA by their dialogs, and the Contacts that it gave. */
import type { MsrpEndpoint } from "../../../endpoint/msrp/msrp-endpoint.ts";
import type { IncomingInvite } from "../../../endpoint/user-agent/session-events.ts";
import type { UserAgent } from "../../../endpoint/user-agent/user-agent.ts";
import type { SipRequest } from "../../../wire/sip/message.ts";
import { toOf } from "../../../wire/sip/headers.ts";
import type { ServerParts } from "../turn.ts";
import { isNamed, nameForFarEnd, other, type Call, type DialogName, type Leg } from "./call.ts";
import type { ParticipatingFunction } from "./addresses.ts";
import type { ContactMap } from "./contact-map.ts";
import type { IncomingRequest } from "../../../endpoint/incoming.ts";

export interface ParticipatingState {
  readonly server: ServerParts;
  readonly agent: UserAgent;
  /** Undefined: this server cannot stay in the media path. */
  readonly msrp: MsrpEndpoint | undefined;
  readonly contacts: ContactMap;
  /** By the local tags of their dialogs. */
  readonly calls: Map<string, Call>;
  /** The session that an INVITE will make; undefined: the user agent has refused it. */
  open(incoming: IncomingRequest, at: ParticipatingFunction): IncomingInvite | undefined;
}

/** The call in one of whose dialogs a request came. */
export function callOf({ calls }: ParticipatingState, request: SipRequest): Call | undefined {
  return calls.get(toOf(request)?.tag ?? "");
}

export interface PlaceInCall {
  readonly call: Call;
  readonly leg: Leg;
}

/** The leg whose dialog a user agent outside means by that name. */
export function placeNamed({ calls }: ParticipatingState, name: DialogName): PlaceInCall | undefined {
  for (const tag of [name.toTag, name.fromTag]) {
    const call = calls.get(tag);
    const leg = call && Object.values(call.legs).find((each) => each.tag === tag);
    if (call !== undefined && leg?.session !== undefined && isNamed(leg.session.dialog, name))
      return { call, leg };
  }
  return undefined;
}

/** The same session's other dialog, as the far end there knows it (6.1.1.2.6, 3a); undefined: the name is none of this server's. */
export function nameOnOtherLeg(state: ParticipatingState, name: DialogName): DialogName | undefined {
  const place = placeNamed(state, name);
  const dialog = place && other(place.call, place.leg).session?.dialog;
  return place === undefined || dialog === undefined
    ? undefined
    : place.call.decisions.replaced(place.call.turn, name, nameForFarEnd(dialog));
}
