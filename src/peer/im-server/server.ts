/**
 * The reference IM Server: participating function (originating and terminating) and controlling function for pager mode, on one SIP endpoint.
 * The core chooses the function by the Route that it puts on top, or by the address that it sends to.
 */
import type { Tap } from "../../endpoint/crossing.ts";
import { createSipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { MsrpTap } from "../../endpoint/msrp/crossing.ts";
import { createMsrpEndpoint } from "../../endpoint/msrp/msrp-endpoint.ts";
import type { MsrpEndpoint } from "../../endpoint/msrp/msrp-endpoint.ts";
import type { IncomingRequest } from "../../endpoint/incoming.ts";
import type { SipEndpoint } from "../../endpoint/sip-endpoint.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { Address, Hop, Network } from "../../net/network.ts";
import type { ActionAnswer, ServerAction } from "../../spec/actions.ts";
import { serverActionSchema } from "../../spec/actions-schema.ts";
import type { HttpServer } from "../../endpoint/http-server.ts";
import { performerOf } from "../im/action-lines.ts";
import { createActionServer } from "../im/action-server.ts";
import { sameAddress } from "../im/address.ts";
import { edgeOf, msrpEdgeOf, overrideDecisions, skippedBehaviours } from "../im/alteration.ts";
import type { Alteration } from "../im/alteration.ts";
import { createAggregations } from "./aggregation.ts";
import type { ImServerConfig, ImServerPolicy } from "./config.ts";
import { createControl } from "./control.ts";
import { referenceServerDecisions } from "./decisions.ts";
import type { ServerDecisions } from "./decisions.ts";
import { createDispatch } from "./dispatch.ts";
import type { OnServerError } from "./dispatch.ts";
import { createFocus } from "./focus/focus.ts";
import type { CreateSwitch } from "./focus/switch-seam.ts";
import {
  createParticipatingSessions,
  type ParticipatingSessions,
} from "./participating-session/participating-sessions.ts";
import { createPublications } from "./publications.ts";
import { createDeferredMessages, createPendingAnswers, createRegistrations } from "./state.ts";
import type { ServerParts } from "./turn.ts";
import { createSwitch } from "./switch/switch.ts";
import { createXdmAccess } from "./xdm-access.ts";

export type ServerAlteration = Alteration<ServerDecisions>;

export interface ImServerOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly config: ImServerConfig;
  readonly tap?: Tap;
  /** Of the MSRP endpoint. */
  readonly msrpTap?: MsrpTap;
  /** How conferences are switched. */
  readonly createSwitch?: CreateSwitch;
  /** Told of errors of the server itself; default: a warning of the process. */
  readonly onError?: OnServerError;
  /** Deviations; none for a server that conforms. */
  readonly faults?: readonly ServerAlteration[];
}

export interface ImServer {
  readonly hops: readonly Hop[];
  /** Where the HTTP control hook listens, if it was asked for. */
  readonly control?: Address;
  /** Never fails: what cannot be done is said in the answer. */
  perform(action: ServerAction): Promise<ActionAnswer>;
  close(): Promise<void>;
}

/** Fails with PortInUseError when it cannot listen. */
export async function createImServer(options: ImServerOptions): Promise<ImServer> {
  const { config, faults = [] } = options;
  const edge = edgeOf(faults);
  const endpoint = await createSipEndpoint({
    name: config.node,
    network: options.network,
    clock: options.clock,
    ids: options.ids,
    listen: [...config.listen],
    ...(config.advertisedHost === undefined ? {} : { advertisedHost: config.advertisedHost }),
    ...(config.limits === undefined ? {} : { limits: config.limits }),
    ...(options.tap ? { tap: options.tap } : {}),
    ...(edge ? { edge } : {}),
  });
  const policy = { inForce: config.policy };
  const parts = assemble(options, endpoint, () => policy.inForce);
  const onError = options.onError ?? warn;
  const skipped = skippedBehaviours(faults);
  const msrp = await openMsrp(options, endpoint);
  const participating = createParticipatingSessions({ server: () => parts, msrp: () => msrp, onError });
  const focus = createFocus({
    server: parts,
    msrp,
    createSwitch: options.createSwitch ?? ownSwitch(participating),
    skipped,
    onError,
  });
  const dispatch = createDispatch(parts, skipped, onError, focus, participating);
  endpoint.onRequest((incoming: IncomingRequest) => dispatch(incoming));
  const setPolicy = (changed: ImServerPolicy): void => void (policy.inForce = changed);
  const perform = createControl(parts, setPolicy, focus, participating);
  const control = config.control && (await openControl(options, config.control, perform));
  return {
    hops: endpoint.hops,
    ...(control ? { control: control.local } : {}),
    perform,
    async close() {
      parts.aggregations.clear();
      focus.close();
      participating.close();
      await msrp.close();
      await control?.close();
      await endpoint.close();
    },
  };
}

/** The server's own (7.2.3). */
const ownSwitch =
  ({ resolve }: ParticipatingSessions): CreateSwitch =>
  ({ clock, decisions }, conference, onLost) => {
    const standsFor = (uri: string): boolean => sameAddress(resolve(uri) ?? "", conference.sessionIdentity);
    return createSwitch({ conference: { ...conference, standsFor }, clock, decisions, onLost });
  };

/** On a free port beside SIP, unless the configuration says where. */
function openMsrp(options: ImServerOptions, { hops }: SipEndpoint): Promise<MsrpEndpoint> {
  const { config, network, clock, ids, msrpTap, onError, faults = [] } = options;
  const edge = msrpEdgeOf(faults);
  const host = hops[0]?.host ?? "127.0.0.1";
  return createMsrpEndpoint({
    name: config.node,
    network,
    clock,
    ids,
    listen: config.msrp ?? [{ host, port: 0, transport: "tcp" }],
    ...(config.advertisedHost === undefined ? {} : { advertisedHost: config.advertisedHost }),
    ...(msrpTap ? { tap: msrpTap } : {}),
    ...(edge ? { edge } : {}),
    ...(onError ? { onHandlerError: onError } : {}),
  });
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

function openControl(
  { network, clock, config }: ImServerOptions,
  listen: Address,
  perform: ImServer["perform"],
): Promise<HttpServer> {
  const performer = performerOf<ServerAction>(serverActionSchema, perform);
  return createActionServer({ name: config.node, network, clock, listen, ...performer });
}

function assemble(
  options: ImServerOptions,
  endpoint: SipEndpoint,
  policy: () => ImServerPolicy,
): ServerParts {
  const { config, network, clock, ids, tap, faults = [] } = options;
  return {
    config,
    policy,
    endpoint,
    clock,
    ids,
    decisions: overrideDecisions(referenceServerDecisions, faults),
    registrations: createRegistrations(),
    pendingAnswers: createPendingAnswers(),
    deferred: createDeferredMessages(),
    publications: createPublications(ids),
    aggregations: createAggregations(),
    xdm: createXdmAccess({
      name: config.node,
      network,
      clock,
      identity: config.serviceUris.systemSender,
      ...(tap ? { tap } : {}),
      ...(config.xcapRoot === undefined ? {} : { root: config.xcapRoot }),
      ...(config.xcapProxyRoot === undefined
        ? {}
        : { proxyRoot: config.xcapProxyRoot, homeDomain: config.homeDomain }),
    }),
  };
}
