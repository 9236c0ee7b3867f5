/** What the core does with each request that comes in, and what it knows of it at the tap. */
import type { Annotation } from "../../endpoint/crossing.ts";
import type { IncomingRequest } from "../../endpoint/incoming.ts";
import type { Hop } from "../../net/network.ts";
import { prependHeader } from "../../wire/sip/edit.ts";
import { cseqOf, toOf } from "../../wire/sip/headers.ts";
import type { SipMessage, SipRequest } from "../../wire/sip/message.ts";
import { sipUriOf } from "../../wire/sip/parse-uri.ts";
import { admit, type AdmissionFacts } from "./admission.ts";
import { annotationOf } from "./annotating.ts";
import type { ApplicationServer, CoreConfig } from "./config.ts";
import type { Deviations } from "./deviations.ts";
import { createDialogRoutes } from "./dialog-routes.ts";
import { imFilterCriteria } from "./filter-criteria.ts";
import { createOnward, type OnwardOptions } from "./onward.ts";
import { originOf, serverAt, type Origin, type OriginFacts } from "./origin.ts";
import { createPassages, type Passages } from "./passages.ts";
import type { RegistrationService } from "./registration-service.ts";
import { routeEntries, splitRoutes, withRoutes, type RouteEntry } from "./route-set.ts";
import { decide, type RoutingFacts } from "./routing.ts";
import type { ServiceIdentities } from "./service-identities.ts";
import { createSessionIdentities, type SessionIdentities } from "./session-identities.ts";
import type { Subscribers } from "./subscribers.ts";
import { fromUntrusted, missingPrivacy } from "./trust-boundary.ts";

export interface RequestHandlingOptions extends Omit<OnwardOptions, "passages" | "dialogs"> {
  readonly config: CoreConfig;
  readonly subscribers: Subscribers;
  readonly services: ServiceIdentities;
  readonly deviations: Deviations;
  readonly registration: RegistrationService;
  readonly serverNamed: (name: string) => ApplicationServer | undefined;
}

export interface RequestHandling {
  handle(incoming: IncomingRequest): void;
  annotate(message: SipMessage, direction: "in" | "out", remote: Hop): Annotation | undefined;
}

export function createRequestHandling(options: RequestHandlingOptions): RequestHandling {
  const { config, ids, ownUris, registration, subscribers, deviations } = options;
  const passages = createPassages(ids);
  const dialogs = createDialogRoutes(ids);
  const onward = createOnward({ ...options, passages, dialogs });
  const origins = originFacts(options, passages);
  const sessions = sessionIdentities(options);
  const routing = routingFacts(options, sessions);
  const admission: AdmissionFacts = {
    ids,
    host: ownUris.host,
    deviations,
    userOf: (uri) => subscribers.byIdentity(uri),
  };

  const originOfRequest = (request: SipRequest, source: Hop): Origin =>
    originOf(request, source, routeEntries(request), origins);

  /** A server tells the identity of a session in the INVITE that it sends, and in the answer to one. */
  function learnSession(message: SipMessage, remote: Hop): void {
    if (cseqOf(message)?.method !== "INVITE") return;
    const origin = message.kind === "request" ? originOfRequest(message, remote) : undefined;
    const server = origin?.kind === "server" ? origin.server : serverAt(remote, config.servers);
    if (server !== undefined) sessions.learn(message, server.name);
  }

  /** Outside any dialog. */
  function handleInitial(incoming: IncomingRequest): void {
    const { message, source } = incoming;
    const origin = originOfRequest(message, source);
    // Anybody may ask whether the core is there.
    if (message.method === "OPTIONS" && routing.isCore(message.uri)) return onward.answer(incoming, 200);
    if (origin.kind === "client" && missingPrivacy(message).length > 0)
      return onward.answer(incoming, 500, "Privacy Not Provided");
    const admitted = admit(withRoutes(message, []), origin, admission);
    if (admitted === undefined) return onward.answer(incoming, 403, "Not Registered");
    const decision = decide(admitted.request, admitted.origin, routing);
    if (decision.to !== "registration-event") return onward.carryOut({ incoming, ...admitted }, decision);
    const { origin: asker } = admitted;
    const mayKnow =
      asker.kind === "server" || (asker.kind === "client" && asker.user.impi === decision.user.impi);
    if (mayKnow) registration.handleSubscribe(incoming, decision.user);
    else onward.answer(incoming, 403);
  }

  /** Within a dialog: of the core's own subscriptions, or one that the core is on the path of. */
  function handleWithin(incoming: IncomingRequest): void {
    const { message } = incoming;
    const { own, rest } = splitRoutes(message, ownUris);
    const sides = dialogs.sidesOf(message, own[0]?.user);
    // Where nobody stayed on the path between two passages, the request leaves by the last of them.
    const leaves = dialogs.sidesOf(message, own.at(-1)?.user);
    if (sides !== undefined && leaves !== undefined) {
      const values = rest.map((route) => route.value);
      const routed = withRoutes(recorded(message, own), values);
      return onward.within(
        incoming,
        sides[0].untrusted ? fromUntrusted(routed) : routed,
        sides[0],
        leaves[1],
      );
    }
    if (message.method !== "SUBSCRIBE" || !ownUris.isOwn(message.uri)) return onward.answer(incoming, 481);
    registration.handleSubscribe(incoming, undefined);
  }

  return {
    handle(incoming) {
      const { message } = incoming;
      if (message.method === "REGISTER") registration.handleRegister(incoming);
      else if (toOf(message)?.tag === undefined && message.method !== "ACK") handleInitial(incoming);
      else handleWithin(incoming);
    },
    annotate: (message, direction, remote) => {
      if (direction === "in") learnSession(message, remote);
      return annotationOf(message, direction, remote, { dialogs, originOf: originOfRequest });
    },
  };
}

