/** Who a request comes from: an application server, a registered client, or somebody unknown. Trust follows from it. */
import type { Address, Hop } from "../../net/network.ts";
import {
  assertedIdentities,
  callIdOf,
  fromOf,
  header,
  preferredIdentities,
  viaOf,
} from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";
import { sipUriOf } from "../../wire/sip/parse-uri.ts";
import { sameAddress } from "./address-key.ts";
import type { ApplicationServer, ServerFunction, UserProfile } from "./config.ts";
import { makesDialog } from "./dialog-routes.ts";
import { hopOf, sameAddressAndPort } from "./hops.ts";
import { tokenIn, type Passage, type Passages } from "./passages.ts";
import type { Binding } from "./registrar.ts";
import type { RouteEntry } from "./route-set.ts";
import { hasIdentity } from "./subscribers.ts";

export type Origin =
  | {
      readonly kind: "server";
      readonly server: ApplicationServer;
      /** The function that sends: that of the passage, else what the source address tells, else the controlling one. */
      readonly serverFunction: ServerFunction;
      readonly passage?: Passage;
    }
  | { readonly kind: "client"; readonly user: UserProfile }
  /** A core that is not Scrim's, where Scrim stands before one. */
  | { readonly kind: "core" }
  | { readonly kind: "stranger" };

export interface OriginFacts {
  readonly servers: readonly ApplicationServer[];
  readonly passages: Passages;
  /** The user of a Service-Route token. */
  userOfServiceRoute(routeUser: string): UserProfile | undefined;
  userOf(binding: Binding): UserProfile | undefined;
  bindings(): readonly Binding[];
}

/** Where the request comes from as far as it shows: the source, and what the sender says it listens on, for connections. */
function placesOf(request: SipRequest, source: Hop): readonly Address[] {
  const via = viaOf(request);
  return via === undefined ? [source] : [source, { host: via.host, port: via.port ?? 5060 }];
}

const FUNCTION_OF_PORT = [
  ["originating", "originating"],
  ["terminating", "terminating"],
  ["psi", "controlling"],
] as const;

/** Where a server's URI leads, and its host as it stands: a Via may name it where a source address does not. */
function addressesOf(server: ApplicationServer, uri: string): readonly Address[] {
  const hop = hopOf(uri, server);
  const literal = sipUriOf(uri);
  return [
    ...(hop === undefined ? [] : [hop]),
    ...(literal === undefined ? [] : [{ host: literal.host, port: literal.port ?? 5060 }]),
  ];
}

/** The functions of a server whose address is one of `places`. */
function functionsAt(server: ApplicationServer, places: readonly Address[]): readonly ServerFunction[] {
  return FUNCTION_OF_PORT.flatMap(([port, serverFunction]) => {
    const addresses = addressesOf(server, server[port]);
    return addresses.some((address) => places.some((place) => sameAddressAndPort(place, address)))
      ? [serverFunction]
      : [];
  });
}

/** The server whose address a response comes from. */
export function serverAt(
  source: Address,
  servers: readonly ApplicationServer[],
): ApplicationServer | undefined {
  return servers.find(
    (server) =>
      functionsAt(server, [source]).length > 0 ||
      (server.sources ?? []).some((address) => sameAddressAndPort(source, address)),
  );
}

/** A server that is alone on its host is known by it, from whatever port it sends. */
function isAloneAt(server: ApplicationServer, source: Address, facts: OriginFacts): boolean {
  const host = (uri: string, named?: string) => hopOf(uri, { host: named })?.host;
  if (host(server.originating, server.host) !== source.host) return false;
  const others = facts.servers
    .filter((other) => other !== server)
    .map((other) => host(other.originating, other.host));
  const clients = facts.bindings().map((binding) => binding.source.host);
  return !/^(?:127\.|::1$|localhost$)/.test(source.host) && ![...others, ...clients].includes(source.host);
}

function serverOrigin(request: SipRequest, source: Hop, facts: OriginFacts): Origin | undefined {
  const places = placesOf(request, source);
  for (const server of facts.servers) {
    const functions = functionsAt(server, places);
    const known = (server.sources ?? []).some((address) =>
      places.some((place) => sameAddressAndPort(place, address)),
    );
    if (functions.length === 0 && !known && !isAloneAt(server, source, facts)) continue;
    const passage = server.originalDialogToken
      ? undefined
      : passageWithoutToken(request, server, facts.passages);
    // Without the token of a server that keeps tokens it is a request of the server's own, whichever of its ports it comes from.
    const only = functions.length === 1 && !server.originalDialogToken ? functions[0] : undefined;
    const serverFunction = passage?.sessionCase ?? only ?? "controlling";
    return { kind: "server", server, serverFunction, ...(passage === undefined ? {} : { passage }) };
  }
  return undefined;
}

