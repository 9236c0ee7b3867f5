/** Two user agents on a virtual network, and what both have seen. */
import type { VirtualNetOptions } from "../../net/virtual/virtual-net.ts";
import type { Hop } from "../../net/network.ts";
import { type Body, sdpBody } from "../../wire/sip/session-description.ts";
import type { IncomingRequest } from "../incoming.ts";
import type { SipEndpoint, SipEndpointOptions } from "../sip-endpoint.ts";
import { createWorld, udp, type World } from "../testdata.ts";
import type { InviteOptions, UserAgentOptions } from "./options.ts";
import type {
  IncomingInvite,
  InviteEvent,
  InviteSession,
  Offered,
  OfferDecision,
  OutgoingInvite,
  SessionEvent,
} from "./session-events.ts";
import { createUserAgent, type UserAgent } from "./user-agent.ts";

export interface Phone {
  readonly agent: UserAgent;
  readonly endpoint: SipEndpoint;
  readonly hop: Hop;
  /** The sessions that came, in order. */
  readonly incoming: IncomingInvite[];
  /** Asked for what the user agent does not take. */
  readonly others: ((incoming: IncomingRequest) => boolean)[];
  /** One line for each event of each session of this end. */
  readonly events: string[];
  watch(session: InviteSession): void;
}

export interface Pair extends World {
  readonly a: Phone;
  readonly b: Phone;
  /** A calls B. */
  call(options?: Partial<InviteOptions>): Call;
  /** Lets `ms` pass. */
  pass(ms: number): Promise<void>;
  /** A ladder of methods and statuses at A, without 100. */
  dialogue(): string[];
}

export interface Call {
  readonly invite: OutgoingInvite;
  readonly events: string[];
  /** The session that was accepted, or rang first. */
  session(): InviteSession;
}

/** A description that says who made it, and how often it was changed. */
export function sdp(who: string, version = 1): Body {
  return sdpBody(`v=0\r\no=${who} 1 ${version} IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n`);
}

/** The text of a description. */
export function said(body: Body | undefined): string | undefined {
  return body === undefined ? undefined : Buffer.from(body.bytes).toString();
}

/** What an answer to any offer is. */
export function answering(who: string): (offered: Offered) => OfferDecision {
  let version = 0;
  return () => ({ body: sdp(who, (version += 1)) });
}

export function lineOf(event: SessionEvent | InviteEvent): string {
  if (event.type === "ended") return `ended: ${event.by} ${event.why}`;
  if (event.type === "modified") return `modified: ${event.by} ${event.method}`;
  if (event.type === "modification refused") return `refused: ${event.method} ${event.response.status}`;
  if (event.type === "failed") return `failed: ${event.reason}`;
  if (event.type === "irregular") return `irregular: ${event.code}`;
  if (event.type === "provisional") return `${event.response.status}${event.reliable ? " reliable" : ""}`;
  if (event.type === "accepted" || event.type === "rejected") return `${event.type} ${event.response.status}`;
  return event.type;
}

export interface PairOptions {
  readonly net?: Partial<VirtualNetOptions>;
  readonly a?: Partial<UserAgentOptions>;
  readonly b?: Partial<UserAgentOptions>;
  readonly endpoint?: Partial<SipEndpointOptions>;
  /** What B does with a call; default: accept. */
  readonly answer?: (incoming: IncomingInvite) => void;
}

export async function createPair({ net, a, b, endpoint, answer }: PairOptions = {}): Promise<Pair> {
  const world = createWorld(net ?? {});
  const phoneA = await phone(world, "A", "a", { onOffer: answering("a"), ...a }, endpoint);
  const phoneB = await phone(world, "B", "b", { onOffer: answering("b"), ...b }, endpoint);
  phoneB.agent.onInvite((incoming) => {
    phoneB.watch(incoming);
    phoneB.incoming.push(incoming);
    if (answer === undefined) incoming.accept();
    else answer(incoming);
  });
  return {
    ...world,
    a: phoneA,
    b: phoneB,
    call: (options = {}) => startCall(phoneA, phoneB, options),
    pass: async (ms) => void (await world.run(() => false, world.clock.now() + ms)),
    dialogue: () =>
      world
        .ladder("A")
        .map((line) => line.replace(/^A ([<>]) \S+ /, "$1 "))
        .filter((line) => line !== "< 100"),
  };
}

async function phone(
  world: World,
  name: string,
  host: string,
  options: Partial<UserAgentOptions>,
  more: Partial<SipEndpointOptions> = {},
): Promise<Phone> {
  const hop = udp(host);
  const endpoint = await world.endpoint(name, host, more);
  const agent = createUserAgent({
    endpoint,
    clock: world.clock,
    ids: world.ids,
    contact: `<sip:${host}>`,
    onHandlerError: (error) => world.mistakes.push(error),
    ...options,
  });
  const others: Phone["others"] = [];
  endpoint.onRequest((incoming) => {
    if (!agent.receive(incoming) && !others.some((take) => take(incoming))) agent.refuse(incoming);
  });
  const events: string[] = [];
  const watch = (session: InviteSession): void => session.on((event) => events.push(lineOf(event)));
  return { agent, endpoint, hop, incoming: [], others, events, watch };
}

function startCall(from: Phone, to: Phone, options: Partial<InviteOptions>): Call {
  const events: string[] = [];
  let session: InviteSession | undefined;
  const invite = from.agent.invite({
    to: to.hop,
    uri: "sip:b@example.org",
    from: "<sip:a@example.org>",
    body: sdp("a"),
    ...options,
    on: (event, outgoing) => {
      if (event.type === "session") {
        from.watch(event.session);
        session ??= event.session;
      } else events.push(lineOf(event));
      if (event.type === "accepted" && event.kept) session = event.session;
      options.on?.(event, outgoing);
    },
  });
  return {
    invite,
    events,
    session: () => {
      if (session === undefined) throw new Error("there is no session yet");
      return session;
    },
  };
}
