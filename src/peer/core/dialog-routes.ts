/**
 * What the core remembers of a dialog that it put itself into by Record-Route: which side is which, so that later requests cross the trust
 * boundary and are annotated as the first one was. The user part of the Record-Route names the entry.
 */
import type { Annotation } from "../../endpoint/crossing.ts";
import type { Ids } from "../../net/ids.ts";
import type { Hop } from "../../net/network.ts";
import type { ChargingVector } from "../../wire/sip/charging-vector.ts";
import { fromOf } from "../../wire/sip/headers.ts";
import type { SipRequest } from "../../wire/sip/message.ts";

export interface DialogSide {
  /** A client, which is not trusted; else an application server or another core. */
  readonly untrusted: boolean;
  readonly annotation?: Annotation;
  /** Where to send what has an address that nobody here can resolve. */
  readonly hop: Hop;
  /** The charging vector of the dialog, or of the transaction outside a dialog (RFC 7315 4.6). */
  readonly charging?: ChargingVector;
}

export interface DialogRoute {
  readonly user: string;
  readonly fromTag: string;
  readonly upstream: DialogSide;
  readonly downstream: DialogSide;
}

export interface DialogRoutes {
  add(request: SipRequest, upstream: DialogSide, downstream: DialogSide): DialogRoute;
  /** The sides of a later request in the order of its way: where it comes from, where it goes. */
  sidesOf(request: SipRequest, routeUser: string | undefined): readonly [DialogSide, DialogSide] | undefined;
}

const PREFIX = "rr-";
/** Enough for any run; the oldest go first. */
const KEPT = 100_000;

export function createDialogRoutes(ids: Ids): DialogRoutes {
  const routes = new Map<string, DialogRoute>();
  return {
    add(request, upstream, downstream) {
      const user = `${PREFIX}${ids.token(13)}`;
      const { charging } = upstream;
      const shared = charging === undefined ? downstream : { ...downstream, charging };
      const route = { user, fromTag: fromOf(request)?.tag ?? "", upstream, downstream: shared };
      routes.set(user, route);
      const oldest = routes.keys().next();
      if (routes.size > KEPT && oldest.done !== true) routes.delete(oldest.value);
      return route;
    },
    sidesOf(request, routeUser) {
      const route = routeUser === undefined ? undefined : routes.get(routeUser);
      if (route === undefined) return undefined;
      const fromCaller = fromOf(request)?.tag === route.fromTag;
      return fromCaller ? [route.upstream, route.downstream] : [route.downstream, route.upstream];
    },
  };
}

/** RFC 3261 16.6 step 4, RFC 6665 4.4.1, RFC 3515 2.4.4 */
export function makesDialog(method: string): boolean {
  return method === "INVITE" || method === "SUBSCRIBE" || method === "REFER";
}
