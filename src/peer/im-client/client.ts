/**
 * The reference IM Client for pager and session mode. It is also the client that Scrim plays in its own scenarios: every action can be changed on its way
 * out, and every answer scripted, since a tester must be able to misbehave.
 */
import type { Annotate, Tap } from "../../endpoint/crossing.ts";
import type { IncomingRequest } from "../../endpoint/incoming.ts";
import type { MsrpTap } from "../../endpoint/msrp/crossing.ts";
import { createMsrpEndpoint } from "../../endpoint/msrp/msrp-endpoint.ts";
import type { MsrpEndpoint } from "../../endpoint/msrp/msrp-endpoint.ts";
import { createSipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { Address, Hop, Network } from "../../net/network.ts";
import type { ActionAnswer, ClientAction, InboxEntry, MessageAction, Settings } from "../../spec/actions.ts";
import { clientActionSchema } from "../../spec/actions-schema.ts";
import type { HttpServer } from "../../endpoint/http-server.ts";
import { performerOf } from "../im/action-lines.ts";
import { createActionServer } from "../im/action-server.ts";
import { sqnMemory } from "../../wire/aka/sequence-number.ts";
import { sipResponse } from "../../wire/sip/build.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { edgeOf, msrpEdgeOf, overrideDecisions, skippedBehaviours } from "../im/alteration.ts";
import type { Alteration } from "../im/alteration.ts";
import { createActions } from "./actions.ts";
import type { InboxAccess } from "./actions.ts";
import type { ImClientConfig } from "./config.ts";
import { referenceClientDecisions } from "./decisions.ts";
import type { ClientDecisions } from "./decisions.ts";
import type { RegistrationKind } from "./decisions/registering.ts";
import { sendMessage } from "./messages.ts";
import type { ClientParts } from "./parts.ts";
import { publish } from "./publication.ts";
import { receiveMessage, responseTo } from "./reception.ts";
import type { ScriptedAnswer } from "./reception.ts";
import { register } from "./registration.ts";
import { send } from "./requesting.ts";
import type { Outcome, RequestChanges } from "./requesting.ts";

import type { ClientSession, SessionScript } from "./session/session.ts";
import { ALLOW, closeSessions, openSessions, receiveInSession } from "./session/sessions.ts";

export type ClientAlteration = Alteration<ClientDecisions>;

export interface ImClientOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly config: ImClientConfig;
  readonly tap?: Tap;
  readonly msrpTap?: MsrpTap;
  readonly annotate?: Annotate;
  /** Deviations; none for a client that conforms. */
  readonly faults?: readonly ClientAlteration[];
}

export interface ImClient {
  readonly config: ImClientConfig;
  readonly hops: readonly Hop[];
  /** Where MSRP listens. */
  readonly msrpHops: readonly Hop[];
  /** In the order in which they were started and came; emptied by `reset`. */
  readonly sessions: readonly ClientSession[];
  /** How the client misbehaves in its sessions from now on. */
  scriptSessions(script: SessionScript): void;
  /** Where the HTTP trigger listens, if it was asked for. */
  readonly trigger?: Address;
  /** Settles when the action is done: its last request has a final response, or will have none. Never fails: the answer says what was not possible. */
  perform(action: ClientAction, changes?: RequestChanges): Promise<ActionAnswer>;
  register(kind: RegistrationKind, changes?: RequestChanges): Promise<Outcome>;
  publish(settings: Settings, changes?: RequestChanges): Promise<Outcome>;
  /** `undefined`: too large for pager mode, nothing was sent. */
  sendMessage(action: MessageAction, changes?: RequestChanges): Promise<Outcome | undefined>;
  /** Any request, as it is. */
  sendRequest(request: SipRequest, changes?: RequestChanges): Promise<Outcome>;
  /** Anything at all, once. */
  sendBytes(bytes: Uint8Array): void;
  /** Every MESSAGE that arrived, whatever it was answered. */
  readonly received: readonly SipRequest[];
  /** What was shown since it was last emptied by `report-inbox` or `reset`. */
  readonly inbox: readonly InboxEntry[];
  onMessage(handler: (message: SipRequest) => void): void;
  /** Answers MESSAGE requests from now on like this; `undefined`: as usual. */
  answerWith(answer: ScriptedAnswer | ((message: SipRequest) => ScriptedAnswer)): void;
  /** The response that the client would give, for a script to change. */
  responseTo(message: SipRequest, status: number): ReturnType<typeof responseTo>;
  readonly registered: "none" | "im" | "core-only";
  close(): Promise<void>;
}

interface Mailbox {
  readonly received: SipRequest[];
  inbox: InboxEntry[];
  readonly handlers: ((message: SipRequest) => void)[];
  script: (message: SipRequest) => ScriptedAnswer;
}

