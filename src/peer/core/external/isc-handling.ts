/**
 * What becomes of each request at the border of a core that is not Scrim's. From the core with the Route of a function: on to the server,
 * with a passage of Scrim's own. From the server: back to the core, with the Route that the core gave its request. From and to a client
 * under test: as a P-CSCF passes it.
 */
import type { IncomingRequest } from "../../../endpoint/incoming.ts";
import type { Hop } from "../../../net/network.ts";
import { prependHeader, withRequestUri, withoutHeader } from "../../../wire/sip/edit.ts";
import { assertedIdentities, cseqOf, fromOf, header, toOf, viaOf } from "../../../wire/sip/headers.ts";
import type { SipMessage, SipRequest } from "../../../wire/sip/message.ts";
import { sipUriOf } from "../../../wire/sip/parse-uri.ts";
import { annotationOf } from "../annotating.ts";
import type { ApplicationServer, UserProfile } from "../config.ts";
import type { Deviations } from "../deviations.ts";
import { createDialogRoutes } from "../dialog-routes.ts";
import type { SessionCase } from "../filter-criteria.ts";
import { hopOf, sameAddressAndPort } from "../hops.ts";
import { createOnward, type Onward, type OnwardOptions } from "../onward.ts";
import { originOf, serverAt, type Origin } from "../origin.ts";
import { createPassages, type Passages } from "../passages.ts";
import type { RequestHandling } from "../request-handling.ts";
import { routeEntries, splitRoutes, withRoutes } from "../route-set.ts";
import type { ServiceIdentities } from "../service-identities.ts";
import { createSessionIdentities, type SessionIdentities } from "../session-identities.ts";
import type { Subscribers } from "../subscribers.ts";
import { withoutUser, type ThirdPartyRegisterResult } from "../third-party-register.ts";
import { fromUntrusted } from "../trust-boundary.ts";
import { clientHop, type AccessSide } from "./access-side.ts";

export interface IscHandlingOptions extends Omit<OnwardOptions, "passages" | "dialogs"> {
  readonly config: { readonly servers: readonly ApplicationServer[] };
  /** Where the core takes what clients send. */
  readonly external: Hop;
  /** Where it takes what servers start by themselves. */
  readonly serverSide: Hop;
  readonly access: AccessSide;
  readonly subscribers: Subscribers;
  readonly services: ServiceIdentities;
  readonly deviations: Deviations;
  readonly serverNamed: (name: string) => ApplicationServer | undefined;
  readonly onThirdPartyRegister: (result: ThirdPartyRegisterResult) => void;
}

/** User parts of the URIs by which the core's filter criteria and service identities name Scrim as the application server. */
type IscEntry = SessionCase | "psi";

function iscEntry(user: string | undefined): IscEntry | undefined {
  return user === "originating" || user === "terminating" || user === "psi" ? user : undefined;
}

const FROM_CORE: Origin = { kind: "core" };

