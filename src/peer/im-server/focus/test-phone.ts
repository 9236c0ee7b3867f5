/** A user agent that is driven by hand: calls, answers, and watches conferences. For tests. */
import { createEventAgent, type EventAgent } from "../../../endpoint/events/event-agent.ts";
import { createMsrpEndpoint, type MsrpEndpoint } from "../../../endpoint/msrp/msrp-endpoint.ts";
import type { MsrpSession } from "../../../endpoint/msrp/msrp-session.ts";
import { answerSessions, offerSessions, takeAnswer } from "../../../endpoint/msrp/negotiation.ts";
import type { InviteOptions } from "../../../endpoint/user-agent/options.ts";
import type {
  IncomingInvite,
  InviteSession,
  OutgoingInvite,
} from "../../../endpoint/user-agent/session-events.ts";
import { createUserAgent, type UserAgent } from "../../../endpoint/user-agent/user-agent.ts";
import type { SdpDescription } from "../../../wire/sdp/description.ts";
import { parseSdp } from "../../../wire/sdp/parse.ts";
import { serializeSdp } from "../../../wire/sdp/serialize.ts";
import { header } from "../../../wire/sip/headers.ts";
import type { SipResponse } from "../../../wire/sip/message.ts";
import { type Body, sdpBody } from "../../../wire/sip/session-description.ts";
import { bodyWithList, recipientListPart } from "../../../wire/uri-list/recipient-list.ts";
import {
  CONFERENCE_INFO_TYPE,
  type ConferenceInfo,
  readConferenceInfo,
} from "../../../wire/xml/conference-info.ts";
import type { ListEntry } from "../../../wire/xml/resource-lists.ts";
import { CORE, type Rig } from "../../core/test-rig.ts";

export const NAMES = ["alice", "bob", "ted", "carol", "dave"] as const;
export type Name = (typeof NAMES)[number];
export const addressOf = (name: Name): string => `sip:${name}@home.example`;

export interface Phone {
  readonly name: Name;
  readonly agent: UserAgent;
  readonly events: EventAgent;
  readonly msrp: MsrpEndpoint;
  /** Sessions that are agreed on, by either side, with the MSRP session of each. */
  readonly talks: { readonly session: InviteSession; readonly msrp: MsrpSession }[];
  readonly incoming: IncomingInvite[];
  /** What it does with an INVITE; default: accept. */
  answer: (incoming: IncomingInvite) => void;
  /** Beginning and end of its sessions, as lines. */
  readonly ends: string[];
  accept(incoming: IncomingInvite, headers?: readonly (readonly [string, string])[]): void;
  call(uri: string, options?: CallOptions): Call;
  subscribe(uri: string): Watch;
}

export interface CallOptions extends Partial<InviteOptions> {
  /** Whom a factory is to invite. */
  readonly invited?: readonly (string | ListEntry)[];
  readonly acceptTypes?: readonly string[];
}

export interface Call {
  readonly invite: OutgoingInvite;
  /** The final response. */
  response: SipResponse | undefined;
  session(): InviteSession;
  readonly statuses: number[];
}

export interface Watch {
  readonly documents: ConferenceInfo[];
  readonly states: string[];
  status: number | undefined;
}

