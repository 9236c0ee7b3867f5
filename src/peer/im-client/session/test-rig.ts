/** IM Clients, a core, and a conference server that a test drives by hand, on a virtual network. For tests. */
import type { WireCrossing } from "../../../endpoint/crossing.ts";
import { createEventAgent, type EventAgent } from "../../../endpoint/events/event-agent.ts";
import type { MsrpCrossing } from "../../../endpoint/msrp/crossing.ts";
import { createMsrpEndpoint, type MsrpEndpoint } from "../../../endpoint/msrp/msrp-endpoint.ts";
import type { MsrpSession } from "../../../endpoint/msrp/msrp-session.ts";
import { answerSessions } from "../../../endpoint/msrp/negotiation.ts";
import type { ReceivedMessage } from "../../../endpoint/msrp/whole-message.ts";
import { createSipEndpoint } from "../../../endpoint/sip-endpoint.ts";
import type { IncomingInvite } from "../../../endpoint/user-agent/session-events.ts";
import { createUserAgent, type UserAgent } from "../../../endpoint/user-agent/user-agent.ts";
import type { Hop } from "../../../net/network.ts";
import { createVirtualNet, type VirtualNet } from "../../../net/virtual/virtual-net.ts";
import { parseSdp } from "../../../wire/sdp/parse.ts";
import { serializeSdp } from "../../../wire/sdp/serialize.ts";
import type { SipRequest, SipResponse } from "../../../wire/sip/message.ts";
import { sdpBody } from "../../../wire/sip/session-description.ts";
import { violations } from "../../../wire/sip/validate.ts";
import { type Core, createCore } from "../../core/core.ts";
import { type ClientAlteration, createImClient, type ImClient } from "../client.ts";
import { defaultSettings, type ImClientConfig } from "../config.ts";

const CORE: Hop = { host: "10.0.0.1", port: 5060, transport: "udp" };
const SERVER: Hop = { host: "10.0.0.2", port: 5070, transport: "udp" };
export const FACTORY = "sip:factory@im.home.example";
export const GROUP = "sip:friends@im.home.example";
export const CONFERENCE = "sip:conference-1@im.home.example";
export const addressOf = (name: string): string => `sip:${name}@home.example`;
const NAMES = ["alice", "bob", "carol"];

/** A server in a test's hands. It takes what it is asked for: the core sends it what is for `im.home.example`. */
export interface HandServer {
  readonly agent: UserAgent;
  readonly events: EventAgent;
  readonly msrp: MsrpEndpoint;
  readonly invitations: IncomingInvite[];
  readonly messages: ReceivedMessage[];
  readonly sessions: MsrpSession[];
  /** Accepts the latest invitation, with MSRP. */
  accept(): MsrpSession;
}

export interface SessionRig {
  readonly net: VirtualNet;
  readonly crossings: WireCrossing[];
  readonly msrpCrossings: MsrpCrossing[];
  readonly server: HandServer;
  client(
    name: string,
    more?: { config?: Partial<ImClientConfig>; faults?: readonly ClientAlteration[] },
  ): Promise<ImClient>;
  until<T>(promise: Promise<T>): Promise<T>;
  settle(ms?: number): Promise<void>;
  requests(node: string, direction: "in" | "out", method: string): readonly SipRequest[];
  responses(node: string, direction: "in" | "out", status: number): readonly SipResponse[];
  close(): Promise<void>;
}

export async function createSessionRig(): Promise<SessionRig> {
  const net = createVirtualNet({ seed: 11 });
  const crossings: WireCrossing[] = [];
  const msrpCrossings: MsrpCrossing[] = [];
  const tap = (crossing: WireCrossing): void => void crossings.push(crossing);
  const open: { close(): Promise<void> }[] = [];
  open.push(await openCore(net, tap));
  const server = await openServer(net, tap, open);
  const messages = (node: string, direction: "in" | "out") =>
    crossings
      .filter((each) => each.node === node && each.direction === direction && !each.retransmission)
      .flatMap((each) => each.message ?? []);
  async function until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    void promise.finally(() => (settled = true));
    await net.run(() => settled, net.clock.now() + 60_000);
    if (!settled) throw new Error("nothing settled within a minute of virtual time");
    return promise;
  }
  return {
    net,
    crossings,
    msrpCrossings,
    server,
    async client(name, { config = {}, faults = [] } = {}) {
      const hop: Hop = { host: `10.0.1.${NAMES.indexOf(name) + 1}`, port: 5060, transport: "udp" };
      const made = await createImClient({
        ...net,
        tap,
        msrpTap: (crossing) => void msrpCrossings.push(crossing),
        faults,
        config: { ...configOf(name, hop), ...config },
      });
      open.push(made);
      await until(made.perform({ action: "register" }));
      return made;
    },
    until,
    settle: async (ms = 1000) => void (await net.run(undefined, net.clock.now() + ms)),
    requests: (node, direction, method) =>
      messages(node, direction).filter(
        (each): each is SipRequest => each.kind === "request" && each.method === method,
      ),
    responses: (node, direction, status) =>
      messages(node, direction).filter(
        (each): each is SipResponse => each.kind === "response" && each.status === status,
      ),
    async close() {
      for (const each of open.reverse()) await each.close();
      const wrong = violationsOfClients(crossings);
      if (wrong.length > 0) throw new Error(`messages that are not SIP: ${wrong.join("; ")}`);
    },
  };
}