/** RFC 6665 4.3: a NOTIFY may come before the answer to what made the dialog, and then makes its route set. */
function recorded(message: SipRequest, path: readonly RouteEntry[]): SipRequest {
  if (message.method !== "NOTIFY") return message;
  return path.reduce((request, { value }) => prependHeader(request, "Record-Route", value), message);
}

function sessionIdentities({ config, services, subscribers }: RequestHandlingOptions): SessionIdentities {
  const domains = domainsOf(config);
  return createSessionIdentities(
    (domain) => domains.includes(domain),
    (uri) => services.find(uri) === undefined && subscribers.byIdentity(uri) === undefined,
  );
}

function domainsOf(config: CoreConfig): readonly string[] {
  return config.domains.map(({ domain }) => domain.toLowerCase());
}

function originFacts(
  { config, registration, subscribers }: RequestHandlingOptions,
  passages: Passages,
): OriginFacts {
  return {
    servers: config.servers,
    passages,
    userOfServiceRoute(part) {
      const user = subscribers.byPrivateIdentity(registration.serviceRoutes.impiOf(part) ?? "");
      // A route that outlives the registration opens nothing.
      return user !== undefined && registration.bindingsOf(user.impi).length > 0 ? user : undefined;
    },
    userOf: (binding) => subscribers.byPrivateIdentity(binding.impi),
    bindings: () => registration.allBindings(),
  };
}

function routingFacts(options: RequestHandlingOptions, sessions: SessionIdentities): RoutingFacts {
  const { config, ownUris, services, subscribers, registration, deviations, serverNamed } = options;
  const domains = domainsOf(config);
  return {
    criteria: config.criteria ?? imFilterCriteria,
    toleratedEvents: new Set((config.toleratedEvents ?? []).map((event) => event.toLowerCase())),
    isOwnDomain: (domain) => domains.includes(domain),
    isCore: (uri) => ownUris.isOwn(uri) && sipUriOf(uri)?.user === undefined,
    serverNamed,
    userOf: (uri) => subscribers.byIdentity(uri),
    serviceOf: (uri) => services.find(uri) ?? sessions.find(uri),
    bindingsOf: (impi) => registration.bindingsOf(impi),
    bypassesCriteria: ({ identities }) => deviations.find(identities)?.toServer === true,
  };
}
