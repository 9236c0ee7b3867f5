/** What the focus shares with its behaviours, and one request at it. */
import type { EventAgent } from "../../../endpoint/events/event-agent.ts";
import type { ReceivedRefer } from "../../../endpoint/events/refer-receiver.ts";
import type { MsrpEndpoint } from "../../../endpoint/msrp/msrp-endpoint.ts";
import type { IncomingInvite } from "../../../endpoint/user-agent/session-events.ts";
import type { UserAgent } from "../../../endpoint/user-agent/user-agent.ts";
import type { SdpDescription } from "../../../wire/sdp/description.ts";
import type { MessageMedia } from "../../../wire/sdp/message-media.ts";
import type { Group } from "../../../wire/xml/group.ts";
import type { ListEntry } from "../../../wire/xml/resource-lists.ts";
import type { IncomingRequest } from "../../../endpoint/incoming.ts";
import type { GroupTurn, ServerParts } from "../turn.ts";
import type { Conference, Conferences } from "./conference.ts";
import type { Subscribers } from "./subscribers.ts";
import type { CreateSwitch } from "./switch-seam.ts";

export interface Focus {
  readonly server: ServerParts;
  readonly agent: UserAgent;
  readonly events: EventAgent;
  readonly msrp: MsrpEndpoint;
  readonly conferences: Conferences;
  readonly subscribers: Subscribers;
  readonly createSwitch: CreateSwitch;
  readonly skipped: ReadonlySet<string>;
  /** The session that an INVITE will make; undefined: the user agent has refused it. */
  open(incoming: IncomingRequest): IncomingInvite | undefined;
  /** The REFER that the event agent finds right; undefined: it has refused it. */
  openRefer(incoming: IncomingRequest): ReceivedRefer | undefined;
}

/** What a request to the focus is for. */
export type SessionTarget =
  | { readonly kind: "factory"; readonly uri: string }
  | { readonly kind: "session"; readonly uri: string; readonly conference: Conference }
  | { readonly kind: "ended"; readonly uri: string }
  | { readonly kind: "group"; readonly uri: string; readonly group: Group }
  | { readonly kind: "unknown"; readonly uri: string };

export interface FocusTurn extends GroupTurn {
  readonly focus: Focus;
  target: SessionTarget;
  /** Its conference, where there is one. */
  conference: Conference | undefined;
  invite: IncomingInvite | undefined;
  offer: SdpDescription | undefined;
  /** The medium of the offer that the server takes. */
  medium: MessageMedia | undefined;
  entries: readonly ListEntry[];
  refer: ReceivedRefer | undefined;
}

function partnerIn({ request }: GroupTurn, { agent, conferences }: Focus): string | undefined {
  const handle = agent.dialogs.of(request);
  return handle === undefined
    ? undefined
    : conferences
        .list()
        .flatMap(({ participants }) => [...participants.values()])
        .find(({ session }) => session.handle === handle)?.person.identities[0];
}

export function focusTurn(turn: GroupTurn, focus: Focus): FocusTurn {
  return {
    ...turn,
    // Who speaks in the dialog of a participant is that participant, also where the core asserts nothing any more.
    originator: turn.originator === "" ? (partnerIn(turn, focus) ?? "") : turn.originator,
    focus,
    target: { kind: "unknown", uri: turn.request.uri },
    conference: undefined,
    invite: undefined,
    offer: undefined,
    medium: undefined,
    entries: [],
    refer: undefined,
  };
}
