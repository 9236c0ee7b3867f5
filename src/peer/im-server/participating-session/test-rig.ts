/** Two user agents, each behind the participating functions of one server, on a virtual network. For tests. */
import { createMsrpEndpoint, type MsrpEndpoint } from "../../../endpoint/msrp/msrp-endpoint.ts";
import { createSipEndpoint, type SipEndpoint } from "../../../endpoint/sip-endpoint.ts";
import type { IncomingRequest } from "../../../endpoint/incoming.ts";
import type { InviteOptions, UserAgentOptions } from "../../../endpoint/user-agent/options.ts";
import type {
  IncomingInvite,
  InviteEvent,
  InviteSession,
  OutgoingInvite,
} from "../../../endpoint/user-agent/session-events.ts";
import { createUserAgent, type UserAgent } from "../../../endpoint/user-agent/user-agent.ts";
import type { Hop } from "../../../net/network.ts";
import type { HeaderPair } from "../../../wire/sip/build.ts";
import { parseSdp } from "../../../wire/sdp/parse.ts";
import { messageMediaOf } from "../../../wire/sdp/message-media.ts";
import { sdpBody, type Body } from "../../../wire/sip/session-description.ts";
import { lineOf } from "../../../endpoint/user-agent/testdata.ts";
import { createPagerRig, type PagerRig, type PagerRigOptions } from "../../im/test-rig.ts";
import { referencePolicy } from "../config.ts";
import type { ImServerPolicy } from "../config.ts";
import type { SipMessage } from "../../../wire/sip/message.ts";

export type PhoneName = "alice" | "bob";

export interface Phone {
  readonly agent: UserAgent;
  readonly endpoint: SipEndpoint;
  readonly msrp: MsrpEndpoint;
  readonly hop: Hop;
  /** Sessions that came. */
  readonly incoming: IncomingInvite[];
  /** One line for each event of each session. */
  readonly events: string[];
  answer: (incoming: IncomingInvite) => void;
  /** Asked for what the user agent does not take. */
  other: (incoming: IncomingRequest) => void;
}

export interface SessionRig extends PagerRig {
  readonly alice: Phone;
  readonly bob: Phone;
  /** Alice invites Bob. */
  call(options?: Partial<InviteOptions>): OutgoingInvite;
  /** What a node sent or took, in order: methods and statuses of INVITE and in dialogs, each once, without 100. */
  ladder(node: string): string[];
  sent(node: string, what: string | number): readonly SipMessage[];
  pass(ms?: number): Promise<void>;
}

export const CONTACTS: Readonly<Record<PhoneName, Hop>> = {
  alice: { host: "10.0.1.1", port: 5060, transport: "udp" },
  bob: { host: "10.0.1.2", port: 5060, transport: "udp" },
};

/** A description with MSRP, which says who made it. */
export function sdp(
  who: string,
  more: { readonly version?: number; readonly lines?: readonly string[]; readonly path?: string } = {},
): Body {
  const { version = 1, lines = ["a=accept-types:message/cpim text/plain"], path } = more;
  const host = who === "alice" ? "10.0.1.1" : "10.0.1.2";
  return sdpBody(
    [
      "v=0",
      `o=${who} 1 ${version} IN IP4 ${host}`,
      "s= ",
      `c=IN IP4 ${host}`,
      "t=0 0",
      "m=message 7654 TCP/MSRP *",
      ...lines,
      `a=path:${path ?? `msrp://${host}:7654/${who};tcp`}`,
      "",
    ].join("\r\n"),
  );
}

/** The path, and who made the description. */
export function pathIn(body: Body | undefined): string | undefined {
  const media = body && messageMediaOf(parseSdp(body.bytes))[0];
  const uri = media?.path[0];
  return uri && `${uri.host}:${uri.port}`;
}

export function makerOf(body: Body | undefined): string | undefined {
  return /^o=(\S+ \d+ \d+)/m.exec(Buffer.from(body?.bytes ?? []).toString())?.[1];
}

export const TAGS: HeaderPair = ["Accept-Contact", "*;+g.oma.sip-im;require;explicit"];