/**
 * The passage that a request continues whose server does not keep the token: the same dialog, or the same method and content (of what makes
 * dialogs, the method alone) for the same addressee from the same sender. What was for a Contact of the server's own goes on to whom that
 * stands for. Of two that were sent at the same time, the one that asks for the same. A passage is continued once, so that a message sent again
 * is not taken for its predecessor.
 */
function passageWithoutToken(
  request: SipRequest,
  server: ApplicationServer,
  passages: Passages,
): Passage | undefined {
  const transaction = `${callIdOf(request)} ${header(request, "CSeq")}`;
  const candidates = passages.through(server).filter(({ continuedBy = transaction, request: sent }) => {
    return continuedBy === transaction && isContinuation(request, sent, server);
  });
  const passage = candidates.find(({ request: sent }) => asksTheSame(request, sent)) ?? candidates[0];
  if (passage !== undefined) passage.continuedBy = transaction;
  return passage;
}

function isContinuation(request: SipRequest, sent: SipRequest, server: ApplicationServer): boolean {
  if (sent.method !== request.method) return false;
  const isSame = sameAddress(sent.uri, request.uri);
  if (!isSame && !isOfServer(sent.uri, server)) return false;
  if (isSame && callIdOf(sent) === callIdOf(request)) return true;
  const sender = (message: SipRequest) => assertedIdentities(message)[0]?.uri ?? fromOf(message)?.uri ?? "";
  const sameBody = request.body.length > 0 && Buffer.from(sent.body).equals(request.body);
  // A B2BUA in the path of the media writes the session description anew.
  return (sameBody || makesDialog(request.method)) && sameAddress(sender(sent), sender(request));
}

/** Whom a REFER is about, and what a SUBSCRIBE is for. */
function asksTheSame(request: SipRequest, sent: SipRequest): boolean {
  return ["Refer-To", "Event"].every((name) => header(request, name) === header(sent, name));
}

/** A Contact that the server has shown leads to one of its addresses. */
function isOfServer(uri: string, server: ApplicationServer): boolean {
  const parsed = sipUriOf(uri);
  if (parsed === undefined) return false;
  const place = { host: parsed.host, port: parsed.port ?? 5060 };
  return (
    functionsAt(server, [place]).length > 0 ||
    (server.sources ?? []).some((address) => sameAddressAndPort(place, address))
  );
}

/** The registered user at the other end; where several share an address, the one that the request names. */
function clientOrigin(request: SipRequest, source: Hop, facts: OriginFacts): Origin | undefined {
  const places = placesOf(request, source);
  const users = facts.bindings().flatMap((binding) => {
    const contact = hopOf(binding.contact.uri);
    const here = [binding.source, ...(contact === undefined ? [] : [contact])];
    const user = facts.userOf(binding);
    return user !== undefined && here.some((hop) => places.some((place) => sameAddressAndPort(place, hop)))
      ? [user]
      : [];
  });
  const named = [...preferredIdentities(request).map(({ uri }) => uri), fromOf(request)?.uri].filter(
    (uri) => uri !== undefined,
  );
  const user = users.find((user) => named.some((uri) => hasIdentity(user, uri)));
  if (user !== undefined) return { kind: "client", user };
  // Rather nobody than the wrong one: a client that names no identity of its own must be alone at its address.
  const [first, ...others] = users;
  const alone = first !== undefined && others.every(({ impi }) => impi === first.impi);
  return alone ? { kind: "client", user: first } : undefined;
}

/** `routes`: the core's own entries at the top of the request's Route. */
export function originOf(
  request: SipRequest,
  source: Hop,
  routes: readonly RouteEntry[],
  facts: OriginFacts,
): Origin {
  for (const route of routes) {
    const token = tokenIn(route.user);
    const passage = token === undefined ? undefined : facts.passages.byToken(token);
    if (passage !== undefined)
      return { kind: "server", server: passage.server, serverFunction: passage.sessionCase, passage };
  }
  // Before the address: a proxy that stands before clients may be where a server is, too.
  for (const route of routes) {
    const user = route.user === undefined ? undefined : facts.userOfServiceRoute(route.user);
    if (user !== undefined) return { kind: "client", user };
  }
  return serverOrigin(request, source, facts) ?? clientOrigin(request, source, facts) ?? { kind: "stranger" };
}