export function createIscHandling(options: IscHandlingOptions): RequestHandling {
  const { ids, ownUris, access } = options;
  const passages = createPassages(ids);
  const dialogs = createDialogRoutes(ids);
  const onward = createOnward({ ...options, passages, dialogs });
  const sessions = sessionsOf(options);
  const ways = waysOf({ ...options, sessions }, onward);
  const originOfRequest = originsFor(options, passages);

  /** A server tells the identity of a session in the INVITE that it sends, and in the answer to one. */
  function learnSession(message: SipMessage, remote: Hop): void {
    if (cseqOf(message)?.method !== "INVITE") return;
    const origin = message.kind === "request" ? originOfRequest(message, remote) : undefined;
    const server = origin?.kind === "server" ? origin.server : serverAt(remote, options.config.servers);
    if (server !== undefined) sessions.learn(message, server.name);
  }

  function handleInitial(incoming: IncomingRequest): void {
    const { message, source } = incoming;
    if (message.method === "OPTIONS" && isBorder(message.uri)) return onward.answer(incoming, 200);
    const { own, rest } = splitRoutes(message, ownUris);
    const request = withRoutes(
      message,
      rest.map(({ value }) => value),
    );
    const origin = originOfRequest(message, source);
    if (origin.kind === "server") return ways.toCore(incoming, request, origin);
    const [entry] = own.flatMap(({ user }) => iscEntry(user) ?? []);
    if (entry !== undefined) return ways.toServer(incoming, request, entry);
    const [client] = own.flatMap(({ user }) => access.clientAt(user ?? "") ?? []);
    if (client !== undefined) return ways.toClient(incoming, request, client);
    return origin.kind === "core" ? onward.answer(incoming, 404) : ways.fromClient(incoming, request);
  }

  function handleWithin(incoming: IncomingRequest): void {
    const { message } = incoming;
    const { own, rest } = splitRoutes(message, ownUris);
    const sides = dialogs.sidesOf(message, own[0]?.user);
    if (sides === undefined) return onward.answer(incoming, 481);
    const routed = withRoutes(
      message,
      rest.map(({ value }) => value),
    );
    onward.within(incoming, sides[0].untrusted ? fromUntrusted(routed) : routed, ...sides);
  }

  const isBorder = (uri: string): boolean => ownUris.isOwn(uri) && sipUriOf(uri)?.user === undefined;

  return {
    handle(incoming) {
      const { message } = incoming;
      if (message.method === "REGISTER")
        return ownUris.isOwn(message.uri) ? ways.tellServer(incoming) : access.register(incoming);
      if (toOf(message)?.tag === undefined && message.method !== "ACK") handleInitial(incoming);
      else handleWithin(incoming);
    },
    annotate: (message, direction, remote) => {
      if (direction === "in") learnSession(message, remote);
      return annotationOf(message, direction, remote, { dialogs, originOf: originOfRequest });
    },
  };
}

/** The domain is for the core to know, which routes what is for sessions here by their pattern. */
function sessionsOf({ services, subscribers }: IscHandlingOptions): SessionIdentities {
  return createSessionIdentities(
    () => true,
    (uri) => services.find(uri) === undefined && subscribers.byIdentity(uri) === undefined,
  );
}

/** The core may be on the host of the server, so that it is looked at first. */
function originsFor(
  { config, external, serverSide }: IscHandlingOptions,
  passages: Passages,
): (request: SipRequest, source: Hop) => Origin {
  const facts = {
    servers: config.servers,
    passages,
    userOfServiceRoute: () => undefined,
    userOf: () => undefined,
    bindings: () => [],
  };
  return (request, source) => {
    const via = viaOf(request);
    const places = [source, ...(via === undefined ? [] : [{ host: via.host, port: via.port ?? 5060 }])];
    return places.some((place) => [external, serverSide].some((hop) => sameAddressAndPort(place, hop)))
      ? FROM_CORE
      : originOf(request, source, routeEntries(request), facts);
  };
}

interface Ways {
  /** From the core, by the entry that its criteria name. */
  toServer(incoming: IncomingRequest, request: SipRequest, entry: IscEntry): void;
  /** From the server, by the Route of the core that the passage was opened with. */
  toCore(incoming: IncomingRequest, request: SipRequest, origin: Origin): void;
  /** From the core to a client under test. */
  toClient(incoming: IncomingRequest, request: SipRequest, client: Hop): void;
  /** From a client under test: the identity that it prefers goes on, one that it asserts does not. */
  fromClient(incoming: IncomingRequest, request: SipRequest): void;
  /** Third-party REGISTER of the core, on to the server of the user. */
  tellServer(incoming: IncomingRequest): void;
}

interface WaysOptions extends IscHandlingOptions {
  readonly sessions: SessionIdentities;
}