/** Fails with PortInUseError when it cannot listen. */
export async function createImClient(options: ImClientOptions): Promise<ImClient> {
  const parts = assemble(options, await openEndpoint(options), await openMsrp(options));
  const mailbox: Mailbox = { received: [], inbox: [], handlers: [], script: () => undefined };
  parts.sessions.store = (entry) => void mailbox.inbox.push(entry);
  parts.endpoint.onRequest((incoming) => take(parts, mailbox, incoming));
  const perform = createActions(parts, inboxOf(mailbox));
  const trigger = parts.config.trigger && (await openTrigger(options, parts.config.trigger, perform));
  return {
    config: parts.config,
    hops: parts.endpoint.hops,
    msrpHops: parts.sessions.msrp.hops,
    sessions: parts.sessions.list,
    scriptSessions: (script) => void (parts.sessions.script = script),
    ...(trigger ? { trigger: trigger.local } : {}),
    perform,
    register: (kind, changes) => register(parts, kind, changes),
    publish: (settings, changes) => publish(parts, settings, changes),
    sendMessage: (action, changes) => sendMessage(parts, action, changes),
    sendRequest: (request, changes) => send(parts, request, changes),
    sendBytes: (bytes) => parts.endpoint.sendBytes(bytes, parts.config.core),
    received: mailbox.received,
    get inbox() {
      return mailbox.inbox;
    },
    onMessage: (handler) => void mailbox.handlers.push(handler),
    answerWith: (answer) => {
      mailbox.script = typeof answer === "function" ? answer : () => answer;
    },
    responseTo: (message, status) => responseTo(parts, message, status),
    get registered() {
      return parts.registration.state;
    },
    async close() {
      parts.registration.disarm();
      parts.publication.disarm();
      await trigger?.close();
      await closeSessions(parts);
      await parts.endpoint.close();
    },
  };
}

function inboxOf(mailbox: Mailbox): InboxAccess {
  return {
    take: () => mailbox.inbox.splice(0),
    clear: () => {
      mailbox.inbox = [];
      mailbox.received.length = 0;
      mailbox.script = () => undefined;
    },
  };
}

function openTrigger(
  { network, clock, config }: ImClientOptions,
  listen: Address,
  perform: ImClient["perform"],
): Promise<HttpServer> {
  const performer = performerOf<ClientAction>(clientActionSchema, (action) => perform(action));
  return createActionServer({ name: config.node, network, clock, listen, ...performer });
}

function openEndpoint({
  network,
  clock,
  ids,
  config,
  tap,
  annotate,
  faults = [],
}: ImClientOptions): Promise<SipEndpoint> {
  const edge = edgeOf(faults);
  return createSipEndpoint({
    name: config.node,
    network,
    clock,
    ids,
    listen: config.listen,
    ...(config.advertisedHost === undefined ? {} : { advertisedHost: config.advertisedHost }),
    ...(config.udpLimitBytes === undefined ? {} : { udpLimitBytes: config.udpLimitBytes }),
    ...(config.limits === undefined ? {} : { limits: config.limits }),
    ...(tap ? { tap } : {}),
    ...(annotate ? { annotate } : {}),
    ...(edge ? { edge } : {}),
  });
}

function openMsrp({
  network,
  clock,
  ids,
  config,
  msrpTap,
  faults = [],
}: ImClientOptions): Promise<MsrpEndpoint> {
  const edge = msrpEdgeOf(faults);
  const host = config.listen[0]?.host ?? "127.0.0.1";
  return createMsrpEndpoint({
    name: config.node,
    network,
    clock,
    ids,
    listen: config.msrpListen ?? [{ host, port: 0, transport: "tcp" }],
    ...(config.advertisedHost === undefined ? {} : { advertisedHost: config.advertisedHost }),
    ...(msrpTap ? { tap: msrpTap } : {}),
    ...(edge ? { edge } : {}),
  });
}

function assemble(
  { config, clock, ids, faults = [] }: ImClientOptions,
  endpoint: SipEndpoint,
  msrp: MsrpEndpoint,
): ClientParts {
  const nothing = (): void => undefined;
  const parts: ClientParts = {
    config,
    endpoint,
    clock,
    ids,
    decisions: overrideDecisions(referenceClientDecisions, faults),
    skipped: skippedBehaviours(faults),
    registration: {
      callId: `${ids.token(20)}@${config.homeDomain}`,
      fromTag: ids.token(13),
      cseq: 0,
      state: "none",
      grantedS: 0,
      serviceRoutes: [],
      disarm: nothing,
      usim: sqnMemory(config.aka?.sqn),
    },
    publication: { entityTag: undefined, disarm: nothing },
    entityId: ids.token(16),
    contactUri: () => contactUri(config, endpoint),
    sessions: openSessions({ endpoint, clock, ids, msrp }, () => parts),
  };
  return parts;
}

/** By the transport that the client uses towards the core. */
function contactUri({ advertisedHost, core, imAddress }: ImClientConfig, endpoint: SipEndpoint): string {
  const own = endpoint.hops.find((hop) => hop.transport === core.transport) ?? endpoint.hops[0];
  const user = /^sips?:([^@;]+)@/i.exec(imAddress)?.[1];
  const host = advertisedHost ?? own?.host ?? "invalid";
  const transport = core.transport === "udp" ? "" : `;transport=${core.transport}`;
  const named = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return `sip:${user === undefined ? "" : `${user}@`}${named}:${own?.port ?? 5060}${transport}`;
}

function take(client: ClientParts, mailbox: Mailbox, incoming: IncomingRequest): void {
  const { message } = incoming;
  if (receiveInSession(client, incoming) || message.method === "ACK") return;
  if (message.method !== "MESSAGE") {
    const allow: readonly [string, string][] = [["Allow", ALLOW.join(", ")]];
    const status = message.method === "OPTIONS" ? 200 : 405;
    incoming.respond(
      sipResponse(message, status, undefined, { headers: allow, toTag: client.ids.token(13) }),
    );
    return;
  }
  mailbox.received.push(message);
  receiveMessage(client, incoming, mailbox.script(message), (entries) => void mailbox.inbox.push(...entries));
  for (const handler of mailbox.handlers) handler(message);
}