export async function createPhone(rig: Rig, name: Name, errors: unknown[]): Promise<Phone> {
  const { network, clock, ids } = rig.net;
  const host = `10.0.1.${NAMES.indexOf(name) + 1}`;
  const party = await rig.party(name, { host, port: 5060, transport: "udp" });
  rig.core.setRegistered(addressOf(name), { contact: `<sip:${name}@${host}:5060>;+g.oma.sip-im` });
  const msrp = await createMsrpEndpoint({
    name,
    network,
    clock,
    ids,
    listen: [{ host, port: 2855, transport: "tcp" }],
  });
  const contact = `<sip:${name}@${host}:5060>;+g.oma.sip-im`;
  const common = {
    endpoint: party.endpoint,
    clock,
    ids,
    contact,
    onHandlerError: (error: unknown) => void errors.push(error),
  };
  const agent = createUserAgent({ ...common, sessionTimer: {}, supported: ["timer", "replaces"] });
  const events = createEventAgent({ ...common, dialogs: agent.dialogs });
  party.answer = (incoming) => {
    if (!agent.receive(incoming) && !events.receiveOutside(incoming)) agent.refuse(incoming);
  };
  const phone: Phone = {
    name,
    agent,
    events,
    msrp,
    talks: [],
    incoming: [],
    ends: [],
    answer: (incoming) => phone.accept(incoming),
    accept: (incoming, headers = []) => {
      const session = msrp.session();
      const answer = answerSessions(descriptionIn(incoming.offer), { sessionId: "1" }, () => ({
        session,
        terms: TERMS,
        setup: "active",
      }));
      incoming.accept({
        body: sdpBody(serializeSdp(answer.description)),
        headers: [["Server", "IM-client/OMA1.0"], ...headers],
      });
      answer.start();
      phone.talks.push({ session: incoming, msrp: session });
      watchEnd(phone, incoming);
    },
    call: (uri, options = {}) => startCall(phone, uri, options, ids.token(8)),
    subscribe: (uri) => startWatch(phone, uri),
  };
  agent.onInvite((incoming) => {
    phone.incoming.push(incoming);
    phone.answer(incoming);
  });
  return phone;
}

const TERMS = { acceptTypes: ["message/cpim"], acceptWrappedTypes: ["text/plain"] };

function descriptionIn(body: Body | undefined): SdpDescription {
  if (body === undefined) throw new Error("no session description");
  return parseSdp(body.bytes);
}

function watchEnd(phone: Phone, session: InviteSession): void {
  session.on((event) => {
    if (event.type === "ended") phone.ends.push(`${event.by} ${event.why}`);
  });
}

function startCall(
  phone: Phone,
  uri: string,
  { invited, acceptTypes, ...options }: CallOptions,
  boundary: string,
): Call {
  const msrp = phone.msrp.session();
  const terms = { ...TERMS, ...(acceptTypes === undefined ? {} : { acceptTypes }) };
  const offer = offerSessions([{ session: msrp, terms }], { sessionId: "1" });
  const sdp = sdpBody(serializeSdp(offer));
  const entries = invited?.map((each) => (typeof each === "string" ? { uri: each } : each));
  const body = entries === undefined ? sdp : bodyWithList(sdp, recipientListPart(entries), boundary);
  const require = entries === undefined ? [] : [["Require", "recipient-list-invite"] as const];
  const { headers = [], ...more } = options;
  const call: Call = {
    response: undefined,
    statuses: [],
    session: () => {
      const [session] = call.invite.sessions;
      if (session === undefined) throw new Error("there is no session");
      return session;
    },
    invite: phone.agent.invite({
      to: CORE,
      uri,
      from: `"${phone.name}" <${addressOf(phone.name)}>`,
      body,
      headers: [
        ["User-Agent", "IM-client/OMA1.0"],
        ["Accept-Contact", "*;+g.oma.sip-im"],
        ...require,
        ...headers,
      ],
      ...more,
      on: (event) => {
        if (event.type === "session") watchEnd(phone, event.session);
        if (event.type === "provisional") call.statuses.push(event.response.status);
        if (event.type !== "accepted" && event.type !== "rejected") return;
        call.response = event.response;
        call.statuses.push(event.response.status);
        if (event.type === "rejected") return;
        takeAnswer(msrp, offer, descriptionIn(event.session.remote));
        phone.talks.push({ session: event.session, msrp });
      },
    }),
  };
  return call;
}

function startWatch(phone: Phone, uri: string): Watch {
  const watch: Watch = { documents: [], states: [], status: undefined };
  phone.events.subscribe({
    to: CORE,
    uri,
    from: `<${addressOf(phone.name)}>`,
    event: "conference",
    expiresS: 600,
    accept: [CONFERENCE_INFO_TYPE],
    headers: [["Accept-Contact", "*;+g.oma.sip-im"]],
    on: {
      onNotify: ({ request }) => {
        watch.states.push(header(request, "Subscription-State") ?? "");
        if (request.body.length > 0) watch.documents.push(readConferenceInfo(request.body));
      },
      onResponse: (response) => void (watch.status = response.status),
    },
  });
  return watch;
}