function waysOf(options: WaysOptions, onward: Onward): Ways {
  const { endpoint, external, serverSide, access, subscribers, deviations, serverNamed } = options;
  const serverOf = (user: UserProfile | undefined): ApplicationServer | undefined =>
    user?.server === undefined ? undefined : serverNamed(user.server);

  return {
    toServer(incoming, request, entry) {
      const passing = { incoming, request, origin: FROM_CORE };
      if (entry === "psi") {
        const service = options.services.find(request.uri) ?? options.sessions.find(request.uri);
        const server = serverNamed(service?.server ?? "");
        if (server === undefined) return onward.answer(incoming, 404);
        const serverFunction = service?.serverFunction ?? "controlling";
        return onward.carryOut(passing, { to: "service", server, serverFunction });
      }
      const user = servedUser(request, entry, subscribers);
      const server = serverOf(user);
      if (user === undefined || server === undefined) return onward.answer(incoming, 404);
      const told = entry === "originating" ? deviated(request, user, deviations) : request;
      onward.carryOut({ ...passing, request: told }, { to: "server", server, sessionCase: entry, user });
    },
    toCore(incoming, request, origin) {
      const passage = origin.kind === "server" ? origin.passage : undefined;
      const back = passage === undefined ? [] : routeEntries(passage.request).map(({ value }) => value);
      const routed = passage === undefined ? request : withRoutes(request, back);
      const [next] = routeEntries(routed);
      const hop = (next === undefined ? undefined : hopOf(next.uri, serverSide)) ?? serverSide;
      onward.carryOut({ incoming, request: routed, origin }, { to: "hop", hop });
    },
    toClient(incoming, request, client) {
      const hop = clientHop(request, client);
      onward.carryOut({ incoming, request, origin: FROM_CORE }, { to: "hop", hop, untrusted: true });
    },
    fromClient(incoming, request) {
      const user = subscribers.byIdentity(fromOf(request)?.uri ?? "");
      const given = routeEntries(request).length > 0 || user === undefined ? [] : access.serviceRouteOf(user);
      const stripped = withoutNetworkHeaders(request);
      const routed = given.length === 0 ? stripped : withRoutes(stripped, given);
      onward.carryOut(
        { incoming, request: routed, origin: { kind: "stranger" } },
        { to: "hop", hop: external },
      );
    },
    tellServer(incoming) {
      const { message } = incoming;
      const user = subscribers.byIdentity(toOf(message)?.uri ?? "");
      const server = serverOf(user);
      const to = server === undefined ? undefined : hopOf(server.originating, server);
      if (user === undefined || server === undefined || to === undefined) return onward.answer(incoming, 404);
      const request = withRequestUri(withRoutes(message, []), withoutUser(server.originating));
      const expiresS = Number(header(message, "Expires") ?? 0);
      endpoint.forward(incoming, request, {
        to,
        annotation: { serverFunction: "registration" },
        onFinal: (response) => {
          options.onThirdPartyRegister({ user, server: server.name, request, expiresS, response });
          return response;
        },
      });
    },
  };
}

/** Originating criteria are indexed on the asserted identity, terminating ones on the Request-URI (TS Appendix C). */
function servedUser(
  request: SipRequest,
  sessionCase: SessionCase,
  subscribers: Subscribers,
): UserProfile | undefined {
  if (sessionCase === "terminating") return subscribers.byIdentity(request.uri);
  const named = [...assertedIdentities(request).map(({ uri }) => uri), fromOf(request)?.uri ?? ""];
  return named.map((uri) => subscribers.byIdentity(uri)).find((user) => user !== undefined);
}

/** What a scenario wants the server to be told of the sender in place of what the core asserts. */
function deviated(request: SipRequest, { identities }: UserProfile, deviations: Deviations): SipRequest {
  const deviation = deviations.find(identities);
  if (deviation?.assertedIdentity === undefined || deviation.assertedIdentity === "as-sent") return request;
  deviations.use(deviation);
  const stripped = withoutHeader(request, "P-Asserted-Identity");
  return deviation.assertedIdentity === "none"
    ? stripped
    : deviation.assertedIdentity.reduceRight(
        (asserted, value) => prependHeader(asserted, "P-Asserted-Identity", value),
        stripped,
      );
}

function withoutNetworkHeaders(request: SipRequest): SipRequest {
  return ["P-Asserted-Identity", "P-Charging-Vector", "P-Charging-Function-Addresses"].reduce(
    (stripped, name) => withoutHeader(stripped, name),
    request,
  );
}
