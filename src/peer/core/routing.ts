/** Where the core sends an initial request: the decision alone, without doing it (3GPP TS 24.229 5.4.3 in short, TS Appendix C). */
import type { Hop } from "../../net/network.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { asksFor } from "../../wire/sip/request-disposition.ts";
import { domainOf } from "./address-key.ts";
import { preferredTargets } from "./caller-preferences.ts";
import type { ApplicationServer, PsiRoute, ServerFunction, UserProfile } from "./config.ts";
import { eventPackageOf, filterMatches, type FilterCriterion, type SessionCase } from "./filter-criteria.ts";
import { hopOf } from "./hops.ts";
import type { Origin } from "./origin.ts";
import type { Binding } from "./registrar.ts";

export type Decision =
  | {
      readonly to: "answer";
      readonly status: number;
      readonly reason?: string;
      readonly allowEvents?: boolean;
    }
  /** A publication that nobody reads is accepted. */
  | { readonly to: "tolerate" }
  /** By the criteria of the user, to the server that serves it. */
  | {
      readonly to: "server";
      readonly server: ApplicationServer;
      readonly sessionCase: SessionCase;
      readonly user: UserProfile;
    }
  | { readonly to: "service"; readonly server: ApplicationServer; readonly serverFunction: ServerFunction }
  | {
      readonly to: "bindings";
      readonly user: UserProfile;
      readonly bindings: readonly Binding[];
      /** Request-Disposition (RFC 3841 9.1): the first one only; one after the other. */
      readonly noFork: boolean;
      readonly sequential: boolean;
    }
  | { readonly to: "registration-event"; readonly user: UserProfile }
  /** `untrusted`: a client is there. */
  | { readonly to: "hop"; readonly hop: Hop; readonly untrusted?: boolean };

export interface RoutingFacts {
  readonly criteria: readonly FilterCriterion[];
  readonly toleratedEvents: ReadonlySet<string>;
  isOwnDomain(domain: string): boolean;
  /** Whether the URI is the core itself, without a user. */
  isCore(uri: string): boolean;
  serverNamed(name: string): ApplicationServer | undefined;
  userOf(uri: string): UserProfile | undefined;
  serviceOf(uri: string): PsiRoute | undefined;
  bindingsOf(impi: string): readonly Binding[];
  /** Whether a scenario wants all that the user sends to go by the server. */
  bypassesCriteria(user: UserProfile): boolean;
}

const answer = (status: number, reason?: string): Decision =>
  reason === undefined ? { to: "answer", status } : { to: "answer", status, reason };

/** What the core does of itself, for requests that are addressed to it. */
function forCoreItself(request: SipRequest): Decision {
  if (request.method === "OPTIONS") return answer(200);
  if (request.method === "NOTIFY") return answer(481);
  if (request.method === "SUBSCRIBE" || request.method === "PUBLISH")
    return { to: "answer", status: 489, allowEvents: true };
  return answer(404);
}

function servedBy(
  user: UserProfile,
  sessionCase: SessionCase,
  request: SipRequest,
  origin: Origin,
  facts: RoutingFacts,
) {
  const server = user.server === undefined ? undefined : facts.serverNamed(user.server);
  if (server === undefined) return undefined;
  const registered = facts.bindingsOf(user.impi).length > 0;
  const circumstances = { sessionCase, fromServer: origin.kind === "server", registered };
  const bypassed = sessionCase === "originating" && facts.bypassesCriteria(user);
  if (!bypassed && !filterMatches(facts.criteria, request, circumstances)) return undefined;
  return { to: "server", server, sessionCase, user } satisfies Decision;
}

/** A subscription or publication that no criterion took. */
function forEvent(request: SipRequest, user: UserProfile, facts: RoutingFacts): Decision | undefined {
  const event = eventPackageOf(request) ?? "";
  if (request.method === "SUBSCRIBE" && event === "reg") return { to: "registration-event", user };
  if (request.method === "PUBLISH" && facts.toleratedEvents.has(event)) return { to: "tolerate" };
  if (request.method === "SUBSCRIBE" || request.method === "PUBLISH")
    return { to: "answer", status: 489, allowEvents: true };
  return undefined;
}

function toBindings(request: SipRequest, user: UserProfile, facts: RoutingFacts): Decision {
  const targets = facts
    .bindingsOf(user.impi)
    .map((binding) => ({ binding, q: binding.contact.q ?? 1, features: binding.contact.features }));
  const bindings = preferredTargets(targets, request).map((target) => target.binding);
  if (bindings.length === 0) return answer(480);
  const sequential = asksFor(request, "sequential");
  return { to: "bindings", user, bindings, noFork: asksFor(request, "no-fork"), sequential };
}

function decideTerminating(request: SipRequest, origin: Origin, facts: RoutingFacts): Decision {
  const service = facts.serviceOf(request.uri);
  if (service !== undefined) {
    const server = facts.serverNamed(service.server);
    return server === undefined
      ? answer(404)
      : { to: "service", server, serverFunction: service.serverFunction ?? "controlling" };
  }
  const user = facts.userOf(request.uri);
  if (user === undefined) return decideUnknown(request, origin, facts);
  const passage = origin.kind === "server" ? origin.passage : undefined;
  const criteriaDone = passage?.sessionCase === "terminating" && passage.servedUser.impi === user.impi;
  const server = criteriaDone ? undefined : servedBy(user, "terminating", request, origin, facts);
  return server ?? forEvent(request, user, facts) ?? toBindings(request, user, facts);
}

/** Nobody's address: 404 in a domain of the core's; an address of a machine is reached as it is, by those who are trusted. */
function decideUnknown(request: SipRequest, origin: Origin, facts: RoutingFacts): Decision {
  const domain = domainOf(request.uri);
  if (domain === undefined || facts.isOwnDomain(domain)) return answer(404);
  const hop = origin.kind === "server" ? hopOf(request.uri) : undefined;
  return hop === undefined ? answer(404) : { to: "hop", hop };
}

/**
 * Originating treatment for a client's request, terminating treatment for what is left: requests that come back from the originating server,
 * and those that a server sends of its own accord.
 */
export function decide(request: SipRequest, origin: Origin, facts: RoutingFacts): Decision {
  if (facts.isCore(request.uri)) return forCoreItself(request);
  if (origin.kind === "client") {
    const server = servedBy(origin.user, "originating", request, origin, facts);
    if (server !== undefined) return server;
  }
  return decideTerminating(request, origin, facts);
}
