/**
 * The client's side of a core that is not Scrim's: what a P-CSCF does for a client under test (RFC 3327, RFC 3608), so that its own legs
 * are seen. REGISTER goes on with a Path, so that what the core has for the client comes back this way.
 */
import type { IncomingRequest } from "../../../endpoint/incoming.ts";
import type { SipEndpoint } from "../../../endpoint/sip-endpoint.ts";
import type { Clock } from "../../../net/clock.ts";
import type { Ids } from "../../../net/ids.ts";
import type { Hop } from "../../../net/network.ts";
import { sipResponse } from "../../../wire/sip/build.ts";
import { appendHeader, prependHeader } from "../../../wire/sip/edit.ts";
import { contactsOf, expiresOf, headerValues, toOf } from "../../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../../wire/sip/message.ts";
import { sameUri } from "../../../wire/sip/uri.ts";
import type { UserProfile } from "../config.ts";
import { hopOf, type OwnUris } from "../hops.ts";
import { withRoutes } from "../route-set.ts";
import type { Subscribers } from "../subscribers.ts";

export interface AccessSideOptions {
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ownUris: OwnUris;
  readonly subscribers: Subscribers;
  readonly external: Hop;
}

export interface AccessSide {
  /** Sends a client's REGISTER on to the core, and notes what comes of it. */
  register(incoming: IncomingRequest): void;
  /** Where the client is whose Path entry has this user part. */
  clientAt(pathUser: string): Hop | undefined;
  /** Service-Route of the client's registration, for one that does not keep to it. */
  serviceRouteOf(user: UserProfile): readonly string[];
  isRegistered(user: UserProfile): boolean;
  forget(user: UserProfile): void;
}

const PREFIX = "access-";

interface Access {
  readonly impi: string;
  readonly pathUser: string;
  source: Hop;
  serviceRoute: readonly string[];
  /** Milliseconds since the epoch; 0: not registered. */
  until: number;
}

export function createAccessSide(options: AccessSideOptions): AccessSide {
  const { endpoint, clock, ids, ownUris, subscribers, external } = options;
  const byImpi = new Map<string, Access>();
  const byPath = new Map<string, Access>();

  function accessOf({ impi }: UserProfile, source: Hop): Access {
    const known = byImpi.get(impi);
    if (known !== undefined) return known;
    const access = { impi, pathUser: `${PREFIX}${ids.token(13)}`, source, serviceRoute: [], until: 0 };
    byImpi.set(impi, access);
    byPath.set(access.pathUser, access);
    return access;
  }

  function note(access: Access, request: SipRequest, response: SipResponse, source: Hop): void {
    if (response.status >= 300) return;
    const lifetimeS = grantedS(request, response);
    access.source = source;
    access.until = lifetimeS === 0 ? 0 : clock.now() + lifetimeS * 1000;
    access.serviceRoute = headerValues(response, "Service-Route");
  }

  return {
    register(incoming) {
      const { message, source } = incoming;
      const user = subscribers.byIdentity(toOf(message)?.uri ?? "");
      if (user === undefined)
        return incoming.respond(sipResponse(message, 404, undefined, { toTag: ids.token(13) }));
      const access = accessOf(user, source);
      const path = ownUris.route(access.pathUser, source.transport);
      const onward = prependHeader(appendHeader(withRoutes(message, []), "Require", "path"), "Path", path);
      endpoint.forward(incoming, onward, {
        to: external,
        onFinal: (response) => {
          note(access, message, response, source);
          return response;
        },
      });
    },
    clientAt: (pathUser) => byPath.get(pathUser)?.source,
    serviceRouteOf: ({ impi }) => byImpi.get(impi)?.serviceRoute ?? [],
    isRegistered: ({ impi }) => (byImpi.get(impi)?.until ?? 0) > clock.now(),
    forget({ impi }) {
      const access = byImpi.get(impi);
      if (access === undefined) return;
      byImpi.delete(impi);
      byPath.delete(access.pathUser);
    },
  };
}

/** Seconds for which the contacts of the request are registered, by the answer; 0: none of them is. */
function grantedS(request: SipRequest, response: SipResponse): number {
  const asked = contactsOf(request);
  const granted = contactsOf(response)
    .filter(({ uri }) => asked.some((contact) => sameUri(contact.uri, uri)))
    .map(({ params }) => Number(params.get("expires") ?? expiresOf(response) ?? expiresOf(request) ?? 3600));
  return Math.max(0, ...granted.filter(Number.isFinite));
}

/** Where a client is that registered from a connection: at its Contact, which the core made the Request-URI; else where it came from. */
export function clientHop(request: SipRequest, source: Hop): Hop {
  return hopOf(request.uri, { transport: source.transport }) ?? source;
}