function openCore(net: VirtualNet, tap: (crossing: WireCrossing) => void): Promise<Core> {
  return createCore({
    ...net,
    tap,
    listen: [CORE, { ...CORE, transport: "tcp" }],
    config: {
      domains: [{ domain: "home.example", registrationExpiresS: 600, digest: { algorithms: ["MD5"] } }],
      servers: [
        {
          name: "im",
          originating: "sip:orig@10.0.0.2:5070;lr",
          terminating: "sip:term@10.0.0.2:5070;lr",
          psi: "sip:psi@10.0.0.2:5070;lr",
          originalDialogToken: true,
          thirdPartyRegister: false,
        },
      ],
      users: NAMES.map((name) => ({
        impi: `${name}@home.example`,
        password: `secret-${name}`,
        identities: [addressOf(name)],
      })),
      psis: [
        { uri: FACTORY, server: "im" },
        { uri: "sip:*@im.home.example", server: "im" },
      ],
    },
  });
}

function violationsOfClients(crossings: readonly WireCrossing[]): readonly string[] {
  return crossings
    .filter(({ node, direction }) => direction === "out" && NAMES.includes(node))
    .flatMap(({ node, message }) =>
      message === undefined
        ? []
        : violations(message, { direction: "out" }).map(
            ({ code, message: why }) => `${node}: ${code} ${why}`,
          ),
    );
}

async function openServer(
  net: VirtualNet,
  tap: (crossing: WireCrossing) => void,
  open: { close(): Promise<void> }[],
): Promise<HandServer> {
  const endpoint = await createSipEndpoint({
    ...net,
    name: "im",
    tap,
    listen: [SERVER, { ...SERVER, transport: "tcp" }],
  });
  const contact = `<${CONFERENCE}>;isfocus`;
  const common = { endpoint, clock: net.clock, ids: net.ids, contact };
  const agent = createUserAgent({
    ...common,
    nextHop: () => CORE,
    supported: ["timer", "replaces", "recipient-list-invite"],
  });
  const events = createEventAgent({ ...common, dialogs: agent.dialogs });
  const msrp = await createMsrpEndpoint({
    ...net,
    name: "im",
    listen: [{ host: SERVER.host, port: 0, transport: "tcp" }],
  });
  endpoint.onRequest((incoming) => {
    if (!agent.receive(incoming) && !events.receiveOutside(incoming)) agent.refuse(incoming);
  });
  open.push(endpoint, msrp);
  const server: HandServer = {
    agent,
    events,
    msrp,
    invitations: [],
    messages: [],
    sessions: [],
    accept() {
      const incoming = server.invitations.at(-1);
      if (incoming?.offer === undefined) throw new Error("there is no invitation with an offer");
      const session = msrp.session();
      session.onMessage((message) => void server.messages.push(message));
      server.sessions.push(session);
      const answer = answerSessions(parseSdp(incoming.offer.bytes), { sessionId: "1" }, () => ({
        session,
        terms: { acceptTypes: ["message/cpim"] },
      }));
      incoming.accept({
        body: sdpBody(serializeSdp(answer.description)),
        headers: [["Server", "IM-serv/OMA1.0"]],
      });
      answer.start();
      return session;
    },
  };
  agent.onInvite((incoming) => void server.invitations.push(incoming));
  return server;
}

function configOf(name: string, hop: Hop): ImClientConfig {
  return {
    node: name,
    listen: [hop, { ...hop, transport: "tcp" }],
    core: CORE,
    homeDomain: "home.example",
    imAddress: addressOf(name),
    privateIdentity: `${name}@home.example`,
    password: `secret-${name}`,
    registrationExpiresS: 600,
    conferenceFactory: FACTORY,
    congestionSafe: true,
    settings: defaultSettings,
  };
}