export async function createSessionRig(
  policy: Partial<ImServerPolicy> = {},
  options: PagerRigOptions = {},
  agents: Partial<UserAgentOptions> = {},
): Promise<SessionRig> {
  const rig = await createPagerRig({
    ...options,
    server: { policy: { ...referencePolicy, ...policy }, ...options.server },
  });
  const open: (() => Promise<void>)[] = [];
  const alice = await phone(rig, "alice", agents, open);
  const bob = await phone(rig, "bob", agents, open);
  const isOf = (message: SipMessage, what: string | number): boolean =>
    message.kind === "request" ? message.method === what : message.status === what;
  return {
    ...rig,
    alice,
    bob,
    call: (more = {}) =>
      alice.agent.invite({
        to: { host: "10.0.0.1", port: 5060, transport: "udp" },
        uri: "sip:bob@home.example",
        from: '"Alice" <sip:alice@home.example>',
        headers: [TAGS, ["User-Agent", "IM-client/OMA1.0"], ...(more.headers ?? [])],
        body: sdp("alice"),
        ...without(more),
        on: (event, invite) => {
          alice.events.push(...lineOfInvite(event));
          if (event.type === "session") event.session.on((inner) => alice.events.push(lineOf(inner)));
          more.on?.(event, invite);
        },
      }),
    ladder: (node) =>
      rig.crossings.flatMap(({ node: at, direction, message, retransmission }) => {
        if (at !== node || retransmission || message === undefined) return [];
        const what = message.kind === "request" ? message.method : String(message.status);
        return what === "100" ? [] : [`${direction === "in" ? "<" : ">"} ${what}`];
      }),
    sent: (node, what) =>
      rig.crossings.flatMap(({ node: at, direction, message, retransmission }) =>
        at === node && direction === "out" && !retransmission && message !== undefined && isOf(message, what)
          ? [message]
          : [],
      ),
    pass: (ms = 1000) => rig.settle(ms),
    close: async () => {
      await Promise.all(open.map((close) => close()));
      await rig.close();
    },
  };
}

function without({ headers: _headers, on: _on, ...rest }: Partial<InviteOptions>): Partial<InviteOptions> {
  return rest;
}

function lineOfInvite(event: InviteEvent): string[] {
  return ["rejected", "failed", "cancelled"].includes(event.type) ? [lineOf(event)] : [];
}

async function phone(
  rig: PagerRig,
  name: PhoneName,
  agents: Partial<UserAgentOptions>,
  open: (() => Promise<void>)[],
): Promise<Phone> {
  const { net } = rig;
  const hop = CONTACTS[name];
  const listen = [hop, { ...hop, transport: "tcp" }] as const;
  const endpoint = await createSipEndpoint({
    ...net,
    name,
    listen,
    tap: (crossing) => void rig.crossings.push(crossing),
  });
  const msrp = await createMsrpEndpoint({
    ...net,
    name: `${name}-msrp`,
    listen: [{ host: hop.host, port: 7654, transport: "tcp" }],
  });
  rig.core.setRegistered(`sip:${name}@home.example`, {
    contact: `<sip:${name}@${hop.host}:${hop.port}>;+g.oma.sip-im`,
  });
  let version = 1;
  const agent = createUserAgent({
    endpoint,
    clock: net.clock,
    ids: net.ids,
    contact: `<sip:${name}@${hop.host}:${hop.port}>;+g.oma.sip-im`,
    onOffer: () => ({ body: sdp(name, { version: (version += 1) }) }),
    sessionTimer: { interval: 1800 },
    onHandlerError: (error) => {
      throw error;
    },
    ...agents,
  });
  const made: Phone = {
    agent,
    endpoint,
    msrp,
    hop,
    incoming: [],
    events: [],
    answer: (incoming) => incoming.accept({ headers: [["Server", "IM-client/OMA1.0"]] }),
    other: (incoming) => agent.refuse(incoming),
  };
  agent.onInvite((incoming) => {
    made.incoming.push(incoming);
    incoming.on((event) => made.events.push(lineOf(event)));
    made.answer(incoming);
  });
  endpoint.onRequest((incoming) => {
    if (!agent.receive(incoming)) made.other(incoming);
  });
  open.push(async () => {
    agent.close();
    await msrp.close();
    await endpoint.close();
  });
  return made;
}

export function sessionOf(invite: OutgoingInvite): InviteSession {
  const [session] = invite.sessions;
  if (session === undefined) throw new Error("no session");
  return session;
}
